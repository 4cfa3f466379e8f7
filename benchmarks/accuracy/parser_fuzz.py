"""Damaged files by the thousand: is every one read or refused, in time, by an error of the documented kind?

    python -m benchmarks.accuracy.parser_fuzz [--mutations 20000] [--seed 1] [--results FOLDER] [--progress FILE]

Each mutation takes one file of the evaluation data and changes it as transfers, memory cards and programs do: bytes
flipped, cut off, taken out, doubled, filled with zeros or ones, exchanged with another file's; for FIT also with its
checksum made right again, so that the damage is not found by the sum alone. The mutated bytes are decoded and analysed
in other processes, which must survive: a process that dies, an exception outside `ActivityFileError`, or more than five
seconds of processor time is a failure. The same seed gives the same bytes, so a failure is made again by its number
(`--only NUMBER`). With `--progress` each finished hundred is written down, and a run that was stopped goes on from
there as long as the code and the files are the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import os
import random
import struct
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.support import shared_data_dir, write_result

import topform
from topform.core.errors import ActivityFileError
from topform.formats import decode
from topform.formats.fit.checksum import crc16
from topform.science.athlete import AthleteParameters
from topform.science.leg_analysis import analyse_leg

SUFFIXES = (".fit", ".tcx", ".gpx", ".kml", ".hrm", ".csv", ".txt")
MAX_SEED_BYTES = 400_000
LIMIT_S = 5.0
CHUNK = 100
ATHLETE = AthleteParameters(
    sex="f", hr_rest_bpm=50, hr_max_bpm=190, lthr_bpm=170, ftp_w=250, threshold_speed_m_s=4, css_m_s=1.2
)


def seed_files(folder: Path) -> list[Path]:
    """Return the files that are mutated, in a stable order."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix.lower() in SUFFIXES and 0 < path.stat().st_size <= MAX_SEED_BYTES
    ]


def mutate(content: bytes, other: bytes, rng: random.Random) -> bytes:
    """Return the content with one to eight faults."""
    damaged = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        if not damaged:
            break
        place = rng.randrange(len(damaged))
        length = min(rng.choice((1, 2, 4, 16, 64, 512)), len(damaged) - place)
        match rng.randrange(8):
            case 0:
                damaged[place] ^= 1 << rng.randrange(8)
            case 1:
                damaged[place : place + length] = rng.randbytes(length)
            case 2:
                del damaged[place:]
            case 3:
                del damaged[place : place + length]
            case 4:
                damaged[place:place] = damaged[place : place + length]
            case 5:
                damaged[place : place + length] = bytes([rng.choice((0, 0xFF))]) * length
            case 6:
                start = rng.randrange(len(other))
                damaged[place : place + length] = other[start : start + length]
            case 7:
                # The first bytes decide most: headers, definitions, the root element.
                damaged[min(place % 128, len(damaged) - 1)] = rng.randrange(256)
    return _with_sound_frame(bytes(damaged)) if rng.random() < 0.5 else bytes(damaged)


def _with_sound_frame(content: bytes) -> bytes:
    """Return FIT bytes with length and checksum made right; others as they are."""
    if content[8:12] != b".FIT" or len(content) < 16 or content[0] not in (12, 14):
        return content
    body = content[content[0] : -2]
    header = bytes([content[0]]) + content[1:4] + struct.pack("<I", len(body)) + b".FIT" + bytes(content[0] - 12)
    return header + body + struct.pack("<H", crc16(header + body))


def examine(content: bytes) -> tuple[str, str | None]:
    """Return what became of the bytes, and what is wrong with that."""
    began = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            recording = decode(content, file="mutated")
            for leg in recording.legs:
                analyse_leg(leg, ATHLETE).as_dict()
        outcome, fault = ("salvaged" if recording.salvaged else "read"), None
    except ActivityFileError as error:
        outcome, fault = error.code, None if error.file == "mutated" and error.message else "an error without its facts"
    except BaseException as error:  # noqa: BLE001 - whatever escapes is what is looked for
        outcome, fault = "failure", f"{type(error).__name__}: {error}"
    took_s = time.process_time() - began
    if fault is None and took_s > LIMIT_S:
        fault = f"took {took_s:.1f} s"
    return outcome, fault


Task = tuple[int, int, int, list[str]]
"""Seed, first and one past the last mutation, the files."""


