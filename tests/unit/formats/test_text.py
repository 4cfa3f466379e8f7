"""Tables, HRM files and lists of intervals."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from topform.core.activity import Channel, Sport
from topform.core.errors import InvalidInputError, NoActivityError, UnknownFormatError
from topform.formats import decode
from topform.formats.errors import StartUnknownError
from topform.formats.text.mapping import TableMapping

START = datetime(2026, 3, 1, 6, tzinfo=UTC)
FROM_START = TableMapping(started_at=START)

HRM = """[Params]
Version=106
Monitor=12
SMode=111100000
Date=20260301
StartTime=07:00:00.0
Length=00:00:10.0
Interval=5
[Note]
[HRData]
120 252 80 410 200
125 360 82 412 220
"""


def test_columns_are_recognised_by_name_and_unit():
    text = (
        "timestamp,Heart Rate [bpm],Speed (km/h),Distance (km),Altitude (ft),comment\n"
        "2026-03-01T07:00:00+01:00,120,36,0.0,1000,a\n"
        "2026-03-01T07:00:02+01:00,,18,0.01,1010,b\n"
    )
    recording = decode(text.encode(), file="table.csv")
    (leg,) = recording.legs
    assert (recording.format, leg.started_at) == ("csv", START)
    np.testing.assert_array_equal(leg.streams.t_s, [0, 2])
    np.testing.assert_array_equal(leg.streams[Channel.HR_BPM], [120, np.nan])
    np.testing.assert_allclose(leg.streams[Channel.SPEED_M_S], [10, 5])
    np.testing.assert_allclose(leg.streams[Channel.DISTANCE_M], [0, 10])
    np.testing.assert_allclose(leg.streams[Channel.ALTITUDE_M], [304.8, 307.848])
    assert recording.warnings == ()


@pytest.mark.parametrize(
    ("column", "cells"),
    [
        ("time", ["1772344800", "1772344801"]),
        ("time", ["1772344800000", "1772344801000"]),
        ("time", ["2026-03-01 06:00:00", "2026-03-01 06:00:01"]),
    ],
)
def test_instants_of_all_kinds(column, cells):
    rows = "\n".join(f"{cell};200" for cell in cells)
    (leg,) = decode(f"{column};power\n{rows}\n".encode(), file="table.csv").legs
    assert leg.started_at == START
    np.testing.assert_array_equal(leg.streams.t_s, [0, 1])


@pytest.mark.parametrize("cells", [["0", "1.5"], ["0:00", "0:01.5"], ["00:00:00", "00:00:01.5"]])
def test_time_from_zero_needs_a_start(cells):
    content = ("sec,power\n" + "\n".join(f"{cell},200" for cell in cells)).encode()
    with pytest.raises(StartUnknownError) as caught:
        decode(content, file="table.csv")
    assert "started_at" in (caught.value.remedy or "")
    if cells[1] != "0:01.5":
        (leg,) = decode(content, file="table.csv", mapping=FROM_START).legs
        assert leg.started_at == START
        np.testing.assert_array_equal(leg.streams.t_s, [0, 1.5])


def test_a_mapping_names_columns_units_and_sport():
    mapping = TableMapping.from_document(
        {
            "columns": {"Leistung": "power_w", "Tempo": {"to": "speed_m_s", "unit": "km/h"}, "Zeit": "elapsed_s"},
            "started_at": "2026-03-01T07:00:00+01:00",
            "utc_offset_s": 3600,
            "sport": "cycling",
            "delimiter": ";",
            "decimal": ",",
        }
    )
    content = "Zeit;Leistung;Tempo\n0;200,5;36\n1;210;37,8\n".encode("utf-16")
    (leg,) = decode(content, file="table.csv", mapping=mapping).legs
    assert (leg.sport, leg.started_at, leg.utc_offset_s) == (Sport.CYCLING, START, 3600)
    np.testing.assert_allclose(leg.streams[Channel.POWER_W], [200.5, 210])
    np.testing.assert_allclose(leg.streams[Channel.SPEED_M_S], [10, 10.5])


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"column": {}}, "unknown field column"),
        ({"columns": ["a"]}, "must map headers"),
        ({"columns": {"a": "joules"}}, "no quantity"),
        ({"columns": {"a": {"to": "speed_m_s", "unit": "knots"}}}, "unknown unit"),
        ({"started_at": "yesterday"}, "expected 2026"),
        ({"started_at": "2026-03-01T07:00:00"}, "time zone"),
        ({"sport": "chess"}, "sport is"),
        ({"delimiter": "::"}, "delimiter"),
        ({"utc_offset_s": "late"}, "whole number"),
    ],
)
def test_a_mapping_says_what_is_wrong_with_it(document, words):
    with pytest.raises(InvalidInputError, match=words):
        TableMapping.from_document(document)


def test_raw_semicircles_become_degrees():
    content = b"time,lat,lon\n1772344800,560750318,95443718\n1772344801,560750318,95443718\n"
    (leg,) = decode(content, file="records.csv").legs
    assert leg.streams[Channel.LATITUDE_DEG][0] == pytest.approx(560750318 * 180 / 2**31)
    assert leg.utc_offset_s == 3600


def test_a_speed_without_a_unit_is_taken_as_ours_with_a_warning():
    recording = decode(b"time,speed\n1772344800,5\n1772344801,6\n", file="table.csv")
    assert [warning.code for warning in recording.warnings] == ["unit_assumed"]
    np.testing.assert_array_equal(recording.legs[0].streams[Channel.SPEED_M_S], [5, 6])


def test_a_table_without_a_sample_is_no_activity():
    with pytest.raises(NoActivityError):
        decode(b"time,power\nsoon,200\n", file="table.csv")


@pytest.mark.parametrize("content", [b"name,price\nmilk,2\n", b"power\n200\n", b"some words\nand more\n", b"1\n2\n3\n"])
def test_other_text_is_refused(content):
    with pytest.raises(UnknownFormatError):
        decode(content, file="notes.txt")


@pytest.mark.parametrize(
    "content", ["800\n810\n790\n", "rri\r\n800\r\n810\r\n790\r\n", "rr,time\n800,1\n810,2\n790,3\n"]
)
def test_a_list_of_intervals(content):
    with pytest.raises(StartUnknownError):
        decode(content.encode(), file="rest.txt")
    (leg,) = decode(content.encode(), file="rest.txt", mapping=FROM_START).legs
    assert leg.rr is not None
    np.testing.assert_array_equal(leg.rr.rr_ms, [800, 810, 790])
    np.testing.assert_allclose(leg.rr.t_s, [0.8, 1.61, 2.4])
    assert (len(leg.streams), leg.elapsed_s) == (0, pytest.approx(2.4))


def test_polar_samples_with_the_columns_that_the_mode_names():
    recording = decode(HRM.encode(), file="ride.hrm")
    (leg,) = recording.legs
    assert leg.started_at == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert [warning.code for warning in recording.warnings] == ["time_zone_unknown"]
    np.testing.assert_array_equal(leg.streams.t_s, [0, 5])
    np.testing.assert_allclose(leg.streams[Channel.SPEED_M_S], [7, 10])
    np.testing.assert_array_equal(leg.streams[Channel.CADENCE_RPM], [80, 82])
    np.testing.assert_array_equal(leg.streams[Channel.ALTITUDE_M], [410, 412])
    np.testing.assert_array_equal(leg.streams[Channel.POWER_W], [200, 220])


def test_polar_imperial_units_and_a_known_zone():
    mapping = TableMapping(utc_offset_s=3600)
    content = HRM.replace("SMode=111100000", "SMode=101000010").replace("120 252 80 410 200", "120 100 1000")
    recording = decode(content.encode(), file="ride.hrm", mapping=mapping)
    (leg,) = recording.legs
    assert (leg.started_at, recording.warnings) == (START, ())
    assert leg.streams[Channel.SPEED_M_S][0] == pytest.approx(4.4704)
    assert leg.streams[Channel.ALTITUDE_M][0] == pytest.approx(304.8)


def test_polar_intervals_between_beats():
    content = HRM.replace("Interval=5", "Interval=238").replace("120 252 80 410 200", "800").replace("125 360", "810 1")
    (leg,) = decode(content.encode(), file="rest.hrm").legs
    assert leg.rr is not None
    np.testing.assert_array_equal(leg.rr.rr_ms, [800, 810])
