"""Predictions: what must hold whatever the history is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from topform.core.errors import NoHistoryError, OutOfRangeError
from topform.science.performance_index import equivalent_time_s, run_index
from topform.science.prediction import Conditions, Prediction, Race, RunningHistory, TrainingRun, predict
from topform.science.prediction.population import Observation, estimate

HALF, MARATHON = 21_097.5, 42_195.0
DAY = date(2027, 4, 11)


def weeks_of_running(weeks: int, *, km: float, pace_s_km: float) -> list[TrainingRun]:
    """Return four equal runs a week that end the day before the race."""
    return [
        TrainingRun(DAY - timedelta(days=7 * week + day), km * 250, km / 4 * pace_s_km)
        for week in range(weeks)
        for day in (1, 3, 5, 6)
    ]


def prediction_of(
    *races: Race, target_m: float = MARATHON, training: list[TrainingRun] | None = None, **kwargs: object
) -> Prediction:
    """Predict a race on the day of the tests."""
    return predict(RunningHistory(list(races), training or [], target_m, DAY, **kwargs))  # type: ignore[arg-type]


def half_width(prediction: Prediction) -> float:
    """Return half of the 80 % interval over the time."""
    low, high = prediction.interval_80_s
    return (high - low) / 2 / prediction.time_s


def test_a_half_alone_gives_what_recreational_runners_do() -> None:
    """Half to marathon by 1.14 (published: medians from 1.12, means of 1.14, 1.15 and 1.154), not by 1.06."""
    answer = prediction_of(Race(HALF, 7200, DAY - timedelta(days=30)))
    assert np.log2(answer.time_s / 7200) == pytest.approx(1.14, abs=0.01)
    assert answer.baseline[0] == pytest.approx(7200 * 2**1.06)


def test_the_fast_fade_less() -> None:
    """At the level of the records the ratio is near that of the records, 2.0966."""
    answer = prediction_of(Race(HALF, 3480, DAY - timedelta(days=30)))
    assert answer.time_s / 3480 == pytest.approx(2.0966, abs=0.03)


def test_up_to_the_half_it_agrees_with_riegel() -> None:
    """Riegel is well calibrated there (Vickers & Vertosick 2016)."""
    answer = prediction_of(Race(10_000, 2700, DAY - timedelta(days=20)), target_m=HALF)
    assert answer.time_s == pytest.approx(2700 * (HALF / 10_000) ** 1.06, rel=0.01)


def test_intervals_are_nested_and_longer_on_the_slow_side() -> None:
    """The 90 % interval holds the 80 % interval, which holds the time."""
    answer = prediction_of(Race(HALF, 6300))
    low, high = answer.interval_80_s
    assert answer.interval_90_s[0] < low < answer.time_s < high < answer.interval_90_s[1]
    assert high - answer.time_s > answer.time_s - low


def test_weights_sum_to_one_and_the_time_lies_among_the_models() -> None:
    """Three races let most models answer."""
    answer = prediction_of(Race(5000, 1230), Race(10_000, 2560), Race(HALF, 5650))
    times = [np.exp(one.log_time) for one, _ in answer.candidates]
    assert {one.name for one, _ in answer.candidates} == {"riegel_shrunken", "performance_index", "logarithmic"}
    assert sum(weight for _, weight in answer.candidates) == pytest.approx(1)
    assert min(times) <= answer.time_s <= max(times)


def test_mileage_brings_in_the_model_that_knows_it() -> None:
    """More kilometres a week, a faster marathon from the same half."""
    half = Race(HALF, 6300, DAY - timedelta(days=40))
    little, much = (prediction_of(half, training=weeks_of_running(12, km=km, pace_s_km=360)) for km in (25.0, 90.0))
    assert "vickers_vertosick" in {one.name for one, _ in little.candidates}
    assert much.time_s < little.time_s


def test_a_race_among_the_training_is_not_counted_twice() -> None:
    """The recording of the race, a little long, and its best stretch say nothing that the race does not say."""
    day = DAY - timedelta(days=30)
    races = [Race(10_000, 2600, day), Race(10_000, 2800, DAY - timedelta(days=90))]
    same = [TrainingRun(day, 10_080, 2600), TrainingRun(day, 4700, 1200, is_best_effort=True)]
    once, twice = prediction_of(*races), prediction_of(*races, training=same)
    assert (twice.time_s, twice.interval_80_s) == (once.time_s, once.interval_80_s)
    faster = prediction_of(*races, training=[TrainingRun(DAY - timedelta(days=10), 10_000, 2400)])
    assert faster.time_s < once.time_s


def test_a_race_without_a_date_counts_for_less() -> None:
    """It may be of another season, as the one to come may be: 3.8 % twice, and the interval says so."""
    dated, undated = prediction_of(Race(HALF, 5700, DAY - timedelta(days=30))), prediction_of(Race(HALF, 5700))
    assert undated.sd**2 - dated.sd**2 == pytest.approx(2 * 0.038**2, rel=0.1)
    assert "dates_unknown" in {one["code"] for one in undated.warnings}
    assert "dates_unknown" not in {one["code"] for one in dated.warnings}


def test_training_alone_is_enough_and_says_so() -> None:
    """Tanda: 60 km a week at 5:30 give 3:31:18; the interval is wider than from a half."""
    answer = prediction_of(training=weeks_of_running(8, km=60, pace_s_km=330))
    assert answer.time_s == pytest.approx(12_678, rel=0.03)
    assert "training_only" in {one["code"] for one in answer.warnings}
    assert half_width(answer) > half_width(prediction_of(Race(HALF, 5700, DAY - timedelta(days=30))))


def test_nothing_is_refused() -> None:
    """Neither a race nor training: there is no guess."""
    with pytest.raises(NoHistoryError) as caught:
        prediction_of()
    assert caught.value.remedy


def test_an_old_race_widens_the_interval_and_is_named() -> None:
    """Fitness of six years ago says less."""
    recent, old = (prediction_of(Race(HALF, 6300, DAY - timedelta(days=days))) for days in (30, 6 * 365))
    assert half_width(old) > 1.3 * half_width(recent)
    assert "races_old" in {one["code"] for one in old.warnings}
    assert "races_old" not in {one["code"] for one in recent.warnings}


def test_masters_were_faster_when_the_race_is_old() -> None:
    """Past forty, a time of five years ago would be slower today."""
    race = Race(10_000, 2700, DAY - timedelta(days=5 * 365))
    young, master = (prediction_of(race, target_m=10_000, age=age) for age in (30.0, 60.0))
    assert master.time_s > young.time_s * 1.02


def test_a_race_run_for_fun_moves_little() -> None:
    """A half a quarter slower than two others is trusted less and named."""
    serious = [Race(10_000, 2520, DAY - timedelta(days=20)), Race(5000, 1215, DAY - timedelta(days=50))]
    answer = prediction_of(*serious, Race(HALF, 7200, DAY - timedelta(days=10)), target_m=10_000)
    assert answer.time_s == pytest.approx(prediction_of(*serious, target_m=10_000).time_s, rel=0.03)
    assert "race_slower_than_others" in {one["code"] for one in answer.warnings}


def test_a_training_run_can_only_show_more() -> None:
    """Slow runs change nothing; one faster than the race predicts moves the time down."""
    race = Race(10_000, 3000, DAY - timedelta(days=60))
    alone = prediction_of(race, target_m=HALF)
    slow = prediction_of(race, target_m=HALF, training=[TrainingRun(DAY - timedelta(days=9), 12_000, 5400)])
    fast = prediction_of(race, target_m=HALF, training=[TrainingRun(DAY - timedelta(days=9), 12_000, 3400)])
    assert slow.time_s == alone.time_s
    assert fast.time_s < alone.time_s
    assert "training run" in " ".join(fast.why)


def stretch(minutes: float, speed_m_s: float, *, days: int = 9) -> TrainingRun:
    """Return a fastest stretch of a training run."""
    return TrainingRun(DAY - timedelta(days=days), speed_m_s * minutes * 60, minutes * 60, is_best_effort=True)


def implied_s(run: TrainingRun, target_m: float) -> float:
    """Return the time of equal performance index."""
    return equivalent_time_s(distance_m=target_m, index=run_index(distance_m=run.distance_m, time_s=run.time_s))


def test_the_best_stretch_decides_and_not_the_shortest() -> None:
    """8 minutes of an interval session show less than half an hour of another run, whose index says 1:41 for a half."""
    best, session = stretch(30, 3.73, days=200), stretch(8, 1709.15 / 480)
    answer = prediction_of(target_m=HALF, training=[session, best])
    assert implied_s(best, HALF) == pytest.approx(6078, rel=0.01)
    assert answer.time_s <= implied_s(best, HALF) + 1e-6
    assert answer.shown == best
    assert answer.why[0] == (
        f"No race is known, so this rests on the fastest 30 minutes of your run of {best.day} alone."
    )


@pytest.mark.parametrize("target_m", [5000.0, 10_000.0, HALF])
@pytest.mark.parametrize("weekly_km", [0, 15, 60])
def test_training_alone_never_says_less_than_was_shown(target_m: float, weekly_km: int) -> None:
    """Slow kilometres beside a fast half hour: equal performance index is the least; conditions come on top."""
    runs = [stretch(8, 3.6), stretch(30, 4.2), stretch(60, 3.5)]
    easy = weeks_of_running(8, km=weekly_km, pace_s_km=400) if weekly_km else []
    answer = prediction_of(target_m=target_m, training=[*easy, *runs])
    least = min(implied_s(run, target_m) for run in runs)
    assert answer.time_s <= least + 1e-6
    assert answer.interval_80_s[0] < answer.time_s < answer.interval_80_s[1]
    assert answer.shown == runs[1]
    assert f"the fastest 30 minutes of your run of {runs[1].day}" in answer.why[0]
    hot = prediction_of(target_m=target_m, training=[*easy, *runs], conditions=Conditions(temperature_c=30))
    assert hot.neutral_time_s == pytest.approx(answer.time_s)
    assert hot.time_s == pytest.approx(answer.time_s * hot.adjustments[0].factor)


def test_a_stretch_of_an_older_year_or_below_eight_minutes_does_not_count() -> None:
    """The lower bound is of the last year, and long enough to tell of endurance."""
    runs = [stretch(30, 3.5)]
    alone = prediction_of(target_m=HALF, training=runs)
    more = [stretch(7, 5.0), stretch(30, 5.0, days=400)]
    assert prediction_of(target_m=HALF, training=[*runs, *more]).time_s == alone.time_s


@pytest.mark.parametrize("target_m", [1500.0, 3000.0])
def test_a_short_stretch_counts_for_races_of_up_to_twice_its_distance(target_m: float) -> None:
    """1560 m in 5 min: no 1500 m is predicted slower than that index says, and 5 km as if it had not been."""
    easy, fast = weeks_of_running(8, km=40, pace_s_km=330), stretch(5, 5.2)
    answer = prediction_of(target_m=target_m, training=[*easy, fast])
    assert answer.time_s <= implied_s(fast, target_m) + 1e-6
    assert answer.shown == fast
    without = prediction_of(target_m=5000, training=easy)
    assert prediction_of(target_m=5000, training=[*easy, fast]).time_s == without.time_s
    shorter = stretch(3.4, 6.0)
    assert prediction_of(target_m=1500, training=[*easy, shorter]).shown is None


def codes(answer: Prediction) -> set[str]:
    """Return the codes of its warnings."""
    return {one["code"] for one in answer.warnings}


@pytest.mark.parametrize(("km", "pace_s_km", "marathon"), [(60, 330, "3:31"), (80, 300, "3:12")])
def test_training_alone_follows_tanda_within_his_range(km: float, pace_s_km: float, marathon: str) -> None:
    """60 km a week at 5:30 is 3:31:18, 80 at 5:00 is 3:12:30."""
    hours, minutes = marathon.split(":")
    answer = prediction_of(training=weeks_of_running(8, km=km, pace_s_km=pace_s_km))
    assert answer.time_s == pytest.approx(3600 * int(hours) + 60 * int(minutes), rel=0.02)
    assert "training_formula_out_of_range" not in codes(answer)


def test_a_formula_that_did_not_count_is_not_told_of_beside_a_best_effort() -> None:
    """The best effort is a lower bound above what the slow training says: its performance index answers alone."""
    training = [
        *weeks_of_running(8, km=10, pace_s_km=450),
        TrainingRun(DAY - timedelta(days=10), 5000.0, 1200.0, is_best_effort=True),
    ]
    answer = prediction_of(target_m=10_000, training=training)
    assert [one.name for one, _ in answer.candidates] == ["performance_index"]
    assert "training_formula_out_of_range" not in codes(answer)


def test_training_up_to_today_is_not_called_old_however_far_the_race_is() -> None:
    training = weeks_of_running(8, km=60, pace_s_km=330)
    newest = max(run.day for run in training)
    history = RunningHistory([], training, 10_000.0, target_day=newest + timedelta(days=120))
    today, later = newest + timedelta(days=1), newest + timedelta(days=90)
    assert "training_old" not in codes(predict(history, today=today))
    assert "training_old" in codes(predict(history, today=later))
    assert "training_old" in codes(predict(history))


def test_outside_tandas_range_only_the_pace_of_training_counts_and_that_is_told() -> None:
    """10 km a week at 7:30: his formula says 4:40 for a marathon, faster than any training; index 30.8 says 30:40."""
    few, more = (prediction_of(target_m=5000, training=weeks_of_running(8, km=km, pace_s_km=450)) for km in (10, 20))
    assert few.time_s == pytest.approx(more.time_s)
    assert few.time_s == pytest.approx(30 * 60 + 40, rel=0.05)
    marathon = prediction_of(training=weeks_of_running(8, km=10, pace_s_km=450))
    assert marathon.time_s > 4.9 * 3600
    assert "training_formula_out_of_range" in codes(marathon)
    assert "training_formula_out_of_range" not in codes(
        prediction_of(Race(5000, 1500, DAY), training=weeks_of_running(8, km=10, pace_s_km=450))
    )


def test_without_races_the_last_eight_weeks_of_training_count() -> None:
    """What was run before them says nothing: Tanda took eight weeks."""
    recent = weeks_of_running(8, km=60, pace_s_km=330)
    earlier = [replace(run, day=run.day - timedelta(weeks=8)) for run in weeks_of_running(4, km=120, pace_s_km=300)]
    assert prediction_of(training=[*earlier, *recent]).time_s == pytest.approx(
        prediction_of(training=recent).time_s, rel=0.01
    )


def test_training_of_last_year_says_less_than_that_of_now() -> None:
    """The interval widens by what fitness wanders in the time between."""
    recent = weeks_of_running(8, km=60, pace_s_km=330)
    old = [replace(run, day=run.day - timedelta(days=330)) for run in recent]
    assert half_width(prediction_of(training=old)) > 1.03 * half_width(prediction_of(training=recent))


def test_a_race_of_years_ago_does_not_outshine_one_of_now() -> None:
    """35:00 over 10 km eight years ago, 23:00 over 5 km last month: the latter lies within the interval over 5 km."""
    races = [Race(10_000, 2100, DAY - timedelta(days=8 * 365)), Race(5000, 1380, DAY - timedelta(days=30))]
    answer = prediction_of(*races, target_m=5000)
    assert answer.interval_80_s[0] < 1380 < answer.interval_80_s[1]
    assert answer.time_s == pytest.approx(1380, rel=0.03)


def returning(*, rest_days: int, weeks_since: int) -> RunningHistory:
    """Return a 10 km in 40:00 after regular training, a break, and easy weeks since."""
    since = weeks_of_running(weeks_since, km=20, pace_s_km=380)
    raced = min(run.day for run in since) - timedelta(days=rest_days)
    before = [replace(run, day=run.day - (DAY - raced)) for run in weeks_of_running(12, km=50, pace_s_km=300)]
    return RunningHistory([Race(10_000, 2400, raced)], [*before, *since], 10_000, DAY)


def test_a_break_costs_time_until_it_is_made_good() -> None:
    """0.1 % a day after three weeks, a fifth at most, won back evenly over as many days as it lasted."""
    fresh, later, whole = (predict(returning(rest_days=121, weeks_since=weeks)) for weeks in (1, 9, 18))
    (first,) = fresh.adjustments
    since = (DAY - min(run.day for run in weeks_of_running(1, km=20, pace_s_km=380))).days
    assert (first.name, first.factor) == ("break", pytest.approx(1 + 0.1 * (1 - since / 121)))
    assert fresh.time_s == pytest.approx(fresh.neutral_time_s * first.factor)
    assert 1 < later.adjustments[0].factor < first.factor
    assert whole.adjustments == []
    assert "Adjusted for a break: 121 days without running" in " ".join(fresh.why)
    years = predict(returning(rest_days=700, weeks_since=3))
    assert years.adjustments[0].factor <= 1.2
    assert half_width(years) > half_width(whole)


def test_days_that_nobody_recorded_are_no_break() -> None:
    """Races only before the first import of training; six weeks without a run are rest."""
    since = weeks_of_running(6, km=30, pace_s_km=330)
    races = [Race(10_000, 2400, DAY - timedelta(days=400))]
    assert prediction_of(*races, target_m=10_000, training=since).adjustments == []
    assert predict(returning(rest_days=42, weeks_since=1)).adjustments == []
    assert predict(returning(rest_days=43, weeks_since=1)).adjustments != []


def test_a_course_cannot_climb_more_than_it_is_long() -> None:
    with pytest.raises(OutOfRangeError, match="more than the distance"):
        prediction_of(Race(HALF, 6300), target_m=10_000, conditions=Conditions(ascent_m=6000, descent_m=6000))


def test_more_races_narrow_the_interval() -> None:
    """A marathon already run says most about the next."""
    half = Race(HALF, 6300, DAY - timedelta(days=30))
    marathon = Race(MARATHON, 13_800, DAY - timedelta(days=200))
    assert half_width(prediction_of(half, marathon)) < half_width(prediction_of(half))


def test_conditions_are_separate_and_multiply() -> None:
    """25 degrees, hills and altitude each make it slower, visibly, and widen the interval."""
    half = Race(HALF, 6300)
    conditions = Conditions(temperature_c=25, ascent_m=600, descent_m=200, altitude_m=1800)
    plain, hard = prediction_of(half), prediction_of(half, conditions=conditions)
    assert [one.name for one in hard.adjustments] == ["heat", "hills", "altitude"]
    assert hard.neutral_time_s == plain.time_s
    assert hard.time_s == pytest.approx(plain.time_s * np.prod([one.factor for one in hard.adjustments]))
    assert all(one.factor > 1 for one in hard.adjustments)
    assert half_width(hard) > half_width(plain)


def test_a_course_that_falls_is_faster() -> None:
    """Hills work both ways."""
    answer = prediction_of(Race(HALF, 6300), conditions=Conditions(descent_m=400))
    assert answer.adjustments[0].factor < 1


def test_own_misses_widen_the_next_interval() -> None:
    """The adaptive correction looks at the athlete's own earlier races."""

    def history(step: float) -> list[Race]:
        return [Race(10_000, 2700 * step**k, DAY - timedelta(days=700 - 100 * k)) for k in range(6)]

    erratic = [Race(10_000, 2700 * (1.25 if k % 2 else 1.0), DAY - timedelta(days=700 - 100 * k)) for k in range(6)]
    assert half_width(prediction_of(*erratic, target_m=10_000)) > half_width(
        prediction_of(*history(1.0), target_m=10_000)
    )


