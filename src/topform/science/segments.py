"""Stretches of routes that are compared again and again: cutting one out of a recording, and finding passes of it.

A pass goes through the gate at the start, along the whole course in its direction, and through the gate at the end.
Both gates are lines across the course. Its time is that between the gates, stops included.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from topform.core.arrays import BoolArray, FloatArray, require_shape
from topform.core.errors import InvalidInputError, OutOfRangeError
from topform.science.motion import M_PER_DEGREE, step_m

TOLERANCE_M: Final = 25.0
"""How far from the course a pass may be: receivers in the open are right within 5 to 10 m, under trees within 20."""
SPACING_M: Final = 10.0
"""Between the points of a course."""
REACH_M: Final = TOLERANCE_M + SPACING_M
"""To a point of the course and to the middle of a gate: the tolerance, and what is lost between two points."""
HEADING_OVER_M: Final = 25.0
"""Of the course, at either end, over which the direction of a gate is taken."""
EDGE_M: Final = 0.1
"""A recording that begins or ends in a gate has passed it, within what stored positions are rounded to."""
SHORTEST_M: Final = 200.0
LONGEST_M: Final = 50_000.0
STANDING_M: Final = 5.0
"""Positions nearer than this to the last one are not part of a course: receivers wander while one stands."""
MAX_STEP_M: Final = 150.0
"""Between two positions; whatever is longer was not observed."""
GATE_STEP_M: Final = 100.0
GATE_STEP_S: Final = 30.0
"""Between the positions before and after a gate; farther apart, the moment at the gate is not known."""
DETOUR: Final = 1.5
"""How much longer than the straight line the course may be where nothing was observed."""
MIN_COVERAGE: Final = 0.8
"""Of the course, that was observed; the gates always are."""
NEAR_END: Final = 2
"""Points before the last one that count as having arrived, since the track is walked in steps."""
BLOCK: Final = 256
OVERLAP: Final = 0.1
"""The share of a pass after which the next one may begin before its end, where a lap is a bit more than a lap."""


class CourseError(InvalidInputError):
    """A stretch of a recording cannot be a segment."""

    code = "segment_impossible"


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A line on the earth with a direction.

    Parameters
    ----------
    latitude_deg, longitude_deg : FloatArray
        (n,) points about `SPACING_M` apart, n >= 2. [deg]

    Raises
    ------
    ShapeError, OutOfRangeError
        If there are too few points or one is not on the earth.
    """

    latitude_deg: FloatArray
    longitude_deg: FloatArray

    def __post_init__(self) -> None:
        require_shape("longitude_deg", self.longitude_deg, self.latitude_deg.shape)
        is_on_earth = np.isfinite(self.latitude_deg) & (np.abs(self.latitude_deg) <= 90)
        is_on_earth &= np.isfinite(self.longitude_deg) & (np.abs(self.longitude_deg) <= 180)
        if self.latitude_deg.size < 2 or not is_on_earth.all():
            raise OutOfRangeError("A course needs at least two points on the earth.")

    @property
    def length_m(self) -> float:
        """How long it is."""
        return float(step_m(self.latitude_deg, self.longitude_deg).sum())


@dataclass(frozen=True, slots=True)
class Pass:
    """One time along a course: when its gates were passed, and how much of it was observed."""

    start_s: float
    end_s: float
    coverage: float

    @property
    def elapsed_s(self) -> float:
        """The time between the gates."""
        return self.end_s - self.start_s


def cut_course(
    t_s: FloatArray, latitude_deg: FloatArray, longitude_deg: FloatArray, *, start_s: float, end_s: float
) -> Course:
    """Return the course between two moments of a recording.

    Parameters
    ----------
    t_s, latitude_deg, longitude_deg : FloatArray
        (n,) instants [s], strictly increasing, and positions; NaN = not observed. [deg]
    start_s, end_s : float
        From when to when. [s]

    Returns
    -------
    Course
        With its first and last point where the athlete was at these moments.

    Raises
    ------
    CourseError
        If the stretch was not observed throughout, or is too short or too long.
    """
    seen = np.isfinite(latitude_deg) & np.isfinite(longitude_deg)
    if seen.sum() < 2 or not t_s[seen][0] <= start_s < end_s <= t_s[seen][-1]:
        raise CourseError(
            "There is no route between these moments.", remedy="Choose a start before an end, on the route."
        )
    t, latitude, longitude = t_s[seen], latitude_deg[seen], longitude_deg[seen]
    unwrapped = np.unwrap(longitude, period=360.0)
    inside = (t > start_s) & (t < end_s)
    moments = np.concatenate([[start_s], t[inside], [end_s]])
    lat, lon = np.interp(moments, t, latitude), np.interp(moments, t, unwrapped)
    if step_m(lat, lon).max() > MAX_STEP_M:
        raise CourseError("Between these moments the position was lost.", remedy="Choose a stretch without a gap.")
    kept = _moved(lat, lon)
    lat, lon = lat[kept], lon[kept]
    along = np.concatenate([[0.0], np.cumsum(step_m(lat, lon))])
    if not SHORTEST_M <= along[-1] <= LONGEST_M:
        raise CourseError(
            f"The stretch is {along[-1]:.0f} m long; a segment has {SHORTEST_M:.0f} m to {LONGEST_M / 1000:.0f} km.",
            remedy="Choose start and end anew.",
        )
    places = np.linspace(0.0, along[-1], math.ceil(along[-1] / SPACING_M) + 1)
    around = (np.interp(places, along, lon) + 180.0) % 360.0 - 180.0
    return Course(np.interp(places, along, lat), around)


