"""A race time with an interval, the models behind it, the baseline beside it, and the reasons in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.errors import NoHistoryError
from topform.science.prediction import candidates as models
from topform.science.prediction import explain, population
from topform.science.prediction.candidates import Candidate
from topform.science.prediction.conditions import Adjustment, adjustments, break_adjustment
from topform.science.prediction.correction import RaceCorrection
from topform.science.prediction.explain import BaselineCode, BaselineStart, Evidence
from topform.science.prediction.history import (
    VOLUME_WEEKS,
    Race,
    RunningHistory,
    TrainingRun,
    training_break,
    training_volume,
)
from topform.science.prediction.intervals import adapted
from topform.science.prediction.models import HALF_MARATHON_M, RIEGEL_EXPONENT, riegel_s
from topform.science.prediction.population import CurveEstimate

PREDICTOR_VERSION: Final = 4
"""Rises when the same history gives another time or interval; predictions are stored with it."""

LEVELS: Final = (0.8, 0.9)
TAIL_DEGREES: Final = 8.0
"""Outcomes have longer tails than a Gaussian: the 80 % interval is that of one, wider ones follow Student's t."""
Z_80: Final = 1.2816
SKEW: Final = 0.05
LONG_SKEW: Final = 0.12
"""Beyond the half marathon a race goes wrong by more than it goes well."""
DISAGREEMENT_SHARE: Final = 0.25
WALK_FORWARD_RACES: Final = 12
MOST_RACES: Final = 60
"""Older and farther races beyond these say next to nothing, and cost time."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A predicted race time.

    Parameters
    ----------
    time_s : float
        Median, the stated conditions included. [s]
    interval_80_s, interval_90_s : tuple of float
        [s]
    neutral_time_s : float
        Without the conditions. [s]
    sd : float
        Standard deviation of ln T behind the intervals.
    miss_rates : mapping of float to float
        The miss rate that each interval aims at after the athlete's own earlier races, by its nominal level.
    candidates : sequence of (Candidate, weight)
        Weights sum to 1.
    baseline : tuple of (float or None, BaselineStart)
        Riegel 1.06 from the nearest race or the fastest training run, and what it was taken from. [s]
    adjustments : sequence of Adjustment
    why : sequence of str
    warnings : sequence of dict
    shown : TrainingRun or None
        The training run, or the stretch of one, that it rests on beside or without races.
    """

    time_s: float
    interval_80_s: tuple[float, float]
    interval_90_s: tuple[float, float]
    neutral_time_s: float
    sd: float
    miss_rates: Mapping[float, float]
    candidates: Sequence[tuple[Candidate, float]]
    baseline: tuple[float | None, BaselineStart]
    adjustments: Sequence[Adjustment]
    why: Sequence[str]
    warnings: Sequence[dict[str, str]]
    shown: TrainingRun | None

    def as_dict(self) -> dict[str, Any]:
        """Return the prediction as the document of ``topform predict``."""
        time_s, start = self.baseline
        return {
            "time_s": round(self.time_s, 1),
            "interval_80_s": [round(bound, 1) for bound in self.interval_80_s],
            "interval_90_s": [round(bound, 1) for bound in self.interval_90_s],
            "neutral_time_s": round(self.neutral_time_s, 1),
            "models": [
                {"name": one.name, "time_s": round(float(np.exp(one.log_time)), 1), "weight": round(weight, 4)}
                for one, weight in self.candidates
            ],
            "baseline": {
                "name": "riegel_1.06",
                "time_s": None if time_s is None else round(time_s, 1),
                **start.as_dict(),
            },
            "adjustments": [
                {"name": one.name, "factor": round(one.factor, 4), "sd": round(one.sd, 4), "why": one.why}
                for one in self.adjustments
            ],
            "why": " ".join(self.why),
            "reasons": list(self.why),
            "warnings": list(self.warnings),
        }


