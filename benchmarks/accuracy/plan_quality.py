"""Do plans cost anything against a textbook plan of equal load, do they stay stable, do they keep their zones?

    python -m benchmarks.accuracy.plan_quality --athletes 500

Quality: each plan against the textbook's (weekly growth of five percent, every fourth week easier, a taper, each
week's load spread over its days by their minutes) with the same total load and the same minutes, judged by virtual
athletes whose response the planner does not know. Every second one answers by another kind of model than the
planner's own: saturating, delayed, or hardly at all.

The search for sessions ends near the best week, not at it, and its seed decides which of many such weeks is taken:
the share of athletes is therefore given for other seeds, too.

Stability: the plan is made again from the fifth week on, with what the first weeks did as history and nothing new to
know; a session counts as changed when its day, sport or kind differ.

Zones: share of easy, middle and hard minutes against what the phases of the plan set as their wish.
"""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.support import write_result
from tests.support.plan_documents import HALF_MARATHON

from topform.coaching.adaptation.replan import continued
from topform.coaching.baseline import baseline
from topform.coaching.planner import make_plan
from topform.coaching.planner.season import build_season
from topform.coaching.planner.zones import planned_zone_shares, zone_targets
from topform.coaching.request import PlanRequest

BASE_PERFORMANCE = 250.0
OTHER_SEEDS = (1, 2, 3, 4, 5)
KINDS = ["linear", "saturating", "linear", "delayed", "linear", "non_responder"]


def _race(sport: str, level: str, ctl: int, distance_m: float, weeks: int, minutes: list[int]) -> dict[str, Any]:
    start = date(2027, 3, 1)
    return {
        "athlete": {"sport": sport, "experience": level, "ctl": ctl},
        "goal": {
            "type": "race",
            "sport": sport,
            "distance_m": distance_m,
            "date": (start + timedelta(days=7 * weeks - 1)).isoformat(),
        },
        "start": start.isoformat(),
        "available_minutes": dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), minutes, strict=True)),
    }


