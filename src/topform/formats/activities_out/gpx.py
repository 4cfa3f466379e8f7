"""GPX 1.1 with Garmin's TrackPointExtension 2: where, when, how high, pulse, cadence, temperature, speed, power.

A point needs a place: samples without one are left out, and a workout without any cannot be written.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from topform.core.activity import Channel, Leg, Recording
from topform.core.arrays import BoolArray, FloatArray
from topform.core.errors import InvalidInputError
from topform.formats.activities_out.words import cadence_of, decimal, instant, plain_text
from topform.formats.sports import sport_of

GPX: Final = "http://www.topografix.com/GPX/1/1"
TPX: Final = "http://www.garmin.com/xmlschemas/TrackPointExtension/v2"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
NAMES: Final[dict[Any, str]] = {None: GPX, "gpxtpx": TPX, "xsi": XSI}
SCHEMAS: Final = (
    "http://www.topografix.com/GPX/1/1 http://www.topografix.com/GPX/1/1/gpx.xsd "
    "http://www.garmin.com/xmlschemas/TrackPointExtension/v2 "
    "http://www.garmin.com/xmlschemas/TrackPointExtensionv2.xsd"
)
Rows = NDArray[np.intp]
MAX_PULSE: Final = 255
MAX_CADENCE: Final = 254


class NoPlaceError(InvalidInputError):
    """A workout without positions cannot become a track."""

    code = "no_positions"


def write_gpx(recording: Recording) -> bytes:
    """Return a GPX document: one track a leg, a new segment after each pause.

    Raises
    ------
    NoPlaceError
        If no leg has a position.
    """
    root = etree.Element(f"{{{GPX}}}gpx", nsmap=NAMES)
    root.set("version", "1.1")
    root.set("creator", "TopForm")
    root.set(f"{{{XSI}}}schemaLocation", SCHEMAS)
    metadata = etree.SubElement(root, f"{{{GPX}}}metadata")
    if recording.title:
        etree.SubElement(metadata, f"{{{GPX}}}name").text = plain_text(recording.title)
    etree.SubElement(metadata, f"{{{GPX}}}time").text = instant(recording.legs[0], 0.0)
    tracks = [_add_track(root, leg, recording.title) for leg in recording.legs]
    if not any(tracks):
        raise NoPlaceError(
            "GPX holds places, and this workout has none.", remedy="Choose FIT, TCX or CSV for workouts indoors."
        )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_track(root: etree._Element, leg: Leg, title: str | None) -> bool:
    """Add a leg's track; False when it has no place."""
    latitude, longitude = leg.streams.get(Channel.LATITUDE_DEG), leg.streams.get(Channel.LONGITUDE_DEG)
    if latitude is None or longitude is None:
        return False
    placed = np.isfinite(latitude) & np.isfinite(longitude)
    if not placed.any():
        return False
    track = etree.SubElement(root, f"{{{GPX}}}trk")
    if title:
        etree.SubElement(track, f"{{{GPX}}}name").text = plain_text(title)
    etree.SubElement(track, f"{{{GPX}}}type").text = _type(leg)
    for rows in _segments(leg, placed):
        segment = etree.SubElement(track, f"{{{GPX}}}trkseg")
        for row in rows:
            _add_point(segment, leg, int(row), latitude, longitude)
    return True


def _type(leg: Leg) -> str:
    """Return the finer word where it says what sport it is by itself, else the sport."""
    fine = leg.sub_sport
    return fine if fine is not None and sport_of(fine)[0] is leg.sport else leg.sport.value


def _segments(leg: Leg, placed: BoolArray) -> list[Rows]:
    rows = np.flatnonzero(placed)
    times = leg.streams.t_s[rows]
    cuts = [int(np.searchsorted(times, pause.end_s)) for pause in leg.pauses]
    inside = sorted({cut for cut in cuts if 0 < cut < rows.size})
    return [part for part in np.split(rows, inside) if part.size]


def _add_point(segment: etree._Element, leg: Leg, row: int, latitude: FloatArray, longitude: FloatArray) -> None:
    streams = leg.streams
    point = etree.SubElement(
        segment, f"{{{GPX}}}trkpt", lat=decimal(float(latitude[row]), 8), lon=decimal(float(longitude[row]), 8)
    )
    if (height := _at(streams.get(Channel.ALTITUDE_M), row)) is not None:
        etree.SubElement(point, f"{{{GPX}}}ele").text = decimal(height, 3)
    etree.SubElement(point, f"{{{GPX}}}time").text = instant(leg, float(streams.t_s[row]))
    cadence, _ = cadence_of(leg)
    power = _at(streams.get(Channel.POWER_W), row)
    values = [
        ("atemp", _at(streams.get(Channel.TEMPERATURE_C), row), 2),
        ("hr", _within(_at(streams.get(Channel.HR_BPM), row), 1, MAX_PULSE), 0),
        ("cad", _within(_at(cadence, row), 0, MAX_CADENCE), 0),
        ("speed", _at(streams.get(Channel.SPEED_M_S), row), 3),
    ]
    if power is None and all(value is None for _, value, _ in values):
        return
    extensions = etree.SubElement(point, f"{{{GPX}}}extensions")
    if power is not None:
        etree.SubElement(extensions, f"{{{GPX}}}power").text = decimal(power, 0)
    if any(value is not None for _, value, _ in values):
        group = etree.SubElement(extensions, f"{{{TPX}}}TrackPointExtension")
        for name, value, digits in values:
            if value is not None:
                etree.SubElement(group, f"{{{TPX}}}{name}").text = decimal(value, digits)


def _at(values: FloatArray | None, row: int) -> float | None:
    if values is None or not np.isfinite(values[row]):
        return None
    return float(values[row])


def _within(value: float | None, low: int, high: int) -> float | None:
    return None if value is None or not low <= round(value) <= high else value
