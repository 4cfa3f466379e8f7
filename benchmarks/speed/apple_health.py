"""Apple Health exports of 1.5 GB: how fast the document is read, and how much memory that takes.

The document is made up: ten years of pulse, steps, energy, nights and workouts in the proportions that a watch writes.
It lies in a temporary folder and is deleted at the end. Beside it the same document is only parsed, by Python's own
expat without looking at any element, which is the fastest that this approach can be.

    python -m benchmarks.speed.apple_health [--megabytes 1500]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from benchmarks.support import write_result

ZONE = timezone(timedelta(hours=1))
RECORD = (
    ' <Record type="HKQuantityTypeIdentifier{kind}" sourceName="Watch" sourceVersion="10.1" '
    'device="&lt;&lt;HKDevice: 0x281234560&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, '
    'hardware:Watch6,2, software:10.1&gt;" unit="{unit}" creationDate="{end} +0100" startDate="{start} +0100" '
    'endDate="{end} +0100" value="{value}"/>\n'
)
SLEEP = (
    ' <Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="Watch" sourceVersion="10.1" '
    'creationDate="{end} +0100" startDate="{start} +0100" endDate="{end} +0100" '
    'value="HKCategoryValueSleepAnalysisAsleep{stage}"/>\n'
)
WORKOUT = (
    ' <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="40" durationUnit="min" sourceName="Watch" '
    'creationDate="{end} +0100" startDate="{start} +0100" endDate="{end} +0100">\n'
    '  <WorkoutStatistics type="HKQuantityTypeIdentifierDistanceWalkingRunning" sum="8.1" unit="km"/>\n </Workout>\n'
)
DAYS = 3650
CHUNK_DAYS = 5


def text(at: datetime) -> str:
    """Return an instant as the document writes it, without the zone."""
    return at.strftime("%Y-%m-%d %H:%M:%S")


def day_of(day: datetime, chance: random.Random, samples: int) -> Iterator[str]:
    """Yield a day's records; ``samples`` is how often the pulse is saved."""
    step = timedelta(seconds=86_400 / samples)
    for index in range(samples):
        start = day + index * step
        yield RECORD.format(
            kind="HeartRate", unit="count/min", start=text(start), end=text(start), value=chance.randint(45, 170)
        )
        if index % 3 == 0:
            for kind, unit, value in (("StepCount", "count", 30), ("ActiveEnergyBurned", "kcal", 0.4)):
                end = text(start + step)
                yield RECORD.format(kind=kind, unit=unit, start=text(start), end=end, value=chance.random() * value)
    for hour, stage in enumerate(("Core", "Deep", "Core", "REM", "Core", "REM", "Core")):
        start = day - timedelta(hours=1) + timedelta(hours=hour)
        yield SLEEP.format(start=text(start), end=text(start + timedelta(hours=1)), stage=stage)
    for kind, unit, value in (
        ("RestingHeartRate", "count/min", 50), ("HeartRateVariabilitySDNN", "ms", 70.5), ("BodyMass", "kg", 70.2),
    ):  # fmt: skip
        yield RECORD.format(kind=kind, unit=unit, start=text(day), end=text(day), value=value)


def write_document(path: Path, megabytes: int) -> None:
    """Write a document of about this size."""
    chance = random.Random(0)
    first = datetime(2016, 1, 1, tzinfo=ZONE)
    size = megabytes * 2**20
    bytes_a_sample = 780
    samples = max(size // (DAYS * bytes_a_sample), 10)
    with path.open("w", encoding="utf-8") as target:
        target.write('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData ANY>\n]>\n')
        target.write('<HealthData locale="en_DE">\n')
        for number in range(0, DAYS, CHUNK_DAYS):
            target.writelines(
                record
                for day in range(number, number + CHUNK_DAYS)
                for record in day_of(first + timedelta(days=day), chance, samples)
            )
        for number in range(0, DAYS, 2):
            start = first + timedelta(days=number, hours=7)
            target.write(WORKOUT.format(start=text(start), end=text(start + timedelta(minutes=40))))
        target.write("</HealthData>\n")


def read(path: Path) -> dict[str, float]:
    """Read the document as an import does, and report what it took."""
    from zoneinfo import ZoneInfo

    from topform.formats.exports import PlatformExports
    from topform.providers.folder import DailyValuesFile, SourceFile, export_items

    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began, cpu = time.perf_counter(), time.process_time()
    values = workouts = 0
    for item in export_items([path], exports=PlatformExports(ZoneInfo("Europe/Berlin"))):
        if isinstance(item, DailyValuesFile):
            values += len(item.values)
        elif isinstance(item, SourceFile):
            workouts += 1
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - cpu,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rss_before_mb": before_mb,
        "daily_values": values,
        "workouts": workouts,
    }


def parse_only(path: Path) -> dict[str, float]:
    """Let expat walk over the document and call an empty function for each element."""
    from xml.parsers import expat

    began, cpu = time.perf_counter(), time.process_time()
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _tag, _attributes: None
    with path.open("rb") as stream:
        while block := stream.read(2**20):
            parser.Parse(block, False)
    return {"seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - cpu}


def in_a_process_of_its_own(what: str, path: Path) -> dict[str, float]:
    """Run one measurement in a fresh process, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.speed.apple_health", "--only", what, "--document", str(path)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return answer


def main() -> None:
    """Make the document, measure, print and write the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--megabytes", type=int, default=1500)
    options.add_argument("--only", choices=("read", "parse"))
    options.add_argument("--document", type=Path)
    given = options.parse_args()
    if given.only is not None:
        sys.stdout.write(json.dumps(read(given.document) if given.only == "read" else parse_only(given.document)))
        return
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / "export.xml"
        write_document(document, given.megabytes)
        size_mb = document.stat().st_size / 2**20
        measured = in_a_process_of_its_own("read", document)
        parsed = in_a_process_of_its_own("parse", document)
    results = {
        "document_mb": round(size_mb, 1),
        "read": {
            **{name: round(value, 2) for name, value in measured.items()},
            "mb_per_cpu_second": round(size_mb / measured["cpu_seconds"], 1),
        },
        "parse_only": {
            **{name: round(value, 2) for name, value in parsed.items()},
            "mb_per_cpu_second": round(size_mb / parsed["cpu_seconds"], 1),
        },
    }
    write_result(Path(__file__).parent / "results", "apple_health", results)
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
