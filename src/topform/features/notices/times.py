"""When a device is told: quiet hours, the daily digest and the reminder, in the athlete's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from topform.features.notices.kinds import AT_ONCE

Digest = Literal["at_once", "daily"]


@dataclass(frozen=True, slots=True)
class Habits:
    """When an athlete wants to be told; minutes count from midnight of their day."""

    quiet_from_min: int | None
    quiet_to_min: int | None
    digest: Digest
    digest_min: int


def is_quiet(minute: int, *, quiet_from_min: int | None, quiet_to_min: int | None) -> bool:
    """Tell whether a minute of the day lies in the quiet hours, which may go over midnight.

    Examples
    --------
    >>> [is_quiet(minute, quiet_from_min=1320, quiet_to_min=420) for minute in (1319, 1320, 0, 419, 420)]
    [False, True, True, True, False]
    """
    if quiet_from_min is None or quiet_to_min is None:
        return False
    if quiet_from_min <= quiet_to_min:
        return quiet_from_min <= minute < quiet_to_min
    return minute >= quiet_from_min or minute < quiet_to_min


def next_at(after: datetime, minute: int, zone: ZoneInfo) -> datetime:
    """Return the next moment after another at which clocks of the zone show a minute of the day.

    A minute that the clocks jump over comes as much later as they jump; one that they show twice comes the first time.
    """
    day = after.astimezone(zone).date()
    for ahead in range(3):
        at = _moment(day + timedelta(days=ahead), minute, zone)
        if at > after:
            return at
    raise AssertionError("unreachable")


def release_at(now: datetime, kind: str, habits: Habits, zone: ZoneInfo) -> datetime:
    """Return when devices are told of something: now, after the quiet hours, or with the next digest."""
    if kind in AT_ONCE:
        return now
    at = next_at(now, habits.digest_min, zone) if habits.digest == "daily" else now
    quiet_from, quiet_to = habits.quiet_from_min, habits.quiet_to_min
    if quiet_to is not None and is_quiet(minute_of(at, zone), quiet_from_min=quiet_from, quiet_to_min=quiet_to):
        return next_at(at, quiet_to, zone)
    return at


def minute_of(at: datetime, zone: ZoneInfo) -> int:
    """Return the minute of the day that clocks of a zone show."""
    local = at.astimezone(zone)
    return local.hour * 60 + local.minute


def _moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone).astimezone(UTC)