def test_misses_of_other_people_widen_the_first_interval_and_leave_the_time() -> None:
    """The start of the walk moves, the median does not; what the athlete's own races say comes on top."""
    history = RunningHistory([Race(10_000, 2700)], [], HALF)
    plain = predict(history)
    wide = predict(history, starting_miss_rates={0.8: 0.1, 0.9: 0.05})
    assert (wide.time_s, wide.sd) == (plain.time_s, plain.sd)
    assert wide.interval_80_s == pytest.approx(plain.interval_90_s)
    assert wide.interval_90_s[1] > plain.interval_90_s[1]
    steady = RunningHistory([Race(10_000, 2700, DAY - timedelta(days=day)) for day in (300, 200, 100)], [], HALF, DAY)
    after = predict(steady, starting_miss_rates={0.8: 0.1, 0.9: 0.05})
    assert after.miss_rates[0.8] == pytest.approx(0.1 + 2 * 0.02 * 0.2)


def test_the_curve_has_the_published_regression_of_exponents() -> None:
    """Vickers & Vertosick: the marathon exponent falls by 0.238 for each unit of the exponent of two shorter races.

    Slower over the half at the same 10 km is more a bad half than a fading runner.
    """
    slope_sources = []
    for half_s in (5280.0, 5400.0):
        races = [Observation(10_000, 2400), Observation(HALF, half_s)]
        exponent = np.log(half_s / 2400) / np.log(HALF / 10_000)
        to_marathon = (estimate(races, target_m=MARATHON).log_time - np.log(half_s)) / np.log(2)
        slope_sources.append((exponent, to_marathon))
    (first_k, first_m), (second_k, second_m) = slope_sources
    assert (second_m - first_m) / (second_k - first_k) == pytest.approx(-0.238, abs=0.12)


def test_no_race_on_or_after_the_day_is_used_in_walk_forward() -> None:
    """What was known before a day does not hold that day."""
    races = [Race(10_000, 2700, DAY - timedelta(days=day)) for day in (10, 20, 30)]
    before = RunningHistory(races, [], HALF, DAY).before(DAY - timedelta(days=20), target_m=10_000)
    assert [race.day for race in before.races] == [DAY - timedelta(days=30)]


def test_hundreds_of_races_are_as_good_as_the_nearest() -> None:
    """Somebody who runs a parkrun every week for ten years gets an answer from those that matter."""
    many = [Race(5000, 1320 + day % 50, DAY - timedelta(days=7 * day + 1)) for day in range(520)]
    answer = prediction_of(*many, target_m=10_000)
    assert answer.time_s == pytest.approx(prediction_of(*many[:40], target_m=10_000).time_s, rel=0.01)
