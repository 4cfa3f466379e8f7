"""What the definitions read off a frame: heights in metres of an average body, angles of both sides.

Heights are differences between parts of the body, so neither the place in the picture nor a normalisation by the
body's box changes them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from topform.kinematics.body import Body
from topform.kinematics.cycles import CycleEvent
from topform.kinematics.movement import spread
from topform.kinematics.observation import FrameObservation, mean_of

MOMENT_S: Final = 0.15

Reading = Callable[[FrameObservation], float]


def bodies(frames: Iterable[FrameObservation]) -> list[Body]:
    """Return the bodies of the frames that show one."""
    return [frame.body for frame in frames if frame.body is not None]


def hips_over_ankles_m(seen: FrameObservation, px_per_m: float) -> float:
    """Return the height of the hips over the ankles. [m]"""
    if seen.body is None:
        return math.nan
    return sum(leg.ankle_y - leg.hip_y for leg in seen.body.legs) / (2.0 * px_per_m)


def hands_over_shoulders_m(seen: FrameObservation, px_per_m: float) -> float:
    """Return the height of the hands over the shoulders. [m]"""
    return (seen.shoulder_y_px - seen.wrist_y_px) / px_per_m


def shoulders_over_hips_m(seen: FrameObservation, px_per_m: float) -> float:
    """Return the height of the shoulders over the hips. [m]"""
    return (seen.hip_y_px - seen.shoulder_y_px) / px_per_m


def knee_deg(body: Body) -> float:
    """Return the mean interior knee angle in the picture. [deg]"""
    return mean_of(body.left_leg.knee_deg, body.right_leg.knee_deg)


def knee_space_deg(body: Body) -> float:
    """Return the mean interior knee angle in space. [deg]"""
    return mean_of(body.left_leg.knee_space_deg, body.right_leg.knee_space_deg)


def hip_deg(body: Body) -> float:
    """Return the mean interior hip angle in the picture. [deg]"""
    return mean_of(body.left_leg.hip_deg, body.right_leg.hip_deg)


def hip_space_deg(body: Body) -> float:
    """Return the mean interior hip angle in space. [deg]"""
    return mean_of(body.left_leg.hip_space_deg, body.right_leg.hip_space_deg)


def elbow_deg(body: Body) -> float:
    """Return the mean interior elbow angle in the picture. [deg]"""
    return mean_of(body.left_arm.elbow_deg, body.right_arm.elbow_deg)


def raise_deg(body: Body) -> float:
    """Return how far the upper arms are raised from the trunk, in the picture. [deg]"""
    return mean_of(body.left_arm.raise_deg, body.right_arm.raise_deg)


def quantile(values: Iterable[float], share: float) -> float:
    """Return a quantile of what was seen, NaN where nothing was.

    Examples
    --------
    >>> quantile([4.0, math.nan, 1.0, 3.0, 2.0], 0.5)
    2.5
    """
    seen = sorted(value for value in values if math.isfinite(value))
    if not seen:
        return math.nan
    place = share * (len(seen) - 1)
    below = int(place)
    above = min(below + 1, len(seen) - 1)
    return seen[below] + (place - below) * (seen[above] - seen[below])


def around(frames: Sequence[FrameObservation], t_s: float, reach_s: float) -> list[FrameObservation]:
    """Return the frames about a moment, at least three where there are three."""
    near = [frame for frame in frames if abs(frame.t_s - t_s) <= reach_s]
    return near if len(near) >= 3 else sorted(frames, key=lambda frame: abs(frame.t_s - t_s))[:3]


def mean_seen(*values: float) -> float:
    """Return the mean of what was seen, NaN where nothing was.

    Examples
    --------
    >>> mean_seen(1.0, math.nan, 3.0)
    2.0
    """
    seen = [value for value in values if math.isfinite(value)]
    return sum(seen) / len(seen) if seen else math.nan


def median(values: Iterable[float]) -> float:
    """Return the median of what was seen."""
    return quantile(values, 0.5)


def knee_both_deg(seen: FrameObservation) -> float:
    """Return the knee angle, picture and space together. [deg]"""
    return math.nan if seen.body is None else mean_seen(knee_deg(seen.body), knee_space_deg(seen.body))


def hip_both_deg(seen: FrameObservation) -> float:
    """Return the hip angle, picture and space together. [deg]"""
    return math.nan if seen.body is None else mean_seen(hip_deg(seen.body), hip_space_deg(seen.body))


def elbow_both_deg(seen: FrameObservation) -> float:
    """Return the elbow angle, picture and space together. [deg]"""
    return mean_seen(seen.elbow_deg, seen.elbow_world_deg)


def leg_bend_deg(seen: FrameObservation) -> float:
    """Return the mean of knee and hip angle: what bends when the body sinks. [deg]"""
    return mean_seen(knee_both_deg(seen), hip_both_deg(seen))


def folded_leg_deg(seen: FrameObservation) -> float:
    """Return the mean of the knees and of the hip that is bent further. [deg]"""
    if seen.body is None:
        return math.nan
    return mean_seen(knee_both_deg(seen), min(leg.hip_deg for leg in seen.body.legs))


def knee_range_deg(frames: Sequence[FrameObservation]) -> float:
    """Return the range of the knee angle, the larger of picture and space. [deg]"""
    seen = bodies(frames)
    return max(spread([knee_deg(body) for body in seen]), spread([knee_space_deg(body) for body in seen]))


def hip_range_deg(frames: Sequence[FrameObservation]) -> float:
    """Return the range of the hip angle, the larger of picture and space. [deg]"""
    seen = bodies(frames)
    return max(spread([hip_deg(body) for body in seen]), spread([hip_space_deg(body) for body in seen]))


def elbow_range_deg(frames: Sequence[FrameObservation]) -> float:
    """Return the range of the elbow angle, the larger of picture and space. [deg]"""
    return max(spread([f.elbow_deg for f in frames]), spread([f.elbow_world_deg for f in frames]))


def bend_deg(event: CycleEvent, frames: Sequence[FrameObservation], reading: Reading) -> float:
    """Return how much further a joint is bent at the turn of a cycle than at its ends, however long it stays there.

    A range over all frames without the most extreme tenth loses the ends of a cycle that pauses long at its turn.
    """
    ends = [*around(frames, event.start.t_s, MOMENT_S), *around(frames, event.end.t_s, MOMENT_S)]
    turn = around(frames, event.turn.t_s, MOMENT_S)
    bent = median(map(reading, ends)) - median(map(reading, turn))
    return bent if math.isfinite(bent) else 0.0


def thigh_difference_deg(body: Body) -> float:
    """Return how differently the thighs are inclined: little in a squat, much in a lunge. [deg]"""
    return abs(body.left_leg.thigh_deg - body.right_leg.thigh_deg)


def scale_px_per_m(frames: Iterable[FrameObservation]) -> float:
    """Return the scale of the picture over some frames. [px/m]"""
    return median(frame.px_per_m for frame in frames)


def is_observed(seen: FrameObservation) -> bool:
    """Tell whether a body was seen at all."""
    return seen.body is not None


def facing_deg(seen: FrameObservation) -> float:
    """Return which way the athlete faces: 0 = seen from the side, 90 = from the front, -90 = from behind. [deg]"""
    return math.nan if seen.body is None else seen.body.facing_deg


def legs_m(seen: FrameObservation) -> float:
    """Return how long the legs look from hip to ankle, along the knee, by the scale of an average body. [m]"""
    if seen.body is None:
        return math.nan
    lengths = [
        math.hypot(leg.hip_x - leg.knee_x, leg.hip_y - leg.knee_y)
        + math.hypot(leg.knee_x - leg.ankle_x, leg.knee_y - leg.ankle_y)
        for leg in seen.body.legs
    ]
    return sum(lengths) / (2.0 * seen.px_per_m)


def hips_over_feet_range_m(frames: Sequence[FrameObservation]) -> float:
    """Return how far the hips move up and down over the ankles. [m]"""
    return spread([hips_over_ankles_m(frame, frame.px_per_m) for frame in frames])
