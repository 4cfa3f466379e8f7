"""Running seen from the side: steps a minute, where the foot lands, the trunk, contact where the camera is fast enough.

There are no repetitions and nothing causal: the gait of a whole recording is measured at once, and only when the
athlete says that it shows running. The swing of the ankles about the hips gives the steps (after Zeni et al. [1]_, who
take the foot's foremost and rearmost place against the pelvis for contact and push-off); a foot has landed when, after
its foremost place, the ankle is as far below the hip as under the body. A quicker step lands nearer [2]_.

References
----------
.. [1] J. A. Zeni, J. G. Richards, J. S. Higginson, "Two simple methods for determining gait events during treadmill
   and overground walking using kinematic data," Gait & Posture, vol. 27, pp. 710-714, 2008.
.. [2] B. C. Heiderscheit et al., "Effects of step rate manipulation on joint mechanics during running," Med. Sci.
   Sports Exerc., vol. 43, pp. 296-302, 2011.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from topform.kinematics import judging
from topform.kinematics.body import Body, Leg
from topform.kinematics.exercises.definition import WIDEST_SIDE_DEG, Check, From, GaitDefinition, Needs, Scene
from topform.kinematics.exercises.readings import facing_deg, median, quantile
from topform.kinematics.form_analysis import Exercise, Fault, Gait
from topform.kinematics.observation import FrameObservation
from topform.kinematics.push_up_faults import Attempt, Criterion

MIN_SECONDS: Final = 3.0
MIN_STEPS: Final = 6
MIN_FRAMES_PER_S: Final = 24.0
CONTACT_FRAMES_PER_S: Final = 100.0
"""Contact lasts about a quarter of a second: below this rate its ends are off by more than a tenth of it."""

MIN_SWING: Final = 0.25
"""Distance of the ankles fore and aft, in leg lengths, that a stride has to reach."""

STEPS_PER_MIN: Final = (130.0, 260.0)
"""Fewer are walking."""

MAX_STEP_VARIATION: Final = 0.35
# Limits after coaching conventions; a foot that lands further ahead brakes more, and a quicker step brings it back.
OVERSTRIDE: Final = Criterion(passes=0.25, fails=0.37, unit="leg lengths", penalty=50.0)
LEAN_FORWARD: Final = Criterion(passes=12.0, fails=19.0, unit="deg", penalty=25.0)
UPRIGHT: Final = Criterion(passes=2.0, fails=-5.0, unit="deg", penalty=25.0)


@dataclass(frozen=True, slots=True)
class Contact:
    """A foot on the ground.

    Parameters
    ----------
    begin, rearmost : int
        Places of the frames in which it landed and was furthest behind.
    is_left : bool
        Which foot.
    """

    begin: int
    rearmost: int
    is_left: bool


def heading(frames: Sequence[FrameObservation]) -> float:
    """Return +1 where the feet point to the right of the picture, -1 to the left, NaN where they were not seen."""
    ahead = median(leg.toes_ahead_px for frame in frames if frame.body is not None for leg in frame.body.legs)
    return math.nan if math.isnan(ahead) or ahead == 0.0 else math.copysign(1.0, ahead)


def leg_px(frames: Sequence[FrameObservation]) -> float:
    """Return the length of a straight leg in the picture. [px]"""
    return quantile((_length_px(leg) for f in frames if f.body is not None for leg in f.body.legs), 0.9)


def _length_px(leg: Leg) -> float:
    thigh = math.hypot(leg.hip_x - leg.knee_x, leg.hip_y - leg.knee_y)
    return thigh + math.hypot(leg.knee_x - leg.ankle_x, leg.knee_y - leg.ankle_y)


def step_times_s(frames: Sequence[FrameObservation]) -> list[float]:
    """Return when one ankle overtook the other, once a step; nothing where they do not swing. [s]"""
    ahead, length = heading(frames), leg_px(frames)
    apart = [(f.t_s, ahead * (_ahead(f.body.left_leg) - _ahead(f.body.right_leg)) / length) for f in frames if f.body]
    values = [value for _, value in apart if math.isfinite(value)]
    if not values or quantile(values, 0.95) - quantile(values, 0.05) < 2.0 * MIN_SWING:
        return []
    middle = (quantile(values, 0.95) + quantile(values, 0.05)) / 2.0
    limit = MIN_SWING / 2.0
    times: list[float] = []
    side, crossed_s, before = 0, math.nan, (math.nan, math.nan)
    for t_s, raw in apart:
        value = raw - middle
        if before[1] * value < 0.0:
            crossed_s = before[0] + (t_s - before[0]) * before[1] / (before[1] - value)
        if abs(value) > limit and (value > 0.0) != (side > 0):
            if side != 0 and math.isfinite(crossed_s):
                times.append(crossed_s)
            side = 1 if value > 0.0 else -1
        before = (t_s, value)
    return times


def _ahead(leg: Leg) -> float:
    return leg.ankle_x - leg.hip_x


def contacts(frames: Sequence[FrameObservation]) -> list[Contact]:
    """Return every landing that the recording shows whole, in order."""
    ahead, length = heading(frames), leg_px(frames)
    found = [
        contact
        for is_left in (True, False)
        for contact in _contacts_of([_swing(f.body, ahead, length, is_left=is_left) for f in frames], is_left=is_left)
    ]
    return sorted(found, key=lambda contact: contact.begin)


def _swing(body: Body | None, ahead: float, length: float, *, is_left: bool) -> tuple[float, float]:
    """Return how far the ankle is ahead of and below the hip. [leg lengths]"""
    if body is None:
        return math.nan, math.nan
    leg = body.left_leg if is_left else body.right_leg
    return ahead * _ahead(leg) / length, (leg.ankle_y - leg.hip_y) / length


def _contacts_of(swing: Sequence[tuple[float, float]], *, is_left: bool) -> list[Contact]:
    under = median(below for ahead, below in swing if -0.15 <= ahead <= 0.1 and below > 0.75)
    found = []
    first = 0
    while math.isfinite(under) and first < len(swing):
        foremost = _extreme(swing, first, 1.0)
        if foremost is None:
            break
        rearmost = _extreme(swing, foremost, -1.0)
        if rearmost is None:
            break
        landed = next((n for n in range(foremost, rearmost) if swing[n][1] >= under), None)
        if landed is not None:
            found.append(Contact(landed, rearmost, is_left))
        first = rearmost
    return found


def _extreme(swing: Sequence[tuple[float, float]], first: int, sign: float) -> int | None:
    """Return the next place where the foot is furthest to one side, sure once it came back half the way to the hip."""
    best: int | None = None
    for place in range(first, len(swing)):
        value = sign * swing[place][0]
        if not math.isfinite(value):
            continue
        if best is None or value > sign * swing[best][0]:
            best = place
        elif sign * swing[best][0] > MIN_SWING / 2.0 and value < sign * swing[best][0] / 2.0:
            return best
    return None


def landing_ahead(scene: Scene) -> float:
    """Return how far ahead of the hips the foot lands. [leg lengths]"""
    ahead, length = heading(scene.frames), leg_px(scene.frames)
    return median(
        _swing(scene.frames[one.begin].body, ahead, length, is_left=one.is_left)[0] for one in contacts(scene.frames)
    )


def trunk_lean_deg(scene: Scene) -> float:
    """Return the lean of the trunk, positive forwards. [deg]"""
    ahead = heading(scene.frames)
    leans = []
    for frame in scene.frames:
        if frame.body is not None:
            trunk_x = frame.body.near_arm.shoulder_x - frame.body.near_leg.hip_x
            leans.append(math.copysign(frame.body.lean_deg, ahead * trunk_x))
    return median(leans)


DEFINITION: Final = GaitDefinition(
    exercise=Exercise.RUNNING,
    checks=(
        Check(Fault.OVERSTRIDE, OVERSTRIDE, landing_ahead, From.SIDE, Needs.LEGS, is_essential=True),
        Check(Fault.FORWARD_LEAN, LEAN_FORWARD, trunk_lean_deg, From.SIDE, Needs.TRUNK),
        Check(Fault.LEAN_BACK, UPRIGHT, trunk_lean_deg, From.SIDE, Needs.TRUNK),
    ),
    view_deg=facing_deg,
)


def refusal(frames: Sequence[FrameObservation], *, fps: float, view_deg: float) -> str | None:
    """Return why the gait cannot be measured: a stable id, or None where it can."""
    if len(frames) < 2 or frames[-1].t_s - frames[0].t_s < MIN_SECONDS:
        return "too_short"
    if fps < MIN_FRAMES_PER_S:
        return "frame_rate_low"
    if not abs(view_deg) <= WIDEST_SIDE_DEG:
        return "view_not_side"
    if math.isnan(heading(frames)):
        return "feet_not_visible"
    times = step_times_s(frames)
    if len(times) < MIN_STEPS:
        return "no_steps"
    return None if _is_running(times) else "not_running"


def _is_running(times_s: Sequence[float]) -> bool:
    steps = [later - earlier for earlier, later in pairwise(times_s)]
    mean = sum(steps) / len(steps)
    spread = (sum((step - mean) ** 2 for step in steps) / len(steps)) ** 0.5 / mean
    low, high = STEPS_PER_MIN
    return low <= 60.0 / mean <= high and spread <= MAX_STEP_VARIATION


def gait_of(frames: Sequence[FrameObservation], *, fps: float, view_deg: float) -> Gait | str:
    """Return the gait of a recording, or why it cannot be measured.

    Parameters
    ----------
    frames : sequence of FrameObservation
        Those that show a body.
    fps : float
        Frame rate of the recording. [1/s]
    view_deg : float
        0 = seen from the side, 90 = from the front. [deg]
    """
    reason = refusal(frames, fps=fps, view_deg=view_deg)
    if reason is not None:
        return reason
    times = step_times_s(frames)
    step_s = (times[-1] - times[0]) / (len(times) - 1)
    attempt = Attempt(1, times[0], times[len(times) // 2], times[-1], 0.0, is_complete=True)
    scene = Scene(frames, frames, attempt, view_deg)
    landed = contacts(frames)
    contact_s = math.nan
    if fps >= CONTACT_FRAMES_PER_S:
        contact_s = median(frames[one.rearmost].t_s - frames[one.begin].t_s for one in landed)
    legs = [
        body.left_leg if one.is_left else body.right_leg
        for one in landed
        if (body := frames[one.begin].body) is not None
    ]
    return Gait(
        step_rate_spm=60.0 / step_s,
        steps=len(times),
        landing_ahead=_known(landing_ahead(scene)),
        trunk_lean_deg=_known(trunk_lean_deg(scene)),
        knee_at_landing_deg=_known(median(leg.knee_deg for leg in legs)),
        shank_at_landing_deg=_known(median(leg.shank_lean_deg for leg in legs)),
        contact_s=_known(contact_s),
        flight_s=_known(step_s - contact_s),
        start_s=times[0],
        end_s=times[-1],
        findings=tuple(judging.found(check, scene) for check in DEFINITION.checks),
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
