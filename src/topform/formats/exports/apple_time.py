"""Dates as Apple Health writes them: ``2026-03-01 07:30:12 +0100``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache


@lru_cache(maxsize=4096)
def local_day(text: str) -> date | None:
    """Return the calendar day of ``2026-03-01``; None when it is no such text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def epoch_s(text: str) -> float | None:
    """Return the seconds since 1970 of ``2026-03-01 07:30:12 +0100``; None when it is no such text.

    Examples
    --------
    >>> epoch_s("1970-01-01 01:00:01 +0100")
    1.0
    """
    midnight_s = _midnight_s(text[:10], text[20:])
    if midnight_s is None:
        return None
    try:
        return midnight_s + int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:19])
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _midnight_s(day_text: str, zone: str) -> float | None:
    try:
        midnight = datetime.strptime(day_text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return midnight.timestamp() - offset_s("                    " + zone)


def offset_s(text: str) -> int:
    """Return local time minus UTC of such a text, 0 when it names none. [s]"""
    zone = text[20:]
    try:
        seconds = int(zone[1:3]) * 3600 + int(zone[3:5]) * 60
    except ValueError:
        return 0
    return -seconds if zone.startswith("-") else seconds
