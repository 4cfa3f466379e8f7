"""CSV: one table of everything, a row for each sample, lap, pool length, set, pause and heartbeat.

The first column says what a row is. Quantities carry their unit in the name; an empty cell was not observed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from topform.core.activity import Channel, Leg, Recording
from topform.formats.activities_out.words import instant

DIGITS: Final = {Channel.LATITUDE_DEG: 9, Channel.LONGITUDE_DEG: 9}
COLUMNS: Final = (
    "kind", "leg", "sport", "sub_sport", "time", "t_s", "elapsed_s", "timer_s", "is_active", "name", "count",
    "mass_kg", "rr_ms", "lap_distance_m", "hr_mean_bpm", "hr_max_bpm", "power_mean_w", "speed_mean_m_s",
)  # fmt: skip


def write_csv(recording: Recording) -> bytes:
    """Return the recording as one table."""
    channels = [name for name in Channel if any(name in leg.streams for leg in recording.legs)]
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, fieldnames=[*COLUMNS, *(name.value for name in channels)], lineterminator="\r\n")
    writer.writeheader()
    for index, leg in enumerate(recording.legs):
        for row in _rows(leg, channels):
            writer.writerow({"leg": index, "sport": leg.sport.value, "sub_sport": leg.sub_sport, **_placed(leg, row)})
    return target.getvalue().encode()


def _placed(leg: Leg, row: dict[str, Any]) -> dict[str, Any]:
    t_s = row.get("t_s")
    return row if t_s is None else {**row, "time": instant(leg, t_s), "t_s": _number(t_s, 3)}


def _rows(leg: Leg, channels: list[Channel]) -> Iterator[dict[str, Any]]:
    yield {
        "kind": "leg",
        "t_s": 0.0,
        "elapsed_s": leg.elapsed_s,
        "timer_s": leg.timer_s,
        "lap_distance_m": leg.distance_m,
    }
    for lap in leg.laps:
        yield {
            "kind": "lap", "t_s": lap.start_s, "elapsed_s": lap.elapsed_s, "timer_s": lap.timer_s,
            "name": lap.trigger, "lap_distance_m": lap.distance_m, "hr_mean_bpm": lap.hr_mean_bpm,
            "hr_max_bpm": lap.hr_max_bpm, "power_mean_w": lap.power_mean_w, "speed_mean_m_s": lap.speed_mean_m_s,
        }  # fmt: skip
    for pause in leg.pauses:
        yield {"kind": "pause", "t_s": pause.start_s, "elapsed_s": pause.end_s - pause.start_s}
    for length in leg.lengths:
        yield {
            "kind": "length", "t_s": length.start_s, "elapsed_s": length.elapsed_s, "is_active": int(length.is_active),
            "name": length.stroke, "count": length.strokes, "lap_distance_m": length.distance_m,
        }  # fmt: skip
    for one in leg.sets:
        yield {
            "kind": "set", "t_s": one.start_s, "elapsed_s": one.elapsed_s, "is_active": int(one.is_active),
            "name": one.exercise, "count": one.reps, "mass_kg": one.mass_kg,
        }  # fmt: skip
    if leg.rr is not None:
        for t_s, rr_ms in zip(leg.rr.t_s, leg.rr.rr_ms, strict=True):
            yield {"kind": "beat", "t_s": float(t_s), "rr_ms": _number(float(rr_ms), 3)}
    present = [name for name in channels if name in leg.streams]
    for row, t_s in enumerate(leg.streams.t_s):
        values = {
            name.value: _number(float(value), DIGITS.get(name, 6))
            for name in present
            if np.isfinite(value := leg.streams[name][row])
        }
        yield {"kind": "sample", "t_s": float(t_s), **values}


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
