"""Sets of push-ups with known faults, planks, and the times of their repetitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray, IntArray
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Fault
from topform.ml.synthesis.body import Bodies, PushUpPose

AWAY, TOP, ECCENTRIC, CONCENTRIC = range(4)
PHASES: Final = ("away", "top", "eccentric", "concentric")

CLEAN_SHARE: Final = 0.5
"""Half of the sets are done right."""

KNEES_SHARE: Final = 0.08
FOREARMS_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Repetitions:
    """When the repetitions of one set happen. [s]; arrays of shape (R,)."""

    start_s: FloatArray
    bottom_s: FloatArray
    leave_s: FloatArray
    end_s: FloatArray
    depth: FloatArray
    """How far each goes, 1 = to the set's lowest elbow angle; below 0.5 it is an attempt that does not count."""

    def depth_at(self, t_s: FloatArray) -> FloatArray:
        """Return the progress between top (0) and bottom (1), minimum jerk on both ways."""
        knots = np.stack([self.start_s, self.bottom_s, self.leave_s, self.end_s], axis=1).ravel()
        values = np.stack([0.0 * self.depth, self.depth, self.depth, 0.0 * self.depth], axis=1).ravel()
        if not knots.size:
            return np.zeros_like(t_s)
        linear = np.interp(t_s, knots, values, left=0.0, right=0.0)
        place = np.clip(np.searchsorted(self.start_s, t_s, side="right") - 1, 0, None)
        deepest = self.depth[place]
        share = linear / deepest
        return np.asarray(deepest * share**3 * (10.0 - 15.0 * share + 6.0 * share**2))

    def index_at(self, t_s: FloatArray) -> IntArray:
        """Return the number of the repetition under way, -1 between repetitions."""
        if not self.start_s.size:
            return np.full(t_s.shape, -1)
        place = np.searchsorted(self.start_s, t_s, side="right") - 1
        inside = (place >= 0) & (t_s <= self.end_s[np.maximum(place, 0)])
        return np.where(inside, place, -1)

    def phase_at(self, t_s: FloatArray) -> IntArray:
        """Return the phase in position: top, eccentric (with the turn) or concentric."""
        index = self.index_at(t_s)
        if not self.start_s.size:
            return np.full(t_s.shape, TOP)
        goes_up = t_s > self.leave_s[np.maximum(index, 0)]
        return np.where(index < 0, TOP, np.where(goes_up, CONCENTRIC, ECCENTRIC))


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """How many athletes do their push-ups; arrays of shape (B,), angles in degrees.

    The ``line`` angles add up: at rest, more at the bottom, more on the way up.
    """

    top_elbow_deg: FloatArray
    bottom_elbow_deg: FloatArray
    line_deg: FloatArray
    line_bottom_deg: FloatArray
    line_up_deg: FloatArray
    knee_bend_deg: FloatArray
    neck_deg: FloatArray
    swivel_deg: FloatArray
    roll_m: FloatArray
    rep_s: FloatArray
    hip_lag_s: FloatArray


def _among(rng: np.random.Generator, chosen: FloatArray, usual: FloatArray, faulty: FloatArray) -> FloatArray:
    return np.where(chosen > 0.5, faulty, usual)


