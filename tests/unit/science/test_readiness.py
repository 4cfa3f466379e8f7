"""Readiness: the worked example, missing terms, and signals against the athlete's own usual."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from topform.core.wellness import WellnessMetric
from topform.science.readiness import Note, Term, TermId, Verdict, notes_of_day, readiness, terms_of_day

DAY = date(2026, 11, 22)
EXAMPLE = {
    TermId.HRV: -1.2,
    TermId.SUBJECTIVE: 0.4,
    TermId.SLEEP: -0.5,
    TermId.RESTING_HR: -0.8,
    TermId.BALANCE: -1.0,
}


def term(term_id: TermId, z: float) -> Term:
    """Return a term of which only z matters."""
    return Term(term_id, z, 0.0, 0.0, "1", 60)


def series(values: dict[int, float]) -> dict[date, float]:
    """Return values by days before the day."""
    return {DAY - timedelta(days=back): value for back, value in values.items()}


def test_the_worked_example() -> None:
    """By hand: 50 + 25 (0.3 x -1.2 + 0.25 x 0.4 + 0.2 x -0.5 + 0.15 x -0.8 + 0.1 x -1.0) = 35.5."""
    today = readiness([term(term_id, z) for term_id, z in EXAMPLE.items()])
    assert today.score == pytest.approx(35.5)
    assert {one.value: points for one, points in today.points.items()} == pytest.approx(
        {"hrv": -9.0, "resting_hr": -3.0, "sleep": -2.5, "balance": -2.5, "subjective": 2.5}
    )
    assert (today.coverage, today.verdict) == (1.0, Verdict.EASE_OFF)


def test_missing_terms_are_absent_and_not_zero() -> None:
    """Without both heart signals: 50 + 25 (-0.1) / 0.55 = 45.455, and they are named."""
    today = readiness([term(one, z) for one, z in EXAMPLE.items() if one not in (TermId.HRV, TermId.RESTING_HR)])
    assert today.score == pytest.approx(45.4545, abs=1e-3)
    assert today.coverage == pytest.approx(0.55)
    assert set(today.missing) == {TermId.HRV, TermId.RESTING_HR}


def test_too_little_gives_no_score() -> None:
    """Form alone is a tenth of the weight: there is no score, and the term is still shown."""
    today = readiness([term(TermId.BALANCE, 1.0)])
    assert (today.score, today.verdict, len(today.terms)) == (None, Verdict.UNKNOWN, 1)


def test_points_sum_to_the_score() -> None:
    """Whatever is known, the terms explain all of it; extremes are clipped at two."""
    today = readiness([term(TermId.HRV, -9.0), term(TermId.SLEEP, 0.7)])
    assert today.score == pytest.approx(50 + sum(today.points.values()))
    assert today.points[TermId.HRV] == pytest.approx(25 * 0.3 * -2 / 0.5)


def test_hrv_is_the_week_against_the_sixty_days_before_it() -> None:
    """A week lower than ever before is clipped at -2; the current week is not part of its own baseline."""
    values = {back: 60.0 + 2 * (back % 2) for back in range(7, 67)} | dict.fromkeys(range(7), 45.0)
    (found,), _ = terms_of_day({WellnessMetric.HRV_RMSSD_MS: series(values)}, day=DAY, ctl=None, tsb_morning=None)
    assert (found.id, found.z, found.days) == (TermId.HRV, -2.0, 60)
    assert found.value == pytest.approx(45.0)
    assert 60 < found.usual < 62


@pytest.mark.parametrize("week", [{}, {0: 50.0}, {0: 50.0, 3: 50.0}])
def test_hrv_needs_three_days_of_the_week(week: dict[int, float]) -> None:
    """Plews 2014: fewer than three valid days say nothing."""
    values = dict.fromkeys(range(7, 67), 60.0) | week
    terms, _ = terms_of_day({WellnessMetric.HRV_RMSSD_MS: series(values)}, day=DAY, ctl=None, tsb_morning=None)
    assert not terms


def test_a_higher_resting_heart_rate_and_short_sleep_count_against() -> None:
    """Both against one's own usual."""
    heart = {back: 48.0 + (back % 3) for back in range(7, 67)} | dict.fromkeys(range(7), 51.0)
    sleep = {back: 27_000.0 + 1800 * (back % 3 - 1) for back in range(1, 29)} | {0: 21_600.0}
    terms, _ = terms_of_day(
        {WellnessMetric.RESTING_HR_BPM: series(heart), WellnessMetric.SLEEP_S: series(sleep)},
        day=DAY,
        ctl=None,
        tsb_morning=None,
    )
    assert {one.id for one in terms if one.z < -1} == {TermId.RESTING_HR, TermId.SLEEP}


