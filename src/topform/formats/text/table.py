"""Tables with one row a sample."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from topform.core.activity import Channel, Recording
from topform.core.errors import DamagedFileError, NoActivityError, UnknownFormatError
from topform.formats.errors import StartUnknownError
from topform.formats.findings import Findings
from topform.formats.points import PointTrack, leg_of
from topform.formats.text.beats import beats_only
from topform.formats.text.mapping import ELAPSED, INSTANT, RR, Column, TableMapping
from topform.formats.xml_reader import number

DELIMITERS = ",;\t|"
HEADER_WITHIN_LINES = 30
FIRST_ROWS = 10
EPOCH_S, EPOCH_MS = 6e8, 6e11
"""Numbers above are seconds or milliseconds since 1970 (the earliest are of 1989)."""

SPELLED_OUT_FIT = "Type,Local Number,Message,"
"""The header that the conversion tools for FIT files write."""

INSTANT_NAMES = ("time", "instant")
"""One of them is in every header that names an instant."""

LONGEST_QUOTE = 40
SEMICIRCLES = 180 / 2**31
_CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?")


def looks_like_table(text: str) -> bool:
    """Say whether a text starts with a header that names a time and samples, over rows that state an instant."""
    lowered = text.lower()
    if not any(name in lowered for name in INSTANT_NAMES):
        return False
    found = _header(text, TableMapping())
    if found is None:
        return False
    lines, delimiter, columns = found
    try:
        rows = _rows(lines[:FIRST_ROWS], delimiter, columns, TableMapping(), file="")
    except DamagedFileError:
        return False
    return any(number(when) > EPOCH_S or _iso(when) is not None for when, _ in rows)


def read_table(text: str, *, file: str, mapping: TableMapping) -> Recording | None:
    """Decode a table, None when no line names columns that are known.

    Raises
    ------
    UnknownFormatError
        If the table is a FIT file spelled out.
    StartUnknownError
        If time counts from zero and the mapping does not say when that was.
    NoActivityError, DamagedFileError
        If no row holds a sample, or the rows cannot be told apart.
    """
    if text.startswith(SPELLED_OUT_FIT):
        raise UnknownFormatError(
            "the table spells out a FIT file message by message", file=file, remedy="Import the FIT file itself."
        )
    found = _header(text, mapping)
    if found is None:
        return None
    lines, delimiter, columns = found
    findings = Findings()
    unsure = sorted(str(column.target) for column in columns.values() if not column.has_unit)
    if unsure:
        findings.add("unit_assumed", f"no unit is given for {', '.join(unsure)}; metres and seconds were taken")
    rows = _rows(lines, delimiter, columns, mapping, file=file)
    if any(column.target == RR for column in columns.values()) and not _has_time(rows):
        rr_ms = np.array([row.get(RR, np.nan) for _, row in rows], dtype=np.float64)
        return beats_only(rr_ms[np.isfinite(rr_ms)], findings, "csv", file=file, mapping=mapping)
    track = PointTrack()
    start_s = None if mapping.started_at is None else mapping.started_at.timestamp()
    for when, values in rows:
        instant = _instant(when, values.pop(ELAPSED, np.nan), start_s, mapping, findings, file=file)
        values.pop(RR, None)
        track.add(instant, values, 0)
    _from_semicircles(track)
    leg = leg_of(track, (mapping.sport, None), findings, utc_offset_s=mapping.utc_offset_s)
    if leg is None or not leg.streams.channels:
        raise _without_times(rows, file=file)
    return Recording(format="csv", legs=(leg,), warnings=findings.warnings())


def _without_times(rows: Sequence[_Row], *, file: str) -> NoActivityError:
    """Say why no row became a sample: no time, or one that cannot be read."""
    unread = next((when for when, _ in rows if when), None)
    if unread is None:
        return NoActivityError(
            "no row of the table holds a sample with a time",
            file=file,
            remedy="Name the columns of time and samples in a mapping.",
        )
    return NoActivityError(
        f"no time of the table can be read (the first is {unread[:LONGEST_QUOTE]!r})",
        file=file,
        remedy="Write times as 2026-03-01T07:00:00+01:00, as seconds since 1970 or from the start.",
    )


_Row = tuple[str, dict[Channel | str, float]]


def _has_time(rows: Sequence[_Row]) -> bool:
    return any(
        ELAPSED in values or number(when) > EPOCH_S or _iso(when) is not None for when, values in rows[:FIRST_ROWS]
    )


def _header(text: str, mapping: TableMapping) -> tuple[list[str], str, dict[int, Column]] | None:
    """Return the lines from the header on, the delimiter, and what is known of the columns."""
    lines = text.splitlines()
    for place, line in enumerate(lines[:HEADER_WITHIN_LINES]):
        for delimiter in mapping.delimiter or DELIMITERS:
            if delimiter not in line:
                continue
            cells = _cells(line.lstrip("#"), delimiter)
            columns = {at: column for at, cell in enumerate(cells) if (column := mapping.column(cell)) is not None}
            targets = {column.target for column in columns.values()}
            is_timed = bool(targets & {INSTANT, ELAPSED}) and len(targets) > 1
            if is_timed or (RR in targets and len(cells) > 1):
                return lines[place + 1 :], delimiter, columns
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _rows(
    lines: Sequence[str], delimiter: str, columns: dict[int, Column], mapping: TableMapping, *, file: str
) -> list[_Row]:
    """Return the cell with the instant and the numbers of each row."""
    has_comma = mapping.decimal == "," or (mapping.decimal is None and delimiter != ",")
    rows: list[_Row] = []
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            when = ""
            values: dict[Channel | str, float] = {}
            for at, column in columns.items():
                cell = cells[at].strip() if at < len(cells) else ""
                if column.target == INSTANT:
                    when = cell
                elif cell:
                    value = number(cell.replace(",", ".") if has_comma else cell)
                    if np.isnan(value) and column.target == ELAPSED:
                        value = _clock_s(cell)
                    values[column.target] = value * column.factor + column.offset
            if when or values:
                rows.append((when, values))
    except csv.Error as failure:
        raise DamagedFileError(f"the table is damaged ({failure})", file=file, remedy="Export it again.") from failure
    return rows


def _instant(
    when: str, elapsed_s: float, start_s: float | None, mapping: TableMapping, findings: Findings, *, file: str
) -> float:
    """Return the seconds since 1970 that a row states."""
    value = number(when)
    if value > EPOCH_MS:
        return value / 1000
    if value > EPOCH_S:
        return value
    if (instant := _iso(when)) is not None:
        if instant.tzinfo is None:
            if mapping.utc_offset_s is None:
                findings.add("time_zone_unknown", "the table holds local time without a zone; it was taken as UTC")
            instant = instant.replace(tzinfo=UTC) - timedelta(seconds=mapping.utc_offset_s or 0)
        return instant.timestamp()
    since_s = next((one for one in (value, _clock_s(when), elapsed_s) if np.isfinite(one)), np.nan)
    if np.isnan(since_s):
        return np.nan
    if start_s is None:
        raise StartUnknownError(
            "the table counts time from zero and does not say when that was",
            file=file,
            remedy='Give the start in a mapping, as {"started_at": "2026-03-01T07:00:00+01:00"}.',
        )
    return start_s + since_s


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip()) if len(text) >= 16 else None
    except ValueError:
        return None


def _clock_s(text: str) -> float:
    """Return ``1:02:03.5`` or ``62:03`` in seconds."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return np.nan
    first, second, third = match.groups()
    if third is None:
        return int(first) * 60.0 + int(second)
    return int(first) * 3600.0 + int(second) * 60.0 + float(third.replace(",", "."))


def _from_semicircles(track: PointTrack) -> None:
    """Turn positions that are far beyond degrees into degrees: tables of FIT tools hold the raw numbers."""
    for name in (Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG):
        column = np.array(track.columns.get(name, []), dtype=np.float64)
        if column.size and np.isfinite(column).any() and np.nanmax(np.abs(column)) > 1000:
            track.columns[name] = (column * SEMICIRCLES).tolist()
