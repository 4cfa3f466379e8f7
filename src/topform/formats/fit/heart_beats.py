"""Beat-to-beat intervals and stored heart rate, which FIT keeps beside the records in two ways."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from topform.core.activity import RRIntervals
from topform.core.arrays import FloatArray, IntArray
from topform.core.units import MS_PER_S
from topform.formats.fit.fields import Columns
from topform.formats.fit.messages import FitMessage

EVENT_TICKS_PER_S = 1024.0
FRACTION_TICKS_PER_S = 32768.0
PACKED_BITS = 12
PACKED_RANGE = 1 << PACKED_BITS
MAX_DRIFT_S = 5.0
"""How far the summed intervals may leave the clock of the records before they are tied to it again."""

MAX_RR_MS = 60_000.0
FILL_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class StoredBeats:
    """What a strap recorded while the watch could not hear it (under water)."""

    fit_s: FloatArray
    hr_bpm: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class BeatIntervals:
    """The intervals of ``hrv`` messages, and where in the content each message stands."""

    places: IntArray
    interval_s: FloatArray

    @classmethod
    def none(cls) -> BeatIntervals:
        """Return no intervals."""
        return cls(np.empty(0, dtype=np.int64), np.empty(0))

    def followed_by(self, other: BeatIntervals) -> BeatIntervals:
        """Return these intervals and then the others."""
        return BeatIntervals(
            np.concatenate([self.places, other.places]), np.concatenate([self.interval_s, other.interval_s])
        )


def intervals_of_messages(messages: Sequence[FitMessage], places: Sequence[int]) -> BeatIntervals:
    """Collect the intervals of ``hrv`` messages, decoded one by one."""
    found = [
        (place, interval_s)
        for message, place in zip(messages, places, strict=True)
        for interval_s in _intervals_s(message)
    ]
    if not found:
        return BeatIntervals.none()
    return BeatIntervals(np.array([place for place, _ in found]), np.array([interval_s for _, interval_s in found]))


def _intervals_s(message: FitMessage) -> Iterable[float]:
    value = message.values.get("time")
    for item in value if isinstance(value, tuple) else (value,):
        if isinstance(item, int | float):
            yield float(item)


def rr_intervals(
    intervals: BeatIntervals, columns: Columns, *, start_fit_s: float, end_fit_s: float
) -> RRIntervals | None:
    """Place the intervals of ``hrv`` messages within a leg.

    An ``hrv`` message carries no time: intervals are summed from the record before it, and tied to the records'
    clock again whenever the sum has left it.
    """
    possible = (intervals.interval_s > 0) & (intervals.interval_s * MS_PER_S <= MAX_RR_MS)
    if not possible.any():
        return None
    interval_s = intervals.interval_s[possible]
    timed = np.isfinite(columns.timestamp)
    stamps = np.concatenate([[np.nan], columns.timestamp[timed]])
    clocks = stamps[np.searchsorted(columns.places[timed], intervals.places[possible])]
    ends: list[float] = []
    beat: float | None = None
    for length_s, clock in zip(interval_s.tolist(), clocks.tolist(), strict=True):
        beat = length_s + (beat if beat is not None else (start_fit_s if math.isnan(clock) else clock))
        if abs(beat - clock) > MAX_DRIFT_S:
            beat = max(clock, ends[-1]) if ends else clock
        ends.append(beat)
    return _within(np.array(ends), interval_s * MS_PER_S, start_fit_s, end_fit_s)


def stored_beats(messages: Sequence[FitMessage]) -> StoredBeats | None:
    """Unfold ``hr`` messages: beat instants in 1/1024 s, filtered pulse."""
    zero_fit_s: float | None = None
    zero_ticks = 0
    ticks = 0
    instants: list[float] = []
    pulses: list[float] = []
    for message in messages:
        if message.name != "hr":
            continue
        timestamp = message.number("timestamp")
        full = message.raw.get("event_timestamp")
        packed = message.raw.get("event_timestamp_12")
        if timestamp is not None and isinstance(full, int):
            zero_fit_s = timestamp + (message.number("fractional_timestamp") or 0.0)
            zero_ticks = ticks = full
            beats = [ticks]
        elif zero_fit_s is not None and isinstance(packed, tuple):
            beats = []
            for low in _unpack12(packed):
                ticks += (low - ticks) % PACKED_RANGE
                beats.append(ticks)
        else:
            continue
        filtered = message.values.get("filtered_bpm")
        bpm = list(filtered) if isinstance(filtered, tuple) else [filtered]
        for place, beat in enumerate(beats):
            pulse = bpm[place] if place < len(bpm) else None
            instants.append(zero_fit_s + (beat - zero_ticks) / EVENT_TICKS_PER_S)
            pulses.append(float(pulse) if isinstance(pulse, int | float) else np.nan)
    if not instants:
        return None
    fit_s, first = np.unique(np.array(instants), return_index=True)
    return StoredBeats(fit_s=fit_s, hr_bpm=np.array(pulses)[first])


def _unpack12(packed: tuple[int, ...]) -> Iterable[int]:
    """Yield 12-bit little-endian values: two from every three bytes."""
    for place in range(0, len(packed) - 2, 3):
        low, middle, high = packed[place : place + 3]
        yield low | (middle & 0x0F) << 8
        yield middle >> 4 | high << 4


def rr_of_stored(beats: StoredBeats, *, start_fit_s: float, end_fit_s: float) -> RRIntervals | None:
    """Form intervals between consecutive stored beats."""
    return _within(beats.fit_s[1:], np.diff(beats.fit_s) * MS_PER_S, start_fit_s, end_fit_s)


def _within(ends: FloatArray, intervals: FloatArray, start_fit_s: float, end_fit_s: float) -> RRIntervals | None:
    inside = (ends >= start_fit_s) & (ends <= end_fit_s + MAX_DRIFT_S)
    if not inside.any():
        return None
    return RRIntervals(t_s=np.maximum.accumulate(ends[inside] - start_fit_s), rr_ms=intervals[inside])


def fill_heart_rate(timestamp: FloatArray, hr_bpm: FloatArray | None, beats: StoredBeats) -> FloatArray:
    """Give records without a pulse that of the nearest stored beat, if one is near."""
    filled = np.full(timestamp.size, np.nan) if hr_bpm is None else hr_bpm.copy()
    observed = np.isfinite(beats.hr_bpm) & (beats.hr_bpm > 0)
    if not observed.any():
        return filled
    instants, pulses = beats.fit_s[observed], beats.hr_bpm[observed]
    missing = np.isfinite(timestamp) & ~(np.nan_to_num(filled) > 0)
    after = np.clip(np.searchsorted(instants, timestamp[missing]), 1, max(instants.size - 1, 1))
    if instants.size == 1:
        nearest = np.zeros(after.size, dtype=np.int64)
    else:
        is_before = timestamp[missing] - instants[after - 1] < instants[after] - timestamp[missing]
        nearest = np.where(is_before, after - 1, after)
    is_near = np.abs(instants[nearest] - timestamp[missing]) <= FILL_WITHIN_S
    filled[missing] = np.where(is_near, pulses[nearest], filled[missing])
    return filled
