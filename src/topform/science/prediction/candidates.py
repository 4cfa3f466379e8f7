"""The models of the ensemble, each with the time it gives and the error it is known to have in this situation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from topform.core.errors import OutOfRangeError, ShapeError
from topform.core.units import M_PER_KM
from topform.science.performance_index import MAX_S as INDEX_MAX_S
from topform.science.performance_index import MIN_S as INDEX_MIN_S
from topform.science.performance_index import equivalent_time_s, run_index, uptake_ml_kg_min
from topform.science.prediction import population
from topform.science.prediction.history import Race, RunningHistory, TrainingRun, Volume
from topform.science.prediction.models import (
    HALF_MARATHON_M,
    LOG_MODEL_CRITICAL_S,
    MARATHON_CS_FRAC,
    MARATHON_M,
    fit_log_model,
    log_model_time_s,
    miles,
    tanda_marathon_s,
    vickers_one_race_s,
    vickers_two_races_s,
)
from topform.science.prediction.population import CurveEstimate, Observation, race_noise_sd
from topform.science.running import CS_MAX_S, CS_MIN_S, critical_speed

T = TypeVar("T")

INDEX_MODEL_SD: Final = 0.02
LOG_MODEL_SD: Final = 0.10
VICKERS_SD: Final = (0.064, 0.061)
"""15.1 and 14.4 min at the four hours of a typical finisher, for one race and two (Vickers & Vertosick 2016)."""
CS_MARATHON_SD: Final = 0.096
"""A mean absolute error of 7.67 % as a standard deviation (Smyth & Muniz-Pumares 2020)."""
CS_SHORT_SD: Final = 0.03
CS_LIMIT_S: Final = 1800.0
MARATHON_TOLERANCE: Final = 0.02
VICKERS_RANGE_M: Final = (3000.0, 32_000.0)
TANDA_RANGE_S: Final = (10_020.0, 12_960.0)
TANDA_WEEKS: Final = 8
TRAINING_SD: Final = (0.08, 0.13)
"""Of Tanda's formula in its range of finishing times, and of training pace alone outside. The former is wider than the
published 5.4 min, the error on its own sample."""
TRAINING_SHARE: Final = 0.70
"""Share of the performance index at which people train on average: within the published band of easy running (0.59 to
0.74), and where Tanda's formula is in its range both agree to 3 %."""
TRAINING_M: Final = 10_000.0
SHOWN_SD: Final = 0.05
CURRENT_YEARS: Final = 2.0
RACED_FROM_S: Final = 480.0
SHORT_REACH: Final = 2.0
"""A run of 3.5 to 8 min says little of endurance: it counts for races of up to twice its distance."""
RACE_LONG_BY: Final = 1.03
"""A run of a race's day and no longer than it is the race itself, or a part of it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One model's answer. [ln s], with the standard deviation of its error in this situation."""

    name: str
    log_time: float
    sd: float


def curve_observations(history: RunningHistory) -> list[Observation]:
    """Return the races as observations of the population curve."""
    return [
        Observation(race.distance_m, race.time_s, history.age_years(race.day), noise_sd(history, race))
        for race in history.races
    ]


def is_undated(history: RunningHistory, race: Race) -> bool:
    """Say whether it is unknown how long before the race asked for a race was run."""
    return race.day is None or history.target_day is None


def noise_sd(history: RunningHistory, race: Race) -> float:
    """Return how far ln T of a race may lie from what the athlete could do: the day, and without a date the season."""
    season = population.UNDATED_SD if is_undated(history, race) else 0.0
    return float(np.hypot(race_noise_sd(race.distance_m), season))


def is_in_tanda_range(volume: Volume) -> bool:
    """Say whether Tanda's formula gives a time between those of the runners on whom it was found."""
    time_s = tanda_marathon_s(km_per_week=volume.km_per_week, training_pace_s_km=volume.pace_s_km)
    return TANDA_RANGE_S[0] <= time_s <= TANDA_RANGE_S[1]


def training_observation(history: RunningHistory, volume: Volume) -> Observation | None:
    """Return what volume and pace of training say with low certainty; outside Tanda's range what pace alone says."""
    years = history.age_years(volume.last_day)
    if is_in_tanda_range(volume):
        time_s = tanda_marathon_s(km_per_week=volume.km_per_week, training_pace_s_km=volume.pace_s_km)
        return Observation(MARATHON_M, time_s, years, noise_sd=TRAINING_SD[0])
    index = uptake_ml_kg_min(M_PER_KM / volume.pace_s_km) / TRAINING_SHARE
    time_s = equivalent_time_s(distance_m=TRAINING_M, index=index) if index > 0 else np.nan
    return Observation(TRAINING_M, time_s, years, noise_sd=TRAINING_SD[1]) if np.isfinite(time_s) else None


