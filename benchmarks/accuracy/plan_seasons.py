"""Does a plan survive a season? Missed sessions, illness, pain, absences, bad mornings, wrong thresholds.

    python -m benchmarks.accuracy.plan_seasons --seasons 10

Each simulated athlete lives a plan day by day: 10 to 30 percent of the sessions are missed at random, some are cut
short, some grow longer, illness and pain come and go, the stated threshold is off by up to ten percent, so that hard
sessions feel too easy or are broken off. Every morning the coach looks at the plan; its proposal is accepted. Then the
independent checker looks at what the athlete is asked to do that day, after all that was lived: a broken rule counts,
whoever caused it. Rules that only a later day would break wait for the weekly look, and are counted apart.

Fitness at the end is compared with what the plan promised, and with what the same athlete, the same in everything but
chance, reaches by following the first plan unchanged: nobody who misses a quarter of the sessions reaches all of it.
Who was ill for five days, missed a fifth of the sessions, or began with a threshold off by five percent is looked at
apart, and so is the load that the plan holds in the third week after an illness, over the one that held Fitness then.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.accuracy.plan_quality import SCENARIOS
from benchmarks.support import write_result
from numpy.random import Generator
from tests.support.plan_documents import PUSH_UPS

from topform.coaching.adaptation import Illness, Life, propose
from topform.coaching.adaptation.edits import replaced
from topform.coaching.adaptation.lived import recorded_session
from topform.coaching.adaptation.recount import recounted
from topform.coaching.adaptation.replan import with_lived
from topform.coaching.checker import check
from topform.coaching.goals import PlanSport
from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest

REQUESTS = {**SCENARIOS, "push_ups": PUSH_UPS}
EXAMPLES = 10
RETURN_DAYS = 5
"""So long after an illness its end may be told. [d]"""

BACK_DAYS = 14
"""So long after an illness the way back is over, and the plan should hold an ordinary week again. [d]"""

GROUPS: dict[str, Callable[[dict[str, Any]], bool]] = {
    "ill_for_five_days": lambda item: item["ill_days"] >= 5,
    "missed_a_fifth": lambda item: item["missed_share"] >= 0.2,
    "threshold_off_by_five_percent": lambda item: abs(item["threshold_error_pct"]) >= 5,
}

ROW = (
    "plan",
    "seed",
    "missed_share",
    "ill_days",
    "threshold_error_pct",
    "planned_fitness",
    "fitness",
    "fitness_by_the_first_plan",
)


class Season:
    """One athlete and their plan."""

    def __init__(self, name: str, seed: int, *, is_coached: bool = True) -> None:
        self.is_coached = is_coached
        self.rng: Generator = np.random.default_rng(seed)
        self.raw = dict(REQUESTS[name])
        self.document = make_plan(PlanRequest.from_dict(self.raw)).as_dict()
        self.planned_end = self._end_ctl(self.document)
        self.lived: dict[date, tuple[dict[str, Any], ...]] = {}
        self.miss = self.rng.uniform(0.1, 0.3)
        self.threshold_error = self.rng.uniform(-0.1, 0.1)
        self.ill_until: date | None = None
        self.ill_since: date | None = None
        self.pain_since = date.min
        self.pain_until: date | None = None
        self.away: frozenset[date] = frozenset()
        self.too_easy = 0
        self.codes: Counter[str] = Counter()
        self.reasons: list[str] = []
        self.broken: Counter[str] = Counter()
        self.waiting = 0
        self.held = 0
        self.ill_days = 0
        self.looks: set[date] = set()
        self.weeks_after_illness: list[float] = []

    def run(self) -> dict[str, Any]:
        """Live every day of the plan."""
        today = date.fromisoformat(self.document["days"][0]["date"])
        last = date.fromisoformat(self.document["days"][-1]["date"])
        while today <= last:
            self._morning(today)
            self._train(today)
            today += timedelta(days=1)
            last = date.fromisoformat(self.document["days"][-1]["date"])
        lived = recounted(with_lived(self.document, self.lived, today), PlanRequest.from_dict(self.raw))
        return {
            "codes": self.codes,
            "reasons": self.reasons,
            "broken": self.broken,
            "waiting": self.waiting,
            "mornings": self.held,
            "missed_share": round(self.miss, 2),
            "ill_days": self.ill_days,
            "threshold_error_pct": round(100 * self.threshold_error, 1),
            "planned_fitness": round(self.planned_end, 1),
            "fitness": round(self._end_ctl(lived), 1),
            "fitness_kept": self._end_ctl(lived) / max(1.0, self.planned_end),
            "weeks_after_illness": self.weeks_after_illness,
        }

    @staticmethod
    def _end_ctl(document: dict[str, Any]) -> float:
        return float(document["days"][max(0, len(document["days"]) - 2)]["ctl"])

    def _morning(self, today: date) -> None:
        rng = self.rng
        if self.ill_until is None and rng.random() < 0.008:
            self.ill_since, self.ill_until = today, today + timedelta(days=int(rng.integers(2, 12)))
        if self.pain_until is None and rng.random() < 0.006:
            self.pain_since, self.pain_until = today, today + timedelta(days=int(rng.integers(3, 10)))
        if not self.away and rng.random() < 0.006:
            first = today + timedelta(days=int(rng.integers(2, 10)))
            self.away = frozenset(first + timedelta(days=day) for day in range(int(rng.integers(2, 8))))
        illness = None
        if self.ill_since is not None and self.ill_until is not None:
            is_over = today > self.ill_until
            illness = Illness(self.ill_since, self.ill_until if is_over else None)
            self.ill_days += not is_over
            self.looks.add(self.ill_until + timedelta(days=1 + BACK_DAYS))
            if today > self.ill_until + timedelta(days=RETURN_DAYS):
                self.ill_since = self.ill_until = illness = None
        if self.pain_until is not None and today > self.pain_until:
            self.pain_until = None
        self.away = frozenset(day for day in self.away if day >= today)
        life = Life(
            today=today,
            lived=self.lived,
            readiness=float(np.clip(rng.normal(52, 13), 0, 100)),
            illness=illness,
            painful={} if self.pain_until is None else {PlanSport.RUNNING: self.pain_since},
            away=self.away,
            n_too_easy=self.too_easy,
        )
        proposal = propose(self.raw, self.document, life) if self.is_coached else None
        if proposal is not None:
            self.codes[proposal.code] += 1
            self.reasons.append(proposal.reason)
            self.raw, self.document = proposal.request, proposal.document
            if proposal.code == "too_easy":
                self.too_easy, self.threshold_error = 0, self.threshold_error + 0.025
        request = PlanRequest.from_dict(self.raw)
        now = recounted(with_lived(self.document, self.lived, today), request)
        self.held += 1
        if today in self.looks and self.ill_until is None:
            self._look_at_the_way_back(now, today)
        if self.is_coached:
            self.broken.update(_failed(_until(now, today, request), request, today))
            self.waiting += bool(_failed(now, request, today))

    def _look_at_the_way_back(self, document: dict[str, Any], today: date) -> None:
        """Note what an ordinary week holds two weeks after an illness, over what holds the Fitness of that morning."""
        days = [day for day in document["days"] if today <= date.fromisoformat(day["date"]) < today + timedelta(days=7)]
        place = (today - date.fromisoformat(document["days"][0]["date"])).days
        weeks = document["forecast"]["weeks"][place // 7 : (place + 6) // 7 + 1]
        if len(days) == 7 and not any(week["easier"] or week["phase"] == "taper" for week in weeks):
            ctl = float(document["days"][place - 1]["ctl"])
            self.weeks_after_illness.append(sum(float(day["load"]) for day in days) / max(1.0, 7 * ctl))

    def _train(self, today: date) -> None:
        day = next((d for d in self.document["days"] if d["date"] == today.isoformat()), None)
        if day is None or (self.ill_until is not None and today <= self.ill_until) or today in self.away:
            return
        done = []
        for number, session in enumerate(day["sessions"], start=1):
            if session["kind"] != "race" and self.rng.random() < self.miss:
                continue
            share = float(self.rng.choice([1.0, 1.0, 1.0, 0.55, 1.15]))
            if session.get("hard") and self.threshold_error > 0.05 and self.rng.random() < 0.3:
                share = 0.6  # Targets that are too high: broken off.
            if session.get("hard") and self.threshold_error < -0.04:
                self.too_easy += 1
            done.append(
                recorded_session(
                    day=today,
                    number=number,
                    sport=session["sport"],
                    minutes=session["minutes"] * share,
                    load_au=session["load"] * share,
                    planned=session,
                )
            )
        if done:
            self.lived[today] = tuple(done)


def _failed(document: dict[str, Any], request: PlanRequest, today: date) -> list[str]:
    return [item["rule"] for item in check(document, request, since=today) if item["status"] == "fail"]


def _until(document: dict[str, Any], today: date, request: PlanRequest) -> dict[str, Any]:
    """Return the plan with nothing after today but the race, which the athlete chose."""
    return replaced(
        document, request, lambda when, session: session if when <= today or session["kind"] == "race" else None
    )


def season(name: str, seed: int) -> dict[str, Any]:
    """Live one season with the coach, and one by the first plan unchanged."""
    coached = Season(name, seed).run()
    alone = Season(name, seed, is_coached=False).run()
    print(name, seed, dict(coached["codes"]), dict(coached["broken"]), coached["fitness"], alone["fitness"], flush=True)
    return coached | {"plan": name, "seed": seed, "fitness_by_the_first_plan": alone["fitness"]}


def _percentiles(values: list[float]) -> list[float] | None:
    if not values:
        return None
    return [round(float(x), 2) for x in np.percentile(values, [5, 50, 95])]


def main() -> None:
    """Live all seasons and write the JSON beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seasons", type=int, default=10, help="for each kind of plan")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    jobs = [(name, seed) for name in REQUESTS for seed in range(arguments.seasons)]
    with ProcessPoolExecutor(arguments.processes) as pool:
        results = list(pool.map(season, *zip(*jobs, strict=True)))
    codes = sum((item["codes"] for item in results), Counter())
    mornings = sum(item["mornings"] for item in results)
    kept = [item["fitness_kept"] for item in results]
    recovered = [item["fitness"] / max(1.0, item["fitness_by_the_first_plan"]) for item in results]
    every = list(dict.fromkeys(reason for item in results for reason in item["reasons"]))
    recovered_by_group = {
        name: [share for share, item in zip(recovered, results, strict=True) if belongs(item)]
        for name, belongs in GROUPS.items()
    }
    back = [share for item in results for share in item["weeks_after_illness"]]
    rng = np.random.default_rng(0)
    result = {
        "command": f"python -m benchmarks.accuracy.plan_seasons --seasons {arguments.seasons}",
        "seasons": len(jobs),
        "mornings": mornings,
        "broken_rules": dict(sum((item["broken"] for item in results), Counter())),
        "mornings_on_which_a_later_day_waits_share": round(sum(item["waiting"] for item in results) / mornings, 3),
        "questions": dict(codes.most_common()),
        "questions_a_week": round(7 * sum(codes.values()) / mornings, 2),
        "fitness_at_the_end_over_planned_p5_p50_p95": _percentiles(kept),
        "fitness_at_the_end_over_that_by_the_first_plan_p5_p50_p95": _percentiles(recovered),
        "the_same_by_what_went_wrong": {
            name: {"seasons": len(shares), "p5_p50_p95": _percentiles(shares)}
            for name, shares in recovered_by_group.items()
        },
        "third_week_after_an_illness": {
            "weeks": len(back),
            "load_over_that_which_holds_fitness_p5_p50_p95": _percentiles(back),
        },
        "reasons": [str(x) for x in rng.choice(every, size=min(EXAMPLES, len(every)), replace=False)],
        "each": [{name: item[name] for name in ROW} | {"questions": sum(item["codes"].values())} for item in results],
    }
    path = write_result(arguments.results, "plan_seasons", result)
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
