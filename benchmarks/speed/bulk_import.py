"""A thousand one-hour rides into a fresh installation by ``topform import``, metrics included.

    python -m benchmarks.speed.bulk_import [--files 1000] [--archive-mb 300] [--results FOLDER]

The clock runs over the whole command, as a person waits for it: starting Python, making and starting the database,
decoding, analysing and storing, and stopping the database. The rides are made by code (benchmarks/speed/made_rides.py).
Then an archive of 300 MB is imported by a second command, and the memory of all processes that take part is watched:
what each holds for itself, shared pages counted once (proportional set size).

Wall time depends on what else the machine does; the processor time of all processes together is given beside it.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.speed.made_rides import write_folder, write_zip
from benchmarks.support import write_result

WANTED_S = 60.0
WANTED_MB = 500.0
EVERY_S = 0.2
PR_SET_CHILD_SUBREAPER = 36
MB = 10**6


@dataclass
class Watch:
    """Looks at the memory of a process and everything it started, now and then."""

    pid: int
    peak_mb: float = 0.0
    peak_of_importers_mb: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look until told to stop."""
        while not self._stop.wait(EVERY_S):
            by_name: dict[str, float] = {}
            for pid, name in descendants(self.pid):
                by_name[name] = by_name.get(name, 0.0) + proportional_mb(pid)
            self.peak_mb = max(self.peak_mb, sum(by_name.values()))
            importers = sum(size for name, size in by_name.items() if "postgres" not in name)
            self.peak_of_importers_mb = max(self.peak_of_importers_mb, importers)

    def stop(self) -> None:
        """Stop looking."""
        self._stop.set()


def descendants(root: int) -> list[tuple[int, str]]:
    """Return the process and all that it or its children started, with their names."""
    parents: dict[int, tuple[int, str]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                text = (entry / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            name, rest = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :].split()
            parents[int(entry.name)] = (int(rest[1]), name)
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        if pid in parents:
            found.append((pid, parents[pid][1]))
        waiting += [child for child, (parent, _) in parents.items() if parent == pid]
    return found


def proportional_mb(pid: int, part: str = "Pss") -> float:
    """Return the proportional set size of a process, or a part of it, 0 when it is gone. [MB]"""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / MB for line in lines if line.startswith(f"{part}:")), 0.0)


def run_import(source: Path, data_dir: Path) -> dict[str, Any]:
    """Import and return what it took."""
    command = [sys.executable, "-m", "topform", "import", str(source), "--data-dir", str(data_dir), "--json"]
    used_before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    watch = Watch(process.pid)
    watching = threading.Thread(target=watch.run)
    watching.start()
    output, _ = process.communicate()
    wall_s = time.monotonic() - began
    watch.stop()
    watching.join()
    _reap()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    document = json.loads(output)
    if "error" in document:
        raise SystemExit(f"the import failed: {document['error']}")
    return {
        "summary": document["summary"],
        "wall_s": round(wall_s, 2),
        "cpu_s": round(used.ru_utime + used.ru_stime - used_before.ru_utime - used_before.ru_stime, 2),
        "peak_mb": round(watch.peak_mb, 1),
        "peak_without_database_mb": round(watch.peak_of_importers_mb, 1),
        "load_average": os.getloadavg()[0],
    }


def _reap() -> None:
    """Wait for processes whose parents are gone, so that their time counts."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


def main() -> int:
    """Run both imports, print what they took, write the results; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--archive-mb", type=int, default=300)
    parser.add_argument("--results", type=Path, default=Path(__file__).with_name("results"))
    arguments = parser.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    place = Path(tempfile.mkdtemp(prefix="topform-bulk-"))
    place.chmod(0o755)  # the database runs as a user of its own
    try:
        total = write_folder(place / "rides", arguments.files)
        print(f"{arguments.files} rides, {total / MB:.0f} MB, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        folder = run_import(place / "rides", place / "data")
        print(
            f"folder:  {folder['wall_s']:.1f} s wall (wanted {WANTED_S:.0f}), {folder['cpu_s']:.1f} s of CPU, "
            f"{folder['peak_mb']:.0f} MB, without the database {folder['peak_without_database_mb']:.0f} MB"
        )
        shutil.rmtree(place / "rides")
        archive: dict[str, Any] | None = None
        if arguments.archive_mb:
            count = write_zip(place / "export.zip", at_least_bytes=arguments.archive_mb * MB)
            archive = {"files": count, **run_import(place / "export.zip", place / "data-of-archive")}
            print(
                f"archive: {count} rides in {archive['wall_s']:.1f} s, {archive['peak_mb']:.0f} MB of all processes, "
                f"without the database {archive['peak_without_database_mb']:.0f} MB (wanted {WANTED_MB:.0f})"
            )
    finally:
        shutil.rmtree(place, ignore_errors=True)
    document = {
        "files": arguments.files,
        "bytes": total,
        "wanted_s": WANTED_S,
        "wanted_mb": WANTED_MB,
        "folder": folder,
        "archive": archive,
    }
    print(f"results: {write_result(arguments.results, 'bulk_import', document)}")
    is_small = archive is None or archive["peak_without_database_mb"] <= WANTED_MB
    return 0 if folder["wall_s"] <= WANTED_S and is_small else 1


if __name__ == "__main__":
    sys.exit(main())
