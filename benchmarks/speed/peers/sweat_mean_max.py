"""Times the mean-maximal curve of the package sweat; started by `mean_maximal.py` in sweat's own environment.

Needs sweat 0.25.0 (with pandas below 2) and nothing of TopForm. Takes a file of numbers, one a second; prints JSON.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from sweat.metrics.core import mean_max


def main() -> None:
    values = np.load(Path(sys.argv[1]))
    spent = []
    for _ in range(int(sys.argv[2])):
        began = time.perf_counter()
        curve = mean_max(values)
        spent.append(time.perf_counter() - began)
    document = {
        "seconds": spent,
        "curve": [float(value) for value in curve],
        "sweat": version("sweat"),
        "pandas": pd.__version__,
    }
    json.dump(document, sys.stdout)


if __name__ == "__main__":
    main()
