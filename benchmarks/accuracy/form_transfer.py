"""Whether made-up athletes teach something about real ones: trained on made-up, real, or both; judged on real people.

    python -m benchmarks.accuracy.form_transfer

The learner is a logistic regression on the forty features of `topform.ml.rep_features`, averaged over the repetitions
of a recording; real people are held out one at a time. Also: how the score grows with the number of real people that a
learner saw, and how often each fault is found in made-up recordings, which is a check of the machinery and is never
called accuracy.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.accuracy.form_check import BIG_GROUP, GROUPS
from benchmarks.support import CachedPoses, shared_data_dir, write_result

from topform.core.arrays import BoolArray, FloatArray, frozen_floats
from topform.kinematics.form_analysis import Decision, Exercise, FormAnalysis
from topform.kinematics.learned_form import FAULT_ORDER
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.kinematics.verdict import CONSTANTS
from topform.ml.dataset import recording_of_row, rows_of_table
from topform.ml.evaluation import auroc
from topform.ml.form_evaluation import balanced_accuracy
from topform.ml.rep_features import NAMES, observe_all, rep_features
from topform.ml.splits import leave_one_group_out
from topform.ml.synthesis.recordings import EXERCISES, Recordings, synthesise
from topform.ml.verdict_fit import fit_logistic
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels

RESULTS = Path(__file__).parent / "results"
MADE_UP = 700
FRAMES = 90
FRAME_S = 1.0 / 15.0
PENALTY = 10.0
REAL_WEIGHT = 5.0
"""A real recording counts as much as five made-up ones where both are learned from."""

PEOPLE = (2, 4, 8, 12)
DRAWS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Features of recordings, whether each is wrong, and who is in it."""

    features: FloatArray
    is_wrong: BoolArray
    person: tuple[str, ...]

    def of(self, rows: np.ndarray) -> Cases:
        return Cases(self.features[rows], self.is_wrong[rows], tuple(self.person[row] for row in rows))


def features_of(poses: PoseSequence, analysis: FormAnalysis) -> FloatArray | None:
    """Return the mean features of the repetitions, None without any."""
    frames = observe_all(poses)
    found = [rep_features(frames, rep) for rep in analysis.reps]
    seen = [row for row in found if row is not None]
    return np.mean(seen, axis=0) if seen else None


def real_cases(shared: Path, models: FormModels) -> Cases:
    """Return the labelled real clips."""
    cache, rows, wrong, people = CachedPoses(), [], [], []
    for row in rows_of_table(shared / "video" / "labels.csv"):
        if not row["person_group"].startswith(GROUPS) or not row["form_label"]:
            continue
        full = cache.of(shared / "video" / row["file"])
        # Made-up recordings have no world coordinates; neither has what they are compared with.
        poses = PoseSequence(t_s=full.t_s, xy_px=full.xy_px, score=full.score, skeleton=full.skeleton)
        features = features_of(poses, analyze_sequence(full, exercise=Exercise.PUSH_UP, form_models=models))
        if features is not None:
            rows.append(features)
            wrong.append(recording_of_row(row).form == "wrong")
            people.append(row["person_group"])
    return Cases(np.stack(rows), np.array(wrong), tuple(people))


def made_up_cases(models: FormModels) -> tuple[Cases, dict[str, Any]]:
    """Return made-up push-ups, and how often their faults were found."""
    rng = np.random.default_rng(31)
    deciding = [place for place, fault in enumerate(FAULT_ORDER) if CONSTANTS.offset(fault) is not None]
    found = _FaultTally()
    rows: list[FloatArray] = []
    wrong: list[bool] = []
    while len(rows) < MADE_UP:
        made = synthesise(rng, count=64, frames=FRAMES, step_s=(0.95 * FRAME_S, 1.05 * FRAME_S))
        for row in range(made.t_s.shape[0]):
            degree = made.fault[row].max(axis=0)
            if (made.exercise[row] != EXERCISES.index("push_up")).any() or made.rep_count[row] == 0:
                continue
            poses = _poses(made, row)
            analysis = analyze_sequence(poses, exercise=Exercise.PUSH_UP, form_models=models)
            features = features_of(poses, analysis)
            if features is None:
                continue
            found.add(degree, analysis)
            rows.append(features)
            wrong.append(bool(degree[deciding].max() > 0.5))
    people = tuple(f"made-up-{place}" for place in range(len(rows)))
    return Cases(np.stack(rows), np.array(wrong), people), found.table()


def _poses(made: Recordings, row: int) -> PoseSequence:
    t_s, xy, score = (frozen_floats(values[row]) for values in (made.t_s, made.xy, made.score))
    return PoseSequence(t_s=t_s, xy_px=xy, score=score, skeleton=BLAZEPOSE33)