def predict(
    history: RunningHistory,
    *,
    correction: RaceCorrection | None = None,
    starting_miss_rates: Mapping[float, float] | None = None,
    today: date | None = None,
) -> Prediction:
    """Predict a race time from races, from training, or from both.

    Parameters
    ----------
    history : RunningHistory
        Nothing in it may lie after the race.
    correction : RaceCorrection or None
        Learned by the caller from a table of bests; TopForm ships none. default None
    starting_miss_rates : mapping of float to float or None
        What intervals aim to miss before the athlete's own races are looked at, by nominal level, as
        `miss_rate_after_others` says; None: what they promise. default None
    today : date or None
        When it is asked for: training is not called old for the days that are still to come. default None

    Returns
    -------
    Prediction

    Raises
    ------
    NoHistoryError
        If there is neither a race nor three weeks of training nor a training run that is long enough.

    Notes
    -----
    The models answer in ln T and are weighted by the inverse of their mean squared error in this situation; most of
    them share the error of the races they start from, so the interval is that of the best informed one, widened by
    their disagreement. It is moved by an adaptive conformal correction over the athlete's own earlier races. Without a
    race, models that say less than the best training run of the last year, at equal performance index, do not count.
    """
    history = _relevant(history)
    neutral, evidence = _neutral(history)
    shift = 0.0 if correction is None else correction.log_shift(history, log_time=neutral.log_time)
    neutral = replace(neutral, log_time=neutral.log_time + shift)
    found = [
        *_after_break(history, evidence),
        *adjustments(history.conditions, distance_m=history.target_m, time_s=float(np.exp(neutral.log_time))),
    ]
    log_factor = float(np.sum([np.log(one.factor) for one in found]))
    sd = float(np.sqrt(neutral.sd**2 + np.sum([one.sd**2 for one in found])))
    adaptive = adaptive_levels(walk_forward(history), start=starting_miss_rates)
    log_time = neutral.log_time + log_factor
    bounds = {level: interval(log_time, sd, alpha=adaptive[level], target_m=history.target_m) for level in LEVELS}
    return Prediction(
        time_s=float(np.exp(log_time)),
        interval_80_s=bounds[0.8],
        interval_90_s=_containing(bounds[0.9], bounds[0.8]),
        neutral_time_s=float(np.exp(neutral.log_time)),
        sd=sd,
        miss_rates=adaptive,
        candidates=neutral.candidates,
        baseline=baseline(history),
        adjustments=found,
        why=[
            *explain.reasons(history, evidence, neutral.candidates, found),
            *([] if shift == 0 else [f"Moved by {100 * np.expm1(shift):+.1f} % by the correction you gave."]),
        ],
        warnings=explain.warnings(history, evidence, neutral.candidates, float(np.exp(log_time)), today=today),
        shown=evidence.shown,
    )


@dataclass(frozen=True, slots=True)
class _Neutral:
    log_time: float
    sd: float
    candidates: Sequence[tuple[Candidate, float]]


def _neutral(history: RunningHistory) -> tuple[_Neutral, Evidence]:
    observations = models.curve_observations(history)
    volume = training_volume(history, weeks=VOLUME_WEEKS if history.races else models.TANDA_WEEKS)
    trained = models.training_observation(history, volume) if volume is not None else None
    if not observations and trained is not None:
        observations = [trained]
    shown = models.shown_in_training(history, observations)
    if shown is not None:
        observations = [*observations, shown[1]]
    if not observations:
        raise NoHistoryError(
            "there is neither a race nor enough training to predict from",
            remedy="Add a race with distance and time, or at least three weeks of training.",
        )
    curve = population.estimate(observations, target_m=history.target_m, sex=history.sex, age=history.age)
    name = "riegel_shrunken" if history.races else "training_volume_and_pace" if trained else "training_run"
    comparable = _comparable(history, curve)
    possible = [
        Candidate(name, curve.log_time, curve.sd),
        models.performance_index_candidate(comparable, curve),
        models.logarithmic_candidate(comparable),
        models.vickers_candidate(comparable, volume),
        models.critical_speed_candidate(comparable),
    ]
    answers = [one for one in possible if one is not None]
    shown_run = None if shown is None else shown[0]
    bound = models.lower_bound(history, curve)
    if bound is not None and any(one.log_time > bound[1].log_time for one in answers):
        shown_run = bound[0]
        answers = [bound[1], *(one for one in answers if one.log_time <= bound[1].log_time)]
    weights = _weights(answers)
    logs = np.array([one.log_time for one in answers])
    log_time = float(weights @ logs)
    disagreement = float(weights @ (logs - log_time) ** 2)
    sd = float(
        np.sqrt(min(one.sd for one in answers) ** 2 + DISAGREEMENT_SHARE * disagreement + _season_sd(history) ** 2)
    )
    evidence = Evidence(curve=curve, volume=volume, shown=shown_run)
    return _Neutral(log_time, sd, list(zip(answers, weights.tolist(), strict=True))), evidence


