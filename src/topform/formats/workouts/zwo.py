"""Zwift workout files: XML with durations in seconds and power as a fraction of threshold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree

from topform.formats.workouts.steps import Step, flat_steps, intensity_pct, require_power_session

PAIR = 2


def zwo(session: Mapping[str, Any]) -> bytes:
    """Return a cycling session as a ZWO file.

    Raises
    ------
    UnsupportedSessionError
        For other sports, races and sessions without power targets.
    """
    require_power_session(session, "ZWO")
    root = etree.Element("workout_file")
    for name, text in (
        ("author", "TopForm"),
        ("name", str(session["title"])),
        ("description", str(session["why"])),
        ("sportType", "bike"),
    ):
        etree.SubElement(root, name).text = text
    _fill(etree.SubElement(root, "workout"), session["steps"])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _fill(workout: Any, steps: Iterable[Step]) -> None:
    for step in steps:
        if step["kind"] != "repeat":
            _add(workout, step)
        elif _is_on_off(step):
            on, off = step["steps"]
            element = etree.SubElement(
                workout,
                "IntervalsT",
                Repeat=str(step["count"]),
                OnDuration=str(on["duration_s"]),
                OffDuration=str(off["duration_s"]),
                OnPower=_middle(on),
                OffPower=_middle(off),
            )
            _cadence(element, on)
            _message(element, str(on["text"]))
        else:
            for inner in flat_steps([step]):
                _add(workout, inner)


def _is_on_off(step: Step) -> bool:
    inner = step["steps"]
    return len(inner) == PAIR and all(part["kind"] == "steady" for part in inner)


def _add(workout: Any, step: Step) -> None:
    low, high = intensity_pct(step)
    duration = str(step["duration_s"])
    if step["kind"] == "ramp":
        element = etree.SubElement(
            workout, "Ramp", Duration=duration, PowerLow=_fraction(low), PowerHigh=_fraction(high)
        )
    elif high <= 0:
        element = etree.SubElement(workout, "FreeRide", Duration=duration)
    else:
        element = etree.SubElement(workout, "SteadyState", Duration=duration, Power=_middle(step))
        _cadence(element, step)
    _message(element, str(step["text"]))


def _cadence(element: Any, step: Step) -> None:
    if step.get("cadence_rpm") is not None:
        element.set("Cadence", str(step["cadence_rpm"]))


def _message(element: Any, text: str) -> None:
    if text:
        etree.SubElement(element, "textevent", timeoffset="0", message=text)


def _middle(step: Step) -> str:
    low, high = intensity_pct(step)
    return _fraction((low + high) / 2)


def _fraction(pct: float) -> str:
    return f"{pct / 100:.4g}"
