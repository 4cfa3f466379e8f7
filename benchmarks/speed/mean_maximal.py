"""The curve of best means of a four-hour ride: every duration, and the grid that is stored.

    python -m benchmarks.speed.mean_maximal [--peer-python PATH] [--results FOLDER]

Compared in the same run with a plain loop over pandas' rolling mean, a plain numpy loop, and, where the Python of an
environment with it is named, with the public package sweat 0.25.0. All must give the same curve. The ride has whole
watts, as power meters record them; the same ride with fractions of watts is timed too. The fastest of several repeats
counts, since anything else that the machine does only adds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from benchmarks.support import write_result

from topform.core.arrays import FloatArray
from topform.science.mean_maximal import best_curve, best_means, duration_grid

RIDE_S = 4 * 3600
WANTED_ALL_MS = 100.0
WANTED_GRID_MS = 2.0
HERE = Path(__file__).resolve().parent


def ride(seed: int = 7) -> FloatArray:
    """Return a made ride: a wandering effort, intervals, coasting, sensor noise; whole watts."""
    rng = np.random.default_rng(seed)
    t_s = np.arange(RIDE_S)
    effort = 190 + 60 * np.sin(np.cumsum(rng.normal(0, 0.02, RIDE_S)))
    effort += np.where((t_s % 1800 > 1200) & (t_s % 360 < 180), 110, 0)
    coasting = rng.random(RIDE_S // 60).repeat(60) < 0.08
    watts = np.where(coasting, 0, effort + rng.normal(0, 25, RIDE_S))
    return np.round(np.clip(watts, 0, 1200))


def fastest_ms(work: Callable[[], object], *, repeats: int) -> float:
    """Return the shortest time of several. [ms]"""
    spent = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        spent.append(time.perf_counter() - began)
    return 1000 * min(spent)


def with_pandas(values: FloatArray, durations: list[int]) -> FloatArray:
    """Return the best means by pandas' rolling mean."""
    series = pd.Series(values)
    return np.array([series.rolling(duration).mean().max() for duration in durations])


def with_numpy(values: FloatArray, durations: list[int]) -> FloatArray:
    """Return the best means by running sums, without any further thought."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.array([(sums[duration:] - sums[:-duration]).max() / duration for duration in durations])


def with_sweat(python: str, values: FloatArray, *, repeats: int) -> dict[str, Any]:
    """Run the peer in its own environment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ride.npy"
        np.save(path, values)
        command = [python, str(HERE / "peers" / "sweat_mean_max.py"), str(path), str(repeats)]
        found = subprocess.run(command, check=True, capture_output=True, text=True)
    document: dict[str, Any] = json.loads(found.stdout)
    return document


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-python", help="python of an environment with sweat 0.25.0 and pandas below 2")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    values = ride()
    fractional = values + np.random.default_rng(1).random(values.size)
    every = np.arange(1, RIDE_S + 1)
    grid = duration_grid(RIDE_S)
    curve, _ = best_means(values, every)
    result: dict[str, Any] = {
        "ride_s": RIDE_S,
        "all_durations": int(every.size),
        "grid_durations": int(grid.size),
        "wanted_ms": {"all": WANTED_ALL_MS, "grid": WANTED_GRID_MS},
        "topform_ms": {
            "all": fastest_ms(lambda: best_means(values, every), repeats=options.repeats),
            "grid": fastest_ms(lambda: best_curve(values), repeats=10 * options.repeats),
            "all_of_fractions": fastest_ms(lambda: best_means(fractional, every), repeats=options.repeats),
            "grid_of_fractions": fastest_ms(lambda: best_curve(fractional), repeats=10 * options.repeats),
        },
    }
    np.testing.assert_allclose(curve, with_numpy(values, every.tolist()), rtol=1e-12)
    some = grid.tolist()
    np.testing.assert_allclose(curve[grid - 1], with_pandas(values, some), rtol=1e-9)
    result["numpy_ms"] = {
        "all": fastest_ms(lambda: with_numpy(values, every.tolist()), repeats=3),
        "grid": fastest_ms(lambda: with_numpy(values, some), repeats=20),
    }
    result["pandas_ms"] = {
        "all": fastest_ms(lambda: with_pandas(values, every.tolist()), repeats=1),
        "grid": fastest_ms(lambda: with_pandas(values, some), repeats=5),
    }
    if options.peer_python:
        peer = with_sweat(options.peer_python, values, repeats=1)
        # It leaves out the windows that begin with the very first second.
        np.testing.assert_allclose(curve[: len(peer["curve"])], peer["curve"], rtol=1e-3)
        result["sweat"] = {"version": peer["sweat"], "pandas": peer["pandas"], "all_ms": 1000 * min(peer["seconds"])}
    ours = result["topform_ms"]
    result["times_faster"] = {
        "than_numpy": result["numpy_ms"]["all"] / ours["all"],
        "than_pandas": result["pandas_ms"]["all"] / ours["all"],
        **({"than_sweat": result["sweat"]["all_ms"] / ours["all"]} if "sweat" in result else {}),
    }
    print(json.dumps(result, indent=1))
    for name, wanted in result["wanted_ms"].items():
        print(f"{name}: {ours[name]:.2f} ms, wanted at most {wanted:.0f} ms")
    print(write_result(options.results, "mean_maximal", result))


if __name__ == "__main__":
    main()