def shown_in_training(
    history: RunningHistory, observations: Sequence[Observation]
) -> tuple[TrainingRun, Observation] | None:
    """Return the training run that shows most above what everything else says, if one does.

    A run can only show a lower bound: that it was slow says nothing. Without anything else it is the run with the
    highest performance index.
    """
    runs = _fastest_runs(history)
    if not runs:
        return None
    run = runs[0]
    if observations:
        leads = [
            population.estimate(observations, target_m=one.distance_m, sex=history.sex, age=history.age).log_time
            - float(np.log(one.time_s))
            for one in runs
        ]
        if max(leads) <= 0:
            return None
        run = runs[int(np.argmax(leads))]
    return run, Observation(run.distance_m, run.time_s, history.age_years(run.day), noise_sd=SHOWN_SD)


def lower_bound(history: RunningHistory, curve: CurveEstimate) -> tuple[TrainingRun, Candidate] | None:
    """Return the best training run and its equal performance index over the target; None beside races or without one.

    Whoever ran it can do at least that: no model may say less. Beyond the half marathon the population's loss is added.
    """
    runs = _fastest_runs(history)
    if history.races or not runs:
        return None
    within = min(history.target_m, HALF_MARATHON_M)
    index = run_index(distance_m=runs[0].distance_m, time_s=runs[0].time_s)
    time_s = equivalent_time_s(distance_m=within, index=index) if index > 0 else np.nan
    if not np.isfinite(time_s):
        return None
    return runs[0], _by_index(history, curve, log_time=float(np.log(time_s)), within_m=within)


def _fastest_runs(history: RunningHistory) -> list[TrainingRun]:
    """Return at most eight runs of the last year with the highest performance index, long enough and none a race."""
    recent = [
        run
        for run in history.training
        if history.age_years(run.day) <= 1
        and run.time_s <= INDEX_MAX_S
        and is_long_enough(run, target_m=history.target_m)
        and not any(_is_within(run, race) for race in history.races)
    ]
    return sorted(recent, key=lambda run: -run_index(distance_m=run.distance_m, time_s=run.time_s))[:8]


def is_long_enough(run: TrainingRun, *, target_m: float) -> bool:
    """Say whether a run can show what is possible over a distance."""
    is_near = run.time_s >= INDEX_MIN_S and target_m <= SHORT_REACH * run.distance_m
    return run.time_s >= RACED_FROM_S or is_near


def _is_within(run: TrainingRun, race: Race) -> bool:
    """Say whether a run is the race itself, or a stretch of it, whose distance hills may lengthen."""
    is_short = run.distance_m <= RACE_LONG_BY * race.distance_m or (run.is_best_effort and run.time_s <= race.time_s)
    return run.day == race.day and is_short


def shrunken_riegel(curve: CurveEstimate) -> Candidate:
    """Return Riegel's law with an exponent between the athlete's own and the population's."""
    return Candidate("riegel_shrunken", curve.log_time, curve.sd)


def performance_index_candidate(history: RunningHistory, curve: CurveEstimate) -> Candidate | None:
    """Return equal performance index up to the half marathon, beyond it the population's loss from there.

    The index is calibrated for people who train for the distance; most marathon runners lose more than it says.
    """
    within = min(history.target_m, HALF_MARATHON_M)
    logs, weights, noise, years = [], [], [], []
    usable = [
        race
        for race in history.races
        if INDEX_MIN_S <= race.time_s <= INDEX_MAX_S and race.distance_m <= HALF_MARATHON_M * 1.02
    ]
    for race in _current(history, usable) or usable:
        index = run_index(distance_m=race.distance_m, time_s=race.time_s)
        time_s = equivalent_time_s(distance_m=within, index=index) if index > 0 else np.nan
        if np.isfinite(time_s):
            logs.append(np.log(time_s))
            weights.append(1 / _single_race_sd(history, race, within) ** 2)
            noise.append(noise_sd(history, race))
            years.append(history.age_years(race.day))
    if not logs:
        return None
    # The fastest index counts most: a slow race tells of the day, a fast one of the athlete, the more so the nearer the
    # two lie in time.
    drift = population.DRIFT_SD_PER_YEAR * np.sqrt(np.abs(np.array(years) - years[int(np.argmin(logs))]))
    order = np.array(weights) * np.exp(-(np.array(logs) - min(logs)) / np.hypot(noise, drift))
    return _by_index(history, curve, log_time=float(np.average(logs, weights=order)), within_m=within)


def _by_index(history: RunningHistory, curve: CurveEstimate, *, log_time: float, within_m: float) -> Candidate:
    """Return the answer of the index from what it gives up to the half marathon."""
    exponents = population.population_exponents(sex=history.sex, half_s=float(np.exp(log_time)))
    ends = population.log_time_curve(np.array([history.target_m, within_m]), exponents=exponents)
    return Candidate(
        "performance_index", log_time + float(ends[0] - ends[1]), float(np.hypot(curve.sd, INDEX_MODEL_SD))
    )


def _single_race_sd(history: RunningHistory, race: Race, target_m: float) -> float:
    drift = population.DRIFT_SD_PER_YEAR * np.sqrt(history.age_years(race.day))
    away = population.EXPONENT_SD * np.log(target_m / race.distance_m)
    return float(np.sqrt(noise_sd(history, race) ** 2 + drift**2 + away**2))


