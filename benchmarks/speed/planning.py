"""How long does a plan take on one core?

    python -m benchmarks.speed.planning --repeats 15

24 weeks to a marathon, the next four weeks of the same plan again, and what-ifs in its first week, which choose all
that is left of it; the same what-ifs for 18 weeks to an olympic triathlon, three sports to choose from every day, with
and without two strength sessions a week. CPU seconds are what one core needs; wall seconds include what else the
machine was doing.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.support import write_result

from topform.coaching.adaptation.replan import continued
from topform.coaching.adaptation.what_if import what_if
from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest

MARATHON: dict[str, Any] = {
    "athlete": {"sport": "running", "experience": "advanced", "ctl": 60, "recent_longest": {"minutes": 100}},
    "goal": {"type": "race", "sport": "running", "distance_m": 42_195, "date": "2027-05-23"},
    "start": "2026-12-07",
    "available_minutes": {"tue": 75, "wed": 90, "thu": 75, "fri": 60, "sat": 90, "sun": 180, "mon": 45},
}
TRIATHLON: dict[str, Any] = {
    "athlete": {"sport": "triathlon", "experience": "intermediate", "ctl": 45},
    "goal": {"type": "race", "sport": "triathlon", "distance_m": 51_500, "date": "2027-04-11"},
    "start": "2026-12-07",
    "available_minutes": {"mon": 45, "tue": 60, "wed": 60, "thu": 60, "fri": 45, "sat": 120, "sun": 150},
}
WITH_STRENGTH: dict[str, Any] = {**TRIATHLON, "constraints": {"strength_per_week": 2}}
REPLANNED_WEEKS = 4
WHAT_IFS: dict[str, dict[str, Any]] = {
    "skip_a_week": {"type": "skip_week", "week_of": "2026-12-28"},
    "add_time_on_a_day": {"type": "add_day", "weekday": "mon", "minutes": 75},
    "race_two_weeks_later": {"type": "move_race", "days": 14},
}
ASKED_ON = date(2026, 12, 9)


def asked(request: dict[str, Any], repeats: int) -> dict[str, Any]:
    """Time every what-if on a plan, asked on its third day."""
    document = make_plan(PlanRequest.from_dict(request)).as_dict()
    return {
        name: timed(partial(what_if, request, document, change, today=ASKED_ON, lived={}), repeats)
        for name, change in WHAT_IFS.items()
    }


def timed(run: Callable[[], object], repeats: int) -> dict[str, Any]:
    """Return medians over the repeats after one to warm up."""
    run()
    wall, cpu = [], []
    for _ in range(repeats):
        started, cpu_started = time.perf_counter(), time.process_time()
        run()
        wall.append(time.perf_counter() - started)
        cpu.append(time.process_time() - cpu_started)
    return {
        "repeats": repeats,
        "cpu_seconds_median": round(float(np.median(cpu)), 3),
        "cpu_seconds_max": round(max(cpu), 3),
        "wall_seconds_median": round(float(np.median(wall)), 3),
    }


def main() -> None:
    """Time all and write the JSON beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    request = PlanRequest.from_dict(MARATHON)
    document = make_plan(request).as_dict()
    triathlon, with_strength = PlanRequest.from_dict(TRIATHLON), PlanRequest.from_dict(WITH_STRENGTH)
    today = date.fromisoformat(MARATHON["goal"]["date"]) - timedelta(days=7 * REPLANNED_WEEKS - 1)
    result = {
        "command": f"python -m benchmarks.speed.planning --repeats {arguments.repeats}",
        "limits_s": {"plan_of_24_weeks": 3.0, "replan_of_4_weeks": 1.0, "what_if": 2.0},
        "plan_of_24_weeks": timed(lambda: make_plan(request), arguments.repeats),
        "replan_of_4_weeks": timed(lambda: continued(MARATHON, document, today=today), arguments.repeats),
        "what_if": asked(MARATHON, arguments.repeats),
        "plan_of_18_weeks_of_triathlon": timed(lambda: make_plan(triathlon), arguments.repeats),
        "what_if_of_triathlon": asked(TRIATHLON, arguments.repeats),
        "plan_of_18_weeks_of_triathlon_with_strength": timed(lambda: make_plan(with_strength), arguments.repeats),
        "what_if_of_triathlon_with_strength": asked(WITH_STRENGTH, arguments.repeats),
    }
    path = write_result(arguments.results, "planning", result)
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
