"""A list of beat-to-beat intervals, one a line."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from topform.core.activity import Leg, Recording, RRIntervals, Streams
from topform.core.arrays import FloatArray
from topform.core.units import MS_PER_S
from topform.formats.errors import StartUnknownError
from topform.formats.findings import Findings, counted
from topform.formats.text.mapping import RR, TableMapping, recognised
from topform.formats.xml_reader import number

SHORTEST_MS, LONGEST_MS = 150.0, 6000.0
ENOUGH_SHARE = 0.8
ENOUGH_LINES = 3
LOOKED_AT = 200


def looks_like_beats(text: str) -> bool:
    """Say whether nearly every line is one interval of a beating heart."""
    lines = [line.strip() for line in text[: LOOKED_AT * 12].splitlines()[:LOOKED_AT] if line.strip()]
    if lines and _is_header(lines[0]):
        lines = lines[1:]
    plausible = sum(SHORTEST_MS <= number(line) <= LONGEST_MS for line in lines)
    return plausible >= ENOUGH_LINES and plausible >= ENOUGH_SHARE * len(lines)


def _is_header(line: str) -> bool:
    column = recognised(line)
    return column is not None and column.target == RR


def read_beats(text: str, *, file: str, mapping: TableMapping) -> Recording:
    """Decode the intervals; lines that hold none are counted and left out."""
    findings = Findings()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if _is_header(lines[0]):
        lines = lines[1:]
    values = np.array([number(line) for line in lines], dtype=np.float64)
    wrong = int(np.count_nonzero(~np.isfinite(values)))
    if wrong:
        findings.add("lines_left_out", f"{counted(wrong, 'line')} without a number left out")
    return beats_only(values[np.isfinite(values)], findings, "rr", file=file, mapping=mapping)


def intervals(rr_ms: FloatArray) -> RRIntervals:
    """Return the intervals from the start on, one after the other."""
    return RRIntervals(t_s=np.cumsum(rr_ms) / MS_PER_S, rr_ms=rr_ms)


def beats_only(
    rr_ms: FloatArray,
    findings: Findings,
    kind: str,
    *,
    file: str,
    mapping: TableMapping,
    started_at: datetime | None = None,
) -> Recording:
    """Return a recording that holds nothing but intervals.

    Raises
    ------
    StartUnknownError
        If nobody says when it began.
    """
    began = started_at if started_at is not None else mapping.started_at
    if began is None:
        raise StartUnknownError(
            "the file counts from zero and does not say when that was",
            file=file,
            remedy='Give the start in a mapping, as {"started_at": "2026-03-01T07:00:00+01:00"}.',
        )
    positive = rr_ms[rr_ms > 0]
    lasted_s = float(positive.sum()) / MS_PER_S
    leg = Leg(
        sport=mapping.sport,
        started_at=began,
        utc_offset_s=mapping.utc_offset_s,
        elapsed_s=lasted_s,
        timer_s=lasted_s,
        streams=Streams(np.empty(0), {}),
        rr=intervals(positive),
    )
    return Recording(format=kind, legs=(leg,), warnings=findings.warnings(), salvaged=findings.salvaged)