def test_answers_without_a_history_are_held_against_the_middle() -> None:
    """Sore 8 and mood 3 of ten: (5 - 8) / 2 and (3 - 5) / 2, mean -1.25."""
    given = {WellnessMetric.SORENESS: {DAY: 8.0}, WellnessMetric.MOOD: {DAY: 3.0}}
    (found,), _ = terms_of_day(given, day=DAY, ctl=None, tsb_morning=None)
    assert (found.id, found.days) == (TermId.SUBJECTIVE, 0)
    assert found.z == pytest.approx(-1.25)


def test_very_high_hrv_with_fatigue_is_pointed_out() -> None:
    """Parasympathetic saturation: more is not always better."""
    values = {back: 60.0 + 2 * (back % 2) for back in range(7, 67)} | dict.fromkeys(range(7), 90.0)
    given = {WellnessMetric.HRV_RMSSD_MS: series(values), WellnessMetric.FATIGUE: {DAY: 9.0}}
    terms, is_saturated = terms_of_day(given, day=DAY, ctl=None, tsb_morning=None)
    assert is_saturated
    assert readiness(terms, is_saturated=is_saturated).is_saturated
    other = {WellnessMetric.SORENESS: {DAY: 9.0}, WellnessMetric.STRESS: {DAY: 9.0}, WellnessMetric.MOOD: {DAY: 1.0}}
    for fatigue in ({}, {WellnessMetric.FATIGUE: {DAY: 3.0}}):
        told = {WellnessMetric.HRV_RMSSD_MS: series(values), **other, **fatigue}
        assert not terms_of_day(told, day=DAY, ctl=None, tsb_morning=None)[1]


def daily(values: list[float], *, last: date) -> dict[date, float]:
    return {last - timedelta(days=len(values) - 1 - place): value for place, value in enumerate(values)}


@pytest.mark.parametrize(
    ("last_days", "is_raised"),
    [([58.0] * 5, True), ([58.0] * 4, False), ([52.5] * 9, False)],
    ids=["by 5.7, 4.6 and 3.4 bpm", "by 2.3 bpm two days ago", "by less than 3 bpm"],
)
def test_a_resting_heart_rate_that_stays_raised_is_told(last_days: list[float], is_raised: bool) -> None:
    """Usual 50 +- 1 bpm; the mean of seven days must be up by more than 3 bpm for three days."""
    day = date(2026, 6, 30)
    usual = [49.0, 51.0] * 35
    series = {WellnessMetric.RESTING_HR_BPM: daily([*usual, *last_days], last=day)}
    assert (Note.RESTING_HR_RAISED in notes_of_day(series, day=day)) is is_raised


@pytest.mark.parametrize(
    ("hours", "is_short"),
    [([6.9] * 14, True), ([7.0] * 14, False), ([6.5] * 6, False), ([9.0] * 20 + [6.5] * 14, True)],
    ids=["a little less", "seven", "too few nights", "what was before does not count"],
)
def test_two_weeks_of_short_nights_are_told(hours: list[float], is_short: bool) -> None:
    day = date(2026, 6, 30)
    series = {WellnessMetric.SLEEP_S: daily([3600 * one for one in hours], last=day)}
    assert (Note.SLEEP_SHORT in notes_of_day(series, day=day)) is is_short
