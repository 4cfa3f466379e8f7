"""The plan as a calendar (RFC 5545): one all-day event for each session, stable identifiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from topform.coaching.language import sentence

MAX_LINE_OCTETS: Final = 75


def calendar(
    days: Iterable[Mapping[str, Any]], *, created_at: datetime, name: str = "TopForm", language: str = "en"
) -> bytes:
    """Return the sessions of a plan as an iCalendar file.

    Days are dates without a time zone, so that a session stays on its day wherever the phone is.
    """
    stamp = created_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//TopForm//Training plan//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for day in days:
        when = date.fromisoformat(day["date"])
        for session in day["sessions"]:
            lines += _event(session, when, stamp, language)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) + "\r\n" for line in lines).encode()


def _event(session: Mapping[str, Any], when: date, stamp: str, language: str) -> list[str]:
    summary = f"{session['title']}, {session['minutes']} min"
    load = sentence("export.load", {"load": session["load"]}, language)
    description = "\n".join([*_step_lines(session["steps"], language), "", session["why"], load])
    return [
        "BEGIN:VEVENT",
        f"UID:{session['id']}-{session['sport']}@topform",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{when:%Y%m%d}",
        f"DTEND;VALUE=DATE:{when + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(summary)}",
        f"DESCRIPTION:{_text(description.strip())}",
        f"CATEGORIES:{_text(str(session['sport']))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _step_lines(steps: Iterable[Mapping[str, Any]], language: str, indent: str = "") -> list[str]:
    lines = []
    for step in steps:
        if step["kind"] == "repeat":
            lines.append(indent + sentence("export.times", {"count": step["count"]}, language))
            lines += _step_lines(step["steps"], language, indent + "  ")
            continue
        minutes, seconds = divmod(int(step["duration_s"]), 60)
        lines.append(f"{indent}{minutes}:{seconds:02d} {step['text']}{_target(step, language)}")
    return lines


def _target(step: Mapping[str, Any], language: str) -> str:
    match step.get("target"):
        case "power_w":
            return f" ({step['low']:g}-{step['high']:g} W)"
        case "speed_m_s":
            return f" ({step['pace']})"
        case "hr_bpm":
            return f" ({step['low']:g}-{step['high']:g} bpm)"
        case "rpe":
            return f" ({sentence('export.effort', step, language)})"
        case _:
            return ""


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Fold after at most 75 octets without cutting a character."""
    pieces, piece, octets = [], "", 0
    for character in line:
        size = len(character.encode())
        if octets + size > MAX_LINE_OCTETS:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += character
        octets += size
    return "\r\n".join([*pieces, piece])
