"""What a plan holds: the daily loads of a season, feasible weeks, push-up sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from tests.reference.published.sessions import Tree
from tests.support.plan_documents import HALF_MARATHON, failed_rules

from topform.coaching.planner.daily_load import (
    LINEAR_SEGMENTS,
    SATURATING_SEGMENTS,
    LinearLimit,
    LoadProblem,
    Response,
    solve,
)
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.strength import standard_prescription
from topform.core.arrays import FloatArray
from topform.science.fitness import load_averages

Segments = Sequence[tuple[float, float, float]]
TEXTBOOK_DAYS = np.array([0, 0.14, 0.22, 0.14, 0, 0.2, 0.3])
"""Shares of a week; the example does not print them. These give its four load averages and both performances."""

LETTERS = {
    "L": ("long", 120, 70.0),
    "H": ("threshold", 45, 88.0),
    "E": ("easy", 40, 70.0),
}


@dataclass(frozen=True)
class Season:
    """A made season: where the athlete stands, what each weekday can hold, and how performance answers to load."""

    n_days: int
    taus: tuple[float, float]
    gains: tuple[float, float]
    performance_now: float
    level: float
    caps: Sequence[float]
    ramp: float
    balance_floor: float

    def week(self, index: int) -> FloatArray:
        """Return the row that sums a week."""
        row = np.zeros(self.n_days)
        row[7 * index : 7 * index + 7] = 1
        return row

    def limits(self, *, total: float | None = None, weekly_floor: float | None = None) -> list[LinearLimit]:
        """Return the rules of the example: deload in weeks 4 and 8, taper in 9 and 10, total, least week."""
        before = sum(self.week(index) for index in range(4, 8)) / 4
        limits = [
            LinearLimit(self.week(3) - 0.7 * self.week(2), high=0),
            LinearLimit(self.week(7) - 0.7 * self.week(6), high=0),
            LinearLimit(self.week(8) - 0.55 * before, low=0),
            LinearLimit(self.week(9) - 0.35 * before, low=0),
        ]
        if total is not None:
            limits.append(LinearLimit(np.ones(self.n_days), high=total))
        if weekly_floor is not None:
            limits += [LinearLimit(self.week(index), low=weekly_floor) for index in range(8)]
        return limits

    def response(self) -> Response:
        return Response.fixed(
            n_days=self.n_days,
            target_day=self.n_days,
            tau_fitness=self.taus[0],
            tau_fatigue=self.taus[1],
            gains=self.gains,
        )

    def best(
        self, segments: Segments = LINEAR_SEGMENTS, *, total: float | None = None, weekly_floor: float | None = None
    ) -> FloatArray:
        """Return the planner's daily loads."""
        problem = LoadProblem(
            caps_au=np.tile(self.caps, self.n_days // 7).astype(np.float64),
            ctl=self.level,
            atl=self.level,
            ctl_before=np.full(7, self.level),
            ramp_au=self.ramp,
            tsb_floor_au=self.balance_floor,
            response=self.response(),
            limits=tuple(self.limits(total=total, weekly_floor=weekly_floor)),
            segments=tuple(segments),
        )
        return solve(problem).loads_au

    def performance(self, loads: FloatArray, segments: Segments = LINEAR_SEGMENTS) -> float:
        """Return the performance on the morning of the race.

        Before the first day the load was steady; what that was worth is in the performance of now, and fades.
        """
        value = self.performance_now
        for sign, tau, gain in zip((1, -1), self.taus, self.gains, strict=True):
            steady = self.level / (np.exp(1 / tau) - 1)
            value += sign * gain * steady * (np.exp(-self.n_days / tau) - 1)
        response, taken = self.response(), 0.0
        for width, benefit, cost in segments:
            part = np.clip(loads - taken, 0.0, width)
            value += float(benefit * response.benefit[0] @ part - cost * response.cost[0] @ part)
            taken += width
        return float(value)

    def textbook(self) -> FloatArray:
        """Return weeks that grow by 6 %, every fourth at 65 %, then 60 and 40 %, with a long day on Sunday."""
        weeks, load = [], 7 * self.level
        for place in range(8):
            weeks.append(0.65 * weeks[-1] if place % 4 == 3 else load)
            load = load if place % 4 == 3 else 1.06 * load
        weeks += [0.6 * weeks[6], 0.4 * weeks[6]]
        return np.concatenate([week * TEXTBOOK_DAYS for week in weeks])

    def course(self, loads: FloatArray) -> Tree:
        """Return what the load averages of a plan come to."""
        averages = load_averages(loads, ctl_start=self.level, atl_start=self.level)
        return {
            "weekly": loads.reshape(-1, 7).sum(axis=1).tolist(),
            "total": loads.sum(),
            "race_LTL": averages.ctl[-1],
            "peak_LTL": averages.ctl.max(),
            "race_balance": averages.tsb[-1],
            "min_balance": averages.tsb.min(),
        }


def season_of(params: Tree) -> Season:
    return Season(
        n_days=params["N_days"],
        taus=tuple(params["tau"]),
        gains=(params["k1"], params["k2"]),
        performance_now=params["p_now"],
        level=params["LTL0=STL0"],
        caps=params["caps_mon..sun"],
        ramp=params["ramp"],
        balance_floor=params["balance_floor"],
    )


def gain_pct(better: float, than: float) -> float:
    return 100 * (better / than - 1)


def plan_lp_values(given: Tree) -> Tree:
    season = season_of(given["plan_lp"]["params"])
    textbook = season.textbook()
    total = float(textbook.sum())
    equal, free = season.best(total=total), season.best()
    saturating = season.best(SATURATING_SEGMENTS, total=total)
    worth = season.performance
    textbook_saturating = worth(textbook, SATURATING_SEGMENTS)
    best_saturating = worth(saturating, SATURATING_SEGMENTS)
    return {
        "textbook": {
            **season.course(textbook),
            "race_perf": worth(textbook),
            "race_perf_sat": textbook_saturating,
        },
        "lp_equal_total": {**season.course(equal), "race_perf": worth(equal)},
        "lp_free_total": {**season.course(free), "race_perf": worth(free)},
        "lp_equal_total_saturating": {**season.course(saturating), "race_perf_sat": best_saturating},
        "gain_equal_total_pct": gain_pct(worth(equal), worth(textbook)),
        "gain_free_total_pct": gain_pct(worth(free), worth(textbook)),
        "gain_equal_total_saturating_pct": gain_pct(best_saturating, textbook_saturating),
    }


def plan_lp_with_weekly_floor_values(given: Tree) -> Tree:
    season = season_of(given["plan_lp"]["params"])
    textbook = season.textbook()
    loads = season.best(SATURATING_SEGMENTS, total=float(textbook.sum()), weekly_floor=0.75 * 7 * season.level)
    best, usual = season.performance(loads, SATURATING_SEGMENTS), season.performance(textbook, SATURATING_SEGMENTS)
    return {
        **season.course(loads),
        "race_perf_sat": best,
        "textbook_sat": usual,
        "gain_pct": gain_pct(best, usual),
    }


def weekly_assignment_values(given: Tree) -> Tree:
    """The orders of the seven sessions in which our plan checker finds no fault when the week comes twice."""
    minutes = {"mon": 0, **dict.fromkeys(("tue", "wed", "thu", "fri"), 60), "sat": 150, "sun": 150}
    request = PlanRequest.from_dict({**HALF_MARATHON, "available_minutes": minutes})
    rules = {"availability", "preferred_rest", "hard_easy"}
    found = [
        "".join(order)
        for order in sorted(set(permutations(given["weekly_assignment"]["sessions"])))
        if not rules & failed_rules(two_weeks("".join(order)), request)
    ]
    return {"n_feasible": len(found), "list": found}


def two_weeks(order: str) -> Tree:
    days = []
    for place, letter in enumerate(order * 2):
        kind, minutes, pct = LETTERS.get(letter, ("", 0, 0.0))
        session = {
            "id": f"s{place}",
            "sport": "running",
            "kind": kind,
            "minutes": minutes,
            "load": round(minutes / 60 * pct**2 / 100, 1),
            "steps": [{"kind": "steady", "duration_s": minutes * 60, "intensity_pct": [pct, pct]}],
        }
        days.append(
            {
                "date": f"2027-03-{place + 1:02d}",
                "sessions": [session] if minutes else [],
                "ctl": 40.0,
                "atl": 40.0,
                "tsb": 0.0,
            }
        )
    return {"days": days}


def pushup_values(given: Tree) -> list[Tree]:
    found = []
    for row in given["pushup_prescription"]:
        plan = standard_prescription(row["max"])
        found.append({"sets": plan.sets, "reps": plan.reps, "total": plan.total})
    return found


VALUES: dict[str, Any] = {
    "plan_lp": plan_lp_values,
    "plan_lp_with_weekly_floor": plan_lp_with_weekly_floor_values,
    "weekly_assignment": weekly_assignment_values,
    "pushup_prescription": pushup_values,
}
