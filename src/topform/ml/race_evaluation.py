"""How good are predicted race times on a table of bests? By person, beside the baselines, everything with its range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from topform.core.arrays import FloatArray
from topform.core.errors import OutcomeTableError
from topform.ml.bests_table import BestsTable, Person
from topform.ml.race_learner import learned_on_other_people
from topform.ml.splits import group_folds
from topform.science.prediction import Race, RunningHistory, predict
from topform.science.prediction.correction import own_exponent
from topform.science.prediction.ensemble import interval, quantile
from topform.science.prediction.explain import distance_words
from topform.science.prediction.intervals import adapted, conformal_quantile
from topform.science.prediction.models import HALF_MARATHON_M, MARATHON_M, riegel_s

MIN_PEOPLE: Final = 20
MAX_PEOPLE: Final = 20_000
DECILES: Final = tuple(round(0.1 * step, 1) for step in range(1, 10))
AGE_BANDS: Final = ((0.0, 35.0, "under 35"), (35.0, 50.0, "35 to 49"), (50.0, 200.0, "50 and over"))
GOAL_RATIO: Final = 0.93
NO_ERROR: Final = 1e-9
"""A mean error below this is rounding."""

GOAL_COVERAGE_80: Final = (0.76, 0.84)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Predictions of one target distance, one a person. Times as ln s."""

    person: NDArray[np.str_]
    target_m: FloatArray
    sex: NDArray[np.str_]
    age: FloatArray
    actual: FloatArray
    predicted: FloatArray
    sd: FloatArray
    low_80: FloatArray
    high_80: FloatArray
    low_90: FloatArray
    high_90: FloatArray
    riegel: FloatArray
    riegel_107: FloatArray
    riegel_half: FloatArray
    has_half: NDArray[np.bool_]
    reach: FloatArray
    own_exponent: FloatArray
    races: FloatArray

    def __len__(self) -> int:
        return int(self.actual.size)

    def of(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Cases:
        """Return some of the cases."""
        return Cases(**{name: getattr(self, name)[chosen] for name in self.__slots__})


def evaluate_table(
    table: BestsTable,
    *,
    folds: int = 5,
    seed: int = 0,
    bootstrap: int = 1000,
    min_people: int = MIN_PEOPLE,
    max_people: int = MAX_PEOPLE,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Predict every distance of every person from their other distances and score the outcome.

    The shipped predictor knows nothing of the table. Beside it stands the same predictor recalibrated on other people
    (split conformal): for each fold of people the median and the quantiles of its errors on all other folds. A third
    row keeps the medians and lets intervals follow, person after person, whether they held for those before.

    Parameters
    ----------
    table : BestsTable
    folds, seed : int
        By-person folds of the recalibration and the population baseline; the seed also drives the bootstrap.
    bootstrap : int
        Resamples of people for the 95 % intervals.
    min_people : int
        Target distances with fewer people are left out.
    max_people : int
        Of more people than this a random part is taken, chosen by the seed.
    progress : callable, optional
        Receives people done and people in all.

    Returns
    -------
    dict
        ``marathon_from_half`` and ``targets``, each with the scores of every method, coverage and calibration.

    Raises
    ------
    OutcomeTableError
        If no distance has enough people who also ran another.
    """
    able = [person for person in table.people if len(person.bests) > 1]
    people = _some(able, max_people, seed)
    gathered: dict[float, list[dict[str, Any]]] = {}
    single: dict[tuple[float, float], list[dict[str, Any]]] = {}
    used: dict[float, Counter[float]] = {}
    for index, person in enumerate(people):
        for target in person.bests:
            others = {distance: time_s for distance, time_s in person.bests.items() if distance != target}
            used.setdefault(target, Counter()).update(others.keys())
            gathered.setdefault(target, []).append(_case(person, others, target))
            for source, time_s in others.items():
                if len(others) > 1:
                    single.setdefault((source, target), []).append(_case(person, {source: time_s}, target))
                else:
                    single.setdefault((source, target), []).append(gathered[target][-1])
        if progress is not None:
            progress(index + 1, len(people))
    targets = {target: _cases(rows) for target, rows in sorted(gathered.items()) if len(rows) >= min_people}
    if not targets:
        raise OutcomeTableError(
            f"no distance has {min_people} people who also ran another one{_left_out(table)}",
            remedy="Correct the rows that were left out, add people or lower --min-people.",
        )
    options = {"folds": folds, "seed": seed, "bootstrap": bootstrap}
    document: dict[str, Any] = {
        "table": {
            "rows": table.rows,
            "people": len(table.people),
            "people_with_two_distances": len(able),
            "people_evaluated": len(people),
            "sex_unknown": sum(person.sex is None for person in people),
            "age_unknown": sum(person.age is None for person in people),
            "people_of_several_ages": table.of_several_ages,
            "dropped_rows": table.dropped,
            "remarks": [one.as_dict() for one in table.remarks],
            "remark_count": table.remark_count,
        },
        "options": options,
        "headline": None,
        "targets": {
            _name(target): {
                "from": {_name(source): count for source, count in sorted(used[target].items())},
                **_scored(cases, **options),
            }
            for target, cases in targets.items()
        },
        "pairs": [
            {"from": _name(source), "to": _name(target), **_pair_scores(_cases(rows), seed=seed, bootstrap=bootstrap)}
            for (source, target), rows in sorted(single.items())
            if len(rows) >= min_people
        ],
    }
    marathon = targets.get(MARATHON_M)
    if marathon is not None and int(marathon.has_half.sum()) >= min_people:
        alone = _cases(single[HALF_MARATHON_M, MARATHON_M])
        document["headline"] = {
            **_headline(_against_the_half(marathon.of(marathon.has_half)), options),
            "from_the_half_alone": _scored(alone, **options),
        }
    return document


def cases_by_target(
    table: BestsTable, *, min_people: int = MIN_PEOPLE, progress: Progress | None = None
) -> dict[float, Cases]:
    """Return the predictions of every distance from the others, one a person, by target distance [m].

    Parameters
    ----------
    table : BestsTable
    min_people : int
        Target distances with fewer people are left out.
    progress : callable, optional
        Receives people done and people in all.
    """
    people = [person for person in table.people if len(person.bests) > 1]
    rows: dict[float, list[dict[str, Any]]] = {}
    for index, person in enumerate(people):
        for target in person.bests:
            others = {distance: time_s for distance, time_s in person.bests.items() if distance != target}
            rows.setdefault(target, []).append(_case(person, others, target))
        if progress is not None:
            progress(index + 1, len(people))
    return {target: _cases(found) for target, found in sorted(rows.items()) if len(found) >= min_people}


def learned_against_ensemble(cases: Cases, *, folds: int, seed: int, bootstrap: int) -> dict[str, Any] | None:
    """Return the scores of the correction learned on other people beside the recalibrated ensemble, None with too few.

    Parameters
    ----------
    cases : Cases
    folds, seed, bootstrap : int
    """
    resamples = list(_resamples(len(cases), bootstrap, seed))
    return _learned_scores(cases, recalibrate(cases, folds=folds, seed=seed), folds, seed, resamples)


def _left_out(table: BestsTable) -> str:
    reasons = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in table.dropped.items())
    left_out = [f"rows left out: {reasons}"] if reasons else []
    return "".join(f"; {said}" for said in (*left_out, *(one.message for one in table.remarks[:1])))


def _some(people: list[Person], most: int, seed: int) -> list[Person]:
    if len(people) <= most:
        return people
    chosen = np.random.default_rng(seed).choice(len(people), size=most, replace=False)
    return [people[index] for index in sorted(chosen.tolist())]


def _against_the_half(cases: Cases) -> Cases:
    """Return the cases with Riegel from the half marathon, also where a nearer distance was raced."""
    return replace(cases, riegel=cases.riegel_half)


def _name(distance_m: float) -> str:
    return distance_words(distance_m).removeprefix("a ")


def _case(person: Person, others: dict[float, float], target: float) -> dict[str, Any]:
    history = RunningHistory(
        races=[Race(distance, time_s) for distance, time_s in sorted(others.items())],
        training=[],
        target_m=target,
        sex=person.sex,
        age=person.age,
    )
    answer = predict(history)
    nearest = min(others, key=lambda distance: abs(np.log(distance / target)))
    riegel = [
        riegel_s(time_s=others[nearest], distance_m=nearest, target_m=target, exponent=exponent)
        for exponent in (1.06, 1.07)
    ]
    return {
        "person": person.id,
        "target_m": target,
        "sex": person.sex or "",
        "age": np.nan if person.age is None else person.age,
        "actual": np.log(person.bests[target]),
        "predicted": np.log(answer.time_s),
        "sd": answer.sd,
        "low_80": np.log(answer.interval_80_s[0]),
        "high_80": np.log(answer.interval_80_s[1]),
        "low_90": np.log(answer.interval_90_s[0]),
        "high_90": np.log(answer.interval_90_s[1]),
        "riegel": np.log(riegel[0]),
        "riegel_107": np.log(riegel[1]),
        "riegel_half": _riegel_from_half(others, target),
        "has_half": HALF_MARATHON_M in others,
        "reach": np.log(target / nearest),
        "own_exponent": own_exponent(others),
        "races": float(len(others)),
    }


def _riegel_from_half(others: dict[float, float], target: float) -> float:
    if HALF_MARATHON_M not in others:
        return float("nan")
    return float(np.log(riegel_s(time_s=others[HALF_MARATHON_M], distance_m=HALF_MARATHON_M, target_m=target)))


def _cases(rows: Sequence[dict[str, Any]]) -> Cases:
    return Cases(**{name: np.array([row[name] for row in rows]) for name in Cases.__slots__})


def _headline(cases: Cases, options: dict[str, int]) -> dict[str, Any]:
    """Return the marathon of the people with a half, against Riegel 1.06 from the half and against the goals."""
    scored = _scored(cases, **options)
    ratio, conformal = scored["ratio_to_riegel_1.06"]["value"], scored["recalibrated_on_other_people"]

    def holds(scores: dict[str, Any] | None) -> bool | None:
        if scores is None:
            return None
        return bool(GOAL_COVERAGE_80[0] <= scores["coverage_80"] <= GOAL_COVERAGE_80[1])

    return {
        "question": "marathon from all other distances, people with a half marathon",
        **scored,
        "goals": {
            "ratio_at_most": GOAL_RATIO,
            "ratio_reached": ratio is not None and bool(ratio <= GOAL_RATIO),
            "coverage_80_within": list(GOAL_COVERAGE_80),
            "coverage_80_reached": holds(scored["as_shipped"]),
            "coverage_80_reached_adapted": holds(scored["adapted_to_people_before"]),
            "coverage_80_reached_recalibrated": holds(conformal),
        },
    }


def _scored(cases: Cases, *, folds: int, seed: int, bootstrap: int) -> dict[str, Any]:
    recalibrated = recalibrate(cases, folds=folds, seed=seed)
    following, aims = adapt_in_order(cases, seed=seed)
    mean = _population_mean(cases, folds=folds, seed=seed)
    resamples = list(_resamples(len(cases), bootstrap, seed))
    shipped_error, riegel_error = _errors(cases.predicted, cases), _errors(cases.riegel, cases)
    return {
        "people": len(cases),
        "as_shipped": {
            **_point_scores(cases.predicted, cases, resamples),
            **_interval_scores(cases, resamples),
            "calibration": _calibration(cases),
        },
        "adapted_to_people_before": {
            **_point_scores(following.predicted, following, resamples),
            **_interval_scores(following, resamples),
            "last_miss_rate_80": round(aims[0.8], 4),
            "last_miss_rate_90": round(aims[0.9], 4),
        },
        "recalibrated_on_other_people": None
        if recalibrated is None
        else {
            **_point_scores(recalibrated.predicted, recalibrated, resamples),
            **_interval_scores(recalibrated, resamples),
        },
        "learned_on_other_people": _learned_scores(cases, recalibrated, folds, seed, resamples),
        "baselines": {
            "riegel_1.06": _point_scores(cases.riegel, cases, resamples),
            "riegel_1.07": _point_scores(cases.riegel_107, cases, resamples),
            "mean_of_other_people": None if mean is None else _point_scores(mean, cases, resamples),
        },
        "ratio_to_riegel_1.06": _ratio(shipped_error, riegel_error, resamples),
        "ratio_to_riegel_1.06_recalibrated": None
        if recalibrated is None
        else _ratio(_errors(recalibrated.predicted, cases), riegel_error, resamples),
        "groups": _groups(cases, recalibrated),
    }


def _learned_scores(
    cases: Cases, recalibrated: Cases | None, folds: int, seed: int, resamples: Sequence[NDArray[np.int64]]
) -> dict[str, Any] | None:
    """Score the learned correction of the ensemble; it earns its place only below the recalibrated ensemble."""
    predicted = learned_on_other_people(cases, folds=folds, seed=seed)
    if predicted is None or recalibrated is None:
        return None
    ratio = _ratio(_errors(predicted, cases), _errors(recalibrated.predicted, cases), resamples)
    return {
        **_point_scores(predicted, cases, resamples),
        "ratio_to_recalibrated": ratio,
        "beats_the_ensemble": bool(ratio["range_95"] and ratio["range_95"][1] < 1),
    }


def recalibrate(cases: Cases, *, folds: int, seed: int) -> Cases | None:
    """Return the cases with medians and intervals moved to what the errors of other people's folds say.

    Parameters
    ----------
    cases : Cases
    folds, seed : int

    Returns
    -------
    Cases or None
        None when there are too few people to hold a fold out.
    """
    score = (cases.actual - cases.predicted) / cases.sd
    moved = {name: getattr(cases, name).copy() for name in ("predicted", "low_80", "high_80", "low_90", "high_90")}
    seen = np.zeros(len(cases), dtype=bool)
    for train, held in group_folds(cases.person.tolist(), folds=folds, seed=seed):
        seen[held] = True
        shift = float(np.median(score[train]))
        moved["predicted"][held] = cases.predicted[held] + shift * cases.sd[held]
        for level, alpha in ((80, 0.2), (90, 0.1)):
            for side, sign in (("high", 1.0), ("low", -1.0)):
                reach = conformal_quantile(sign * (score[train] - shift), alpha=alpha / 2)
                moved[f"{side}_{level}"][held] = moved["predicted"][held] + sign * reach * cases.sd[held]
    if not seen.all() or not np.isfinite(moved["high_90"]).all() or not np.isfinite(moved["low_90"]).all():
        return None
    unmoved = {name: getattr(cases, name) for name in Cases.__slots__ if name not in moved}
    return Cases(**unmoved, **moved)


def adapt_in_order(cases: Cases, *, seed: int) -> tuple[Cases, dict[float, float]]:
    """Return the cases with intervals that followed whether those of the people before them held.

    The people come one after the other, in an order that the seed draws. The first has the shipped interval; each miss
    makes the next person's wider, each hit a little narrower (`adapted`). Medians stay, and nobody's own time is used.

    Parameters
    ----------
    cases : Cases
    seed : int

    Returns
    -------
    tuple
        The cases, and the miss rates aimed at after the last person by nominal level.
    """
    moved = {name: getattr(cases, name).copy() for name in ("low_80", "high_80", "low_90", "high_90")}
    aims = {0.8: 0.2, 0.9: 0.1}
    for index in np.random.default_rng(seed).permutation(len(cases)):
        actual_s = float(np.exp(cases.actual[index]))
        bounds = {}
        for level, aim in aims.items():
            bounds[level] = interval(
                float(cases.predicted[index]),
                float(cases.sd[index]),
                alpha=aim,
                target_m=float(cases.target_m[index]),
            )
            aims[level] = adapted(aim, held=bounds[level][0] <= actual_s <= bounds[level][1], alpha=round(1 - level, 1))
        moved["low_80"][index], moved["high_80"][index] = np.log(bounds[0.8])
        moved["low_90"][index] = np.log(min(bounds[0.9][0], bounds[0.8][0]))
        moved["high_90"][index] = np.log(max(bounds[0.9][1], bounds[0.8][1]))
    return replace(cases, **moved), aims


def _population_mean(cases: Cases, *, folds: int, seed: int) -> FloatArray | None:
    """Return the median of the people of the same sex in other folds."""
    result = np.full(len(cases), np.nan)
    for train, held in group_folds(cases.person.tolist(), folds=folds, seed=seed):
        for sex in np.unique(cases.sex[held]):
            same = train[cases.sex[train] == sex]
            result[held[cases.sex[held] == sex]] = np.median(cases.actual[same if same.size else train])
    return result if np.isfinite(result).all() else None


def _resamples(n: int, count: int, seed: int) -> Iterator[NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    for _ in range(count):
        yield rng.integers(0, n, n)


def _errors(predicted: FloatArray, cases: Cases) -> FloatArray:
    return np.asarray(np.exp(predicted - cases.actual) - 1)


def _spread(values: FloatArray, resamples: Sequence[NDArray[np.int64]]) -> list[float]:
    means = [float(values[chosen].mean()) for chosen in resamples]
    return [round(float(bound), 5) for bound in np.quantile(means, [0.025, 0.975])] if means else []


def _point_scores(predicted: FloatArray, cases: Cases, resamples: Sequence[NDArray[np.int64]]) -> dict[str, Any]:
    error = _errors(predicted, cases)
    minutes = (np.exp(predicted) - np.exp(cases.actual)) / 60
    return {
        "mape": round(float(np.abs(error).mean()), 5),
        "mape_95": _spread(np.abs(error), resamples),
        "bias": round(float(error.mean()), 5),
        "median_error": round(float(np.median(error)), 5),
        "rmse_min": round(float(np.sqrt((minutes**2).mean())), 3),
    }


def _interval_scores(cases: Cases, resamples: Sequence[NDArray[np.int64]]) -> dict[str, Any]:
    scores: dict[str, Any] = {}
    for level, low, high in ((80, cases.low_80, cases.high_80), (90, cases.low_90, cases.high_90)):
        inside = ((cases.actual >= low) & (cases.actual <= high)).astype(np.float64)
        scores[f"coverage_{level}"] = round(float(inside.mean()), 5)
        scores[f"coverage_{level}_95"] = _spread(inside, resamples)
        scores[f"below_{level}"] = round(float((cases.actual < low).mean()), 5)
        scores[f"above_{level}"] = round(float((cases.actual > high).mean()), 5)
        scores[f"half_width_{level}"] = _half_width(cases, low, high)
    return scores


def _half_width(cases: Cases, low: FloatArray, high: FloatArray) -> float:
    """Return the median of half the intervals, relative to the predicted times."""
    return round(float(np.median((np.exp(high) - np.exp(low)) / 2 / np.exp(cases.predicted))), 5)


def _calibration(cases: Cases) -> dict[str, float]:
    """Return the share of outcomes below each decile of the predicted distribution."""
    return {
        str(level): round(float((cases.actual < cases.predicted + quantile(level) * cases.sd).mean()), 4)
        for level in DECILES
    }


def _ratio(error: FloatArray, baseline: FloatArray, resamples: Sequence[NDArray[np.int64]]) -> dict[str, Any]:
    """Return the ratio of mean errors with its bootstrap interval; none against a baseline without any error."""
    ours, theirs = np.abs(error), np.abs(baseline)
    if theirs.mean() < NO_ERROR:
        return {"value": None, "range_95": []}
    counted = (chosen for chosen in resamples if theirs[chosen].mean() >= NO_ERROR)
    ratios = [float(ours[chosen].mean() / theirs[chosen].mean()) for chosen in counted]
    return {
        "value": round(float(ours.mean() / theirs.mean()), 4),
        "range_95": [round(float(bound), 4) for bound in np.quantile(ratios, [0.025, 0.975])] if ratios else [],
    }


def _pair_scores(cases: Cases, *, seed: int, bootstrap: int) -> dict[str, Any]:
    resamples = list(_resamples(len(cases), min(bootstrap, 200), seed))
    return {
        "people": len(cases),
        "mape": round(float(np.abs(_errors(cases.predicted, cases)).mean()), 5),
        "riegel_1.06_mape": round(float(np.abs(_errors(cases.riegel, cases)).mean()), 5),
        "ratio": _ratio(_errors(cases.predicted, cases), _errors(cases.riegel, cases), resamples),
        "coverage_80": _coverage_80(cases),
    }


def _groups(cases: Cases, recalibrated: Cases | None) -> dict[str, dict[str, Any]]:
    """Return the scores by sex, age, thirds of speed and number of known races, where there are enough people."""
    thirds = np.quantile(cases.predicted, [1 / 3, 2 / 3])
    chosen: dict[str, NDArray[np.bool_]] = {
        "women": cases.sex == "f",
        "men": cases.sex == "m",
        **{label: (cases.age >= low) & (cases.age < high) for low, high, label in AGE_BANDS},
        "fastest third": cases.predicted <= thirds[0],
        "middle third": (cases.predicted > thirds[0]) & (cases.predicted <= thirds[1]),
        "slowest third": cases.predicted > thirds[1],
        "one race known": cases.races == 1,
        "two races known": cases.races == 2,
        "three or more races known": cases.races >= 3,
    }
    found = {}
    for label, mask in chosen.items():
        if int(mask.sum()) >= MIN_PEOPLE:
            some = cases.of(mask)
            found[label] = {
                "people": len(some),
                "mape": round(float(np.abs(_errors(some.predicted, some)).mean()), 5),
                "bias": round(float(_errors(some.predicted, some).mean()), 5),
                "riegel_1.06_mape": round(float(np.abs(_errors(some.riegel, some)).mean()), 5),
                "coverage_80": _coverage_80(some),
                "coverage_80_recalibrated": None if recalibrated is None else _coverage_80(recalibrated.of(mask)),
                "half_width_80": _half_width(some, some.low_80, some.high_80),
            }
    return found


def _coverage_80(cases: Cases) -> float:
    return round(float(((cases.actual >= cases.low_80) & (cases.actual <= cases.high_80)).mean()), 5)
