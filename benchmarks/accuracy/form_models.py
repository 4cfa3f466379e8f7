"""Which kind of step model serves people it never saw best: CNN-LSTM, dilated convolutions, transformer; over seeds.

    topform form train --model tcn --seed 1 --out runs/tcn-1      (and so on)
    python -m benchmarks.accuracy.form_models runs/*

Needs PyTorch. All were trained on the same made-up recordings; none saw a real person. Shown: the validation loss on
made-up recordings by pass, where training stopped, and how well the likeliest fault tells right from wrong, and sag
from none, on the real clips; and by how much the kind that is served is ahead of each other, with people drawn anew.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.support import CachedPoses, shared_data_dir, write_result

from topform.core.arrays import BoolArray, FloatArray
from topform.kinematics.form_analysis import Fault, FormAnalysis
from topform.kinematics.learned_form import FAULT_ORDER
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.verdict import CONSTANTS
from topform.ml.dataset import LabelledRecording, recording_of_row, rows_of_table
from topform.ml.evaluation import auroc
from topform.ml.training.fit import RECORD, WEIGHTS, TrainingPlan, new_model
from topform.ml.training.step_model import features_over_time, split_heads
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import MAX_STEP_S, MIN_STEP_S, FormModels

RESULTS = Path(__file__).parent / "results"
SERVED = "tcn"
RESAMPLES = 1000


def fault_logits(model: torch.nn.Module, poses: PoseSequence, analysis: FormAnalysis) -> FloatArray:
    """Return the mean logits at the end of every repetition, over all of them."""
    kept, last_s = [], -np.inf
    for frame, t_s in enumerate(poses.t_s):
        if t_s - last_s >= MIN_STEP_S:
            kept.append(frame)
            last_s = t_s
    found = np.asarray(np.isfinite(poses.xy_px[kept]).all(axis=2))
    xy = np.where(found[..., None], poses.xy_px[kept], 0.0).astype(np.float32)
    score = np.where(found, np.clip(poses.score[kept], 1e-3, 1.0), 0.0).astype(np.float32)
    t_s = poses.t_s[kept]
    steps = np.minimum(np.diff(t_s, prepend=t_s[0]), MAX_STEP_S)
    with torch.no_grad():
        features = features_over_time(
            torch.from_numpy(xy)[None], torch.from_numpy(score)[None], torch.from_numpy(np.cumsum(steps)[None]).float()
        )
        logits = split_heads(model.over_time(features))["fault"][0].numpy()
    ends = [(t_s >= rep.end_s - 0.25 * (rep.end_s - rep.start_s)) & (t_s <= rep.end_s + 0.3) for rep in analysis.reps]
    per_rep = [logits[end].mean(axis=0) for end in ends if end.any()]
    return np.asarray(np.mean(per_rep if per_rep else [logits.mean(axis=0)], axis=0), dtype=np.float64)


def scores(sets: list[tuple[LabelledRecording, PoseSequence, FormAnalysis]], logits: FloatArray) -> dict[str, float]:
    """Return how well a model's fault logits do on real clips."""
    is_wrong = np.array([recording.form == "wrong" for recording, _, _ in sets])
    others = np.array([recording.person != "kg_home_man" for recording, _, _ in sets])
    looked = np.array([recording.faults is not None for recording, _, _ in sets])
    sag = np.array([Fault.HIPS_SAG.value in (recording.faults or ()) for recording, _, _ in sets])
    worst = worst_of(logits)
    of_sag = logits[:, FAULT_ORDER.index(Fault.HIPS_SAG)]
    return {
        "auroc": auroc(true=is_wrong, score=worst),
        "auroc_without_kg_home_man": auroc(true=is_wrong[others], score=worst[others]),
        "auroc_sag": auroc(true=sag[looked], score=of_sag[looked]),
    }