class _FaultTally:
    """How often a fault beyond its limit is told, as such or as borderline, and how often one where there is none."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[bool, bool, bool, bool]]] = {fault.value: [] for fault in FAULT_ORDER}

    def add(self, degree: FloatArray, analysis: FormAnalysis) -> None:
        for place, fault in enumerate(FAULT_ORDER):
            said = [rep.finding(fault).decision for rep in analysis.reps]
            if 0.0 < degree[place] < 1.0:
                continue
            is_seen = any(decision is not Decision.ABSTAIN for decision in said)
            is_told = any(decision in (Decision.FAULT, Decision.BORDERLINE) for decision in said)
            is_sure = Decision.FAULT in said
            self._rows[fault.value].append((bool(degree[place] >= 1.0), is_seen, is_told, is_sure))

    def table(self) -> dict[str, Any]:
        result = {}
        for fault, rows in self._rows.items():
            has, seen, told, sure = (np.array(column, dtype=bool) for column in zip(*rows, strict=True))
            result[fault] = {
                "with_fault": int(has.sum()),
                "seen": round(float(seen[has].mean()), 3) if has.any() else None,
                "recall_of_all": round(float(told[has].mean()), 3) if has.any() else None,
                "recall_of_seen": round(float(told[has & seen].mean()), 3) if (has & seen).any() else None,
                "clean": int((~has).sum()),
                "fault_told_of_clean": round(float(sure[~has].mean()), 3) if (~has).any() else None,
            }
        return result


def learned(train: Cases, test: Cases, *, made_up: Cases | None = None) -> FloatArray:
    """Return the logits of test cases by a learner of the training cases, and of made-up ones where given."""
    features, wrong = train.features, train.is_wrong
    if made_up is not None:
        times = int(REAL_WEIGHT)
        features = np.concatenate([np.repeat(features, times, axis=0), made_up.features])
        wrong = np.concatenate([np.repeat(wrong, times), made_up.is_wrong])
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-9

    def design(values: FloatArray) -> FloatArray:
        return np.column_stack([np.clip((values - middle) / spread, -4.0, 4.0), np.ones(len(values))])

    return design(test.features) @ fit_logistic(design(features), wrong, penalty=PENALTY)


def scores(real: Cases, logit: FloatArray) -> dict[str, float]:
    """Return how well logits tell right from wrong."""
    return {
        "auroc": round(auroc(true=real.is_wrong, score=logit), 4),
        "balanced_accuracy": round(balanced_accuracy(real.is_wrong, (logit >= 0.0) == real.is_wrong), 4),
    }


def held_out(real: Cases, of: Callable[[Cases, Cases], FloatArray]) -> FloatArray:
    """Return the logits of every real person by a learner that did not see that person."""
    logit = np.full(len(real.person), np.nan)
    for _, rest, own in leave_one_group_out(real.person):
        logit[own] = of(real.of(rest), real.of(own))
    return logit


def learning_curve(real: Cases, made_up: Cases) -> list[dict[str, Any]]:
    """Return how the score on the people left over grows with the number of people learned from."""
    rng = np.random.default_rng(0)
    names, owner = sorted(set(real.person)), np.array(real.person)
    rows = []
    for count in PEOPLE:
        drawn: dict[str, list[float]] = {"real": [], "both": []}
        for _ in range(DRAWS):
            chosen = np.isin(owner, rng.choice(names, min(count, len(names) - 1), replace=False))
            train, test = real.of(np.flatnonzero(chosen)), real.of(np.flatnonzero(~chosen))
            if len(set(train.is_wrong)) < 2 or len(set(test.is_wrong)) < 2:
                continue
            drawn["real"].append(auroc(true=test.is_wrong, score=learned(train, test)))
            drawn["both"].append(auroc(true=test.is_wrong, score=learned(train, test, made_up=made_up)))
        rows.append({"people": count, "draws": len(drawn["real"]), **{name: _spread(v) for name, v in drawn.items()}})
    return rows


def _spread(values: Sequence[float]) -> dict[str, float] | None:
    if not values:
        return None
    low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
    return {"low_10": round(float(low), 3), "median": round(float(middle), 3), "high_90": round(float(high), 3)}


def main() -> int:
    """Print the tables and write the result."""
    shared = shared_data_dir()
    if shared is None:
        print("The evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA); nothing was measured.")
        return 0
    models = FormModels()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        every = real_cases(shared, models)
        made_up, found = made_up_cases(models)
    transfer: dict[str, Any] = {}
    groups = {
        "all": every,
        f"without {BIG_GROUP}": every.of(np.flatnonzero(np.array(every.person) != BIG_GROUP)),
    }
    for title, real in groups.items():
        transfer[title] = {
            "clips": len(real.person),
            "people": len(set(real.person)),
            "made-up -> real": scores(real, learned(made_up, real)),
            "real -> real, person unseen": scores(real, held_out(real, learned)),
            "both -> real, person unseen": scores(
                real, held_out(real, lambda train, test: learned(train, test, made_up=made_up))
            ),
        }
        print(title, transfer[title])
    curve = learning_curve(every, made_up)
    for row in curve:
        print(row)
    print("Made-up recordings, found by rules and model together (a check of the machinery, no accuracy):")
    for fault, numbers in found.items():
        print(f"  {fault:20} {numbers}")
    path = write_result(
        RESULTS,
        "form_transfer",
        {
            "features": len(NAMES),
            "made_up": len(made_up.person),
            "made_up_wrong": int(made_up.is_wrong.sum()),
            "transfer": transfer,
            "learning_curve_auroc": curve,
            "made_up_recall_by_fault": found,
            "note": "Learners that saw real clips serve this comparison only; none of their weights is kept. Most "
            "people are all right or all wrong, so a learner of real people learns the person and fails on others. "
            "Flare and asymmetry need coordinates in space, which made-up recordings lack.",
        },
    )
    print(f"written {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
