"""Simulations of which an example prints only the results: made again with our models, by the assumptions it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from tests.reference.published.plans import Season, Segments, gain_pct, season_of
from tests.reference.published.sessions import Tree, numbers

from topform.coaching.planner.daily_load import LINEAR_SEGMENTS, SATURATING_SEGMENTS
from topform.core.arrays import FloatArray, IntArray
from topform.science.impulse_response import faded_load, fit_grid, model_verdict

ATHLETES = 60
SEASONAL_FRAC = 0.05


def made_athletes(*, every_d: int, noise: float) -> Iterator[tuple[FloatArray, IntArray, FloatArray, tuple[Any, ...]]]:
    """Yield load, days of 16 tests, tests, and both time constants of athletes with hidden parameters.

    Performance varies by 5 % over the season; the course of the load is that of the example without noise.
    """
    rng = np.random.default_rng(1)
    for _ in range(ATHLETES):
        day = np.arange(16.0 * every_d + 20)
        load = np.where(day % 7 == 0, 0.0, 60 + 40 * np.sin(2 * np.pi * day / 28) + 30 * (day % 7 == 6))
        load[200:] *= 0.6
        taus = 42 * np.exp(0.25 * rng.standard_normal()), 9 * np.exp(0.3 * rng.standard_normal())
        signal = faded_load(load, tau_d=taus[0]) - rng.uniform(1.4, 2.6) * faded_load(load, tau_d=taus[1])
        true = 250 * (1 + SEASONAL_FRAC * (signal - signal.mean()) / np.ptp(signal[60:]))
        tests = np.arange(20, day.size, every_d)[:16]
        yield load, tests, true[tests] * (1 + noise * rng.standard_normal(tests.size)), taus


def walk_forward(name: str) -> Tree:
    noise, every_d = numbers(name)
    verdicts = [
        model_verdict(load, days, tests)
        for load, days, tests, _ in made_athletes(every_d=int(every_d), noise=noise / 100)
    ]
    return {
        "last": float(np.mean([one.last_value_mae_pct for one in verdicts])),
        "mean3": float(np.mean([one.mean_of_three_mae_pct for one in verdicts])),
        "ffm_map": float(np.mean([one.model_mae_pct for one in verdicts])),
    }


def identifiability(noise_pct: float) -> Tree:
    found = []
    for load, days, tests, taus in made_athletes(every_d=21, noise=noise_pct / 100):
        best = fit_grid(
            load,
            days,
            tests,
            tau_fitness_d=np.arange(20.0, 101.0, 5.0).tolist(),
            tau_fatigue_d=np.arange(3.0, 31.0, 2.0).tolist(),
        )[0].parameters
        found.append((best.tau_fitness_d / taus[0], best.tau_fatigue_d / taus[1]))
    slow, fast = np.percentile(found, [5, 50, 95], axis=0).T.tolist()
    return {"tau1_est/true_p5_50_95": slow, "tau2_est/true_p5_50_95": fast}


def virtual_athletes(season: Season, segments: Segments) -> Tree:
    """Return what the plan is worth over the textbook's to athletes whose parameters it does not know."""
    textbook = season.textbook()
    plan = season.best(segments, total=float(textbook.sum()))
    rng, gains = np.random.default_rng(1), []
    for _ in range(500):
        taus = 42 * np.exp(0.25 * rng.standard_normal()), 9 * np.exp(0.3 * rng.standard_normal())
        ratio, gain = rng.uniform(1.4, 2.6), season.gains[0] * rng.uniform(3, 8) / 5.5
        athlete = replace(season, taus=taus, gains=(gain, gain * ratio))
        gains.append(gain_pct(athlete.performance(plan, segments), athlete.performance(textbook, segments)))
    return {
        "mean_pct": float(np.mean(gains)),
        "p5_p50_p95": np.percentile(gains, [5, 50, 95]).tolist(),
        "share_better": float(np.mean(np.array(gains) > 0)),
    }


def simulated(given: Tree, stated: Tree) -> Tree:
    """Return our results in the shape of those that are stated."""
    season = season_of(given["plan_lp"]["params"])
    return {
        "walk_forward_MAE_pct": {name: walk_forward(name) for name in stated["walk_forward_MAE_pct"]},
        "impulse_response_identifiability": [
            identifiability(row["noise_pct"]) for row in stated["impulse_response_identifiability"]
        ],
        "plan_virtual_athletes": {
            "virtual500_linear_equal_total": virtual_athletes(season, LINEAR_SEGMENTS),
            "virtual500_saturating_equal_total": virtual_athletes(season, SATURATING_SEGMENTS),
        },
    }