def sample_style(rng: np.random.Generator, count: int) -> Style:
    """Return styles: half of them clean, the others with one to three faults of any severity."""
    faults = list(PUSH_UP_FAULTS)
    has = np.zeros((count, len(faults)))
    faulty = rng.random(count) > CLEAN_SHARE
    for _ in range(3):
        pick = rng.integers(0, len(faults), count)
        use = faulty & (rng.random(count) < 0.55)
        has[use, pick[use]] = 1.0
    # The line of the body is what most sets get wrong.
    has[:, faults.index(Fault.HIPS_SAG)] += faulty & (rng.random(count) < 0.25)
    wants = {fault: np.minimum(has[:, index], 1.0) for index, fault in enumerate(faults)}
    # One bend cannot be two.
    wants[Fault.HIPS_PIKE] = wants[Fault.HIPS_PIKE] * (1.0 - wants[Fault.HIPS_SAG])
    uniform, normal = rng.uniform, rng.normal
    sag, pike, worm = wants[Fault.HIPS_SAG], wants[Fault.HIPS_PIKE], wants[Fault.WORMING]
    whole_set = rng.random(count) < 0.55
    line = normal(0.5, 4.0, count)
    bend = -sag * uniform(8.0, 32.0, count) + pike * uniform(8.0, 35.0, count)
    return Style(
        top_elbow_deg=_among(
            rng, wants[Fault.INCOMPLETE_LOCKOUT], 178.0 - rng.gamma(2.0, 4.0, count), uniform(115.0, 162.0, count)
        ).clip(110.0, 178.0),
        bottom_elbow_deg=_among(
            rng, wants[Fault.SHALLOW_DEPTH], uniform(45.0, 90.0, count), uniform(90.0, 125.0, count)
        ),
        line_deg=line + np.where(whole_set, bend, 0.3 * bend),
        line_bottom_deg=normal(0.0, 3.0, count) + np.where(whole_set, 0.0, uniform(0.0, 0.7, count) * bend),
        line_up_deg=normal(0.0, 2.0, count) + np.where(whole_set, 0.0, 0.5 * bend) - worm * uniform(8.0, 28.0, count),
        knee_bend_deg=np.abs(normal(0.0, 5.0, count)) + (rng.random(count) < 0.12) * uniform(10.0, 35.0, count),
        neck_deg=_among(rng, wants[Fault.HEAD_DROP], normal(6.0, 9.0, count), uniform(22.0, 65.0, count)),
        swivel_deg=_among(rng, wants[Fault.ELBOW_FLARE], uniform(5.0, 65.0, count), uniform(75.0, 125.0, count)),
        roll_m=_among(rng, wants[Fault.ASYMMETRY], normal(0.0, 0.006, count), uniform(0.02, 0.06, count))
        * rng.choice([-1.0, 1.0], count),
        rep_s=_among(rng, wants[Fault.TOO_FAST], 1.0 + rng.gamma(2.5, 0.55, count), uniform(0.5, 1.2, count)).clip(
            0.5, 7.0
        ),
        hip_lag_s=worm * uniform(0.05, 0.3, count),
    )


def sample_repetitions(
    rng: np.random.Generator, *, from_s: float, to_s: float, rep_s: float, most: int = 40
) -> Repetitions:
    """Return the times of one set.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    from_s, to_s : float
        In position between these. [s]
    rep_s : float
        Usual time of one repetition without rests. [s]
    most : int
        Largest number of repetitions.
    """
    rests = rng.gamma(1.2, 0.25, most) * min(1.0, rep_s / 1.5)
    rests += (rng.random(most) < 0.06) * rng.uniform(1.0, 4.0, most)
    length = rep_s * np.exp(rng.normal(0.0, 0.08, most)) * np.linspace(1.0, rng.uniform(0.9, 1.5), most)
    down_share = rng.uniform(0.35, 0.62)
    hold_share = rng.choice([0.0, 0.05, 0.15], p=[0.5, 0.35, 0.15])
    start = from_s + rng.gamma(1.5, 0.35) + np.cumsum(np.concatenate([[0.0], (length + rests)[:-1]]))
    allowed = int(rng.integers(1, most)) if rng.random() < 0.5 else most
    if rng.random() < 0.25:
        allowed = int(rng.integers(1, 4))
    keep = (start + 0.9 * length < to_s) & (np.arange(most) < allowed)
    start, length = start[keep], length[keep]
    depth = np.where(rng.random(start.size) < 0.04, rng.uniform(0.15, 0.4, start.size), 1.0)
    return Repetitions(
        start_s=start,
        bottom_s=start + length * down_share * (1.0 - hold_share),
        leave_s=start + length * (down_share * (1.0 - hold_share) + hold_share),
        end_s=start + length,
        depth=depth,
    )


