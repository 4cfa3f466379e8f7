"""Every activity file of the evaluation data: is it read, and do our numbers agree with the device's own?

    python benchmarks/accuracy/activity_files.py [--results FOLDER]

Expected outcomes come from elsewhere: the list of sessions that the devices wrote (fit_session_reference.csv), and a
plain XML parser that counts points with a time. Our distance, ascent and weighted power are computed from the samples
alone; the device's own totals are what they are compared with. Exit code 1 if a file fails that should not, or if a
disagreement has no explanation.
"""

from __future__ import annotations

import argparse
import csv
import math
import platform
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from defusedxml import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.support import shared_data_dir, write_result

from topform.core.activity import Channel, Leg, Recording
from topform.core.errors import ActivityFileError
from topform.formats import decode
from topform.science.athlete import AthleteParameters
from topform.science.leg_analysis import LegAnalysis, analyse_leg

SUFFIXES = (".fit", ".tcx", ".gpx")
TOLERANCE = {"distance_m": 0.01, "ascent_m": 0.15, "weighted_power_w": 0.02, "hr_mean_bpm": 0.0, "hr_max_bpm": 0.0}
GAPPY_POWER_TOLERANCE = 0.03
GAP_S = 10.0
FLOOR = {"distance_m": 5.0, "ascent_m": 15.0, "weighted_power_w": 0.0, "hr_mean_bpm": 1.0, "hr_max_bpm": 1.0}
"""Differences below these need no explanation whatever their share; only for heart rate they count as agreement."""

TARGETS: list[tuple[str, str, float]] = [
    # (what, which comparisons, share that must agree)
    ("distance within 1 %", "distance_m", 0.95),
    ("mean heart rate within 1 bpm", "hr_mean_bpm", 0.95),
    ("maximal heart rate within 1 bpm", "hr_max_bpm", 0.95),
    ("weighted power within 2 %, no gap over 10 s", "weighted_power_w", 0.90),
    ("weighted power within 3 %, with longer gaps", "weighted_power_w gappy", 0.80),
    ("ascent within 15 %", "ascent_m", 0.70),
]

EXPLANATIONS: list[tuple[str, str, str]] = [
    # (end of the file name, quantity, why the numbers differ)
    *(
        (
            name,
            "weighted_power_w",
            "the device leaves zeros out, inside and outside gaps: its mean is that of samples above zero, and so is "
            "its weighted power (without zeros ours lies within 0.4 %); holding values over the gaps explains nothing",
        )
        for name in ("2014-05-07-14-26-22.fit", "2014-05-11-11-39-38.fit", "2014-07-26-18-50-56.fit")
    ),
    (
        "road-with-power.fit",
        "weighted_power_w",
        "the device counts 1.7 % more work than its samples hold: it used power that it did not write",
    ),
    (
        "ELEMNT-297E-195-0.fit",
        "weighted_power_w",
        "the maximum that the device states is in none of its samples: it computes from a denser signal",
    ),
    (
        "ELEMNT-297E-195-0.fit",
        "ascent_m",
        "small undulations, of which the device counts only those above about 8 m; ours closes (ascent - descent = "
        "end - start), the device's does not",
    ),
    (
        "4801048867.fit",
        "ascent_m",
        "36 km on ground that is flat within 17 m: both numbers are mostly noise of the barometer",
    ),
    (
        "0134902991.fit",
        "ascent_m",
        "the trainer program states no descent, although its altitudes fall; ours closes",
    ),
    *(
        (name, "ascent_m", "a transition in which the altimeter settles, then jumps; the device counts the jump")
        for name in ("triathlon_summary_first.fit", "triathlon_summary_last.fit")
    ),
    (
        "sample_mulitple_header.fit",
        "distance_m",
        "a transition with samples seconds apart; the last one lies 5 m before the end",
    ),
    *(
        ("big_activity.fit", quantity, "a made file: one sample repeated under a real summary")
        for quantity in ("distance_m", "ascent_m")
    ),
    *(
        ("unterminated-strings.fit", quantity, "the first half minute of a recording under a summary of its own")
        for quantity in ("distance_m", "hr_mean_bpm")
    ),
    (
        "road-with-power.fit",
        "ascent_m",
        "the device counts undulations of 1 to 2 m that the smoothing takes for noise",
    ),
    (
        "event_timestamp.fit",
        "hr_mean_bpm",
        "a swim; the watch's mean is that of neither all its samples nor those of the lengths swum",
    ),
    (
        "garmin-fr935-cr.fit",
        "hr_mean_bpm",
        "a swim without lengths; the watch's mean is not that of its samples, and its rule is not known",
    ),
    (
        "sample_mulitple_header.fit",
        "ascent_m",
        "854 samples of a GPS altitude on nearly flat ground; small undulations, of which the device counts fewer",
    ),
]


