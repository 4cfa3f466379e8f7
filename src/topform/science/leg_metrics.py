"""The metrics of one leg, each with its coverage, or the reason why it has no value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from topform.core.activity import Leg, Sport
from topform.core.arrays import FloatArray
from topform.core.metric import MetricValue
from topform.science import heart_rate, power, running, srpe, swimming
from topform.science.athlete import RUN_POWER, AthleteParameters
from topform.science.metric_versions import metric_value
from topform.science.quality import MIN_COVERAGE
from topform.science.resampling import MAX_GAP_S, TimerGrid

WARN_COVERAGE = 0.95
UNKNOWN_SOURCE = "the file does not tell what measured the running power; a threshold belongs to one source"
OTHER_SPORT = "the power threshold (FTP) is one for cycling; power in another sport is not compared with it"
LTHR_ESTIMATED = "threshold heart rate estimated: {:.0f} bpm, 88% of the stated maximum"
SPARSE = "the device recorded only changes; values between samples are interpolated"


@dataclass(frozen=True, slots=True, eq=False)
class LegSignals:
    """What the device measured, once a second of running timer time; NaN = not observed, None = no such sensor."""

    power_w: FloatArray | None
    hr_bpm: FloatArray | None
    speed_m_s: FloatArray | None
    slope: FloatArray | None

    @property
    def ga_speed_m_s(self) -> FloatArray | None:
        """Grade-adjusted speed; on ground of unknown slope the speed itself."""
        if self.speed_m_s is None:
            return None
        if self.slope is None:
            return self.speed_m_s
        return running.grade_adjusted_speed_m_s(self.speed_m_s, np.nan_to_num(self.slope))


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """One signal and how much of the leg it covers."""

    values: FloatArray
    coverage: float
    warnings: tuple[str, ...]

    @property
    def joined(self) -> FloatArray:
        """The observed seconds, joined across gaps as devices do."""
        return self.values[np.isfinite(self.values)]

    def metric(self, name: str, value: float | None, *warnings: str) -> MetricValue:
        """Return the metric, with this source's coverage and warnings."""
        return metric_value(
            name,
            value,
            *warnings,
            *self.warnings,
            coverage=self.coverage,
            n_valid=int(np.isfinite(self.values).sum()),
        )

    @property
    def gap(self) -> str | None:
        """Why nothing may be computed from this source, None if it may."""
        if self.coverage >= MIN_COVERAGE:
            return None
        return f"only {self.coverage:.0%} of the timer time is covered, {MIN_COVERAGE:.0%} are needed"


def leg_metrics(
    leg: Leg,
    athlete: AthleteParameters,
    signals: LegSignals,
    *,
    grid: TimerGrid,
    distance_m: float | None,
    moving_s: float,
    rpe_cr10: float | None,
) -> dict[str, MetricValue]:
    """Return the metrics that the leg's sensors and sport call for, by id."""
    found: list[MetricValue] = []
    if signals.power_w is not None:
        found += _power_metrics(_source(signals.power_w, grid), leg, athlete)
    if signals.hr_bpm is not None:
        found += _heart_rate_metrics(_source(signals.hr_bpm, grid), athlete)
    if leg.sport is Sport.RUNNING and signals.speed_m_s is not None:
        running_source = _source(signals.speed_m_s, grid)
        mean_m_s = _mean_speed_m_s(running_source, leg.timer_s, distance_m=distance_m, moving_s=moving_s)
        found += _running_metrics(running_source, signals, athlete, mean_m_s=mean_m_s)
    if leg.sport is Sport.SWIMMING:
        found += _swimming_metrics(leg, athlete, distance_m=distance_m, moving_s=moving_s)
    if rpe_cr10 is not None:
        value = srpe.srpe_load(rpe_cr10=rpe_cr10, duration_s=leg.elapsed_s)
        found.append(metric_value("srpe_load", value))
    return {metric.metric: metric for metric in found}


def _source(values: FloatArray, grid: TimerGrid) -> _Source:
    coverage = grid.coverage(values)
    warnings = [SPARSE] if grid.max_gap_s > MAX_GAP_S else []
    if MIN_COVERAGE <= coverage < WARN_COVERAGE:
        warnings.append(f"covers {coverage:.0%} of the timer time; what is missing adds nothing")
    return _Source(values, coverage, tuple(warnings))