def find_passes(course: Course, t_s: FloatArray, latitude_deg: FloatArray, longitude_deg: FloatArray) -> list[Pass]:
    """Return every pass of a course in a recording, in order of time.

    Parameters
    ----------
    course : Course
        What is looked for.
    t_s, latitude_deg, longitude_deg : FloatArray
        (n,) instants [s], strictly increasing, and positions; NaN = not observed. [deg]

    Returns
    -------
    list of Pass
        They do not overlap by more than a tenth. Of several times through the first gate the last one counts.

    Notes
    -----
    Whether the track stays with the course is the question of the discrete Fréchet distance [1]_: both are walked from
    start to end without going back, never further apart than the reach. Steps without observations are walked along
    the course and are missing from the coverage.

    References
    ----------
    .. [1] T. Eiter, H. Mannila, "Computing discrete Fréchet distance," Technical Report CD-TR 94/64, TU Wien, 1994.
    """
    seen = np.isfinite(latitude_deg) & np.isfinite(longitude_deg)
    if seen.sum() < 2:
        return []
    plane = _Plane(course)
    line = plane.points(course.latitude_deg, course.longitude_deg)
    track = _Track(t_s[seen], plane.points(latitude_deg[seen], longitude_deg[seen]))
    starts, ends = _gates(line, track)
    if not starts or not ends or starts[0][2] >= ends[-1][2]:
        return []
    return list(_Walk(line, track).passes(starts, ends))


def _moved(latitude_deg: FloatArray, longitude_deg: FloatArray) -> BoolArray:
    """Tell which points to keep so that each lies away from the one kept before it; the first and the last stay."""
    metres = np.column_stack([latitude_deg, longitude_deg * np.cos(np.radians(latitude_deg))]) * M_PER_DEGREE
    kept = np.zeros(latitude_deg.size, dtype=np.bool_)
    kept[[0, -1]] = True
    last = metres[0]
    for place in range(1, latitude_deg.size - 1):
        if math.hypot(*(metres[place] - last)) >= STANDING_M:
            kept[place], last = True, metres[place]
    return kept


class _Plane:
    """The surroundings of a course as a plane in metres, true where the course begins."""

    def __init__(self, course: Course) -> None:
        self._latitude, self._longitude = float(course.latitude_deg[0]), float(course.longitude_deg[0])
        self._narrowing = math.cos(math.radians(float(course.latitude_deg.mean())))

    def points(self, latitude_deg: FloatArray, longitude_deg: FloatArray) -> FloatArray:
        """Return places on the plane, (n, 2), east and north. [m]"""
        east = (longitude_deg - self._longitude + 180.0) % 360.0 - 180.0
        return np.column_stack([east * self._narrowing, latitude_deg - self._latitude]) * M_PER_DEGREE


@dataclass(frozen=True, slots=True, eq=False)
class _Track:
    """What was observed of a route: positions, steps between them, and points along the steps."""

    t_s: FloatArray
    xy_m: FloatArray

    @property
    def steps_m(self) -> FloatArray:
        """The length of each step."""
        lengths: FloatArray = np.hypot(*np.diff(self.xy_m, axis=0).T)
        return lengths


Crossing = tuple[int, float, float]
"""In which step, after which share of it, and when. [s]"""


def _gates(line: FloatArray, track: _Track) -> tuple[list[Crossing], list[Crossing]]:
    """Return when the track passes the gates in the course's direction."""
    over = min(max(round(HEADING_OVER_M / SPACING_M), 1), len(line) - 1)
    starts = _crossings(track, line[0], line[over] - line[0], at_m=EDGE_M)
    return starts, _crossings(track, line[-1], line[-1] - line[-1 - over], at_m=-EDGE_M)


def _crossings(track: _Track, middle: FloatArray, heading: FloatArray, *, at_m: float) -> list[Crossing]:
    length = math.hypot(*heading)
    if length == 0:
        return []
    ahead = heading / length
    relative = track.xy_m - middle
    along = relative @ ahead - at_m
    across = relative @ np.array([-ahead[1], ahead[0]])
    (steps,) = np.nonzero((along[:-1] <= 0) & (along[1:] > 0))
    share = -along[steps] / (along[steps + 1] - along[steps])
    aside = across[steps] + share * (across[steps + 1] - across[steps])
    lasts_s = np.diff(track.t_s)[steps]
    is_passed = (np.abs(aside) <= REACH_M) & (track.steps_m[steps] <= GATE_STEP_M) & (lasts_s <= GATE_STEP_S)
    at_s = track.t_s[steps] + share * lasts_s
    return [
        (int(step), float(part), float(at))
        for step, part, at in zip(steps[is_passed], share[is_passed], at_s[is_passed], strict=True)
    ]


