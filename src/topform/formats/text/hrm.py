"""Polar's HRM files: sections in brackets, one row a sample or one interval between beats a row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from topform.core.activity import Channel, Recording
from topform.core.errors import DamagedFileError, NoActivityError
from topform.formats.findings import Findings
from topform.formats.points import CADENCE, PointTrack, leg_of
from topform.formats.text.beats import beats_only
from topform.formats.text.mapping import TableMapping
from topform.formats.xml_reader import number

BEATS_INTERVAL = 238
LONGEST_INTERVAL_S = 120
SPEED_STEP = 0.1
M_S_PER_KM_H, M_S_PER_MPH = 1 / 3.6, 0.44704
M_PER_FT = 0.3048
SMODE_SPEED, SMODE_CADENCE, SMODE_ALTITUDE, SMODE_POWER, SMODE_IMPERIAL = 0, 1, 2, 3, 7


def looks_like_hrm(text: str) -> bool:
    """Say whether the text starts with the section of parameters."""
    return text.lstrip()[:8].lower() == "[params]"


def read_hrm(text: str, *, file: str, mapping: TableMapping) -> Recording:
    """Decode an HRM file.

    Raises
    ------
    DamagedFileError
        If date or interval are missing.
    NoActivityError
        If there is no row of data.
    """
    findings = Findings()
    sections = _sections(text)
    params = dict(line.partition("=")[::2] for line in sections.get("params", []) if "=" in line)
    started_at = _start(params, file=file)
    if mapping.utc_offset_s is None:
        findings.add("time_zone_unknown", "the file holds local time without a zone; it was taken as UTC")
    else:
        started_at -= timedelta(seconds=mapping.utc_offset_s)
    rows = [line.split() for line in sections.get("hrdata", [])]
    interval_s = number(params.get("Interval"))
    if interval_s == BEATS_INTERVAL:
        rr_ms = np.array([number(row[0]) for row in rows], dtype=np.float64)
        rr_ms = rr_ms[np.isfinite(rr_ms)]
        if rr_ms.size:
            return beats_only(rr_ms, findings, "hrm", file=file, mapping=mapping, started_at=started_at)
    elif not 0 < interval_s <= LONGEST_INTERVAL_S:
        raise DamagedFileError("the interval between samples is missing", file=file, remedy="Export the file again.")
    track = _track(rows, params, started_at.timestamp(), interval_s)
    leg = leg_of(track, (mapping.sport, None), findings, utc_offset_s=mapping.utc_offset_s)
    if leg is None:
        raise NoActivityError("the file holds no row of data", file=file, remedy="Choose a finished recording.")
    return Recording(format="hrm", legs=(leg,), warnings=findings.warnings())


def _sections(text: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1].lower(), [])
        elif line:
            current.append(line)
    return sections


def _start(params: dict[str, str], *, file: str) -> datetime:
    text = f"{params.get('Date', '').strip()} {params.get('StartTime', '').strip().partition('.')[0]}"
    try:
        return datetime.strptime(text, "%Y%m%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError as failure:
        raise DamagedFileError(
            "date and start time are missing", file=file, remedy="Export the file again."
        ) from failure


def _track(rows: list[list[str]], params: dict[str, str], start_s: float, interval_s: float) -> PointTrack:
    """Return the rows; which columns there are is told by the digits of SMode."""
    mode = params.get("SMode", "").strip().ljust(9, "0")
    is_imperial = mode[SMODE_IMPERIAL] == "1"
    columns: list[tuple[Channel | str, float]] = [(Channel.HR_BPM, 1.0)]
    if mode[SMODE_SPEED] == "1":
        columns.append((Channel.SPEED_M_S, SPEED_STEP * (M_S_PER_MPH if is_imperial else M_S_PER_KM_H)))
    if mode[SMODE_CADENCE] == "1":
        columns.append((CADENCE, 1.0))
    if mode[SMODE_ALTITUDE] == "1":
        columns.append((Channel.ALTITUDE_M, M_PER_FT if is_imperial else 1.0))
    if mode[SMODE_POWER] == "1":
        columns.append((Channel.POWER_W, 1.0))
    track = PointTrack()
    for place, row in enumerate(rows):
        values = {name: number(cell) * factor for (name, factor), cell in zip(columns, row, strict=False)}
        track.add(start_s + place * interval_s, values, 0)
    return track
