"""Compares a set with a reference performance: where in the repetition, and which joint, differs by how much.

Angles and timing are compared, never positions: a reference of another build is a guide, not a target.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import InvalidInputError
from topform.kinematics.form_analysis import Decision, Repetition, ViewName
from topform.kinematics.observation import FrameObservation

PHASES: Final = 64
SHOWN_PHASES: Final = 16
"""Into how many parts the deviation over a repetition is summed up for people."""

BAND_FRAC: Final = 0.125
"""Sakoe-Chiba band: how far, as a part of a repetition, moments may be matched apart."""

COST_SCALE_DEG: Final = 10.0
MIN_GOOD_REPS: Final = 5
"""Fewer good repetitions of the athlete say too little about how much theirs vary."""

MAX_GOOD_REPS: Final = 60
MIN_COVERAGE: Final = 0.5

JOINTS: Final[dict[str, Callable[[FrameObservation], float]]] = {
    "elbow": lambda frame: frame.near_arm.elbow_deg,
    "upper_arm": lambda frame: frame.near_arm.upper_arm_deg,
    "body_line": lambda frame: frame.body_line_deg,
    "trunk": lambda frame: frame.trunk_inclination_deg,
    "neck": lambda frame: frame.neck_deg,
}
JOINTS_ALONG: Final = frozenset({"elbow", "upper_arm"})
"""What a camera that looks along the body shows too."""

PARTS: Final = ("descent", "bottom", "ascent", "top")


@dataclass(frozen=True, slots=True, eq=False)
class RepCurve:
    """One repetition as joint angles over its own time.

    Parameters
    ----------
    index : int
        Place in the set from 1.
    duration_s : float
        From leaving the top to reaching it again. [s]
    is_good : bool
        Counted, judged, and without a fault.
    score : float or None
        0..100, as the form check gave it.
    angles_deg : ndarray of float64, shape (joints, 64)
        In the order of `JOINTS`; NaN where a joint was not seen. [deg]
    """

    index: int
    duration_s: float
    is_good: bool
    score: float | None
    angles_deg: FloatArray

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form that is stored."""
        return {
            "index": self.index,
            "duration_s": round(self.duration_s, 3),
            "is_good": self.is_good,
            "score": None if self.score is None else round(self.score, 1),
            "angles_deg": {
                joint: _plain(row) for joint, row in zip(JOINTS, self.angles_deg, strict=True) if np.isfinite(row).any()
            },
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> RepCurve:
        """Return the repetition of a plain form; joints that it lacks were not seen."""
        rows = [
            np.array([np.nan if value is None else value for value in stored["angles_deg"].get(joint, [None] * PHASES)])
            for joint in JOINTS
        ]
        return cls(
            index=int(stored["index"]),
            duration_s=float(stored["duration_s"]),
            is_good=bool(stored["is_good"]),
            score=stored["score"],
            angles_deg=np.array(rows, dtype=np.float64),
        )


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
    by_phase_deg : tuple of float or None
        The same in 16 equal parts of the reference's time, None where not seen. [deg]
    """

    joint: str
    mean_deg: float
    by_part_deg: dict[str, float]
    by_phase_deg: tuple[float | None, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "joint": self.joint,
            "mean_deg": round(self.mean_deg, 1),
            "by_part_deg": {part: round(value, 1) for part, value in self.by_part_deg.items()},
            "by_phase_deg": [None if value is None else round(value, 1) for value in self.by_phase_deg],
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
        Share of good repetitions that lie at least as far from the reference; None for fewer than five.
    tempo_ratio : float
        Time of a repetition over that of the reference.
    joints : tuple of JointDeviation
        The largest difference first.
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
        Their complete repetitions; those of the reference say how much good repetitions vary.

    Raises
    ------
    InvalidInputError
        If one of them holds no repetition whose joints were seen.
    """
    curves, references = rep_curves(frames, reps), rep_curves(reference_frames, reference_reps)
    _require(curves, "recording")
    _require(references, "reference")
    return compare_curves(curves, references, good=references)


def compare_curves(
    reps: Sequence[RepCurve],
    reference: Sequence[RepCurve],
    *,
    good: Sequence[RepCurve] = (),
    view: ViewName = ViewName.SIDE,
) -> Comparison:
    """Compare repetitions with those of a reference.

    Parameters
    ----------
    reps, reference : sequence of RepCurve
        At least one of each; their means are compared.
    good : sequence of RepCurve
        The athlete's own good repetitions, or the reference's where it is the athlete's own recording: how far they lie
        from the reference tells what a distance means.
    view : ViewName
        Camera's place; where it looks along the body only the arms are compared.

    Raises
    ------
    InvalidInputError
        If no joint was seen in both.

    Notes
    -----
    Each repetition is resampled to 64 phases between leaving and reaching the top. The mean repetitions are aligned by
    dynamic time warping within a Sakoe-Chiba band of 12.5 %; the cost of a moment is the mean over joints of the
    squared difference in units of 10 degrees. The similarity is an empirical quantile, not a fixed scale: the share of
    the good repetitions that lie at least as far from the reference.
    """
    _require(reps, "recording")
    _require(reference, "reference")
    shown = _shown_joints(view)
    mine, theirs = _mean(reps)[shown], _mean(reference)[shown]
    if not np.isfinite(mine - theirs).any():
        raise InvalidInputError(
            "No joint was seen both in the recording and in the reference",
            remedy="Use a reference that was filmed from the same side.",
        )
    distance, path = align(mine, theirs)
    similarity = None
    known = [rep for rep in good if np.isfinite(rep.angles_deg[shown] - theirs).any()][-MAX_GOOD_REPS:]
    if len(known) >= MIN_GOOD_REPS:
        apart = [align(rep.angles_deg[shown], theirs)[0] for rep in known]
        similarity = float(np.mean([other >= distance for other in apart]))
    return Comparison(
        reps=len(reps),
        reference_reps=len(reference),
        distance=distance,
        similarity=similarity,
        tempo_ratio=_duration_s(reps) / _duration_s(reference),
        joints=_deviations(mine, theirs, path, [joint for joint, keep in zip(JOINTS, shown, strict=True) if keep]),
    )


def best_rep(reps: Sequence[RepCurve]) -> RepCurve | None:
    """Return the repetition to hold others against: the highest score, then the nearest to the usual one.

    Parameters
    ----------
    reps : sequence of RepCurve
        Complete repetitions; None is returned where none of them is good.
    """
    good = [rep for rep in reps if rep.is_good]
    if not good:
        return None
    usual = _mean(good)
    return min(good, key=lambda rep: (-round(rep.score or 0.0), align(rep.angles_deg, usual)[0]))


def rep_curves(frames: Sequence[FrameObservation], reps: Iterable[Repetition]) -> list[RepCurve]:
    """Return each repetition's joint angles at 64 phases; repetitions seen in fewer than four frames are left out."""
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
        curves.append(
            RepCurve(
                index=rep.index,
                duration_s=rep.end_s - rep.start_s,
                is_good=is_good(rep),
                score=rep.score,
                angles_deg=np.array(rows),
            )
        )
    return curves


def is_good(rep: Repetition) -> bool:
    """Return whether a repetition counts, could be judged, and shows no fault."""
    has_fault = any(finding.decision is Decision.FAULT for finding in rep.findings)
    return rep.is_complete and rep.score is not None and not has_fault


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


def _require(curves: Sequence[RepCurve], which: str) -> None:
    if not curves:
        raise InvalidInputError(
            f"The {which} holds no complete repetition to compare",
            remedy="Use a recording with at least one full repetition, seen from the same side.",
        )


def _shown_joints(view: ViewName) -> np.ndarray:
    along = view in (ViewName.FRONT, ViewName.REAR, ViewName.TOP)
    return np.array([not along or joint in JOINTS_ALONG for joint in JOINTS])


def _deviations(
    mine: FloatArray, theirs: FloatArray, path: list[tuple[int, int]], joints: Sequence[str]
) -> tuple[JointDeviation, ...]:
    matched = np.array([mine[:, i] - theirs[:, j] for i, j in path])
    phase = np.array([j for _, j in path])
    parts = np.array([_part(j) for j in phase])
    shown = phase * SHOWN_PHASES // PHASES
    found = []
    for index, joint in enumerate(joints):
        differences = matched[:, index]
        if not np.isfinite(differences).any():
            continue
        by_phase = [_nan_mean(differences[shown == place]) for place in range(SHOWN_PHASES)]
        found.append(
            JointDeviation(
                joint=joint,
                mean_deg=_nan_mean(differences) or 0.0,
                by_part_deg={part: _nan_mean(differences[parts == part]) or 0.0 for part in PARTS},
                by_phase_deg=tuple(by_phase),
            )
        )
    return tuple(sorted(found, key=lambda one: -max(abs(value) for value in one.by_part_deg.values())))


def _mean(curves: Sequence[RepCurve]) -> FloatArray:
    stacked = np.array([curve.angles_deg for curve in curves])
    seen = np.isfinite(stacked)
    count = seen.sum(axis=0)
    sums = np.where(seen, stacked, 0.0).sum(axis=0)
    mean: FloatArray = np.where(count > 0, sums / np.maximum(count, 1), np.nan)
    return mean


def _nan_mean(values: FloatArray) -> float | None:
    seen = values[np.isfinite(values)]
    return float(seen.mean()) if seen.size else None


def _part(phase: int) -> str:
    share = phase / (PHASES - 1)
    if share < 0.12 or share > 0.88:
        return "top"
    if share < 0.38:
        return "descent"
    return "bottom" if share < 0.62 else "ascent"


def _duration_s(reps: Sequence[RepCurve]) -> float:
    return float(np.median([rep.duration_s for rep in reps]))


def _plain(row: FloatArray) -> list[float | None]:
    return [round(float(value), 1) if math.isfinite(value) else None for value in row]
