"""Are two recordings of one session recognised, and only those?

    python -m benchmarks.accuracy.duplicate_detection [--results FOLDER] [--half fit|report|both] [--misses]

Re-recordings are made from the activity files of the evaluation data and from sessions made here
(`benchmarks/accuracy/rerecordings.py`): other clock, sampling, rounding, time zone, trimmed ends, lost pauses, single
sensors, a second device. Beside them stand pairs that must not be joined: other sessions at the same time, the same
loop again, intervals done twice, brick legs, the second part of a session, a training partner. The thresholds were
fixed on the files whose digest is even; what is printed first are the files whose digest is odd. Pairs of real
recordings (the device's file and what two platforms made of it) are counted apart. Exit code 1 below 0.99.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.accuracy import rerecordings as make
from benchmarks.support import shared_data_dir, write_result

from topform.core.activity import Channel, Leg, Sport
from topform.core.errors import ActivityFileError
from topform.formats import decode
from topform.science.same_session import Verdict, compare_sessions
from topform.science.session_trace import trace_of

SUFFIXES = (".fit", ".tcx", ".gpx")
MIN_SECONDS = 600.0
MIN_SAMPLES = 60
MAX_SECONDS = 8 * 3600.0
MADE = 48
TARGET = 0.99
BODY = {Channel.HR_BPM, Channel.POWER_W}


@dataclass(frozen=True, slots=True)
class Source:
    """A recording that pairs are made from."""

    name: str
    digest: int
    leg: Leg

    @property
    def is_reported(self) -> bool:
        """Whether it belongs to the half that no threshold has seen."""
        return self.digest % 2 == 1


@dataclass
class Count:
    """Right and wrong answers of one kind of pair."""

    right: int = 0
    wrong: int = 0
    misses: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two recordings and the truth about them."""

    kind: str
    is_same: bool
    first: list[Leg]
    second: list[Leg]
    name: str


def file_sources(shared: Path) -> tuple[list[Source], list[tuple[str, Leg]]]:
    """Return one source for each distinct session of the files, and every readable single-leg recording."""
    sources: list[Source] = []
    recordings: list[tuple[str, Leg]] = []
    for path in sorted((shared / "activities").rglob("*")):
        if path.suffix.lower() not in SUFFIXES or path.name == "big_activity.fit":
            continue
        try:
            recording = decode(path.read_bytes(), file=path.name)
        except ActivityFileError:
            continue
        for number, leg in enumerate(recording.legs):
            if leg.elapsed_s > MAX_SECONDS or len(leg.streams) < MIN_SAMPLES or leg.streams.t_s[-1] < MIN_SECONDS:
                continue
            if not any(name in leg.streams for name in (*BODY, Channel.SPEED_M_S, Channel.LATITUDE_DEG)):
                continue
            name = f"{path.name}#{number}"
            recordings.append((name, leg))
            if all(abs((leg.started_at - known.leg.started_at).total_seconds()) > 3 * 3600 for known in sources):
                digest = int(hashlib.sha256(str(leg.started_at).encode()).hexdigest(), 16)
                sources.append(Source(name, digest, leg))
    return sources, recordings


