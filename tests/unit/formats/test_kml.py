"""KML made for the purpose: times and places in lists of their own, arrays, drawings."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from topform.core.activity import Channel, Sport
from topform.core.errors import NoActivityError
from topform.formats import decode

OPEN = (
    '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">'
    "<Document><Placemark><name>Round the lake</name>"
    '<ExtendedData><Data name="type"><value>running</value></Data></ExtendedData><gx:MultiTrack>'
)
CLOSE = "</gx:MultiTrack></Placemark></Document></kml>"


def when(second: int) -> str:
    return f"<when>2026-03-01T07:00:{second:02d}Z</when>"


def coord(place: float, altitude_m: float = 400.0) -> str:
    return f"<gx:coord>{8 + place} 47.0 {altitude_m}</gx:coord>"


def read(*tracks: str):
    return decode((OPEN + "".join(f"<gx:Track>{track}</gx:Track>" for track in tracks) + CLOSE).encode(), file="a.kml")


def test_times_places_and_arrays_come_together():
    values = "".join(f"<gx:value>{value}</gx:value>" for value in (120, 121, 125))
    schema = f'<ExtendedData><SchemaData><gx:SimpleArrayData name="heart_rate">{values}</gx:SimpleArrayData>'
    recording = read(
        "".join(when(second) for second in (0, 1, 3))
        + "".join(coord(place, 400 + place) for place in (0, 1, 2))
        + schema
        + "</SchemaData></ExtendedData>"
    )
    (leg,) = recording.legs
    assert (recording.format, recording.title, leg.sport) == ("kml", "Round the lake", Sport.RUNNING)
    assert leg.started_at == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert leg.utc_offset_s == 3600
    np.testing.assert_array_equal(leg.streams.t_s, [0, 1, 3])
    np.testing.assert_array_equal(leg.streams[Channel.LONGITUDE_DEG], [8, 9, 10])
    np.testing.assert_array_equal(leg.streams[Channel.ALTITUDE_M], [400, 401, 402])
    np.testing.assert_array_equal(leg.streams[Channel.HR_BPM], [120, 121, 125])
    assert recording.warnings == ()


def test_an_empty_place_is_not_observed_and_order_within_the_track_does_not_matter():
    (leg,) = read(when(0) + coord(0) + "<gx:coord/>" + when(1) + when(2) + coord(2)).legs
    np.testing.assert_array_equal(leg.streams[Channel.LONGITUDE_DEG], [8, np.nan, 10])


def test_a_second_track_begins_after_a_pause():
    (leg,) = read(when(0) + coord(0) + when(1) + coord(1), when(30) + coord(1) + when(31) + coord(2)).legs
    assert [(pause.start_s, pause.end_s) for pause in leg.pauses] == [(1, 30)]
    assert (leg.elapsed_s, leg.timer_s) == (31, 2)


def test_lists_of_unequal_length_are_told():
    recording = read(when(0) + coord(0) + coord(1))
    assert [warning.code for warning in recording.warnings] == ["times_and_places_differ"]
    assert len(recording.legs[0].streams) == 1


def test_a_drawing_is_no_activity():
    line = "<Placemark><LineString><coordinates>8,47 9,47</coordinates></LineString></Placemark>"
    with pytest.raises(NoActivityError, match="planned route"):
        decode(f"<kml>{line}</kml>".encode(), file="route.kml")


def test_a_cut_document_keeps_what_precedes_the_cut():
    whole = OPEN + "<gx:Track>" + "".join(when(second) + coord(second) for second in range(8))
    recording = decode(whole.encode(), file="cut.kml")
    assert recording.salvaged
    assert len(recording.legs[0].streams) == 8
