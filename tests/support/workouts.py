"""The same short ride as different devices and services write it, made for the purpose."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.fit_writer import (
    CYCLING,
    EVENT_START,
    EVENT_STOP_ALL,
    FIT_EPOCH_S,
    TIMER,
    FitWriter,
)

MORNING = datetime(2026, 3, 1, 7, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Ride:
    """A ride at constant speed and power."""

    started_at: datetime = MORNING
    seconds: int = 1200
    power_w: int = 200
    hr_bpm: int = 140
    speed_m_s: float = 8.0
    off_m: float = 0.0
    """How far the receiver strays to either side."""

    def as_fit(self) -> bytes:
        """Return the ride as a bike computer writes it, with power, heart rate and position."""
        start = int(self.started_at.timestamp()) - FIT_EPOCH_S
        writer = FitWriter()
        writer.add("event", slot=1, timestamp=start, event=TIMER, event_type=EVENT_START)
        for second in range(self.seconds + 1):
            writer.add(
                "record",
                slot=2,
                timestamp=start + second,
                position_lat=47.0 + second * self.speed_m_s / 111_195,
                position_long=8.0 + self.off_m * math.sin(second / 9) / 75_800,
                heart_rate=self.hr_bpm,
                distance=self.speed_m_s * second,
                speed=self.speed_m_s,
                power=self.power_w,
            )
        end = start + self.seconds
        span: dict[str, Any] = {
            "timestamp": end,
            "start_time": start,
            "total_elapsed_time": self.seconds,
            "total_timer_time": self.seconds,
            "total_distance": self.speed_m_s * self.seconds,
        }
        writer.add("event", slot=1, timestamp=end, event=TIMER, event_type=EVENT_STOP_ALL)
        writer.add("lap", slot=3, **span)
        writer.add("session", slot=4, sport=CYCLING, sub_sport=0, **span)
        writer.add(
            "activity",
            slot=5,
            timestamp=end,
            total_timer_time=self.seconds,
            num_sessions=1,
            local_timestamp=end + 3600,
        )
        return writer.finish()

    def as_tcx(self, *, step_s: int = 5) -> bytes:
        """Return the ride as a service exports it: fewer samples, no power."""
        points = "".join(
            f"<Trackpoint><Time>{self._time(second)}</Time><Position><LatitudeDegrees>"
            f"{47.0 + second * self.speed_m_s / 111_195:.7f}</LatitudeDegrees><LongitudeDegrees>8.0</LongitudeDegrees>"
            f"</Position><DistanceMeters>{self.speed_m_s * second:.1f}</DistanceMeters><HeartRateBpm><Value>"
            f"{self.hr_bpm}</Value></HeartRateBpm></Trackpoint>"
            for second in range(0, self.seconds + 1, step_s)
        )
        start = self._time(0)
        return (
            '<?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase '
            'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"><Activities><Activity Sport="Biking">'
            f'<Id>{start}</Id><Lap StartTime="{start}"><TotalTimeSeconds>{self.seconds}</TotalTimeSeconds>'
            f"<DistanceMeters>{self.speed_m_s * self.seconds}</DistanceMeters><Calories>0</Calories>"
            "<Intensity>Active</Intensity><TriggerMethod>Manual</TriggerMethod>"
            f"<Track>{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>"
        ).encode()

    def _time(self, second: int) -> str:
        return (self.started_at + timedelta(seconds=second)).strftime("%Y-%m-%dT%H:%M:%SZ")
