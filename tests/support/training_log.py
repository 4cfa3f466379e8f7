"""Activity files that look like somebody's training: rides and runs over hills, with terrain, effort and fatigue.

Everything is computed, nothing is recorded: the route is a closed curve somewhere in the sea.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from tests.support.fit_writer import CYCLING, EVENT_START, EVENT_STOP_ALL, FIT_EPOCH_S, RUNNING, TIMER, FitWriter
from topform.core.arrays import FloatArray

CENTRE_DEG = (54.60, 3.20)
M_PER_DEGREE = 111_195.0
UTC_OFFSET_S = 3600
LAP_M = {CYCLING: 5000.0, RUNNING: 1000.0}
INTERVAL_S = 240


@dataclass(frozen=True)
class Outing:
    """One activity to be made."""

    day: date
    sport: int
    minutes: int
    hard: bool = False

    @property
    def file_name(self) -> str:
        """Name as a watch would give it."""
        kind = "ride" if self.sport == CYCLING else "run"
        return f"{self.day.isoformat()}-{kind}.fit"

    def to_fit(self) -> bytes:
        """Return the file."""
        return _Recorder(self).finish()


def training_log(last: date, *, weeks: int) -> Iterator[Outing]:
    """Yield whole weeks of training up to the eve of a day: three runs and two rides each, every fourth easier."""
    first = last - timedelta(weeks=weeks)
    plan = ((1, RUNNING, 45, True), (2, CYCLING, 60, False), (3, RUNNING, 40, False), (5, CYCLING, 110, True),
            (6, RUNNING, 75, False))  # fmt: skip
    for week in range(weeks):
        share = 0.6 if week % 4 == 3 else 0.8 + 0.02 * week
        for day_of_week, sport, minutes, hard in plan:
            day = first + timedelta(weeks=week, days=day_of_week)
            yield Outing(day, sport, round(minutes * share), hard and week % 4 != 3)


class _Recorder:
    def __init__(self, outing: Outing) -> None:
        self._outing = outing
        self._rng = np.random.default_rng(outing.day.toordinal())
        started = datetime.combine(outing.day, time(17, 12), tzinfo=UTC)
        self._start = int(started.timestamp()) - FIT_EPOCH_S
        self._writer = FitWriter()

    def finish(self) -> bytes:
        """Record everything and return the bytes."""
        outing, writer, start = self._outing, self._writer, self._start
        seconds = outing.minutes * 60
        writer.add("event", slot=1, timestamp=start, event=TIMER, event_type=EVENT_START)
        t_s = np.arange(seconds, dtype=np.float64)
        altitude_m = self._altitude_m(t_s)
        effort = self._effort(t_s)
        speed_m_s = self._speed_m_s(effort, np.gradient(altitude_m))
        distance_m = np.concatenate([[0.0], np.cumsum(speed_m_s[1:])])
        hr_bpm = self._hr_bpm(effort)
        north_m, east_m = self._position_m(distance_m)
        for at in range(seconds):
            place = float(north_m[at]), float(east_m[at])
            self._record(at, place, altitude_m[at], effort[at], speed_m_s[at], distance_m[at], hr_bpm[at])
        last = seconds - 1
        self._laps(distance_m, hr_bpm)
        writer.add("event", slot=1, timestamp=start + last, event=TIMER, event_type=EVENT_STOP_ALL)
        climbed = float(np.clip(np.diff(altitude_m), 0, None).sum())
        writer.add("session", slot=4, timestamp=start + last, start_time=start, sport=outing.sport, sub_sport=0,
                   total_elapsed_time=last, total_timer_time=last, total_distance=float(distance_m[-1]),
                   total_ascent=round(climbed))  # fmt: skip
        writer.add("activity", slot=5, timestamp=start + last, total_timer_time=last, num_sessions=1,
                   local_timestamp=start + last + UTC_OFFSET_S)  # fmt: skip
        return writer.finish()

    def _altitude_m(self, t_s: FloatArray) -> FloatArray:
        phase = self._rng.uniform(0, 2 * math.pi, 3)
        waves = ((38.0, 1900.0), (14.0, 640.0), (4.0, 170.0))
        altitude_m = np.full_like(t_s, 120.0)
        for (high, long), start in zip(waves, phase, strict=True):
            altitude_m += high * np.sin(2 * math.pi * t_s / long + start)
        return altitude_m

    def _effort(self, t_s: FloatArray) -> FloatArray:
        """Power over threshold."""
        noise = np.convolve(self._rng.normal(0, 0.35, t_s.size), np.ones(15) / 15, mode="same")
        base = np.full(t_s.size, 0.68) + noise
        if self._outing.hard:
            inside = (t_s > 900) & (t_s < t_s.size - 600)
            base = np.where(inside & (t_s // INTERVAL_S % 2 == 0), 1.02 + noise / 2, base - 0.04)
        return np.clip(base * np.minimum(1.0, 0.6 + t_s / 600), 0.2, 1.6)

    def _speed_m_s(self, effort: FloatArray, slope: FloatArray) -> FloatArray:
        if self._outing.sport == CYCLING:
            return np.clip(8.6 * np.cbrt(effort / 0.7) - 9 * slope, 2.0, 17.0)
        return np.clip(3.55 * effort**0.75 / 0.85 - 1.2 * slope, 1.5, 6.0)

    def _hr_bpm(self, effort: FloatArray) -> FloatArray:
        hr_bpm = np.empty(effort.size)
        level = 95.0
        for at, share in enumerate(effort):
            level += (62 + 106 * min(share, 1.1) + at / 900 - level) / 35
            hr_bpm[at] = level
        return hr_bpm

    def _position_m(self, distance_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """A closed curve with as many wiggles as the day says, as long as the outing."""
        turns = 3 + self._outing.day.toordinal() % 3
        angle = np.linspace(0, 2 * math.pi, 4000)
        radius = 1 + 0.28 * np.sin(turns * angle) + 0.1 * np.cos(7 * angle + 1)
        north, east = radius * np.cos(angle), 0.7 * radius * np.sin(angle)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(north), np.diff(east)))])
        share = distance_m / distance_m[-1] * along[-1]
        scale = distance_m[-1] / along[-1]
        return np.interp(share, along, north) * scale, np.interp(share, along, east) * scale

    def _record(
        self,
        at: int,
        place_m: tuple[float, float],
        altitude_m: float,
        effort: float,
        speed_m_s: float,
        distance_m: float,
        hr_bpm: float,
    ) -> None:
        cycling = self._outing.sport == CYCLING
        north_m, east_m = place_m
        self._writer.add(
            "record",
            slot=2,
            timestamp=self._start + at,
            position_lat=CENTRE_DEG[0] + north_m / M_PER_DEGREE,
            position_long=CENTRE_DEG[1] + east_m / (M_PER_DEGREE * math.cos(math.radians(CENTRE_DEG[0]))),
            altitude=float(altitude_m),
            heart_rate=round(float(hr_bpm)),
            cadence=round((82 if cycling else 84) + 8 * (float(effort) - 0.7)),
            distance=float(distance_m),
            speed=float(speed_m_s),
            power=round(235 * float(effort)) if cycling else None,
        )

    def _laps(self, distance_m: FloatArray, hr_bpm: FloatArray) -> None:
        step = LAP_M[self._outing.sport]
        begin = 0
        for lap in range(1, math.ceil(float(distance_m[-1]) / step) + 1):
            end = min(int(np.searchsorted(distance_m, lap * step)), distance_m.size - 1)
            if end <= begin:
                break
            self._writer.add("lap", slot=3, timestamp=self._start + end, start_time=self._start + begin,
                             total_elapsed_time=end - begin, total_timer_time=end - begin,
                             total_distance=float(distance_m[end] - distance_m[begin]),
                             avg_heart_rate=round(float(hr_bpm[begin:end].mean())))  # fmt: skip
            begin = end
