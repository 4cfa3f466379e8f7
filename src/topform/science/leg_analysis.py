"""Everything the formulas say about one leg, in the shape that commands and API show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from topform.core.activity import Channel, Leg, Pause, Sport
from topform.core.arrays import FloatArray
from topform.core.metric import MetricValue
from topform.science import elevation, motion, quality
from topform.science.athlete import AthleteParameters
from topform.science.cleaning import CLEANING_VERSION, CleaningReport, clean_leg
from topform.science.leg_capacity import capacity_metrics
from topform.science.leg_endurance import endurance_metrics, steady_stretches
from topform.science.leg_metrics import LegSignals, leg_metrics
from topform.science.mean_maximal import BestCurve, best_curve
from topform.science.resampling import TimerGrid, timer_grid, timer_mean
from topform.science.session_load import SessionLoad, session_load
from topform.science.srpe import LOAD_PER_SRPE

SUMMARISED = (
    Channel.HR_BPM, Channel.POWER_W, Channel.CADENCE_RPM, Channel.CADENCE_SPM, Channel.SPEED_M_S, Channel.ALTITUDE_M,
    Channel.TEMPERATURE_C, Channel.CORE_TEMPERATURE_C, Channel.RESPIRATION_RPM, Channel.GROUND_CONTACT_MS,
    Channel.VERTICAL_OSCILLATION_M, Channel.STEP_LENGTH_M, Channel.STRIDE_LENGTH_M, Channel.LEFT_BALANCE_FRAC,
)  # fmt: skip
MEAN_OF_NONZERO = frozenset({Channel.CADENCE_RPM, Channel.CADENCE_SPM})
"""Standing still is no cadence: devices leave zeros out of the mean."""

HEART_GAP_S = 60.0
"""A heart goes on beating while a device records only changes: the mean bridges gaps up to a minute."""

DISTANCE_DISAGREEMENT_FRAC = 0.05
DISTANCE_DISAGREEMENT_M = 100.0


@dataclass(frozen=True, slots=True)
class ChannelSummary:
    """Mean and maximum of a channel over running timer time, and the share of it that was observed."""

    mean: float
    max: float
    coverage: float

    def as_dict(self) -> dict[str, float]:
        """Return the plain form used in JSON documents."""
        return {"mean": self.mean, "max": self.max, "coverage": self.coverage}


@dataclass(frozen=True, slots=True, eq=False)
class LegAnalysis:
    """The analysis of one leg.

    Parameters
    ----------
    leg : Leg
    moving_s : float
        Time in motion. [s]
    distance_m, ascent_m, descent_m : float or None
        The device's own number where it states one, else from the samples. [m]
    distance_from_samples_m, ascent_from_samples_m, descent_from_samples_m : float or None
        From the samples alone, for comparison. [m]
    channels : mapping of Channel to ChannelSummary
    metrics : mapping of str to MetricValue
        By metric id; one that lacks data or a parameter has no value and says why.
    best_power_w, best_speed_m_s : dict of int to float
        Best mean by duration in seconds.
    curves : mapping of str to BestCurve
        Best means over the whole grid of durations, of "power_w", "speed_m_s" and on foot "ga_speed_m_s".
    steady : tuple of tuple of float
        Heart rate [bpm] and output of steady stretches, from which a threshold can be read.
    load : SessionLoad or None
        None when no source gives one.
    cleaning : CleaningReport
        What was taken out of the file's samples before anything was computed; ``leg`` is the cleaned one.
    warnings : tuple of str
    """

    leg: Leg
    moving_s: float
    distance_m: float | None
    ascent_m: float | None
    descent_m: float | None
    distance_from_samples_m: float | None
    ascent_from_samples_m: float | None
    descent_from_samples_m: float | None
    channels: Mapping[Channel, ChannelSummary]
    metrics: dict[str, MetricValue]
    best_power_w: dict[int, float]
    best_speed_m_s: dict[int, float]
    load: SessionLoad | None
    curves: Mapping[str, BestCurve] = field(default_factory=dict)
    steady: tuple[tuple[float, float], ...] = field(default=())
    cleaning: CleaningReport = field(default=CleaningReport(CLEANING_VERSION))
    warnings: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """Return the leg as commands and API show it."""
        leg = self.leg
        return {
            "sport": leg.sport.value,
            "sub_sport": leg.sub_sport,
            "started_at": leg.started_at.isoformat(),
            "utc_offset_s": leg.utc_offset_s,
            "elapsed_s": leg.elapsed_s,
            "timer_s": leg.timer_s,
            "moving_s": self.moving_s,
            "distance_m": self.distance_m,
            "ascent_m": self.ascent_m,
            "descent_m": self.descent_m,
            "samples": len(leg.streams),
            "laps": [_plain(lap) for lap in leg.laps],
            "lengths": [_plain(length) for length in leg.lengths],
            "pool_length_m": leg.pool_length_m,
            "sets": [_plain(item) for item in leg.sets],
            "pauses": [_plain(pause) for pause in leg.pauses],
            "power_source": None if leg.power_source is None else leg.power_source.value,
            "rr_ms_count": 0 if leg.rr is None else len(leg.rr),
            **{channel.value: summary.as_dict() for channel, summary in self.channels.items()},
            "metrics": {name: metric.as_dict() for name, metric in self.metrics.items()},
            "best_power_w": {str(duration): value for duration, value in self.best_power_w.items()},
            "best_speed_m_s": {str(duration): value for duration, value in self.best_speed_m_s.items()},
            "steady_hr_output": [list(point) for point in self.steady],
            "load": None if self.load is None else self.load.as_dict(),
            "device_summary": dict(leg.device_summary),
            "stated": {"distance_m": leg.distance_m, "ascent_m": leg.ascent_m, "descent_m": leg.descent_m},
            "from_samples": {
                "distance_m": self.distance_from_samples_m,
                "ascent_m": self.ascent_from_samples_m,
                "descent_m": self.descent_from_samples_m,
            },
            "cleaning": self.cleaning.as_dict(),
            "warnings": list(self.warnings),
        }


def _plain(item: Any) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__slots__}


def analyse_leg(
    leg: Leg,
    athlete: AthleteParameters,
    *,
    rpe_cr10: float | None = None,
    cleaning: CleaningReport | None = None,
) -> LegAnalysis:
    """Compute summaries, metrics, best efforts and load of a leg.

    Parameters
    ----------
    leg : Leg
    athlete : AthleteParameters
        What is unknown stays unknown: metrics that need it have no value and a warning.
    rpe_cr10 : float or None
        The athlete's rating of the whole session, 0..10.
    cleaning : CleaningReport or None
        Of a leg that was cleaned before, what was taken out of it; None: it is cleaned now.

    Returns
    -------
    LegAnalysis

    Raises
    ------
    OutOfRangeError
        If the rating is outside 0..10.
    """
    if cleaning is None:
        cleaned = clean_leg(leg)
        leg, cleaning = cleaned.leg, cleaned.report
    grid = timer_grid(leg.streams.t_s, leg.pauses, timer_s=leg.timer_s)
    limit = motion.max_speed_m_s(leg.sport)
    along = motion.distance_along_m(leg.streams, max_speed_m_s=limit)
    warnings = cleaning.sentences()
    signals = _signals(leg, grid, along, warnings)
    sampled_m = _span(along)
    distance_m = _distance_m(leg, sampled_m, warnings)
    up_m, down_m = _climb(leg, grid)
    moving_s = _moving_s(leg, signals.speed_m_s)
    metrics = leg_metrics(leg, athlete, signals, grid=grid, distance_m=distance_m, moving_s=moving_s, rpe_cr10=rpe_cr10)
    curves = _curves(leg, signals)
    metrics |= endurance_metrics(leg, signals, curves, grid=grid)
    steady = steady_stretches(leg, signals, athlete)
    metrics |= capacity_metrics(leg, athlete, signals, curves, steady, grid=grid, distance_m=distance_m)
    return LegAnalysis(
        leg=leg,
        moving_s=moving_s,
        distance_m=distance_m,
        ascent_m=up_m if leg.ascent_m is None else leg.ascent_m,
        descent_m=down_m if leg.descent_m is None else leg.descent_m,
        distance_from_samples_m=sampled_m,
        ascent_from_samples_m=up_m,
        descent_from_samples_m=down_m,
        channels=_summaries(leg, grid, signals),
        metrics=metrics,
        best_power_w=curves["power_w"].by_duration() if "power_w" in curves else {},
        best_speed_m_s=curves["speed_m_s"].by_duration() if "speed_m_s" in curves else {},
        load=session_load(metrics, srpe_scale=LOAD_PER_SRPE),
        curves=curves,
        steady=tuple(steady),
        cleaning=cleaning,
        warnings=tuple(warnings),
    )


def _curves(leg: Leg, signals: LegSignals) -> dict[str, BestCurve]:
    """Return the curves of best means of the channels that have a value."""
    channels = {"power_w": signals.power_w, "speed_m_s": signals.speed_m_s}
    if leg.sport is Sport.RUNNING and signals.slope is not None:
        channels["ga_speed_m_s"] = signals.ga_speed_m_s
    curves = {
        name: best_curve(values)
        for name, values in channels.items()
        if values is not None and np.isfinite(values).any()
    }
    if leg.sport is Sport.RUNNING and "ga_speed_m_s" not in curves and "speed_m_s" in curves:
        curves["ga_speed_m_s"] = curves["speed_m_s"]
    return curves


def _signals(leg: Leg, grid: TimerGrid, along: FloatArray | None, warnings: list[str]) -> LegSignals:
    """Bring the channels that metrics need onto the grid, implausible values removed."""
    streams = leg.streams
    power = hr = speed = slope = None
    if (raw := streams.get(Channel.POWER_W)) is not None:
        recorded = grid.resample(streams.t_s, raw)
        power = quality.plausible_power(recorded)
        _note_rejected(recorded, power, "power", warnings)
    if (raw := streams.get(Channel.HR_BPM)) is not None:
        recorded = quality.plausible_heart_rate(streams.t_s, raw)
        _note_rejected(raw, recorded, "heart rate", warnings)
        hr = grid.resample(streams.t_s, recorded)
    if (raw := motion.speed_of(streams, along)) is not None:
        recorded = quality.plausible_speed(raw, max_speed_m_s=motion.max_speed_m_s(leg.sport))
        _note_rejected(raw, recorded, "speed", warnings)
        speed = grid.resample(streams.t_s, recorded)
    altitude = streams.get(Channel.ALTITUDE_M)
    if along is not None and altitude is not None:
        at_samples = elevation.slope_along(along, altitude)
        slope = None if at_samples is None else grid.resample(streams.t_s, at_samples)
    return LegSignals(power_w=power, hr_bpm=hr, speed_m_s=speed, slope=slope)


def _note_rejected(before: FloatArray, after: FloatArray, name: str, warnings: list[str]) -> None:
    rejected = int(np.isfinite(before).sum() - np.isfinite(after).sum())
    if rejected:
        warnings.append(f"{rejected} implausible {name} value{'' if rejected == 1 else 's'} left out")


def _span(along: FloatArray | None) -> float | None:
    if along is None:
        return None
    known = along[np.isfinite(along)]
    return float(known[-1] - min(known[0], 0.0)) if known.size else None


def _distance_m(leg: Leg, sampled_m: float | None, warnings: list[str]) -> float | None:
    """Return the device's distance, else the pool's, else that of the samples."""
    if leg.distance_m is not None:
        apart = abs(leg.distance_m - sampled_m) if sampled_m is not None else 0.0
        if apart > max(DISTANCE_DISAGREEMENT_M, DISTANCE_DISAGREEMENT_FRAC * leg.distance_m) and not leg.lengths:
            warnings.append(
                f"the device states {leg.distance_m:.0f} m and its samples {sampled_m:.0f} m; the former is shown"
            )
        return leg.distance_m
    swum = [length.distance_m for length in leg.lengths if length.is_active and length.distance_m is not None]
    if swum:
        return float(sum(swum))
    return sampled_m


def _climb(leg: Leg, grid: TimerGrid) -> tuple[float | None, float | None]:
    altitude = leg.streams.get(Channel.ALTITUDE_M)
    if altitude is None or leg.sport is Sport.SWIMMING:
        return None, None
    t_s = leg.streams.t_s
    running = np.ones(t_s.size, dtype=np.bool_)
    for pause in leg.pauses:
        running &= ~((t_s > pause.start_s) & (t_s < pause.end_s))
    return elevation.climbed_m(t_s[running], altitude[running])


def _moving_s(leg: Leg, speed_m_s: FloatArray | None) -> float:
    """Return the time in motion: active lengths in a pool, else the share of seconds above walking-off speed."""
    active = [length.elapsed_s for length in leg.lengths if length.is_active]
    if active:
        return min(float(sum(active)), leg.timer_s)
    share = None if speed_m_s is None else motion.moving_share(speed_m_s, leg.sport)
    if share is None or (share == 0 and not leg.distance_m):
        return leg.timer_s
    return share * leg.timer_s


def _summaries(leg: Leg, grid: TimerGrid, signals: LegSignals) -> dict[Channel, ChannelSummary]:
    prepared = {
        Channel.POWER_W: signals.power_w, Channel.HR_BPM: signals.hr_bpm, Channel.SPEED_M_S: signals.speed_m_s,
    }  # fmt: skip
    summaries = {}
    for channel in SUMMARISED:
        values = prepared.get(channel)
        if values is None:
            raw = leg.streams.get(channel)
            if raw is None:
                continue
            values = grid.resample(leg.streams.t_s, raw)
        observed = values[np.isfinite(values)]
        if not observed.size:
            continue
        counted = observed[observed > 0] if channel in MEAN_OF_NONZERO else observed
        mean = float(np.mean(counted)) if counted.size else 0.0
        if channel is Channel.HR_BPM:
            mean = _mean_heart_rate(leg, mean)
        summaries[channel] = ChannelSummary(mean, float(np.max(observed)), grid.coverage(values))
    return summaries or _stated(leg)


def _mean_heart_rate(leg: Leg, mean_of_samples: float) -> float:
    """Return the mean over running timer time, in a pool over the lengths that were swum, as devices do."""
    t_s, hr_bpm = leg.streams.t_s, leg.streams[Channel.HR_BPM]
    rests = tuple(Pause(rest.start_s, rest.start_s + rest.elapsed_s) for rest in leg.lengths if not rest.is_active)
    mean = timer_mean(t_s, hr_bpm, (*leg.pauses, *rests), max_gap_s=HEART_GAP_S)
    return mean if np.isfinite(mean) else mean_of_samples


def _stated(leg: Leg) -> dict[Channel, ChannelSummary]:
    """Return what the device states of a leg of which no sample was kept; its coverage says so."""
    if len(leg.streams):
        return {}
    stated = leg.device_summary
    return {
        channel: ChannelSummary(stated[f"{name}_mean_{unit}"], stated.get(f"{name}_max_{unit}", float("nan")), 0.0)
        for channel, name, unit in ((Channel.HR_BPM, "hr", "bpm"), (Channel.POWER_W, "power", "w"))
        if f"{name}_mean_{unit}" in stated
    }
