"""A session as JSON in the shape of Health Connect's planned exercise: a record of blocks, steps, goals and targets.

The phone's app turns it into a ``PlannedExerciseSessionRecord``; names are those of the Android library. A block is
repeated as a whole, so repeats inside repeats are written out, and a ramp becomes a range.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from topform.formats.workouts.steps import Step, UnsupportedSessionError, flat_steps

_SESSIONS: Final = {
    "running": ("EXERCISE_TYPE_RUNNING", "EXERCISE_SEGMENT_TYPE_RUNNING"),
    "cycling": ("EXERCISE_TYPE_BIKING", "EXERCISE_SEGMENT_TYPE_BIKING"),
    "swimming": ("EXERCISE_TYPE_SWIMMING_POOL", "EXERCISE_SEGMENT_TYPE_SWIMMING_FREESTYLE"),
    "strength": ("EXERCISE_TYPE_STRENGTH_TRAINING", "EXERCISE_SEGMENT_TYPE_UNKNOWN"),
}
_SEGMENTS: Final = {
    "squat": "EXERCISE_SEGMENT_TYPE_SQUAT",
    "lunge": "EXERCISE_SEGMENT_TYPE_LUNGE",
    "pull_up": "EXERCISE_SEGMENT_TYPE_PULL_UP",
    "plank": "EXERCISE_SEGMENT_TYPE_PLANK",
    "burpee": "EXERCISE_SEGMENT_TYPE_BURPEE",
    "sit_up": "EXERCISE_SEGMENT_TYPE_SIT_UP",
}
_EASY_PCT: Final = 80.0


def health_connect_session(session: Mapping[str, Any], *, day: str) -> dict[str, Any]:
    """Return a session of a day as a planned exercise.

    Raises
    ------
    UnsupportedSessionError
        For races and for sports that the record does not know.
    """
    if session["kind"] == "race" or session["sport"] not in _SESSIONS:
        raise UnsupportedSessionError(
            f"{session['title']} ({session['sport']}) is no planned exercise", remedy="Use the calendar for it."
        )
    exercise, segment = _SESSIONS[session["sport"]]
    steps = list(session["steps"])
    return {
        "startDate": day,
        "durationSeconds": round(60 * float(session["minutes"])),
        "exerciseType": exercise,
        "title": str(session["title"]),
        "notes": str(session["why"]),
        "clientRecordId": f"topform-{session['id']}",
        "blocks": [_block(step, segment, place, len(steps)) for place, step in enumerate(steps)],
    }


def _block(step: Step, segment: str, place: int, count: int) -> dict[str, Any]:
    if step["kind"] == "repeat":
        inner = [_step(part, segment, "ACTIVE") for part in flat_steps(step["steps"])]
        return {"repetitions": int(step["count"]), "description": str(step.get("text") or ""), "steps": inner}
    is_easy = not step.get("reps") and max(step.get("intensity_pct") or [0.0]) < _EASY_PCT
    phase = "ACTIVE"
    if is_easy and count > 1 and place in (0, count - 1):
        phase = "WARMUP" if place == 0 else "COOLDOWN"
    return {"repetitions": 1, "description": "", "steps": [_step(step, segment, phase)]}


def _step(step: Step, segment: str, phase: str) -> dict[str, Any]:
    is_rest = not step.get("reps") and not step.get("intensity_pct")
    if phase == "ACTIVE" and (is_rest or 0 < max(step.get("intensity_pct") or [0.0]) < _EASY_PCT):
        phase = "REST" if is_rest else "RECOVERY"
    goal: dict[str, Any] = {"type": "DurationGoal", "seconds": int(step["duration_s"])}
    if step.get("reps"):
        goal = {"type": "RepetitionsGoal", "repetitions": int(step["reps"])}
    return {
        "exerciseType": _SEGMENTS.get(str(step.get("exercise")), segment),
        "exercisePhase": f"EXERCISE_PHASE_{phase}",
        "completionGoal": goal,
        "performanceTargets": _targets(step),
        "description": str(step["text"]),
    }


def _targets(step: Step) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if step.get("target") in {"power_w", "speed_m_s", "hr_bpm"}:
        low, high = sorted((float(step["low"]), float(step["high"])))
        match step["target"]:
            case "power_w":
                found.append({"type": "PowerTarget", "minWatts": low, "maxWatts": high})
            case "speed_m_s":
                found.append({"type": "SpeedTarget", "minMetersPerSecond": low, "maxMetersPerSecond": high})
            case _:
                found.append({"type": "HeartRateTarget", "minBpm": low, "maxBpm": high})
    elif step.get("rpe"):
        found.append({"type": "RateOfPerceivedExertionTarget", "rpe": int(step["rpe"][-1])})
    if step.get("cadence_rpm") is not None:
        cadence = float(step["cadence_rpm"])
        found.append({"type": "CadenceTarget", "minRpm": cadence - 5, "maxRpm": cadence + 5})
    return found
