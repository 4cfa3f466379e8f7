"""Whole recordings of made-up athletes, with what is true about every frame.

A share of the recordings shows sets of push-ups, some with the way into position and out of it, a share planks, the
rest anything else. What is true comes from the parameters and the exact joints, never from what the camera saw.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, TypedDict

import numpy as np

from topform.core.arrays import FloatArray, IntArray
from topform.kinematics.angles import joint_angle_deg
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Fault
from topform.kinematics.push_up_faults import ARM_LEVEL, CRITERIA
from topform.ml.synthesis import movement
from topform.ml.synthesis.body import PushUpPose, at, push_up_joints, sample_bodies
from topform.ml.synthesis.camera import project, sample_cameras
from topform.ml.synthesis.movement import Repetitions, plank_angles, push_up_angles, sample_repetitions, sample_style
from topform.ml.synthesis.other_movement import sample_others
from topform.ml.synthesis.pose_errors import observe

FAULTS: Final = PUSH_UP_FAULTS
EXERCISES: Final = ("other", "push_up", "plank")
MEASURES: Final = ("line_deg", "left_elbow_deg", "right_elbow_deg", "neck_deg", "arm_level_deg", "flare_deg")
PUSH_UP_SHARE: Final = 0.68
PLANK_SHARE: Final = 0.12
STARTS_AWAY_SHARE: Final = 0.3
CHANGE_S: Final = 1.0
TRUNK_M: Final = 0.49


@dataclass(frozen=True, slots=True, eq=False)
class Recordings:
    """B recordings of T frames and what is true about them.

    Parameters
    ----------
    t_s : ndarray, shape (B, T)
        Times. [s]
    xy : ndarray, shape (B, T, 33, 2)
        Keypoints in the picture, y down, any scale; NaN = missed.
    score : ndarray, shape (B, T, 33)
        Certainty, 0..1.
    exercise, phase : ndarray of int, shape (B, T)
        Positions in `EXERCISES` and `movement.PHASES`.
    ended : ndarray, shape (B, T)
        1 within a fifth of a second after a repetition ended.
    fault, fault_weight : ndarray, shape (B, T, 9)
        Degree of each fault of the repetition under way or just ended, 0 = at the limit to pass, 1 = at the limit to
        fail; and how much it counts, 0 = unknown.
    measure, measure_weight : ndarray, shape (B, T, 6)
        True angles, see `MEASURES` [deg], and where they are known.
    yaw_deg : ndarray, shape (B,)
        The camera, 0 = side, +90 = head towards it. [deg]
    rep_count : ndarray of int, shape (B,)
        Repetitions.
    """

    t_s: FloatArray
    xy: FloatArray
    score: FloatArray
    exercise: IntArray
    phase: IntArray
    ended: FloatArray
    fault: FloatArray
    fault_weight: FloatArray
    measure: FloatArray
    measure_weight: FloatArray
    yaw_deg: FloatArray
    rep_count: IntArray


def synthesise(
    rng: np.random.Generator, *, count: int, frames: int, step_s: tuple[float, float] = (0.06, 0.1)
) -> Recordings:
    """Return made-up recordings.

    Parameters
    ----------
    rng : Generator
        Source of randomness; the same state gives the same recordings.
    count, frames : int
        How many, and how many frames in each.
    step_s : tuple of float
        Shortest and longest time between frames of one recording. [s]
    """
    t_s = _times(rng, count, frames, step_s)
    kind = rng.choice(3, count, p=[1.0 - PUSH_UP_SHARE - PLANK_SHARE, PUSH_UP_SHARE, PLANK_SHARE])
    bodies, cameras = sample_bodies(rng, count), sample_cameras(rng, count)
    # A person who stands fills less of a wide picture; the camera is where it was.
    others = sample_others(rng, bodies, t_s)
    entry_s, exit_s = _stay(rng, t_s, kind)
    style = sample_style(rng, count)
    sets = [
        sample_repetitions(rng, from_s=entry, to_s=leave, rep_s=float(rep_s))
        if what == 1
        else Repetitions(*(np.zeros(0) for _ in range(5)))
        for what, entry, leave, rep_s in zip(kind, entry_s, exit_s, style.rep_s, strict=True)
    ]
    pose = _chosen(kind == 1, push_up_angles(rng, bodies, style, sets, t_s), plank_angles(rng, bodies, t_s))
    exact = push_up_joints(bodies, pose)
    share = _share_in_position(t_s, entry_s, exit_s)
    joints = share[..., None, None] * exact + (1.0 - share[..., None, None]) * others
    picture, _, size = project(joints, cameras)
    xy, score = observe(rng, picture, size * TRUNK_M, cameras, t_s)
    in_position = (share > 0.999) & (kind[:, None] > 0)
    truth = _truth(t_s, kind, in_position, sets, exact, pose)
    # Any picture: nothing may depend on where the origin is or how long a pixel.
    scale = rng.uniform(200.0, 1500.0, (count, 1, 1, 1))
    xy = xy * scale + rng.uniform(-300.0, 900.0, (count, 1, 1, 2))
    return Recordings(t_s=t_s, xy=xy, score=score, yaw_deg=cameras.yaw_deg, **truth)


def _times(rng: np.random.Generator, count: int, frames: int, step_s: tuple[float, float]) -> FloatArray:
    steps = rng.uniform(*step_s, (count, 1)) * (1.0 + 0.04 * rng.normal(0.0, 1.0, (count, frames)).clip(-3, 3))
    dropped = 1.0 + (rng.random((count, frames)) < 0.01)
    t_s = np.cumsum(steps * dropped, axis=1)
    return np.asarray(t_s - t_s[:, :1])


def _stay(rng: np.random.Generator, t_s: FloatArray, kind: IntArray) -> tuple[FloatArray, FloatArray]:
    """Return when each athlete gets into position and leaves it; beyond the recording for most."""
    count, ends = len(kind), t_s[:, -1]
    comes = rng.random(count) < STARTS_AWAY_SHARE
    goes = rng.random(count) < STARTS_AWAY_SHARE
    entry = np.where(comes, rng.uniform(0.1, 0.4, count) * ends, -10.0)
    leave = np.where(goes, rng.uniform(0.65, 0.95, count) * ends, ends + 10.0)
    return np.where(kind > 0, entry, ends + 100.0), np.where(kind > 0, leave, ends + 200.0)


def _share_in_position(t_s: FloatArray, entry_s: FloatArray, exit_s: FloatArray) -> FloatArray:
    comes = np.clip((t_s - entry_s[:, None]) / CHANGE_S + 1.0, 0.0, 1.0)
    stays = np.clip((exit_s[:, None] - t_s) / CHANGE_S + 1.0, 0.0, 1.0)
    share = np.minimum(comes, stays)
    return np.asarray(share**3 * (10.0 - 15.0 * share + 6.0 * share**2))


def _chosen(first_wanted: np.ndarray, first: PushUpPose, second: PushUpPose) -> PushUpPose:
    def choose(a: FloatArray, b: FloatArray) -> FloatArray:
        return np.where(first_wanted.reshape(-1, *([1] * (a.ndim - 1))), a, b)

    return PushUpPose(*(choose(getattr(first, f.name), getattr(second, f.name)) for f in fields(PushUpPose)))


def true_measures(joints: FloatArray, pose: PushUpPose) -> FloatArray:
    """Return the true angles of exact joints, shape (B, T, 6); see `MEASURES`. [deg]"""
    arms = {
        side: joint_angle_deg(at(joints, f"{side}_shoulder"), at(joints, f"{side}_elbow"), at(joints, f"{side}_wrist"))
        for side in ("left", "right")
    }
    upper = at(joints, "left_shoulder") - at(joints, "left_elbow")
    level = np.degrees(np.arcsin(np.clip(upper[..., 1] / np.linalg.norm(upper, axis=-1), -1.0, 1.0)))
    flare = np.maximum(
        *(
            joint_angle_deg(at(joints, f"{side}_elbow"), at(joints, f"{side}_shoulder"), at(joints, f"{side}_hip"))
            for side in ("left", "right")
        )
    )
    return np.stack([pose.line_deg, arms["left"], arms["right"], pose.neck_deg, level, flare], axis=-1)


def rep_faults(
    measures: FloatArray, heights: FloatArray, depth: FloatArray, t_s: FloatArray, top_elbow_deg: float
) -> FloatArray:
    """Return the degree of every fault of one repetition by the published criteria, unclipped.

    Parameters
    ----------
    measures : ndarray, shape (N, 6)
        True angles over the repetition. [deg]
    heights : ndarray, shape (N, 2)
        Heights of shoulders and hips. [m]
    depth : ndarray, shape (N,)
        0 = top, 1 = bottom; decides where the bottom is.
    t_s : ndarray, shape (N,)
        Times. [s]
    top_elbow_deg : float
        Straightest the arms get before or after it. [deg]
    """
    line = measures[:, 0]
    elbows = measures[:, 1:3].mean(axis=1)
    bottom = depth >= 0.9 * depth.max()
    shallow = min(
        CRITERIA[Fault.SHALLOW_DEPTH].excess(float(elbows.min())), ARM_LEVEL.excess(float(measures[bottom, 4].min()))
    )
    spread = heights.std(axis=0)
    together = 1.0
    if spread.min() > 1e-4 and float(np.ptp(heights[:, 0])) > 0.1:
        together = float(np.asarray(np.corrcoef(heights.T))[0, 1])
    found = {
        Fault.HIPS_SAG: CRITERIA[Fault.HIPS_SAG].excess(-float(np.quantile(line, 0.15))),
        Fault.HIPS_PIKE: CRITERIA[Fault.HIPS_PIKE].excess(float(np.quantile(line, 0.6))),
        Fault.SHALLOW_DEPTH: shallow,
        Fault.INCOMPLETE_LOCKOUT: CRITERIA[Fault.INCOMPLETE_LOCKOUT].excess(top_elbow_deg),
        Fault.ELBOW_FLARE: CRITERIA[Fault.ELBOW_FLARE].excess(float(np.median(measures[bottom, 5]))),
        Fault.HEAD_DROP: CRITERIA[Fault.HEAD_DROP].excess(float(np.median(measures[:, 3]))),
        Fault.ASYMMETRY: CRITERIA[Fault.ASYMMETRY].excess(
            abs(float(np.median(measures[bottom, 1] - measures[bottom, 2])))
        ),
        Fault.TOO_FAST: CRITERIA[Fault.TOO_FAST].excess(float(t_s[-1] - t_s[0])),
        Fault.WORMING: CRITERIA[Fault.WORMING].excess(together),
    }
    return np.array([found[fault] for fault in FAULTS])


class Truth(TypedDict):
    """What is true about every frame; see `Recordings`."""

    exercise: IntArray
    phase: IntArray
    ended: FloatArray
    fault: FloatArray
    fault_weight: FloatArray
    measure: FloatArray
    measure_weight: FloatArray
    rep_count: IntArray


def _truth(
    t_s: FloatArray,
    kind: IntArray,
    in_position: np.ndarray,
    sets: list[Repetitions],
    exact: FloatArray,
    pose: PushUpPose,
) -> Truth:
    measures = true_measures(exact, pose)
    heights = np.stack([at(exact, "left_shoulder")[..., 1], at(exact, "left_hip")[..., 1]], axis=-1)
    heights[..., 0] -= pose.roll_m
    count, frames = t_s.shape
    phase = np.where(in_position, movement.TOP, movement.AWAY)
    ended = np.zeros((count, frames))
    fault, weight = np.zeros((2, count, frames, len(FAULTS)))
    rep_count = np.zeros(count, dtype=np.int64)
    for row, one in enumerate(sets):
        if kind[row] != 1:
            continue
        times = t_s[row]
        phase[row] = np.where(in_position[row], one.phase_at(times), movement.AWAY)
        depth = one.depth_at(times)
        for rep in range(one.start_s.size):
            inside = (times >= one.start_s[rep]) & (times <= one.end_s[rep]) & in_position[row]
            if inside.sum() < 4 or one.depth[rep] < 0.5:
                continue
            if times[-1] < one.end_s[rep] or times[0] > one.start_s[rep]:
                continue
            rep_count[row] += 1
            span = np.array([one.start_s[rep], one.end_s[rep]])
            degree = rep_faults(
                measures[row, inside], heights[row, inside], depth[inside], span, float(pose.top_elbow_deg[row])
            )
            until = one.end_s[rep] + 0.5
            if rep + 1 < one.start_s.size:
                until = min(until, one.start_s[rep + 1])
            held = (times >= one.start_s[rep]) & (times < until) & in_position[row]
            fault[row, held] = np.clip(degree, 0.0, 1.0)
            # What can be known grows while the repetition lasts.
            progress = np.clip((times[held] - span[0]) / (span[1] - span[0]), 0.0, 1.0)
            weight[row, held] = (0.05 + 0.95 * progress**4)[:, None]
            ended[row] = np.maximum(ended[row], (times >= one.end_s[rep]) & (times < one.end_s[rep] + 0.2))
    plank = (kind == 2)[:, None] & in_position
    for target, sign in ((Fault.HIPS_SAG, -1.0), (Fault.HIPS_PIKE, 1.0)):
        place = FAULTS.index(target)
        degree = (sign * measures[..., 0] - CRITERIA[target].passes) / (
            CRITERIA[target].fails - CRITERIA[target].passes
        )
        fault[..., place] = np.where(plank, np.clip(degree, 0.0, 1.0), fault[..., place])
        weight[..., place] = np.where(plank, 0.3, weight[..., place])
    known = np.broadcast_to(in_position[..., None], measures.shape).astype(np.float64)
    return {
        "exercise": np.where(in_position, kind[:, None], 0),
        "phase": phase,
        "ended": ended,
        "fault": fault,
        "fault_weight": weight,
        "measure": measures,
        "measure_weight": known,
        "rep_count": rep_count,
    }
