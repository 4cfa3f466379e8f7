"""How long does a plan take on one core?

    python -m benchmarks.speed.planning --repeats 15

24 weeks to a marathon, the next four weeks of the same plan again, and what-ifs in its first week, which choose all
that is left of it. CPU seconds are what one core needs; wall seconds include what else the machine was doing.
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
REPLANNED_WEEKS = 4
WHAT_IFS: dict[str, dict[str, Any]] = {
    "skip_a_week": {"type": "skip_week", "week_of": "2026-12-28"},
    "add_time_on_a_day": {"type": "add_day", "weekday": "mon", "minutes": 75},
    "race_two_weeks_later": {"type": "move_race", "days": 14},
}
ASKED_ON = date(2026, 12, 9)


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
    today = date.fromisoformat(MARATHON["goal"]["date"]) - timedelta(days=7 * REPLANNED_WEEKS - 1)
    result = {
        "command": f"python -m benchmarks.speed.planning --repeats {arguments.repeats}",
        "limits_s": {"plan_of_24_weeks": 3.0, "replan_of_4_weeks": 1.0, "what_if": 2.0},
        "plan_of_24_weeks": timed(lambda: make_plan(request), arguments.repeats),
        "replan_of_4_weeks": timed(lambda: continued(MARATHON, document, today=today), arguments.repeats),
        "what_if": {
            name: timed(partial(what_if, MARATHON, document, change, today=ASKED_ON, lived={}), arguments.repeats)
            for name, change in WHAT_IFS.items()
        },
    }
    path = write_result(arguments.results, "planning", result)
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
