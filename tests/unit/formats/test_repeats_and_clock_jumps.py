"""Legs that a file holds twice, values that contradict each other, clocks that jump by hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.support.documents import gpx, gpx_point, gpx_track, tcx, tcx_lap, tcx_point
from tests.support.fit_writer import CYCLING, START, FitWriter, ride

from topform.core.activity import Channel, Recording
from topform.formats import decode

BEGIN = datetime(2022, 6, 1, 8, tzinfo=UTC)
M_PER_DEGREE = 111_195.0


def codes(recording: Recording) -> list[str]:
    return [warning.code for warning in recording.warnings]


# ---- repeated legs ----


def test_a_chained_copy_of_a_fit_file_gives_its_leg_once():
    recording = decode(ride().finish() * 2, file="twice.fit")
    assert len(recording.legs) == 1
    assert codes(recording) == ["leg_repeated"]
    assert "cycling leg" in recording.warnings[0].message


def test_a_repeated_session_message_gives_no_empty_leg():
    writer = FitWriter()
    for second in range(10):
        writer.add("record", slot=2, timestamp=START + second, power=100)
    for _ in range(2):
        writer.add("session", slot=4, start_time=START, timestamp=START + 10, sport=CYCLING,
                   total_elapsed_time=10, total_timer_time=10, total_distance=50.0)  # fmt: skip
    recording = decode(writer.finish(), file="twice.fit")
    assert [len(leg.streams) for leg in recording.legs] == [10]
    assert codes(recording) == ["leg_repeated"]


def test_a_repeated_gpx_track_and_tcx_activity_are_taken_once():
    track = gpx_track(gpx_point(second) for second in range(5))
    found = decode(gpx([track, track, track]), file="thrice.gpx")
    assert (len(found.legs), codes(found)) == (1, ["leg_repeated", "leg_repeated"])
    document = tcx([tcx_lap([tcx_point(second) for second in range(5)], timer_s=5, distance_m=20)]).decode()
    head, rest = document.split("<Activity ")
    activity, tail = rest.split("</Activity>")
    twice = f"{head}{f'<Activity {activity}</Activity>' * 2}{tail}"
    found = decode(twice.encode(), file="twice.tcx")
    assert (len(found.legs), codes(found)) == (1, ["leg_repeated"])


def test_legs_that_differ_in_one_value_are_both_kept():
    tracks = [gpx_track(gpx_point(second, start="2022-06-01T08:00") for second in range(n)) for n in (5, 6)]
    found = decode(gpx(tracks), file="two.gpx")
    assert (len(found.legs), codes(found)) == (2, [])


# ---- one instant, several values ----


def test_values_that_contradict_each_other_within_one_instant_are_told():
    writer = FitWriter()
    for slot, power in ((0, 100), (0, 110), (0, 110)):
        writer.add("record", slot=slot, timestamp=START, power=power)
    writer.add("record", slot=1, timestamp=START + 1, distance=3.0)
    writer.add("record", slot=0, timestamp=START + 1, power=90)
    recording = decode(writer.finish(), file="same.fit")
    np.testing.assert_array_equal(recording.legs[0].streams[Channel.POWER_W], [110, 90])
    (told,) = (warning for warning in recording.warnings if warning.code == "samples_conflict")
    assert told.message == "different values of one instant: power_w at 1 instant; the later ones were taken"


# ---- clock jumps ----


def route(stamps_s: list[float], *, places: list[float] | None = None) -> bytes:
    """Return a track of 3 m/s to the north, at the given times after the start in the order of the file."""
    metres = [90.0 * index for index in range(len(stamps_s))] if places is None else places
    points = (
        f'<trkpt lat="{47 + along / M_PER_DEGREE:.8f}" lon="8.0">'
        f"<time>{BEGIN + timedelta(seconds=stamp):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        for along, stamp in zip(metres, stamps_s, strict=True)
    )
    return gpx([gpx_track(points)])


def table(stamps_s: list[float], *, distance_m: list[float]) -> bytes:
    rows = [
        f"{BEGIN + timedelta(seconds=stamp):%Y-%m-%dT%H:%M:%SZ},{metres},150"
        for stamp, metres in zip(stamps_s, distance_m, strict=True)
    ]
    return "\n".join(["time,distance_m,hr_bpm", *rows]).encode()


TRUE_S = [30.0 * index for index in range(200)]
"""100 minutes."""


@pytest.mark.parametrize("hours", [1.0, 0.75])
def test_a_route_on_two_places_at_once_is_mended(hours):
    wrong = [t + 3600 * hours if index < 40 else t for index, t in enumerate(TRUE_S)]
    recording = decode(route(wrong), file="zone.gpx")
    (leg,) = recording.legs
    assert codes(recording) == ["clock_jump_mended"]
    assert leg.started_at == BEGIN
    np.testing.assert_array_equal(leg.streams.t_s, TRUE_S)
    assert (np.diff(leg.streams[Channel.LATITUDE_DEG]) > 0).all()


def test_a_distance_that_counts_on_proves_the_jump_and_several_jumps_are_mended():
    metres = [3 * t for t in TRUE_S[:60]]
    wrong = [t + (7200 if i < 20 else 3600 if i < 40 else 0) for i, t in enumerate(TRUE_S[:60])]
    recording = decode(table(wrong, distance_m=metres), file="zone.csv")
    assert codes(recording) == ["clock_jump_mended", "clock_jump_mended"]
    np.testing.assert_array_equal(recording.legs[0].streams.t_s, TRUE_S[:60])
    np.testing.assert_array_equal(recording.legs[0].streams[Channel.DISTANCE_M], metres)


def test_parts_in_the_wrong_order_are_sorted_not_shifted():
    swapped = [*TRUE_S[120:], *TRUE_S[:120]]
    recording = decode(route(swapped, places=[3 * t for t in swapped]), file="swapped.gpx")
    assert codes(recording) == ["clock_jump", "time_not_in_order"]
    np.testing.assert_array_equal(recording.legs[0].streams.t_s, TRUE_S)
    again = decode(table(swapped, distance_m=[3 * t for t in swapped]), file="swapped.csv")
    assert codes(again) == ["clock_jump", "time_not_in_order"]


def test_a_copy_of_a_loop_within_its_track_is_not_taken_for_a_jump():
    stamps = [30.0 * index for index in range(121)]
    loop = [min(90.0 * index, 90.0 * (120 - index)) for index in range(121)]
    recording = decode(route(stamps * 2, places=loop * 2), file="copy.gpx")
    assert codes(recording) == ["clock_jump", "time_not_in_order"]
    assert recording.legs[0].elapsed_s == 3600


def test_a_jump_by_an_odd_amount_is_told_only():
    wrong = [t + 3000 if index < 40 else t for index, t in enumerate(TRUE_S)]
    recording = decode(route(wrong), file="odd.gpx")
    assert codes(recording)[0] == "clock_jump"
    assert "49 min 30 s after sample 40" in recording.warnings[0].message
    assert recording.legs[0].streams.t_s.max() == TRUE_S[-1] - TRUE_S[40]


def test_a_gap_of_whole_hours_is_told_and_any_other_is_a_break():
    ahead = [float(index) if index < 50 else index + 7200.0 for index in range(100)]
    told = decode(route(ahead), file="ahead.gpx")
    assert codes(told)[0] == "clock_jump_possible"
    assert "by 2 h after sample 50" in told.warnings[0].message
    later = [float(index) if index < 50 else index + 7300.0 for index in range(100)]
    assert "clock_jump_possible" not in codes(decode(route(later), file="break.gpx"))


def test_jumps_in_fit_and_tcx_are_told_and_nothing_is_shifted():
    writer = FitWriter()
    for second in range(20):
        writer.add("record", timestamp=START + second + (3600 if second < 10 else 0), power=100)
    recording = decode(writer.finish(), file="zone.fit")
    assert "clock_jump" in codes(recording)
    assert recording.legs[0].streams.t_s[-1] == 3599
    points = [tcx_point(second).replace("T08", "T09") if second < 10 else tcx_point(second) for second in range(20)]
    recording = decode(tcx([tcx_lap(points, timer_s=20, distance_m=80)]), file="zone.tcx")
    assert "clock_jump" in codes(recording)
