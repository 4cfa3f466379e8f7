"""TCX (TrainingCenterDatabase 2, ActivityExtension 2): laps and samples with pulse, cadence, speed and power.

The schema knows three sports; others are written as Other.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from topform.core.activity import Channel, Lap, Leg, Recording, Sport
from topform.core.arrays import FloatArray
from topform.formats.activities_out.words import cadence_of, decimal, instant, is_known, plain_text

TCD: Final = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
AX: Final = "http://www.garmin.com/xmlschemas/ActivityExtension/v2"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
NAMES: Final[dict[Any, str]] = {None: TCD, "ns3": AX, "xsi": XSI}
SCHEMAS: Final = f"{TCD} http://www.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd"
SPORTS: Final = {Sport.RUNNING: "Running", Sport.CYCLING: "Biking"}
TRIGGERS: Final = {"manual": "Manual", "distance": "Distance", "time": "Time", "position_lap": "Location"}
Rows = NDArray[np.intp]
MAX_PULSE: Final = 255
MAX_CADENCE: Final = 254


def write_tcx(recording: Recording) -> bytes:
    """Return a TCX document: one activity a leg, its laps as the device cut them."""
    root = etree.Element(f"{{{TCD}}}TrainingCenterDatabase", nsmap=NAMES)
    root.set(f"{{{XSI}}}schemaLocation", SCHEMAS)
    activities = etree.SubElement(root, f"{{{TCD}}}Activities")
    for leg in recording.legs:
        _add_activity(activities, leg, recording)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_activity(parent: etree._Element, leg: Leg, recording: Recording) -> None:
    activity = etree.SubElement(parent, f"{{{TCD}}}Activity", Sport=SPORTS.get(leg.sport, "Other"))
    etree.SubElement(activity, f"{{{TCD}}}Id").text = instant(leg, 0.0)
    for lap, rows in _laps(leg):
        _add_lap(activity, leg, lap, rows)
    if recording.title:
        etree.SubElement(activity, f"{{{TCD}}}Notes").text = plain_text(recording.title)
    _add_creator(activity, recording)


def _laps(leg: Leg) -> list[tuple[Lap, Rows]]:
    """Return the laps with the rows that fall into each; what lies before, between and after joins its neighbour."""
    whole = Lap(0.0, leg.elapsed_s, leg.timer_s, leg.distance_m)
    laps = sorted(leg.laps, key=lambda lap: lap.start_s) or [whole]
    starts = np.array([lap.start_s for lap in laps[1:]])
    owner = np.searchsorted(starts, leg.streams.t_s + 1e-6, side="right") if len(laps) > 1 else None
    rows: Rows = np.arange(len(leg.streams), dtype=np.intp)
    return [(lap, rows if owner is None else rows[owner == index]) for index, lap in enumerate(laps)]


def _add_lap(activity: etree._Element, leg: Leg, lap: Lap, rows: Rows) -> None:
    """Add a lap; the order of its elements is the schema's."""
    element = etree.SubElement(activity, f"{{{TCD}}}Lap", StartTime=instant(leg, lap.start_s))
    timer_s = lap.timer_s if lap.timer_s is not None else lap.elapsed_s
    _add(element, "TotalTimeSeconds", decimal(timer_s, 3))
    _add(element, "DistanceMeters", decimal(_distance_m(leg, lap, rows), 3))
    speed = leg.streams.get(Channel.SPEED_M_S)
    if speed is not None and rows.size and np.isfinite(speed[rows]).any():
        _add(element, "MaximumSpeed", decimal(float(np.nanmax(speed[rows])), 3))
    _add(element, "Calories", decimal(min(max(leg.device_summary.get("energy_kcal", 0.0), 0.0), 65_535), 0))
    for name, pulse in (("AverageHeartRateBpm", lap.hr_mean_bpm), ("MaximumHeartRateBpm", lap.hr_max_bpm)):
        if pulse is not None and 1 <= round(pulse) <= MAX_PULSE:
            _add(_add(element, name), "Value", decimal(pulse, 0))
    _add(element, "Intensity", "Active")
    _add(element, "TriggerMethod", TRIGGERS.get(lap.trigger or "", "Manual"))
    for part in _tracks(leg, rows):
        track = _add(element, "Track")
        for row in part:
            _add_point(track, leg, int(row))
    means = [("AvgSpeed", lap.speed_mean_m_s, 3), ("AvgWatts", lap.power_mean_w, 0)]
    if any(is_known(value) for _, value, _ in means):
        group = etree.SubElement(_add(element, "Extensions"), f"{{{AX}}}LX")
        for name, value, digits in means:
            if value is not None and is_known(value):
                etree.SubElement(group, f"{{{AX}}}{name}").text = decimal(value, digits)