SCENARIOS: dict[str, dict[str, Any]] = {
    "half_marathon": HALF_MARATHON,
    "first_10_km": _race("running", "beginner", 12, 10_000, 12, [0, 45, 0, 45, 0, 60, 90]),
    "marathon": _race("running", "advanced", 60, 42_195, 18, [0, 75, 90, 75, 60, 90, 180]),
    "ride_100_km": _race("cycling", "intermediate", 45, 100_000, 14, [0, 75, 60, 75, 0, 150, 210]),
    "olympic_triathlon": _race("triathlon", "intermediate", 45, 51_500, 14, [45, 60, 60, 60, 45, 120, 150]),
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
    return BASE_PERFORMANCE + gain * float(dose @ fitness) - 0.008 * float(athlete["ratio"]) * float(cost @ fatigue)


def virtual_athletes(n: int, seed: int) -> list[dict[str, Any]]:
    """Return athletes with hidden parameters; every second one is outside the planner's kind of model."""
    rng = np.random.default_rng(seed)
    return [
        {
            "kind": KINDS[index % len(KINDS)],
            "tau_fitness": 42 * np.exp(0.25 * rng.standard_normal()),
            "tau_fatigue": 9 * np.exp(0.3 * rng.standard_normal()),
            "ratio": rng.uniform(1.4, 2.6),
        }
        for index in range(n)
    ]


def training_loads(document: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Return the load of each day before the race."""
    return np.array([sum(s["load"] for s in day["sessions"] if s["kind"] != "race") for day in document["days"]])[:-1]


def textbook(request: PlanRequest, total_au: float) -> np.ndarray[Any, Any]:
    """Return the textbook's loads, scaled to a total."""
    season = build_season(request, baseline(request))
    loads = np.zeros(season.n_days)
    for week in season.weeks:
        minutes = np.array([min(season.minutes[day], 150) for day in week.days], dtype=float)
        if minutes.sum() > 0:
            loads[list(week.days)] = week.target_au * minutes / minutes.sum()
    loads = loads[:-1]
    return loads * (total_au / float(loads.sum()))


def quality(request: PlanRequest, document: dict[str, Any], athletes: list[dict[str, Any]]) -> dict[str, Any]:
    """Compare the plan with the textbook at equal total load."""
    ours = training_loads(document)
    theirs = textbook(request, float(ours.sum()))
    gains = np.array([100 * (performance(ours, a) / performance(theirs, a) - 1) for a in athletes])
    by_kind = {
        kind: round(float(np.mean([g for g, a in zip(gains, athletes, strict=True) if a["kind"] == kind])), 3)
        for kind in sorted(set(KINDS))
    }
    return {
        "total_load": round(float(ours.sum()), 1),
        "gain_pct_mean": round(float(gains.mean()), 3),
        "gain_pct_p5_p50_p95": [round(float(x), 3) for x in np.percentile(gains, [5, 50, 95])],
        "share_not_worse": round(float(np.mean(gains >= 0)), 3),
        "gain_pct_by_model": by_kind,
    }


def shares_of_other_seeds(raw: dict[str, Any], athletes: list[dict[str, Any]]) -> list[float]:
    """Return the share of athletes for whom the plan is not worse, for other seeds of the planner."""
    requests = [PlanRequest.from_dict({**raw, "seed": seed}) for seed in OTHER_SEEDS]
    return [quality(request, make_plan(request).as_dict(), athletes)["share_not_worse"] for request in requests]


def stability(document: dict[str, Any], request: dict[str, Any], weeks_done: int) -> float:
    """Return the share of the remaining sessions that change when nothing new is known."""
    today = date.fromisoformat(request["start"]) + timedelta(weeks=weeks_done)
    again = continued(request, document, today=today)
    old = _marks(document, today)
    new = _marks(again, today)
    return len(old ^ new) / (2 * max(1, len(old)))


def _marks(document: dict[str, Any], today: date) -> set[tuple[str, str, str, str]]:
    return {
        (day["date"], session["sport"], session["kind"], session["workout"])
        for day in document["days"]
        for session in day["sessions"]
        if day["date"] >= today.isoformat()
    }


def zone_error(request: PlanRequest, document: dict[str, Any]) -> float:
    """Return the largest distance of a zone's share from the wish over the whole plan. [percentage points]"""
    wished = zone_targets(request, document)
    planned = planned_zone_shares(document)
    return 100 * max(abs(a - b) for a, b in zip(wished, planned, strict=True))


def main() -> None:
    """Judge all scenarios and write the JSON beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--athletes", type=int, default=500)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    athletes = virtual_athletes(arguments.athletes, seed=1)
    scenarios = {}
    for name, raw in SCENARIOS.items():
        request = PlanRequest.from_dict(raw)
        document = make_plan(request).as_dict()
        scenarios[name] = {
            **quality(request, document, athletes),
            "share_not_worse_with_other_seeds": shares_of_other_seeds(raw, athletes),
            "share_of_sessions_changed_on_resolve": [round(stability(document, raw, w), 3) for w in (2, 4, 6, 8)],
            "zone_error_pp": round(zone_error(request, document), 2),
        }
    result = {
        "command": f"python -m benchmarks.accuracy.plan_quality --athletes {arguments.athletes}",
        "athletes": arguments.athletes,
        "share_outside_the_model_class": 0.5,
        "worst": {
            "share_not_worse": min(item["share_not_worse"] for item in scenarios.values()),
            "share_not_worse_with_other_seeds": min(
                min(item["share_not_worse_with_other_seeds"]) for item in scenarios.values()
            ),
            "gain_pct_p5": min(item["gain_pct_p5_p50_p95"][0] for item in scenarios.values()),
            "share_changed": max(max(i["share_of_sessions_changed_on_resolve"]) for i in scenarios.values()),
            "zone_error_pp": max(item["zone_error_pp"] for item in scenarios.values()),
        },
        "scenarios": scenarios,
    }
    path = write_result(arguments.results, "plan_quality", result)
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