class _Place(NamedTuple):
    """How somebody got to a point of the course: since when, and how much of it was not observed."""

    start_s: float
    lost_m: float


Reached = dict[int, _Place]
"""Points of the course that can have been reached, by their number."""


def _rank(place: _Place) -> tuple[float, float]:
    """Return what to choose a way by: later starts first, then what was observed best."""
    return place.start_s, -place.lost_m


class _Walk:
    """Walks a track and a course together: which points of the course can have been reached at each point."""

    def __init__(self, line: FloatArray, track: _Track) -> None:
        steps_m = track.steps_m
        pieces = np.where(steps_m > MAX_STEP_M, 1, np.maximum(np.ceil(steps_m / SPACING_M), 1)).astype(np.int64)
        self._steps_m, self._pieces = steps_m, pieces
        self._first = np.concatenate([[0], np.cumsum(pieces)])
        self._step = np.repeat(np.arange(pieces.size), pieces)
        share = (np.arange(self._step.size) - self._first[self._step] + 1) / pieces[self._step]
        self._rows = track.xy_m[self._step] + share[:, None] * np.diff(track.xy_m, axis=0)[self._step]
        self._along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        from scipy.spatial import cKDTree  # processes that look for no segment do without it

        self._points = cKDTree(line)
        self._block = -1
        self._near: list[Sequence[int]] = []

    def passes(self, starts: Sequence[Crossing], ends: Sequence[Crossing]) -> Iterator[Pass]:
        """Yield the passes between the gates."""
        begins = {self._row_of(one): one[2] for one in starts}
        finishes = {self._row_of(one): one[2] for one in ends}
        waiting = sorted(begins)
        reached: Reached = {}
        row, final = waiting[0], max(finishes)
        while row <= final:
            if reached:
                reached = self._walked(reached, row)
            if row in finishes and (found := self._arrived(reached, finishes[row])) is not None:
                yield found
                free_from_s = found.end_s - OVERLAP * found.elapsed_s
                reached = {point: place for point, place in reached.items() if place.start_s >= free_from_s}
            if row in begins:
                reached[0] = _Place(begins[row], 0.0)
            row += 1
            if not reached:
                following = bisect_left(waiting, row)
                row = waiting[following] if following < len(waiting) else final + 1

    def _row_of(self, crossing: Crossing) -> int:
        """Return the first point of the track after a crossing."""
        step, share, _ = crossing
        return int(self._first[step]) + max(math.ceil(share * int(self._pieces[step])), 1) - 1

    def _walked(self, reached: Reached, row: int) -> Reached:
        """Return what is reached at a point of the track from what was reached at the one before it."""
        step_m = float(self._steps_m[self._step[row]])
        near = self._near_of(row)
        if step_m > MAX_STEP_M:
            return self._lost(reached, near, step_m)
        onward: Reached = {}
        for point in near:
            ways = (reached.get(point), reached.get(point - 1), onward.get(point - 1))
            best = max((way for way in ways if way is not None), key=_rank, default=None)
            if best is not None:
                onward[point] = best
        return onward

    def _lost(self, reached: Reached, near: Sequence[int], step_m: float) -> Reached:
        """Return what can have been reached along the course while nothing was observed."""
        onward: Reached = {}
        for point in near:
            ways = [
                _Place(place.start_s, place.lost_m + max(float(self._along[point] - self._along[before]), step_m))
                for before, place in reached.items()
                if 0 <= self._along[point] - self._along[before] <= DETOUR * step_m + 2 * REACH_M
            ]
            if ways:
                onward[point] = max(ways, key=_rank)
        return onward

    def _near_of(self, row: int) -> Sequence[int]:
        """Return the points of the course within reach of a point of the track, in order."""
        block, place = divmod(row, BLOCK)
        if block != self._block:
            rows = self._rows[block * BLOCK : (block + 1) * BLOCK]
            self._block, self._near = block, list(self._points.query_ball_point(rows, REACH_M, return_sorted=True))
        return self._near[place]

    def _arrived(self, reached: Reached, at_s: float) -> Pass | None:
        """Return the pass that ends at the gate now, if one does and enough of it was observed."""
        last = self._along.size - 1
        came = [place for point, place in reached.items() if point >= last - NEAR_END and place.start_s < at_s]
        if not came:
            return None
        best = max(came, key=_rank)
        observed = 1.0 - best.lost_m / float(self._along[-1])
        return Pass(best.start_s, at_s, min(observed, 1.0)) if observed >= MIN_COVERAGE else None
