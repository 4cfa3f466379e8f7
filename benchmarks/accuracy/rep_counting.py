"""How well push-ups are counted: every labelled clip, two naive baselines, and clips that hold no push-up.

    python benchmarks/accuracy/rep_counting.py

The headline is the clips whose count was verified by eye. Clips counted from poses only, and the poses of the
Countix fitness test (each frame min-max normalised to the body's box), are shown for information.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import find_peaks

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.support import CachedPoses, Clip, cpu_s, read_clips, shared_data_dir, write_result

from topform.core.arrays import FloatArray, frozen_floats
from topform.kinematics.angles import joint_angle_deg
from topform.kinematics.form_analysis import Exercise, FormAnalysis
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.ml.evaluation import count_mae_norm, obo
from topform.ml.synthesis.recordings import EXERCISES, synthesise
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels

RESULTS = Path(__file__).parent / "results"
COUNTIX_FRAMES_PER_S = 30.0
SET_FROM_REPS = 5
NEGATIVES = 400


@dataclass(frozen=True, slots=True)
class Counted:
    """One clip and what the methods said."""

    clip: Clip
    truth: int
    counts: dict[str, int]


def fixed_thresholds(poses: PoseSequence, *, down_deg: float = 100.0, up_deg: float = 145.0) -> int:
    """Baseline: mean elbow angle of the picture below 100, then above 145 degrees."""
    angles = np.nanmean([_elbow(poses, side) for side in ("left", "right")], axis=0)
    count, is_down = 0, False
    for angle in angles[np.isfinite(angles)]:
        if not is_down and angle < down_deg:
            is_down = True
        elif is_down and angle > up_deg:
            is_down, count = False, count + 1
    return count


def shoulder_peaks(poses: PoseSequence) -> int:
    """Baseline: prominent low points of the shoulders, at least 0.5 s apart."""
    height = np.nanmean([poses.xy("left_shoulder")[:, 1], poses.xy("right_shoulder")[:, 1]], axis=0)
    seen = np.isfinite(height)
    if seen.sum() < 3 or np.std(height[seen]) == 0.0:
        return 0
    filled = np.interp(poses.t_s, poses.t_s[seen], height[seen])
    step_s = float(np.median(np.diff(poses.t_s)))
    peaks, _ = find_peaks(filled, prominence=np.std(filled), distance=max(1, round(0.5 / step_s)))
    return len(peaks)


def _elbow(poses: PoseSequence, side: str) -> FloatArray:
    return joint_angle_deg(poses.xy(f"{side}_shoulder"), poses.xy(f"{side}_elbow"), poses.xy(f"{side}_wrist"))


def topform(poses: PoseSequence) -> FormAnalysis:
    """Return the analysis as `topform analyze --exercise auto` makes it."""
    return analyze_sequence(poses, exercise=None)


def push_ups(analysis: FormAnalysis) -> int:
    """Return the push-ups counted: none where another exercise was recognised."""
    return analysis.rep_count if analysis.exercise is Exercise.PUSH_UP else 0


BASELINES: dict[str, Callable[[PoseSequence], int]] = {
    "elbow 100/145": fixed_thresholds,
    "shoulder peaks": shoulder_peaks,
}


def scores(rows: Iterable[Counted], method: str) -> dict[str, Any]:
    """Return count scores of a method over clips."""
    rows = list(rows)
    true = np.array([row.truth for row in rows])
    counted = np.array([row.counts[method] for row in rows])
    if not rows:
        return {"clips": 0}
    return {
        "clips": len(rows),
        "people": len({row.clip.person_group for row in rows}),
        "exact": round(float((true == counted).mean()), 4),
        "within_one": round(obo(true=true, counted=counted), 4),
        "mae_norm": None if (true == 0).all() else round(count_mae_norm(true=true, counted=counted), 4),
    }


def by_person(rows: list[Counted], method: str) -> dict[str, float]:
    """Return the mean over people of each person's share, so that many clips of one person weigh as one."""
    people: dict[str, list[Counted]] = defaultdict(list)
    for row in rows:
        people[row.clip.person_group].append(row)
    shares = [scores(clips, method) for clips in people.values()]
    return {name: round(float(np.mean([share[name] for share in shares])), 4) for name in ("exact", "within_one")}


