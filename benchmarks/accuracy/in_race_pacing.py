"""Where will a marathon end whose first half is known? Splits of Boston 2013 against Riegel, by runner.

    python -m benchmarks.accuracy.in_race_pacing

This is pacing, not prediction: the race is under way. Nothing here goes into `topform predict`. The race was stopped,
so slow finishers are missing. Each runner appears once; the folds are of runners, and every method that learns sees
four fifths of them and is scored on the rest.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any, Final

import numpy as np
from benchmarks.support import shared_data_dir, write_result

from topform.core.arrays import FloatArray
from topform.ml.splits import group_folds
from topform.science.prediction.intervals import conformal_quantile
from topform.science.prediction.models import HALF_MARATHON_M, MARATHON_M

TABLE: Final = Path("activities") / "derived" / "boston_2013_splits_noname.csv"
SPLITS: Final = ("5k", "10k", "20k", "half")
FOLDS: Final = 5
ROUNDS: Final = 30
GOAL_RATIO: Final = 0.93


def read_runners(path: Path) -> dict[str, FloatArray]:
    """Return the runners with all early splits and a finish. [min], [years]"""

    def minutes(text: str) -> float:
        return float(text) if text.replace(".", "", 1).isdigit() else np.nan

    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {name: np.array([minutes(row[name]) for row in rows]) for name in (*SPLITS, "official", "age")}
    columns["is_woman"] = np.array([float(row["gender"] == "F") for row in rows])
    complete = np.all([np.isfinite(values) for values in columns.values()], axis=0)
    rising = np.all(np.diff([columns[name] for name in (*SPLITS, "official")], axis=0) > 0, axis=0)
    return {name: values[complete & rising] for name, values in columns.items()}


def linear_features(runners: dict[str, FloatArray]) -> FloatArray:
    """Return log splits, age and sex."""
    splits = [np.log(runners[name]) for name in SPLITS]
    return np.column_stack([np.ones(splits[0].size), *splits, runners["age"], runners["is_woman"]])


def pacing_features(runners: dict[str, FloatArray]) -> FloatArray:
    """Return the level, how the pace changed between splits, and how these go together with level, sex and age."""
    logs = np.column_stack([np.log(runners[name]) for name in SPLITS])
    change = np.diff(logs, axis=1)
    change = (change - np.median(change, axis=0)) * 10
    level = logs[:, -1:] - np.median(logs[:, -1])
    woman, age = runners["is_woman"][:, None], (runners["age"][:, None] - 40) / 10
    return np.hstack(
        [
            np.ones_like(level), logs[:, -1:], level**2, level**3, change, change**2, change * level, change * woman,
            change[:, :1] * change[:, 1:2], woman, woman * level, age, age**2, age * level,
        ]
    )  # fmt: skip


def fit_least_absolute(features: FloatArray, outcome: FloatArray) -> FloatArray:
    """Return the coefficients with the least mean absolute error, by reweighted least squares."""
    coefficients = np.linalg.lstsq(features, outcome, rcond=None)[0]
    for _ in range(ROUNDS):
        weight = 1 / np.sqrt(np.maximum(np.abs(features @ coefficients - outcome), 1e-3))
        coefficients = np.linalg.lstsq(features * weight[:, None], outcome * weight, rcond=None)[0]
    return np.asarray(coefficients)


def fit_least_squares(features: FloatArray, outcome: FloatArray) -> FloatArray:
    """Return the ordinary least squares coefficients."""
    return np.asarray(np.linalg.lstsq(features, outcome, rcond=None)[0])


def out_of_fold(
    features: FloatArray, outcome: FloatArray, people: list[str], fit: Any, seed: int
) -> tuple[FloatArray, dict[int, FloatArray]]:
    """Return predictions of runners not fitted on, and split conformal half-widths of 80 and 90 %."""
    predicted = np.empty(outcome.size)
    reach = {level: np.empty((2, outcome.size)) for level in (80, 90)}
    for train, held in group_folds(people, folds=FOLDS, seed=seed):
        calibration = train[np.arange(train.size) % 5 == 0]
        fitted_on = train[np.arange(train.size) % 5 != 0]
        coefficients = fit(features[fitted_on], outcome[fitted_on])
        predicted[held] = features[held] @ coefficients
        score = outcome[calibration] - features[calibration] @ coefficients
        for level, alpha in ((80, 0.2), (90, 0.1)):
            reach[level][0, held] = conformal_quantile(-score, alpha=alpha / 2)
            reach[level][1, held] = conformal_quantile(score, alpha=alpha / 2)
    return predicted, reach


def scores(predicted: FloatArray, outcome: FloatArray, resamples: list[Any]) -> dict[str, Any]:
    """Return the mean absolute percentage error with its bootstrap range over runners, and the bias."""
    error = np.exp(predicted - outcome) - 1
    means = [float(np.abs(error[chosen]).mean()) for chosen in resamples]
    return {
        "mape": round(float(np.abs(error).mean()), 5),
        "mape_95": [round(float(bound), 5) for bound in np.quantile(means, [0.025, 0.975])],
        "bias": round(float(error.mean()), 5),
    }


def evaluate(runners: dict[str, FloatArray], *, bootstrap: int, seed: int) -> dict[str, Any]:
    """Score the pacing model and its baselines on the same runners."""
    outcome = np.log(runners["official"])
    people = [str(index) for index in range(outcome.size)]
    rng = np.random.default_rng(seed)
    resamples = [rng.integers(0, outcome.size, outcome.size) for _ in range(bootstrap)]
    riegel = np.log(runners["half"]) + 1.06 * np.log(MARATHON_M / HALF_MARATHON_M)
    even = np.log(runners["half"]) + np.log(MARATHON_M / HALF_MARATHON_M)
    squares, _ = out_of_fold(linear_features(runners), outcome, people, fit_least_squares, seed)
    predicted, reach = out_of_fold(pacing_features(runners), outcome, people, fit_least_absolute, seed)
    inside = {
        level: (outcome >= predicted - below) & (outcome <= predicted + above)
        for level, (below, above) in reach.items()
    }
    ours, theirs = np.abs(np.exp(predicted - outcome) - 1), np.abs(np.exp(riegel - outcome) - 1)
    ratios = [float(ours[chosen].mean() / theirs[chosen].mean()) for chosen in resamples]
    groups = {
        "women": runners["is_woman"] == 1,
        "men": runners["is_woman"] == 0,
        "under 40": runners["age"] < 40,
        "40 to 54": (runners["age"] >= 40) & (runners["age"] < 55),
        "55 and over": runners["age"] >= 55,
        "half under 1:30": runners["half"] < 90,
        "half of 1:30 to 1:50": (runners["half"] >= 90) & (runners["half"] < 110),
        "half over 1:50": runners["half"] >= 110,
    }
    return {
        "runners": int(outcome.size),
        "known": "splits at 5 km, 10 km, 20 km and the half, age, sex",
        "folds": FOLDS,
        "pacing_model": {
            **scores(predicted, outcome, resamples),
            **{f"coverage_{level}": round(float(held.mean()), 4) for level, held in inside.items()},
            **{f"half_width_{level}": round(float(reach[level].mean()), 4) for level in reach},
        },
        "baselines": {
            "riegel_1.06_from_half": scores(riegel, outcome, resamples),
            "even_pace": scores(even, outcome, resamples),
            "least_squares_on_splits_age_sex": scores(squares, outcome, resamples),
        },
        "ratio_to_riegel": {
            "value": round(float(ours.mean() / theirs.mean()), 4),
            "range_95": [round(float(bound), 4) for bound in np.quantile(ratios, [0.025, 0.975])],
            "goal": GOAL_RATIO,
        },
        "groups": {
            name: {
                "runners": int(mask.sum()),
                "mape": round(float(ours[mask].mean()), 5),
                "riegel_mape": round(float(theirs[mask].mean()), 5),
                "coverage_80": round(float(inside[80][mask].mean()), 4),
            }
            for name, mask in groups.items()
        },
    }


def main() -> None:
    """Evaluate and write the JSON beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bootstrap", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    shared = shared_data_dir()
    if shared is None:
        parser.exit(1, "the evaluation data is not here; TOPFORM_SHARED_DATA names its folder\n")
    result = {
        "command": "python -m benchmarks.accuracy.in_race_pacing",
        "seed": arguments.seed,
        **evaluate(read_runners(shared / TABLE), bootstrap=arguments.bootstrap, seed=arguments.seed),
    }
    path = write_result(arguments.results, "in_race_pacing", result)
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
