"""A session as JSON in the shape of Apple's WorkoutKit: a custom workout of warm-up, blocks and cool-down.

The phone's app turns it into a ``CustomWorkout``; names and cases are those of the framework. It knows no ramps and no
blocks inside blocks: a ramp becomes a range from its lower to its higher end, inner repeats are written out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from topform.formats.workouts.steps import Step, UnsupportedSessionError, flat_steps

_ACTIVITIES: Final = {
    "running": ("running", "outdoor"),
    "cycling": ("cycling", "outdoor"),
    "swimming": ("swimming", "indoor"),
    "strength": ("functionalStrengthTraining", "indoor"),
}
_EASY_PCT: Final = 80.0


def workoutkit_composition(session: Mapping[str, Any]) -> dict[str, Any]:
    """Return a session as a WorkoutKit composition.

    Raises
    ------
    UnsupportedSessionError
        For races and for sports without a custom workout.
    """
    if session["kind"] == "race" or session["sport"] not in _ACTIVITIES:
        raise UnsupportedSessionError(
            f"{session['title']} ({session['sport']}) is no custom workout", remedy="Use the calendar for it."
        )
    activity, location = _ACTIVITIES[session["sport"]]
    steps = list(session["steps"])
    warm_up = steps.pop(0) if len(steps) > 1 and _is_easy(steps[0]) else None
    cool_down = steps.pop() if len(steps) > 1 and _is_easy(steps[-1]) else None
    composition: dict[str, Any] = {
        "kind": "custom",
        "activity": activity,
        "location": location,
        "displayName": str(session["title"]),
        "blocks": [_block(step) for step in steps],
    }
    if warm_up is not None:
        composition["warmup"] = _step(warm_up)
    if cool_down is not None:
        composition["cooldown"] = _step(cool_down)
    return composition


def _is_easy(step: Step) -> bool:
    return step["kind"] != "repeat" and not step.get("reps") and max(step.get("intensity_pct") or [0.0]) < _EASY_PCT


def _block(step: Step) -> dict[str, Any]:
    if step["kind"] != "repeat":
        return {"iterations": 1, "steps": [_interval(step)]}
    return {"iterations": int(step["count"]), "steps": [_interval(inner) for inner in flat_steps(step["steps"])]}


def _interval(step: Step) -> dict[str, Any]:
    is_work = bool(step.get("reps")) or max(step.get("intensity_pct") or [0.0]) >= _EASY_PCT
    return {"purpose": "work" if is_work else "recovery", "step": _step(step)}


def _step(step: Step) -> dict[str, Any]:
    document: dict[str, Any] = {
        "goal": {"time": {"value": int(step["duration_s"]), "unit": "seconds"}},
        "displayName": str(step["text"]),
    }
    alert = _alert(step)
    return document if alert is None else document | {"alert": alert}


def _alert(step: Step) -> dict[str, Any] | None:
    names = {
        "power_w": ("powerRange", "watts"),
        "speed_m_s": ("speedRange", "metersPerSecond"),
        "hr_bpm": ("heartRateRange", "beatsPerMinute"),
    }
    target = step.get("target")
    if target not in names:
        return None
    name, unit = names[str(target)]
    low, high = sorted((float(step["low"]), float(step["high"])))
    return {name: {"lower": low, "upper": high, "unit": unit}}