def short_view(view: str) -> str:
    """Return the label's view in one of a few words."""
    first = view.split(",", maxsplit=1)[0].strip().lower()
    if first.startswith(("top", "rear", "back", "front high")):
        return "top, rear, high"
    if "3/4" in first:
        return "three-quarter"
    return "front" if first.startswith("front") else "side"


def print_table(title: str, groups: list[tuple[str, list[Counted]]], methods: list[str]) -> None:
    """Print one block of the table."""
    print(f"\n{title}")
    print(f"  {'':34}{'clips':>6}{'people':>7}  " + "".join(f"{method:^27}" for method in methods))
    print(f"  {'':47}  " + "".join(f"{'exact':>9}{'+-1':>8}{'MAEn':>8}  " for _ in methods))
    for name, rows in groups:
        if not rows:
            continue
        found = [scores(rows, method) for method in methods]
        cells = "".join(f"{f['exact']:>9.1%}{f['within_one']:>8.1%}{f['mae_norm'] or 0.0:>8.3f}  " for f in found)
        print(f"  {name:34}{found[0]['clips']:>6}{found[0]['people']:>7}  {cells}")


def count_clips(shared: Path, cache: CachedPoses) -> tuple[list[Counted], list[tuple[Clip, FormAnalysis, float]]]:
    """Analyse every clip; return the push-ups with a count, and the clips of other exercises."""
    counted, others = [], []
    for clip in read_clips(shared):
        if clip.is_push_up and clip.true_reps is None:
            continue
        poses = cache.of(shared / "video" / clip.file)
        analysis = topform(poses)
        if clip.is_push_up:
            assert clip.true_reps is not None
            counts = {name: method(poses) for name, method in BASELINES.items()}
            counted.append(Counted(clip, clip.true_reps, {"topform": push_ups(analysis), **counts}))
        else:
            others.append((clip, analysis, poses.duration_s))
    return counted, others


def count_countix(shared: Path) -> tuple[list[Counted], dict[str, dict[str, int]]]:
    """Analyse the box-normalised poses; return the push-ups and false repetitions of the rest by type."""
    rows: list[Counted] = []
    false_reps: dict[str, dict[str, int]] = defaultdict(lambda: {"clips": 0, "clips_with_false": 0, "false_reps": 0})
    table = shared / "poses" / "countix_fitness_test.csv"
    with (
        table.open(encoding="utf-8", newline="") as file,
        np.load(shared / "poses" / "countix_fitness_test_poses.npz", allow_pickle=False) as stored,
    ):
        for row in csv.DictReader(file):
            if row["key"] not in stored.files:
                continue
            xy = stored[row["key"]].astype(np.float64).reshape(-1, 33, 3)[:, :, :2]
            poses = PoseSequence(
                t_s=np.arange(len(xy)) / COUNTIX_FRAMES_PER_S,
                xy_px=xy,
                score=np.isfinite(xy).all(axis=2).astype(np.float64),
                skeleton=BLAZEPOSE33,
            )
            count = push_ups(topform(poses))
            if row["type"] == "push_up":
                clip = Clip(row["key"], "push_up", "", None, "countix", "", "", row["key"])
                rows.append(Counted(clip, int(float(row["count"])), {"topform": count}))
            else:
                kind = false_reps[row["type"]]
                kind["clips"] += 1
                kind["clips_with_false"] += int(count > 0)
                kind["false_reps"] += count
    return rows, dict(false_reps)


def count_negatives() -> dict[str, dict[str, int]]:
    """Return false repetitions in made-up recordings without any: held planks, and movements that are no push-ups."""
    rng, models = np.random.default_rng(41), FormModels()
    made = synthesise(rng, count=NEGATIVES, frames=120, step_s=(0.95 / 15.0, 1.05 / 15.0))
    result = {"held planks": [0, 0, 0], "other movements": [0, 0, 0]}
    for row in np.flatnonzero(made.rep_count == 0):
        kinds = set(made.exercise[row].tolist())
        if EXERCISES.index("push_up") in kinds:
            continue
        t_s, xy, score = (frozen_floats(values[row]) for values in (made.t_s, made.xy, made.score))
        poses = PoseSequence(t_s=t_s, xy_px=xy, score=score, skeleton=BLAZEPOSE33)
        count = push_ups(analyze_sequence(poses, exercise=None, form_models=models))
        tally = result["held planks" if EXERCISES.index("plank") in kinds else "other movements"]
        tally[0], tally[1], tally[2] = tally[0] + 1, tally[1] + int(count > 0), tally[2] + count
    return {
        name: {"recordings": n, "with_false": false, "false_reps": reps} for name, (n, false, reps) in result.items()
    }


