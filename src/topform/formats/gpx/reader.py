"""GPX documents to a recording: one leg for each track with times.

Elements are matched by local name: writers disagree about the namespaces of extensions, and some omit them.
"""

from __future__ import annotations

import numpy as np
from lxml import etree

from topform.core.activity import Channel, Recording, Sport
from topform.core.errors import NoActivityError
from topform.formats.findings import Findings
from topform.formats.points import CADENCE, PointTrack, leg_of
from topform.formats.repeats import without_repeats
from topform.formats.sports import sport_of
from topform.formats.xml_reader import epoch_s, local_name, number

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


class GpxReader:
    """Collects the tracks of a GPX document."""

    def __init__(self, findings: Findings, *, file: str) -> None:
        self._findings = findings
        self._file = file
        self._tracks: list[PointTrack] = []
        self._segment = 0
        self._creator: str | None = None
        self._has_route = False
        self._has_waypoint = False

    def start(self, name: str, element: etree._Element) -> None:
        """Open a track or segment."""
        if name == "gpx":
            self._creator = element.get("creator")
        elif name == "trk":
            self._tracks.append(PointTrack())
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
        legs = [leg for track in self._tracks if (leg := leg_of(track, self._sport(track), self._findings)) is not None]
        if not legs:
            raise self._nothing_found()
        legs = without_repeats(sorted(legs, key=lambda leg: leg.started_at), self._findings)
        return Recording(
            format="gpx",
            legs=tuple(legs),
            title=next((track.name for track in self._tracks if track.name), None),
            device={"manufacturer": None, "product": self._creator, "software_version": None},
            warnings=self._findings.warnings(),
            salvaged=self._findings.salvaged,
        )

    def _nothing_found(self) -> NoActivityError:
        remedy = "Choose the recording of a finished activity."
        if any(np.isfinite(track.instant).any() for track in self._tracks):
            kind = "no point with a plausible time: the device's clock was wrong"
            remedy = "Correct the times of its points, or export it again from the program that has the right ones."
        elif any(track.instant for track in self._tracks) or self._has_route:
            kind = "a planned route: no point has a time"
        elif self._has_waypoint:
            kind = "waypoints only"
        else:
            kind = "no track"
        return NoActivityError(f"the GPX document holds {kind}", file=self._file, remedy=remedy)

    def _sport(self, track: PointTrack) -> tuple[Sport, str | None]:
        return sport_of(SPORT_BY_SERVICE_NUMBER.get(track.kind or "", track.kind))
