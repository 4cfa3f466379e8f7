"""The made-up body has the angles it was asked for, and a mirror only exchanges its sides."""

from __future__ import annotations

import numpy as np
import pytest

from topform.core.arrays import FloatArray
from topform.kinematics.angles import joint_angle_deg
from topform.kinematics.observation import FrameObserver
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.ml.synthesis.body import Bodies, PushUpPose, at, elbow_between, push_up_joints, sample_bodies
from topform.ml.synthesis.camera import Cameras, mirrored_cameras, project

COUNT, FRAMES = 6, 9


def bodies() -> Bodies:
    return sample_bodies(np.random.default_rng(1), COUNT)


def pose(**angles: FloatArray | float) -> PushUpPose:
    """Return a push-up whose elbows bend from 170 to 70 degrees, straight but for what is asked."""
    through = np.broadcast_to(np.linspace(170.0, 70.0, FRAMES), (COUNT, FRAMES))
    shape, each = (COUNT, FRAMES), (COUNT,)
    values: dict[str, FloatArray] = {
        "elbow_deg": through,
        "roll_m": np.zeros(shape),
        "line_deg": np.zeros(shape),
        "knee_bend_deg": np.zeros(shape),
        "neck_deg": np.zeros(shape),
        "face_deg": np.full(shape, 90.0),
        "swivel_deg": np.full(shape, 30.0),
        "lean_deg": np.zeros(each),
        "hand_half_m": bodies().shoulder_half * 1.2,
        "hand_height_m": np.zeros(each),
        "top_elbow_deg": np.full(each, 170.0),
        "top_line_deg": np.zeros(each),
        "on_knees": np.zeros(each),
        "on_forearms": np.zeros(each),
    }
    for name, value in angles.items():
        values[name] = np.broadcast_to(np.asarray(value, dtype=np.float64), values[name].shape).copy()
    return PushUpPose(**values)


def side_camera(**changes: float) -> Cameras:
    one = np.ones(COUNT)
    values = {"yaw_deg": 0.0, "from_left": 1.0, "height_m": 0.4, "distance_m": 3.0, "roll_deg": 0.0, "distortion": 0.0}
    values |= changes
    return Cameras(**{name: one * value for name, value in values.items()}, aim_m=np.zeros((COUNT, 3)))


def angle(joints: FloatArray, *names: str) -> FloatArray:
    return joint_angle_deg(*(at(joints, name) for name in names))


def test_elbow_by_two_links_against_the_published_example() -> None:
    """Shoulder (0, 0.40), wrist (0.05, 0), links 0.30 and 0.27: elbow (0.22701, 0.20388), 89.859 degrees."""
    shoulder, wrist = np.array([0.0, 0.40, 0.0]), np.array([0.05, 0.0, 0.0])
    elbow = elbow_between(
        shoulder,
        wrist,
        upper_arm=np.array(0.30),
        forearm=np.array(0.27),
        towards=np.array([1.0, 0.0, 0.0]),
        outwards=1.0,
        swivel_deg=np.array(0.0),
    )
    assert elbow == pytest.approx([0.22701, 0.20388, 0.0], abs=5e-6)
    assert float(joint_angle_deg(shoulder, elbow, wrist)) == pytest.approx(89.859, abs=5e-4)


@pytest.mark.parametrize("line_deg", [-25.0, -8.0, 0.0, 12.0, 30.0])
@pytest.mark.parametrize("knee_bend_deg", [0.0, 20.0])
def test_angles_are_those_asked_for(line_deg: float, knee_bend_deg: float) -> None:
    wanted = pose(line_deg=line_deg, top_line_deg=line_deg, knee_bend_deg=knee_bend_deg)
    joints = push_up_joints(bodies(), wanted)
    for side in ("left", "right"):
        elbow = angle(joints, f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist")
        assert elbow == pytest.approx(wanted.elbow_deg, abs=1e-6)
        knee = angle(joints, f"{side}_hip", f"{side}_knee", f"{side}_ankle")
        assert knee == pytest.approx(np.full_like(knee, 180.0 - knee_bend_deg), abs=1e-4)
    in_plane = [at(joints, f"left_{name}")[..., :2] for name in ("shoulder", "hip", "ankle")]
    assert 180.0 - joint_angle_deg(*in_plane) == pytest.approx(np.full((COUNT, FRAMES), abs(line_deg)), abs=1e-4)


def test_hands_and_feet_rest_and_segments_keep_their_length() -> None:
    size = bodies()
    joints = push_up_joints(size, pose(line_deg=np.linspace(-20.0, 5.0, FRAMES)))
    for name in ("left_wrist", "right_wrist", "left_ankle", "right_ankle"):
        assert np.ptp(at(joints, name), axis=1) == pytest.approx(0.0, abs=1e-9)
    for first, second, length in (
        ("left_shoulder", "left_elbow", size.upper_arm),
        ("right_elbow", "right_wrist", size.forearm),
        ("left_hip", "left_knee", size.thigh),
        ("right_knee", "right_ankle", size.shank),
    ):
        apart = np.linalg.norm(at(joints, first) - at(joints, second), axis=-1)
        assert apart == pytest.approx(np.broadcast_to(length[:, None], apart.shape), rel=1e-6)


def test_asymmetry_bends_one_elbow_more() -> None:
    joints = push_up_joints(bodies(), pose(roll_m=0.03))
    left = angle(joints, "left_shoulder", "left_elbow", "left_wrist")
    right = angle(joints, "right_shoulder", "right_elbow", "right_wrist")
    assert (left > right + 3.0).all()


def test_a_mirrored_symmetric_body_is_itself_with_its_sides_exchanged() -> None:
    joints = push_up_joints(bodies(), pose(line_deg=-10.0, top_line_deg=-10.0))
    mirrored = joints * np.array([1.0, 1.0, -1.0])
    assert mirrored[:, :, BLAZEPOSE33.mirrored()] == pytest.approx(joints, abs=1e-12)


def test_the_camera_on_the_other_side_sees_the_mirrored_picture() -> None:
    joints = push_up_joints(bodies(), pose())
    camera = side_camera(yaw_deg=25.0, roll_deg=3.0, distortion=-0.05)
    picture, depth, _ = project(joints, camera)
    other, other_depth, _ = project(joints, mirrored_cameras(camera))
    swapped = BLAZEPOSE33.mirrored()
    assert other[:, :, swapped] * np.array([-1.0, 1.0]) == pytest.approx(picture, abs=1e-9)
    assert other_depth[:, :, swapped] == pytest.approx(depth, abs=1e-9)


@pytest.mark.parametrize("line_deg", [-20.0, 0.0, 20.0])
def test_the_rules_measure_the_made_up_line_from_the_side(line_deg: float) -> None:
    """An independent reader of the picture finds the sign and, but for perspective, the size of the bend."""
    joints = push_up_joints(bodies(), pose(line_deg=line_deg, top_line_deg=line_deg))
    picture, _, _ = project(joints, side_camera())
    observer = FrameObserver(BLAZEPOSE33)
    for frame in (0, FRAMES - 1):
        seen = observer.observe(t_s=0.0, xy_px=picture[2, frame] * 1000.0, score=np.ones(33))
        assert seen.body_line_deg == pytest.approx(line_deg, abs=2.0)


def test_head_camera_sees_the_head_first() -> None:
    joints = push_up_joints(bodies(), pose())
    _, depth, _ = project(joints, side_camera(yaw_deg=90.0))
    assert (depth[..., BLAZEPOSE33.index("nose")] < depth[..., BLAZEPOSE33.index("left_ankle")]).all()