def main() -> int:
    """Print the tables and write the result."""
    shared = shared_data_dir()
    if shared is None:
        print("The evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA); nothing was measured.")
        return 0
    started_s, started_cpu_s = time.perf_counter(), cpu_s()
    cache = CachedPoses()
    counted, others = count_clips(shared, cache)
    eye = [row for row in counted if row.clip.verified.startswith("eye")]
    methods = ["topform", *BASELINES]
    without = [row for row in eye if row.clip.person_group != "kg_home_man"]
    groups = [
        ("all", eye),
        (f"{SET_FROM_REPS} and more repetitions", [row for row in eye if row.truth >= SET_FROM_REPS]),
        (f"fewer than {SET_FROM_REPS}", [row for row in eye if row.truth < SET_FROM_REPS]),
        ("without kg_home_man", without),
        *(
            (f"view: {view}", [row for row in eye if short_view(row.clip.view) == view])
            for view in ("side", "three-quarter", "front", "top, rear, high")
        ),
    ]
    print_table("Push-up clips counted by eye", groups, methods)
    print(f"  mean over people: {by_person(eye, 'topform')}")
    for row in eye:
        if row.counts["topform"] != row.truth:
            print(f"  miss: {row.clip.file} {row.truth} counted as {row.counts['topform']}")
    pose_groups = [
        (name, [row for row in counted if row.clip.verified == name])
        for name in ("pose only", "pose, unreliable", "uncertain")
    ]
    print_table("For information: counts not verified by eye", pose_groups, methods)
    false = [(clip, analysis) for clip, analysis, _ in others if push_ups(analysis)]
    minutes = sum(duration for _, _, duration in others) / 60.0
    false_count = sum(push_ups(analysis) for _, analysis in false)
    print(f"\nOther exercises: {len(others)} clips, {minutes:.1f} min: {false_count} false repetitions", end="")
    print(f" in {len(false)} clips ({false_count / minutes:.2f} per minute)")
    for clip, analysis in false:
        print(f"  {clip.file}: {analysis.rep_count}, probability {analysis.exercise_probability:.2f}")
    countix, countix_false = count_countix(shared)
    print_table("For information: Countix push-ups, box-normalised poses", [("push_up", countix)], ["topform"])
    for kind, numbers in countix_false.items():
        print(f"  {kind}: false in {numbers['clips_with_false']} of {numbers['clips']} clips")
    negatives = count_negatives()
    print(f"Made-up recordings without a push-up: {negatives}")
    spent = {
        "wall_s": round(time.perf_counter() - started_s, 1),
        "cpu_s": round(cpu_s() - started_cpu_s, 1),
        "pose_cpu_s": round(cache.cpu_s, 1),
        "frames_estimated": cache.estimated_frames,
    }
    print(f"\n{spent}")
    path = write_result(
        RESULTS,
        "rep_counting",
        {
            "n": {"counted_by_eye": len(eye), "people": len({row.clip.person_group for row in eye})},
            "counted_by_eye": {name: {m: scores(rows, m) for m in methods} for name, rows in groups if rows},
            "mean_over_people": by_person(eye, "topform"),
            "not_by_eye": {name: {m: scores(rows, m) for m in methods} for name, rows in pose_groups if rows},
            "other_exercises": {
                "clips": len(others),
                "minutes": round(minutes, 2),
                "false_reps": false_count,
                "clips_with_false": len(false),
            },
            "countix": {"push_up": scores(countix, "topform"), "false_by_type": countix_false},
            "made_up_negatives": negatives,
            "spent": spent,
            "note": "The limits of the counter were set while looking at some of these clips; people and clips kept "
            "aside are the independent check.",
        },
    )
    print(f"written {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