def worst_of(logits: FloatArray) -> FloatArray:
    """Return the likeliest fault of those that decide."""
    deciding = [place for place, fault in enumerate(FAULT_ORDER) if CONSTANTS.offset(fault) is not None]
    return np.asarray(logits[:, deciding].max(axis=1))


def ahead_of(
    is_wrong: BoolArray, people: list[str], served: list[FloatArray], other: list[FloatArray]
) -> dict[str, float]:
    """Return the difference in AUROC, mean over seeds, and where it lies when people are drawn anew."""

    def difference(rows: np.ndarray) -> float:
        mine, theirs = (
            float(np.mean([auroc(true=is_wrong[rows], score=score[rows]) for score in runs]))
            for runs in (served, other)
        )
        return mine - theirs

    owner, rng = np.array(people), np.random.default_rng(0)
    names = np.unique(owner)
    places = {name: np.flatnonzero(owner == name) for name in names}
    drawn = [
        difference(np.concatenate([places[name] for name in rng.choice(names, names.size)])) for _ in range(RESAMPLES)
    ]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    whole = difference(np.arange(len(people)))
    return {"difference": round(whole, 4), "low_95": round(float(low), 4), "high_95": round(float(high), 4)}


def main(folders: list[str]) -> int:
    """Print the table and write the result."""
    import json

    shared = shared_data_dir()
    if shared is None or not folders:
        print("Name the folders of training runs; the evaluation data must lie beside this checkout.")
        return 0
    torch.set_num_threads(1)
    cache, models = CachedPoses(), FormModels()
    sets = []
    for row in rows_of_table(shared / "video" / "labels.csv"):
        if row["person_group"].startswith("kg_") and row["form_label"]:
            poses = cache.of(shared / "video" / row["file"])
            sets.append((recording_of_row(row), poses, analyze_sequence(poses, exercise=None, form_models=models)))
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    worst: dict[str, list[FloatArray]] = defaultdict(list)
    for folder in sorted(Path(name) for name in folders):
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        model = new_model(TrainingPlan(**record["plan"])).eval()
        with np.load(folder / WEIGHTS, allow_pickle=False) as stored:
            model.load_state_dict({name: torch.from_numpy(stored[name]) for name in stored.files})
        best = min(record["history"], key=lambda passed: passed["validation"])
        logits = np.stack([fault_logits(model, poses, analysis) for _, poses, analysis in sets])
        worst[record["plan"]["model"]].append(worst_of(logits))
        found[record["plan"]["model"]].append(
            {
                "seed": record["plan"]["seed"],
                "parameters": record["parameters"],
                "validation_loss": round(best["validation"], 4),
                "validation_fault_loss": round(best["fault"], 4),
                "passes": len(record["history"]),
                "best_pass": int(best["epoch"]) + 1,
                "validation_by_pass": [round(passed["validation"], 3) for passed in record["history"]],
                **{name: round(value, 4) for name, value in scores(sets, logits).items()},
            }
        )
    summary = {}
    for kind, runs in found.items():
        names = [name for name in runs[0] if name not in ("seed", "parameters", "validation_by_pass")]
        summary[kind] = {
            "seeds": len(runs),
            "parameters": runs[0]["parameters"],
            **{
                name: {
                    "mean": round(float(np.mean([run[name] for run in runs])), 4),
                    "least": min(run[name] for run in runs),
                    "most": max(run[name] for run in runs),
                }
                for name in names
            },
        }
        print(kind, json.dumps(summary[kind]))
    is_wrong = np.array([recording.form == "wrong" for recording, _, _ in sets])
    people = [recording.person for recording, _, _ in sets]
    ahead = {kind: ahead_of(is_wrong, people, worst[SERVED], runs) for kind, runs in worst.items() if kind != SERVED}
    print(f"{SERVED} ahead of: {ahead}")
    document = {"models": summary, f"{SERVED}_ahead_of": ahead, "runs": found, "clips": len(sets)}
    path = write_result(RESULTS, "form_models", document)
    print(f"written {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