def _power_metrics(source: _Source, leg: Leg, athlete: AthleteParameters) -> list[MetricValue]:
    """Weighted power and what follows from it."""
    joined = source.joined
    gap = source.gap
    if gap is not None:
        return [source.metric(name, None, gap) for name in ("weighted_power_w", "power_load", "work_j")]
    metrics = [source.metric("work_j", power.work_j(joined))]
    if joined.size < power.MIN_WEIGHTED_S:
        short = f"{joined.size} s of power; the weighted mean needs {power.MIN_WEIGHTED_S} s"
        return [
            *metrics,
            source.metric("weighted_power_w", None, short),
            source.metric("power_load", None, short),
        ]
    weighted = power.weighted_power_w(joined)
    mean = float(np.mean(joined))
    metrics.append(source.metric("weighted_power_w", weighted))
    metrics.append(source.metric("weighted_power_ewma_w", power.weighted_power_ewma_w(joined)))
    metrics.append(source.metric("variability_index", weighted / mean if mean > 0 else None))
    threshold_w, missing = _power_threshold(leg, athlete)
    if threshold_w is None:
        return [
            *metrics,
            source.metric("intensity_ratio", None, missing),
            source.metric("power_load", None, missing),
        ]
    ratio = power.intensity_ratio(weighted_power_w=weighted, ftp_w=threshold_w)
    load = power.power_load(weighted_power_w=weighted, duration_s=joined.size, ftp_w=threshold_w)
    return [*metrics, source.metric("intensity_ratio", ratio), source.metric("power_load", load)]


def _power_threshold(leg: Leg, athlete: AthleteParameters) -> tuple[float | None, str]:
    """Return the threshold of the leg's sport, in a run that of its source of power; and what is missing for it."""
    if leg.sport is Sport.RUNNING:
        if leg.power_source is None:
            return None, UNKNOWN_SOURCE
        return athlete.running_power_threshold_w(leg.power_source), f"{RUN_POWER[leg.power_source]} is not known"
    if leg.sport is not Sport.CYCLING:
        return None, OTHER_SPORT
    return athlete.ftp_w, "ftp_w is not known"


def _heart_rate_metrics(source: _Source, athlete: AthleteParameters) -> list[MetricValue]:
    """Banister's and Edwards' impulses and the load from heart rate, without a threshold the estimated one."""
    gap = source.gap
    rest, highest, threshold = athlete.hr_rest_bpm, athlete.hr_max_bpm, athlete.lthr_bpm

    def lacking(*names: str) -> str | None:
        unknown = [name for name in names if getattr(athlete, name) is None]
        return gap or (f"{', '.join(unknown)} not known" if unknown else None)

    metrics = []
    impulse: float | None = None
    reason = lacking("sex", "hr_rest_bpm", "hr_max_bpm")
    if reason is None and rest is not None and highest is not None and athlete.sex is not None:
        weighting = heart_rate.Weighting.of_sex(athlete.sex)
        impulse = heart_rate.trimp_banister(source.values, hr_rest_bpm=rest, hr_max_bpm=highest, weighting=weighting)
    above = _above_stated_max(source, highest)
    metrics.append(source.metric("trimp_banister", impulse, *_said(reason or above)))
    reason = lacking("hr_max_bpm")
    edwards = None if reason or highest is None else heart_rate.trimp_edwards(source.values, hr_max_bpm=highest)
    metrics.append(source.metric("trimp_edwards", edwards, *_said(reason or above)))
    reason = lacking("sex", "hr_rest_bpm", "hr_max_bpm", "lthr_bpm")
    load = _heart_rate_load(impulse, athlete, threshold)
    metrics.append(source.metric("hr_load", load, *_said(reason or above)))
    if impulse is None or threshold is not None or rest is None or highest is None:
        return metrics
    estimate = heart_rate.lthr_estimate_bpm(hr_max_bpm=highest, hr_rest_bpm=rest)
    if estimate is not None:
        load = _heart_rate_load(impulse, athlete, estimate)
        metrics.append(source.metric("hr_load_est", load, LTHR_ESTIMATED.format(estimate), *_said(above)))
    return metrics


