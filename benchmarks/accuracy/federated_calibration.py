"""A calibrator fitted over 200 virtual devices, with and without noise, beside one fitted with all data in one place.

    python -m benchmarks.accuracy.federated_calibration [--results FOLDER]

Each device has 5 to 40 sets; the model's probabilities are too sure of themselves and too mild, by about as much on
each device. Judged by calibration error and mean squared error on 200 other devices, over 20 seeds. Made-up people
only: how wrong a real model is on real devices is not known.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.support import write_result

from topform.ml.evaluation import brier, ece
from topform.ml.federated import (
    DeviceData,
    FederatedPlan,
    calibrated,
    fit_centrally,
    fit_over_devices,
    noise_multiplier,
)

HERE = Path(__file__).resolve().parent
DEVICES, SEEDS = 200, 20
SLOPE, OFFSET, SPREAD = 0.5, 0.6, 0.15
BUDGETS = (math.inf, 8.0, 4.0, 2.0, 1.0)


def devices_of(rng: np.random.Generator) -> list[DeviceData]:
    """Return devices whose owners call sets wrong by a calibration of their own, close to the common one."""
    found = []
    for _ in range(DEVICES):
        logit = rng.normal(0.0, 2.0, int(rng.integers(5, 41)))
        own = (SLOPE + SPREAD * rng.normal(), OFFSET + SPREAD * rng.normal())
        found.append(DeviceData(logit, rng.random(logit.size) < calibrated(logit, own)))
    return found


def scores(devices: list[DeviceData], fitted: tuple[float, float]) -> dict[str, float]:
    """Return calibration error and mean squared error over all sets of devices."""
    logit = np.concatenate([one.logit for one in devices])
    is_wrong = np.concatenate([one.is_wrong for one in devices])
    said = calibrated(logit, fitted)
    return {"ece": ece(true=is_wrong, probability=said), "brier": brier(true=is_wrong, probability=said)}


def summary(found: list[dict[str, float]]) -> dict[str, float]:
    """Return mean and spread over seeds."""
    return {
        name: round(float(number), 4)
        for key in ("ece", "brier")
        for name, number in (
            (key, np.mean([one[key] for one in found])),
            (f"{key}_sd", np.std([one[key] for one in found])),
        )
    }


def run() -> dict[str, Any]:
    """Fit and judge over all seeds."""
    raw, central = [], []
    rows: dict[float, list[dict[str, float]]] = {budget: [] for budget in BUDGETS}
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        train, test = devices_of(rng), devices_of(rng)
        raw.append(scores(test, (1.0, 0.0)))
        central.append(scores(test, fit_centrally(train)))
        for budget in BUDGETS:
            rows[budget].append(scores(test, fit_over_devices(train, FederatedPlan(epsilon=budget), rng)))
    plan = FederatedPlan()
    return {
        "devices": DEVICES,
        "seeds": SEEDS,
        "rounds": plan.rounds,
        "clip": plan.clip,
        "delta": plan.delta,
        "uncalibrated": summary(raw),
        "central": summary(central),
        "federated": [
            {
                "epsilon": None if math.isinf(budget) else budget,
                "noise_multiplier": round(noise_multiplier(epsilon=budget, delta=plan.delta, rounds=plan.rounds), 3),
                **summary(found),
            }
            for budget, found in rows.items()
        ],
    }


def main() -> None:
    """Run, print and write the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    given = parser.parse_args()
    result = run()
    print(f"{'':28} {'ECE':>8} {'Brier':>8}")
    for name in ("uncalibrated", "central"):
        print(f"{name:28} {result[name]['ece']:8.4f} {result[name]['brier']:8.4f}")
    for row in result["federated"]:
        name = "federated, no noise" if row["epsilon"] is None else f"federated, epsilon {row['epsilon']:g}"
        print(f"{name:28} {row['ece']:8.4f} {row['brier']:8.4f}")
    write_result(given.results, "federated_calibration", result)


if __name__ == "__main__":
    main()
