"""From percentages of threshold to the athlete's own watts, paces, heart rates or effort, as plain documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from topform.coaching.goals import PlanSport
from topform.coaching.request import Thresholds
from topform.coaching.workouts.model import Step, StepKind
from topform.core.units import M_PER_KM

MIN_HR_STEP_S: Final = 240
"""Heart rate lags: shorter steps get no heart-rate target. [s]"""

# Upper border of the intensity (% of threshold) -> effort (CR-10) and heart rate (% of threshold heart rate).
_EFFORT_BANDS: Final = {
    PlanSport.RUNNING: (
        (60.0, (1, 2), (55, 68)),
        (71.0, (2, 3), (65, 80)),
        (83.0, (3, 4), (72, 85)),
        (93.0, (5, 6), (84, 94)),
        (101.0, (7, 8), (94, 101)),
        (109.0, (8, 9), (100, 105)),
    ),
    PlanSport.CYCLING: (
        (55.0, (1, 2), (50, 68)),
        (75.0, (3, 4), (69, 83)),
        (90.0, (5, 6), (84, 94)),
        (101.0, (7, 8), (94, 101)),
        (120.0, (8, 9), (100, 105)),
    ),
    PlanSport.SWIMMING: (
        (84.0, (2, 3), (60, 78)),
        (92.0, (3, 4), (70, 84)),
        (97.0, (5, 6), (84, 94)),
        (101.0, (7, 8), (93, 100)),
        (106.0, (8, 9), (98, 104)),
    ),
}
_MAX_EFFORT: Final = ((9, 10), (100, 106))


def step_documents(steps: Sequence[Step], *, sport: PlanSport, thresholds: Thresholds) -> list[dict[str, Any]]:
    """Return the steps as JSON-ready documents with targets in the athlete's units.

    Parameters
    ----------
    steps : sequence of Step
    sport : PlanSport
    thresholds : Thresholds
        Power resolves cycling steps, speed running and swimming steps, heart rate steps of four minutes and more
        where neither is known; effort (CR-10) is always given.

    Returns
    -------
    list of dict
        Each ``{"kind", "duration_s", "target", "low", "high", "intensity_pct", "rpe", "text"}``; a repeat holds
        ``"count"`` and ``"steps"`` instead of targets.
    """
    return [_document(step, sport, thresholds) for step in steps]


def _document(step: Step, sport: PlanSport, thresholds: Thresholds) -> dict[str, Any]:
    if step.kind is StepKind.REPEAT:
        return {
            "kind": step.kind.value,
            "count": step.count,
            "duration_s": step.total_s,
            "text": step.text,
            "steps": [_document(inner, sport, thresholds) for inner in step.steps],
        }
    document: dict[str, Any] = {"kind": step.kind.value, "duration_s": step.duration_s, "text": step.text}
    if step.exercise is not None:
        document["exercise"] = step.exercise
        document["reps"] = step.reps
    if step.high_pct <= 0:
        return document
    target, low, high = _target(step, sport, thresholds)
    document |= {
        "target": target,
        "low": low,
        "high": high,
        "intensity_pct": [round(step.low_pct, 1), round(step.high_pct, 1)],
        "rpe": list(_effort(step, sport)[0]),
    }
    if target == "speed_m_s":
        document["pace"] = _pace_text(low, high, sport)
    if step.cadence_rpm is not None:
        document["cadence_rpm"] = step.cadence_rpm
    return document


def _target(step: Step, sport: PlanSport, thresholds: Thresholds) -> tuple[str, float, float]:
    low, high = step.low_pct / 100.0, step.high_pct / 100.0
    if sport is PlanSport.CYCLING and thresholds.power_w is not None:
        return "power_w", round(low * thresholds.power_w), round(high * thresholds.power_w)
    if sport is not PlanSport.CYCLING and thresholds.speed_m_s is not None:
        return "speed_m_s", round(low * thresholds.speed_m_s, 3), round(high * thresholds.speed_m_s, 3)
    effort, hr_pct = _effort(step, sport)
    if (
        thresholds.hr_bpm is not None
        and step.kind is StepKind.STEADY
        and step.duration_s >= MIN_HR_STEP_S
        and sport is not PlanSport.SWIMMING
    ):
        return "hr_bpm", round(hr_pct[0] / 100 * thresholds.hr_bpm), round(hr_pct[1] / 100 * thresholds.hr_bpm)
    return "rpe", float(effort[0]), float(effort[1])


def _effort(step: Step, sport: PlanSport) -> tuple[tuple[int, int], tuple[int, int]]:
    middle = (step.low_pct + step.high_pct) / 2
    for border, effort, hr_pct in _EFFORT_BANDS[sport]:
        if middle <= border:
            return effort, hr_pct
    return _MAX_EFFORT


def _pace_text(low_m_s: float, high_m_s: float, sport: PlanSport) -> str:
    metres, unit = (100.0, "/100 m") if sport is PlanSport.SWIMMING else (M_PER_KM, "/km")
    first, second = sorted((_clock(metres / low_m_s), _clock(metres / high_m_s)), key=lambda text: (len(text), text))
    return f"{first} {unit}" if first == second else f"{first}-{second} {unit}"


def _clock(seconds: float) -> str:
    minutes, rest_s = divmod(round(seconds), 60)
    return f"{minutes}:{rest_s:02d}"
