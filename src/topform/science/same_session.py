"""Whether two recordings are of one session: time, sport and, above all, what they measured.

A session recorded twice shows the same ups and downs in whatever both devices measured, at the same places, after a
small difference of their clocks. Two sessions that only resemble each other (the same loop, the same intervals) share
the outline but not the detail. Each channel that both have speaks for or against; what cannot be compared says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from topform.core.activity import Channel, Sport
from topform.core.arrays import BoolArray, FloatArray
from topform.science.session_trace import COMPARED, M_PER_DEGREE, POSITION, Trace

GRID_S: Final = 3.0
MAX_GRID: Final = 6_000
"""Longer recordings are compared on a coarser grid. [samples]"""

MAX_CLOCK_ERROR_S: Final = 180.0
"""Devices that set their clock by satellite or phone agree far better; others are set by hand."""

ZONE_STEP_S: Final = 1_800
MAX_ZONE_ERROR_S: Final = 14 * 3_600
"""Local time taken for UTC, or the wrong summer time: whole and half hours."""

MIN_OVERLAP_FRAC: Final = 0.5
"""Of the shorter one; less in common is another session, or too little to tell."""

PAUSES_KEPT_POINTS: Final = 0.5
"""That a platform cut out the pauses is believed only when it explains more."""

MIN_OVERLAP_S: Final = 60.0
MIN_COMPARED: Final = 12
BRIDGE_S: Final = 30.0
"""A longer stretch without samples is not interpolated."""

DETAIL_S: Final = 150.0
"""What changes within this time is detail; slower changes (warming up, tiring) are alike in all sessions."""

FINE_REACH_S: Final = 6.0
SMOOTH_S: Final = 9.0
LEVEL_S: Final = 30.0
MIN_DETAIL: Final = {
    Channel.HR_BPM: 1.0, Channel.POWER_W: 4.0, Channel.SPEED_M_S: 0.08, Channel.ALTITUDE_M: 0.6,
    Channel.CADENCE_RPM: 1.5, Channel.CADENCE_SPM: 1.5,
}  # fmt: skip
"""A channel that varies less (a treadmill's speed, rounded) shows rounding, not the session."""

EXPECTED_DETAIL: Final = 0.45
"""Correlation of detail that two devices on one body reach at least, as a rule."""

CHANCE_Z: Final = 2.2
"""Of unrelated detail at the best of all clock differences tried; about the largest of 40 normal deviates."""

SAME_PLACE_M: Final = 35.0
OTHER_PLACE_M: Final = 120.0
TRACK_POINTS: Final = 12.0
DETAIL_POINTS: Final = 9.0
PULSE_APART_BPM: Final = (4.0, 12.0)
POWER_APART_FRAC: Final = (0.08, 0.30)
SPEED_APART_FRAC: Final = (0.06, 0.25)
LEVEL_POINTS: Final = (1.0, -5.0)
SAME_TIME_POINTS: Final = 5.0
INSIDE_POINTS: Final = 1.0
OTHER_BODY_POINTS: Final = -7.5
"""Pulse and power that contradict each other in detail and in height are two people's, even at one place and time."""

SAME_ZONE_DETAIL: Final = 0.825
"""Correlation of the effort's detail around which another time zone is believed (0.86 with `THRESHOLD_POINTS`); the
same loop or the same intervals done twice stay below, a recording and its copy lie above."""

ZONE_POINTS_PER_UNIT: Final = 60.0
THRESHOLD_POINTS: Final = 2.0
"""Fixed on one half of the files of ``benchmarks/accuracy/duplicate_detection.py``, reported on the other."""

VAGUE: Final = frozenset({Sport.OTHER, Sport.TRANSITION})
ON_FOOT: Final = frozenset({Sport.RUNNING, Sport.WALKING, Sport.HIKING})


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much speaks for one session, and how the second one's clock differs.

    Parameters
    ----------
    points : float
        Evidence; the recordings are of one session from `THRESHOLD_POINTS` on.
    shift_s : float
        To add to the times of the second recording. [s]
    evidence : tuple of (str, float)
        What spoke for and against.
    lost_pauses : bool
        One of them writes the timer's time as time, so that no single shift brings them together.
    """

    points: float
    shift_s: float
    evidence: tuple[tuple[str, float], ...]
    lost_pauses: bool = False

    @property
    def is_same(self) -> bool:
        """Whether the two are of one session."""
        return self.points >= THRESHOLD_POINTS


EFFORT: Final = tuple(name for name in COMPARED if name is not Channel.ALTITUDE_M)
BODY: Final = (Channel.HR_BPM, Channel.POWER_W)


def compare_sessions(first: Sequence[Trace], second: Sequence[Trace]) -> Verdict | None:
    """Say how much speaks for two recordings being of one session; None when time or sport rule it out.

    Of several legs, those of the recording with fewer are each looked for among the other's; the weakest decides.
    """
    if not first or not second:
        return None
    is_swapped = len(second) > len(first)
    many, few = (second, first) if is_swapped else (first, second)
    found: list[Verdict] = []
    for leg in few:
        verdicts = [verdict for other in many if (verdict := compare_legs(other, leg)) is not None]
        if not verdicts:
            return None
        found.append(max(verdicts, key=lambda verdict: verdict.points))
    weakest = min(found, key=lambda verdict: verdict.points)
    return replace(weakest, shift_s=-weakest.shift_s) if is_swapped else weakest


def sports_agree(first: Sport, second: Sport) -> bool:
    """Tell whether two words may stand for one sport: equal, vague, or both on foot."""
    return first == second or bool({first, second} & VAGUE) or {first, second} <= ON_FOOT


def compare_legs(first: Trace, second: Trace) -> Verdict | None:
    """Say how much speaks for two legs being one; None when time or sport rule it out."""
    if not sports_agree(first.sport, second.sport):
        return None
    best: Verdict | None = None
    for zone_s in _zone_errors(first, second):
        for one, other in _time_axes(first, second):
            verdict = _compare_at(one, other, first=first, second=second, zone_s=zone_s)
            if verdict is not None and (best is None or verdict.points > best.points + PAUSES_KEPT_POINTS):
                best = replace(verdict, lost_pauses=one is not first or other is not second)
    return best


def may_be_one(first: Trace, second: Trace) -> bool:
    """Tell whether time and sport alone allow it; cheap, needs no channels."""
    return sports_agree(first.sport, second.sport) and any(True for _ in _zone_errors(first, second))


def fine_shift_s(first: Trace, second: Trace, *, around_s: float) -> float:
    """Return the difference of clocks to the second, once it is known to within a few.

    Parameters
    ----------
    first, second : Trace
        Two recordings of one session.
    around_s : float
        What `compare_sessions` found. [s]

    Returns
    -------
    float
        To add to the times of the second one; ``around_s`` where nothing can be compared. [s]
    """
    begins = max(first.begins_s, second.begins_s + around_s)
    ends = min(first.ends_s, second.ends_s + around_s)
    if ends - begins < MIN_OVERLAP_S:
        return around_s
    grids = _grids(first, second, begins=begins, ends=ends, zone_s=around_s, step_s=1.0, reach_s=FINE_REACH_S)
    distance_m = _distance_by_lag(grids)
    details = _details(grids)
    if not details and distance_m is None:
        return around_s
    lag, _ = _best_lag(grids, details, distance_m)
    return around_s - lag


def _zone_errors(first: Trace, second: Trace) -> Iterator[int]:
    """Yield the errors of the clock by which the second recording would lie over the first; none comes first."""
    shorter = min(first.elapsed_s, second.elapsed_s)
    steps = MAX_ZONE_ERROR_S // ZONE_STEP_S
    for zone_s in sorted(range(-steps * ZONE_STEP_S, (steps + 1) * ZONE_STEP_S, ZONE_STEP_S), key=abs):
        overlap = min(first.ends_s, second.ends_s + zone_s) - max(first.begins_s, second.begins_s + zone_s)
        if overlap + MAX_CLOCK_ERROR_S < MIN_OVERLAP_FRAC * shorter or overlap + MAX_CLOCK_ERROR_S < 0:
            continue
        begins_together = abs(first.begins_s - second.begins_s - zone_s) <= 2 * MAX_CLOCK_ERROR_S
        ends_together = abs(first.ends_s - second.ends_s - zone_s) <= 2 * MAX_CLOCK_ERROR_S
        # A wrong zone moves the whole recording: it must still begin or end with the other one.
        if zone_s == 0 or begins_together or ends_together:
            yield zone_s


def _time_axes(first: Trace, second: Trace) -> Iterator[tuple[Trace, Trace]]:
    """Yield the pair as it is, and with the pauses cut out of either: some platforms write timer time as time."""
    yield first, second
    if first.pauses and not second.pauses:
        yield _without_pauses(first), second
    if second.pauses and not first.pauses:
        yield first, _without_pauses(second)


def _without_pauses(trace: Trace) -> Trace:
    starts = np.array([start for start, _ in trace.pauses])
    lengths = np.array([end - start for start, end in trace.pauses])
    before = np.concatenate([[0.0], np.cumsum(lengths)])[np.searchsorted(starts, trace.t_s, side="right")]
    inside = np.zeros(trace.t_s.size, dtype=np.bool_)
    for start, end in trace.pauses:
        inside |= (trace.t_s > start) & (trace.t_s < end)
    return Trace(
        trace.sport,
        trace.begins_s,
        max(trace.elapsed_s - float(lengths.sum()), 0.0),
        trace.distance_m,
        (trace.t_s - before)[~inside],
        {name: values[~inside] for name, values in trace.channels.items()},
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Grids:
    """Both recordings on one grid; the second one carries a margin for the clock's error on either side."""

    step_s: float
    margin: int
    first: dict[Channel, FloatArray]
    second: dict[Channel, FloatArray]


def _compare_at(one: Trace, other: Trace, *, first: Trace, second: Trace, zone_s: int) -> Verdict | None:
    begins = max(one.begins_s, other.begins_s + zone_s) - MAX_CLOCK_ERROR_S
    ends = min(one.ends_s, other.ends_s + zone_s) + MAX_CLOCK_ERROR_S
    begins, ends = max(begins, one.begins_s), min(ends, one.ends_s)
    shorter = min(one.elapsed_s, other.elapsed_s)
    if shorter <= 0 or ends - begins < max(MIN_OVERLAP_FRAC * shorter, MIN_OVERLAP_S):
        return _compare_short(first, second, zone_s)
    grids = _grids(one, other, begins=begins, ends=ends, zone_s=zone_s)
    details = _details(grids)
    distance_m = _distance_by_lag(grids)
    lag, by_channel = _best_lag(grids, details, distance_m)
    shift_s = zone_s - lag * grids.step_s
    if zone_s == 0:
        evidence = _at_the_same_time(grids, lag, by_channel, distance_m)
        evidence += _time(one, other, shift_s=shift_s, has_common=bool(evidence))
    elif not (evidence := _in_another_zone(grids, lag, by_channel, distance_m)):
        return None
    return Verdict(float(sum(points for _, points in evidence)), float(shift_s), tuple(evidence))


def _at_the_same_time(
    grids: _Grids, lag: int, by_channel: dict[Channel, _Agreement], distance_m: FloatArray | None
) -> list[tuple[str, float]]:
    """Return what the channels say of recordings that overlap by their own clocks."""
    detail = {name: _detail_points(agreement) for name, agreement in by_channel.items()}
    levels = _levels(grids, lag)
    body = sum(detail.get(name, 0.0) + levels.get(name, 0.0) for name in BODY)
    evidence = [(name.value, points) for name, points in detail.items()]
    evidence += [(f"{name.value} level", points) for name, points in levels.items()]
    evidence += _track(grids, lag, distance_m)
    if body <= OTHER_BODY_POINTS:
        evidence.append(("another body", -max(sum(points for _, points in evidence) + SAME_TIME_POINTS, 0.0)))
    return evidence


def _in_another_zone(
    grids: _Grids, lag: int, by_channel: dict[Channel, _Agreement], distance_m: FloatArray | None
) -> list[tuple[str, float]]:
    """Return what speaks for a clock wrong by hours: only the effort's detail, since a way can be gone twice."""
    effort = [by_channel[name] for name in EFFORT if name in by_channel]
    weight = sum(agreement.independent for agreement in effort)
    if weight <= 0:
        return []
    mean = sum(agreement.correlation * agreement.independent for agreement in effort) / weight
    points = (mean - SAME_ZONE_DETAIL) * ZONE_POINTS_PER_UNIT
    evidence = [("detail of the effort", float(np.clip(points, -2 * DETAIL_POINTS, DETAIL_POINTS)))]
    evidence += [(f"{name.value} level", min(level, 0.0)) for name, level in _levels(grids, lag).items()]
    evidence += [(name, min(found, 0.0)) for name, found in _track(grids, lag, distance_m)]
    return evidence


def _compare_short(first: Trace, second: Trace, zone_s: int) -> Verdict | None:
    """Compare recordings too short to measure anything: by when they began and ended."""
    if zone_s != 0 or max(first.elapsed_s, second.elapsed_s) > 2 * MIN_OVERLAP_S:
        return None
    evidence = _time(first, second, shift_s=0.0, has_common=False)
    return Verdict(float(sum(points for _, points in evidence)), 0.0, tuple(evidence))


def _grids(
    one: Trace,
    other: Trace,
    *,
    begins: float,
    ends: float,
    zone_s: float,
    step_s: float = GRID_S,
    reach_s: float = MAX_CLOCK_ERROR_S,
) -> _Grids:
    step_s = max(step_s, (ends - begins) / MAX_GRID)
    margin = int(np.ceil(reach_s / step_s))
    size = int((ends - begins) // step_s) + 1
    grid: FloatArray = begins + step_s * np.arange(size, dtype=np.float64)
    wide: FloatArray = begins + step_s * np.arange(-margin, size + margin, dtype=np.float64)
    return _Grids(
        step_s,
        margin,
        {name: _on_grid(one, name, grid, 0.0) for name in one.channels},
        {name: _on_grid(other, name, wide, zone_s) for name in other.channels},
    )


def _on_grid(trace: Trace, name: Channel, grid: FloatArray, zone_s: float) -> FloatArray:
    """Return the channel at the grid's instants, NaN in longer gaps and outside."""
    values = trace.channels[name]
    known = np.isfinite(values)
    if int(known.sum()) < 2:
        return np.full(grid.size, np.nan)
    t_s, values = trace.t_s[known] + trace.begins_s + zone_s, values[known]
    after = np.clip(np.searchsorted(t_s, grid), 1, t_s.size - 1)
    is_bridged = (t_s[after] - t_s[after - 1] <= BRIDGE_S) & (grid >= t_s[0]) & (grid <= t_s[-1])
    result: FloatArray = np.where(is_bridged, np.interp(grid, t_s, values), np.nan)
    return result


def _detail(values: FloatArray, step_s: float) -> FloatArray:
    """Return what changes fast: the values smoothed over a few seconds minus their mean over minutes."""
    known = np.isfinite(values)
    if not known.any():
        return values
    return _smooth(values, known, SMOOTH_S / step_s) - _smooth(values, known, DETAIL_S / step_s)


def _smooth(values: FloatArray, known: BoolArray, samples: float) -> FloatArray:
    size = max(round(samples), 1)
    from scipy.ndimage import uniform_filter1d

    weight = uniform_filter1d(known.astype(np.float64), size, mode="constant")
    total = uniform_filter1d(np.where(known, values, 0.0), size, mode="constant")
    mean = np.divide(total, weight, out=np.full(values.size, np.nan), where=weight > 0.3 / size)
    smoothed: FloatArray = np.where(known, mean, np.nan)
    return smoothed


def _details(grids: _Grids) -> dict[Channel, tuple[FloatArray, FloatArray, float]]:
    """Return by channel the detail of both, and how many independent values it holds a sample."""
    found: dict[Channel, tuple[FloatArray, FloatArray, float]] = {}
    for name in COMPARED:
        if name not in grids.first or name not in grids.second:
            continue
        one, other = _detail(grids.first[name], grids.step_s), _detail(grids.second[name], grids.step_s)
        if min(_spread(one), _spread(other)) < MIN_DETAIL[name]:
            continue
        found[name] = (one, other, 1.0 / _correlated_samples(one, other))
    return found


def _spread(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(np.std(known)) if known.size > 10 else 0.0


def _correlated_samples(one: FloatArray, other: FloatArray) -> float:
    """Return over how many samples two signals repeat themselves: Bartlett's sum of products of autocorrelations."""
    first, second = _autocorrelation(one), _autocorrelation(other)
    size = min(first.size, second.size)
    return max(1.0 + 2.0 * float(np.sum(np.maximum(first[:size] * second[:size], 0.0))), 1.0)


def _autocorrelation(values: FloatArray) -> FloatArray:
    filled = np.where(np.isfinite(values), values, 0.0)
    lags = range(1, min(60, filled.size // 2))
    power = float(np.dot(filled, filled))
    return np.array([np.dot(filled[:-lag], filled[lag:]) / power for lag in lags]) if power > 0 else np.zeros(0)


@dataclass(frozen=True, slots=True)
class _Agreement:
    """How well the detail of one channel agrees, from how many independent values."""

    correlation: float
    independent: float


def _best_lag(
    grids: _Grids, details: dict[Channel, tuple[FloatArray, FloatArray, float]], distance_m: FloatArray | None
) -> tuple[int, dict[Channel, _Agreement]]:
    """Return the difference of clocks at which the detail agrees best, and how well each channel agrees there."""
    lags = range(-grids.margin, grids.margin + 1)
    lines = {name: _correlation_by_lag(*parts, grids.margin) for name, parts in details.items()}
    goal = sum((_z(r, independent) for r, independent in lines.values()), np.zeros(len(lags)))
    if distance_m is not None:
        goal = goal + TRACK_POINTS * np.exp(-distance_m / SAME_PLACE_M)
    goal = goal - np.abs(np.array(lags)) * 1e-6
    best = int(np.argmax(goal))
    return lags[best], {name: _Agreement(float(r[best]), float(n[best])) for name, (r, n) in lines.items()}


def _z(correlation: FloatArray, independent: FloatArray) -> FloatArray:
    """Return Fisher's z of correlations in standard errors."""
    z: FloatArray = np.arctanh(np.clip(correlation, -0.999, 0.999)) * np.sqrt(np.maximum(independent - 3.0, 0.0))
    return z


def _detail_points(agreement: _Agreement) -> float:
    """Return the log-likelihood ratio of one session against chance, bounded since sensors fail."""
    n = np.array([agreement.independent])
    found, expected = _z(np.array([agreement.correlation]), n)[0], _z(np.array([EXPECTED_DETAIL]), n)[0]
    ratio = expected * (found - CHANCE_Z) - expected**2 / 2 + CHANCE_Z
    return float(np.clip(ratio, -DETAIL_POINTS, DETAIL_POINTS))


def _correlation_by_lag(
    one: FloatArray, other: FloatArray, independent: float, margin: int
) -> tuple[FloatArray, FloatArray]:
    """Return the correlation at each lag, and from how many independent values."""
    size = one.size
    windows = np.lib.stride_tricks.sliding_window_view(other, size)
    known_one = np.isfinite(one)
    correlations, counts = np.zeros(2 * margin + 1), np.zeros(2 * margin + 1)
    for lag in range(2 * margin + 1):
        window = windows[lag]
        known = known_one & np.isfinite(window)
        n = int(known.sum())
        if n < MIN_COMPARED:
            continue
        x, y = one[known], window[known]
        x, y = x - x.mean(), y - y.mean()
        norm = float(np.sqrt(np.dot(x, x) * np.dot(y, y)))
        if norm > 0:
            correlations[lag] = np.dot(x, y) / norm
            counts[lag] = n * independent
    return correlations, counts


def _distance_by_lag(grids: _Grids) -> FloatArray | None:
    """Return the median distance between the two at each lag; None without two tracks. [m]"""
    if any(name not in side for name in POSITION for side in (grids.first, grids.second)):
        return None
    one, other = _metres(grids)
    size = one.shape[0]
    thin = max(size // 400, 1)
    medians = np.full(2 * grids.margin + 1, np.inf)
    for lag in range(2 * grids.margin + 1):
        apart = np.hypot(*(one[::thin] - other[lag : lag + size : thin]).T)
        apart = apart[np.isfinite(apart)]
        if apart.size >= 8:
            medians[lag] = float(np.median(apart))
    return medians if np.isfinite(medians).any() else None


def _metres(grids: _Grids) -> tuple[FloatArray, FloatArray]:
    latitude = grids.first[Channel.LATITUDE_DEG]
    known = latitude[np.isfinite(latitude)]
    scale = np.array([M_PER_DEGREE, M_PER_DEGREE * np.cos(np.radians(known[0] if known.size else 0.0))])
    one, other = (np.column_stack([side[name] for name in POSITION]) * scale for side in (grids.first, grids.second))
    return one, other


def _track(grids: _Grids, lag: int, distance_m: FloatArray | None) -> list[tuple[str, float]]:
    if distance_m is None or not np.isfinite(distance_m[lag + grids.margin]):
        return []
    apart_m = float(distance_m[lag + grids.margin])
    share = (OTHER_PLACE_M - apart_m) / (OTHER_PLACE_M - SAME_PLACE_M)
    return [("track", float(np.clip(2 * share - 1, -1, 1)) * TRACK_POINTS)]


def _levels(grids: _Grids, lag: int) -> dict[Channel, float]:
    """Say whether the two measured about the same: one heart, one pair of legs."""
    found: dict[Channel, float] = {}
    for name, limits, is_relative in (
        (Channel.HR_BPM, PULSE_APART_BPM, False),
        (Channel.POWER_W, POWER_APART_FRAC, True),
        (Channel.SPEED_M_S, SPEED_APART_FRAC, True),
    ):
        if name not in grids.first or name not in grids.second:
            continue
        one = grids.first[name]
        begin = lag + grids.margin
        other = grids.second[name][begin : begin + one.size]
        known = np.isfinite(one) & np.isfinite(other)
        if int(known.sum()) < MIN_COMPARED:
            continue
        width = LEVEL_S / grids.step_s
        smooth_one, smooth_other = _smooth(one, known, width)[known], _smooth(other, known, width)[known]
        apart = float(np.median(np.abs(smooth_one - smooth_other)))
        if is_relative:
            typical = float(np.median(np.abs(smooth_one) + np.abs(smooth_other))) / 2
            if typical <= 0:
                continue
            apart /= typical
        good, bad = LEVEL_POINTS
        share = float(np.clip((apart - limits[0]) / (limits[1] - limits[0]), 0, 1))
        found[name] = good + share * (bad - good)
    return found


def _time(one: Trace, other: Trace, *, shift_s: float, has_common: bool) -> list[tuple[str, float]]:
    """Say what the times alone tell: nobody does two sessions at once."""
    begins = abs(one.begins_s - other.begins_s - shift_s)
    ends = abs(one.ends_s - other.ends_s - shift_s)
    longer, shorter = max(one.elapsed_s, other.elapsed_s), min(one.elapsed_s, other.elapsed_s)
    slack = max(MAX_CLOCK_ERROR_S / 2, 0.05 * longer)
    evidence: list[tuple[str, float]] = []
    if begins <= min(slack, MAX_CLOCK_ERROR_S) and ends <= slack:
        evidence.append(("same begin and end", SAME_TIME_POINTS))
    elif begins <= MAX_CLOCK_ERROR_S or ends <= MAX_CLOCK_ERROR_S:
        evidence.append(("same begin or end", INSIDE_POINTS))
    if not has_common:
        evidence += _totals(one, other, shorter=shorter, longer=longer)
    return evidence


def _totals(one: Trace, other: Trace, *, shorter: float, longer: float) -> list[tuple[str, float]]:
    """Compare the totals, where no channel can be compared."""
    if not one.distance_m or not other.distance_m or shorter < 0.8 * longer:
        return []
    low, high = sorted((one.distance_m, other.distance_m))
    return [("distance", 1.0 if high <= 1.1 * low else -LEVEL_POINTS[0] - 5.0 * min(high / low - 1.1, 1.0))]
