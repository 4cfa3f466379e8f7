"""A leg's analysis on streams whose answers are known by construction."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from topform.core.activity import Channel, Leg, Pause, PoolLength, PowerSource, Sport, Streams
from topform.core.errors import OutOfRangeError
from topform.science.athlete import AthleteParameters, Sex
from topform.science.leg_analysis import analyse_leg
from topform.science.session_load import SessionLoad

NOBODY = AthleteParameters()
SOMEBODY = AthleteParameters(
    sex="m", hr_rest_bpm=50, hr_max_bpm=190, lthr_bpm=170, ftp_w=250, threshold_speed_m_s=4, css_m_s=1.25
)


def leg_of(sport: Sport, t_s=None, *, pauses=(), timer_s=None, lengths=(), distance_m=None, **channels) -> Leg:
    size = next((np.size(values) for values in channels.values() if np.ndim(values)), 3600)
    axis = np.arange(float(size)) if t_s is None else np.asarray(t_s, dtype=float)
    streams = Streams(axis, {Channel(name): np.broadcast_to(values, axis.shape) for name, values in channels.items()})
    elapsed_s = float(axis[-1]) + 1
    return Leg(
        sport=sport,
        started_at=datetime(2022, 6, 1, tzinfo=UTC),
        elapsed_s=elapsed_s,
        timer_s=elapsed_s if timer_s is None else timer_s,
        streams=streams,
        pauses=tuple(pauses),
        lengths=tuple(lengths),
        distance_m=distance_m,
    )


def test_a_steady_hour_at_200_w():
    analysis = analyse_leg(leg_of(Sport.CYCLING, power_w=200.0), SOMEBODY)
    values = {name: metric.value for name, metric in analysis.metrics.items()}
    assert values["weighted_power_w"] == pytest.approx(200)
    assert values["intensity_ratio"] == pytest.approx(0.8)
    assert values["power_load"] == pytest.approx(64)
    assert values["work_j"] == pytest.approx(720_000)
    assert analysis.load is not None
    assert (analysis.load.source, analysis.load.value_au) == ("power", pytest.approx(64))
    assert analysis.best_power_w[3600] == pytest.approx(200)
    assert analysis.channels[Channel.POWER_W].coverage == 1


def test_unknown_parameters_leave_metrics_without_value_and_say_which():
    analysis = analyse_leg(leg_of(Sport.CYCLING, power_w=200.0, hr_bpm=150.0), NOBODY)
    needs = {"power_load": "ftp_w", "trimp_banister": "sex", "hr_load": "lthr_bpm", "trimp_edwards": "hr_max_bpm"}
    for name, word in needs.items():
        assert analysis.metrics[name].value is None
        assert word in analysis.metrics[name].warnings[0]
    assert analysis.load is None
    assert analysis.metrics["weighted_power_w"].value == pytest.approx(200)


def test_an_unknown_sex_suppresses_only_what_depends_on_it():
    athlete = AthleteParameters(hr_rest_bpm=50, hr_max_bpm=190, lthr_bpm=170)
    analysis = analyse_leg(leg_of(Sport.RUNNING, hr_bpm=150.0), athlete)
    assert analysis.metrics["trimp_banister"].value is None
    assert analysis.metrics["trimp_banister"].warnings == ("sex not known",)
    assert analysis.metrics["trimp_edwards"].value == pytest.approx(60 * 3)


def test_power_in_pauses_is_joined_and_never_filled_with_zeros():
    t_s = np.concatenate([np.arange(900.0), 5000 + np.arange(900.0)])
    paused = leg_of(Sport.CYCLING, t_s, pauses=[Pause(899, 5000)], timer_s=1800, power_w=np.full(1800, 200.0))
    analysis = analyse_leg(paused, SOMEBODY)
    assert analysis.metrics["weighted_power_w"].value == pytest.approx(200)
    assert analysis.metrics["power_load"].value == pytest.approx(32)
    assert analysis.best_power_w[1800] == pytest.approx(200)
    assert analysis.channels[Channel.POWER_W].mean == pytest.approx(200)


def test_short_gaps_are_bridged_and_long_ones_are_not():
    values = np.full(3600, 200.0)
    values[100:102] = np.nan
    values[1000:1100] = np.nan
    metric = analyse_leg(leg_of(Sport.CYCLING, power_w=values), SOMEBODY).metrics["weighted_power_w"]
    assert metric.n_valid == 3500
    assert metric.coverage == pytest.approx(3500 / 3600)


def test_below_80_percent_coverage_metrics_are_suppressed_not_zero():
    values = np.full(3600, 150.0)
    values[:1000] = np.nan
    analysis = analyse_leg(leg_of(Sport.CYCLING, power_w=values, hr_bpm=values), SOMEBODY)
    for name in ("weighted_power_w", "power_load", "trimp_banister", "hr_load"):
        assert analysis.metrics[name].value is None
        assert "72%" in analysis.metrics[name].warnings[0]
    assert analysis.load is None


def test_efforts_under_ten_minutes_have_no_weighted_power():
    analysis = analyse_leg(leg_of(Sport.CYCLING, power_w=np.full(599, 200.0)), SOMEBODY)
    assert analysis.metrics["weighted_power_w"].value is None
    assert "600 s" in analysis.metrics["weighted_power_w"].warnings[0]
    assert analysis.metrics["work_j"].value == pytest.approx(599 * 200)


def test_running_power_is_not_related_to_a_cycling_threshold():
    run = leg_of(Sport.RUNNING, power_w=300.0, speed_m_s=4.0)
    for source, reason in ((None, "what measured"), (PowerSource.WATCH, "run_power_watch_w is not known")):
        load = analyse_leg(replace(run, power_source=source), SOMEBODY).metrics["power_load"]
        assert load.value is None
        assert reason in load.warnings[0]
    rowed = analyse_leg(leg_of(Sport.ROWING, power_w=300.0), SOMEBODY).metrics["power_load"]
    assert "cycling" in rowed.warnings[0]
    analysis = analyse_leg(run, SOMEBODY)
    assert analysis.load is not None
    assert (analysis.load.source, analysis.load.value_au) == ("run_pace", pytest.approx(100))


def test_running_power_is_related_to_the_threshold_of_its_source():
    """An hour at threshold is 100, at 300 of 240 W 156.25."""
    run = replace(leg_of(Sport.RUNNING, power_w=300.0, speed_m_s=4.0), power_source=PowerSource.FOOT_POD)
    known = replace(SOMEBODY, run_power_foot_pod_w=240.0, run_power_watch_w=300.0)
    analysis = analyse_leg(run, known)
    hours = analysis.leg.timer_s / 3600
    assert analysis.metrics["intensity_ratio"].value == pytest.approx(1.25)
    assert analysis.metrics["power_load"].value == pytest.approx(156.25 * hours, rel=1e-3)
    assert analysis.load is not None
    assert analysis.load.source == "power"


def test_a_climb_counts_for_more_than_the_same_pace_on_the_flat():
    seconds = np.arange(3600.0)
    climb = {
        Channel.SPEED_M_S: np.full(3600, 3.0),
        Channel.DISTANCE_M: 3 * seconds,
        Channel.ALTITUDE_M: 0.3 * seconds,
    }
    leg = Leg(
        sport=Sport.RUNNING,
        started_at=datetime(2022, 6, 1, tzinfo=UTC),
        elapsed_s=3600,
        timer_s=3600,
        streams=Streams(seconds, climb),
    )
    value = analyse_leg(leg, SOMEBODY).metrics["grade_adjusted_speed_m_s"].value
    assert value == pytest.approx(3.0 * 5.9682 / 3.6, rel=2e-3)


def test_heart_rate_load_when_nothing_better_is_there():
    analysis = analyse_leg(leg_of(Sport.OTHER, hr_bpm=150.0), SOMEBODY)
    assert analysis.load is not None
    assert analysis.load.source == "hr"
    assert analysis.load.value_au == pytest.approx(63.3429, rel=1e-3)


@pytest.mark.parametrize(("sex", "load_au"), [("m", 67.3951), ("f", 69.4972)])
def test_without_a_threshold_heart_rate_the_load_rests_on_an_estimate_that_is_named(sex: Sex, load_au: float):
    """By hand: 100 * r e^(b r) / (R e^(b R)), r = 100/140, R = (0.88 * 190 - 50)/140."""
    athlete = replace(SOMEBODY, sex=sex, lthr_bpm=None)
    analysis = analyse_leg(leg_of(Sport.OTHER, hr_bpm=150.0), athlete, rpe_cr10=6)
    told = "threshold heart rate estimated: 167 bpm, 88% of the stated maximum"
    assert analysis.metrics["hr_load"].value is None
    assert analysis.load is not None
    assert analysis.load == SessionLoad(pytest.approx(load_au, abs=1e-3), "hr_est", (told,))


def test_a_load_is_not_estimated_where_a_better_one_is_or_too_little_is_known():
    """Power and pace win over it, a known threshold replaces it; neither sex nor heart rates are guessed."""
    ride = leg_of(Sport.CYCLING, power_w=200.0, hr_bpm=150.0)
    by_power = analyse_leg(ride, replace(SOMEBODY, lthr_bpm=None))
    assert by_power.load is not None
    assert (by_power.load.source, by_power.load.value_au) == ("power", pytest.approx(64))
    assert by_power.metrics["hr_load_est"].value == pytest.approx(67.3951, abs=1e-3)
    hour = leg_of(Sport.OTHER, hr_bpm=150.0)
    assert "hr_load_est" not in analyse_leg(hour, SOMEBODY).metrics
    for unknown in ("sex", "hr_rest_bpm", "hr_max_bpm"):
        assert analyse_leg(hour, replace(SOMEBODY, lthr_bpm=None, **{unknown: None})).load is None
    short_of_pulse = np.full(3600, 150.0)
    short_of_pulse[:1000] = np.nan
    assert analyse_leg(leg_of(Sport.OTHER, hr_bpm=short_of_pulse), replace(SOMEBODY, lthr_bpm=None)).load is None
    odd = AthleteParameters(sex="f", hr_rest_bpm=120, hr_max_bpm=130)
    assert analyse_leg(hour, odd).load is None


def test_a_recording_above_the_stated_maximum_is_told():
    hr_bpm = np.full(3600, 150.0)
    hr_bpm[1000:1060] = 197.0
    told = "the recording reaches 197 bpm, more than the stated maximum of 190 bpm"
    metrics = analyse_leg(leg_of(Sport.OTHER, hr_bpm=hr_bpm), SOMEBODY).metrics
    assert all(metrics[name].warnings == (told,) for name in ("trimp_banister", "trimp_edwards", "hr_load"))
    unknown = analyse_leg(leg_of(Sport.OTHER, hr_bpm=hr_bpm), NOBODY).metrics
    assert not any(told in metric.warnings for metric in unknown.values())
    within = analyse_leg(leg_of(Sport.OTHER, hr_bpm=np.minimum(hr_bpm, 190.0)), SOMEBODY).metrics
    assert not any("stated maximum" in word for metric in within.values() for word in metric.warnings)


def test_half_a_minute_of_a_faulty_meter_is_no_effort_of_three_minutes():
    """200 W for an hour and 30 s of 1400 W: what is left are the durations over which the fault is thinned out."""
    power_w = np.full(3600, 200.0)
    power_w[1000:1030] = 1400.0
    hr_bpm = np.where(np.arange(3600) % 2, 149.0, 151.0)
    found = analyse_leg(leg_of(Sport.CYCLING, power_w=power_w, hr_bpm=hr_bpm), SOMEBODY).metrics
    assert found["effort_threshold_w"].value < 261 * 310 / (261 + 15_500 / 330)
    assert "180 s" not in found["effort_threshold_w"].warnings[0]
    assert found["hr_effort_bpm"].value == pytest.approx(150, abs=0.1)


def test_the_best_heart_rate_of_twenty_minutes_leaves_out_a_slipping_strap():
    """170 bpm for half an hour of an hour at 130; five minutes of 215 bpm in the easy half carry nothing."""
    hr_bpm = np.full(3600, 130.0)
    hr_bpm[1500:3300] = 170.0
    clean = analyse_leg(leg_of(Sport.RUNNING, hr_bpm=hr_bpm), SOMEBODY).metrics["hr_best_20min_bpm"]
    assert clean.value == pytest.approx(170)
    assert clean.warnings[0].startswith("from the best 17")  # the longest that fits into the half hour
    slipped = np.full(3600, 130.0)
    slipped[600:900] = 215.0
    assert "hr_best_20min_bpm" not in analyse_leg(leg_of(Sport.RUNNING, hr_bpm=slipped[:1500]), SOMEBODY).metrics
    assert "hr_best_20min_bpm" not in analyse_leg(leg_of(Sport.RUNNING, hr_bpm=hr_bpm[:1100]), SOMEBODY).metrics


def test_a_rating_gives_a_load_when_no_sensor_does():
    leg = leg_of(Sport.STRENGTH, temperature_c=np.full(3600, 20.0))
    analysis = analyse_leg(leg, SOMEBODY, rpe_cr10=6)
    assert analysis.load is not None
    assert (analysis.load.source, analysis.load.value_au) == ("srpe", pytest.approx(85.7143, rel=1e-3))
    with pytest.raises(OutOfRangeError):
        analyse_leg(leg, SOMEBODY, rpe_cr10=11)


def test_pool_swims_move_in_their_active_lengths():
    lengths = [PoolLength(30.0 * n, 20.0, is_active=True, distance_m=25.0) for n in range(40)]
    lengths += [PoolLength(30.0 * n + 20, 10.0, is_active=False, distance_m=0.0) for n in range(40)]
    leg = leg_of(Sport.SWIMMING, np.arange(1200.0), lengths=lengths, temperature_c=np.full(1200, 27.0))
    analysis = analyse_leg(leg, SOMEBODY)
    assert (analysis.distance_m, analysis.moving_s) == (1000, 800)
    assert analysis.metrics["swim_load"].value == pytest.approx(800 / 3600 * 100)
    assert analysis.load is not None
    assert analysis.load.source == "swim"


def test_moving_time_leaves_out_standing_still():
    speed = np.concatenate([np.full(600, 5.0), np.zeros(300), np.full(300, 5.0)])
    assert analyse_leg(leg_of(Sport.CYCLING, speed_m_s=speed), NOBODY).moving_s == pytest.approx(900)


def test_without_speed_or_position_all_timer_time_is_moving():
    assert analyse_leg(leg_of(Sport.STRENGTH, hr_bpm=100.0), NOBODY).moving_s == 3600


def test_implausible_values_are_left_out_and_told():
    watts = np.full(3600, 200.0)
    watts[1000] = 9000
    watts[2000] = 2400
    bpm = np.full(3600, 140.0)
    bpm[500] = 255
    bpm[600] = 190
    analysis = analyse_leg(leg_of(Sport.CYCLING, power_w=watts, hr_bpm=bpm), SOMEBODY)
    assert analysis.channels[Channel.POWER_W].max == 200
    assert analysis.channels[Channel.HR_BPM].max == 140
    assert analysis.warnings == (
        "2 implausible power values left out",
        "2 implausible heart rate values left out",
    )


def test_the_mean_cadence_leaves_out_standing_still():
    cadence = np.concatenate([np.full(1800, 90.0), np.zeros(1800)])
    summary = analyse_leg(leg_of(Sport.CYCLING, cadence_rpm=cadence), NOBODY).channels[Channel.CADENCE_RPM]
    assert (summary.mean, summary.max, summary.coverage) == (90, 90, 1)


def test_smart_recording_is_interpolated_and_told():
    t_s = np.arange(0.0, 3600, 5)
    leg = leg_of(Sport.RUNNING, t_s, timer_s=3600, hr_bpm=np.full(t_s.size, 150.0))
    metric = analyse_leg(leg, SOMEBODY).metrics["trimp_banister"]
    assert metric.value == pytest.approx(108.0954, rel=2e-3)
    assert any("only changes" in warning for warning in metric.warnings)


def test_the_device_s_distance_is_shown_and_a_contradiction_told():
    positions = {"latitude_deg": 47 + np.arange(3600) * 3 / 111_195, "longitude_deg": np.full(3600, 8.0)}
    leg = leg_of(Sport.RUNNING, distance_m=15_000.0, **positions)
    analysis = analyse_leg(leg, NOBODY)
    assert analysis.distance_m == 15_000
    assert analysis.distance_from_samples_m == pytest.approx(3 * 3599, rel=1e-3)
    assert "15000 m" in analysis.warnings[0]
    assert analyse_leg(leg_of(Sport.RUNNING, **positions), NOBODY).distance_m == pytest.approx(3 * 3599, rel=1e-3)


def test_jumps_of_the_position_are_no_distance():
    latitude = 47 + np.arange(600) * 3 / 111_195
    latitude[300] += 0.5
    leg = leg_of(Sport.RUNNING, latitude_deg=latitude, longitude_deg=np.full(600, 8.0))
    assert analyse_leg(leg, NOBODY).distance_m == pytest.approx(3 * 599, rel=0.01)


def test_a_leg_without_samples_is_analysed():
    leg = Leg(
        sport=Sport.OTHER,
        started_at=datetime(2022, 6, 1, tzinfo=UTC),
        elapsed_s=0,
        timer_s=0,
        streams=Streams(np.empty(0), {}),
    )
    document = analyse_leg(leg, SOMEBODY).as_dict()
    assert (document["samples"], document["metrics"], document["load"]) == (0, {}, None)


def test_the_document_has_the_agreed_shape():
    document = analyse_leg(leg_of(Sport.CYCLING, power_w=200.0, hr_bpm=150.0, cadence_rpm=90.0), SOMEBODY).as_dict()
    assert {"sport", "sub_sport", "started_at", "utc_offset_s", "elapsed_s", "timer_s", "moving_s", "distance_m",
            "ascent_m", "descent_m", "samples", "laps", "lengths", "sets", "rr_ms_count", "hr_bpm", "power_w",
            "cadence_rpm", "metrics", "best_power_w", "best_speed_m_s"} <= document.keys()  # fmt: skip
    assert {"mean", "max", "coverage"} == document["power_w"].keys()
    assert {"value", "unit", "coverage", "version", "warnings"} <= document["metrics"]["power_load"].keys()
    assert document["best_power_w"]["1200"] == pytest.approx(200)


@pytest.mark.parametrize(
    "numbers",
    [
        {"ftp_w": 0},
        {"sex": "x"},
        {"hr_rest_bpm": 90, "hr_max_bpm": 90},
        {"lthr_bpm": 195, "hr_max_bpm": 190},
        {"mass_kg": float("nan")},
    ],
)
def test_parameters_out_of_range_are_refused(numbers):
    with pytest.raises(OutOfRangeError):
        AthleteParameters(**numbers)


@pytest.mark.parametrize("standing_s", [0, 300, 1800])
@pytest.mark.parametrize("has_distance", [True, False])
def test_on_the_flat_grade_adjusted_speed_is_the_mean_speed_in_motion(standing_s, has_distance):
    speed = np.concatenate([np.full(900, 3.0), np.zeros(standing_s), np.full(900, 2.5)])
    along = np.concatenate([[0.0], np.cumsum(speed)[:-1]])
    channels = {Channel.SPEED_M_S: speed}
    if has_distance:
        channels |= {Channel.DISTANCE_M: along, Channel.ALTITUDE_M: np.full(speed.size, 80.0)}
    leg = Leg(
        sport=Sport.RUNNING,
        started_at=datetime(2022, 6, 1, tzinfo=UTC),
        elapsed_s=float(speed.size),
        timer_s=float(speed.size),
        streams=Streams(np.arange(float(speed.size)), channels),
    )
    analysis = analyse_leg(leg, NOBODY)
    metric = analysis.metrics["grade_adjusted_speed_m_s"]
    assert analysis.moving_s == pytest.approx(1800, rel=1e-3)
    assert metric.value == pytest.approx(2.75, rel=0.01)
    assert metric.version == 2
    if analysis.distance_m is not None:
        assert metric.value == pytest.approx(analysis.distance_m / analysis.moving_s, rel=0.01)


def test_who_never_moved_has_no_grade_adjusted_speed():
    metric = analyse_leg(leg_of(Sport.RUNNING, speed_m_s=np.zeros(600)), NOBODY).metrics["grade_adjusted_speed_m_s"]
    assert (metric.value, metric.warnings[0]) == (None, "no movement was recorded")
