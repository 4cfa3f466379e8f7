"""FIT files made for the purpose: units, structure, clocks, damage."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from tests.support import fit_writer as fit
from tests.support.fit_writer import START, FitWriter, ride

from topform.core.activity import Channel, PowerSource, Sport
from topform.core.errors import DamagedFileError, NoActivityError
from topform.formats import decode

START_INSTANT = datetime(2021, 9, 8, 1, 46, 40, tzinfo=UTC)


def only_leg(writer: FitWriter):
    (leg,) = decode(writer.finish(), file="ride.fit").legs
    return leg


def test_units_are_scaled_to_si():
    leg = only_leg(ride(20, total_ascent=19, total_descent=0, normalized_power=210))
    streams = leg.streams
    assert leg.started_at == START_INSTANT
    assert leg.sport is Sport.CYCLING
    assert (leg.elapsed_s, leg.timer_s, leg.distance_m, leg.ascent_m, leg.descent_m) == (19, 19, 190, 19, 0)
    assert leg.device_summary["weighted_power_w"] == 210
    np.testing.assert_allclose(streams.t_s, np.arange(20))
    np.testing.assert_allclose(streams[Channel.LATITUDE_DEG], 47 + np.arange(20) * 1e-4, atol=1e-7)
    np.testing.assert_allclose(streams[Channel.ALTITUDE_M], 400 + np.arange(20))
    np.testing.assert_allclose(streams[Channel.SPEED_M_S], 10)
    np.testing.assert_allclose(streams[Channel.DISTANCE_M], 10 * np.arange(20))
    np.testing.assert_allclose(streams[Channel.CADENCE_RPM], 80)


def test_big_endian_says_the_same():
    little, big = FitWriter(), FitWriter(big_endian=True)
    for writer in (little, big):
        writer.add("record", timestamp=START, power=321, altitude=-12.4, heart_rate=99)
    streams = [only_leg(writer).streams for writer in (little, big)]
    for channel in (Channel.POWER_W, Channel.ALTITUDE_M, Channel.HR_BPM):
        np.testing.assert_array_equal(streams[0][channel], streams[1][channel])
    assert streams[0][Channel.ALTITUDE_M][0] == pytest.approx(-12.4)


def test_invalid_values_are_not_observed_and_zero_is():
    writer = FitWriter()
    writer.add("record", timestamp=START, power=0, heart_rate=None, cadence=0, distance=0.0, altitude=None)
    writer.add("record", timestamp=START + 1, power=None, heart_rate=140, cadence=None, distance=5.0, altitude=0.0)
    streams = only_leg(writer).streams
    np.testing.assert_array_equal(streams[Channel.POWER_W], [0, np.nan])
    np.testing.assert_array_equal(streams[Channel.HR_BPM], [np.nan, 140])
    np.testing.assert_array_equal(streams[Channel.ALTITUDE_M], [np.nan, 0])
    np.testing.assert_array_equal(streams[Channel.CADENCE_RPM], [0, np.nan])


def test_a_pulse_of_zero_and_the_point_zero_zero_are_no_observations():
    writer = FitWriter()
    writer.add("record", timestamp=START, heart_rate=0, position_lat=0.0, position_long=0.0)
    writer.add("record", timestamp=START + 1, heart_rate=90, position_lat=0.0, position_long=8.0)
    streams = only_leg(writer).streams
    np.testing.assert_array_equal(streams[Channel.HR_BPM], [np.nan, 90])
    np.testing.assert_allclose(streams[Channel.LATITUDE_DEG], [np.nan, 0])


def test_running_cadence_becomes_steps_with_its_fraction():
    writer = FitWriter()
    for second in range(5):
        writer.add("record", timestamp=START + second, cadence=85, fractional_cadence=0.5)
    writer.add("session", slot=1, start_time=START, timestamp=START + 4, sport=fit.RUNNING, total_elapsed_time=4)
    streams = only_leg(writer).streams
    assert Channel.CADENCE_RPM not in streams
    np.testing.assert_allclose(streams[Channel.CADENCE_SPM], 171)


def test_cadence_that_already_counts_steps_is_not_doubled():
    writer = FitWriter()
    for second in range(5):
        writer.add("record", timestamp=START + second, cadence=172)
    writer.add("session", slot=1, start_time=START, timestamp=START + 4, sport=fit.RUNNING, total_elapsed_time=4)
    recording = decode(writer.finish(), file="run.fit")
    np.testing.assert_allclose(recording.legs[0].streams[Channel.CADENCE_SPM], 172)
    assert [warning.code for warning in recording.warnings] == ["cadence_in_steps"]


def test_running_dynamics_units():
    writer = FitWriter()
    writer.add(
        "record", timestamp=START, vertical_oscillation=83.4, stance_time=241.5, step_length=1104.0, temperature=-7
    )
    streams = only_leg(writer).streams
    assert streams[Channel.VERTICAL_OSCILLATION_M][0] == pytest.approx(0.0834)
    assert streams[Channel.GROUND_CONTACT_MS][0] == pytest.approx(241.5)
    assert streams[Channel.STEP_LENGTH_M][0] == pytest.approx(1.104)
    assert streams[Channel.TEMPERATURE_C][0] == -7


def test_balance_is_the_left_share_and_unknown_without_the_right_flag():
    writer = FitWriter()
    writer.add("record", timestamp=START, left_right_balance=0x80 | 47)
    writer.add("record", timestamp=START + 1, left_right_balance=47)
    np.testing.assert_allclose(only_leg(writer).streams[Channel.LEFT_BALANCE_FRAC], [0.53, np.nan])


def test_records_of_one_second_are_joined_and_later_values_win():
    writer = FitWriter()
    writer.add("record", slot=0, timestamp=START, power=100)
    writer.add("record", slot=1, timestamp=START, distance=3.0)
    writer.add("record", slot=0, timestamp=START, power=110)
    streams = only_leg(writer).streams
    assert len(streams) == 1
    assert (streams[Channel.POWER_W][0], streams[Channel.DISTANCE_M][0]) == (110, 3)


def test_compressed_timestamps_roll_over():
    writer = FitWriter()
    first = START - START % 32 + 30
    writer.add("record", timestamp=first, power=1)
    for step in range(1, 40):
        writer.add_compressed("record", slot=1, seconds=(first + step) % 32, power=1 + step)
    streams = only_leg(writer).streams
    np.testing.assert_array_equal(streams.t_s, np.arange(40))
    np.testing.assert_array_equal(streams[Channel.POWER_W], 1 + np.arange(40))


def test_smart_recording_keeps_its_uneven_times():
    writer = FitWriter()
    times = [0, 1, 5, 11, 12, 30]
    for second in times:
        writer.add("record", timestamp=START + second, heart_rate=100 + second)
    streams = only_leg(writer).streams
    np.testing.assert_array_equal(streams.t_s, times)


def triathlon(*, summary_first: bool = False) -> FitWriter:
    writer = FitWriter()
    legs = [(0, 10, fit.SWIMMING), (10, 4, fit.TRANSITION), (14, 20, fit.CYCLING), (34, 3, 3), (37, 12, fit.RUNNING)]

    def sessions() -> None:
        for begin, lasts, sport in legs:
            writer.add("session", slot=4, start_time=START + begin, timestamp=START + begin + lasts, sport=sport,
                       total_elapsed_time=lasts, total_timer_time=lasts, total_distance=2.0 * lasts)  # fmt: skip

    if summary_first:
        sessions()
    for second in range(49):
        writer.add("record", slot=2, timestamp=START + second, heart_rate=100 + second, distance=2.0 * second)
    if not summary_first:
        sessions()
    return writer


@pytest.mark.parametrize("summary_first", [False, True])
def test_each_session_is_a_leg_with_its_own_samples_and_distance(summary_first):
    recording = decode(triathlon(summary_first=summary_first).finish(), file="tri.fit")
    assert [leg.sport for leg in recording.legs] == [
        Sport.SWIMMING, Sport.TRANSITION, Sport.CYCLING, Sport.TRANSITION, Sport.RUNNING,
    ]  # fmt: skip
    assert [len(leg.streams) for leg in recording.legs] == [10, 4, 20, 3, 12]
    assert recording.legs[2].started_at.timestamp() == START_INSTANT.timestamp() + 14
    np.testing.assert_allclose(recording.legs[2].streams[Channel.DISTANCE_M][[0, -1]], [2, 40])
    assert recording.legs[4].streams[Channel.HR_BPM][0] == 137


def test_pool_lengths_with_rests_strokes_and_distance():
    writer = FitWriter()
    for number, (begin, lasts, kind) in enumerate([(0, 25.5, 1), (26, 30.0, 0), (56, 26.25, 1)]):
        writer.add("length", timestamp=START + begin + round(lasts), start_time=START + begin, length_type=kind,
                   total_elapsed_time=lasts, total_strokes=10 + number, swim_stroke=2)  # fmt: skip
    writer.add("session", slot=1, start_time=START, timestamp=START + 83, sport=fit.SWIMMING, pool_length=25.0,
               sub_sport=fit.LAP_SWIMMING, total_elapsed_time=83, total_timer_time=83, total_distance=50.0)  # fmt: skip
    leg = only_leg(writer)
    assert (leg.sport, leg.sub_sport, leg.pool_length_m) == (Sport.SWIMMING, "lap_swimming", 25)
    assert [length.is_active for length in leg.lengths] == [True, False, True]
    assert [length.distance_m for length in leg.lengths] == [25, 0, 25]
    assert [length.elapsed_s for length in leg.lengths] == [25.5, 30, 26.25]
    assert (leg.lengths[0].stroke, leg.lengths[0].strokes, leg.lengths[1].stroke) == ("breaststroke", 10, None)


def test_strength_sets_with_reps_and_mass():
    writer = FitWriter()
    writer.add("set", timestamp=START + 40, start_time=START, duration=40.0, repetitions=12, weight=0.0, set_type=1,
               category=22)  # fmt: skip
    writer.add("set", timestamp=START + 100, start_time=START + 40, duration=60.0, repetitions=None, weight=None,
               set_type=0, category=None)  # fmt: skip
    writer.add("set", timestamp=START + 130, start_time=START + 100, duration=30.0, repetitions=8, weight=62.5,
               set_type=1, category=28)  # fmt: skip
    writer.add("session", slot=1, start_time=START, timestamp=START + 130, sport=fit.TRAINING,
               sub_sport=fit.STRENGTH_TRAINING, total_elapsed_time=130, total_timer_time=130)  # fmt: skip
    leg = only_leg(writer)
    assert leg.sport is Sport.STRENGTH
    assert [(item.is_active, item.exercise, item.reps, item.mass_kg) for item in leg.sets] == [
        (True, "push_up", 12, 0), (False, None, None, None), (True, "squat", 8, 62.5),
    ]  # fmt: skip
    assert leg.sets[2].start_s == 100


def test_hrv_messages_become_intervals_on_the_recordings_clock():
    writer = FitWriter()
    for second in range(10):
        writer.add("record", slot=0, timestamp=START + second, heart_rate=75)
        writer.add("hrv", slot=1, time=(0.8, None, None, None, None))
    writer.add("hrv", slot=1, time=(0.79, 0.81, None, None, None))
    leg = only_leg(writer)
    assert leg.rr is not None
    np.testing.assert_allclose(leg.rr.rr_ms, [800] * 10 + [790, 810])
    assert np.all(np.diff(leg.rr.t_s) >= 0)
    assert leg.rr.t_s[0] == pytest.approx(0.8)


def test_stored_beats_fill_the_pulse_that_the_watch_could_not_hear():
    writer = FitWriter()
    for second in range(8):
        writer.add("record", slot=0, timestamp=START + second, distance=float(second), heart_rate=None)
    writer.add("session", slot=4, start_time=START, timestamp=START + 8, sport=fit.SWIMMING, total_elapsed_time=8,
               total_timer_time=8)  # fmt: skip
    writer.add("hr", slot=1, timestamp=START, fractional_timestamp=0.0, filtered_bpm=(120,), event_timestamp=2.0)
    ticks = [round((2 + 0.5 * beat) * 1024) & 0xFFF for beat in range(1, 9)]
    packed = []
    for low, high in zip(ticks[::2], ticks[1::2], strict=True):
        packed += [low & 0xFF, low >> 8 | (high & 0xF) << 4, high >> 4]
    writer.add("hr", slot=2, filtered_bpm=tuple(range(121, 129)), event_timestamp_12=tuple(packed))
    leg = only_leg(writer)
    assert leg.rr is not None
    np.testing.assert_allclose(leg.rr.rr_ms, 500)
    np.testing.assert_allclose(leg.streams[Channel.HR_BPM][:5], [120, 122, 124, 126, 128])


def test_a_developer_field_stands_in_for_a_missing_native_one_only():
    writer = FitWriter()
    writer.developer_field("Power", units="Watts", native=7)
    writer.developer_field("Vertical Oscillation", units="Centimeters")
    writer.add("record", timestamp=START, heart_rate=150, developer={"Power": 251.0, "Vertical Oscillation": 6.5})
    streams = only_leg(writer).streams
    assert streams[Channel.POWER_W][0] == 251
    assert streams[Channel.VERTICAL_OSCILLATION_M][0] == pytest.approx(0.065)
    both = FitWriter()
    both.developer_field("Power", units="Watts", native=7)
    both.add("record", timestamp=START, power=300, developer={"Power": 251.0})
    assert only_leg(both).streams[Channel.POWER_W][0] == 300


@pytest.mark.parametrize(
    ("own_w", "expected_w"),
    [
        ([250, 252, None, 254], [250, 252, np.nan, 254]),
        ([250, None, None, None], [310, 311, 312, 313]),
        ([None, None, None, None], [310, 311, 312, 313]),
    ],
)
def test_power_comes_from_one_source_the_one_that_observed_more(own_w, expected_w):
    writer = FitWriter()
    writer.developer_field("Power", units="Watts", native=7)
    apps_w = [310.0, 311.0, 312.0, 313.0] if own_w[1] is None else [310.0, 311.0, 312.0, np.nan]
    for second, (own, app) in enumerate(zip(own_w, apps_w, strict=True)):
        writer.add("record", timestamp=START + second, heart_rate=150, power=own, developer={"Power": app})
    np.testing.assert_array_equal(only_leg(writer).streams[Channel.POWER_W], expected_w)


def test_each_leg_has_its_own_source_of_power():
    writer = FitWriter()
    writer.developer_field("Power", units="Watts", native=7)
    for second in range(6):
        writer.add("record", slot=0, timestamp=START + second, heart_rate=140, power=200)
    writer.add("session", slot=2, sport=fit.CYCLING, start_time=START, timestamp=START + 5, total_elapsed_time=5,
               total_timer_time=5)  # fmt: skip
    for second in range(10, 14):
        writer.add("record", slot=1, timestamp=START + second, heart_rate=150, developer={"Power": 310.0})
    writer.add("session", slot=2, sport=fit.RUNNING, start_time=START + 10, timestamp=START + 13,
               total_elapsed_time=3, total_timer_time=3)  # fmt: skip
    ride_leg, run_leg = decode(writer.finish(), file="brick.fit").legs
    assert set(ride_leg.streams[Channel.POWER_W]) == {200}
    assert set(run_leg.streams[Channel.POWER_W]) == {310}
    assert (ride_leg.power_source, run_leg.power_source) == (None, PowerSource.APP)


@pytest.mark.parametrize(
    ("manufacturer", "sensors", "source"),
    [
        (fit.GARMIN, [], PowerSource.WATCH),
        (fit.GARMIN, [(fit.HEART_RATE, 1)], PowerSource.WATCH),
        (fit.GARMIN, [(fit.BIKE_POWER, fit.STRYD)], PowerSource.FOOT_POD),
        (fit.GARMIN, [(fit.BIKE_POWER, 32)], PowerSource.FOOT_POD),
        (fit.STRYD, [], PowerSource.FOOT_POD),
        (fit.ZWIFT, [], PowerSource.APP),
        (fit.DEVELOPMENT, [], None),
    ],
)
def test_a_run_tells_what_measured_its_power(manufacturer, sensors, source):
    writer = fit.ride(sport=fit.RUNNING, manufacturer=manufacturer)
    for index, (kind, maker) in enumerate(sensors):
        writer.add("device_info", slot=6, timestamp=START, device_index=index + 1, device_type=kind, manufacturer=maker,
                   source_type=fit.ANTPLUS)  # fmt: skip
    assert only_leg(writer).power_source is source


def test_a_power_meter_of_a_bike_is_not_that_of_the_run_after_it():
    writer = FitWriter()
    writer.add("device_info", slot=6, timestamp=START, device_index=1, device_type=fit.BIKE_POWER, manufacturer=32,
               source_type=fit.ANTPLUS)  # fmt: skip
    for begin, sport in ((START, fit.CYCLING), (START + 10, fit.RUNNING)):
        for second in range(4):
            writer.add("record", timestamp=begin + second, heart_rate=140, power=200)
        writer.add("session", slot=2, sport=sport, start_time=begin, timestamp=begin + 3, total_elapsed_time=3,
                   total_timer_time=3)  # fmt: skip
    assert [leg.power_source for leg in decode(writer.finish(), file="x").legs] == [None, PowerSource.WATCH]


def test_a_run_without_power_has_no_source_of_it():
    writer = FitWriter()
    writer.add("record", timestamp=START, heart_rate=140)
    writer.add("session", slot=2, sport=fit.RUNNING, start_time=START, timestamp=START + 1)
    assert only_leg(writer).power_source is None


def test_pauses_come_from_timer_events():
    writer = FitWriter()
    writer.add("event", slot=1, timestamp=START, event=0, event_type=0)
    for second in [*range(5), *range(20, 25)]:
        writer.add("record", slot=0, timestamp=START + second, power=100)
    writer.add("event", slot=1, timestamp=START + 4, event=0, event_type=4)
    writer.add("event", slot=1, timestamp=START + 20, event=0, event_type=0)
    writer.add("session", slot=2, start_time=START, timestamp=START + 24, sport=fit.CYCLING, total_elapsed_time=24,
               total_timer_time=8)  # fmt: skip
    leg = only_leg(writer)
    assert [(pause.start_s, pause.end_s) for pause in leg.pauses] == [(4, 20)]
    assert (leg.elapsed_s, leg.timer_s) == (24, 8)


def test_the_files_own_offset_beats_the_coordinates():
    assert only_leg(ride()).utc_offset_s == 7200


@pytest.mark.parametrize(("start", "expected"), [(START, 7200), (START + 150 * 86_400, 3600)])
def test_without_it_the_coordinates_give_the_offset_with_daylight_saving(start, expected):
    writer = FitWriter()
    writer.add("record", timestamp=start, position_lat=47.0, position_long=8.0)
    assert only_leg(writer).utc_offset_s == expected


def test_chained_files_give_all_their_legs():
    later = FitWriter()
    later.add("record", timestamp=START + 500, power=1)
    content = ride().finish() + ride_of_settings() + later.finish()
    recording = decode(content, file="chained.fit")
    assert len(recording.legs) == 2
    assert recording.legs[1].started_at.timestamp() - recording.legs[0].started_at.timestamp() == 500


def ride_of_settings() -> bytes:
    return FitWriter(fit.FILE_SETTINGS).finish()


def test_a_chained_part_without_file_id_belongs_to_the_part_before():
    beats = FitWriter(None)
    beats.add("hr", timestamp=START, fractional_timestamp=0.0, filtered_bpm=(133,), event_timestamp=1.0)
    writer = FitWriter()
    writer.add("record", timestamp=START, distance=0.0)
    (leg,) = decode(writer.finish() + beats.finish(), file="swim.fit").legs
    assert leg.streams[Channel.HR_BPM][0] == 133


@pytest.mark.parametrize("header", [{"header_bytes": 12}, {"header_crc": False}])
def test_short_headers_and_headers_without_sum_are_sound(header):
    recording = decode(ride().finish(**header), file="ride.fit")
    assert recording.warnings == ()
    assert not recording.salvaged


def test_truncated_files_keep_what_precedes_the_cut():
    content = ride(100).finish()
    half = content[: len(content) // 2]
    recording = decode(half, file="cut.fit")
    (leg,) = recording.legs
    assert recording.salvaged
    assert 20 < len(leg.streams) < 100
    np.testing.assert_array_equal(leg.streams[Channel.POWER_W], 200 + np.arange(len(leg.streams)))
    truncated = next(warning for warning in recording.warnings if warning.code == "file_truncated")
    assert truncated.offset_bytes == len(half)


def test_a_wrong_sum_is_told_with_its_place():
    content = bytearray(ride().finish())
    content[-1] ^= 0xFF
    recording = decode(bytes(content), file="ride.fit")
    assert recording.salvaged
    assert [(warning.code, warning.offset_bytes) for warning in recording.warnings] == [
        ("checksum_wrong", len(content) - 2)
    ]
    assert len(recording.legs[0].streams) == 20


def test_damage_in_the_middle_is_told_with_its_place():
    writer = ride(10)
    before = len(writer.finish()) - 2
    writer.raw(b"\x0e\x01\x02")
    for second in range(10, 20):
        writer.add("record", slot=2, timestamp=START + second, power=1)
    recording = decode(writer.finish(), file="ride.fit")
    assert recording.salvaged
    assert recording.warnings[0].code == "part_damaged"
    assert recording.warnings[0].offset_bytes == before
    assert len(recording.legs[0].streams) == 10


def test_a_recording_that_the_device_never_closed_is_saved():
    content = bytearray(ride(30).finish())
    content[4:8] = bytes(4)
    recording = decode(bytes(content), file="crash.fit")
    assert recording.salvaged
    assert len(recording.legs[0].streams) == 30
    assert recording.warnings[0].code in ("header_checksum_wrong", "recording_not_closed")


def test_without_a_session_the_totals_come_from_the_samples():
    writer = FitWriter()
    for second in range(61):
        writer.add("record", timestamp=START + second, distance=3.0 * second)
    recording = decode(writer.finish(), file="lost.fit")
    (leg,) = recording.legs
    assert (leg.sport, leg.elapsed_s, leg.timer_s, leg.distance_m) == (Sport.OTHER, 60, 60, None)
    assert recording.warnings[0].code == "no_session"


@pytest.mark.parametrize(
    ("file_type", "words"),
    [
        (fit.FILE_SETTINGS, "device settings"),
        (fit.FILE_WORKOUT, "planned workout"),
        (fit.FILE_COURSE, "course"),
        (fit.FILE_WEIGHT, "weight-scale"),
        (fit.FILE_MONITORING, "daily monitoring"),
    ],
)
def test_files_of_another_kind_are_named(file_type, words):
    writer = FitWriter(file_type)
    writer.add("record", timestamp=START, power=1)
    with pytest.raises(NoActivityError, match=words) as caught:
        decode(writer.finish(), file="other.fit")
    assert caught.value.file == "other.fit"
    assert caught.value.remedy


def test_an_activity_without_time_or_session_is_no_activity():
    writer = FitWriter()
    writer.add("record", power=1)
    with pytest.raises(NoActivityError):
        decode(writer.finish(), file="timeless.fit")


def test_damage_before_the_first_sample_is_a_typed_error_with_its_place():
    writer = FitWriter()
    place = len(writer.finish()) - 2
    writer.raw(b"\x0e" + bytes(40))
    with pytest.raises(DamagedFileError) as caught:
        decode(writer.finish(), file="broken.fit")
    assert caught.value.offset_bytes == place


def test_samples_of_a_wrong_clock_are_left_out():
    writer = FitWriter()
    writer.add("record", timestamp=START - 400 * 86_400, power=1)
    for second in range(10):
        writer.add("record", timestamp=START + second, power=100)
    recording = decode(writer.finish(), file="clock.fit")
    assert len(recording.legs[0].streams) == 10
    assert recording.legs[0].elapsed_s == 9
    assert "clock_implausible" in [warning.code for warning in recording.warnings]


def test_time_that_runs_backwards_is_sorted_and_told():
    writer = FitWriter()
    for second in (0, 1, 5, 3, 4, 6):
        writer.add("record", timestamp=START + second, power=second)
    recording = decode(writer.finish(), file="order.fit")
    np.testing.assert_array_equal(recording.legs[0].streams.t_s, [0, 1, 3, 4, 5, 6])
    np.testing.assert_array_equal(recording.legs[0].streams[Channel.POWER_W], [0, 1, 3, 4, 5, 6])
    assert "time_not_in_order" in [warning.code for warning in recording.warnings]


def test_the_device_is_named_without_its_serial_number():
    writer = ride()
    writer.add("device_info", slot=6, timestamp=START, device_index=0, manufacturer=32, software_version=12.34)
    device = decode(writer.finish(), file="ride.fit").device
    assert device["manufacturer"] == "garmin"
    assert device["software_version"] == "12.34"
    assert set(device) == {"manufacturer", "product", "software_version"}


def test_a_session_in_a_file_of_unknown_type_is_read():
    writer = FitWriter(77)
    writer.add("session", start_time=START, timestamp=START + 60, sport=fit.CYCLING, total_elapsed_time=60)
    recording = decode(writer.finish(), file="odd.fit")
    assert recording.legs[0].elapsed_s == 60
    assert recording.device["manufacturer"] == "garmin"
