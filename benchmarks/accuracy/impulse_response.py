"""What can be known of an athlete's response to training from a cyclist's published season.

    python -m benchmarks.accuracy.impulse_response

Reads the series of Clarke and Skiba (2013) where the evaluation data lies beside the checkout: 165 days of load, nine
tests. First the published, rounded parameters are tried, with the day's own load counted and not. Then the model is
fitted freely at every pair of time constants: how many pairs fit about as well, how far their gains differ, how nearly
the two responses are one (condition number). Last, what a forecast from earlier tests alone is worth beside two simple
rules, on that season and on made athletes.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.support import shared_data_dir, write_result

from topform.core.arrays import FloatArray, IntArray
from topform.science.impulse_response import (
    ResponseParameters,
    critical_days,
    faded_load,
    fit_grid,
    model_verdict,
    response,
)

PUBLISHED = ResponseParameters(p0=262, k_fitness=0.18, k_fatigue=0.23, tau_fitness_d=36, tau_fatigue_d=21)
PUBLISHED_SSE = 20.25
ABOUT_AS_WELL = 1.10
HERE = Path(__file__).resolve().parent


def season() -> tuple[FloatArray, IntArray, FloatArray] | None:
    """Return daily load, days of tests and tests; None where the data is not there."""
    shared = shared_data_dir()
    path = None if shared is None else shared / "activities" / "dorem" / "data-raw" / "bike-score.csv"
    if path is None or not path.is_file():
        return None
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    tested = [place for place, row in enumerate(rows) if row["Test_5min_Power"].strip()]
    watts = [float(rows[place]["Test_5min_Power"]) for place in tested]
    return np.array([float(row["BikeScore"]) for row in rows]), np.array(tested), np.array(watts)


def published(load: FloatArray, day: IntArray, watts: FloatArray) -> dict[str, Any]:
    """Return the error of the published parameters by both conventions."""

    def sse(*, same_day: bool) -> float:
        return float(np.sum((response(load, PUBLISHED, same_day=same_day)[day] - watts) ** 2))

    return {
        "sse_published": PUBLISHED_SSE,
        "same_day_counted": sse(same_day=True),
        "from_next_day": sse(same_day=False),
    }


def free_fits(load: FloatArray, day: IntArray, watts: FloatArray) -> dict[str, Any]:
    """Return how little the season says about the parameters."""
    fits = fit_grid(
        load,
        day,
        watts,
        tau_fitness_d=np.arange(10.0, 81.0).tolist(),
        tau_fatigue_d=np.arange(1.0, 61.0).tolist(),
        same_day=True,
    )
    best = fits[0]
    equal = [fit.parameters for fit in fits if fit.sse <= ABOUT_AS_WELL * max(best.sse, PUBLISHED_SSE)]
    real = [one for one in equal if one.k_fitness > 0 and one.k_fatigue > 0]
    days = [
        critical_days(
            tau_fitness_d=one.tau_fitness_d, tau_fatigue_d=one.tau_fatigue_d, ratio=one.k_fatigue / one.k_fitness
        )[0]
        for one in real
    ]
    both = {tau: faded_load(load, tau_d=tau, same_day=True)[day] for tau in (36.0, 21.0)}
    design = np.column_stack([np.ones(day.size), both[36.0], -both[21.0]])
    scaled = design / np.linalg.norm(design, axis=0)

    def span(name: str) -> list[float]:
        values = [getattr(one, name) for one in equal]
        return [float(min(values)), float(max(values))]

    return {
        "pairs_tried": len(fits),
        "best": {"sse": best.sse, **_plain(best.parameters)},
        "pairs_that_fit_about_as_well": len(equal),
        "their_range": {name: span(name) for name in ResponseParameters.__slots__},
        "days_before_a_race_when_training_stops_helping": [float(min(days)), float(max(days))] if days else None,
        "condition_number_at_published_time_constants": float(np.linalg.cond(scaled)),
        "correlation_of_the_two_responses_at_the_tests": float(np.corrcoef(both[36.0], both[21.0])[0, 1]),
    }


def _plain(parameters: ResponseParameters) -> dict[str, float]:
    return {name: float(getattr(parameters, name)) for name in ResponseParameters.__slots__}


def forecast(load: FloatArray, day: IntArray, watts: FloatArray) -> dict[str, Any]:
    """Return what forecasts from earlier tests are worth on this season; fewer tests than the app asks for."""
    verdict = model_verdict(load, day, watts, min_tests=5)
    return {
        "tests_forecast": verdict.tests,
        "prior_averaged_model": verdict.model_mae_pct,
        "last_value": verdict.last_value_mae_pct,
        "mean_of_three": verdict.mean_of_three_mae_pct,
        "shown_to_the_athlete": verdict.is_shown,
    }


def made_athletes(*, every_d: int, noise: float, athletes: int, seed: int = 1) -> dict[str, Any]:
    """Return the same for made athletes with hidden parameters and unknown training before the first day."""
    rng = np.random.default_rng(seed)
    before_d, found = 150, []
    for _ in range(athletes):
        days = 16 * every_d + 20
        t = np.arange(days + before_d)
        wave = (
            60
            + 40 * np.sin(2 * np.pi * t / 28 + rng.uniform(0, 6))
            + 25 * np.sin(2 * np.pi * t / 180 + rng.uniform(0, 6))
        )
        load = np.where(t % 7 == 0, 0.0, np.clip(wave * rng.lognormal(0, 0.4, t.size), 0, None))
        tau = rng.lognormal(np.log([42.0, 9.0]), [0.25, 0.3])
        signal = faded_load(load, tau_d=tau[0]) - rng.uniform(1.4, 2.6) * faded_load(load, tau_d=tau[1])
        signal, load = signal[before_d:], load[before_d:]
        spread = np.percentile(signal[60:], 97.5) - np.percentile(signal[60:], 2.5)
        true = 250 * (1 + 0.05 / spread * (signal - signal[60:].mean()))
        day = np.arange(20, days, every_d)[:16]
        verdict = model_verdict(load, day, true[day] * (1 + rng.normal(0, noise, day.size)))
        found.append(
            (verdict.model_mae_pct, verdict.last_value_mae_pct, verdict.mean_of_three_mae_pct, verdict.is_shown)
        )
    model, last, mean_of_three, shown = np.mean(found, axis=0)
    return {
        "tests_every_days": every_d,
        "test_noise_pct": 100 * noise,
        "athletes": athletes,
        "prior_averaged_model": float(model),
        "last_value": float(last),
        "mean_of_three": float(mean_of_three),
        "shown_to_frac": float(shown),
    }


def main() -> None:
    """Measure, print and write."""
    read = season()
    result: dict[str, Any] = {
        "unit": "mean absolute error in percent, forecasting each test from those before it",
        "made_athletes": [
            made_athletes(every_d=every, noise=noise, athletes=200)
            for every, noise in ((21, 0.01), (21, 0.02), (42, 0.02))
        ],
    }
    if read is None:
        print("The season of Clarke and Skiba is not beside this checkout; only made athletes are measured.")
    else:
        result["season"] = {
            "published_parameters": published(*read),
            "free_fits": free_fits(*read),
            "forecast_pct": forecast(*read),
        }
    print(json.dumps(result, indent=1))
    print(write_result(HERE / "results", "impulse_response", result))


if __name__ == "__main__":
    main()
