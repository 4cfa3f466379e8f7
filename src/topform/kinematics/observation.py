"""What one frame shows of a body: a handful of plain numbers.

Everything later (phase, count, faults) is computed from these, so the live camera and a file see the same.
Plain floats and no arrays: a frame costs some tens of microseconds and the code ports line by line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from topform.core.arrays import FloatArray
from topform.kinematics.body import Body, angle_deg, body_of
from topform.kinematics.learned_form import LearnedForm
from topform.kinematics.skeleton import SIDES, Side, Skeleton

NAN: Final = math.nan

# Shoulder to wrist with a straight arm, and shoulder to hip, of an adult of mean stature (Drillis and Contini,
# 1966: upper arm 0.186 and forearm 0.146 of 1.70 m; trunk 0.288). Only a ruler for the picture: ratios cancel it.
ARM_M: Final = 0.56
TRUNK_M: Final = 0.49
SHOULDERS_M: Final = 0.44
WIDTH_OF_STATURE: Final = 0.259
TRUNK_OF_STATURE: Final = 0.288

MIN_UPPER_ARM_M: Final = 0.27
"""An upper arm that looks shorter points towards the camera or away from it; its slope is then that of its rise."""

KNEELING_BELOW_DEG: Final = 130.0
FLAT_YAW_DEG: Final = 50.0
"""Without world coordinates, a trunk that points at the camera beyond this shows no angle at the hips."""

Point = tuple[float, ...]
Points = dict[tuple[Side, str], Point]

_TRUNK: Final = tuple((side, name) for side in SIDES for name in ("shoulder", "elbow", "wrist", "hip"))


@dataclass(frozen=True, slots=True)
class ArmObservation:
    """One arm in one frame.

    Parameters
    ----------
    elbow_deg : float
        Interior angle in the picture. [deg]
    elbow_world_deg : float
        Interior angle from world coordinates. [deg]
    upper_arm_deg : float
        Height of the shoulder over the elbow as an inclination of the upper arm in the picture; 0 = level,
        negative = elbow above the shoulder. [deg]
    flare_deg : float
        Angle between upper arm and trunk from world coordinates. [deg]
    visibility : float
        Least score of shoulder, elbow and wrist, 0..1.
    """

    elbow_deg: float
    elbow_world_deg: float
    upper_arm_deg: float
    flare_deg: float
    visibility: float


@dataclass(frozen=True, slots=True)
class FrameObservation:
    """A body in one frame; NaN = not observed.

    Parameters
    ----------
    t_s : float
        Time since the first frame. [s]
    is_observed : bool
        Whether shoulders, wrists and hips were seen at all.
    shoulder_y_px, wrist_y_px, hip_y_px : float
        Mean of both sides, y down. [px]
    px_per_m : float
        Scale of the picture at the body. [px/m]
    trunk_inclination_deg : float
        Shoulders over hips, from world coordinates where there are any. [deg]
    hip_angle_deg : float
        Interior angle shoulder-hip-knee, the straighter of both sides; NaN where the picture cannot show it. [deg]
    arm_trunk_deg : float
        Angle between shoulder-to-wrist and shoulder-to-hip; NaN where the picture cannot show it. [deg]
    yaw_deg : float
        0 = side view, +90 = head towards the camera, -90 = feet towards the camera. [deg]
    hand_direction : float
        Downward part of the unit vector from shoulders to wrists, -1..1; 1 = hands straight below.
    hand_depth : float
        Part of that vector along the line of sight, -1..1; beyond 0.8 the camera looks along the arms.
    left, right : ArmObservation
        The arms.
    body_line_deg : float
        Signed bend at the hip, + pike, - sag, of the side that is seen better. [deg]
    neck_deg : float
        Angle of the line from shoulder to ear against the trunk, positive when the ear is on the ground side. [deg]
    on_knees : bool
        Whether the knees are the support.
    leg_visibility : float
        Least score of hip, knee and ankle of the better side.
    learned : LearnedForm or None
        What the learned form model says after this frame, where there is one.
    body : Body or None
        Legs, arms and head, for the exercises other than the push-up; None where no body was seen.
    """

    t_s: float
    is_observed: bool
    shoulder_y_px: float
    wrist_y_px: float
    hip_y_px: float
    px_per_m: float
    trunk_inclination_deg: float
    hip_angle_deg: float
    arm_trunk_deg: float
    yaw_deg: float
    hand_direction: float
    hand_depth: float
    left: ArmObservation
    right: ArmObservation
    body_line_deg: float
    neck_deg: float
    on_knees: bool
    leg_visibility: float
    learned: LearnedForm | None = None
    body: Body | None = None

    @property
    def elbow_deg(self) -> float:
        """Mean elbow angle of both arms in the picture. [deg]"""
        return mean_of(self.left.elbow_deg, self.right.elbow_deg)

    @property
    def elbow_world_deg(self) -> float:
        """Mean elbow angle of both arms from world coordinates. [deg]"""
        return mean_of(self.left.elbow_world_deg, self.right.elbow_world_deg)

    @property
    def near_arm(self) -> ArmObservation:
        """The arm that is seen better."""
        return self.left if self.left.visibility >= self.right.visibility else self.right


def mean_of(first: float, second: float) -> float:
    """Return the mean of what is observed."""
    if math.isnan(first):
        return second
    return first if math.isnan(second) else (first + second) / 2.0


class FrameObserver:
    """Turns keypoint arrays of one skeleton into observations.

    Parameters
    ----------
    skeleton : Skeleton
        Must name shoulders, elbows, wrists, hips, knees, ankles, heels, toes, ears, nose and mouth.
    """

    def __init__(self, skeleton: Skeleton) -> None:
        names = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "ear", "heel", "foot_index")
        self._at = {(side, name): skeleton.index(f"{side}_{name}") for side in SIDES for name in names}
        self._head_at = {name: skeleton.index(name) for name in ("nose", "mouth_left", "mouth_right")}

    def observe(
        self,
        *,
        t_s: float,
        xy_px: FloatArray,
        score: FloatArray,
        world_m: FloatArray | None = None,
        learned: LearnedForm | None = None,
    ) -> FrameObservation:
        """Return what one frame shows.

        Parameters
        ----------
        t_s : float
            Time of the frame. [s]
        xy_px : ndarray of float64, shape (K, 2)
            Picture positions, y down, NaN = not observed. [px]
        score : ndarray of float64, shape (K,)
            Certainty of each keypoint, 0..1.
        world_m : ndarray of float64, shape (K, 3), optional
            World coordinates of the same frame. [m]
        learned : LearnedForm, optional
            What the learned model said after the same frame.
        """
        points = _points(xy_px)
        picture = {key: points[i] for key, i in self._at.items()}
        shoulder, wrist, hip = (_middle(picture, name) for name in ("shoulder", "wrist", "hip"))
        if not all(map(math.isfinite, (*shoulder, *wrist, *hip))):
            return _unobserved(t_s)
        certainties = score.tolist()
        scores = {key: certainties[i] for key, i in self._at.items()}
        space = picture
        has_world = world_m is not None and math.isfinite(world_m[self._at[SIDES[0], "hip"], 0])
        if has_world:
            assert world_m is not None
            places = _points(world_m)
            space = {key: places[i] for key, i in self._at.items()}
        side = max(SIDES, key=lambda s: min(scores[s, "shoulder"], scores[s, "hip"], scores[s, "ankle"]))
        shoulder_space, wrist_space, hip_space = (_middle(space, name) for name in ("shoulder", "wrist", "hip"))
        trunk, reach = _step(hip_space, shoulder_space), _step(shoulder_space, wrist_space)
        reach_length = _length(reach)
        on_knees = _on_knees(picture, side)
        scale = _px_per_m(picture, space if has_world else None)
        yaw_deg = _yaw(trunk) if has_world else _yaw_from_width(picture)
        is_flat = not has_world and yaw_deg > FLAT_YAW_DEG
        return FrameObservation(
            t_s=t_s,
            is_observed=True,
            shoulder_y_px=shoulder[1],
            wrist_y_px=wrist[1],
            hip_y_px=hip[1],
            px_per_m=scale,
            trunk_inclination_deg=_inclination(trunk, length=0.0 if has_world else TRUNK_M * scale),
            hip_angle_deg=NAN
            if is_flat
            else max(angle_deg(space[s, "shoulder"], space[s, "hip"], space[s, "knee"]) for s in SIDES),
            arm_trunk_deg=NAN if is_flat else angle_deg(wrist_space, shoulder_space, hip_space),
            yaw_deg=yaw_deg,
            hand_direction=reach[1] / reach_length if reach_length > 0.0 else NAN,
            hand_depth=reach[2] / reach_length if has_world and reach_length > 0.0 else 0.0,
            left=_arm(Side.LEFT, picture, space if has_world else None, scores, scale),
            right=_arm(Side.RIGHT, picture, space if has_world else None, scores, scale),
            body_line_deg=_body_line(picture, side, to="knee" if on_knees else "ankle"),
            neck_deg=_neck(picture, side),
            on_knees=on_knees,
            leg_visibility=min(scores[side, "hip"], scores[side, "knee"], scores[side, "ankle"]),
            learned=learned,
            body=body_of(
                picture,
                space if has_world else None,
                scores,
                {name: points[i] for name, i in self._head_at.items()},
                scale,
            ),
        )


def _unobserved(t_s: float) -> FrameObservation:
    arm = ArmObservation(NAN, NAN, NAN, NAN, 0.0)
    numbers = (NAN,) * 10
    return FrameObservation(t_s, False, *numbers, arm, arm, NAN, NAN, False, 0.0)


def _points(rows: FloatArray) -> list[Point]:
    return [tuple(row) for row in rows.tolist()]


def _middle(points: Points, name: str) -> Point:
    return tuple(map(mean_of, points[Side.LEFT, name], points[Side.RIGHT, name]))


def _step(start: Point, end: Point) -> Point:
    if len(start) == 2:
        return end[0] - start[0], end[1] - start[1]
    return end[0] - start[0], end[1] - start[1], end[2] - start[2]


def _length(step: Point) -> float:
    if len(step) == 2:
        return math.sqrt(step[0] * step[0] + step[1] * step[1])
    return math.sqrt(step[0] * step[0] + step[1] * step[1] + step[2] * step[2])


def _inclination(step: Point, *, length: float = 0.0) -> float:
    length = max(length, _length(step))
    return math.degrees(math.asin(max(-1.0, min(1.0, -step[1] / length)))) if length > 0.0 else NAN


def _yaw(trunk: Point) -> float:
    return math.degrees(math.atan2(-trunk[2], abs(trunk[0])))


def _yaw_from_width(picture: Points) -> float:
    # Shoulders are 0.259 of stature wide, the trunk 0.288 long (Drillis and Contini, 1966).
    width = _length(_step(picture[Side.LEFT, "shoulder"], picture[Side.RIGHT, "shoulder"]))
    trunk = _length(_step(_middle(picture, "hip"), _middle(picture, "shoulder")))
    if not trunk > 0.0:
        return NAN
    return math.degrees(math.atan2(width / WIDTH_OF_STATURE, trunk / TRUNK_OF_STATURE))


def _px_per_m(picture: Points, world: Points | None) -> float:
    if world is None:
        arms = [
            _length(_step(picture[s, "shoulder"], picture[s, "elbow"]))
            + _length(_step(picture[s, "elbow"], picture[s, "wrist"]))
            for s in SIDES
        ]
        trunk = _length(_step(_middle(picture, "hip"), _middle(picture, "shoulder")))
        width = _length(_step(picture[Side.LEFT, "shoulder"], picture[Side.RIGHT, "shoulder"]))
        sizes = [*(arm / ARM_M for arm in arms), trunk / TRUNK_M, width / SHOULDERS_M]
        return max((size for size in sizes if math.isfinite(size)), default=NAN)
    return math.sqrt(_spread([picture[key] for key in _TRUNK]) / max(_spread([world[key] for key in _TRUNK]), 1e-12))


def _spread(points: list[Point]) -> float:
    """Return the sum of squared distances from the middle in the picture's plane."""
    mean_x, mean_y = (sum([point[axis] for point in points]) / len(points) for axis in (0, 1))
    return sum([off**2 for point in points for off in (point[0] - mean_x, point[1] - mean_y)])


