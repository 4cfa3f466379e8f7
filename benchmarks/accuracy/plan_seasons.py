"""Does a plan survive a season? Missed sessions, illness, pain, absences, bad mornings, wrong thresholds.

    python -m benchmarks.accuracy.plan_seasons --seasons 10

Each simulated athlete lives a plan day by day: 10 to 30 percent of the sessions are missed at random, some are cut
short, some grow longer, illness and pain come and go, the stated threshold is off by up to ten percent, so that hard
sessions feel too easy or are broken off. Every morning the coach looks at the plan; its proposal is accepted. Then the
independent checker looks at what the athlete is asked to do that day, after all that was lived: a broken rule counts,
whoever caused it. Rules that only a later day would break wait for the weekly look, and are counted apart.

Fitness at the end is compared with what the plan promised, and with what the same athlete, ill, away or busy on the
same days, reaches in other ways: by following the first plan unchanged, whatever rule that breaks; by doing each
morning as much of it as the rules of load and the way back from an illness allow after what was lived; and, chosen in
hindsight, by as much of the training done with the first plan as the rules on ramp, Form and the growth of weeks allow.
The last is what was possible for somebody who knows beforehand which sessions will be missed.

Who was ill for five days, missed a fifth of the sessions, or began with a threshold off by five percent is looked at
apart, and so is the load that the plan holds in the third week after an illness, over the one that held Fitness then.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np
from benchmarks.accuracy.plan_quality import SCENARIOS
from benchmarks.accuracy.season_chance import Chance, possible_fitness
from benchmarks.support import write_result
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

Way = Literal["coached", "unchanged", "careful"]
"""By accepting every proposal, by the first plan whatever happens, or by as much of it as the rules of load allow."""

RETURN_SHARES = (0.5, 0.75)
"""Share of the load in the first and second week after an illness, as the coach asks for."""

CAREFUL_SHARES = [tenth / 10 for tenth in range(10, 0, -1)]
LOAD_RULES = frozenset({"ramp", "tsb_floor", "weekly_growth", "session_spike", "monotony", "deload", "taper"})

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
    "fitness_possible",
    "fitness_of_the_careful",
)


class Season:
    """One athlete and their plan."""

    def __init__(self, name: str, seed: int, *, way: Way = "coached") -> None:
        self.way = way
        self.raw = dict(REQUESTS[name])
        self.document = make_plan(PlanRequest.from_dict(self.raw)).as_dict()
        self.first_day = date.fromisoformat(self.document["days"][0]["date"])
        self.chance = Chance(seed, len(self.document["days"]))
        self.planned_end = self._end_ctl(self.document)
        self.lived: dict[date, tuple[dict[str, Any], ...]] = {}
        self.threshold_error = self.chance.threshold_error
        self.ill_until: date | None = None
        self.ill_since: date | None = None
        self.pain_since = date.min
        self.pain_until: date | None = None
        self.well_since: date | None = None
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
        today = self.first_day
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
            "missed_share": round(self.chance.miss, 2),
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
        chance, n = self.chance, (today - self.first_day).days
        if self.ill_until is None and chance.falls_ill[n]:
            self.ill_since, self.ill_until = today, today + timedelta(days=int(chance.ill_days[n]))
        if self.pain_until is None and chance.feels_pain[n]:
            self.pain_since, self.pain_until = today, today + timedelta(days=int(chance.pain_days[n]))
        if not self.away and chance.is_called_away[n]:
            first = today + timedelta(days=int(chance.away_in_days[n]))
            self.away = frozenset(first + timedelta(days=day) for day in range(int(chance.away_days[n])))
        illness = None
        if self.ill_since is not None and self.ill_until is not None:
            is_over = today > self.ill_until
            illness = Illness(self.ill_since, self.ill_until if is_over else None)
            self.ill_days += not is_over
            self.well_since = self.ill_until
            self.looks.add(self.ill_until + timedelta(days=1 + BACK_DAYS))
            if today > self.ill_until + timedelta(days=RETURN_DAYS):
                self.ill_since = self.ill_until = illness = None
        if self.pain_until is not None and today > self.pain_until:
            self.pain_until = None
        self.away = frozenset(day for day in self.away if day >= today)
        life = Life(
            today=today,
            lived=self.lived,
            readiness=float(chance.readiness[n]),
            illness=illness,
            painful={} if self.pain_until is None else {PlanSport.RUNNING: self.pain_since},
            away=self.away,
            n_too_easy=self.too_easy,
        )
        proposal = propose(self.raw, self.document, life) if self.way == "coached" else None
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
        if self.way == "coached":
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
        done, n = [], (today - self.first_day).days
        allowed = self._careful_share(today) if self.way == "careful" else 1.0
        for number, session in enumerate(day["sessions"], start=1):
            if session["kind"] != "race" and self.chance.is_missed[n, number - 1]:
                continue
            share = float(self.chance.share[n, number - 1])
            if session.get("hard") and self.threshold_error > 0.05 and self.chance.is_broken_off[n, number - 1]:
                share = 0.6  # Targets that are too high: broken off.
            if session.get("hard") and self.threshold_error < -0.04:
                self.too_easy += 1
            if session["kind"] != "race":
                share *= allowed
            if share > 0:
                done.append(_done(today, number, session, share))
        if done:
            self.lived[today] = tuple(done)

    def _careful_share(self, today: date) -> float:
        """Return how much of today's sessions keeps the rules after all that was lived, and the way back if ill."""
        request = PlanRequest.from_dict(self.raw)
        most = 1.0
        if self.well_since is not None:
            week = (today - self.well_since).days // 7
            most = RETURN_SHARES[week] if week < len(RETURN_SHARES) else 1.0
        return next((most * share for share in CAREFUL_SHARES if self._is_careful(most * share, today, request)), 0.0)

    def _is_careful(self, share: float, today: date, request: PlanRequest) -> bool:
        def cut(when: date, session: dict[str, Any]) -> dict[str, Any] | None:
            if session["kind"] == "race" or when < today:
                return session
            return _done(when, int(session["id"][-1]), session, share) if when == today else None

        lived = with_lived(self.document, self.lived, today)
        tried = recounted(replaced(lived, request, cut), request)
        monday = today - timedelta(days=(today - self.first_day).days % 7)
        # A week that should be an easier one is judged as a whole.
        failed = {*_failed(tried, request, today), *({"deload"} & set(_failed(tried, request, monday)))}
        return LOAD_RULES.isdisjoint(failed)