def push_up_angles(
    rng: np.random.Generator, bodies: Bodies, style: Style, sets: list[Repetitions], t_s: FloatArray
) -> PushUpPose:
    """Return the joint angles of sets.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    bodies : Bodies
        B bodies.
    style : Style
        How they do it.
    sets : list of Repetitions
        When, one for each body.
    t_s : ndarray, shape (B, T)
        Times. [s]
    """
    count = len(bodies)
    depth = np.stack([one.depth_at(times) for one, times in zip(sets, t_s, strict=True)])
    late = np.stack([one.depth_at(times - lag) for one, times, lag in zip(sets, t_s, style.hip_lag_s, strict=True)])
    up = np.stack([_way_up(one, times) for one, times in zip(sets, t_s, strict=True)])
    sway = 1.2 * np.sin(2.0 * np.pi * t_s / rng.uniform(1.5, 6.0, (count, 1)) + rng.uniform(0.0, 6.3, (count, 1)))

    def column(values: FloatArray) -> FloatArray:
        return np.asarray(values)[:, None]

    top, bottom = column(style.top_elbow_deg), column(style.bottom_elbow_deg)
    tired = column(rng.gamma(1.0, 0.4, count)) * t_s
    elbow = top - (top - np.minimum(bottom + tired, 0.5 * (top + bottom))) * depth + 0.4 * sway
    drift = column(rng.normal(0.0, 0.25, count)) * t_s
    line = column(style.line_deg) + drift + sway + column(style.line_bottom_deg) * late + column(style.line_up_deg) * up
    on_knees = (rng.random(count) < KNEES_SHARE).astype(np.float64)
    hand_half = bodies.shoulder_half * np.clip(rng.normal(1.3, 0.25, count), 0.6, 2.0)
    return PushUpPose(
        elbow_deg=np.clip(elbow, 20.0, 179.0),
        roll_m=column(style.roll_m) * (0.3 + 0.7 * depth),
        line_deg=np.clip(line, -45.0, 55.0),
        knee_bend_deg=np.where(column(on_knees) > 0.5, 90.0, np.maximum(column(style.knee_bend_deg) + sway, 0.0)),
        neck_deg=column(style.neck_deg) + column(rng.normal(0.0, 5.0, count)) * depth + sway,
        face_deg=np.broadcast_to(column(np.clip(rng.normal(60.0, 25.0, count), 0.0, 120.0)), t_s.shape) + sway,
        swivel_deg=column(style.swivel_deg) + column(rng.normal(0.0, 8.0, count)) * depth,
        lean_deg=rng.normal(4.0, 5.0, count),
        hand_half_m=hand_half,
        hand_height_m=np.where(rng.random(count) < 0.08, rng.uniform(0.1, 0.6, count), rng.normal(0.02, 0.02, count)),
        top_elbow_deg=style.top_elbow_deg,
        top_line_deg=style.line_deg,
        on_knees=on_knees,
        on_forearms=np.zeros(count),
    )


def _way_up(one: Repetitions, t_s: FloatArray) -> FloatArray:
    """Return a bump from 0 to 1 and back over each way up."""
    index = one.index_at(t_s)
    if not one.start_s.size:
        return np.zeros_like(t_s)
    place = np.maximum(index, 0)
    share = (t_s - one.leave_s[place]) / (one.end_s[place] - one.leave_s[place])
    inside = (index >= 0) & (share > 0.0) & (share < 1.0)
    return np.where(inside, np.sin(np.pi * np.clip(share, 0.0, 1.0)), 0.0)


def plank_angles(rng: np.random.Generator, bodies: Bodies, t_s: FloatArray) -> PushUpPose:
    """Return the joint angles of planks, on hands or forearms, in any line from a sag to a pike."""
    count = len(bodies)

    def column(values: FloatArray) -> FloatArray:
        return np.asarray(values)[:, None]

    line = np.where(rng.random(count) < 0.45, rng.normal(0.0, 4.0, count), rng.uniform(-30.0, 45.0, count))
    sway = np.sin(2.0 * np.pi * t_s / rng.uniform(2.0, 6.0, (count, 1)) + rng.uniform(0.0, 6.3, (count, 1)))
    elbow = 178.0 - rng.gamma(2.0, 4.0, count).clip(0.0, 60.0)
    return PushUpPose(
        elbow_deg=np.clip(column(elbow) + sway, 90.0, 179.0),
        roll_m=np.zeros_like(t_s),
        line_deg=np.clip(column(line) + column(rng.normal(0.0, 0.8, count)) * t_s + sway, -40.0, 60.0),
        knee_bend_deg=np.maximum(column(np.abs(rng.normal(0.0, 6.0, count))) + sway, 0.0),
        neck_deg=column(rng.normal(10.0, 15.0, count)) + sway,
        face_deg=np.broadcast_to(column(np.clip(rng.normal(70.0, 25.0, count), 0.0, 120.0)), t_s.shape) + 0.0,
        swivel_deg=np.broadcast_to(column(rng.uniform(0.0, 60.0, count)), t_s.shape) + 0.0,
        lean_deg=rng.normal(2.0, 6.0, count),
        hand_half_m=bodies.shoulder_half * np.clip(rng.normal(1.1, 0.15, count), 0.6, 1.6),
        hand_height_m=rng.normal(0.02, 0.02, count),
        top_elbow_deg=elbow,
        top_line_deg=line,
        on_knees=np.zeros(count),
        on_forearms=(rng.random(count) < FOREARMS_SHARE).astype(np.float64),
    )
