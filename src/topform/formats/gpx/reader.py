"""GPX documents to a recording: one leg for each track with times.

Elements are matched by local name: writers disagree about the namespaces of extensions, and some omit them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from lxml import etree

from topform.core.activity import Channel, Leg, Pause, Recording
from topform.core.arrays import FloatArray
from topform.core.errors import NoActivityError
from topform.formats.findings import Findings, counted
from topform.formats.sports import counts_steps, sport_of
from topform.formats.time_zone import offset_of_track
from topform.formats.track import build_streams, cadence_channel, pauses_from_gaps, plausible_instants
from topform.formats.xml_reader import epoch_s, local_name, number

CADENCE = "cadence"

FIELD_BY_EXTENSION: dict[str, Channel | str] = {
    "hr": Channel.HR_BPM, "heartrate": Channel.HR_BPM, "heart_rate": Channel.HR_BPM, "heartratebpm": Channel.HR_BPM,
    "cad": CADENCE, "cadence": CADENCE, "runcadence": CADENCE,
    "power": Channel.POWER_W, "watts": Channel.POWER_W, "pwr": Channel.POWER_W, "powerinwatts": Channel.POWER_W,
    "atemp": Channel.TEMPERATURE_C, "temp": Channel.TEMPERATURE_C, "temperature": Channel.TEMPERATURE_C,
    "speed": Channel.SPEED_M_S, "distance": Channel.DISTANCE_M,
}  # fmt: skip

SPORT_BY_SERVICE_NUMBER = {
    "1": "cycling", "2": "alpine_skiing", "4": "hiking", "5": "skating", "7": "cross_country_skiing", "9": "running",
    "10": "walking", "16": "swimming", "23": "rowing",
}  # fmt: skip
"""Numbers that one large service writes into the track's type."""

SEGMENT_PAUSE_S = 3.0
"""A shorter break between segments is the next sample, not a pause."""


@dataclass(slots=True)
class _Track:
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


class GpxReader:
    """Collects the tracks of a GPX document."""

    def __init__(self, findings: Findings, *, file: str) -> None:
        self._findings = findings
        self._file = file
        self._tracks: list[_Track] = []
        self._segment = 0
        self._creator: str | None = None
        self._has_route = False
        self._has_waypoint = False

    def start(self, name: str, element: etree._Element) -> None:
        """Open a track or segment."""
        if name == "gpx":
            self._creator = element.get("creator")
        elif name == "trk":
            self._tracks.append(_Track())
        elif name == "trkseg":
            self._segment += 1

    def end(self, name: str, element: etree._Element) -> bool:
        """Take a complete point or the texts of a track."""
        if name == "trkpt" and self._tracks:
            self._add_point(element)
            return True
        parent = element.getparent()
        if name in ("name", "type") and self._tracks and parent is not None and local_name(parent) == "trk":
            text = (element.text or "").strip() or None
            if name == "name":
                self._tracks[-1].name = text
            else:
                self._tracks[-1].kind = text
        elif name == "rte":
            self._has_route = True
            return True
        elif name == "wpt":
            self._has_waypoint = True
            return True
        return False

    def _add_point(self, element: etree._Element) -> None:
        values: dict[Channel | str, float] = {
            Channel.LATITUDE_DEG: number(element.get("lat")),
            Channel.LONGITUDE_DEG: number(element.get("lon")),
        }
        instant = np.nan
        for child in element:
            name = local_name(child)
            if name == "time":
                instant = epoch_s(child.text)
            elif name == "ele":
                values[Channel.ALTITUDE_M] = number(child.text)
            elif name == "extensions":
                for item in child.iter():
                    field_name = FIELD_BY_EXTENSION.get(local_name(item).lower())
                    if field_name is not None:
                        values.setdefault(field_name, number(item.text))
            elif name == "speed":
                values[Channel.SPEED_M_S] = number(child.text)
        self._tracks[-1].add(instant, values, self._segment)

    def finish(self) -> Recording:
        """Return the recording.

        Raises
        ------
        NoActivityError
            If no point has a time.
        """
        legs = [leg for track in self._tracks if (leg := self._leg(track)) is not None]
        if not legs:
            raise self._nothing_found()
        legs.sort(key=lambda leg: leg.started_at)
        return Recording(
            format="gpx",
            legs=tuple(legs),
            title=next((track.name for track in self._tracks if track.name), None),
            device={"manufacturer": None, "product": self._creator, "software_version": None},
            warnings=self._findings.warnings(),
            salvaged=self._findings.salvaged,
        )

    def _nothing_found(self) -> NoActivityError:
        if any(np.isfinite(track.instant).any() for track in self._tracks):
            kind = "no point with a plausible time: the device's clock was wrong"
        elif any(track.instant for track in self._tracks) or self._has_route:
            kind = "a planned route: no point has a time"
        elif self._has_waypoint:
            kind = "waypoints only"
        else:
            kind = "no track"
        return NoActivityError(
            f"the GPX document holds {kind}", file=self._file, remedy="Choose the recording of a finished activity."
        )

    def _leg(self, track: _Track) -> Leg | None:
        instants = plausible_instants(np.array(track.instant, dtype=np.float64), self._findings)
        timed = np.isfinite(instants)
        if not timed.any():
            return None
        untimed = int(np.count_nonzero(np.isnan(track.instant)))
        if untimed:
            self._findings.add("samples_without_time", f"{counted(untimed, 'point')} without a time left out")
        start = float(instants[timed].min())
        started_at = datetime.fromtimestamp(start, UTC)
        sport, sub_sport = sport_of(SPORT_BY_SERVICE_NUMBER.get(track.kind or "", track.kind))
        columns = {name: np.array(values, dtype=np.float64) for name, values in track.columns.items()}
        cadence = columns.pop(CADENCE, None)
        channels = {Channel(name): values for name, values in columns.items()}
        if cadence is not None:
            name, values = cadence_channel(cadence, sport, on_foot=counts_steps(sport), findings=self._findings)
            channels[name] = values
        streams = build_streams(instants - start, channels, self._findings)
        breaks = _segment_breaks(instants - start, np.array(track.segment))
        pauses = pauses_from_gaps(streams, breaks, self._findings)
        elapsed_s = float(streams.t_s[-1])
        return Leg(
            sport=sport,
            sub_sport=sub_sport,
            started_at=started_at,
            utc_offset_s=offset_of_track(
                started_at, streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG)
            ),
            elapsed_s=elapsed_s,
            timer_s=elapsed_s - sum(pause.end_s - pause.start_s for pause in pauses),
            streams=streams,
            pauses=pauses,
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