def _arm(
    side: Side,
    picture: Points,
    world: Points | None,
    scores: dict[tuple[Side, str], float],
    px_per_m: float,
) -> ArmObservation:
    shoulder, elbow, wrist = (side, "shoulder"), (side, "elbow"), (side, "wrist")
    upper = _step(picture[elbow], picture[shoulder])
    return ArmObservation(
        elbow_deg=angle_deg(picture[shoulder], picture[elbow], picture[wrist]),
        elbow_world_deg=NAN if world is None else angle_deg(world[shoulder], world[elbow], world[wrist]),
        upper_arm_deg=_inclination(upper, length=MIN_UPPER_ARM_M * px_per_m),
        flare_deg=NAN if world is None else angle_deg(world[elbow], world[shoulder], world[side, "hip"]),
        visibility=min(scores[shoulder], scores[elbow], scores[wrist]),
    )


def _on_knees(picture: Points, side: Side) -> bool:
    knee = angle_deg(picture[side, "hip"], picture[side, "knee"], picture[side, "ankle"])
    return knee < KNEELING_BELOW_DEG and picture[side, "knee"][1] >= picture[side, "ankle"][1]


def _body_line(picture: Points, side: Side, *, to: str) -> float:
    shoulder, hip, end = picture[side, "shoulder"], picture[side, "hip"], picture[side, to]
    along, to_hip = _step(shoulder, end), _step(shoulder, hip)
    offset = along[0] * to_hip[1] - along[1] * to_hip[0]
    above = -math.copysign(1.0, offset) * math.copysign(1.0, along[0])
    return above * (180.0 - angle_deg(shoulder, hip, end))


def _neck(picture: Points, side: Side) -> float:
    shoulder, hip, ear = picture[side, "shoulder"], picture[side, "hip"], picture[side, "ear"]
    trunk, neck = _step(hip, shoulder), _step(shoulder, ear)
    turn = trunk[0] * neck[1] - trunk[1] * neck[0]
    below = math.copysign(1.0, turn) * math.copysign(1.0, trunk[0])
    return below * (180.0 - angle_deg(hip, shoulder, ear))
