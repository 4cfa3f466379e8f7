"""What must hold for every input of the formulas."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from topform.core.activity import Channel, Leg, Pause, Sport, Streams
from topform.core.errors import ShapeError
from topform.science import (
    durability,
    elevation,
    fitness,
    heart_rate,
    mean_maximal,
    motion,
    power,
    quality,
    running,
    srpe,
    threshold,
)
from topform.science.athlete import AthleteParameters
from topform.science.leg_analysis import analyse_leg
from topform.science.resampling import timer_grid

watts = st.floats(0, 2000, allow_subnormal=False)
power_series = hnp.arrays(np.float64, st.integers(30, 400), elements=watts)
loads = hnp.arrays(np.float64, st.integers(1, 120), elements=st.floats(0, 500))


@given(watts, st.integers(30, 2000))
def test_constant_power_is_its_own_weighted_power(value, seconds):
    assert power.weighted_power_w(np.full(seconds, value)) == pytest.approx(value, rel=1e-9, abs=1e-9)


@given(power_series)
def test_weighted_power_lies_between_the_mean_of_means_and_the_peak(series):
    weighted = power.weighted_power_w(series)
    assert power.rolling_mean(series, 30).mean() - 1e-6 <= weighted <= series.max() + 1e-6


@given(power_series, st.floats(0.1, 3))
def test_weighted_power_scales_with_power(series, factor):
    assert power.weighted_power_w(series * factor) == pytest.approx(
        factor * power.weighted_power_w(series), rel=1e-6, abs=1e-6
    )


@given(st.floats(1, 500), st.floats(1, 500), st.floats(1, 20_000), st.floats(0.1, 5))
def test_load_scales_with_time_at_constant_effort(weighted, ftp, seconds, factor):
    once = power.power_load(weighted_power_w=weighted, duration_s=seconds, ftp_w=ftp)
    longer = power.power_load(weighted_power_w=weighted, duration_s=seconds * factor, ftp_w=ftp)
    assert longer == pytest.approx(once * factor)


@given(st.floats(0, 300), st.integers(1, 200))
def test_a_constant_load_is_the_fixed_point(level, days):
    found = fitness.load_averages(np.full(days, level), ctl_start=level, atl_start=level)
    np.testing.assert_allclose(found.ctl, level, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.tsb, 0, atol=1e-9)


@given(loads, st.floats(0, 200))
def test_averages_stay_within_what_went_in(series, start):
    found = fitness.load_averages(series, ctl_start=start, atl_start=start)
    low, high = min(start, series.min()), max(start, series.max())
    assert (found.ctl >= low - 1e-9).all()
    assert (found.ctl <= high + 1e-9).all()


@given(loads, st.data())
def test_averages_can_be_continued_from_any_day(series, data):
    cut = data.draw(st.integers(0, series.size))
    whole = fitness.load_averages(series, ctl_start=10, atl_start=20)
    first = fitness.load_averages(series[:cut], ctl_start=10, atl_start=20)
    ctl, atl = (first.ctl[-1], first.atl[-1]) if cut else (10, 20)
    rest = fitness.load_averages(series[cut:], ctl_start=ctl, atl_start=atl)
    np.testing.assert_allclose(np.concatenate([first.ctl, rest.ctl]), whole.ctl)


@given(hnp.arrays(np.float64, st.integers(1, 80), elements=watts))
def test_best_means_equal_the_naive_ones(series):
    durations = range(1, series.size + 1)
    means, starts = mean_maximal.best_means(series, durations)
    for duration, mean, start in zip(durations, means, starts, strict=True):
        naive = max(series[begin : begin + duration].mean() for begin in range(series.size - duration + 1))
        assert mean == pytest.approx(naive, rel=1e-9, abs=1e-6)
        assert series[start : start + duration].mean() == pytest.approx(naive, rel=1e-9, abs=1e-6)
    assert np.all(np.diff(mean_maximal.envelope(means)) <= 1e-9)


@given(hnp.arrays(np.float64, st.integers(1, 300), elements=st.floats(30, 230)))
def test_training_impulse_grows_with_heart_rate(series):
    limits = {"hr_rest_bpm": 50, "hr_max_bpm": 190, "weighting": heart_rate.Weighting.WOMEN_1990}
    assert heart_rate.trimp_banister(series, **limits) <= heart_rate.trimp_banister(series + 5, **limits) + 1e-9


@given(st.floats(-0.44, 0.44))
def test_the_grade_factor_has_no_jump_and_is_positive(slope):
    here, there = running.grade_factor(slope), running.grade_factor(slope + 1e-6)
    assert here > 0
    assert abs(float(there) - float(here)) < 1e-4


@given(hnp.arrays(np.float64, 7, elements=st.floats(0, 1000)))
def test_monotony_is_bounded(week):
    assert 0 <= srpe.monotony(week) <= srpe.MONOTONY_CAP


@given(hnp.arrays(np.float64, st.integers(2, 300), elements=st.floats(-400, 5000)))
def test_climbing_up_and_down_balance_and_reverse(altitude):
    t_s = np.arange(float(altitude.size))
    up, down = elevation.climbed_m(t_s, altitude)
    assert up >= 0
    assert down >= 0
    naive = np.clip(np.diff(altitude), 0, None).sum()
    assert up <= naive + 1e-6
    up_back, down_back = elevation.climbed_m(t_s, altitude[::-1])
    edge = 2 * elevation.HYSTERESIS_M
    assert (up_back, down_back) == (pytest.approx(down, abs=edge), pytest.approx(up, abs=edge))


@given(st.lists(st.floats(0.2, 8), min_size=1, max_size=200))
def test_the_grid_keeps_a_straight_line_straight(gaps):
    t_s = np.concatenate([[0.0], np.cumsum(gaps)])
    grid = timer_grid(t_s, [], timer_s=0)
    values = grid.resample(t_s, 3 + 2 * t_s)
    observed = np.isfinite(values)
    np.testing.assert_allclose(values[observed], 3 + 2 * np.clip(grid.t_s[observed], 0, t_s[-1]), rtol=0, atol=1.01)
    assert 0 <= grid.coverage(values) <= 1


@given(st.integers(10, 200), st.integers(1, 100), st.integers(5, 500))
def test_a_pause_changes_nothing_but_the_clock(before, after, pause):
    t_s = np.concatenate([np.arange(float(before)), before - 1 + pause + np.arange(float(after))])
    values = np.arange(float(t_s.size))
    grid = timer_grid(t_s, [Pause(before - 1.0, before - 1.0 + pause)], timer_s=before + after - 2.0)
    joined = grid.resample(t_s, values)
    np.testing.assert_array_equal(joined, values)


@given(hnp.arrays(np.float64, st.integers(1, 200), elements=st.floats(-50, 5000)))
def test_plausible_values_are_a_subset(series):
    kept = quality.plausible_power(series)
    observed = np.isfinite(kept)
    np.testing.assert_array_equal(kept[observed], series[observed])
    assert not observed.any() or (kept[observed].min() >= 0 and kept[observed].max() <= quality.MAX_POWER_W)


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_distance_is_symmetric_and_close_to_the_plane(latitude, longitude, north, east):
    there = motion.step_m(np.array([latitude, latitude + north]), np.array([longitude, longitude + east]))[0]
    back = motion.step_m(np.array([latitude + north, latitude]), np.array([longitude + east, longitude]))[0]
    plane = np.hypot(north, east * np.cos(np.radians(latitude + north / 2))) * 111_195
    assert there == pytest.approx(back, abs=1e-6)
    assert there == pytest.approx(plane, rel=1e-3, abs=0.01)


@settings(deadline=None)
@given(st.floats(100, 400), st.floats(2, 40), st.lists(st.floats(50, 500), max_size=12))
def test_lower_bounds_only_lift_a_threshold_and_tests_can_lower_it(mean, sd, bounds):
    for bound in bounds:
        lifted, narrower = threshold.bounded_below(mean, sd, value=bound, value_sd=0.03 * bound)
        assert lifted >= mean - 1e-9
        assert 0 < narrower <= sd + 1e-9
        mean, sd = lifted, max(narrower, 0.5)
    lower, _ = threshold.measured(mean, sd, value=0.8 * mean, value_sd=sd)
    assert lower < mean


@settings(deadline=None)
@given(st.integers(22, 400))
def test_a_threshold_without_hard_efforts_falls_and_widens(days):
    began = date(2025, 1, 1)
    tested = threshold.Observation(began, threshold.Evidence.TEST, 250.0, 0.02)
    first, last = threshold.threshold_history([tested], until=began + timedelta(days=days))
    assert last.mean < first.mean
    assert last.sd > first.sd


@settings(deadline=None)
@given(st.integers(1, 30), st.floats(0.8, 1.2))
def test_after_years_a_threshold_is_still_one_and_a_new_test_decides(years, share):
    began = date(1995, 1, 1)
    tested = threshold.Observation(began, threshold.Evidence.TEST, 250.0, 0.02)
    later = date(1995 + years, 1, 1)
    rested = threshold.threshold_history([tested], until=later)[-1]
    assert rested.mean >= 200
    assert rested.range_80[1] - rested.range_80[0] > 0.3 * rested.mean
    again = threshold.Observation(later, threshold.Evidence.TEST, 250.0 * share, 0.03)
    assert threshold.threshold_history([tested, again], until=later)[-1].mean == pytest.approx(again.value, rel=0.03)
    pulse = threshold.threshold_history([tested], until=later, falls=False)[-1]
    assert pulse.mean == pytest.approx(250.0)


def evidence_of_years():
    """Return tests, entries and best efforts of ten years."""
    kinds = st.sampled_from([threshold.Evidence.TEST, threshold.Evidence.ENTERED, threshold.Evidence.BEST_EFFORT])
    one = st.builds(
        lambda day, kind, value: threshold.Observation(
            date(2010, 1, 1) + timedelta(days=day), kind, value, 0.03, kind is threshold.Evidence.BEST_EFFORT
        ),
        st.integers(0, 3650),
        kinds,
        st.floats(150, 350),
    )
    return st.lists(one, min_size=1, max_size=6)


@settings(deadline=None)
@given(evidence_of_years(), st.integers(1, 2000), st.integers(0, 1500), st.sampled_from([0.02, 0.05]))
def test_a_test_as_expected_confirms_the_threshold_and_never_lowers_it(known, rested, later, sd_frac):
    day = max(one.day for one in known) + timedelta(days=rested)
    until = day + timedelta(days=later)
    expected = threshold.threshold_history(known, until=day)[-1].mean
    tested = threshold.Observation(day, threshold.Evidence.TEST, expected, sd_frac)
    without = threshold.threshold_history(known, until=until)[-1]
    confirmed = threshold.threshold_history([*known, tested], until=until)[-1]
    low, high = without.range_80
    assert without.mean - 1e-9 <= confirmed.mean <= without.mean + (high - low) / 2
    low, high = confirmed.range_80
    assert low <= without.mean <= high


@settings(deadline=None)
@given(evidence_of_years(), st.integers(1, 1500), st.integers(1, 1500), st.integers(0, 1500))
def test_a_newer_test_is_not_followed_by_a_larger_fall(known, rested, newer, later):
    last = max(one.day for one in known)
    days = (last + timedelta(days=rested), last + timedelta(days=rested + newer))
    until = days[1] + timedelta(days=later)
    falls = []
    for day in days:
        expected = threshold.threshold_history(known, until=day)[-1].mean
        tested = threshold.Observation(day, threshold.Evidence.TEST, expected, 0.02)
        falls.append(expected - threshold.threshold_history([*known, tested], until=until)[-1].mean)
    assert falls[1] <= falls[0] + 1e-9


@settings(deadline=None)
@given(st.floats(150, 350), st.integers(0, 2500), st.integers(1, 2500), st.integers(0, 2500))
def test_equal_evidence_says_no_less_when_it_is_newer(value, first, newer, later):
    began = date(2010, 1, 1)
    days = (began + timedelta(days=first), began + timedelta(days=first + newer))
    until = days[1] + timedelta(days=later)
    older, younger = (
        threshold.threshold_history([threshold.Observation(day, threshold.Evidence.ENTERED, value, 0.05)], until=until)
        for day in days
    )
    assert younger[-1].mean >= older[-1].mean


def test_an_entry_near_the_fallen_threshold_does_not_let_it_fall_again():
    """An effort of 311 W of 2021 has fallen by a fifth to 249 W; an entry of 250 W is no reason to fall to 200 W."""
    effort = threshold.Observation(date(2021, 5, 1), threshold.Evidence.BEST_EFFORT, 311, 0.03, is_lower_bound=True)
    entered = threshold.Observation(date(2026, 1, 1), threshold.Evidence.ENTERED, 250, 0.05)
    fallen, confirmed = (
        threshold.threshold_history(known, until=date(2026, 11, 23))[-1] for known in ([effort], [effort, entered])
    )
    assert fallen.mean == pytest.approx(248.8)
    assert confirmed.mean >= fallen.mean
    assert confirmed.range_80[0] < 250 < confirmed.range_80[1]


def efforts_of_weeks(values):
    """Return a best effort a week, the last one today, and today."""
    today = date(2026, 11, 1)
    return [
        threshold.Observation(
            today - timedelta(weeks=weeks), threshold.Evidence.BEST_EFFORT, value, 0.03, is_lower_bound=True
        )
        for weeks, value in enumerate(reversed(values))
    ], today


@settings(deadline=None)
@given(st.lists(st.floats(200, 400), min_size=1, max_size=60))
def test_best_efforts_alone_never_claim_more_than_the_best_of_them(values):
    known, today = efforts_of_weeks(values)
    state = threshold.threshold_history(known, until=today)[-1]
    assert state.mean <= max(values) + 1e-9
    if values[-1] <= 1.15 * min(values):
        assert state.range_80[1] >= values[-1]


def test_a_year_of_equal_efforts_is_no_sign_of_more():
    """52 weeks of 240 W: 240 W, and not 276 W."""
    known, today = efforts_of_weeks([240.0] * 52)
    assert threshold.threshold_history(known, until=today)[-1].mean == pytest.approx(240)


@pytest.mark.parametrize("confirmed_by", ["test", "heart_rate", "second_effort"])
def test_one_hard_effort_or_test_counts_however_many_easy_rides_came_before(confirmed_by):
    """A test of 250 W or an effort of as much after 20 rides of 150 W: easy rides never said that it is not higher."""
    rides, today = efforts_of_weeks([150.0] * 20)
    is_test = confirmed_by == "test"
    kind = threshold.Evidence.TEST if is_test else threshold.Evidence.BEST_EFFORT
    exertion = threshold.Exertion.HARD if confirmed_by == "heart_rate" else threshold.Exertion.UNKNOWN
    hard = [threshold.Observation(today, kind, 250, 0.03, is_lower_bound=not is_test, exertion=exertion)]
    if confirmed_by == "second_effort":
        hard.append(replace(hard[0], day=today - timedelta(days=3), value=245))
    low, high = threshold.threshold_history([*rides, *hard], until=today)[-1].range_80
    assert low < 250 < high
    assert (low + high) / 2 == pytest.approx(250, rel=0.05)


def test_a_low_test_corrects_what_was_too_high_and_the_fall_is_a_fifth_of_it():
    """A first value entered too high does not hold up the fall of the true one."""
    began = date(2025, 1, 1)
    wrong = threshold.Observation(began, threshold.Evidence.ENTERED, 320, 0.05)
    true = [
        threshold.Observation(began + timedelta(days=7 * week), threshold.Evidence.TEST, 250, 0.02)
        for week in range(1, 5)
    ]
    begun, rested = (
        threshold.threshold_history([wrong, *true], until=date(year, 1, 29))[-1].mean for year in (2025, 2027)
    )
    assert rested == pytest.approx(0.8 * begun)


@settings(deadline=None)
@given(st.integers(0, 400))
def test_what_was_vouched_for_until_a_day_falls_from_then_on(days):
    """Said in autumn of the whole year: the three weeks of rest begin in autumn."""
    said = date(2026, 11, 23)
    entry = threshold.Observation(date(2026, 1, 1), threshold.Evidence.ENTERED, 250, 0.05, holds_until=said)
    until = said + timedelta(days=days)
    state = threshold.threshold_history([entry], until=until)[-1]
    new = threshold.Observation(said, threshold.Evidence.ENTERED, 250, 0.05)
    assert state.mean == pytest.approx(threshold.threshold_history([new], until=until)[-1].mean)


@settings(deadline=None)
@given(hnp.arrays(np.float64, st.integers(40, 200), elements=st.floats(0, 900)), st.data())
def test_missing_values_are_left_out_of_curves_and_never_zero(series, data):
    holes = data.draw(st.lists(st.integers(0, series.size - 1), max_size=10))
    gappy = series.copy()
    gappy[holes] = np.nan
    curve = mean_maximal.best_curve(gappy)
    joined = gappy[np.isfinite(gappy)]
    assert curve.means[0] == pytest.approx(joined.max(), rel=1e-9)
    assert curve.durations_s[-1] <= joined.size
    np.testing.assert_array_equal(gappy[curve.starts_s[:1]], [joined.max()])


@settings(deadline=None)
@given(st.integers(-720, 840))
def test_the_clock_of_the_zone_changes_no_number(offset_min):
    t_s = np.arange(1200.0)
    began = datetime(2026, 5, 1, 8, tzinfo=UTC)
    streams = Streams(t_s, {Channel.POWER_W: 200 + 50 * np.sin(t_s / 60), Channel.HR_BPM: 140 + 10 * np.sin(t_s / 90)})
    athlete = AthleteParameters(sex="f", hr_rest_bpm=50, hr_max_bpm=190, lthr_bpm=170, ftp_w=230)
    legs = [
        Leg(Sport.CYCLING, began.astimezone(timezone(timedelta(minutes=minutes))), 1200.0, 1200.0, streams)
        for minutes in (0, offset_min)
    ]
    one, other = (analyse_leg(leg, athlete).metrics for leg in legs)
    assert one == other


def test_nothing_observed_gives_no_number():
    nothing = np.full(600, np.nan)
    assert mean_maximal.best_curve(nothing).means.size == 0
    assert np.isnan(durability.decoupling_pct(nothing, nothing))
    assert heart_rate.hr_reserve_frac(nothing, hr_rest_bpm=50, hr_max_bpm=190).size == 600
    assert np.isnan(heart_rate.hr_reserve_frac(nothing, hr_rest_bpm=50, hr_max_bpm=190)).all()
    with pytest.raises(ShapeError):
        power.weighted_power_w(nothing)
    leg = Leg(
        Sport.CYCLING,
        datetime(2026, 5, 1, tzinfo=UTC),
        600.0,
        600.0,
        Streams(np.arange(600.0), {Channel.POWER_W: np.where(np.arange(600) < 300, 200.0, np.nan)}),
    )
    load = analyse_leg(leg, AthleteParameters(ftp_w=230)).metrics["power_load"]
    assert load.value is None
    assert load.warnings