def run_chunk(task: Task) -> tuple[Counter[str], float, list[dict[str, Any]]]:
    """Examine mutations first to last - 1; return outcomes, the slowest, and the failures."""
    seed, first, last, names = task
    outcomes: Counter[str] = Counter()
    slowest_s = 0.0
    failures = []
    for number in range(first, last):
        name, content = mutation(seed, number, names)
        began = time.process_time()
        outcome, fault = examine(content)
        slowest_s = max(slowest_s, time.process_time() - began)
        outcomes[outcome] += 1
        if fault is not None:
            failures.append({"number": number, "file": name, "fault": fault})
    return outcomes, slowest_s, failures


def mutation(seed: int, number: int, names: list[str]) -> tuple[str, bytes]:
    """Return the number-th mutation and the file it comes from."""
    rng = random.Random(f"{seed}-{number}")
    name, other = rng.choice(names), rng.choice(names)
    return name, mutate(Path(name).read_bytes(), Path(other).read_bytes(), rng)


def run_all(tasks: list[Task], *, workers: int, progress: Path | None) -> Iterator[dict[str, Any]]:
    """Yield what came of every chunk: from the notes of an earlier run of the same code, else by running it."""
    known = _noted(progress)
    state = _state(tasks[0][3]) if tasks else ""
    todo = []
    for task in tasks:
        key = f"{state}-{task[0]}-{task[1]}-{task[2]}"
        if key in known:
            yield known[key]
        else:
            todo.append((key, task))
    last = time.monotonic()
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        for (key, _), (outcomes, slowest_s, failures) in zip(
            todo, pool.map(run_chunk, [task for _, task in todo]), strict=True
        ):
            now = time.monotonic()
            found = {"outcomes": outcomes, "slowest_s": slowest_s, "failures": failures, "seconds": now - last}
            last = now
            if progress is not None:
                with progress.open("a", encoding="utf-8") as notes:
                    notes.write(json.dumps({"key": key, **found}) + "\n")
            yield found


def _noted(progress: Path | None) -> dict[str, dict[str, Any]]:
    if progress is None or not progress.is_file():
        return {}
    notes = [json.loads(line) for line in progress.read_text(encoding="utf-8").splitlines()]
    return {note["key"]: note for note in notes}


def _state(names: list[str]) -> str:
    """Return a digest of the code that reads and analyses, and of the files' names and sizes."""
    code = Path(topform.__file__).parent
    digest = hashlib.sha256()
    for folder in ("core", "formats", "science"):
        for path in sorted((code / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    digest.update("\n".join(f"{name} {Path(name).stat().st_size}" for name in names).encode())
    return digest.hexdigest()[:16]


def main() -> int:
    """Run the mutations, print the outcomes, write the results; 1 when one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mutations", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="Make this one mutation again and show what it raises.")
    parser.add_argument("--progress", type=Path, help="Where finished chunks are kept, to go on after a stop.")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--results", type=Path, default=Path(__file__).with_name("results"))
    arguments = parser.parse_args()
    data = shared_data_dir()
    if data is None:
        print("skipped: the evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA)")
        return 0
    files = seed_files(data / "activities")
    names = [str(path) for path in files]
    if arguments.only is not None:
        name, content = mutation(arguments.seed, arguments.only, names)
        print(name, len(content))
        for leg in decode(content, file="mutated").legs:
            analyse_leg(leg, ATHLETE).as_dict()
        return 0
    tasks: list[Task] = [
        (arguments.seed, first, min(first + CHUNK, arguments.mutations), names)
        for first in range(0, arguments.mutations, CHUNK)
    ]
    outcomes: Counter[str] = Counter()
    slowest_s = seconds = 0.0
    failures: list[dict[str, Any]] = []
    for found in run_all(tasks, workers=arguments.workers, progress=arguments.progress):
        outcomes.update(found["outcomes"])
        slowest_s = max(slowest_s, found["slowest_s"])
        seconds += found["seconds"]
        failures += found["failures"]
    print(f"{arguments.mutations} mutations of {len(files)} files in {seconds:.0f} s, slowest {slowest_s:.2f} s")
    for outcome, count in outcomes.most_common():
        print(f"  {count:>6} {outcome}")
    for failure in failures[:50]:
        print(f"FAILURE {failure['number']} {failure['file']}: {failure['fault']}")
    document = {
        "mutations": arguments.mutations,
        "seed": arguments.seed,
        "files": len(files),
        "outcomes": dict(outcomes.most_common()),
        "failures": len(failures),
        "limit_s": LIMIT_S,
        "slowest_s": round(slowest_s, 3),
        "seconds": round(seconds, 1),
    }
    print(f"results: {write_result(arguments.results, 'parser_fuzz', document)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
