"""Compares a set with a reference performance: where in the repetition, and which joint, differs by how much.

Angles and timing are compared, never positions: a reference of another build is a guide, not a target.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import InvalidInputError
from topform.kinematics.form_analysis import Repetition
from topform.kinematics.observation import FrameObservation

PHASES: Final = 64
BAND_FRAC: Final = 0.125
"""Sakoe-Chiba band: how far, as a part of a repetition, moments may be matched apart."""

COST_SCALE_DEG: Final = 10.0
MIN_REFERENCE_REPS: Final = 3
MIN_COVERAGE: Final = 0.5

JOINTS: Final[dict[str, Callable[[FrameObservation], float]]] = {
    "elbow": lambda frame: frame.near_arm.elbow_deg,
    "upper_arm": lambda frame: frame.near_arm.upper_arm_deg,
    "body_line": lambda frame: frame.body_line_deg,
    "trunk": lambda frame: frame.trunk_inclination_deg,
    "neck": lambda frame: frame.neck_deg,
}
PARTS: Final = ("descent", "bottom", "ascent", "top")


@dataclass(frozen=True, slots=True)
class JointDeviation:
    """How one joint differs from the reference.

    Parameters
    ----------
    joint : str
        Key of `JOINTS`.
    mean_deg : float
        Mean of the signed difference, this set minus the reference. [deg]
    by_part_deg : dict
        The same in each part of the repetition. [deg]
    """

    joint: str
    mean_deg: float
    by_part_deg: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "joint": self.joint,
            "mean_deg": round(self.mean_deg, 1),
            "by_part_deg": {part: round(value, 1) for part, value in self.by_part_deg.items()},
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """A set beside a reference.

    Parameters
    ----------
    reps, reference_reps : int
        Repetitions compared.
    distance : float
        Mean cost of the best alignment with the reference's mean repetition, in squares of 10 degrees.
    similarity : float or None
        Share of the reference's own repetitions that lie at least as far from their mean; None for fewer than three.
    tempo_ratio : float
        Time of a repetition over that of the reference.
    joints : tuple of JointDeviation
        The largest mean difference first.
    """

    reps: int
    reference_reps: int
    distance: float
    similarity: float | None
    tempo_ratio: float
    joints: tuple[JointDeviation, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "reps": self.reps,
            "reference_reps": self.reference_reps,
            "distance": round(self.distance, 3),
            "similarity": None if self.similarity is None else round(self.similarity, 3),
            "tempo_ratio": round(self.tempo_ratio, 3),
            "joints": [joint.as_dict() for joint in self.joints],
        }


def compare(
    frames: Sequence[FrameObservation],
    reps: Sequence[Repetition],
    reference_frames: Sequence[FrameObservation],
    reference_reps: Sequence[Repetition],
) -> Comparison:
    """Compare the complete repetitions of two recordings.

    Parameters
    ----------
    frames, reference_frames : sequence of FrameObservation
        All frames of the recordings.
    reps, reference_reps : sequence of Repetition
        Their complete repetitions.

    Raises
    ------
    InvalidInputError
        If one of them holds no repetition whose joints were seen.

    Notes
    -----
    Each repetition is resampled to 64 phases between leaving and reaching the top. The mean repetitions are aligned by
    dynamic time warping within a Sakoe-Chiba band of 12.5 %; the cost of a moment is the mean over joints of the
    squared difference in units of 10 degrees.
    """
    curves, own_curves = rep_curves(frames, reps), rep_curves(reference_frames, reference_reps)
    if not curves or not own_curves:
        which = "recording" if not curves else "reference"
        raise InvalidInputError(
            f"The {which} holds no complete repetition to compare",
            remedy="Use a recording with at least one full push-up, seen from the same side.",
        )
    mean, reference = _mean(curves), _mean(own_curves)
    distance, path = align(mean, reference)
    own = [align(curve, reference)[0] for curve in own_curves]
    similarity = None
    if len(own) >= MIN_REFERENCE_REPS:
        similarity = float(np.mean([other >= distance for other in own]))
    matched = np.array([mean[:, i] - reference[:, j] for i, j in path])
    parts = np.array([_part(j) for _, j in path])
    joints = []
    for index, joint in enumerate(JOINTS):
        differences = matched[:, index]
        if not np.isfinite(differences).any():
            continue
        by_part = {part: _nan_mean(differences[parts == part]) for part in PARTS}
        joints.append(JointDeviation(joint, _nan_mean(differences), by_part))
    return Comparison(
        reps=len(curves),
        reference_reps=len(own_curves),
        distance=distance,
        similarity=similarity,
        tempo_ratio=_duration_s(reps) / _duration_s(reference_reps),
        joints=tuple(sorted(joints, key=lambda joint: -max(abs(value) for value in joint.by_part_deg.values()))),
    )


def rep_curves(frames: Sequence[FrameObservation], reps: Sequence[Repetition]) -> list[FloatArray]:
    """Return each repetition's joint angles at 64 phases, shape (joints, 64); NaN where a joint was not seen."""
    curves = []
    phases = np.linspace(0.0, 1.0, PHASES)
    for rep in reps:
        inside = [frame for frame in frames if rep.start_s <= frame.t_s <= rep.end_s and frame.is_observed]
        if len(inside) < 4:
            continue
        t = np.array([(frame.t_s - rep.start_s) / (rep.end_s - rep.start_s) for frame in inside])
        rows = []
        for angle in JOINTS.values():
            values = np.array([angle(frame) for frame in inside])
            seen = np.isfinite(values)
            enough = seen.mean() >= MIN_COVERAGE
            rows.append(np.interp(phases, t[seen], values[seen]) if enough else np.full(PHASES, np.nan))
        curves.append(np.array(rows))
    return curves