@dataclass
class Comparison:
    """One of our numbers beside the device's."""

    file: str
    leg: int
    quantity: str
    ours: float
    device: float
    explanation: str | None = None
    is_gappy: bool = False

    @property
    def relative(self) -> float:
        """Our number relative to the device's, minus 1."""
        return (self.ours - self.device) / self.device

    @property
    def agrees(self) -> bool:
        """Whether the difference is within what is promised."""
        if self.quantity.startswith("hr_"):
            return abs(self.ours - self.device) <= FLOOR[self.quantity]
        return abs(self.relative) <= (GAPPY_POWER_TOLERANCE if self.is_gappy else TOLERANCE[self.quantity])

    @property
    def disagrees(self) -> bool:
        """Whether the difference asks for an explanation."""
        return not self.agrees and abs(self.ours - self.device) > FLOOR[self.quantity]

    @property
    def group(self) -> str:
        """Which target it counts for."""
        return f"{self.quantity} gappy" if self.is_gappy else self.quantity


@dataclass
class FileResult:
    """What became of one file."""

    file: str
    kilobytes: float
    outcome: str
    seconds: float
    legs: int = 0
    samples: int = 0
    detail: str = ""
    unexpected: str | None = None
    comparisons: list[Comparison] = field(default_factory=list)


def main() -> int:
    """Run over all files, print the table, write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=Path(__file__).with_name("results"))
    arguments = parser.parse_args()
    data = shared_data_dir()
    if data is None:
        print("skipped: the evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA)")
        return 0
    activities = data / "activities"
    sessions = device_sessions(data / "fit_session_reference.csv")
    files = sorted(path for path in activities.rglob("*") if path.is_file() and is_activity(path))
    results = [examine(path, path.relative_to(activities).as_posix(), sessions) for path in files]
    show(results)
    summary = summarise(results)
    write(arguments.results, results, summary)
    failures = [result for result in results if result.unexpected]
    open_questions = [
        item for result in results for item in result.comparisons if item.disagrees and not item.explanation
    ]
    for result in failures:
        print(f"UNEXPECTED {result.file}: {result.unexpected}")
    for item in open_questions:
        print(f"UNEXPLAINED {item.file} leg {item.leg} {item.quantity}: ours {item.ours:.1f}, device {item.device:.1f}")
    return 1 if failures or open_questions else 0


def is_activity(path: Path) -> bool:
    """Say whether the file claims to be an activity; fuzz inputs carry no suffix."""
    return path.suffix.lower() in SUFFIXES or "fuzz" in path.as_posix().lower()


def device_sessions(path: Path) -> dict[str, list[dict[str, str]]]:
    """Return the devices' own session totals by file."""
    sessions: dict[str, list[dict[str, str]]] = {}
    with path.open(newline="") as stream:
        for row in csv.DictReader(stream):
            sessions.setdefault(row["file"], []).append(row)
    return sessions


def examine(path: Path, name: str, sessions: dict[str, list[dict[str, str]]]) -> FileResult:
    """Decode and analyse one file and hold it against what is known of it."""
    content = path.read_bytes()
    started = time.process_time()
    try:
        recording = decode(content, file=path.name)
    except ActivityFileError as error:
        seconds = time.process_time() - started
        result = FileResult(name, len(content) / 1000, error.code, seconds, detail=error.message)
        result.unexpected = unexpected_refusal(content, name, sessions)
        return result
    seconds = time.process_time() - started
    outcome = "salvaged" if recording.salvaged else "imported"
    samples = sum(len(leg.streams) for leg in recording.legs)
    notes = ", ".join(sorted({warning.code for warning in recording.warnings}))
    result = FileResult(name, len(content) / 1000, outcome, seconds, len(recording.legs), samples, notes)
    rows = once(sessions.get(name, []), recording)
    result.unexpected = unexpected_import(recording, content, name, len(rows))
    if len(rows) == len(recording.legs):
        for number, (leg, row) in enumerate(zip(recording.legs, rows, strict=True)):
            result.comparisons += compare(name, number, leg, row)
    return result


