"""FIT files to recordings: our reader beside two decoders that stop at messages, in one run.

    python -m benchmarks.speed.fit_decode [--repeats 3] [--results FOLDER]

Ours gives legs with streams in SI units, laps, beat intervals and a checked checksum; fitdecode and the Rust decoder
pyfitparsernative give messages as dictionaries, from which all that still has to be made. Records are samples; time is
processor time of one core, the best of the repeats, file by file. Files that a peer cannot read count for none.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import fitdecode
import pyfitparsernative
from benchmarks.speed.made_rides import ride
from benchmarks.support import shared_data_dir, write_result

from topform.core.errors import ActivityFileError
from topform.formats import decode

MADE_RIDES = 5
WANTED_RATIO = 5.0


def ours(content: bytes) -> int:
    """Decode to a recording and return its samples."""
    return sum(len(leg.streams) for leg in decode(content, file="file.fit").legs)


def fitdecode_messages(content: bytes) -> int:
    """Decode to messages by fitdecode and return the records."""
    count = 0
    with fitdecode.FitReader(
        content, check_crc=fitdecode.CrcCheck.DISABLED, error_handling=fitdecode.ErrorHandling.IGNORE
    ) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage) and frame.name == "record":
                count += 1
    return count


def native_messages(content: bytes) -> int:
    """Decode to messages by the Rust decoder and return the records."""
    return sum(message["message_type"] == "record" for message in pyfitparsernative.parse_fit_bytes(content))


READERS: dict[str, Callable[[bytes], int]] = {
    "topform": ours,
    "fitdecode": fitdecode_messages,
    "pyfitparsernative": native_messages,
}


def timed(reader: Callable[[bytes], int], content: bytes, repeats: int) -> tuple[float, int] | None:
    """Return the shortest time and the records, None when the reader refuses the file."""
    best_s, records = float("inf"), 0
    for _ in range(repeats):
        began = time.process_time()
        try:
            records = reader(content)
        except ActivityFileError:
            return None
        except BaseException as failure:
            if isinstance(failure, KeyboardInterrupt):
                raise
            return None
        best_s = min(best_s, time.process_time() - began)
    return best_s, records


def contents() -> dict[str, bytes]:
    """Return the files by name: made rides, and where they are at hand the evaluation data."""
    files = {f"made-{number}": ride(number) for number in range(MADE_RIDES)}
    data = shared_data_dir()
    if data is not None:
        for path in sorted((data / "activities").rglob("*.fit")):
            content = path.read_bytes()
            if content[8:12] == b".FIT":
                files[path.relative_to(data).as_posix()] = content
    return files


def main() -> int:
    """Time every reader on every file, print records a second, write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--results", type=Path, default=Path(__file__).with_name("results"))
    arguments = parser.parse_args()
    ours(ride(0))
    rows: dict[str, dict[str, tuple[float, int]]] = {}
    refused: dict[str, int] = dict.fromkeys(READERS, 0)
    for name, content in contents().items():
        found = {reader: timed(read, content, arguments.repeats) for reader, read in READERS.items()}
        for reader, result in found.items():
            refused[reader] += result is None
        read = {reader: result for reader, result in found.items() if result is not None}
        if len(read) == len(READERS) and read["topform"][1] > 0:
            rows[name] = read
    groups = {
        "made one-hour rides": [name for name in rows if name.startswith("made-")],
        "files of real devices": [name for name in rows if not name.startswith("made-")],
    }
    summary: dict[str, Any] = {}
    for group, names in groups.items():
        if not names:
            continue
        # The same records for all: those that ours keeps as samples.
        records = sum(rows[name]["topform"][1] for name in names)
        rates = {reader: records / sum(rows[name][reader][0] for name in names) for reader in READERS}
        summary[group] = {
            "files": len(names),
            "records": records,
            "records_per_s": {reader: round(rate) for reader, rate in rates.items()},
            "ratio_to_fitdecode": round(rates["topform"] / rates["fitdecode"], 1),
            "ratio_to_pyfitparsernative": round(rates["topform"] / rates["pyfitparsernative"], 1),
        }
        print(f"{group}: {len(names)} files, {records} records")
        for reader, rate in rates.items():
            print(f"  {reader:<18} {rate:>10,.0f} records/s")
        print(f"  ratio to fitdecode {summary[group]['ratio_to_fitdecode']} (wanted {WANTED_RATIO:g})")
    print("refused: " + ", ".join(f"{count} by {reader}" for reader, count in refused.items()))
    document = {
        "versions_of_peers": {name: version(name) for name in ("fitdecode", "pyfitparsernative")},
        "repeats": arguments.repeats,
        "summary": summary,
        "refused": refused,
        "wanted_ratio": WANTED_RATIO,
    }
    print(f"results: {write_result(arguments.results, 'fit_decode', document)}")
    return 0 if all(one["ratio_to_fitdecode"] >= WANTED_RATIO for one in summary.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
