"""Every target of the technique check in one table: what was wanted, what was measured, whether it was met.

    python -m benchmarks.accuracy.technique

Reads the stored results of the other scripts, so that a number stands in one place; run those first to renew it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.support import write_result

BENCHMARKS = Path(__file__).resolve().parents[1]
UNSEEN, SEEN, RULES = "topform, unseen people", "topform, seen people", "rules alone, unseen people"
WITHOUT = "without kg_home_man"
COUNTIX = ("countix", "counting", "push_up")


@dataclass(frozen=True, slots=True)
class Target:
    """One number: where it stands and what was wanted of it."""

    what: str
    source: str
    path: tuple[str | int, ...]
    at_least: float | None = None
    at_most: float | None = None


COUNTING = (
    Target("counted by eye: exact", "rep_counting", ("counted_by_eye", "all", "topform", "exact"), at_least=0.88),
    Target("counted by eye: within one", "rep_counting", ("counted_by_eye", "all", "topform", "within_one"), 0.97),
    Target("counted by eye: error", "rep_counting", ("counted_by_eye", "all", "topform", "mae_norm"), at_most=0.06),
    Target(
        "5 and more repetitions: within one",
        "rep_counting",
        ("counted_by_eye", "5 and more repetitions", "topform", "within_one"),
        at_least=0.9,
    ),
    Target("Countix push-ups, told that they are: within one", "exercises", (*COUNTIX, "told", "within_one"), 17 / 19),
    Target("Countix push-ups, told: error", "exercises", (*COUNTIX, "told", "mae_norm"), at_most=0.12),
    Target("Countix push-ups, found out: within one", "exercises", (*COUNTIX, "auto", "within_one")),
    Target("Countix push-ups, found out: error", "exercises", (*COUNTIX, "auto", "mae_norm")),
    Target("false repetitions, clips of others", "rep_counting", ("other_exercises", "false_reps"), at_most=0),
    Target(
        "false repetitions, made-up held planks",
        "rep_counting",
        ("made_up_negatives", "held planks", "false_reps"),
        at_most=0,
    ),
    Target(
        "false repetitions, made-up other movements",
        "rep_counting",
        ("made_up_negatives", "other movements", "false_reps"),
        at_most=0,
    ),
)


def form_targets() -> list[Target]:
    """Return the targets of right and wrong form, with and without the man who shows half of the faults."""
    rows = []
    for group in ("all", WITHOUT):
        at = ("right_or_wrong", group)
        rows += [
            Target(
                f"form, {group}: balanced accuracy", "form_check", (*at, UNSEEN, "balanced_accuracy"), at_least=0.88
            ),
            Target(f"form, {group}: AUROC", "form_check", (*at, UNSEEN, "auroc"), at_least=0.93),
            Target(f"form, {group}: calibration error", "form_check", (*at, UNSEEN, "ece"), at_most=0.05),
            Target(f"form, {group}: share with a sure verdict", "form_check", (*at, UNSEEN, "coverage")),
            Target(f"form, {group}: right among the sure", "form_check", (*at, UNSEEN, "selective_accuracy")),
            Target(f"form, {group}: balanced accuracy, people seen", "form_check", (*at, SEEN, "balanced_accuracy")),
            Target(f"form, {group}: balanced accuracy, rules alone", "form_check", (*at, RULES, "balanced_accuracy")),
            Target(
                f"sag, {group}: recall at precision 0.85",
                "form_check",
                ("sag_recall_at_precision_085", group, "recall"),
            ),
        ]
    planks = Target("planks: macro F1 on the other half", "form_check", ("plank", "macro_f1_mean"), at_least=0.95)
    return [*rows, planks]


OTHERS = (
    Target("made-up told from real: AUROC", "form_synthesis", ("told_apart_auroc",), at_most=0.75),
    Target("made-up -> real: AUROC", "form_transfer", ("transfer", "all", "made-up -> real", "auroc")),
    Target("real -> real: AUROC", "form_transfer", ("transfer", "all", "real -> real, person unseen", "auroc")),
    Target("both -> real: AUROC", "form_transfer", ("transfer", "all", "both -> real, person unseen", "auroc")),
    Target("analysis over pose step, median clip", "analysis_overhead", ("median_total_over_pose",), at_most=1.15),
    Target("analysis over pose step, worst clip", "analysis_overhead", ("worst_total_over_pose",), at_most=1.15),
    Target(
        "times real time at 30 frames/s, one core", "analysis_overhead", ("times_realtime_30_slowest",), at_least=2.0
    ),
    Target("step model, ms a step", "analysis_overhead", ("form_step_ms",), at_most=0.2),
    Target("whole analysis over MediaPipe's poses, CPU", "pose_vs_mediapipe", ("median_ratio",), at_most=1.05),
    Target("memory over MediaPipe's", "pose_vs_mediapipe", ("median_memory_ratio",), at_most=0.75),
)


@cache
def stored(name: str) -> dict[str, Any] | None:
    """Return a stored result, None where its script has not been run."""
    for kind in ("accuracy", "speed"):
        path = BENCHMARKS / kind / "results" / f"{name}.json"
        if path.is_file():
            document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return document
    return None


def value_of(target: Target) -> float | None:
    """Return the number of a target, None where it is not stored."""
    found: Any = stored(target.source)
    for key in target.path:
        try:
            found = found[key]
        except (KeyError, IndexError, TypeError):
            return None
    return None if found is None else float(found)


def is_met(target: Target, value: float | None) -> bool | None:
    """Tell whether a target is met; None where there is none or nothing was measured."""
    if value is None or (target.at_least is None and target.at_most is None):
        return None
    above = target.at_least is None or value >= target.at_least - 1e-4
    return above and (target.at_most is None or value <= target.at_most + 1e-4)


def wanted_of(target: Target) -> str:
    """Return what was wanted, in a few characters."""
    if target.at_least is not None:
        return f">= {target.at_least:.3g}"
    return "" if target.at_most is None else f"<= {target.at_most:.3g}"


def main() -> int:
    """Print the table and write the result."""
    rows = []
    said: Callable[[bool | None], str] = {True: "met", False: "NOT met", None: ""}.__getitem__
    print(f"{'':58}{'wanted':>10}{'measured':>11}")
    for target in (*COUNTING, *form_targets(), *OTHERS):
        value = value_of(target)
        met = is_met(target, value)
        shown = "not measured" if value is None else f"{value:.3f}"
        print(f"{target.what:58}{wanted_of(target):>10}{shown:>13}  {said(met)}")
        rows.append({**asdict(target), "measured": value, "is_met": met})
    misses = [row["what"] for row in rows if row["is_met"] is False]
    print(f"{sum(row['is_met'] is True for row in rows)} met, {len(misses)} not met")
    rare = (stored("form_check") or {}).get("rare_faults", [])
    for row in rare:
        print(f"  {row['fault']:20} {row['clip']}: {', '.join(row['decisions'])}")
    path = write_result(
        Path(__file__).parent / "results", "technique", {"rows": rows, "not_met": misses, "rare_fault_clips": len(rare)}
    )
    print(f"written {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
