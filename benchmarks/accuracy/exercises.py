"""How well the exercises besides the push-up are counted and recognised, beside naive peaks.

    python -m benchmarks.accuracy.exercises [--clips]

Countix fitness test: poses whose frames are min-max normalised one by one, one source video a row. Nothing is trained
on them, but the limits of the counters were set while looking at them; other recordings are the independent check.
The posture that an exercise must show to be recognised was chosen on every second video and is reported on the others,
but for the push-up's, which was widened with all videos in view.
With --clips the shared clips, too: which exercise is recognised, and what is counted where another one is done.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy.signal import find_peaks

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.support import CachedPoses, read_clips, shared_data_dir, write_result

from topform.core.arrays import FloatArray
from topform.kinematics.exercises.registry import EXERCISES
from topform.kinematics.exercises.squat import THIGH
from topform.kinematics.form_analysis import Exercise
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.ml.evaluation import count_mae_norm, obo
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels

RESULTS = Path(__file__).parent / "results"
FRAMES_PER_S = 30.0
NAMES = {"pull_ups": "pull_up"}
OTHER = "other"


def naive_peaks(poses: PoseSequence, exercise: Exercise) -> int:
    """Baseline: prominent peaks of the joint that moves most in the exercise, at least half a second apart."""
    joint = {
        Exercise.PUSH_UP: "shoulder",
        Exercise.PULL_UP: "elbow",
        Exercise.SIT_UP: "shoulder",
        Exercise.SQUAT: "hip",
        Exercise.LUNGE: "hip",
    }[exercise]
    height = np.nanmean([poses.xy(f"{side}_{joint}")[:, 1] for side in ("left", "right")], axis=0)
    seen = np.isfinite(height)
    if seen.sum() < 3 or np.std(height[seen]) == 0.0:
        return 0
    filled = np.interp(poses.t_s, poses.t_s[seen], height[seen])
    peaks, _ = find_peaks(filled, prominence=np.std(filled), distance=round(0.5 * FRAMES_PER_S))
    return len(peaks)


def countix(shared: Path) -> list[tuple[str, str, int, PoseSequence]]:
    """Return key, type, true count and poses of every video that holds a pose."""
    rows = []
    table = shared / "poses" / "countix_fitness_test.csv"
    with (
        table.open(encoding="utf-8", newline="") as file,
        np.load(shared / "poses" / "countix_fitness_test_poses.npz", allow_pickle=False) as stored,
    ):
        for row in csv.DictReader(file):
            if row["key"] not in stored.files or stored[row["key"]].size == 0:
                continue
            xy = stored[row["key"]].astype(np.float64).reshape(-1, 33, 3)[:, :, :2]
            poses = PoseSequence(
                t_s=np.arange(len(xy)) / FRAMES_PER_S,
                xy_px=xy,
                score=np.isfinite(xy).all(axis=2).astype(np.float64),
                skeleton=BLAZEPOSE33,
            )
            rows.append((row["key"], NAMES.get(row["type"], row["type"]), int(float(row["count"])), poses))
    return rows


def scores(pairs: list[tuple[int, int]]) -> dict[str, Any]:
    """Return the count scores of pairs of truth and count."""
    true, counted = np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])
    return {
        "videos": len(pairs),
        "exact": round(float((true == counted).mean()), 4),
        "within_one": round(obo(true=true, counted=counted), 4),
        "mae_norm": round(count_mae_norm(true=true, counted=counted), 4),
    }


def recognised(answers: list[tuple[str, str]], offered: set[str]) -> dict[str, Any]:
    """Count the answers of pairs of truth and answer: the right exercise, a wrong one, or none."""
    known = [(kind, answer) for kind, answer in answers if kind in offered]
    others = [answer for kind, answer in answers if kind not in offered]
    right = sum(kind == answer for kind, answer in known)
    unsaid = sum(answer == "unknown" for _, answer in known)
    counted = sum(answer != "unknown" for answer in others)
    named = right + (len(known) - right - unsaid) + counted
    return {
        "known": {"videos": len(known), "right": right, "wrong": len(known) - right - unsaid, "unknown": unsaid},
        "others": {"videos": len(others), "wrong": counted, "unknown": len(others) - counted},
        "precision": round(right / named, 4) if named else None,
    }


def of_countix(shared: Path, models: FormModels) -> dict[str, Any]:
    """Count every exercise, told which it is and finding out; say what the others are taken for."""
    told, found, naive = defaultdict(list), defaultdict(list), defaultdict(list)
    taken_for: dict[str, Counter[str]] = defaultdict(Counter)
    false_reps: Counter[str] = Counter()
    offered = {exercise.value for exercise in EXERCISES}
    answers: list[tuple[str, str]] = []
    for _, kind, truth, poses in countix(shared):
        result = analyze_sequence(poses, exercise=None, form_models=models)
        taken_for[kind][result.exercise.value] += 1
        answers.append((kind, result.exercise.value))
        if kind not in offered:
            false_reps[kind] += result.rep_count
            continue
        exercise = Exercise(kind)
        declared = analyze_sequence(poses, exercise=exercise, form_models=models)
        told[kind].append((truth, declared.rep_count))
        found[kind].append((truth, result.rep_count if result.exercise is exercise else 0))
        naive[kind].append((truth, naive_peaks(poses, exercise)))
    print(f"\n{'Countix':14}{'videos':>7}   {'told: +-1':>10}{'MAEn':>8}   {'auto: +-1':>10}{'MAEn':>8}   naive")
    counting = {}
    for kind in told:
        a, b, c = scores(told[kind]), scores(found[kind]), scores(naive[kind])
        counting[kind] = {"told": a, "auto": b, "naive_peaks": c}
        print(
            f"{kind:14}{a['videos']:>7}   {a['within_one']:>10.3f}{a['mae_norm']:>8.3f}   {b['within_one']:>10.3f}"
            f"{b['mae_norm']:>8.3f}   {c['within_one']:.3f} / {c['mae_norm']:.3f}"
        )
    recognition = {
        "all": recognised(answers, offered),
        "posture chosen on": recognised(answers[::2], offered),
        "held out": recognised(answers[1::2], offered),
    }
    for name, numbers in recognition.items():
        print(f"{name}: {numbers}")
    for kind, names in taken_for.items():
        print(f"  {kind}: {dict(names)}")
    return {
        "counting": counting,
        "taken_for": {kind: dict(names) for kind, names in taken_for.items()},
        "recognition": recognition,
        "false_reps": dict(false_reps),
    }


def of_clips(shared: Path, models: FormModels) -> dict[str, Any]:
    """Say what the shared clips of other exercises are taken for."""
    cache = CachedPoses()
    offered = {exercise.value for exercise in EXERCISES}
    taken_for: dict[str, Counter[str]] = defaultdict(Counter)
    false_reps, pairs = 0, []
    for clip in read_clips(shared):
        if clip.is_push_up:
            continue
        result = analyze_sequence(cache.of(shared / "video" / clip.file), exercise=None, form_models=models)
        taken_for[clip.exercise][result.exercise.value] += 1
        if clip.exercise in offered and clip.true_reps is not None:
            pairs.append((clip.true_reps, result.rep_count if result.exercise.value == clip.exercise else 0))
        if result.exercise.value != clip.exercise and result.rep_count:
            false_reps += result.rep_count
            print(f"  wrong: {clip.file} taken for {result.exercise.value}, {result.rep_count} repetitions")
    exact = sum(a == b for a, b in pairs)
    near = sum(abs(a - b) <= 1 for a, b in pairs)
    print(f"clips: {exact} of {len(pairs)} exact, {near} within one, {false_reps} false repetitions")
    for kind, names in taken_for.items():
        print(f"  {kind}: {dict(names)}")
    return {
        "taken_for": {kind: dict(names) for kind, names in taken_for.items()},
        "counted": {"clips": len(pairs), "exact": exact, "within_one": near},
        "false_reps": false_reps,
    }


def squat_depth(shared: Path) -> dict[str, Any]:
    """Hold the labelled frames of the squat table against the criterion of depth."""
    inclinations: dict[str, list[float]] = defaultdict(list)
    with (shared / "poses" / "squat_up_down_train.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            thighs = []
            for side in ("left", "right"):
                hip, knee = (_point(row, f"{side}_{name}") for name in ("hip", "knee"))
                rise, run = knee[1] - hip[1], abs(knee[0] - hip[0])
                thighs.append(float(np.degrees(np.arctan2(rise, run))))
            inclinations[row["label"]].append(float(np.mean(thighs)))
    result = {}
    for label, values in inclinations.items():
        result[label] = {
            "frames": len(values),
            "median_deg": round(float(np.median(values)), 1),
            "deep_enough": round(float(np.mean([value <= THIGH.fails for value in values])), 4),
        }
        print(f"squat table, {label}: {result[label]}")
    return result


def _point(row: dict[str, str], name: str) -> FloatArray:
    return np.array([float(row[f"{name}_x"]), float(row[f"{name}_y"])])


def _section(name: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    print(f"\n== {name}")
    return measure()


def main() -> int:
    """Print the tables and write the result."""
    shared = shared_data_dir()
    if shared is None:
        print("The evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA); nothing was measured.")
        return 0
    models = FormModels()
    document: dict[str, Any] = {
        "countix": _section("Countix fitness test", lambda: of_countix(shared, models)),
        "squat_depth": _section("Squat table", lambda: squat_depth(shared)),
        "note": "The limits of the counters and the posture of the push-up were set while looking at these recordings; "
        "the other postures on every second video.",
    }
    if "--clips" in sys.argv[1:]:
        document["clips"] = _section("Shared clips of other exercises", lambda: of_clips(shared, models))
    print(f"written {write_result(RESULTS, 'exercises', document)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