def unexpected_refusal(content: bytes, name: str, sessions: dict[str, list[dict[str, str]]]) -> str | None:
    """Return why a refusal is wrong, None if it is right."""
    if name in sessions:
        return f"the device wrote {len(sessions[name])} sessions"
    points = timed_points(content, name)
    return f"a plain parser finds {points} points with a time" if points else None


def unexpected_import(recording: Recording, content: bytes, name: str, sessions: int) -> str | None:
    """Return what is wrong with an import, None if nothing is."""
    if recording.salvaged and not recording.warnings:
        return "salvaged without a warning"
    if sessions and sessions != len(recording.legs):
        return f"{len(recording.legs)} legs, the device wrote {sessions} sessions"
    points = timed_points(content, name)
    samples = sum(len(leg.streams) for leg in recording.legs)
    if points is not None and not points >= samples > 0.98 * points:
        return f"{samples} samples, a plain parser finds {points} points with a time"
    return None


def timed_points(content: bytes, name: str) -> int | None:
    """Count the instants of points by a plain parser; None for FIT and for broken XML.

    Points of one instant count once, and instants before 1990 not at all: no such device existed.
    """
    if not name.lower().endswith((".gpx", ".tcx")):
        return None
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError:
        return None
    if any(local(element) == "Courses" for element in root.iter()):
        return 0
    count = 0
    for track in (element for element in root.iter() if local(element) in ("trk", "Activity")):
        points = [element for element in track.iter() if local(element) in ("trkpt", "Trackpoint")]
        times = {child.text for point in points for child in point if local(child).lower() == "time" and child.text}
        count += len({text for text in times if text >= "1990"})
    return count


def local(element: Any) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def once(rows: list[dict[str, str]], recording: Recording) -> list[dict[str, str]]:
    """Return a file's sessions, one that it holds again left out when reading told so."""
    if all(warning.code != "leg_repeated" for warning in recording.warnings):
        return rows
    told = [{key: value for key, value in row.items() if key != "session"} for row in rows]
    return [row for place, row in enumerate(rows) if told[place] not in told[:place]]


def compare(name: str, number: int, leg: Leg, row: dict[str, str]) -> list[Comparison]:
    """Hold the numbers from the samples against the session's."""
    analysis = analyse_leg(leg, AthleteParameters())
    pairs = {
        "distance_m": (analysis.distance_from_samples_m, row["total_distance"]),
        "ascent_m": (analysis.ascent_from_samples_m, row["total_ascent"]),
        "weighted_power_w": (weighted_power(analysis), row["normalized_power"]),
        "hr_mean_bpm": (heart_rate(analysis, "mean"), row["avg_heart_rate"]),
        "hr_max_bpm": (heart_rate(analysis, "max"), row["max_heart_rate"]),
    }
    is_gappy = bool(row["max_gap_s"]) and float(row["max_gap_s"]) > GAP_S
    found = []
    for quantity, (ours, text) in pairs.items():
        if ours is None or not text or float(text) == 0:
            continue
        gappy = is_gappy and quantity == "weighted_power_w"
        found.append(Comparison(name, number, quantity, ours, float(text), explain(name, quantity), gappy))
    return found


def heart_rate(analysis: LegAnalysis, statistic: str) -> float | None:
    """Return the mean or maximum, None without a heart rate."""
    summary = analysis.channels.get(Channel.HR_BPM)
    value = None if summary is None else getattr(summary, statistic)
    return None if value is None or math.isnan(value) else float(value)


def weighted_power(analysis: LegAnalysis) -> float | None:
    """Return our weighted power, if the leg is long and covered enough to have one."""
    metric = analysis.metrics.get("weighted_power_w")
    return None if metric is None or Channel.POWER_W not in analysis.channels else metric.value


