"""What a FIT file is for, from its first bytes: an activity, a day of monitoring, a weighing."""

from __future__ import annotations

from typing import Final

ACTIVITY: Final = 4
FILE_ID: Final = 0
TYPE_FIELD: Final = 0
NEITHER_DAYS_NOR_ACTIVITY: Final = frozenset({1, 2, 3, 5, 6, 7, 10, 11, 20, 34, 35, 40})
"""Device, settings, sport, workout, course, schedules, totals, goals, summary, segment, segment list, display."""

DAY_KINDS: Final = {
    9: "weighings",
    14: "blood pressure",
    15: "daily monitoring",
    28: "daily monitoring",
    32: "daily monitoring",
}

DEFINITION_FLAG: Final = 0x40
HEADER_SIZES: Final = (12, 14)
FIELDS_AT: Final = 6


def fit_file_type(head: bytes) -> int | None:
    """Return the type that the file states in its first message, None when it states none or is no FIT file.

    Parameters
    ----------
    head : bytes
        The first 128 bytes are enough for the files of all known makers.
    """
    if len(head) < 14 or head[8:12] != b".FIT" or head[0] not in HEADER_SIZES:
        return None
    start = head[0]
    if len(head) < start + FIELDS_AT or not head[start] & DEFINITION_FLAG:
        return None
    if int.from_bytes(head[start + 3 : start + 5], "big" if head[start + 2] else "little") != FILE_ID:
        return None
    count = head[start + 5]
    fields = head[start + FIELDS_AT : start + FIELDS_AT + 3 * count]
    place = start + FIELDS_AT + 3 * count + 1
    for index in range(0, len(fields) - 2, 3):
        if fields[index] == TYPE_FIELD:
            return head[place] if place < len(head) else None
        place += fields[index + 1]
    return None


def may_hold_days(head: bytes) -> bool:
    """Say whether a FIT file may hold daily values: monitoring, weighings, nights and kinds that are not published."""
    kind = fit_file_type(head)
    return kind is not None and kind != ACTIVITY and kind not in NEITHER_DAYS_NOR_ACTIVITY


def day_kind(head: bytes) -> str | None:
    """Return what a FIT file of days holds, in words; None for other files and kinds that are not published."""
    kind = fit_file_type(head)
    return None if kind is None else DAY_KINDS.get(kind)
