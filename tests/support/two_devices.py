"""One ride as a bike computer and a watch record it, each with what it can measure and errors of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from topform.core.activity import Channel, Lap, Leg, Recording, RRIntervals, Sport, Streams
from topform.core.arrays import FloatArray
from topform.formats.activities_out import write_fit, write_tcx

STARTED = datetime(2026, 4, 5, 6, 30, tzinfo=UTC)


@dataclass(frozen=True)
class TwoDevices:
    """A ride of intervals along a winding road."""

    started_at: datetime = STARTED
    seconds: int = 1500
    seed: int = 1
    watch_late_s: float = 20.0

    def truth(self) -> dict[str, FloatArray]:
        """Return what happened, second by second."""
        rng = np.random.default_rng(self.seed)
        t_s = np.arange(self.seconds + 1.0)
        noise = np.convolve(rng.normal(size=t_s.size + 40), np.ones(12) / 3.4, mode="same")[: t_s.size]
        effort = 0.6 + 0.3 * (np.mod(t_s + 97 * self.seed, 300) > 180) + 0.05 * noise
        pulse = np.zeros(t_s.size)
        pulse[0] = 0.5
        for second in range(1, t_s.size):
            pulse[second] = pulse[second - 1] + (effort[second] - pulse[second - 1]) / 40
        speed = 9 * effort**0.5
        heading = np.cumsum(np.sin(t_s / 70) / 40) + self.seed
        latitude = 47.0 + np.cumsum(speed * np.cos(heading)) / 111_195
        longitude = 8.0 + np.cumsum(speed * np.sin(heading)) / (111_195 * np.cos(np.radians(47)))
        return {
            "t_s": t_s, "power": 260 * effort, "pulse": 60 + 110 * pulse, "speed": speed, "along": np.cumsum(speed),
            "latitude": latitude, "longitude": longitude, "height": 500 + 30 * np.sin(t_s / 200 + self.seed),
        }  # fmt: skip

    def computer(self) -> Leg:
        """The bike computer: power, cadence, wheel speed, altitude; no strap."""
        truth = self.truth()
        return Leg(
            sport=Sport.CYCLING,
            started_at=self.started_at,
            utc_offset_s=7200,
            elapsed_s=float(self.seconds),
            timer_s=float(self.seconds),
            distance_m=round(float(truth["along"][-1]), 2),
            laps=(Lap(0.0, 750.0, 750.0), Lap(750.0, self.seconds - 750.0, self.seconds - 750.0)),
            streams=Streams(
                truth["t_s"],
                {
                    Channel.LATITUDE_DEG: truth["latitude"],
                    Channel.LONGITUDE_DEG: truth["longitude"],
                    Channel.ALTITUDE_M: truth["height"],
                    Channel.DISTANCE_M: truth["along"],
                    Channel.SPEED_M_S: truth["speed"],
                    Channel.POWER_W: np.round(truth["power"]),
                    Channel.CADENCE_RPM: np.full(truth["t_s"].size, 88.0),
                },
            ),
        )

    def watch(self) -> Leg:
        """The watch: pulse with beats, a rougher track, started later by hand."""
        truth = self.truth()
        late = int(self.watch_late_s)
        rng = np.random.default_rng(self.seed + 100)
        n = truth["t_s"].size - late
        drift = np.cumsum(rng.normal(0, 0.3, (2, n)), axis=1)
        drift -= drift.mean(axis=1, keepdims=True)
        rr = np.round(60_000 / truth["pulse"][late::1])
        at = np.cumsum(rr) / 1000
        return Leg(
            sport=Sport.CYCLING,
            started_at=self.started_at + timedelta(seconds=late),
            utc_offset_s=7200,
            elapsed_s=float(self.seconds - late),
            timer_s=float(self.seconds - late),
            distance_m=round(float(truth["along"][-1] - truth["along"][late]) * 1.01, 2),
            rr=RRIntervals(at[at < n - 5], rr[at < n - 5]),
            streams=Streams(
                np.arange(float(n)),
                {
                    Channel.LATITUDE_DEG: truth["latitude"][late:] + drift[0] / 111_195,
                    Channel.LONGITUDE_DEG: truth["longitude"][late:] + drift[1] / 75_000,
                    Channel.DISTANCE_M: (truth["along"][late:] - truth["along"][late]) * 1.01,
                    Channel.SPEED_M_S: np.maximum(truth["speed"][late:] + rng.normal(0, 0.15, n), 0),
                    Channel.HR_BPM: np.round(truth["pulse"][late:]),
                },
            ),
        )

    def computer_file(self) -> bytes:
        """The computer's FIT file."""
        return write_fit(recording(self.computer(), "acme", "Edge"))

    def watch_file(self, *, hours: int = 0) -> bytes:
        """The watch's FIT file, its clock perhaps wrong by hours."""
        leg = self.watch()
        return write_fit(recording(replace(leg, started_at=leg.started_at + timedelta(hours=hours)), "pulse", "Watch"))

    def platform_file(self) -> bytes:
        """What a platform makes of the computer's file: fewer samples, whole numbers."""
        leg = self.computer()
        rows = slice(None, None, 4)
        channels = {
            name: np.round(values[rows], 5 if "deg" in name else 0) for name, values in leg.streams.channels.items()
        }
        return write_tcx(
            recording(replace(leg, laps=(), streams=Streams(leg.streams.t_s[rows], channels)), None, "Platform")
        )


def recording(leg: Leg, manufacturer: str | None, product: str) -> Recording:
    """Return a recording of one leg."""
    return Recording("fit", (leg,), device={"manufacturer": manufacturer, "product": product})
