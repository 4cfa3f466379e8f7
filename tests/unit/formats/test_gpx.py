"""GPX documents made for the purpose."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.documents import GPX_HEAD, gpx, gpx_point, gpx_track

from topform.core.activity import Channel, Sport
from topform.core.errors import DamagedFileError, NoActivityError
from topform.formats import decode

V1 = (
    "<gpxtpx:TrackPointExtension><gpxtpx:hr>141</gpxtpx:hr><gpxtpx:cad>88</gpxtpx:cad>"
    "<gpxtpx:atemp>21.5</gpxtpx:atemp></gpxtpx:TrackPointExtension><power>233</power>"
)
V2 = (
    "<ns3:TrackPointExtension><ns3:hr>141</ns3:hr><ns3:cad>88</ns3:cad><ns3:speed>3.25</ns3:speed>"
    "</ns3:TrackPointExtension>"
)
BARE = "<TrackPointExtension><hr>141</hr><cad>88</cad></TrackPointExtension>"


def test_points_become_streams():
    recording = decode(gpx([gpx_track(gpx_point(second) for second in range(10))]), file="run.gpx")
    (leg,) = recording.legs
    assert (recording.format, recording.title, recording.device["product"]) == ("gpx", "Morning", "Test")
    assert (leg.sport, leg.elapsed_s, leg.timer_s, leg.distance_m) == (Sport.RUNNING, 9, 9, None)
    assert leg.started_at.isoformat() == "2022-06-01T08:00:00+00:00"
    assert leg.utc_offset_s == 7200
    np.testing.assert_allclose(leg.streams[Channel.ALTITUDE_M], 400 + np.arange(10))


@pytest.mark.parametrize("extensions", [V1, V2, BARE])
def test_extensions_are_read_whatever_their_namespace(extensions):
    (leg,) = decode(gpx([gpx_track([gpx_point(0, extensions=extensions)])]), file="run.gpx").legs
    assert leg.streams[Channel.HR_BPM][0] == 141
    assert leg.streams[Channel.CADENCE_SPM][0] == 176


def test_power_temperature_and_speed_come_from_extensions():
    points = [gpx_point(0, extensions=V1), gpx_point(1, extensions=V2)]
    (leg,) = decode(gpx([gpx_track(points, kind="cycling")]), file="ride.gpx").legs
    np.testing.assert_allclose(leg.streams[Channel.POWER_W], [233, np.nan])
    np.testing.assert_allclose(leg.streams[Channel.TEMPERATURE_C], [21.5, np.nan])
    np.testing.assert_allclose(leg.streams[Channel.SPEED_M_S], [np.nan, 3.25])
    np.testing.assert_allclose(leg.streams[Channel.CADENCE_RPM], 88)


def test_gpx_1_0_speed_and_no_namespace():
    head = '<gpx version="1.0" creator="Old">'
    point = '<trkpt lat="47" lon="8"><time>2022-06-01T08:00:00Z</time><speed>2.5</speed></trkpt>'
    (leg,) = decode(gpx([gpx_track([point])], head=head), file="old.gpx").legs
    assert leg.streams[Channel.SPEED_M_S][0] == 2.5


def test_every_track_with_times_is_a_leg():
    tracks = [
        gpx_track([gpx_point(second, start="2022-06-01T10:00") for second in range(5)], kind="Run"),
        gpx_track([gpx_point(second) for second in range(5)], kind="Ride"),
        gpx_track([gpx_point(second, time=False) for second in range(5)]),
    ]
    legs = decode(gpx(tracks), file="day.gpx").legs
    assert [leg.sport for leg in legs] == [Sport.CYCLING, Sport.RUNNING]


def test_a_break_between_segments_is_a_pause():
    points = "".join(gpx_point(second) for second in range(5))
    later = "".join(gpx_point(second) for second in range(30, 35))
    track = f"<trk><trkseg>{points}</trkseg><trkseg>{later}</trkseg></trk>"
    (leg,) = decode(gpx([track]), file="walk.gpx").legs
    assert [(pause.start_s, pause.end_s) for pause in leg.pauses] == [(4, 30)]
    assert (leg.elapsed_s, leg.timer_s) == (34, 8)


def test_a_long_gap_without_progress_is_taken_as_a_pause_and_told():
    points = [*(gpx_point(second) for second in range(5)), gpx_point(4, start="2022-06-01T08:20")]
    recording = decode(gpx([gpx_track(points)]), file="cafe.gpx")
    assert [(pause.start_s, pause.end_s) for pause in recording.legs[0].pauses] == [(4, 1204)]
    assert [warning.code for warning in recording.warnings] == ["gaps_taken_as_pauses"]


def test_points_without_time_are_left_out_and_told():
    points = [gpx_point(0), gpx_point(1, time=False), gpx_point(2)]
    recording = decode(gpx([gpx_track(points)]), file="run.gpx")
    assert len(recording.legs[0].streams) == 2
    assert recording.warnings[0].code == "samples_without_time"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (gpx_track([gpx_point(0, time=False)]), "planned route"),
        ('<rte><rtept lat="47" lon="8"/></rte>', "planned route"),
        ('<wpt lat="47" lon="8"><time>2022-06-01T08:00:00Z</time></wpt>', "waypoints"),
        ("", "no track"),
    ],
)
def test_documents_without_a_recording_are_named(body, words):
    with pytest.raises(NoActivityError, match=words):
        decode(gpx([body]), file="plan.gpx")


def test_a_cut_document_keeps_what_precedes_the_cut():
    whole = gpx([gpx_track(gpx_point(second) for second in range(40))])
    cut = whole[: len(whole) * 3 // 4]
    recording = decode(cut, file="cut.gpx")
    assert recording.salvaged
    assert 25 <= len(recording.legs[0].streams) < 40
    (warning,) = recording.warnings
    assert warning.code == "document_damaged"
    assert warning.offset_bytes is not None
    assert abs(warning.offset_bytes - len(cut)) < 120


def test_a_document_cut_before_its_first_point_is_damaged():
    with pytest.raises(DamagedFileError) as caught:
        decode(GPX_HEAD.encode() + b"<trk><trkseg><trkpt lat=", file="cut.gpx")
    assert caught.value.offset_bytes is not None


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings(encoding):
    text = (
        gpx([gpx_track([gpx_point(0)], name="Übung")])
        .decode()
        .replace('encoding="UTF-8"', f'encoding="{encoding[:6].rstrip("-")}"')
    )
    assert decode(text.encode(encoding), file="run.gpx").title == "Übung"
