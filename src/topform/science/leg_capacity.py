"""What one leg says about capacity: the reserve above critical power, uptake, performance index, beats at rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from topform.core.activity import Leg, Sport
from topform.core.arrays import FloatArray
from topform.core.errors import OutOfRangeError, ShapeError
from topform.core.metric import MetricValue
from topform.science import hrv, performance_index, quality, vo2, w_prime
from topform.science.athlete import AthleteParameters
from topform.science.leg_metrics import LegSignals
from topform.science.mean_maximal import BestCurve
from topform.science.metric_versions import metric_value
from topform.science.quality import MIN_COVERAGE
from topform.science.resampling import TimerGrid, timer_grid

REST_MIN_S: Final = 60.0
REST_MAX_S: Final = 1800.0
REST_HR_BPM: Final = 100.0
REST_DISTANCE_M: Final = 200.0


def capacity_metrics(
    leg: Leg,
    athlete: AthleteParameters,
    signals: LegSignals,
    curves: Mapping[str, BestCurve],
    steady: Sequence[tuple[float, float]],
    *,
    grid: TimerGrid,
    distance_m: float | None,
) -> dict[str, MetricValue]:
    """Return the metrics for which the leg holds enough, by id; there is none for what it cannot say."""
    found = [
        *_reserve(leg, athlete, signals, grid),
        *_index(leg, signals, curves, grid),
        *_uptake(leg, athlete, signals, steady, grid),
        *_beats_at_rest(leg, distance_m),
    ]
    return {metric.metric: metric for metric in found}


def w_prime_balance(power_w: FloatArray, *, cp_w: float, w_prime_j: float) -> FloatArray:
    """Return the model's anaerobic reserve after each second of power, NaN where power is missing. [J]

    Missing seconds are left out: the reserve stands still in them.

    Parameters
    ----------
    power_w : FloatArray
        (n,) once a second of timer time; NaN = not observed. [W]
    cp_w : float
        [W], > 0
    w_prime_j : float
        [J], > 0

    Examples
    --------
    >>> w_prime_balance(np.array([300.0, np.nan, 300.0]), cp_w=250.0, w_prime_j=20_000.0)
    array([19950.,    nan, 19900.])
    """
    observed = np.isfinite(power_w)
    balance = np.full(power_w.size, np.nan)
    balance[observed] = w_prime.balance_differential_j(power_w[observed], cp_w=cp_w, w_prime_j=w_prime_j)
    return balance


def w_prime_balance_at(
    at_s: FloatArray, t_s: FloatArray, power_w: FloatArray, *, cp_w: float, w_prime_j: float
) -> FloatArray:
    """Return the reserve at instants of a recording; it stands still where no power was recorded. [J]

    Parameters
    ----------
    at_s : FloatArray
        (m,) instants within the recording. [s]
    t_s : FloatArray
        (n,) rising. [s]
    power_w : FloatArray
        (n,) as recorded; NaN = not observed. [W]
    cp_w : float
        [W], > 0
    w_prime_j : float
        [J], > 0

    Returns
    -------
    FloatArray
        (m,) NaN before the first power.
    """
    grid = timer_grid(t_s, (), timer_s=float(t_s[-1] - t_s[0]))
    balance = w_prime_balance(quality.plausible_power(grid.resample(t_s, power_w)), cp_w=cp_w, w_prime_j=w_prime_j)
    known = np.flatnonzero(np.isfinite(balance))
    if not known.size:
        return np.full(at_s.size, np.nan)
    place = np.searchsorted(grid.t_s[known], at_s, side="right") - 1
    return np.where(place >= 0, balance[known][np.maximum(place, 0)], np.nan)


def _reserve(leg: Leg, athlete: AthleteParameters, signals: LegSignals, grid: TimerGrid) -> list[MetricValue]:
    """Return the least of the reserve; below zero it says that CP or W' are set too low."""
    if leg.sport is not Sport.CYCLING or signals.power_w is None or athlete.cp_w is None or athlete.w_prime_j is None:
        return []
    coverage = grid.coverage(signals.power_w)
    if coverage < MIN_COVERAGE:
        return []
    balance = w_prime_balance(signals.power_w, cp_w=athlete.cp_w, w_prime_j=athlete.w_prime_j)
    least = float(np.nanmin(balance))
    notes = ["below zero: critical power or W' are set too low"] if least < 0 else []
    n_valid = int(np.isfinite(balance).sum())
    return [metric_value("w_prime_balance_min_j", least, *notes, coverage=coverage, n_valid=n_valid)]


