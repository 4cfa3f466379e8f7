"""Are plans safe, how long do they take, and do they cost anything against a textbook plan of equal load?

    python -m benchmarks.accuracy.plan_safety --requests 1000 --athletes 500

Safety: random requests of every goal, sport and level, awkward lives included; the independent checker counts broken
rules. Quality: the half-marathon plan against a textbook plan with the same total load on the same days' minutes,
judged by virtual athletes whose response the planner does not know; half of them respond by another kind of model.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import ortools
import scipy
from benchmarks.support import write_result
from tests.support.plan_documents import HALF_MARATHON, failed_rules
from tests.support.plan_requests import make_rng, random_request

from topform.coaching.baseline import baseline
from topform.coaching.planner import make_plan
from topform.coaching.planner.season import build_season
from topform.coaching.request import PlanRequest
from topform.core.errors import TopFormError

BASE_PERFORMANCE = 250.0


def safety(n_requests: int, first_seed: int, max_weeks: int) -> dict[str, Any]:
    """Plan random requests; count broken rules and failures, and take the time."""
    broken: Counter[str] = Counter()
    failures: list[str] = []
    relaxed: Counter[str] = Counter()
    seconds, weeks, rest_only = [], [], 0
    for seed in range(first_seed, first_seed + n_requests):
        request = PlanRequest.from_dict(random_request(make_rng(seed), max_weeks=max_weeks))
        started = time.process_time()
        try:
            document = make_plan(request).as_dict()
        except TopFormError as error:
            failures.append(f"seed {seed}: {error.code} {error.message}")
            continue
        seconds.append(time.process_time() - started)
        weeks.append(len(document["forecast"]["weeks"]))
        broken.update(failed_rules(document, request))
        relaxed.update(item["rule"] for item in document["relaxed"])
        rest_only += not any(day["sessions"] for day in document["days"])
    return {
        "requests": n_requests,
        "first_seed": first_seed,
        "violations": dict(broken),
        "failures": failures,
        "plans_of_rest_only": rest_only,
        "relaxed": dict(relaxed),
        "cpu_seconds_median": round(float(np.median(seconds)), 3),
        "cpu_seconds_p95": round(float(np.percentile(seconds, 95)), 3),
        "cpu_seconds_max": round(max(seconds), 3),
        "weeks_median": float(np.median(weeks)),
    }


def season_time(repeats: int) -> dict[str, Any]:
    """Plan 24 weeks to a marathon several times."""
    request = PlanRequest.from_dict(
        {
            "athlete": {"sport": "running", "experience": "advanced", "ctl": 60, "recent_longest": {"minutes": 100}},
            "goal": {"type": "race", "sport": "running", "distance_m": 42_195, "date": "2027-05-23"},
            "start": "2026-12-07",
            "available_minutes": {"tue": 75, "wed": 90, "thu": 75, "fri": 60, "sat": 90, "sun": 180, "mon": 45},
        }
    )
    seconds, cpu = [], []
    for _ in range(repeats):
        started, cpu_started = time.perf_counter(), time.process_time()
        make_plan(request)
        seconds.append(time.perf_counter() - started)
        cpu.append(time.process_time() - cpu_started)
    return {
        "weeks": 24,
        "repeats": repeats,
        "seconds_median": round(float(np.median(seconds)), 3),
        "cpu_seconds_median": round(float(np.median(cpu)), 3),
    }


def performance(loads: np.ndarray[Any, Any], athlete: dict[str, Any]) -> float:
    """Return a virtual athlete's performance on the morning after the loads."""
    lag = loads.size - np.arange(loads.size)
    dose, cost = loads, loads
    if athlete["kind"] == "saturating":
        dose = 60 * np.log1p(loads / 60)
        cost = loads * (1 + loads / 400)
    fitness = np.exp(-lag / athlete["tau_fitness"])
    if athlete["kind"] == "delayed":
        fitness = fitness * (1 - np.exp(-lag / 8))
    gain = 0.002 if athlete["kind"] == "non_responder" else 0.008
    fatigue = np.exp(-lag / athlete["tau_fatigue"])
    return BASE_PERFORMANCE + gain * float(dose @ fitness) - 0.008 * athlete["ratio"] * float(cost @ fatigue)


def virtual_athletes(n: int, seed: int) -> list[dict[str, Any]]:
    """Return athletes with hidden parameters; every second one is outside the planner's kind of model."""
    rng = np.random.default_rng(seed)
    kinds = ["linear", "saturating", "linear", "delayed", "linear", "non_responder"]
    return [
        {
            "kind": kinds[index % len(kinds)],
            "tau_fitness": 42 * np.exp(0.25 * rng.standard_normal()),
            "tau_fatigue": 9 * np.exp(0.3 * rng.standard_normal()),
            "ratio": rng.uniform(1.4, 2.6),
        }
        for index in range(n)
    ]


def quality(n_athletes: int, seed: int) -> dict[str, Any]:
    """Compare the plan with the textbook at equal total load."""
    request = PlanRequest.from_dict(HALF_MARATHON)
    document = make_plan(request).as_dict()
    ours = np.array([sum(s["load"] for s in day["sessions"] if s["kind"] != "race") for day in document["days"]])[:-1]
    season = build_season(request, baseline(request))
    textbook = np.zeros(season.n_days)
    for week in season.weeks:
        minutes = np.array([min(season.minutes[day], 150) for day in week.days], dtype=float)
        if minutes.sum() > 0:
            textbook[list(week.days)] = week.target_au * minutes / minutes.sum()
    textbook = textbook[:-1] * ours.sum() / textbook[:-1].sum()
    athletes = virtual_athletes(n_athletes, seed)
    gains = np.array([100 * (performance(ours, a) / performance(textbook, a) - 1) for a in athletes])
    by_kind = {
        kind: round(float(np.mean([g for g, a in zip(gains, athletes, strict=True) if a["kind"] == kind])), 3)
        for kind in sorted({a["kind"] for a in athletes})
    }
    return {
        "athletes": n_athletes,
        "total_load": round(float(ours.sum()), 1),
        "gain_pct_mean": round(float(gains.mean()), 3),
        "gain_pct_p5_p50_p95": [round(float(x), 3) for x in np.percentile(gains, [5, 50, 95])],
        "share_not_worse": round(float(np.mean(gains >= 0)), 3),
        "gain_pct_by_model": by_kind,
    }


def main() -> None:
    """Run all three and write the JSON beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--first-seed", type=int, default=10_000)
    parser.add_argument("--max-weeks", type=int, default=16)
    parser.add_argument("--athletes", type=int, default=500)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    result = {
        "command": f"python -m benchmarks.accuracy.plan_safety --requests {arguments.requests}",
        "solvers": {"ortools": ortools.__version__, "scipy": scipy.__version__},
        "season_of_24_weeks": season_time(5),
        "against_textbook_at_equal_load": quality(arguments.athletes, seed=1),
        "safety": safety(arguments.requests, arguments.first_seed, arguments.max_weeks),
    }
    path = write_result(arguments.results, "plan_safety", result)
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
