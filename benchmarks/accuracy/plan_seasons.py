"""Does a plan survive a season? Missed sessions, illness, pain, absences, bad mornings, wrong thresholds.

    python -m benchmarks.accuracy.plan_seasons --seasons 20

Each simulated athlete lives a plan day by day: 10 to 30 percent of the sessions are missed at random, some are cut
short, some grow longer, illness and pain come and go, the stated threshold is off by up to ten percent, so that hard
sessions feel too easy or are broken off. Every morning the coach looks at the plan; its proposal is accepted. After
every morning the independent checker runs on what is still planned: a broken rule counts, whoever caused it.
"""

from __future__ import annotations

import argparse
from collections import Counter
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
from topform.coaching.adaptation.lived import recorded_session
from topform.coaching.adaptation.recount import recounted
from topform.coaching.adaptation.replan import with_lived
from topform.coaching.checker import check
from topform.coaching.goals import PlanSport
from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest

REQUESTS = {**SCENARIOS, "push_ups": PUSH_UPS}
EXAMPLES = 10


class Season:
    """One athlete and their plan."""

    def __init__(self, name: str, seed: int) -> None:
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
        self.held = 0

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
            "mornings": self.held,
            "fitness_kept": self._end_ctl(lived) / max(1.0, self.planned_end),
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
            if today > self.ill_until + timedelta(days=1):
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
        proposal = propose(self.raw, self.document, life)
        if proposal is not None:
            self.codes[proposal.code] += 1
            self.reasons.append(proposal.reason)
            self.raw, self.document = proposal.request, proposal.document
            if proposal.code == "too_easy":
                self.too_easy, self.threshold_error = 0, self.threshold_error + 0.025
        request = PlanRequest.from_dict(self.raw)
        now = recounted(with_lived(self.document, self.lived, today), request)
        self.held += 1
        for item in check(now, request, since=today):
            if item["status"] == "fail":
                self.broken[item["rule"]] += 1

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


def season(name: str, seed: int) -> dict[str, Any]:
    """Live one season."""
    return Season(name, seed).run()


def main() -> None:
    """Live all seasons and write the JSON beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seasons", type=int, default=20, help="for each kind of plan")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    jobs = [(name, seed) for name in REQUESTS for seed in range(arguments.seasons)]
    with ProcessPoolExecutor(arguments.processes) as pool:
        results = list(pool.map(season, *zip(*jobs, strict=True)))
    codes = sum((item["codes"] for item in results), Counter())
    kept = [item["fitness_kept"] for item in results]
    every = list(dict.fromkeys(reason for item in results for reason in item["reasons"]))
    rng = np.random.default_rng(0)
    result = {
        "command": f"python -m benchmarks.accuracy.plan_seasons --seasons {arguments.seasons}",
        "seasons": len(jobs),
        "mornings": sum(item["mornings"] for item in results),
        "broken_rules": dict(sum((item["broken"] for item in results), Counter())),
        "proposals": dict(codes.most_common()),
        "proposals_a_week": round(7 * sum(codes.values()) / sum(item["mornings"] for item in results), 2),
        "fitness_at_the_end_over_planned_p5_p50_p95": [round(float(x), 2) for x in np.percentile(kept, [5, 50, 95])],
        "reasons": [str(x) for x in rng.choice(every, size=min(EXAMPLES, len(every)), replace=False)],
    }
    path = write_result(arguments.results, "plan_seasons", result)
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
