"""Are plans safe, whatever is asked?

    python -m benchmarks.accuracy.plan_safety --requests 10000

Random requests of every goal, sport and level, awkward lives included; the independent checker counts broken rules.
Most plans are short, so that many can be made; one in twenty more lasts up to 24 weeks.
A plan that cannot give everything must say what gave way: plans without any training that say nothing are counted, too.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.support import write_result
from tests.support.plan_documents import failed_rules
from tests.support.plan_requests import make_rng, random_request

from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest
from topform.core.errors import TopFormError

CHUNK = 50
MIN_DAYS = 2
"""A race tomorrow leaves nothing to relax."""


def chunk(first_seed: int, n_requests: int, max_weeks: int) -> dict[str, Any]:
    """Plan some random requests; count broken rules and failures, and take the time."""
    broken: Counter[str] = Counter()
    relaxed: Counter[str] = Counter()
    failures, silent, seconds, weeks, without = [], [], [], [], 0
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
        if not any(session["kind"] != "race" for day in document["days"] for session in day["sessions"]):
            without += 1
            if not document["relaxed"] and len(document["days"]) > MIN_DAYS:
                silent.append(f"seed {seed}")
    return {
        "broken": broken,
        "relaxed": relaxed,
        "failures": failures,
        "silent": silent,
        "seconds": seconds,
        "weeks": weeks,
        "without": without,
    }


def planner_version() -> str:
    """Return what git calls the state of the planning code: a run that is taken up again must be of the same code."""
    tree = ["git", "rev-parse", "HEAD:src/topform/coaching/planner", "HEAD:src/topform/coaching/workouts"]
    return "-".join(subprocess.run(tree, capture_output=True, text=True, check=True).stdout.split())[:32]


def kept_chunk(held: Path | None, first_seed: int, n_requests: int, max_weeks: int) -> dict[str, Any]:
    """Plan a chunk, or read it from where an interrupted run left it."""
    file = None if held is None else held / f"{first_seed}-{n_requests}-{max_weeks}.json"
    if file is not None and file.exists():
        return dict(json.loads(file.read_text(encoding="utf-8")))
    part = chunk(first_seed, n_requests, max_weeks)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(part), encoding="utf-8")
    return part


def safety(n_requests: int, first_seed: int, max_weeks: int, processes: int, held: Path | None) -> dict[str, Any]:
    """Plan random requests in several processes and add up."""
    starts = range(first_seed, first_seed + n_requests, CHUNK)
    sizes = [min(CHUNK, first_seed + n_requests - start) for start in starts]
    parts: list[dict[str, Any]] = []
    with ProcessPoolExecutor(processes) as pool:
        for part in pool.map(kept_chunk, [held] * len(sizes), starts, sizes, [max_weeks] * len(sizes)):
            part["broken"], part["relaxed"] = Counter(part["broken"]), Counter(part["relaxed"])
            parts.append(part)
            print(f"{len(parts) * CHUNK} of {n_requests}", dict(part["broken"]), part["failures"], flush=True)
    seconds = [value for part in parts for value in part["seconds"]]
    return {
        "requests": n_requests,
        "first_seed": first_seed,
        "max_weeks": max_weeks,
        "violations": dict(sum((part["broken"] for part in parts), Counter())),
        "failures": [text for part in parts for text in part["failures"]],
        "plans_without_training": sum(part["without"] for part in parts),
        "plans_without_training_that_do_not_say_why": [text for part in parts for text in part["silent"]],
        "relaxed": dict(sum((part["relaxed"] for part in parts), Counter())),
        "cpu_seconds_median": round(float(np.median(seconds)), 3),
        "cpu_seconds_p95": round(float(np.percentile(seconds, 95)), 3),
        "cpu_seconds_max": round(max(seconds), 3),
        "weeks_median": float(np.median([value for part in parts for value in part["weeks"]])),
    }


def main() -> None:
    """Plan, check, and write the JSON beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--first-seed", type=int, default=10_000)
    parser.add_argument("--max-weeks", type=int, default=5)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--held", type=Path, help="folder for finished chunks: an interrupted run goes on from there")
    arguments = parser.parse_args()
    version = planner_version()
    held = None if arguments.held is None else arguments.held / version
    result = {
        "command": f"python -m benchmarks.accuracy.plan_safety --requests {arguments.requests}",
        "solvers": {"ortools": metadata.version("ortools"), "scipy": metadata.version("scipy")},
        "planner": version,
        "safety": safety(arguments.requests, arguments.first_seed, arguments.max_weeks, arguments.processes, held),
        "long_seasons": safety(max(1, arguments.requests // 20), 100_000, 24, arguments.processes, held),
    }
    path = write_result(arguments.results, "plan_safety", result)
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