def _after_break(history: RunningHistory, evidence: Evidence) -> list[Adjustment]:
    """Return what a break from running cost since the performance that the prediction rests on."""
    days = [race.day for race in history.races]
    if evidence.shown is not None:
        days.append(evidence.shown.day)
    known = [day for day in days if day is not None]
    if not known or len(known) < len(days):
        return []
    rest = training_break(history, since=max(known))
    return [] if rest is None else break_adjustment(rest)


def _season_sd(history: RunningHistory) -> float:
    """Return how far the season of the race asked for may lie from those of the races, when none has a date."""
    is_known = history.training or any(not models.is_undated(history, race) for race in history.races)
    return 0.0 if is_known else population.UNDATED_SD


def _relevant(history: RunningHistory) -> RunningHistory:
    """Return the history with the races nearest in time and distance."""
    if len(history.races) <= MOST_RACES:
        return history

    def remoteness(race: Race) -> float:
        return history.age_years(race.day) + 2 * abs(float(np.log(race.distance_m / history.target_m)))

    return replace(history, races=sorted(history.races, key=remoteness)[:MOST_RACES])


def _comparable(history: RunningHistory, curve: CurveEstimate) -> RunningHistory:
    """Return the history without races that were far too slow, the others at today's age."""
    years = np.array([history.age_years(race.day) for race in history.races])
    slower = np.exp(population.ageing(years, history.age))
    races = [
        replace(race, time_s=race.time_s * factor)
        for race, factor, is_slow in zip(history.races, slower.tolist(), curve.is_slow, strict=False)
        if not is_slow
    ]
    return replace(history, races=races)


def _weights(answers: Sequence[Candidate]) -> FloatArray:
    inverse = 1 / np.array([one.sd for one in answers]) ** 2
    return np.asarray(inverse / inverse.sum())


def interval(log_time: float, sd: float, *, alpha: float, target_m: float) -> tuple[float, float]:
    """Return the interval that misses a share alpha of outcomes, wider on the slow side.

    Parameters
    ----------
    log_time, sd : float
        Median and standard deviation of ln T.
    alpha : float
        0.01..0.5
    target_m : float
        [m]
    """
    skew = _skew(target_m)
    return (
        float(np.exp(log_time + quantile(alpha / 2) * (1 - skew) * sd)),
        float(np.exp(log_time + quantile(1 - alpha / 2) * (1 + skew) * sd)),
    )


def quantile(level: float) -> float:
    """Return a quantile of the outcome in units of the stated standard deviation, before skew.

    Examples
    --------
    >>> quantile(0.5), round(quantile(0.9), 4)
    (0.0, 1.2816)
    """
    from scipy.special import stdtrit

    return Z_80 * float(stdtrit(TAIL_DEGREES, level) / stdtrit(TAIL_DEGREES, 0.9))


def _skew(target_m: float) -> float:
    return LONG_SKEW if target_m > HALF_MARATHON_M * 1.05 else SKEW


def _containing(outer: tuple[float, float], inner: tuple[float, float]) -> tuple[float, float]:
    return min(outer[0], inner[0]), max(outer[1], inner[1])


