"""Workouts that the app read from the health store of a phone, each kept as the document that the phone sent.

Times in it are seconds since the start; the pulse and the route stand apart, as the phone keeps them, and are brought
onto one axis here, in the same way as those of an export of the store.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from topform.core.activity import Channel, Leg, Pause, Recording, Streams
from topform.core.arrays import FloatArray
from topform.core.errors import DamagedFileError, InvalidInputError
from topform.formats.exports.session_document import SUMMARY_ONLY
from topform.formats.exports.session_streams import joined_streams
from topform.formats.findings import Findings
from topform.formats.sports import sport_of
from topform.formats.track import build_streams

MARK: Final = "topform_phone_workout"
VERSION: Final = 1
START: Final = f'{{"{MARK}":'.encode()
SOURCES: Final = ("apple_health", "health_connect")
LONGEST_S: Final = 7 * 86_400.0
LARGEST_OFFSET_S: Final = 18 * 3600
ROUTE_CHANNELS: Final = (Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG, Channel.ALTITUDE_M)


def looks_like_phone_workout(content: bytes) -> bool:
    """Say whether the content is such a document."""
    return content.startswith(START)


def read_phone_workout(content: bytes, *, file: str) -> Recording:
    """Read such a document.

    Raises
    ------
    DamagedFileError
        If it is cut or does not hold what it must.
    """
    try:
        document = json.loads(content)
        if document[MARK] != VERSION or document["source"] not in SOURCES:
            raise ValueError(f"version {document[MARK]} of {document['source']} is not known")
        leg = _leg(document)
        maker = _text(document.get("device")) or _text(document.get("app"))
        return Recording(
            format=document["source"],
            legs=(leg,),
            title=_text(document.get("title")),
            device={"name": maker} if maker else {},
            warnings=() if len(leg.streams) else (SUMMARY_ONLY,),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, InvalidInputError, RecursionError) as error:
        raise DamagedFileError(
            f"the workout of a phone is damaged ({error})", file=file, remedy="Read it from the phone again."
        ) from error


def _leg(document: Mapping[str, Any]) -> Leg:
    started_at, ended_at = (_instant(document[key]) for key in ("started_at", "ended_at"))
    elapsed_s = (ended_at - started_at).total_seconds()
    if not 0 < elapsed_s <= LONGEST_S:
        raise ValueError("the workout has no plausible start and end")
    sport, sub_sport = sport_of(_text(document.get("sport")), _text(document.get("sub_sport")))
    duration_s = _number(document.get("duration_s"))
    energy_kj = _number(document.get("energy_kj"))
    return Leg(
        sport=sport,
        sub_sport=sub_sport,
        started_at=started_at,
        utc_offset_s=_offset_s(document.get("utc_offset_s")),
        elapsed_s=elapsed_s,
        timer_s=elapsed_s if duration_s is None else min(duration_s, elapsed_s),
        distance_m=_number(document.get("distance_m")) or None,
        ascent_m=_number(document.get("ascent_m")),
        pauses=tuple(_pauses(document.get("pauses") or (), elapsed_s)),
        device_summary={} if energy_kj is None else {"energy_kj": energy_kj},
        streams=_streams(document, started_at.timestamp(), elapsed_s),
    )


def _streams(document: Mapping[str, Any], start_s: float, elapsed_s: float) -> Streams:
    pulse = _table(document.get("heart_rate"), 2, elapsed_s)
    route = _table(document.get("route"), 1 + len(ROUTE_CHANNELS), elapsed_s)
    track = None
    if len(route):
        track = build_streams(route[:, 0], dict(zip(ROUTE_CHANNELS, route.T[1:], strict=True)), Findings())
    series = {Channel.HR_BPM: (pulse[:, 0] + start_s, pulse[:, 1])} if len(pulse) else {}
    return joined_streams(series, start_s=start_s, track=track)


def _table(rows: Any, columns: int, elapsed_s: float) -> FloatArray:
    """Return the rows within the workout in order of time; what is missing in a row is NaN."""
    if not rows:
        return np.empty((0, columns))
    taken = [[math.nan if value is None else float(value) for value in row] for row in rows]
    table = np.array(taken, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != columns:
        raise ValueError(f"a row of samples has not {columns} columns")
    inside = table[(table[:, 0] >= 0) & (table[:, 0] <= elapsed_s + 1)]
    return inside[np.argsort(inside[:, 0], kind="stable")]


def _pauses(pairs: Sequence[Sequence[float]], elapsed_s: float) -> list[Pause]:
    found = [(max(float(start), 0.0), min(float(end), elapsed_s)) for start, end in pairs]
    return [Pause(start, end) for start, end in sorted(found) if end > start]


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.utcoffset() is None:
        raise ValueError("a time carries no zone")
    return at.astimezone(UTC)


def _offset_s(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) and abs(value) <= LARGEST_OFFSET_S else None


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
    return float(value) if known else None


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
