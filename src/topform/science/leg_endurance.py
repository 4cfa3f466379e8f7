"""What one leg says about endurance: decoupling, the threshold it implies, thresholds from beats, steady stretches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from topform.core.activity import Leg, Sport
from topform.core.arrays import FloatArray, IntArray
from topform.core.metric import MetricValue
from topform.science import dfa, durability, heart_rate, highest_heart_rate, power, threshold
from topform.science.athlete import AthleteParameters
from topform.science.leg_metrics import LegSignals
from topform.science.mean_maximal import BestCurve, best_means, duration_grid
from topform.science.metric_versions import metric_value
from topform.science.quality import MIN_COVERAGE
from topform.science.resampling import TimerGrid

ALPHA_STEP_S: Final = 20.0
MIN_ALPHA_S: Final = 1200.0
NEAR_BEAT_S: Final = 5.0


def output_of(leg: Leg, signals: LegSignals) -> FloatArray | None:
    """Return what stands for effort in this sport: power on the bike, grade-adjusted speed on foot."""
    if leg.sport is Sport.CYCLING:
        return signals.power_w
    return signals.ga_speed_m_s if leg.sport is Sport.RUNNING else None


def endurance_metrics(
    leg: Leg, signals: LegSignals, curves: Mapping[str, BestCurve], *, grid: TimerGrid
) -> dict[str, MetricValue]:
    """Return the metrics for which the leg holds enough, by id; there is none for what it cannot say."""
    found = [
        *_decoupling(leg, signals, grid),
        *_effort(leg, signals, curves),
        *_best_heart_rate(signals, grid),
        *_highest_heart_rate(signals, grid),
        *_alpha(leg, signals, grid),
    ]
    return {metric.metric: metric for metric in found}


def steady_stretches(leg: Leg, signals: LegSignals, athlete: AthleteParameters) -> list[tuple[float, float]]:
    """Return heart rate and output of steady stretches; none without a measured maximal heart rate."""
    output = output_of(leg, signals)
    if output is None or signals.hr_bpm is None or athlete.hr_max_bpm is None:
        return []
    return threshold.steady_points(output, signals.hr_bpm, hr_max_bpm=athlete.hr_max_bpm)


def _decoupling(leg: Leg, signals: LegSignals, grid: TimerGrid) -> list[MetricValue]:
    output = output_of(leg, signals)
    if output is None or signals.hr_bpm is None or output.size < durability.WARM_UP_S + durability.MIN_STEADY_S:
        return []
    coverage = min(grid.coverage(output), grid.coverage(signals.hr_bpm))
    if coverage < MIN_COVERAGE:
        return []
    counted, pulse = output[durability.WARM_UP_S :], signals.hr_bpm[durability.WARM_UP_S :]
    observed = counted[np.isfinite(counted)]
    mean = float(observed.mean())
    if mean <= 0 or observed.size < durability.MIN_STEADY_S:
        return []
    variability = power.fourth_power_mean(power.rolling_mean(observed, power.WINDOW_S)) / mean
    if not durability.is_steady(duration_s=counted.size, variability_index=variability):
        return []
    return [metric_value("decoupling_pct", durability.decoupling_pct(counted, pulse), coverage=coverage)]


def _effort(leg: Leg, signals: LegSignals, curves: Mapping[str, BestCurve]) -> list[MetricValue]:
    """Return the threshold that the best efforts of the leg imply at least, and the heart rate of that effort."""
    kind, name = {
        Sport.CYCLING: ("power_w", "effort_threshold_w"),
        Sport.RUNNING: ("ga_speed_m_s", "effort_threshold_m_s"),
    }.get(leg.sport, ("", ""))
    curve, output = curves.get(kind), output_of(leg, signals)
    if curve is None or output is None:
        return []
    bests = dict(zip(curve.durations_s.tolist(), curve.means.tolist(), strict=True))
    starts = dict(zip(curve.durations_s.tolist(), curve.starts_s.tolist(), strict=True))
    seconds = np.flatnonzero(np.isfinite(output))

    def stretch(duration_s: int) -> IntArray:
        begin = int(np.searchsorted(seconds, starts[duration_s]))
        return seconds[begin : begin + duration_s]

    best = threshold.best_effort(
        bests,
        is_power=kind == "power_w",
        is_sustained=lambda duration_s: threshold.is_sustained(output[stretch(duration_s)]),
    )
    if best is None:
        return []
    value, duration_s = best
    found = [metric_value(name, value, f"a lower bound, from the best {duration_s} s")]
    if signals.hr_bpm is not None:
        pulse = signals.hr_bpm[stretch(duration_s)[int(threshold.SETTLING_S) :]]
        covered = float(np.isfinite(pulse).mean()) if pulse.size else 0.0
        if covered >= MIN_COVERAGE:
            found.append(metric_value("hr_effort_bpm", float(np.nanmean(pulse)), coverage=covered))
    return found


def _best_heart_rate(signals: LegSignals, grid: TimerGrid) -> list[MetricValue]:
    """Return the highest mean heart rate over 20 to 60 min; none where a few minutes of a slipping strap carry it."""
    if signals.hr_bpm is None or grid.coverage(signals.hr_bpm) < MIN_COVERAGE:
        return []
    pulse = signals.hr_bpm[np.isfinite(signals.hr_bpm)]
    durations = duration_grid(min(pulse.size, heart_rate.EFFORT_MAX_S))
    durations = durations[durations >= heart_rate.EFFORT_MIN_S]
    means, starts = best_means(pulse, durations)
    found = sorted(zip(means.tolist(), durations.tolist(), starts.tolist(), strict=True), reverse=True)
    for mean, duration_s, start in found:
        if threshold.is_sustained(pulse[start : start + duration_s], at_least=heart_rate.SUSTAINED_FRAC):
            return [metric_value("hr_best_20min_bpm", mean, f"from the best {duration_s} s")]
    return []


def _highest_heart_rate(signals: LegSignals, grid: TimerGrid) -> list[MetricValue]:
    """Return what the maximal heart rate is at least, by the highest means of ten seconds."""
    if signals.hr_bpm is None:
        return []
    coverage = grid.coverage(signals.hr_bpm)
    value = highest_heart_rate.highest_bpm(grid.t_s, signals.hr_bpm) if coverage >= MIN_COVERAGE else None
    return [] if value is None else [metric_value("hr_highest_10s_bpm", value, coverage=coverage)]


def _alpha(leg: Leg, signals: LegSignals, grid: TimerGrid) -> list[MetricValue]:
    """Return the heart rates at which alpha 1 crosses 0.75 and 0.5, where the leg crosses them."""
    if leg.rr is None or signals.hr_bpm is None or len(leg.rr) < dfa.MIN_BEATS:
        return []
    if leg.rr.t_s[-1] - leg.rr.t_s[0] < MIN_ALPHA_S:
        return []
    trace = dfa.alpha_trace(leg.rr.t_s, leg.rr.rr_ms, step_s=ALPHA_STEP_S)
    pulse = _mean_around(grid.t_s, signals.hr_bpm, trace.t_s, half_s=dfa.WINDOW_S / 2)
    found = dfa.thresholds_from_alpha(pulse, trace.alpha1)
    if found is None:
        return []
    seen = pulse[np.isfinite(pulse) & np.isfinite(trace.alpha1)]
    low, high = float(seen.min()) - NEAR_BEAT_S, float(seen.max()) + NEAR_BEAT_S
    usable = float(np.isfinite(trace.alpha1).mean())
    return [
        metric_value(name, value, coverage=usable, n_valid=found.n)
        for name, value in (
            ("alpha1_first_bpm", found.effort_at_first),
            ("alpha1_second_bpm", found.effort_at_second),
        )
        if low <= value <= high and usable >= MIN_COVERAGE
    ]


def _mean_around(t_s: FloatArray, values: FloatArray, centres_s: FloatArray, *, half_s: float) -> FloatArray:
    """Return the mean of the observed values around each instant, NaN without any."""
    observed = np.isfinite(values)
    sums = np.concatenate([[0.0], np.cumsum(np.where(observed, values, 0.0))])
    counts = np.concatenate([[0.0], np.cumsum(observed)])
    first, last = np.searchsorted(t_s, centres_s - half_s), np.searchsorted(t_s, centres_s + half_s)
    number = counts[last] - counts[first]
    means: FloatArray = np.divide(
        sums[last] - sums[first], number, out=np.full(centres_s.size, np.nan), where=number > 0
    )
    return means
