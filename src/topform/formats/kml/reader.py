"""KML documents to a recording: one leg for each placemark with timed tracks.

Only ``gx:Track`` has times; a ``LineString`` is a drawing or a planned route.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np
from lxml import etree

from topform.core.activity import Channel, Recording, Sport
from topform.core.errors import NoActivityError
from topform.formats.findings import Findings
from topform.formats.points import CADENCE, PointTrack, leg_of
from topform.formats.repeats import without_repeats
from topform.formats.sports import sport_of
from topform.formats.xml_reader import epoch_s, local_name, number

CHANNEL_BY_ARRAY: dict[str, Channel | str] = {
    "heart_rate": Channel.HR_BPM, "heartrate": Channel.HR_BPM, "hr": Channel.HR_BPM, "cadence": CADENCE,
    "power": Channel.POWER_W, "speed": Channel.SPEED_M_S, "temperature": Channel.TEMPERATURE_C,
}  # fmt: skip
"""Arrays beside a track, by their name in the schema; trackers write SI units."""


@dataclass(slots=True)
class _Segment:
    """One ``gx:Track``: times and places stand in lists of their own and belong together by their order."""

    instants: list[float] = field(default_factory=list)
    places: list[tuple[float, ...]] = field(default_factory=list)
    arrays: dict[Channel | str, list[float]] = field(default_factory=dict)


class KmlReader:
    """Collects the timed tracks of a KML document."""

    def __init__(self, findings: Findings, *, file: str) -> None:
        self._findings = findings
        self._file = file
        self._tracks: list[PointTrack] = []
        self._segment: _Segment | None = None
        self._array: list[float] | None = None
        self._count = 0
        self._generator: str | None = None
        self._has_line = False

    def start(self, name: str, element: etree._Element) -> None:
        """Open a placemark, a track or an array of values."""
        if name == "Placemark":
            self._tracks.append(PointTrack())
        elif name == "Track":
            if not self._tracks:
                self._tracks.append(PointTrack())
            self._segment = _Segment()
        elif name == "SimpleArrayData" and self._segment is not None:
            channel = CHANNEL_BY_ARRAY.get((element.get("name") or "").lower())
            self._array = None if channel is None else self._segment.arrays.setdefault(channel, [])

    def end(self, name: str, element: etree._Element) -> bool:
        """Take a complete value, or the texts around it."""
        text = (element.text or "").strip()
        if self._segment is not None:
            return self._end_in_track(name, text)
        if name == "generator":
            self._generator = text or None
        elif name in ("LineString", "Polygon"):
            self._has_line = True
            return True
        elif name == "name" and self._tracks and _parent(element) == "Placemark":
            self._tracks[-1].name = text or None
        elif name == "value" and self._tracks and _parent(element) == "Data":
            data = element.getparent()
            if data is not None and data.get("name") in ("type", "activityType"):
                self._tracks[-1].kind = text or None
        return False

    def _end_in_track(self, name: str, text: str) -> bool:
        assert self._segment is not None
        if name == "when":
            self._segment.instants.append(epoch_s(text))
        elif name == "coord":
            self._segment.places.append(tuple(number(part) for part in text.split()[:3]))
        elif name == "value":
            if self._array is not None:
                self._array.append(number(text))
        elif name == "SimpleArrayData":
            self._array = None
        elif name == "Track":
            self._close_track(self._segment)
            self._segment = None
        else:
            return False
        return True

    def _close_track(self, segment: _Segment) -> None:
        """Bring the lists together; what stands in one list only has no time or no place."""
        self._count += 1
        if len(segment.instants) != len(segment.places):
            self._findings.add(
                "times_and_places_differ",
                f"a track has {len(segment.instants)} times and {len(segment.places)} places, paired in order",
            )
        arrays = {name: values for name, values in segment.arrays.items() if len(values) == len(segment.instants)}
        for row, (instant, place) in enumerate(zip_longest(segment.instants, segment.places, fillvalue=None)):
            if not isinstance(instant, float):
                continue
            values: dict[Channel | str, float] = {name: column[row] for name, column in arrays.items()}
            if isinstance(place, tuple) and len(place) >= 2:
                values[Channel.LONGITUDE_DEG], values[Channel.LATITUDE_DEG] = place[:2]
                if len(place) > 2:
                    values[Channel.ALTITUDE_M] = place[2]
            self._tracks[-1].add(instant, values, self._count)

    def finish(self) -> Recording:
        """Return the recording.

        Raises
        ------
        NoActivityError
            If no point has a time.
        """
        if self._segment is not None and self._tracks:
            self._close_track(self._segment)
        found = [
            (track, leg)
            for track in self._tracks
            if (leg := leg_of(track, self._sport(track), self._findings)) is not None
        ]
        if not found:
            kind = "lines without times: a drawing or a planned route" if self._has_line else "no track with times"
            remedy = "Choose the recording of a finished activity."
            if any(np.isfinite(track.instant).any() for track in self._tracks):
                kind = "no point with a plausible time: the device's clock was wrong"
                remedy = "Correct the times of its points, or export it again from the program that has the right ones."
            raise NoActivityError(f"the KML document holds {kind}", file=self._file, remedy=remedy)
        found.sort(key=lambda item: item[1].started_at)
        return Recording(
            format="kml",
            legs=tuple(without_repeats([leg for _, leg in found], self._findings)),
            title=next((track.name for track, _ in found if track.name), None),
            device={"manufacturer": None, "product": self._generator, "software_version": None},
            warnings=self._findings.warnings(),
            salvaged=self._findings.salvaged,
        )

    def _sport(self, track: PointTrack) -> tuple[Sport, str | None]:
        return sport_of(track.kind)


def _parent(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else local_name(parent)
