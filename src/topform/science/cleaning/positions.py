"""Faults of positions: jumps, a fix that stands still on the move, one that wanders while the athlete stands."""

from __future__ import annotations

import numpy as np

from topform.core.activity import Channel, Sport
from topform.core.arrays import BoolArray, FloatArray, IntArray
from topform.science import motion
from topform.science.cleaning.report import Bench, runs

JUMP_ROOM_M = 30.0
"""A step within this is noise of the position, however short the time."""

BACK_WITHIN_S = 60.0
"""A position that stays away longer is taken as true; only its step is noted."""

STUCK_FOR_S = 20.0
MOVES_ABOVE_M_S = 2.0

STAND_FOR_S = 30.0
STAND_WITHIN_M = 4.0
STAND_SMOOTHING_S = 15.0
DRIFT_AT_LEAST_M = 10.0


def clean_positions(bench: Bench, sport: Sport) -> None:
    """Take out positions that are no observations of where the athlete was."""
    if Channel.LATITUDE_DEG not in bench.channels or Channel.LONGITUDE_DEG not in bench.channels:
        return
    limit_m_s = motion.max_speed_m_s(sport)
    # First what stood still: the step with which it catches up looks like a jump.
    _remove(bench, _stuck(bench), "position_stuck", f"unchanged for more than {STUCK_FOR_S:g} s on the move")
    _remove(bench, _jumps(bench, limit_m_s), "position_jump", f"a step faster than {limit_m_s:g} m/s, taken back")
    _remove(bench, _drift(bench), "position_drift", "wanders while the athlete stands")


def _remove(bench: Bench, wrong: BoolArray, code: str, message: str) -> None:
    """Take out both coordinates; the report names them once."""
    if not wrong.any():
        return
    bench.channels[Channel.LONGITUDE_DEG] = np.where(wrong, np.nan, bench.channels[Channel.LONGITUDE_DEG])
    bench.remove(Channel.LATITUDE_DEG, wrong, code, message)


def _known(bench: Bench) -> IntArray:
    both = bench.channels[Channel.LATITUDE_DEG] + bench.channels[Channel.LONGITUDE_DEG]
    return np.flatnonzero(np.isfinite(both))


def _steps_m(bench: Bench, places: IntArray) -> FloatArray:
    return motion.step_m(bench.channels[Channel.LATITUDE_DEG][places], bench.channels[Channel.LONGITUDE_DEG][places])


def _jumps(bench: Bench, limit_m_s: float) -> BoolArray:
    """Say which positions cannot be reached from the last good one; after a minute away they are believed."""
    wrong = np.zeros(bench.t_s.size, dtype=np.bool_)
    places = _known(bench)
    if places.size < 3:
        return wrong
    t_s = bench.t_s[places]
    allowed = np.maximum(limit_m_s * np.diff(t_s), JUMP_ROOM_M)
    place = 0
    too_far = np.flatnonzero(_steps_m(bench, places) > allowed)
    for jump in too_far.tolist():
        if jump < place:
            continue
        upto = int(np.searchsorted(t_s, t_s[jump] + BACK_WITHIN_S, side="right"))
        later = places[jump + 1 : upto]
        back = _first_reachable(bench, int(places[jump]), later, limit_m_s)
        if back is None:
            place = jump + 1
        else:
            wrong[later[:back]] = True
            place = jump + 1 + back
    return wrong


def _first_reachable(bench: Bench, origin: int, later: IntArray, limit_m_s: float) -> int | None:
    """Return the first of the later positions that can be reached from the origin, None if there is none."""
    latitude, longitude = bench.channels[Channel.LATITUDE_DEG], bench.channels[Channel.LONGITUDE_DEG]
    away_m = motion.step_m(
        np.column_stack([np.full(later.size, latitude[origin]), latitude[later]]).ravel(),
        np.column_stack([np.full(later.size, longitude[origin]), longitude[later]]).ravel(),
    )[::2]
    allowed_m = np.maximum(limit_m_s * (bench.t_s[later] - bench.t_s[origin]), JUMP_ROOM_M)
    near = np.flatnonzero(away_m <= allowed_m)
    return int(near[0]) if near.size else None


def _stuck(bench: Bench) -> BoolArray:
    """Say which positions are repeated while the speed sensor says that the athlete moves."""
    wrong = np.zeros(bench.t_s.size, dtype=np.bool_)
    speed = bench.get(Channel.SPEED_M_S)
    if speed is None:
        return wrong
    latitude, longitude = bench.channels[Channel.LATITUDE_DEG], bench.channels[Channel.LONGITUDE_DEG]
    wrong[1:] = (latitude[1:] == latitude[:-1]) & (longitude[1:] == longitude[:-1]) & (speed[1:] > MOVES_ABOVE_M_S)
    for begin, end in runs(wrong):
        if bench.t_s[end - 1] - bench.t_s[begin - 1] <= STUCK_FOR_S:
            wrong[begin:end] = False
    return wrong


def _drift(bench: Bench) -> BoolArray:
    """Say which positions wander around one place; only where nothing but them tells the distance."""
    wrong = np.zeros(bench.t_s.size, dtype=np.bool_)
    if Channel.DISTANCE_M in bench.channels or Channel.SPEED_M_S in bench.channels:
        return wrong
    places = _known(bench)
    if places.size < 3 or bench.t_s[places[-1]] - bench.t_s[places[0]] < 2 * STAND_FOR_S:
        return wrong
    t_s = bench.t_s[places]
    north = _smoothed(t_s, bench.channels[Channel.LATITUDE_DEG][places] * motion.M_PER_DEGREE)
    narrowing = np.cos(np.radians(bench.channels[Channel.LATITUDE_DEG][places[0]]))
    east = _smoothed(t_s, bench.channels[Channel.LONGITUDE_DEG][places] * motion.M_PER_DEGREE * narrowing)
    ahead = np.minimum(t_s + STAND_FOR_S, t_s[-1])
    stays = np.hypot(np.interp(ahead, t_s, north) - north, np.interp(ahead, t_s, east) - east) < STAND_WITHIN_M
    stays &= t_s + STAND_FOR_S <= t_s[-1]
    steps_m = _steps_m(bench, places)
    for begin, end in runs(stays):
        last = int(np.searchsorted(t_s, t_s[end - 1] + STAND_FOR_S, side="right")) - 1
        lasts_s, way_m = t_s[last] - t_s[begin], float(steps_m[begin:last].sum())
        net_m = float(np.hypot(north[last] - north[begin], east[last] - east[begin]))
        if lasts_s >= STAND_FOR_S and way_m - net_m > DRIFT_AT_LEAST_M and last - begin > 2:
            wrong[places[begin + 1 : last]] = True
    return wrong


def _smoothed(t_s: FloatArray, values: FloatArray) -> FloatArray:
    """Return the mean over a centred window of samples in time."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    first = np.searchsorted(t_s, t_s - STAND_SMOOTHING_S / 2, side="left")
    last = np.searchsorted(t_s, t_s + STAND_SMOOTHING_S / 2, side="right")
    means: FloatArray = (sums[last] - sums[first]) / (last - first)
    return means
