"""What is written reads back, in our readers and in others' libraries, as exactly as each format can hold it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import fitdecode
import gpxpy
import numpy as np
import pytest
from lxml import etree

from topform.core.activity import (
    Channel,
    Lap,
    Leg,
    Pause,
    PoolLength,
    Recording,
    RRIntervals,
    Sport,
    Streams,
    StrengthSet,
)
from topform.core.errors import InvalidInputError
from topform.formats import decode
from topform.formats.activities_out import write_csv, write_fit, write_gpx, write_recording, write_tcx
from topform.formats.activities_out.gpx import NoPlaceError

START = datetime(2026, 4, 5, 6, 30, tzinfo=UTC)
SEMICIRCLE = 180 / 2**31


def run_leg(*, sport: Sport = Sport.RUNNING) -> Leg:
    """A run with every channel, two laps, a pause in between, and beats."""
    seconds = np.concatenate([np.arange(0.0, 121.0), np.arange(181.0, 302.0)])
    turn = np.arange(seconds.size)
    rr = np.tile([812.0, 799.0, 805.0, 820.0], 70)
    at = np.cumsum(rr) / 1000.0
    wave = np.sin(turn / 9.0)
    return Leg(
        sport=sport,
        sub_sport="trail" if sport is Sport.RUNNING else None,
        started_at=START,
        utc_offset_s=7200,
        elapsed_s=301.0,
        timer_s=241.0,
        distance_m=753.0,
        ascent_m=31.0,
        descent_m=12.0,
        laps=(
            Lap(0.0, 120.0, 120.0, 375.0, 141.0, 155.0, 240.0, 3.125, "manual"),
            Lap(180.0, 121.0, 121.0, 378.0, 150.0, 160.0, 251.0, 3.124, "session_end"),
        ),
        pauses=(Pause(120.0, 181.0),),
        rr=RRIntervals(at[at < 118.0], rr[at < 118.0]),
        streams=Streams(
            seconds,
            {
                Channel.LATITUDE_DEG: 47.1 + turn * 2.5e-5,
                Channel.LONGITUDE_DEG: 8.2 - turn * 1.1e-5,
                Channel.ALTITUDE_M: np.round(500 + wave * 20, 1),
                Channel.DISTANCE_M: np.round(turn * 3.12, 2),
                Channel.SPEED_M_S: np.round(3.12 + wave / 3, 3),
                Channel.HR_BPM: np.where(turn % 50 == 7, np.nan, np.round(145 + wave * 9)),
                Channel.POWER_W: np.round(245 + wave * 30),
                Channel.CADENCE_SPM: np.round(168 + wave * 6),
                Channel.TEMPERATURE_C: np.full(turn.size, -3.0),
                Channel.GROUND_CONTACT_MS: np.round(240 + wave * 8, 1),
                Channel.VERTICAL_OSCILLATION_M: np.round(0.082 + wave / 400, 4),
                Channel.STEP_LENGTH_M: np.round(1.11 + wave / 20, 4),
                Channel.LEFT_BALANCE_FRAC: np.round(0.5 + wave / 40, 2),
                Channel.RESPIRATION_RPM: np.round(31 + wave, 2),
                Channel.CORE_TEMPERATURE_C: np.round(37.6 + wave / 10, 2),
            },
        ),
    )


def pool_leg() -> Leg:
    """A swim of four lengths with a rest, no positions."""
    return Leg(
        sport=Sport.SWIMMING,
        sub_sport="lap_swimming",
        started_at=datetime(2026, 4, 5, 7, 0, tzinfo=UTC),
        utc_offset_s=7200,
        elapsed_s=140.0,
        timer_s=140.0,
        distance_m=100.0,
        pool_length_m=25.0,
        laps=(Lap(0.0, 140.0, 140.0, 100.0, trigger="manual"),),
        lengths=(
            PoolLength(0.0, 27.5, True, "freestyle", 14, 25.0),
            PoolLength(28.0, 28.0, True, "freestyle", 15, 25.0),
            PoolLength(56.0, 20.0, False, None, None, 0.0),
            PoolLength(76.0, 31.0, True, "breaststroke", 18, 25.0),
            PoolLength(107.0, 33.0, True, "backstroke", 20, 25.0),
        ),
        streams=Streams(np.arange(0.0, 140.0, 5.0), {Channel.HR_BPM: np.round(120 + np.arange(28.0))}),
    )


def strength_leg() -> Leg:
    return Leg(
        sport=Sport.STRENGTH,
        sub_sport="strength_training",
        started_at=datetime(2026, 4, 5, 8, 0, tzinfo=UTC),
        utc_offset_s=7200,
        elapsed_s=200.0,
        timer_s=200.0,
        laps=(Lap(0.0, 200.0, 200.0),),
        sets=(
            StrengthSet(0.0, 40.0, True, "push_up", 15, None),
            StrengthSet(40.0, 60.0, False),
            StrengthSet(100.0, 45.0, True, "nordic_curl_with_band", 8, 12.5),
        ),
        streams=Streams(np.arange(0.0, 200.0, 10.0), {Channel.HR_BPM: np.full(20, 101.0)}),
    )


def recording(*legs: Leg) -> Recording:
    return Recording(
        format="fit", legs=legs, title="Morgenlauf <&> 朝", device={"manufacturer": "acme", "product": "One"}
    )


RESOLUTION = {
    "fit": {
        Channel.LATITUDE_DEG: SEMICIRCLE, Channel.LONGITUDE_DEG: SEMICIRCLE, Channel.ALTITUDE_M: 0.2,
        Channel.DISTANCE_M: 0.01, Channel.SPEED_M_S: 0.001, Channel.HR_BPM: 1, Channel.POWER_W: 1,
        Channel.CADENCE_SPM: 2 / 128, Channel.TEMPERATURE_C: 1, Channel.GROUND_CONTACT_MS: 0.1,
        Channel.VERTICAL_OSCILLATION_M: 1e-4, Channel.STEP_LENGTH_M: 1e-4, Channel.LEFT_BALANCE_FRAC: 0.01,
        Channel.RESPIRATION_RPM: 0.01, Channel.CORE_TEMPERATURE_C: 0.01,
    },
    "tcx": {
        Channel.LATITUDE_DEG: 1e-8, Channel.LONGITUDE_DEG: 1e-8, Channel.ALTITUDE_M: 0.001, Channel.DISTANCE_M: 0.001,
        Channel.SPEED_M_S: 0.001, Channel.HR_BPM: 1, Channel.POWER_W: 1, Channel.CADENCE_SPM: 2,
    },
    "gpx": {
        Channel.LATITUDE_DEG: 1e-8, Channel.LONGITUDE_DEG: 1e-8, Channel.ALTITUDE_M: 0.001, Channel.SPEED_M_S: 0.001,
        Channel.HR_BPM: 1, Channel.POWER_W: 1, Channel.CADENCE_SPM: 2, Channel.TEMPERATURE_C: 0.01,
    },
}  # fmt: skip
"""The step of each channel that a format holds; what is not listed it cannot hold (docs/reference/file-formats.md)."""


@pytest.mark.parametrize("file_format", ["fit", "tcx", "gpx"])
def test_every_channel_a_format_holds_comes_back_within_its_resolution(file_format: str):
    leg = run_leg()
    back = decode(write_recording(recording(leg), file_format), file=f"x.{file_format}").legs[0]
    assert back.started_at == leg.started_at
    assert np.array_equal(back.streams.t_s, leg.streams.t_s)
    assert set(back.streams.channels) == set(RESOLUTION[file_format])
    for name, step in RESOLUTION[file_format].items():
        wanted, found = leg.streams[name], back.streams[name]
        assert np.array_equal(np.isfinite(wanted), np.isfinite(found)), name
        assert np.nanmax(np.abs(wanted - found)) <= step / 2 + 1e-9, name
    assert back.pauses == (Pause(120.0, 181.0),)
    assert (back.elapsed_s, back.timer_s) == (leg.elapsed_s, pytest.approx(leg.timer_s, abs=1.0))
    assert back.sport is Sport.RUNNING


def test_fit_holds_laps_totals_beats_and_the_offset():
    leg = run_leg()
    back = decode(write_fit(recording(leg)), file="x.fit").legs[0]
    assert back.laps == leg.laps
    assert (back.distance_m, back.ascent_m, back.descent_m) == (753.0, 31.0, 12.0)
    assert (back.sub_sport, back.utc_offset_s) == ("trail", 7200)
    assert back.rr is not None and leg.rr is not None
    assert np.array_equal(back.rr.rr_ms, leg.rr.rr_ms)
    assert np.max(np.abs(back.rr.t_s - leg.rr.t_s)) < 2.0  # the format gives beats no time of their own


def test_tcx_holds_laps():
    leg = run_leg()
    back = decode(write_tcx(recording(leg)), file="x.tcx")
    assert [replace(lap, trigger=None) for lap in back.legs[0].laps] == [replace(lap, trigger=None) for lap in leg.laps]
    assert back.title == "Morgenlauf <&> 朝"
    assert back.legs[0].distance_m == 753.0


def test_fit_holds_pool_lengths_and_strength_sets_of_several_legs():
    legs = (run_leg(), pool_leg(), strength_leg())
    back = decode(write_fit(recording(*legs)), file="x.fit").legs
    assert [leg.sport for leg in back] == [leg.sport for leg in legs]
    assert back[1].lengths == legs[1].lengths
    assert back[1].pool_length_m == 25.0
    assert back[2].sets == legs[2].sets
    for one, other in zip(back, legs, strict=True):
        assert np.array_equal(one.streams.t_s, other.streams.t_s)
        assert one.elapsed_s == other.elapsed_s


def test_fit_is_what_an_independent_decoder_reads():
    leg = run_leg(sport=Sport.CYCLING)
    messages = []
    with fitdecode.FitReader(io.BytesIO(write_fit(recording(leg))), check_crc=fitdecode.CrcCheck.RAISE) as reader:
        messages = [frame for frame in reader if isinstance(frame, fitdecode.FitDataMessage)]
    by_name: dict[str, list[fitdecode.FitDataMessage]] = {}
    for message in messages:
        by_name.setdefault(message.name, []).append(message)
    assert by_name["file_id"][0].get_value("type") == "activity"
    assert by_name["session"][0].get_value("sport") == "cycling"
    assert by_name["session"][0].get_value("total_timer_time") == 241.0
    assert by_name["session"][0].get_value("start_time") == START
    records = by_name["record"]
    assert len(records) == len(leg.streams)
    assert [record.get_value("power") for record in records] == leg.streams[Channel.POWER_W].astype(int).tolist()
    assert records[3].get_value("enhanced_altitude") == pytest.approx(leg.streams[Channel.ALTITUDE_M][3], abs=0.101)
    beats = [t for message in by_name["hrv"] for t in message.get_value("time") if t is not None]
    assert leg.rr is not None
    assert beats == pytest.approx((leg.rr.rr_ms / 1000).tolist(), abs=1e-9)
    kinds = [event.get_value("event_type") for event in by_name["event"]]
    assert kinds == ["start", "stop_all", "start", "stop_all"]


def test_gpx_is_what_an_independent_parser_reads():
    leg = run_leg()
    document = gpxpy.parse(write_gpx(recording(leg)).decode())
    (track,) = document.tracks
    assert (track.name, track.type) == ("Morgenlauf <&> 朝", "running")
    assert [len(segment.points) for segment in track.segments] == [121, 121]
    points = [point for segment in track.segments for point in segment.points]
    assert [point.latitude for point in points] == pytest.approx(leg.streams[Channel.LATITUDE_DEG], abs=5e-9)
    assert [point.elevation for point in points] == pytest.approx(leg.streams[Channel.ALTITUDE_M])
    assert points[0].time == START
    extensions = {etree.QName(item).localname: item for item in points[3].extensions}
    assert extensions["power"].text == "255"
    names = [etree.QName(item).localname for item in extensions["TrackPointExtension"]]
    assert names == ["atemp", "hr", "cad", "speed"]  # the order of the schema


ORDER = {
    "Lap": [
        "TotalTimeSeconds", "DistanceMeters", "MaximumSpeed", "Calories", "AverageHeartRateBpm", "MaximumHeartRateBpm",
        "Intensity", "Cadence", "TriggerMethod", "Track", "Notes", "Extensions",
    ],
    "Trackpoint": [
        "Time", "Position", "AltitudeMeters", "DistanceMeters", "HeartRateBpm", "Cadence", "SensorState", "Extensions",
    ],
    "Activity": ["Id", "Lap", "Notes", "Training", "Creator", "Extensions"],
    "TPX": ["Speed", "RunCadence", "Watts", "Extensions"],
    "LX": ["AvgSpeed", "MaxBikeCadence", "AvgRunCadence", "MaxRunCadence", "Steps", "AvgWatts", "MaxWatts"],
    "Creator": ["Name", "UnitId", "ProductID", "Version"],
    "Position": ["LatitudeDegrees", "LongitudeDegrees"],
}  # fmt: skip
"""Sequences of TrainingCenterDatabasev2.xsd and ActivityExtensionv2.xsd."""


@pytest.mark.parametrize("leg", [run_leg(), run_leg(sport=Sport.CYCLING), pool_leg(), strength_leg()])
def test_tcx_keeps_the_order_and_the_types_of_the_schema(leg: Leg):
    root = etree.fromstring(write_tcx(recording(leg)))
    for name, order in ORDER.items():
        for element in root.iter(f"{{*}}{name}"):
            places = [order.index(etree.QName(child).localname) for child in element]
            assert places == sorted(places), name
    for lap in root.iter("{*}Lap"):
        assert {"TotalTimeSeconds", "DistanceMeters", "Calories", "Intensity", "TriggerMethod"} <= {
            etree.QName(child).localname for child in lap
        }
    assert {element.get("Sport") for element in root.iter("{*}Activity")} <= {"Running", "Biking", "Other"}
    for name in ("Value", "Watts", "RunCadence", "Cadence", "Calories"):
        for element in root.iter(f"{{*}}{name}"):
            assert element.text is not None and 0 <= int(element.text) <= 65_535


def test_csv_holds_everything_a_row_each():
    legs = (run_leg(), pool_leg(), strength_leg())
    rows = list(csv.DictReader(io.StringIO(write_csv(recording(*legs)).decode())))
    kinds: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        kinds.setdefault(row["kind"], []).append(row)
    assert len(kinds["sample"]) == sum(len(leg.streams) for leg in legs)
    assert len(kinds["lap"]) == 4
    first = kinds["length"][0]
    assert (first["name"], first["count"], first["is_active"]) == ("freestyle", "14", "1")
    last = kinds["set"][2]
    assert (last["name"], last["count"], last["mass_kg"]) == ("nordic_curl_with_band", "8", "12.5")
    assert legs[0].rr is not None
    assert [float(row["rr_ms"]) for row in kinds["beat"]] == legs[0].rr.rr_ms.tolist()
    assert kinds["pause"][0]["elapsed_s"] == "61.0"
    own = [row for row in kinds["sample"] if row["leg"] == "0"]
    for name, values in legs[0].streams.channels.items():
        found = [float(row[name.value]) if row[name.value] else np.nan for row in own]
        assert np.array_equal(np.array(found), np.round(values, 9), equal_nan=True), name
    assert own[0]["time"] == "2026-04-05T06:30:00Z"


def test_times_between_seconds_are_kept_where_the_format_can():
    leg = replace(run_leg(), pauses=(), laps=(), rr=None)
    times = leg.streams.t_s[:50] + 0.25
    leg = replace(leg, streams=Streams(times, {n: v[:50] for n, v in leg.streams.channels.items()}), elapsed_s=60.0)
    for file_format in ("gpx", "tcx"):
        back = decode(write_recording(recording(leg), file_format), file=f"x.{file_format}").legs[0]
        instants = back.started_at.timestamp() + back.streams.t_s
        assert instants == pytest.approx(leg.started_at.timestamp() + times, abs=0.001)


def test_a_workout_without_places_is_no_track():
    with pytest.raises(NoPlaceError) as caught:
        write_gpx(recording(pool_leg()))
    assert caught.value.remedy


def test_an_unknown_format_is_refused():
    with pytest.raises(InvalidInputError):
        write_recording(recording(pool_leg()), "docx")


@pytest.mark.parametrize("write", [write_fit, write_tcx, write_csv])
def test_an_empty_workout_can_be_written(write):
    empty = Leg(Sport.OTHER, START, 0.0, 0.0, Streams(np.empty(0), {}))
    assert write(Recording("fit", (empty,)))
