"""From the samples of a leg to efforts on segments; pure, for any thread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

import numpy as np

from topform.core.activity import Channel, Sport, Streams
from topform.core.arrays import FloatArray
from topform.core.ids import new_id
from topform.features.activities.public import RecordedLeg
from topform.features.segments.tables import SegmentRow
from topform.science.elevation import slope_along
from topform.science.motion import distance_along_m, max_speed_m_s, speed_of
from topform.science.quality import MIN_COVERAGE, plausible_heart_rate, plausible_power, plausible_speed
from topform.science.resampling import bridged_gap_s
from topform.science.route_cells import cells_along
from topform.science.running import grade_adjusted_speed_m_s
from topform.science.segments import GATE_STEP_M, REACH_M, Course, Pass, find_passes

CELL_MARGIN_M: Final = REACH_M + GATE_STEP_M / 2 + 5.0
"""A gate that was passed lies within the reach of a step, and thus this near to one of the step's ends."""
ON_FOOT: Final = frozenset({Sport.RUNNING, Sport.WALKING, Sport.HIKING})


def cells_of(streams: Streams) -> list[int]:
    """Return the cells in which a gate of a segment can lie that the leg passed."""
    latitude, longitude = streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG)
    if latitude is None or longitude is None:
        return []
    found: list[int] = cells_along(latitude, longitude, margin_m=CELL_MARGIN_M).tolist()
    return found


def efforts_on(segments: Sequence[SegmentRow], leg: RecordedLeg, streams: Streams) -> list[dict[str, Any]]:
    """Return the rows of all efforts of a leg on some segments."""
    latitude, longitude = streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG)
    if latitude is None or longitude is None:
        return []
    signals: dict[str, FloatArray] | None = None
    rows: list[dict[str, Any]] = []
    for segment in segments:
        for found in find_passes(course_of(segment), streams.t_s, latitude, longitude):
            signals = _signals(streams, Sport(leg.sport)) if signals is None else signals
            rows.append(_row(segment, leg, streams.t_s, found, signals))
    return rows


def course_of(segment: SegmentRow) -> Course:
    """Return a stored segment's course."""
    points = np.array(segment.course, dtype=np.float64)
    return Course(points[:, 0], points[:, 1])


def mean_between(t_s: FloatArray, values: FloatArray, start_s: float, end_s: float) -> float | None:
    """Return the mean of a signal between two moments, None when less than four fifths of the time was observed.

    The signal is a straight line between observations that are not far apart.
    """
    seen = np.isfinite(values)
    known_t, known = t_s[seen], values[seen]
    if known_t.size < 2:
        return None
    begin, end = np.maximum(known_t[:-1], start_s), np.minimum(known_t[1:], end_s)
    lasts = np.where((np.diff(known_t) <= bridged_gap_s(t_s)) & (end > begin), end - begin, 0.0)
    total_s = float(lasts.sum())
    if total_s < MIN_COVERAGE * (end_s - start_s):
        return None
    middle = np.interp((begin + end) / 2, known_t, known)
    mean = float(lasts @ middle) / total_s
    return mean if math.isfinite(mean) else None


def _signals(streams: Streams, sport: Sport) -> dict[str, FloatArray]:
    found: dict[str, FloatArray] = {}
    if (hr := streams.get(Channel.HR_BPM)) is not None:
        found["hr_mean_bpm"] = plausible_heart_rate(streams.t_s, hr)
    if (power := streams.get(Channel.POWER_W)) is not None:
        found["power_mean_w"] = plausible_power(power)
    along = distance_along_m(streams, max_speed_m_s=max_speed_m_s(sport))
    speed, altitude = speed_of(streams, along), streams.get(Channel.ALTITUDE_M)
    if sport in ON_FOOT and speed is not None and along is not None and altitude is not None:
        slope = slope_along(along, altitude)
        if slope is not None:
            plausible = plausible_speed(speed, max_speed_m_s=max_speed_m_s(sport))
            found["ga_speed_m_s"] = grade_adjusted_speed_m_s(plausible, slope)
    return found


def _row(
    segment: SegmentRow, leg: RecordedLeg, t_s: FloatArray, found: Pass, signals: dict[str, FloatArray]
) -> dict[str, Any]:
    started_at = leg.started_at + timedelta(seconds=found.start_s)
    means = {
        name: mean_between(t_s, signals[name], found.start_s, found.end_s) if name in signals else None
        for name in ("hr_mean_bpm", "power_mean_w", "ga_speed_m_s")
    }
    return {
        "id": new_id(),
        "segment_id": segment.id,
        "activity_id": leg.activity_id,
        "leg": leg.leg,
        "start_s": found.start_s,
        "end_s": found.end_s,
        "started_at": started_at,
        "day": leg.day_of(started_at),
        "elapsed_s": found.elapsed_s,
        "coverage": found.coverage,
        "restricted_by": leg.restricted_by,
        **means,
    }