def baseline(history: RunningHistory) -> tuple[float | None, BaselineStart]:
    """Return Riegel 1.06 from the nearest race, else from the training run that gives the fastest time."""

    def riegel(one: Race | TrainingRun) -> float:
        return riegel_s(
            time_s=one.time_s, distance_m=one.distance_m, target_m=history.target_m, exponent=RIEGEL_EXPONENT
        )

    if history.races:
        nearest = min(
            history.races,
            key=lambda race: (
                round(abs(float(np.log(race.distance_m / history.target_m))), 3),
                history.age_years(race.day),
            ),
        )
        return riegel(nearest), BaselineStart(BaselineCode.RACE, nearest)
    runs = [run for run in history.training if models.is_long_enough(run, target_m=history.target_m)]
    if not runs:
        return None, BaselineStart(BaselineCode.NOTHING)
    fastest = min(runs, key=riegel)
    code = BaselineCode.STRETCH if fastest.is_best_effort else BaselineCode.TRAINING_RUN
    return riegel(fastest), BaselineStart(code, fastest)


@dataclass(frozen=True, slots=True)
class PastForecast:
    """What would have been said of a race from what was known the day before, and what came.

    Parameters
    ----------
    race : Race
        Dated.
    log_time, sd : float
        Median and standard deviation of ln T.
    last_value_s, mean_of_three_s : float
        Baselines: the race before it, and the last three, as Riegel 1.06 carries them to the distance. [s]
    """

    race: Race
    log_time: float
    sd: float
    last_value_s: float
    mean_of_three_s: float


def walk_forward(history: RunningHistory) -> list[PastForecast]:
    """Forecast each of the athlete's later races from what was known before it, the newest dozen.

    Parameters
    ----------
    history : RunningHistory

    Returns
    -------
    list of PastForecast
        In the order of time.
    """
    dated = sorted((race for race in history.races if race.day is not None), key=lambda race: race.day or 0)
    found = []
    for race in dated[1:][-WALK_FORWARD_RACES:]:
        assert race.day is not None
        earlier = history.before(race.day, target_m=race.distance_m)
        if not earlier.races:
            continue
        before, evidence = _neutral(earlier)
        rest = _after_break(earlier, evidence)
        known = sorted(earlier.races, key=lambda one: one.day or date.min)
        carried = [
            riegel_s(time_s=one.time_s, distance_m=one.distance_m, target_m=race.distance_m) for one in known[-3:]
        ]
        log_time = before.log_time + float(np.sum([np.log(one.factor) for one in rest]))
        sd = float(np.sqrt(before.sd**2 + np.sum([one.sd**2 for one in rest])))
        found.append(PastForecast(race, log_time, sd, carried[-1], float(np.mean(carried))))
    return found


def adaptive_levels(past: Sequence[PastForecast], *, start: Mapping[float, float] | None = None) -> dict[float, float]:
    """Return the miss rate to aim at for each nominal level, after what came of earlier forecasts.

    Parameters
    ----------
    past : sequence of PastForecast
        In the order of time.
    start : mapping of float to float or None
        The miss rates before the first of them, by nominal level. default None, what the levels promise
    """
    started = start or {}
    return {level: adaptive_course(past, level=level, start=started.get(level))[-1][0] for level in LEVELS}


def adaptive_course(
    past: Sequence[PastForecast], *, level: float, start: float | None = None
) -> list[tuple[float, tuple[float, float] | None]]:
    """Return for each earlier race the miss rate aimed at and the interval [s]; last what is aimed at now.

    Parameters
    ----------
    past : sequence of PastForecast
        In the order of time.
    level : float
        Nominal coverage.
    start : float or None
        The miss rate before the first of them. default None, 1 - level
    """
    alpha = 1 - level
    aim, course = alpha if start is None else start, list[tuple[float, tuple[float, float] | None]]()
    for one in past:
        bounds = interval(one.log_time, one.sd, alpha=aim, target_m=one.race.distance_m)
        course.append((aim, bounds))
        aim = adapted(aim, held=bounds[0] <= one.race.time_s <= bounds[1], alpha=alpha)
    return [*course, (aim, None)]
