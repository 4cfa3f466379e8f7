"""Are plans safe, whatever is asked?

    python -m benchmarks.accuracy.plan_safety --requests 10000

Random requests of every goal, sport and level, awkward lives included; the independent checker counts broken rules.
A plan that cannot give everything must say what gave way: plans without any training that say nothing are counted, too.
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
from tests.support.plan_documents import failed_rules
from tests.support.plan_requests import make_rng, random_request

from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest
from topform.core.errors import TopFormError


def safety(n_requests: int, first_seed: int, max_weeks: int) -> dict[str, Any]:
    """Plan random requests; count broken rules and failures, and take the time."""
    broken: Counter[str] = Counter()
    failures: list[str] = []
    relaxed: Counter[str] = Counter()
    seconds, weeks, rest_only, silent = [], [], 0, []
    for seed in range(first_seed, first_seed + n_requests):
        if (seed - first_seed) % 500 == 0:
            print(f"{seed - first_seed} of {n_requests}, broken {dict(broken)}, failed {failures}", flush=True)
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
        if not any(session["kind"] != "race" for day in document["days"] for session in day["sessions"]):
            rest_only += 1
            if not document["relaxed"] and len(document["days"]) > 2:
                silent.append(f"seed {seed}")
    return {
        "requests": n_requests,
        "first_seed": first_seed,
        "violations": dict(broken),
        "failures": failures,
        "plans_without_training": rest_only,
        "plans_without_training_that_do_not_say_why": silent,
        "relaxed": dict(relaxed),
        "cpu_seconds_median": round(float(np.median(seconds)), 3),
        "cpu_seconds_p95": round(float(np.percentile(seconds, 95)), 3),
        "cpu_seconds_max": round(max(seconds), 3),
        "weeks_median": float(np.median(weeks)),
    }


def main() -> None:
    """Plan, check, and write the JSON beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--first-seed", type=int, default=10_000)
    parser.add_argument("--max-weeks", type=int, default=16)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    arguments = parser.parse_args()
    result = {
        "command": f"python -m benchmarks.accuracy.plan_safety --requests {arguments.requests}",
        "solvers": {"ortools": ortools.__version__, "scipy": scipy.__version__},
        "safety": safety(arguments.requests, arguments.first_seed, arguments.max_weeks),
    }
    path = write_result(arguments.results, "plan_safety", result)
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
