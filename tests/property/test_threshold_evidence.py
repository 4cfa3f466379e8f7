"""One faulty recording never moves a threshold; what is confirmed does, and a slow truth is followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topform.science.threshold import threshold_course
from topform.science.threshold_evidence import Evidence, Exertion, Observation, SetAside, exertion_of

TRUTH_W = 240.0
BEGAN = date(2026, 1, 5)
FEW_PERCENT = 0.03

factors = st.floats(1.2, 3.0)
days = st.integers(0, 24 * 7)
noise = st.floats(0.93, 1.0)
exertions = st.sampled_from(list(Exertion))


def effort(day: int, value: float, exertion: Exertion = Exertion.UNKNOWN) -> Observation:
    return Observation(
        BEGAN + timedelta(days=day), Evidence.BEST_EFFORT, value, 0.03, is_lower_bound=True, exertion=exertion
    )


def stated(kind: Evidence, value: float = TRUTH_W) -> Observation:
    return Observation(BEGAN, kind, value, 0.025 if kind is Evidence.TEST else 0.05)


def known_athletes():
    """Return half a year of evidence on 240 W: weekly efforts, with or without a test, an entry and easy lines."""
    efforts = st.lists(noise, min_size=24, max_size=24).map(
        lambda shares: [effort(7 * week + 1, TRUTH_W * share) for week, share in enumerate(shares)]
    )
    start = st.sampled_from([[], [stated(Evidence.TEST)], [stated(Evidence.ENTERED)]])
    lines = st.sampled_from(
        [
            [],
            [
                Observation(
                    BEGAN + timedelta(days=day),
                    Evidence.SUBMAXIMAL,
                    TRUTH_W * share,
                    0.08,
                    since=BEGAN + timedelta(days=day - 42),
                )
                for day, share in ((45, 1.04), (60, 0.97), (90, 0.95))
            ],
        ]
    )
    return st.tuples(start, efforts, lines).map(lambda parts: [one for part in parts for one in part])


def mean_on(observations, day: int = 24 * 7) -> float:
    return threshold_course(observations, until=BEGAN + timedelta(days=day)).states[-1].mean


@settings(deadline=None)
@given(known_athletes(), days, factors, st.sampled_from([Exertion.UNKNOWN, Exertion.EASY]))
def test_one_false_effort_never_moves_the_threshold_and_is_told(known, day, factor, exertion):
    false = effort(day, TRUTH_W * factor, exertion)
    course = threshold_course([*known, false], until=BEGAN + timedelta(days=200))
    without = threshold_course(known, until=BEGAN + timedelta(days=200))
    assert course.states[-1].mean == pytest.approx(without.states[-1].mean, rel=FEW_PERCENT)
    assert max(state.mean for state in course.states) <= max(state.mean for state in without.states) * (1 + FEW_PERCENT)
    assert course.set_aside[false] in (SetAside.FAR_ABOVE, SetAside.HEART_RATE_LOW)
    assert set(course.set_aside) == {false, *without.set_aside}


@settings(deadline=None)
@given(known_athletes(), days, st.floats(1.3, 3.0))
def test_one_false_effort_in_a_hard_session_never_moves_it_either(known, day, factor):
    """Heart rate says that it was hard, not that it was half as much again."""
    known = [replace(one, exertion=Exertion.HARD) if one.is_lower_bound else one for one in known]
    false = effort(max(day, 8), TRUTH_W * factor, Exertion.HARD)
    assert mean_on([*known, false]) == pytest.approx(mean_on(known), rel=FEW_PERCENT)


@settings(deadline=None)
@given(known_athletes(), days, st.one_of(st.floats(1.3, 3.0), st.floats(0.3, 0.75)))
def test_one_false_line_never_moves_it(known, day, factor):
    """Points with a faulty reading of power or heart rate give any threshold."""
    known = [one for one in known if one.kind is not Evidence.SUBMAXIMAL]
    false = Observation(BEGAN + timedelta(days=day), Evidence.SUBMAXIMAL, TRUTH_W * factor, 0.08)
    course = threshold_course([*known, false], until=BEGAN + timedelta(days=170))
    if known[0].day < false.day:
        assert course.states[-1].mean == pytest.approx(mean_on(known), rel=FEW_PERCENT)
        assert course.set_aside == {false: SetAside.FAR_OFF}


@settings(deadline=None)
@given(known_athletes(), st.integers(30, 120), st.floats(1.2, 1.6), st.integers(1, 40), st.floats(0.95, 1.05))
def test_two_efforts_that_agree_move_it_soon(known, day, factor, apart, other):
    before = [one for one in known if one.day <= BEGAN + timedelta(days=day)]
    first, second = effort(day, TRUTH_W * factor), effort(day + apart, TRUTH_W * factor * other)
    lower = min(first.value, second.value)
    assert mean_on([*before, first, second], day + apart) >= 0.95 * lower
    assert mean_on([*before, first], day + apart) < 1.05 * TRUTH_W


@settings(deadline=None)
@given(st.floats(0.08, 0.15), st.booleans())
def test_a_beginner_who_gains_a_tenth_is_followed(gain, is_tested):
    """Two months after the first efforts at 160 W an effort shows more, and one a fortnight later as much."""
    begun = [effort(0, 160.0), effort(7, 158.0), *([replace(stated(Evidence.TEST), value=160.0)] if is_tested else [])]
    better = [effort(day, 160.0 * (1 + gain)) for day in (60, 74)]
    if gain <= 0.12:
        assert mean_on([*begun, better[0]], 60) >= 160.0 * (1 + 0.4 * gain)
    assert mean_on([*begun, *better], 74) >= 160.0 * (1 + 0.7 * gain)


@settings(deadline=None)
@given(st.floats(1.005, 1.02), st.integers(10, 40))
def test_a_slow_truth_is_followed_up(growth, weeks):
    """Two per cent a week for three quarters of a year: no week is a surprise."""
    efforts = [effort(7 * week, TRUTH_W * growth**week) for week in range(weeks)]
    course = threshold_course([stated(Evidence.TEST), *efforts], until=efforts[-1].day)
    assert not course.set_aside
    assert course.states[-1].mean >= 0.95 * efforts[-1].value


@settings(deadline=None)
@given(st.floats(0.6, 0.9), st.booleans())
def test_a_fall_is_followed_by_lines_and_tests(share, is_line):
    """Lines of six weeks each that say the same, or a test and another, bring the threshold down."""
    if is_line:
        later = [
            Observation(
                BEGAN + timedelta(days=day),
                Evidence.SUBMAXIMAL,
                TRUTH_W * share,
                0.08,
                since=BEGAN + timedelta(days=day - 42),
            )
            for day in (200, 250, 300)
        ]
    else:
        later = [replace(stated(Evidence.TEST, TRUTH_W * share), day=BEGAN + timedelta(days=day)) for day in (250, 300)]
    rested = mean_on([stated(Evidence.TEST)], 300)
    fallen = mean_on([stated(Evidence.TEST), *later], 300)
    assert abs(fallen - TRUTH_W * share) < max(0.07 * TRUTH_W, 0.5 * abs(rested - TRUTH_W * share))


@settings(deadline=None)
@given(st.floats(1.3, 2.0))
def test_a_first_test_corrects_a_guess_that_was_far_too_low(factor):
    guess = stated(Evidence.ENTERED, TRUTH_W / factor)
    test = replace(stated(Evidence.TEST), day=BEGAN + timedelta(days=5))
    assert mean_on([guess, test], 5) == pytest.approx(TRUTH_W, rel=0.05)


@settings(deadline=None)
@given(st.integers(60, 300), st.floats(0.9, 1.0))
def test_what_was_trained_before_a_break_comes_back_with_one_effort(rest, share):
    back = effort(rest, TRUTH_W * share)
    course = threshold_course([stated(Evidence.TEST), back], until=back.day)
    assert not course.set_aside
    assert course.states[-1].mean >= 0.95 * back.value


def test_a_very_first_effort_that_nothing_later_comes_near_is_set_aside():
    false = effort(0, 411.0)
    rides = [effort(7 * week, value) for week, value in enumerate((228.0, 233.0, 240.0), start=1)]
    course = threshold_course([false, *rides], until=BEGAN + timedelta(days=30))
    assert course.set_aside == {false: SetAside.FAR_ABOVE}
    assert course.states[-1].mean == pytest.approx(240.0)
    alone = threshold_course([false, *rides[:2]], until=BEGAN + timedelta(days=30))
    assert not alone.set_aside


def test_two_efforts_of_one_day_are_one_recording():
    known = [stated(Evidence.TEST), effort(10, 400.0), replace(effort(10, 405.0), detail="another leg")]
    course = threshold_course(known, until=BEGAN + timedelta(days=20))
    assert len(course.set_aside) == 2
    assert course.states[-1].mean == pytest.approx(240.0)


def test_a_line_over_the_days_of_a_faulty_ride_does_not_confirm_it():
    """The line of six weeks holds the faulty ride itself."""
    false = effort(60, 400.0)
    line = Observation(BEGAN + timedelta(days=70), Evidence.SUBMAXIMAL, 390.0, 0.08, since=BEGAN + timedelta(days=40))
    course = threshold_course([stated(Evidence.TEST), false, line], until=BEGAN + timedelta(days=80))
    assert set(course.set_aside) == {false, line}


@pytest.mark.parametrize(
    ("hr_bpm", "hr_max_bpm", "lthr_bpm", "said"),
    [
        (None, 190, 170, Exertion.UNKNOWN),
        (170, None, None, Exertion.UNKNOWN),
        (170, 190, None, Exertion.HARD),
        (140, 190, None, Exertion.EASY),
        (155, 190, None, Exertion.UNKNOWN),
        (168, 210, 170, Exertion.HARD),
        (145, 160, 170, Exertion.EASY),
    ],
)
def test_heart_rate_says_how_hard_an_effort_was(hr_bpm, hr_max_bpm, lthr_bpm, said):
    """The threshold heart rate tells more than the maximal one, where both are known."""
    assert exertion_of(hr_bpm, hr_max_bpm=hr_max_bpm, lthr_bpm=lthr_bpm) is said