def _heart_rate_load(impulse: float | None, athlete: AthleteParameters, lthr_bpm: float | None) -> float | None:
    """Return the impulse on the load scale, None where anything is missing for it."""
    rest, highest = athlete.hr_rest_bpm, athlete.hr_max_bpm
    if impulse is None or lthr_bpm is None or rest is None or highest is None or athlete.sex is None:
        return None
    return heart_rate.hr_load(
        trimp_banister_au=impulse,
        lthr_bpm=lthr_bpm,
        hr_rest_bpm=rest,
        hr_max_bpm=highest,
        weighting=heart_rate.Weighting.of_sex(athlete.sex),
    )


def _above_stated_max(source: _Source, highest: float | None) -> str | None:
    """Return that the recording exceeds the stated maximum; the impulses count what lies above it as the maximum."""
    if highest is None or not source.joined.size:
        return None
    recorded = round(float(np.max(source.joined)))
    if recorded <= highest:
        return None
    return f"the recording reaches {recorded} bpm, more than the stated maximum of {highest:g} bpm"


def _said(reason: str | None) -> tuple[str, ...]:
    return () if reason is None else (reason,)


def _mean_speed_m_s(source: _Source, timer_s: float, *, distance_m: float | None, moving_s: float) -> float:
    """Return the mean speed in motion: from the distance that is shown, else from the observed speeds."""
    if moving_s <= 0 or not source.joined.size:
        return 0.0
    covered_m = float(np.mean(source.joined)) * timer_s if distance_m is None else distance_m
    return covered_m / moving_s


def _grade_adjusted(source: _Source, adjusted: FloatArray, mean_m_s: float, notes: tuple[str, ...]) -> MetricValue:
    """Return the flat-equivalent distance over the time in motion, so that on the flat it is the mean speed."""
    name = "grade_adjusted_speed_m_s"
    observed_m_s = float(np.mean(source.joined))
    if mean_m_s <= 0 or observed_m_s <= 0:
        return source.metric(name, None, "no movement was recorded")
    cost = float(np.mean(adjusted)) / observed_m_s
    return source.metric(name, mean_m_s * cost, *notes)


def _running_metrics(
    source: _Source, signals: LegSignals, athlete: AthleteParameters, *, mean_m_s: float
) -> list[MetricValue]:
    """Grade-adjusted speed and running load."""
    gap = source.gap
    if gap is not None:
        return [
            source.metric("grade_adjusted_speed_m_s", None, gap),
            source.metric("run_load", None, gap),
        ]
    flat = "no altitude by distance; the ground is taken as flat"
    notes = (flat,) if signals.slope is None else ()
    adjusted = signals.ga_speed_m_s
    joined = np.empty(0) if adjusted is None else adjusted[np.isfinite(adjusted)]
    metrics = [_grade_adjusted(source, joined, mean_m_s, notes)]
    if joined.size < power.WINDOW_S:
        return [*metrics, source.metric("run_load", None, "too short for a rolling mean")]
    weighted = running.weighted_speed_m_s(joined)
    metrics.append(source.metric("weighted_speed_m_s", weighted, *notes))
    if athlete.threshold_speed_m_s is None:
        return [*metrics, source.metric("run_load", None, "threshold_speed_m_s is not known")]
    load = running.run_load(
        weighted_speed_m_s=weighted, duration_s=joined.size, threshold_speed_m_s=athlete.threshold_speed_m_s
    )
    return [*metrics, source.metric("run_load", load, *notes)]


def _swimming_metrics(
    leg: Leg, athlete: AthleteParameters, *, distance_m: float | None, moving_s: float
) -> list[MetricValue]:
    """Swim load from distance and time in motion."""
    notes = () if leg.lengths else ("open water: currents and drafting are not known",)
    if distance_m is None or distance_m <= 0 or moving_s <= 0:
        return [metric_value("swim_load", None, "no distance was recorded")]
    if athlete.css_m_s is None:
        return [metric_value("swim_load", None, "css_m_s is not known", *notes)]
    load = swimming.swim_load(distance_m=distance_m, moving_s=moving_s, css_m_s=athlete.css_m_s)
    return [metric_value("swim_load", load, *notes)]
