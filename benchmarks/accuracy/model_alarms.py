"""How often the alarms over a model version are false, and how soon they find a true change; by simulation.

``python -m benchmarks.accuracy.model_alarms`` writes ``results/model_alarms.json``. Nothing but random numbers: answers
that contradict with a fixed probability, and sets drawn into the bins of one input.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from benchmarks.support import write_result

from topform.features.improvement.watching import DISPUTE_DELTA, DISPUTE_THRESHOLD, MIN_INPUTS
from topform.science.drift import PSI_ACT, PageHinkley, population_stability_index

RUNS: Final = 2000
ANSWERS: Final = 1000
EXPECTED: Final = (0.15, 0.3)
ADDED: Final = (0.0, 0.05, 0.1, 0.2, 0.35)
SHARES: Final = (0.4, 0.25, 0.15, 0.1, 0.06, 0.04)
MOVED: Final = {"none": 0.0, "a tenth": 0.1, "a quarter": 0.25, "half": 0.5}
RESULTS: Final = Path(__file__).parent / "results"


def answers_until_alarm(expected: float, rate: float, rng: np.random.Generator) -> int | None:
    """Return after how many answers the alarm is raised, None if it is not."""
    test = PageHinkley(delta=DISPUTE_DELTA, threshold=DISPUTE_THRESHOLD, target=expected)
    for place, value in enumerate(rng.random(ANSWERS) < rate, start=1):
        test = test.after(float(value))
        if test.is_alarmed:
            return place
    return None


def dispute_row(expected: float, added: float, rng: np.random.Generator) -> dict[str, Any]:
    """Return how often and how soon contradictions at a rate raise the alarm."""
    rate = expected + added
    found = [answers_until_alarm(expected, rate, rng) for _ in range(RUNS)]
    raised = [answers for answers in found if answers is not None]
    return {
        "expected": expected,
        "rate": rate,
        "alarmed": len(raised) / RUNS,
        "answers_median": float(np.median(raised)) if raised else None,
        "answers_95": float(np.quantile(raised, 0.95)) if raised else None,
    }


def input_row(moved: float, sets: int, rng: np.random.Generator) -> dict[str, Any]:
    """Return how often an input raises the alarm of which a share has moved to the rarest bins."""
    before = np.array(SHARES)
    after = (1.0 - moved) * before + moved * before[::-1]
    psi = [
        population_stability_index(expected=rng.multinomial(sets, before), observed=rng.multinomial(sets, after))
        for _ in range(RUNS)
    ]
    return {
        "moved": moved,
        "sets": sets,
        "alarmed": float(np.mean(np.array(psi) > PSI_ACT)),
        "psi_median": float(np.median(psi)),
    }


def measured() -> dict[str, Any]:
    """Return all rows."""
    rng = np.random.default_rng(1)
    return {
        "runs": RUNS,
        "disputes": {
            "delta": DISPUTE_DELTA,
            "threshold": DISPUTE_THRESHOLD,
            "answers": ANSWERS,
            "rows": [dispute_row(expected, added, rng) for expected in EXPECTED for added in ADDED],
        },
        "inputs": {
            "limit": PSI_ACT,
            "bins": len(SHARES),
            "rows": [input_row(moved, sets, rng) for sets in (MIN_INPUTS, 1000) for moved in MOVED.values()],
        },
    }


def main(_arguments: Sequence[str] = ()) -> None:
    """Measure, print and write."""
    result = measured()
    for row in result["disputes"]["rows"]:
        rates = f"contradicted {row['rate']:.0%}, expected {row['expected']:.0%}"
        print(f"{rates}: alarm in {row['alarmed']:.1%}, after {row['answers_median']} answers")
    for row in result["inputs"]["rows"]:
        print(f"{row['moved']:.0%} of {row['sets']} sets moved: alarm in {row['alarmed']:.1%}")
    write_result(RESULTS, "model_alarms", result)


if __name__ == "__main__":
    main()