def explain(name: str, quantity: str) -> str | None:
    """Return what is known about a disagreement."""
    return next((why for end, of, why in EXPLANATIONS if of == quantity and name.endswith(end)), None)


def show(results: list[FileResult]) -> None:
    """Print one line a file, then the disagreements with their explanations."""
    print(
        f"{'file':<72} {'outcome':<16} {'legs':>4} {'samples':>7} {'dist':>7} {'ascent':>7} {'power':>7} {'HR':>7} "
        f"{'max HR':>7} {'CPU s':>6}"
    )
    for result in results:
        cells = {quantity: "" for quantity in TOLERANCE}
        for item in result.comparisons:
            worst = cells[item.quantity]
            if not worst or abs(item.relative) > abs(float(worst.rstrip("%*"))) / 100:
                cells[item.quantity] = f"{item.relative:+.1%}{'*' if item.disagrees else ''}"
        print(
            f"{result.file[-72:]:<72} {result.outcome:<16} {result.legs or '':>4} {result.samples or '':>7} "
            + " ".join(f"{cell:>7}" for cell in cells.values())
            + f" {result.seconds:>6.2f}"
        )
    print("\n* disagreements and where they come from")
    for result in results:
        for item in result.comparisons:
            if item.disagrees:
                print(
                    f"  {item.file.rpartition('/')[2]} leg {item.leg} {item.quantity}: ours {item.ours:.1f}, "
                    f"device {item.device:.1f} ({item.relative:+.1%}): {item.explanation or 'NOT EXPLAINED'}"
                )


def summarise(results: list[FileResult]) -> dict[str, Any]:
    """Print and return counts, medians and speed."""
    outcomes = Counter(result.outcome for result in results)
    summary: dict[str, Any] = {"files": len(results), "outcomes": dict(outcomes)}
    print("\n" + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()))
    summary["agreement"] = {}
    for name, group, wanted in TARGETS:
        items = [item for result in results for item in result.comparisons if item.group == group]
        agreeing = sum(item.agrees for item in items)
        relative = [item.relative for item in items]
        summary["agreement"][group] = {
            "what": name,
            "sessions": len(items),
            "agreeing": agreeing,
            "share": round(agreeing / len(items), 4),
            "wanted": wanted,
            "median_relative": statistics.median(relative),
            "median_absolute_relative": statistics.median(map(abs, relative)),
        }
        print(
            f"{name:<45} {agreeing:>3} of {len(items):>3} = {agreeing / len(items):.1%} (wanted {wanted:.0%})  "
            f"median {statistics.median(relative):+.2%}, without sign {statistics.median(map(abs, relative)):.2%}"
        )
        for item in items:
            if not item.agrees:
                why = item.explanation if item.disagrees else "a small number: less than the resolution of both"
                print(f"    {item.file} leg {item.leg}: ours {item.ours:.1f}, device {item.device:.1f}: {why}")
    for suffix in SUFFIXES:
        chosen = [result for result in results if result.file.lower().endswith(suffix)]
        speed = sum(result.kilobytes for result in chosen) / 1000 / sum(result.seconds for result in chosen)
        summary[f"megabytes_per_s{suffix}"] = round(speed, 2)
        print(f"{suffix:<5} {len(chosen):>3} files  {speed:.2f} MB/s (one core)")
    return summary


def write(folder: Path, results: list[FileResult], summary: dict[str, Any]) -> None:
    """Write the results with what made them."""
    versions = {name: version(name) for name in ("topform", "fitdecode", "lxml", "numpy", "timezonefinder")}
    document = {
        "versions": {"python": platform.python_version(), **versions},
        "summary": summary,
        "files": [
            {
                "file": result.file,
                "outcome": result.outcome,
                "legs": result.legs,
                "unexpected": result.unexpected,
                "cpu_s": round(result.seconds, 3),
                "relative_to_the_device": [
                    {
                        "leg": item.leg,
                        "quantity": item.quantity,
                        "difference": round(item.relative, 4),
                        "disagrees": item.disagrees,
                        "explanation": item.explanation if item.disagrees else None,
                    }
                    for item in result.comparisons
                ],
            }
            for result in results
        ],
    }
    print(f"results: {write_result(folder, 'activity_files', document)}")


if __name__ == "__main__":
    sys.exit(main())
