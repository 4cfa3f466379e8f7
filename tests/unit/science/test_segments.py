"""Segments on hand-built routes whose times are known: direction, tolerance, laps, gaps, and what never matches."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topform.core.arrays import FloatArray
from topform.core.errors import OutOfRangeError
from topform.science.places import EARTH_RADIUS_M, Circle, great_circle_m
from topform.science.route_cells import cells_along, cells_at
from topform.science.segments import (
    GATE_STEP_M,
    REACH_M,
    TOLERANCE_M,
    Course,
    CourseError,
    cut_course,
    find_passes,
)

METRE_DEG = math.degrees(1 / EARTH_RADIUS_M)
HOME = (52.5, 13.4)

Places = tuple[FloatArray, FloatArray]


def on_earth(x_m: FloatArray, y_m: FloatArray, *, home: tuple[float, float] = HOME) -> Places:
    """Places some metres east and north of home."""
    east = x_m * METRE_DEG / math.cos(math.radians(home[0]))
    return home[0] + y_m * METRE_DEG, (home[1] + east + 180.0) % 360.0 - 180.0


def walk(corners: list[tuple[float, float]], speed_m_s: float, *, every_s: float = 1.0) -> tuple[FloatArray, ...]:
    """Instants and metres of somebody who goes from corner to corner at one speed."""
    points = np.array(corners, dtype=np.float64)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    t_s = np.arange(0.0, along[-1] / speed_m_s + 1e-9, every_s)
    place = t_s * speed_m_s
    return t_s, np.interp(place, along, points[:, 0]), np.interp(place, along, points[:, 1])


STREET = [(0.0, 0.0), (2000.0, 0.0)]
BEND = [(0.0, 0.0), (1000.0, 0.0), (1000.0, 1000.0)]


def course_on(
    corners: list[tuple[float, float]], start_m: float, end_m: float, **options: tuple[float, float]
) -> Course:
    """The course between two distances along a line."""
    t_s, x, y = walk(corners, 1.0)
    return cut_course(t_s, *on_earth(x, y, **options), start_s=start_m, end_s=end_m)


def passes(course: Course, track: tuple[FloatArray, ...], **options: tuple[float, float]) -> list[tuple[float, float]]:
    """When a course was passed: start and end, to a tenth of a second."""
    t_s, x, y = track
    return [
        (round(one.start_s, 1), round(one.end_s, 1)) for one in find_passes(course, t_s, *on_earth(x, y, **options))
    ]


def test_the_times_at_the_gates_lie_between_samples() -> None:
    course = course_on(STREET, 503.0, 1507.0)
    assert course.length_m == pytest.approx(1004.0, abs=0.5)
    # 503 m at 4 m/s are 125.75 s, 1507 m are 376.75 s; samples lie at multiples of 3 s.
    (found,) = find_passes(course, (track := walk(STREET, 4.0, every_s=3.0))[0], *on_earth(*track[1:]))
    assert (found.start_s, found.end_s) == (pytest.approx(125.75, abs=0.1), pytest.approx(376.75, abs=0.1))
    assert found.elapsed_s == pytest.approx(251.0, abs=0.1)
    assert found.coverage == 1.0


def test_the_recording_it_was_cut_from_passes_it_from_its_first_to_its_last_sample() -> None:
    course = course_on(BEND, 0.0, 2000.0)
    assert passes(course, walk(BEND, 1.0)) == [(0.1, 1999.9)]


def test_the_other_way_is_no_pass_and_out_and_back_is_one() -> None:
    course = course_on(BEND, 300.0, 1600.0)
    assert passes(course, walk(BEND[::-1], 5.0)) == []
    there_and_back = [*BEND, *BEND[::-1][1:]]
    assert passes(course, walk(there_and_back, 5.0)) == [(60.0, 320.0)]


def test_a_course_that_goes_out_and_back_needs_both() -> None:
    there_and_back = [(0.0, 0.0), (1000.0, 0.0), (0.0, 0.0)]
    course = course_on([(-100.0, 0.0), *there_and_back, (-100.0, 0.0)], 100.0, 2100.0)
    assert course.length_m == pytest.approx(2000.0, abs=10.0)
    assert passes(course, walk([(-50.0, 0.0), (1000.0, 0.0), (-50.0, 0.0)], 5.0)) == [(10.0, 410.0)]
    assert passes(course, walk([(-50.0, 0.0), (700.0, 0.0), (-50.0, 0.0)], 5.0)) == []


def test_each_lap_is_a_pass() -> None:
    lap = [(0.0, 0.0), (400.0, 0.0), (400.0, 300.0), (0.0, 300.0), (0.0, 0.0)]
    course = course_on(lap, 0.0, 1400.0)
    laps = [(-100.0, 0.0), *lap, *lap[1:], *lap[1:], (100.0, 0.0)]
    assert passes(course, walk(laps, 5.0)) == [(20.0, 300.0), (300.0, 580.0), (580.0, 860.0)]


def test_two_laps_as_one_segment_do_not_count_a_lap_twice() -> None:
    lap = [(0.0, 0.0), (400.0, 0.0), (400.0, 300.0), (0.0, 300.0), (0.0, 0.0)]
    course = course_on([*lap, *lap[1:]], 0.0, 2800.0)
    laps = [(-100.0, 0.0), *lap, *lap[1:], *lap[1:], *lap[1:], *lap[1:], (100.0, 0.0)]
    assert passes(course, walk(laps, 5.0)) == [(20.0, 580.0), (580.0, 1140.0)]


def test_a_lap_cut_a_little_too_long_still_gives_every_lap() -> None:
    lap = [(0.0, 0.0), (400.0, 0.0), (400.0, 300.0), (0.0, 300.0), (0.0, 0.0)]
    course = course_on([*lap, (100.0, 0.0)], 0.0, 1450.0)
    laps = [(-100.0, 0.0), *lap, *lap[1:], *lap[1:], (100.0, 0.0)]
    assert len(passes(course, walk(laps, 5.0))) == 3


def test_going_back_to_the_start_counts_from_the_last_time() -> None:
    course = course_on(STREET, 500.0, 1500.0)
    hesitant = [(400.0, 0.0), (520.0, 0.0), (440.0, 0.0), (2000.0, 0.0)]
    # 200 m to and fro, then 60 m to the gate: 260 m at 4 m/s.
    assert passes(course, walk(hesitant, 4.0)) == [(65.0, 315.0)]


def test_a_stop_on_the_way_is_part_of_the_time() -> None:
    course = course_on(STREET, 500.0, 1500.0)
    t_s, x, y = walk(STREET, 5.0)
    stopped = t_s + np.where(x > 1000.0, 120.0, 0.0)
    assert passes(course, (stopped, x, y)) == [(100.0, 420.0)]


def test_a_short_cut_is_no_pass_and_neither_is_a_detour() -> None:
    course = course_on(
        [(0.0, 0.0), (500.0, 0.0), (500.0, 500.0), (1000.0, 500.0), (1000.0, 0.0), (2000.0, 0.0)], 200.0, 2200.0
    )
    assert passes(course, walk(STREET, 5.0)) == []
    straight = course_on(STREET, 200.0, 1800.0)
    detour = [(0.0, 0.0), (900.0, 0.0), (900.0, 60.0), (1000.0, 60.0), (1000.0, 0.0), (2000.0, 0.0)]
    assert passes(straight, walk(detour, 5.0)) == []


@pytest.mark.parametrize(("aside_m", "count"), [(0.0, 1), (TOLERANCE_M - 1, 1), (REACH_M + 1, 0), (60.0, 0)])
def test_how_far_aside_is_too_far(aside_m: float, count: int) -> None:
    course = course_on(STREET, 500.0, 1500.0)
    t_s, x, y = walk(STREET, 5.0)
    assert len(passes(course, (t_s, x, y + aside_m))) == count


def test_a_tunnel_is_walked_along_and_missing_from_the_coverage() -> None:
    course = course_on(STREET, 300.0, 1700.0)
    t_s, x, y = walk(STREET, 5.0)
    seen = (x <= 900.0) | (x >= 1100.0)
    (found,) = find_passes(course, t_s[seen], *on_earth(x[seen], y[seen]))
    assert found.elapsed_s == pytest.approx(280.0, abs=0.1)
    assert found.coverage == pytest.approx(1 - 200 / 1400, abs=0.03)
    most = (x <= 600.0) | (x >= 1400.0)
    assert find_passes(course, t_s[most], *on_earth(x[most], y[most])) == []


def test_a_gap_at_a_gate_tells_no_time() -> None:
    course = course_on(STREET, 500.0, 1500.0)
    t_s, x, y = walk(STREET, 5.0)
    seen = (x <= 440.0) | (x >= 560.0)
    assert passes(course, (t_s[seen], x[seen], y[seen])) == []
    paused = t_s + np.where(x > 502.0, 60.0, 0.0)
    assert passes(course, (paused, x, y)) == [], "half a minute or more between the samples around the gate"


def test_what_was_not_observed_is_no_place() -> None:
    course = course_on(STREET, 500.0, 1500.0)
    t_s, x, y = walk(STREET, 5.0)
    latitude, longitude = on_earth(x, y)
    latitude[1::2] = np.nan
    assert len(find_passes(course, t_s, latitude, longitude)) == 1
    nowhere = np.full(t_s.size, np.nan)
    assert find_passes(course, t_s, nowhere, nowhere) == []
    assert find_passes(course, np.empty(0), np.empty(0), np.empty(0)) == []


def test_the_date_line_is_a_place_like_any_other() -> None:
    fiji = (-17.0, 179.995)
    course = course_on(STREET, 300.0, 1700.0, home=fiji)
    assert course.length_m == pytest.approx(1400.0, abs=1.0)
    assert (course.longitude_deg > 0).any()
    assert (course.longitude_deg < 0).any()
    assert passes(course, walk(STREET, 5.0), home=fiji) == [(60.0, 340.0)]


@pytest.mark.parametrize(("start_s", "end_s"), [(100.0, 250.0), (500.0, 100.0), (-5.0, 900.0), (100.0, 2500.0)])
def test_a_stretch_that_is_none_is_refused(start_s: float, end_s: float) -> None:
    t_s, x, y = walk(STREET, 1.0)
    with pytest.raises(CourseError):
        cut_course(t_s, *on_earth(x, y), start_s=start_s, end_s=end_s)


def test_a_stretch_with_a_gap_is_refused_and_standing_adds_no_length() -> None:
    t_s, x, y = walk(STREET, 1.0)
    seen = (x <= 900.0) | (x >= 1100.0)
    with pytest.raises(CourseError, match="lost"):
        cut_course(t_s[seen], *on_earth(x[seen], y[seen]), start_s=300.0, end_s=1700.0)
    chance = np.random.default_rng(5)
    waiting = np.concatenate([x[:1000], np.full(300, 1000.0) + chance.uniform(-2, 2, 300), x[1000:]])
    aside = np.concatenate([y[:1000], chance.uniform(-2, 2, 300), y[1000:]])
    course = cut_course(
        np.arange(waiting.size, dtype=np.float64), *on_earth(waiting, aside), start_s=500.0, end_s=1800.0
    )
    assert course.length_m == pytest.approx(1000.0, abs=5.0)


def test_a_course_is_on_the_earth() -> None:
    for latitude, longitude in (([52.0], [13.0]), ([52.0, 91.0], [13.0, 13.0]), ([52.0, float("nan")], [13.0, 13.0])):
        with pytest.raises(OutOfRangeError):
            Course(np.array(latitude), np.array(longitude))


# ---- whatever the route ---------------------------------------------------------------------------------------------


@st.composite
def routes(draw: st.DrawFn) -> list[tuple[float, float]]:
    """A winding way of some kilometres that never comes near itself again: it always goes on to the east."""
    steps = draw(st.lists(st.tuples(st.floats(150, 400), st.floats(-1.2, 1.2)), min_size=6, max_size=12))
    corners = [(0.0, 0.0)]
    for length_m, direction in steps:
        x, y = corners[-1]
        corners.append((x + length_m * math.cos(direction), y + length_m * math.sin(direction)))
    return corners


@settings(max_examples=40, deadline=None)
@given(routes(), st.integers(0, 2**32 - 1), st.floats(2.0, 12.0), st.sampled_from([1.0, 3.0, 5.0]))
def test_noise_within_the_tolerance_is_a_pass_at_about_the_true_times(
    corners: list[tuple[float, float]], seed: int, speed_m_s: float, every_s: float
) -> None:
    total_m = float(np.hypot(*np.diff(np.array(corners), axis=0).T).sum())
    start_m, end_m = 0.2 * total_m, 0.8 * total_m
    course = course_on(corners, start_m, end_m)
    t_s, x, y = walk(corners, speed_m_s, every_s=every_s)
    chance = np.random.default_rng(seed)
    size, turn = TOLERANCE_M * np.sqrt(chance.uniform(0, 1, t_s.size)), chance.uniform(0, 2 * np.pi, t_s.size)
    noisy = t_s, x + size * np.cos(turn), y + size * np.sin(turn)
    found = find_passes(course, noisy[0], *on_earth(*noisy[1:]))
    assert len(found) == 1
    slack_s = 2 * REACH_M / speed_m_s + every_s
    assert found[0].start_s == pytest.approx(start_m / speed_m_s, abs=slack_s)
    assert found[0].end_s == pytest.approx(end_m / speed_m_s, abs=slack_s)


@settings(max_examples=30, deadline=None)
@given(routes(), st.integers(0, 2**32 - 1))
def test_the_other_way_never_is(corners: list[tuple[float, float]], seed: int) -> None:
    total_m = float(np.hypot(*np.diff(np.array(corners), axis=0).T).sum())
    course = course_on(corners, 0.2 * total_m, 0.8 * total_m)
    t_s, x, y = walk(corners[::-1], 4.0)
    chance = np.random.default_rng(seed)
    aside = chance.uniform(-8, 8, (2, t_s.size))
    assert find_passes(course, t_s, *on_earth(x + aside[0], y + aside[1])) == []


@settings(max_examples=30, deadline=None)
@given(routes(), st.floats(0, 2 * math.pi), st.floats(1.01, 3.0))
def test_neither_is_one_that_comes_in_beyond_the_tolerance(
    corners: list[tuple[float, float]], turn: float, times: float
) -> None:
    total_m = float(np.hypot(*np.diff(np.array(corners), axis=0).T).sum())
    course = course_on(corners, 0.2 * total_m, 0.8 * total_m)
    t_s, x, y = walk(corners, 4.0)
    latitude, longitude = on_earth(x, y)
    begin = Circle(float(course.latitude_deg[0]), float(course.longitude_deg[0]), 1.0)
    kept = great_circle_m(begin, latitude, longitude) > times * REACH_M + 8.0
    away = t_s > 0.2 * total_m / 4.0
    assert find_passes(course, t_s[kept & away], latitude[kept & away], longitude[kept & away]) == [], "begun too late"
    moved = on_earth(x + 3 * times * REACH_M * math.cos(turn), y + 3 * times * REACH_M * math.sin(turn))
    shifted = great_circle_m(begin, *moved).min()
    if shifted > REACH_M:
        assert find_passes(course, t_s, *moved) == []


# ---- cells ----------------------------------------------------------------------------------------------------------


@given(st.floats(-89.9, 89.9), st.floats(-180, 180), st.floats(0, 2 * math.pi), st.floats(0, 1))
def test_whatever_lies_within_the_margin_lies_in_a_cell_of_the_route(
    latitude: float, longitude: float, turn: float, share: float
) -> None:
    margin_m = REACH_M + GATE_STEP_M / 2
    cells = cells_along(np.array([latitude]), np.array([longitude]), margin_m=margin_m)
    north, east = share * margin_m * math.sin(turn), share * margin_m * math.cos(turn)
    near = latitude + north * METRE_DEG, longitude + east * METRE_DEG / math.cos(math.radians(latitude))
    (cell,) = cells_at(np.array([near[0]]), np.array([near[1]]))
    assert cell in cells
    assert 1 <= cells.size <= 4
    assert 0 <= cells.min() <= cells.max() < 2**31


def test_cells_are_about_a_kilometre_wide_wherever_they_are() -> None:
    for latitude in (0.0, 52.5, -80.0):
        width = 10_000.0 * METRE_DEG / math.cos(math.radians(latitude))
        across = np.linspace(13.0, 13.0 + width, 5000)
        assert 8 <= np.unique(cells_at(np.full(5000, latitude), across)).size <= 11