def made_sources() -> list[Source]:
    """Return sessions from a random generator: with and without power, indoors and out, steady and in intervals."""
    sources = []
    for number in range(MADE):
        rng = np.random.default_rng(71_000 + number)
        sport = Sport.CYCLING if number % 2 else Sport.RUNNING
        leg = make.made_session(
            rng, sport, is_indoor=number % 3 == 0, has_power=number % 4 == 1, is_interval=number % 5 < 3
        )
        sources.append(Source(f"made {number}", number // 2, leg))
    return sources


def pairs(source: Source, others: list[Source], *, rounds: int) -> Iterator[Pair]:
    """Yield the pairs of one source."""
    leg = source.leg
    for turn in range(rounds):
        rng = np.random.default_rng([source.digest % 2**31, turn])
        for kind, change in make.SAME.items():
            original = make.with_pauses(leg, rng) if kind == "lost pauses" and not leg.pauses else leg
            yield Pair(kind, True, [original], [change(original, rng)], source.name)
        yield from _others(source, others, rng)


def _others(source: Source, others: list[Source], rng: np.random.Generator) -> Iterator[Pair]:
    leg = source.leg
    length = leg.streams.t_s[-1]
    for other in rng.choice(np.array(others, dtype=object), size=2, replace=False):
        if other is source:
            continue
        moved = replace(other.leg, sport=leg.sport, started_at=_after(leg, rng.uniform(-600, 1800)))
        yield Pair("another session at the same time", False, [leg], [moved], f"{source.name} / {other.name}")
        if other is not source and any(_measured(leg, name) and _measured(other.leg, name) for name in BODY):
            beside = make.partner(leg, rng, other.leg)
            yield Pair("training partner", False, [leg], [beside], f"{source.name} / {other.name}")
    again = make.another_go(leg, rng)
    days = float(rng.integers(1, 8))
    yield Pair(
        "same loop, another day", False, [leg], [_at(again, leg, days * 86_400 + rng.uniform(-900, 900))], source.name
    )
    again = make.another_go(leg, rng)
    pause_s = rng.uniform(60, 2400)
    yield Pair("once more right after", False, [leg], [_at(again, leg, leg.elapsed_s + pause_s)], source.name)
    hours = np.ceil((leg.elapsed_s + 60) / 3600)
    again = make.another_go(leg, rng)
    yield Pair(
        "once more, whole hours later",
        False,
        [leg],
        [_at(again, leg, hours * 3600 + rng.uniform(-60, 60))],
        source.name,
    )
    middle = length * rng.uniform(0.3, 0.7)
    before, after = make.cut(leg, 0, middle), make.cut(leg, middle, length)
    if len(before.streams) > 20 and len(after.streams) > 20:
        gap = timedelta(seconds=rng.uniform(0, 240))
        run = replace(after, sport=_other_sport(leg.sport), started_at=after.started_at + gap)
        yield Pair("brick: ride, then run", False, [before], [run], source.name)
        yield Pair(
            "second part of a session",
            False,
            [before],
            [replace(after, started_at=after.started_at + gap)],
            source.name,
        )


def _measured(leg: Leg, name: Channel) -> bool:
    values = leg.streams.get(name)
    return values is not None and float(np.isfinite(values).mean()) > 0.5 and float(np.nanstd(values)) > 2


def _after(leg: Leg, seconds: float) -> Any:
    return leg.started_at + timedelta(seconds=float(seconds))


def _at(moved: Leg, leg: Leg, seconds: float) -> Leg:
    return replace(moved, started_at=_after(leg, seconds))


def _other_sport(sport: Sport) -> Sport:
    return Sport.CYCLING if sport in (Sport.RUNNING, Sport.WALKING, Sport.HIKING) else Sport.RUNNING


def real_pairs(recordings: list[tuple[str, Leg]]) -> Iterator[Pair]:
    """Yield the pairs of files that begin within a minute of each other: one session, as several programs wrote it."""
    for place, (name, leg) in enumerate(recordings):
        for other_name, other in recordings[place + 1 :]:
            apart = abs((leg.started_at - other.started_at).total_seconds())
            if apart <= 60 and leg.sport == other.sport and name.partition("#")[0] != other_name.partition("#")[0]:
                yield Pair("files of one session", True, [leg], [other], f"{name} / {other_name}")


def judge(pair: Pair) -> Verdict | None:
    """Return what the product says."""
    return compare_sessions([trace_of(leg) for leg in pair.first], [trace_of(leg) for leg in pair.second])


def run(sources: list[Source], others: list[Source], *, rounds: int) -> dict[tuple[bool, str], Count]:
    """Judge all pairs of the sources."""
    counts: dict[tuple[bool, str], Count] = defaultdict(Count)
    for source in sources:
        for pair in pairs(source, others, rounds=rounds):
            tally(counts, pair)
    return counts


def tally(counts: dict[tuple[bool, str], Count], pair: Pair) -> None:
    """Count one answer."""
    verdict = judge(pair)
    is_same = verdict is not None and verdict.is_same
    count = counts[pair.is_same, pair.kind]
    if is_same == pair.is_same:
        count.right += 1
    else:
        count.wrong += 1
        detail = (
            "ruled out"
            if verdict is None
            else f"{verdict.points:.1f} {[(n, round(p, 1)) for n, p in verdict.evidence]}"
        )
        count.misses.append(f"{pair.name}: {detail}")


def summary(counts: dict[tuple[bool, str], Count]) -> dict[str, Any]:
    """Return precision, recall and the counts by kind."""
    found = sum(count.right for (is_same, _), count in counts.items() if is_same)
    missed = sum(count.wrong for (is_same, _), count in counts.items() if is_same)
    wrong = sum(count.wrong for (is_same, _), count in counts.items() if not is_same)
    apart = sum(count.right for (is_same, _), count in counts.items() if not is_same)
    return {
        "pairs_of_one_session": found + missed,
        "pairs_of_two_sessions": wrong + apart,
        "found": found,
        "missed": missed,
        "wrongly_joined": wrong,
        "recall": round(found / max(found + missed, 1), 4),
        "precision": round(found / max(found + wrong, 1), 4),
        "by_kind": [
            {"kind": kind, "is_same": is_same, "pairs": count.right + count.wrong, "right": count.right}
            for (is_same, kind), count in sorted(counts.items(), key=lambda item: not item[0][0])
        ],
        "misses": [{"kind": kind, "pair": miss} for (_, kind), count in counts.items() for miss in count.misses],
    }


def show(title: str, result: dict[str, Any], *, misses: bool) -> None:
    """Print a half's result."""
    print(f"\n{title}")
    for row in result["by_kind"]:
        print(
            f"  {'same' if row['is_same'] else 'other':6} {row['kind']:34} {row['right']:5} of {row['pairs']:5} right"
        )
    print(f"  recall {result['recall']:.4f} ({result['found']} of {result['pairs_of_one_session']})")
    wrong = f"{result['wrongly_joined']} of {result['pairs_of_two_sessions']} wrongly joined"
    print(f"  precision {result['precision']:.4f} ({wrong})")
    for miss in result["misses"] if misses else ():
        print(f"    {miss['kind']}: {miss['pair']}")


def main() -> int:
    """Run and print; exit code 1 when the target is missed."""
    parser = argparse.ArgumentParser(description="Duplicate detection on re-recordings.")
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--half", choices=("fit", "report", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--misses", action="store_true")
    given = parser.parse_args()
    started = time.process_time()
    shared = shared_data_dir()
    files, recordings = file_sources(shared) if shared is not None else ([], [])
    sources = [*files, *made_sources()]
    document: dict[str, Any] = {
        "files_used": len(files),
        "made_sessions": MADE,
        "rounds": given.rounds,
        "target": TARGET,
    }
    for half, wanted in (("report", True), ("fit", False)):
        if given.half not in (half, "both"):
            continue
        own = [source for source in sources if source.is_reported is wanted]
        document[half] = summary(run(own, own, rounds=given.rounds))
        show(f"{half} half, {len(own)} sessions", document[half], misses=given.misses)
    real: dict[tuple[bool, str], Count] = defaultdict(Count)
    for pair in real_pairs(recordings):
        tally(real, pair)
    document["real"] = summary(real)
    show("real files", document["real"], misses=given.misses)
    document["cpu_s"] = round(time.process_time() - started, 1)
    if given.half == "both":
        print(write_result(given.results, "duplicate_detection", document))
    reported = document.get("report") or document["fit"]
    return 0 if min(reported["precision"], reported["recall"]) >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
