"""The highest heart rate of recordings and of half a year, on streams whose answers are counted by hand."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from topform.core.activity import Sport
from topform.science.athlete import AthleteParameters
from topform.science.highest_heart_rate import highest_bpm, highest_of_half_year, within_half_year
from topform.science.leg_analysis import analyse_leg
from topform.science.threshold_evidence import Evidence, Observation, SetAside

from .test_leg_analysis import leg_of

TODAY = date(2026, 6, 30)


def seconds(*parts: tuple[int, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return the seconds and heart rates of stretches of (length, bpm)."""
    hr_bpm = np.concatenate([np.full(length, float(bpm)) for length, bpm in parts])
    return np.arange(float(hr_bpm.size)), hr_bpm


def reached(days_ago: int, bpm: float) -> Observation:
    return Observation(TODAY - timedelta(days=days_ago), Evidence.BEST_EFFORT, bpm, 0.02, is_lower_bound=True)


def test_the_percentile_lies_where_it_is_counted():
    """1009 s give 1000 means; a rise of 0.1 bpm/s makes them a ladder of 0.1: the place 0.995 * 999 is 994.005."""
    t_s = np.arange(1009.0)
    first_mean = 100 + 0.1 * 4.5
    assert highest_bpm(t_s, 100 + 0.1 * t_s) == pytest.approx(first_mean + 0.1 * 994.005)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (((2000, 150), (100, 178), (1500, 150)), 178),
        # 15 s in 3600 means: 6 of 178, then two each of 2.8 bpm less;
        # the 18th and 19th from the top are 161.2 and 158.4.
        (((2000, 150), (15, 178), (1594, 150)), 158.4 + 0.005 * 2.8),
        (((1000, 140), (600, 210), (1000, 140)), 140),  # the strap: up by 70 and back
        (((1000, 140), (1000, 210)), 210),  # it stays, so nothing tells that it was the strap
        (((300, 70), (2000, 150)), 150),  # contact found: only what lies between two jumps is left out
        (((1000, 150), (60, 70), (1000, 150)), 150),  # contact lost
        (((1000, 150), (300, 178), (1000, 150)), 178),  # 28 bpm between two means: a heart does that
    ],
)
def test_what_counts_as_reached(parts, expected):
    t_s, hr_bpm = seconds(*parts)
    assert highest_bpm(t_s, hr_bpm) == pytest.approx(expected, abs=0.01)


def test_windows_do_not_reach_over_a_pause_or_a_gap():
    t_s, hr_bpm = seconds((600, 150), (9, 185), (600, 150))
    paused = t_s + np.where(t_s >= 609, 300.0, 0.0) + np.where(t_s >= 600, 300.0, 0.0)
    assert highest_bpm(paused, hr_bpm) == 150
    hr_bpm[[599, 609]] = np.nan
    assert highest_bpm(t_s, hr_bpm) == 150


@pytest.mark.parametrize("hr_bpm", [np.full(3600, np.nan), np.full(308, 150.0), np.full(5, 150.0), np.empty(0)])
def test_too_little_says_nothing(hr_bpm):
    assert highest_bpm(np.arange(float(hr_bpm.size)), hr_bpm) is None


def test_five_minutes_of_means_are_enough():
    assert highest_bpm(*seconds((309, 150))) == 150


@given(
    bpm=st.lists(st.integers(60, 200), min_size=40, max_size=120),
    missing=st.lists(st.integers(0, 1199), max_size=30),
    shift_s=st.floats(0, 1e6),
)
def test_it_lies_within_the_recording_and_does_not_depend_on_the_clock(bpm, missing, shift_s):
    hr_bpm = np.repeat(np.array(bpm, dtype=float), 10)
    hr_bpm[[place for place in missing if place < hr_bpm.size]] = np.nan
    t_s = np.arange(float(hr_bpm.size))
    value = highest_bpm(t_s, hr_bpm)
    if value is not None:
        assert np.nanmin(hr_bpm) <= value <= np.nanmax(hr_bpm)
    assert highest_bpm(t_s + round(shift_s), hr_bpm) == value


def test_a_leg_carries_it_and_leaves_it_out_without_enough_heart_rate():
    hr_bpm = np.full(3600, 150.0)
    hr_bpm[1000:1300] = 178.0
    found = analyse_leg(leg_of(Sport.RUNNING, hr_bpm=hr_bpm), AthleteParameters()).metrics["hr_highest_10s_bpm"]
    assert (found.value, found.unit, found.version, found.coverage) == (178.0, "bpm", 1, 1.0)
    hr_bpm[1300:2400] = np.nan  # 69 % are left
    assert "hr_highest_10s_bpm" not in analyse_leg(leg_of(Sport.RUNNING, hr_bpm=hr_bpm), AthleteParameters()).metrics
    no_strap = analyse_leg(leg_of(Sport.RUNNING, speed_m_s=np.full(3600, 3.0)), AthleteParameters())
    assert "hr_highest_10s_bpm" not in no_strap.metrics


def test_six_months_count():
    old, new = reached(183, 189.0), reached(182, 185.0)
    assert within_half_year([old, new, reached(-1, 200.0)], on=TODAY) == [new]
    assert highest_of_half_year([old, new], on=TODAY).bpm == 185
    assert highest_of_half_year([old], on=TODAY).bpm is None


@pytest.mark.parametrize(
    ("values", "known_bpm", "expected", "aside"),
    [
        ([186.4], None, 186, []),
        ([186.4], 186, None, []),  # no whole beat more
        ([186.6], 186, 187, []),
        ([186.4], 200, None, []),
        ([215, 160, 158, 155], None, 160, [215]),  # alone among four days
        ([215, 160, 158], None, 215, []),  # two other days are too few to call it odd
        ([215, 196, 158, 155], None, 215, []),  # 196 is within a tenth of it
        ([215, 150], 190, None, [215]),  # 25 above what is known: 13 %
        ([215, 200], 190, 215, []),
        ([205], 190, 205, []),
        ([230, 200, 150, 150, 150], None, 150, [230, 200]),
    ],
)
def test_what_half_a_year_says(values, known_bpm, expected, aside):
    found = highest_of_half_year(
        [reached(day, float(bpm)) for day, bpm in enumerate(values)], on=TODAY, known_bpm=known_bpm
    )
    assert found.bpm == expected
    assert [(one.value, why) for one, why in found.set_aside.items()] == [(bpm, SetAside.FAR_ABOVE) for bpm in aside]


def test_two_recordings_of_one_day_confirm_nothing():
    """One ride recorded by two devices with one strap."""
    day = [reached(0, 215.0), reached(0, 214.0), *(reached(ago, 150.0) for ago in (1, 2, 3))]
    assert highest_of_half_year(day, on=TODAY).bpm == 150


@given(
    found=st.lists(st.tuples(st.integers(0, 300), st.floats(80, 225)), max_size=30),
    known_bpm=st.none() | st.floats(80, 225),
)
def test_it_only_goes_up(found, known_bpm):
    observations = [reached(ago, bpm) for ago, bpm in found]
    highest = highest_of_half_year(observations, on=TODAY, known_bpm=known_bpm)
    if highest.bpm is not None:
        assert highest.of in observations
        assert known_bpm is None or highest.bpm > known_bpm
        accepted = highest_of_half_year(observations, on=TODAY, known_bpm=highest.bpm)
        assert accepted.bpm is None or accepted.bpm > highest.bpm
