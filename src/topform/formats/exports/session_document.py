"""Activities that have no file of their own, kept as a small JSON document.

Some exports hold workouts as entries of one huge file. What is read of such an entry is written down as a document of
its own, so that it can be stored, downloaded and read again like any activity file. The same entry always gives the
same bytes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from topform.core.activity import Channel, FileWarning, Lap, Leg, Pause, PowerSource, Recording, Sport, Streams
from topform.core.arrays import FloatArray
from topform.core.errors import DamagedFileError, InvalidInputError

MARK = "topform_session"
VERSION = 1
DECIMALS = {Channel.LATITUDE_DEG: 7, Channel.LONGITUDE_DEG: 7}
START = f'{{"{MARK}":'.encode()


def looks_like_session(content: bytes) -> bool:
    """Say whether the content is such a document."""
    return content.startswith(START)


def encode_session(leg: Leg, *, format: str, title: str | None, entry: Mapping[str, Any]) -> bytes:
    """Return the document of an activity with one leg; ``entry`` is what the source said, kept for the record."""
    document = {
        MARK: VERSION,
        "format": format,
        "title": title,
        "sport": leg.sport.value,
        "sub_sport": leg.sub_sport,
        "started_at": leg.started_at.astimezone(UTC).isoformat(),
        "utc_offset_s": leg.utc_offset_s,
        "elapsed_s": round(leg.elapsed_s, 3),
        "timer_s": round(leg.timer_s, 3),
        "distance_m": leg.distance_m,
        "ascent_m": leg.ascent_m,
        "laps": [[round(lap.start_s, 3), round(lap.elapsed_s, 3)] for lap in leg.laps],
        "pauses": [[round(pause.start_s, 3), round(pause.end_s, 3)] for pause in leg.pauses],
        "device_summary": dict(leg.device_summary),
        "t_s": _plain(leg.streams.t_s, 3),
        "channels": {
            name.value: _plain(values, DECIMALS.get(name, 3)) for name, values in leg.streams.channels.items()
        },
        "entry": dict(entry),
    }
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(values: FloatArray, decimals: int) -> list[float | None]:
    return [None if math.isnan(value) else value for value in np.round(values, decimals).tolist()]


def read_session(content: bytes, *, file: str) -> Recording:
    """Read such a document.

    Raises
    ------
    DamagedFileError
        If it is cut or does not hold what it must.
    """
    try:
        document = json.loads(content)
        if document[MARK] != VERSION:
            raise ValueError(f"version {document[MARK]} is not known")
        leg = replace(_leg(document), power_source=_power_source(document))
        device = {str(key): value for key, value in document["entry"].items() if isinstance(value, str)}
        return Recording(
            format=str(document["format"]),
            legs=(leg,),
            title=document["title"],
            device={"name": device.get("device")} if "device" in device else {},
            warnings=() if len(leg.streams) else (SUMMARY_ONLY,),
        )
    except (ValueError, KeyError, TypeError, AttributeError, InvalidInputError, RecursionError) as failure:
        raise DamagedFileError(
            f"the session document is damaged ({failure})", file=file, remedy="Import the export again."
        ) from failure


SUMMARY_ONLY = FileWarning("summary_only", "the source kept only the summary of this activity, no course of values")


def _leg(document: Mapping[str, Any]) -> Leg:
    axis = _array(document["t_s"])
    return Leg(
        sport=Sport(document["sport"]),
        sub_sport=document["sub_sport"],
        started_at=datetime.fromisoformat(document["started_at"]),
        utc_offset_s=document["utc_offset_s"],
        elapsed_s=float(document["elapsed_s"]),
        timer_s=float(document["timer_s"]),
        distance_m=document["distance_m"],
        ascent_m=document["ascent_m"],
        laps=tuple(Lap(start_s=float(start), elapsed_s=float(elapsed)) for start, elapsed in document["laps"]),
        pauses=tuple(Pause(float(start), float(end)) for start, end in document["pauses"]),
        device_summary={str(key): float(value) for key, value in document["device_summary"].items()},
        streams=Streams(
            t_s=axis, channels={Channel(name): _array(values) for name, values in document["channels"].items()}
        ),
    )


def _power_source(document: Mapping[str, Any]) -> PowerSource | None:
    """Return what measured the power of a run: Apple Health keeps that of a watch, and of a pod's own app."""
    if document["sport"] != Sport.RUNNING or Channel.POWER_W not in document["channels"]:
        return None
    if document["format"] != "apple_health":
        return None
    return PowerSource.FOOT_POD if "stryd" in str(document["entry"].get("device")).lower() else PowerSource.WATCH


def _array(values: Any) -> FloatArray:
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
