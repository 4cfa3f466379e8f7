"""A session as a calendar event of intervals.icu, steps in its workout text; ``external_id`` makes it an upsert.

The text holds percent of threshold power, of threshold pace or of threshold heart rate, so that the service resolves
them with the athlete's values there. It knows one level of repeats: inner ones are written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from topform.formats.workouts.steps import Step, flat_steps, intensity_pct

_TYPES: Final = {
    "running": "Run",
    "cycling": "Ride",
    "swimming": "Swim",
    "strength": "WeightTraining",
    "triathlon": "Triathlon",
}
_UNITS: Final = {"cycling": "%", "running": "% Pace", "swimming": "% Pace"}
_ZERO = "00:00:00"


def intervals_event(session: Mapping[str, Any], *, day: str) -> dict[str, Any]:
    """Return a session of a day as an event for the bulk upsert."""
    is_race = session["kind"] == "race"
    event: dict[str, Any] = {
        "external_id": f"topform-{session['id']}",
        "category": "RACE_A" if is_race else "WORKOUT",
        "start_date_local": f"{day}T{_ZERO}",
        "type": _TYPES[session["sport"]],
        "name": str(session["title"]),
        "moving_time": round(60 * float(session["minutes"])),
        "icu_training_load": round(float(session["load"])),
        "description": str(session["why"]) if is_race else workout_text(session),
    }
    if session.get("distance_m") is not None and is_race:
        event["distance"] = float(session["distance_m"])
    return event


def workout_text(session: Mapping[str, Any]) -> str:
    """Return the steps as the service's workout text: one line a step, a count before a repeated block."""
    unit = _UNITS.get(str(session["sport"]))
    lines: list[str] = []
    for step in session["steps"]:
        if step["kind"] == "repeat":
            lines += ["", f"{step['count']}x", *_lines(flat_steps(step["steps"]), unit), ""]
        else:
            lines += _lines([step], unit)
    text = "\n".join(lines)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.strip()


def _lines(steps: Iterable[Step], unit: str | None) -> list[str]:
    return [" ".join(part for part in ("-", _words(step), _time(step), _target(step, unit)) if part) for step in steps]


def _words(step: Step) -> str:
    """Return the text without what the service would read as a time, a share or a count."""
    words = str(step["text"]).replace("%", "").replace("-", " ").replace("\n", " ")
    return " ".join(word for word in words.split() if not any(letter.isdigit() for letter in word))


def _time(step: Step) -> str:
    minutes, seconds = divmod(int(step["duration_s"]), 60)
    return "".join((f"{minutes}m" if minutes else "", f"{seconds}s" if seconds else ""))


def _target(step: Step, unit: str | None) -> str:
    low, high = intensity_pct(step)
    if unit is None or high <= 0:
        return ""
    span = f"{low:g}{unit}" if low == high else f"{low:g}-{high:g}{unit}"
    cadence = f" {step['cadence_rpm']}rpm" if step.get("cadence_rpm") is not None else ""
    return f"ramp {span}" if step["kind"] == "ramp" else span + cadence