def _distance_m(leg: Leg, lap: Lap, rows: Rows) -> float:
    """Return the lap's distance, which the schema asks for: the device's, else the samples', else none covered."""
    if lap.distance_m is not None:
        return lap.distance_m
    along = leg.streams.get(Channel.DISTANCE_M)
    known = along[rows][np.isfinite(along[rows])] if along is not None and rows.size else np.empty(0)
    return float(known[-1] - known[0]) if known.size else 0.0


def _tracks(leg: Leg, rows: Rows) -> list[Rows]:
    """Return the rows cut at the pauses: a new track says that the timer stood still."""
    times = leg.streams.t_s[rows]
    cuts = sorted({int(np.searchsorted(times, pause.end_s)) for pause in leg.pauses})
    parts = np.split(rows, [cut for cut in cuts if 0 < cut < rows.size])
    return [part for part in parts if part.size]


def _add_point(track: etree._Element, leg: Leg, row: int) -> None:
    """Add a sample; the order of its elements is the schema's."""
    streams = leg.streams
    point = _add(track, "Trackpoint")
    _add(point, "Time", instant(leg, float(streams.t_s[row])))
    latitude, longitude = _at(streams.get(Channel.LATITUDE_DEG), row), _at(streams.get(Channel.LONGITUDE_DEG), row)
    if latitude is not None and longitude is not None:
        position = _add(point, "Position")
        _add(position, "LatitudeDegrees", decimal(latitude, 8))
        _add(position, "LongitudeDegrees", decimal(longitude, 8))
    for name, channel in (("AltitudeMeters", Channel.ALTITUDE_M), ("DistanceMeters", Channel.DISTANCE_M)):
        if (value := _at(streams.get(channel), row)) is not None:
            _add(point, name, decimal(value, 3))
    if (pulse := _at(streams.get(Channel.HR_BPM), row)) is not None and 1 <= round(pulse) <= MAX_PULSE:
        _add(_add(point, "HeartRateBpm"), "Value", decimal(pulse, 0))
    values, is_strides = cadence_of(leg)
    cadence = _at(values, row)
    if cadence is not None and not 0 <= round(cadence) <= MAX_CADENCE:
        cadence = None
    if cadence is not None and not is_strides:
        _add(point, "Cadence", decimal(cadence, 0))
    extension = [
        ("Speed", _at(streams.get(Channel.SPEED_M_S), row), 3),
        ("RunCadence", cadence if is_strides else None, 0),
        ("Watts", _at(streams.get(Channel.POWER_W), row), 0),
    ]
    if any(value is not None for _, value, _ in extension):
        group = etree.SubElement(_add(point, "Extensions"), f"{{{AX}}}TPX")
        for name, value, digits in extension:
            if value is not None:
                etree.SubElement(group, f"{{{AX}}}{name}").text = decimal(max(value, 0.0), digits)


def _add_creator(activity: etree._Element, recording: Recording) -> None:
    """Add the device's name; the schema asks for numbers with it, which are zero where they are not known."""
    parts = (recording.device.get("manufacturer"), recording.device.get("product"))
    name = " ".join(str(part) for part in parts if part)
    if not name:
        return
    creator = _add(activity, "Creator")
    creator.set(f"{{{XSI}}}type", "Device_t")
    _add(creator, "Name", plain_text(name))
    _add(creator, "UnitId", "0")
    _add(creator, "ProductID", "0")
    version = _add(creator, "Version")
    for part in ("VersionMajor", "VersionMinor", "BuildMajor", "BuildMinor"):
        _add(version, part, "0")


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{TCD}}}{name}")
    element.text = text
    return element


def _at(values: FloatArray | None, row: int) -> float | None:
    if values is None or not np.isfinite(values[row]):
        return None
    return float(values[row])