def _index(leg: Leg, signals: LegSignals, curves: Mapping[str, BestCurve], grid: TimerGrid) -> list[MetricValue]:
    """Return the highest performance index of any stretch long enough for it; a lower bound of the athlete's."""
    curve = curves.get("ga_speed_m_s")
    if leg.sport is not Sport.RUNNING or curve is None or signals.speed_m_s is None:
        return []
    coverage = grid.coverage(signals.speed_m_s)
    if coverage < MIN_COVERAGE:
        return []
    indices = [
        (performance_index.run_index(distance_m=speed * duration_s, time_s=duration_s), duration_s)
        for duration_s, speed in zip(curve.durations_s.tolist(), curve.means.tolist(), strict=True)
        if performance_index.MIN_S <= duration_s <= performance_index.MAX_S and speed > 0
    ]
    if not indices or max(indices)[0] <= 0:
        return []
    value, duration_s = max(indices)
    return [metric_value("run_index", value, f"a lower bound, from the best {duration_s} s", coverage=coverage)]


def _uptake(
    leg: Leg,
    athlete: AthleteParameters,
    signals: LegSignals,
    steady: Sequence[tuple[float, float]],
    grid: TimerGrid,
) -> list[MetricValue]:
    """Return maximal uptake from steady stretches: the share of heart-rate reserve is that of uptake reserve."""
    rest, highest = athlete.hr_rest_bpm, athlete.hr_max_bpm
    if rest is None or highest is None or signals.hr_bpm is None:
        return []
    estimates = []
    for hr_bpm, output in steady:
        if leg.sport is Sport.RUNNING:
            uptake = vo2.running_uptake_ml_kg_min(speed_m_s=output)
        elif leg.sport is Sport.CYCLING and athlete.mass_kg is not None:
            uptake = vo2.cycling_uptake_ml_kg_min(power_w=output, mass_kg=athlete.mass_kg)
        else:
            continue
        try:
            estimates.append(
                vo2.vo2max_from_reserve(
                    uptake_ml_kg_min=uptake, hr_bpm=hr_bpm, hr_rest_bpm=rest, hr_max_bpm=highest
                ).value
            )
        except OutOfRangeError:
            continue
    if not estimates:
        return []
    return [
        metric_value(
            "vo2max_est_ml_kg_min",
            float(np.median(estimates)),
            f"estimated, ± {vo2.WEARABLE_LIMITS_ML_KG_MIN:.0f} ml/kg/min for 95 of 100 people",
            coverage=grid.coverage(signals.hr_bpm),
            n_valid=len(estimates),
        )
    ]


def _beats_at_rest(leg: Leg, distance_m: float | None) -> list[MetricValue]:
    """Return the variability of a recording at rest of 1 to 30 min; of exercise it means something else."""
    if leg.rr is None or len(leg.rr) < hrv.MIN_BEATS or (distance_m or 0.0) > REST_DISTANCE_M:
        return []
    length_s = float(leg.rr.t_s[-1] - leg.rr.t_s[0])
    if not REST_MIN_S <= length_s <= REST_MAX_S:
        return []
    try:
        clean = hrv.clean_rr(leg.rr.rr_ms)
    except ShapeError:
        return []
    if hrv.mean_hr_bpm(clean.nn_ms) > REST_HR_BPM:
        return []
    accepted = 1 - clean.rejected_frac
    count = int(clean.is_normal.sum())
    names = ("rmssd_ms", "sdnn_ms")
    if not clean.is_usable:
        reason = f"{clean.rejected_frac:.0%} of the beats are artefacts, {hrv.MAX_REJECTED_FRAC:.0%} are allowed"
        return [metric_value(name, None, reason, coverage=accepted, n_valid=count) for name in names]
    note = f"at rest, {length_s / 60:.1f} min"
    values = (hrv.rmssd_ms(clean.nn_ms, clean.is_normal), hrv.sdnn_ms(clean.nn_ms, clean.is_normal))
    return [
        metric_value(name, value, note, coverage=accepted, n_valid=count)
        for name, value in zip(names, values, strict=True)
    ]