def logarithmic_candidate(history: RunningHistory) -> Candidate | None:
    """Return the logarithmic model where races of the last two years span a factor of two."""
    races = _fastest_by_distance(history)
    usable = [race for race in races if race.time_s >= LOG_MODEL_CRITICAL_S]
    if len(usable) < 2:
        return None
    distance, time_s = (np.array([getattr(race, name) for race in usable]) for name in ("distance_m", "time_s"))

    def predicted(times: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        v_m, gamma = fit_log_model(distance_m=distance, time_s=times)
        return float(np.log(log_model_time_s(v_m=v_m, gamma=gamma, distance_m=history.target_m)))

    log_time = _or_none(lambda: predicted(time_s))
    if log_time is None:
        return None
    variance = race_noise_sd(history.target_m) ** 2
    for index, race in enumerate(usable):
        sd = noise_sd(history, race)
        moved = time_s * np.where(np.arange(time_s.size) == index, np.exp(-sd / 2), 1.0)
        shifted = _or_none(lambda moved=moved: predicted(moved))  # type: ignore[misc]
        variance += (0.25 if shifted is None else 2 * (shifted - log_time)) ** 2
    beyond = np.log(max(history.target_m / max(distance.max(), HALF_MARATHON_M), 1.0)) / np.log(2)
    return Candidate("logarithmic", log_time, float(np.sqrt(variance + (LOG_MODEL_SD * min(beyond, 2)) ** 2)))


def vickers_candidate(history: RunningHistory, volume: Volume | None) -> Candidate | None:
    """Return the marathon model that knows weekly mileage, from two races where there are two."""
    if volume is None or abs(history.target_m / MARATHON_M - 1) > MARATHON_TOLERANCE:
        return None
    low, high = VICKERS_RANGE_M
    races = [race for race in _fastest_by_distance(history) if low <= race.distance_m <= high]
    if not races:
        return None
    mileage = miles(volume.km_per_week)
    longest = max(races, key=lambda race: race.distance_m)
    shorter = [race for race in races if race.distance_m * 1.4 <= longest.distance_m]
    scale = float(np.log(history.target_m / MARATHON_M))
    if not shorter:
        time_s = vickers_one_race_s(time_s=longest.time_s, distance_m=longest.distance_m, miles_per_week=mileage)
        return Candidate("vickers_vertosick", float(np.log(time_s)) + scale, VICKERS_SD[0])
    second = max(shorter, key=lambda race: race.distance_m)
    time_s = vickers_two_races_s(
        shorter_s=second.time_s,
        shorter_m=second.distance_m,
        longer_s=longest.time_s,
        longer_m=longest.distance_m,
        miles_per_week=mileage,
    )
    return Candidate("vickers_vertosick", float(np.log(time_s)) + scale, VICKERS_SD[1])


def critical_speed_candidate(history: RunningHistory) -> Candidate | None:
    """Return distance over critical speed, for efforts up to half an hour and for the marathon."""
    efforts = [(one.distance_m, one.time_s) for one in _fastest_by_distance(history)]
    efforts += [(run.distance_m, run.time_s) for run in history.training if run.is_best_effort]
    efforts = sorted({one for one in efforts if CS_MIN_S <= one[1] <= CS_MAX_S})
    if len(efforts) < 3:
        return None
    distance, time_s = np.array(efforts).T
    fitted = _or_none(lambda: critical_speed(distance_m=distance, time_s=time_s))
    if fitted is None or not fitted.is_consistent or fitted.d_prime_m < 0:
        return None
    short_s = (history.target_m - fitted.d_prime_m) / fitted.cs_m_s
    if CS_MIN_S <= short_s <= CS_LIMIT_S:
        return Candidate("critical_speed", float(np.log(short_s)), float(np.hypot(CS_SHORT_SD, population.RACE_SD)))
    if abs(history.target_m / MARATHON_M - 1) <= MARATHON_TOLERANCE:
        time = history.target_m / (MARATHON_CS_FRAC * fitted.cs_m_s)
        return Candidate("critical_speed", float(np.log(time)), CS_MARATHON_SD)
    return None


def _fastest_by_distance(history: RunningHistory) -> list[Race]:
    """Return the fastest race over each distance of the last two years, distances within 2 % taken together."""
    recent = _current(history, history.races)
    chosen: list[Race] = []
    for race in sorted(recent, key=lambda one: one.time_s / one.distance_m):
        if all(abs(race.distance_m / other.distance_m - 1) > 0.02 for other in chosen):
            chosen.append(race)
    return sorted(chosen, key=lambda race: race.distance_m)


def _current(history: RunningHistory, races: Sequence[Race]) -> list[Race]:
    return [race for race in races if history.age_years(race.day) <= CURRENT_YEARS]


def _or_none(compute: Callable[[], T]) -> T | None:
    """Return nothing where a model is outside its domain: the others then speak alone."""
    try:
        return compute()
    except (OutOfRangeError, ShapeError):
        return None
