"""Points with a time, as GPX, KML and CSV hold them: brought into one leg."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from topform.core.activity import Channel, Leg, Pause, RRIntervals, Sport
from topform.core.arrays import FloatArray
from topform.formats.clock_jumps import mended_clock
from topform.formats.findings import Findings, counted
from topform.formats.sports import counts_steps
from topform.formats.time_zone import offset_of_track
from topform.formats.track import build_streams, cadence_channel, pauses_from_gaps, plausible_instants

CADENCE = "cadence"
"""Its channel depends on the sport."""

SEGMENT_PAUSE_S = 3.0
"""A shorter break between segments is the next sample, not a pause."""


@dataclass(slots=True)
class PointTrack:
    """A track while it is read: instants in seconds since 1970, and a column for each quantity."""

    name: str | None = None
    kind: str | None = None
    segment: list[int] = field(default_factory=list)
    instant: list[float] = field(default_factory=list)
    columns: dict[Channel | str, list[float]] = field(default_factory=dict)

    def add(self, instant: float, values: dict[Channel | str, float], segment: int) -> None:
        """Append one point; a quantity first seen now was not observed before."""
        for name in values.keys() - self.columns.keys():
            self.columns[name] = [np.nan] * len(self.instant)
        for name, column in self.columns.items():
            column.append(values.get(name, np.nan))
        self.instant.append(instant)
        self.segment.append(segment)


def leg_of(
    track: PointTrack,
    sport: tuple[Sport, str | None],
    findings: Findings,
    *,
    rr: RRIntervals | None = None,
    utc_offset_s: int | None = None,
) -> Leg | None:
    """Return the track as a leg, None when no point has a time.

    Without an offset that the file states, that of the first position is taken. [s]
    """
    instants = plausible_instants(np.array(track.instant, dtype=np.float64), findings)
    timed = np.isfinite(instants)
    if not timed.any():
        return None
    untimed = int(np.count_nonzero(np.isnan(track.instant)))
    if untimed:
        findings.add("samples_without_time", f"{counted(untimed, 'point')} without a time left out")
    columns = {name: np.array(values, dtype=np.float64) for name, values in track.columns.items()}
    instants = mended_clock(instants, columns, findings)
    start = float(instants[timed].min())
    started_at = datetime.fromtimestamp(start, UTC)
    cadence = columns.pop(CADENCE, None)
    channels = {Channel(name): values for name, values in columns.items()}
    if cadence is not None:
        name, values = cadence_channel(cadence, sport[0], on_foot=counts_steps(sport[0]), findings=findings)
        channels[name] = values
    streams = build_streams(instants - start, channels, findings)
    pauses = pauses_from_gaps(streams, _segment_breaks(instants - start, np.array(track.segment)), findings)
    elapsed_s = max(float(streams.t_s[-1]), 0.0 if rr is None else float(rr.t_s[-1]))
    if utc_offset_s is None:
        latitude, longitude = streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG)
        utc_offset_s = offset_of_track(started_at, latitude, longitude)
    return Leg(
        sport=sport[0],
        sub_sport=sport[1],
        started_at=started_at,
        utc_offset_s=utc_offset_s,
        elapsed_s=elapsed_s,
        timer_s=elapsed_s - sum(pause.end_s - pause.start_s for pause in pauses),
        streams=streams,
        pauses=pauses,
        rr=rr,
    )


def _segment_breaks(t_s: FloatArray, segment: FloatArray) -> tuple[Pause, ...]:
    """Return the stretches between one segment's last and the next one's first point."""
    timed = np.isfinite(t_s)
    t_s, segment = t_s[timed], segment[timed]
    ends = np.flatnonzero(np.diff(segment))
    return tuple(
        Pause(start_s=float(t_s[end]), end_s=float(t_s[end + 1]))
        for end in ends
        if t_s[end + 1] - t_s[end] > SEGMENT_PAUSE_S
    )