def align(
    first: FloatArray, second: FloatArray, *, band_frac: float = BAND_FRAC
) -> tuple[float, list[tuple[int, int]]]:
    """Align two recordings of joint angles by dynamic time warping.

    Parameters
    ----------
    first, second : ndarray of float64, shape (joints, n) and (joints, m)
        Angles. [deg]; a joint that is NaN in either moment is left out of its cost.
    band_frac : float
        Sakoe-Chiba band as a fraction of the longer one, 0..1.

    Returns
    -------
    tuple of (float, list of (int, int))
        Mean cost along the path, in squares of 10 degrees, and the path.
    """
    difference = (first[:, :, None] - second[:, None, :]) / COST_SCALE_DEG
    squares = np.square(difference)
    seen = np.isfinite(squares)
    cost = np.where(seen, squares, 0.0).sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    total, path = warp(cost, band=max(1, math.ceil(band_frac * max(cost.shape))))
    return total / len(path), path


def warp(cost: FloatArray, *, band: int) -> tuple[float, list[tuple[int, int]]]:
    """Return the cheapest monotonic path through a cost matrix and its total cost.

    Parameters
    ----------
    cost : ndarray of float64, shape (n, m)
        Cost of matching moment i with moment j.
    band : int
        Largest distance from the diagonal, in moments of the longer axis.

    Examples
    --------
    >>> a, b = np.array([0.0, 1, 2, 3, 2, 1, 0]), np.array([0.0, 0, 1, 2, 3, 2, 1, 0])
    >>> warp(np.abs(a[:, None] - b[None, :]), band=3)[0]
    0.0
    """
    n, m = cost.shape
    total = np.full((n + 1, m + 1), np.inf)
    total[0, 0] = 0.0
    slope = (m - 1) / max(1, n - 1)
    for i in range(n):
        centre = i * slope
        for j in range(max(0, math.floor(centre - band)), min(m, math.ceil(centre + band) + 1)):
            total[i + 1, j + 1] = cost[i, j] + min(total[i, j], total[i, j + 1], total[i + 1, j])
    path = [(n - 1, m - 1)]
    while path[-1] != (0, 0):
        i, j = path[-1]
        steps = [(i - 1, j - 1), (i - 1, j), (i, j - 1)]
        path.append(min((s for s in steps if s[0] >= 0 and s[1] >= 0), key=lambda s: float(total[s[0] + 1, s[1] + 1])))
    return float(total[n, m]), path[::-1]


def _mean(curves: list[FloatArray]) -> FloatArray:
    stacked = np.array(curves)
    seen = np.isfinite(stacked)
    count = seen.sum(axis=0)
    sums = np.where(seen, stacked, 0.0).sum(axis=0)
    mean: FloatArray = np.where(count > 0, sums / np.maximum(count, 1), np.nan)
    return mean


def _nan_mean(values: FloatArray) -> float:
    seen = values[np.isfinite(values)]
    return float(seen.mean()) if seen.size else 0.0


def _part(phase: int) -> str:
    share = phase / (PHASES - 1)
    if share < 0.12 or share > 0.88:
        return "top"
    if share < 0.38:
        return "descent"
    return "bottom" if share < 0.62 else "ascent"


def _duration_s(reps: Sequence[Repetition]) -> float:
    return float(np.median([rep.end_s - rep.start_s for rep in reps]))
