"""How long ``topform serve`` takes from the command to an answering /readyz: a first start and later ones.

Each start is compared with the time a bare Python takes to import the API on the same machine in the same run, so
that a busy machine shows.
"""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.support import REPOSITORY, write_result

LATER_STARTS = 3
PATIENCE_S = 300.0


def start_s(data_dir: Path) -> float:
    """Start the server, wait until it says it is ready, stop it; return the time to readiness. [s]"""
    began = time.monotonic()
    server = subprocess.Popen(
        [sys.executable, "-m", "topform", "serve", "--data-dir", str(data_dir), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert server.stdout is not None
    ready = None
    for line in server.stdout:
        if re.search("TopForm is ready", line):
            ready = time.monotonic() - began
            break
        if time.monotonic() - began > PATIENCE_S:
            break
    server.send_signal(signal.SIGINT)
    server.communicate(timeout=60)
    if ready is None:
        raise SystemExit("the server did not become ready")
    return ready


def main() -> None:
    """Measure and print."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import topform.entrypoints.api"], check=True, cwd=REPOSITORY)
    import_s = time.monotonic() - began
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)
        data_dir = Path(folder) / "data"
        first_s = start_s(data_dir)
        later_s = [start_s(data_dir) for _ in range(LATER_STARTS)]
    later = statistics.median(later_s)
    print(f"import of the API alone     {import_s:6.1f} s")
    print(f"first start                 {first_s:6.1f} s  ({first_s / import_s:.1f} x the import)")
    print(f"later starts, median of {LATER_STARTS}   {later:6.1f} s  ({later / import_s:.1f} x the import); limit 10 s")
    write_result(
        Path(__file__).parent / "results",
        "start_up",
        {
            "import_s": round(import_s, 2),
            "first_s": round(first_s, 2),
            "later_s": [round(value, 2) for value in later_s],
            "later_over_import": round(later / import_s, 2),
        },
    )
    if later > 10:
        raise SystemExit("a later start took more than 10 s")


if __name__ == "__main__":
    main()