def _done(day: date, number: int, session: dict[str, Any], share: float) -> dict[str, Any]:
    return recorded_session(
        day=day,
        number=number,
        sport=session["sport"],
        minutes=session["minutes"] * share,
        load_au=session["load"] * share,
        planned=session,
    )


def _failed(document: dict[str, Any], request: PlanRequest, today: date) -> list[str]:
    return [item["rule"] for item in check(document, request, since=today) if item["status"] == "fail"]


def _until(document: dict[str, Any], today: date, request: PlanRequest) -> dict[str, Any]:
    """Return the plan with nothing after today but the race, which the athlete chose."""
    return replaced(
        document, request, lambda when, session: session if when <= today or session["kind"] == "race" else None
    )


def season(name: str, seed: int) -> dict[str, Any]:
    """Live one season with the coach, one by the first plan unchanged, and one by what of it the rules allow."""
    coached = Season(name, seed).run()
    careful = Season(name, seed, way="careful").run()["fitness"]
    lonely = Season(name, seed, way="unchanged")
    alone = lonely.run()["fitness"]
    done = {when: sum(session["load"] for session in sessions) for when, sessions in lonely.lived.items()}
    days = [date.fromisoformat(day["date"]) for day in lonely.document["days"]]
    possible = round(possible_fitness(PlanRequest.from_dict(lonely.raw), days, done), 1)
    fitness = [coached["fitness"], careful, possible, alone]
    print(name, seed, dict(coached["codes"]), dict(coached["broken"]), fitness, flush=True)
    return coached | {
        "plan": name,
        "seed": seed,
        "fitness_by_the_first_plan": alone,
        "fitness_possible": possible,
        "fitness_of_the_careful": careful,
    }


def kept_season(held: Path | None, name: str, seed: int) -> dict[str, Any]:
    """Live a season, or read it from where an interrupted run left it."""
    file = None if held is None else held / f"{name}-{seed}.json"
    if file is not None and file.exists():
        found = json.loads(file.read_text(encoding="utf-8"))
        return dict(found) | {"codes": Counter(found["codes"]), "broken": Counter(found["broken"])}
    lived = season(name, seed)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(lived), encoding="utf-8")
    return lived


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
    parser.add_argument("--held", type=Path, help="folder for finished seasons: an interrupted run goes on from there")
    arguments = parser.parse_args()
    jobs = [(name, seed) for name in REQUESTS for seed in range(arguments.seasons)]
    with ProcessPoolExecutor(arguments.processes) as pool:
        results = list(pool.map(kept_season, [arguments.held] * len(jobs), *zip(*jobs, strict=True)))
    codes: Counter[str] = sum((item["codes"] for item in results), Counter())
    mornings = sum(item["mornings"] for item in results)
    kept = [item["fitness_kept"] for item in results]
    recovered = [item["fitness"] / max(1.0, item["fitness_by_the_first_plan"]) for item in results]
    of_possible = [item["fitness"] / max(1.0, item["fitness_possible"]) for item in results]
    of_careful = [item["fitness"] / max(1.0, item["fitness_of_the_careful"]) for item in results]
    every = list(dict.fromkeys(reason for item in results for reason in item["reasons"]))
    of_possible_by_group = {
        name: [share for share, item in zip(of_possible, results, strict=True) if belongs(item)]
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
        "fitness_at_the_end_over_what_was_possible_p5_p50_p95": _percentiles(of_possible),
        "fitness_at_the_end_over_that_of_the_careful_p5_p50_p95": _percentiles(of_careful),
        "of_what_was_possible_by_what_went_wrong": {
            name: {"seasons": len(shares), "p5_p50_p95": _percentiles(shares)}
            for name, shares in of_possible_by_group.items()
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
