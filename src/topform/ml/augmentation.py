"""Changes to recorded poses that leave their labels true, for training only.

Mirror image, another camera, other limbs, another pace, jitter, missed and exchanged joints, another frame rate or cut:
each within limits that a label survives. A label that a change would touch forbids the change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray, frozen_floats
from topform.core.errors import InvalidInputError, OutOfRangeError
from topform.kinematics.form_analysis import Fault
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import SIDES
from topform.ml.dataset import Dataset, LabelledRecording, LabelledRep, add_recording, write_dataset


@dataclass(frozen=True, slots=True)
class Limits:
    """How far each change may go.

    Parameters
    ----------
    yaw_deg, pitch_deg, roll_deg : float
        Turns of the camera about the body, either way. [deg]
    focal : tuple of float
        Focal length over the width of what is seen.
    limb_share : float
        Change of a limb's length, either way.
    pace : tuple of float
        Duration over duration.
    local_pace : float
        How much the pace varies within a recording, either way.
    jitter : tuple of float
        Standard deviation over the length of the trunk.
    jitter_correlation : float
        From frame to frame.
    missed_share : tuple of float
        Share of single joints that are missed.
    limb_missed_s : tuple of float
        How long one whole arm or leg is missed. [s]
    exchanged_share : float
        Share of recordings in which left and right are exchanged for some frames.
    rate_hz : tuple of float
        Frames a second.
    cut_share : float
        At most so much of the recording is cut off at either end.
    """

    yaw_deg: float = 45.0
    pitch_deg: float = 15.0
    roll_deg: float = 5.0
    focal: tuple[float, float] = (0.8, 1.4)
    limb_share: float = 0.08
    pace: tuple[float, float] = (0.7, 1.4)
    local_pace: float = 0.1
    jitter: tuple[float, float] = (0.005, 0.02)
    jitter_correlation: float = 0.8
    missed_share: tuple[float, float] = (0.05, 0.2)
    limb_missed_s: tuple[float, float] = (0.2, 0.5)
    exchanged_share: float = 0.1
    rate_hz: tuple[float, float] = (15.0, 60.0)
    cut_share: float = 0.1


LIMITS: Final = Limits()

_CORE: Final = tuple(f"{side}_{name}" for name in ("shoulder", "elbow", "wrist", "hip") for side in SIDES)
# What moves with a limb whose length changes: the end of the limb, and everything beyond it.
_HAND: Final = ("wrist", "pinky", "index", "thumb")
_FOOT: Final = ("ankle", "heel", "foot_index")
_LIMBS: Final = {
    "upper_arm": ("shoulder", "elbow", ("elbow", *_HAND)),
    "forearm": ("elbow", "wrist", _HAND),
    "thigh": ("hip", "knee", ("knee", *_FOOT)),
    "shank": ("knee", "ankle", _FOOT),
}
_PARTS: Final = (("elbow", *_HAND), ("knee", *_FOOT))


def trunk_px(poses: PoseSequence) -> float:
    """Return the median length of the trunk in the picture. [px]"""
    shoulders = (poses.xy("left_shoulder") + poses.xy("right_shoulder")) / 2.0
    hips = (poses.xy("left_hip") + poses.xy("right_hip")) / 2.0
    return float(np.nanmedian(np.linalg.norm(shoulders - hips, axis=1)))


def turned(
    poses: PoseSequence, *, yaw_deg: float, pitch_deg: float = 0.0, roll_deg: float = 0.0, focal: float = 1.1
) -> PoseSequence:
    """Return what another camera would have seen.

    World coordinates are centred on the hips in every frame; the way of the hips through the picture is put back before
    the turn, at the depth of the hips.

    Parameters
    ----------
    poses : PoseSequence
        With world coordinates.
    yaw_deg, pitch_deg, roll_deg : float
        About the vertical, the horizontal and the line of sight. [deg]
    focal : float
        Focal length over the width of what is seen; the body keeps its size.

    Raises
    ------
    OutOfRangeError
        If there are no world coordinates.
    """
    if poses.world_m is None:
        raise OutOfRangeError("Poses without world coordinates cannot be seen by another camera")
    core = poses.skeleton.indices(_CORE)
    picture, space = poses.xy_px[:, core], poses.world_m[:, core]
    px_per_m = float(np.nanmedian(_spread(picture) / np.maximum(_spread(space[..., :2]), 1e-9)))
    hips = poses.xy_px[:, poses.skeleton.indices(("left_hip", "right_hip"))].mean(axis=1)
    middle = np.nanmedian(hips, axis=0)
    root = np.concatenate([(hips - middle) / px_per_m, np.zeros((len(poses), 1))], axis=1)
    body = poses.world_m + root[:, None, :]
    seen = body @ _rotation(yaw_deg, pitch_deg, roll_deg).T
    distance_m = focal * float(np.nanmax(poses.xy_px[..., 0]) - np.nanmin(poses.xy_px[..., 0])) / px_per_m
    depth = np.maximum(seen[..., 2] + distance_m, 0.2 * distance_m)
    xy = middle + seen[..., :2] * (distance_m / depth)[..., None] * px_per_m
    world = seen - seen[:, poses.skeleton.indices(("left_hip", "right_hip"))].mean(axis=1, keepdims=True)
    seen = np.isfinite(poses.xy_px).all(axis=2, keepdims=True)
    return replace(poses, xy_px=np.where(seen, xy, np.nan), world_m=world)


def _spread(points: FloatArray) -> FloatArray:
    apart = points - points.mean(axis=1, keepdims=True)
    return np.asarray(np.sqrt((apart**2).sum(axis=(1, 2))))


def _rotation(yaw_deg: float, pitch_deg: float, roll_deg: float) -> FloatArray:
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    about_y = np.array([[np.cos(yaw), 0.0, np.sin(yaw)], [0.0, 1.0, 0.0], [-np.sin(yaw), 0.0, np.cos(yaw)]])
    about_x = np.array([[1.0, 0.0, 0.0], [0.0, np.cos(pitch), -np.sin(pitch)], [0.0, np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0.0], [np.sin(roll), np.cos(roll), 0.0], [0.0, 0.0, 1.0]])
    return np.asarray(about_z @ about_x @ about_y)


def with_limbs(poses: PoseSequence, factors: dict[str, float]) -> PoseSequence:
    """Return a body whose limbs are longer or shorter; no angle changes, and the hands stay where they are.

    Parameters
    ----------
    poses : PoseSequence
        Poses.
    factors : dict
        New length over old of ``upper_arm``, ``forearm``, ``thigh`` and ``shank``, both sides alike.
    """
    xy = _with_limbs(poses, poses.xy_px, factors)
    wrists = poses.skeleton.indices(("left_wrist", "right_wrist"))
    xy = xy + (poses.xy_px[:, wrists] - xy[:, wrists]).mean(axis=1, keepdims=True)
    world = None if poses.world_m is None else _with_limbs(poses, poses.world_m, factors)
    return replace(poses, xy_px=xy, world_m=world)


def _with_limbs(poses: PoseSequence, points: FloatArray, factors: dict[str, float]) -> FloatArray:
    moved = points.copy()
    for limb, factor in factors.items():
        start, end, beyond = _LIMBS[limb]
        for side in SIDES:
            step = points[:, poses.skeleton.index(f"{side}_{end}")] - points[:, poses.skeleton.index(f"{side}_{start}")]
            moved[:, poses.skeleton.indices(f"{side}_{name}" for name in beyond)] += ((factor - 1.0) * step)[:, None]
    return moved


def at_pace(poses: PoseSequence, t_s: FloatArray) -> PoseSequence:
    """Return the same poses at other times."""
    return replace(poses, t_s=frozen_floats(t_s))


def other_times(rng: np.random.Generator, t_s: FloatArray, *, pace: float, local: float) -> FloatArray:
    """Return increasing times that last ``pace`` times as long, with a pace that varies smoothly by ``local``."""
    start_s, duration_s = float(t_s[0]), float(t_s[-1] - t_s[0])
    share = (t_s - start_s) / max(duration_s, 1e-9)
    shift, waves = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(1.0, 3.0)
    # The derivative of a sine of amplitude a and w waves is 2 pi w a: the pace varies by no more than `local`.
    amplitude = local / (2.0 * np.pi * waves)
    bent = share + amplitude * (np.sin(2.0 * np.pi * waves * share + shift) - np.sin(shift))
    return np.asarray(start_s + pace * duration_s * bent)


def resampled(poses: PoseSequence, rate_hz: float) -> PoseSequence:
    """Return the poses at another frame rate, between neighbouring frames on a straight line."""
    t_s = np.arange(poses.t_s[0], poses.t_s[-1] + 1e-9, 1.0 / rate_hz)
    after = np.clip(np.searchsorted(poses.t_s, t_s), 1, len(poses) - 1)
    before = after - 1
    share = np.clip((t_s - poses.t_s[before]) / (poses.t_s[after] - poses.t_s[before]), 0.0, 1.0)

    def between(values: FloatArray) -> FloatArray:
        weight = share.reshape(-1, *([1] * (values.ndim - 1)))
        return np.asarray((1.0 - weight) * values[before] + weight * values[after])

    world = None if poses.world_m is None else between(poses.world_m)
    return replace(poses, t_s=frozen_floats(t_s), xy_px=between(poses.xy_px), score=between(poses.score), world_m=world)


def jittered(rng: np.random.Generator, poses: PoseSequence, *, sigma: float, correlation: float) -> PoseSequence:
    """Return poses with noise that lasts, stronger where the pose model was less certain.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    poses : PoseSequence
        Poses.
    sigma : float
        Standard deviation over the length of the trunk, for certain joints; twice that for uncertain ones.
    correlation : float
        From frame to frame, 0..1.
    """
    noise: FloatArray = rng.normal(0.0, 1.0, size=poses.xy_px.shape)
    for frame in range(1, len(poses)):
        noise[frame] = correlation * noise[frame - 1] + np.sqrt(1.0 - correlation**2) * noise[frame]
    scale = sigma * trunk_px(poses) * (2.0 - poses.score[..., None])
    return replace(poses, xy_px=poses.xy_px + scale * noise)


def with_misses(rng: np.random.Generator, poses: PoseSequence, *, share: float, limb_s: float) -> PoseSequence:
    """Return poses of which single joints are missed, and one whole arm or leg for a while."""
    missed = rng.random(poses.score.shape) < share
    side, part = SIDES[int(rng.integers(len(SIDES)))], _PARTS[int(rng.integers(len(_PARTS)))]
    from_s = rng.uniform(float(poses.t_s[0]), max(float(poses.t_s[-1]) - limb_s, float(poses.t_s[0]) + 1e-9))
    during = (poses.t_s >= from_s) & (poses.t_s <= from_s + limb_s)
    for joint in poses.skeleton.indices(f"{side}_{name}" for name in part):
        missed[during, joint] = True
    return replace(
        poses,
        xy_px=np.where(missed[..., None], np.nan, poses.xy_px),
        score=np.where(missed, 0.0, poses.score),
        world_m=None if poses.world_m is None else np.where(missed[..., None], np.nan, poses.world_m),
    )


def with_exchanged_sides(poses: PoseSequence, *, first: int, count: int) -> PoseSequence:
    """Return poses in which left and right are exchanged for some frames, as pose models do."""
    order = poses.skeleton.mirrored()
    rows = slice(first, first + count)
    xy, score = poses.xy_px.copy(), poses.score.copy()
    xy[rows], score[rows] = xy[rows][:, order], score[rows][:, order]
    world = None
    if poses.world_m is not None:
        world = poses.world_m.copy()
        world[rows] = world[rows][:, order]
    return replace(poses, xy_px=xy, score=score, world_m=world)


def cut(poses: PoseSequence, *, start_share: float, end_share: float) -> PoseSequence:
    """Return the middle of a recording, its times beginning at 0."""
    first = int(start_share * len(poses))
    last = max(first + 2, len(poses) - int(end_share * len(poses)))
    return replace(
        poses,
        t_s=frozen_floats(poses.t_s[first:last] - poses.t_s[first]),
        xy_px=poses.xy_px[first:last],
        score=poses.score[first:last],
        world_m=None if poses.world_m is None else poses.world_m[first:last],
    )


def pace_limits(recording: LabelledRecording, limits: Limits = LIMITS) -> tuple[float, float]:
    """Return which paces leave the label of the speed true: slow sets may not become fast, nor fast ones slow."""
    if recording.faults is None:
        return (1.0, 1.0) if recording.form is not None else limits.pace
    # The pace of a single repetition varies about that of the recording.
    if Fault.TOO_FAST.value in recording.faults:
        return limits.pace[0], 1.0 / (1.0 + limits.local_pace)
    return 1.0 / (1.0 - limits.local_pace), limits.pace[1]


def augmented(
    rng: np.random.Generator, recording: LabelledRecording, poses: PoseSequence, *, limits: Limits = LIMITS
) -> tuple[LabelledRecording, PoseSequence]:
    """Return one changed copy of a recording with the labels that are true of it.

    Notes
    -----
    A turned camera leaves the view unlabelled. Only recordings whose repetitions nobody counted are cut.
    """
    labels = recording
    if rng.random() < 0.5:
        poses = poses.mirrored()
    if poses.world_m is not None:
        angles = [rng.uniform(-limit, limit) for limit in (limits.yaw_deg, limits.pitch_deg, limits.roll_deg)]
        poses = turned(
            poses, yaw_deg=angles[0], pitch_deg=angles[1], roll_deg=angles[2], focal=rng.uniform(*limits.focal)
        )
        labels = replace(labels, view=None)
    poses = with_limbs(poses, {limb: rng.uniform(1.0 - limits.limb_share, 1.0 + limits.limb_share) for limb in _LIMBS})
    least, most = pace_limits(recording, limits)
    if least < most:
        t_s = other_times(rng, poses.t_s, pace=rng.uniform(least, most), local=limits.local_pace)
        labels = replace(labels, reps=tuple(_at_times(rep, poses.t_s, t_s) for rep in labels.reps))
        poses = at_pace(poses, t_s)
    if labels.rep_count is None and not labels.reps:
        poses = cut(poses, start_share=rng.uniform(0.0, limits.cut_share), end_share=rng.uniform(0.0, limits.cut_share))
    poses = resampled(poses, rng.uniform(*limits.rate_hz))
    poses = jittered(rng, poses, sigma=rng.uniform(*limits.jitter), correlation=limits.jitter_correlation)
    if rng.random() < limits.exchanged_share:
        poses = with_exchanged_sides(poses, first=int(rng.integers(len(poses))), count=int(rng.integers(1, 8)))
    poses = with_misses(rng, poses, share=rng.uniform(*limits.missed_share), limb_s=rng.uniform(*limits.limb_missed_s))
    return labels, poses


def _at_times(rep: LabelledRep, before: FloatArray, after: FloatArray) -> LabelledRep:
    start_s, end_s = np.interp([rep.start_s, rep.end_s], before, after)
    return replace(rep, start_s=float(start_s), end_s=float(end_s))


def augment_dataset(dataset: Dataset, folder: Path, *, copies: int, seed: int) -> Dataset:
    """Write changed copies of every recording as another dataset.

    Parameters
    ----------
    dataset : Dataset
        What is copied; it is not changed.
    folder : Path
        Where to; made if it is not there, and not the folder of the dataset.
    copies : int
        Of each recording.
    seed : int
        The same seed makes the same copies.

    Raises
    ------
    InvalidInputError
        If the folder is that of the dataset.
    """
    if folder.resolve() == dataset.folder.resolve():
        raise InvalidInputError(
            "Changed copies would replace the dataset", file=str(folder), remedy="Name another folder with --out."
        )
    rng = np.random.default_rng(seed)
    written = []
    for recording in dataset.recordings:
        poses = dataset.poses_of(recording)
        for copy in range(copies):
            labels, changed = augmented(rng, recording, poses)
            name = f"{recording.id}-changed-{copy:02d}"
            written.append(add_recording(folder, replace(labels, id=name, poses=f"poses/{name}.npz"), changed))
    result = Dataset(folder, tuple(written), {"augmented": True, "seed": seed})
    write_dataset(result)
    return result
