"""How well right and wrong push-up form is told apart on people never seen, beside what else was tried.

    python -m benchmarks.accuracy.form_check

The two slopes of the verdict are fitted anew for every person from the others; the learned model saw made-up athletes
only. "unsure" counts as wrong. Intervals: bootstrap over people. Also: what choosing the conventions by labels costs,
the slopes of one half of the people on the other, reliability, sag as a detector, every real clip with a rare fault,
and the plank poses with two limits from one half.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.support import CachedPoses, shared_data_dir, write_result

from topform.core.arrays import BoolArray, FloatArray
from topform.kinematics.form_analysis import Fault, FormAnalysis
from topform.kinematics.learned_form import FAULT_ORDER
from topform.kinematics.push_up_faults import position_of
from topform.kinematics.verdict import CONSTANTS, positions, suspects_hidden_line
from topform.ml.dataset import LabelledRecording, recording_of_row, rows_of_table
from topform.ml.evaluation import auroc, brier, ece, macro_f1
from topform.ml.form_evaluation import balanced_accuracy, selective
from topform.ml.splits import fold_of_group
from topform.ml.verdict_fit import (
    LabelledSet,
    choose_conventions,
    fit_constants,
    leave_one_person_out,
    logistic_leave_one_person_out,
    probabilities,
)
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels

RESULTS = Path(__file__).parent / "results"
SPLITS = Path(__file__).parent / "splits"
GROUPS = "kg_"
BIG_GROUP = "kg_home_man"
RESAMPLES = 2000
RARE = (Fault.HIPS_PIKE, Fault.INCOMPLETE_LOCKOUT, Fault.ELBOW_FLARE, Fault.HEAD_DROP)


class _NoModel:
    """The rules alone."""

    def step(self, *, t_s: float, xy_px: FloatArray, score: FloatArray) -> None:
        return None


class _NoModels(FormModels):
    def new_model(self) -> Any:
        return _NoModel()


@dataclass(frozen=True, slots=True)
class Set:
    """One labelled clip and what was said of it."""

    recording: LabelledRecording
    sha256: str
    analysis: FormAnalysis
    by_rules: FormAnalysis

    @property
    def person(self) -> str:
        return self.recording.person

    @property
    def is_wrong(self) -> bool:
        return self.recording.form == "wrong"

    def labelled(self, *, learned: bool = True) -> LabelledSet:
        analysis = self.analysis if learned else self.by_rules
        return LabelledSet(self.person, self.is_wrong, positions(analysis.reps))

    @property
    def is_unsure(self) -> bool:
        return not self.analysis.reps or suspects_hidden_line(self.analysis.reps)

    def learned_alone(self) -> float:
        """Return the likeliest fault of the verdict by the learned model alone, which saw no real person."""
        said = [
            finding.learned_probability
            for rep in self.analysis.reps
            for finding in rep.findings
            if CONSTANTS.offset(finding.fault) is not None and finding.learned_probability is not None
        ]
        return max(said, default=0.5)


def read_sets(shared: Path) -> list[Set]:
    """Return every labelled clip of the groups, analysed."""
    cache, models, rules = CachedPoses(), FormModels(), _NoModels()
    sets = []
    for row in rows_of_table(shared / "video" / "labels.csv"):
        if not row["person_group"].startswith(GROUPS) or not row["form_label"]:
            continue
        video = shared / "video" / row["file"]
        poses = cache.of(video)
        said = [analyze_sequence(poses, exercise=None, form_models=each) for each in (models, rules)]
        sets.append(Set(recording_of_row(row), hashlib.sha256(video.read_bytes()).hexdigest(), *said))
    return sets


def write_split(sets: Sequence[Set]) -> None:
    """Write which clips are held out together: digests and folds, one fold for each person, no names."""
    people = sorted({one.person for one in sets}, key=lambda person: hashlib.sha256(person.encode()).hexdigest())
    rows = sorted((one.sha256, people.index(one.person)) for one in sets)
    document = {
        "folds": len(people),
        "by": "person",
        "recordings": [{"sha256": digest, "fold": fold} for digest, fold in rows],
    }
    path = SPLITS / "form_check.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def scores(sets: Sequence[Set], probability: FloatArray, unsure: BoolArray) -> dict[str, Any]:
    """Return the scores of one method; a set without a verdict is a miss and has even odds."""
    is_wrong = np.array([one.is_wrong for one in sets])
    said = np.where(unsure & (probability < 0.5), 0.5, probability)
    is_right = ((said >= 0.5) == is_wrong) & (said != 0.5)
    result: dict[str, Any] = {
        "clips": len(sets),
        "people": len({one.person for one in sets}),
        "balanced_accuracy": round(balanced_accuracy(is_wrong, is_right), 4),
        "recall_wrong": round(float(is_right[is_wrong].mean()), 4),
        "recall_correct": round(float(is_right[~is_wrong].mean()), 4),
        "auroc": round(auroc(true=is_wrong, score=said), 4),
        "ece": round(ece(true=is_wrong, probability=said), 4),
        "brier": round(brier(true=is_wrong, probability=said), 4),
        "unsure": int((said == 0.5).sum()),
        **{name: None if v is None else round(v, 4) for name, v in selective(is_wrong, said).items()},
    }
    people = np.array([one.person for one in sets])

    def resampled(place: np.ndarray) -> tuple[float, float]:
        return (
            balanced_accuracy(is_wrong[place], is_right[place]),
            auroc(true=is_wrong[place], score=said[place]),
        )

    drawn = over_people(people, resampled)
    for name, column in (("balanced_accuracy", 0), ("auroc", 1)):
        low, high = np.nanquantile(drawn[:, column], [0.025, 0.975])
        result[f"{name}_interval_95"] = [round(float(low), 4), round(float(high), 4)]
    return result


def over_people(people: np.ndarray, of: Callable[[np.ndarray], tuple[float, ...]]) -> FloatArray:
    """Return statistics of resamples of whole people."""
    rng = np.random.default_rng(0)
    names = np.unique(people)
    places = {name: np.flatnonzero(people == name) for name in names}
    drawn = [of(np.concatenate([places[name] for name in rng.choice(names, names.size)])) for _ in range(RESAMPLES)]
    return np.array(drawn)


def methods(sets: Sequence[Set]) -> dict[str, tuple[FloatArray, BoolArray]]:
    """Return probability and abstention of every method."""
    labelled = [one.labelled() for one in sets]
    rules = [one.labelled(learned=False) for one in sets]
    unsure = np.array([one.is_unsure for one in sets])
    no_reps = np.array([not one.analysis.reps for one in sets])
    line_hidden = np.array([Fault.HIPS_SAG not in one.positions for one in labelled])
    unseen, _ = leave_one_person_out(labelled)
    return {
        "topform, unseen people": (unseen, unsure),
        "topform, conventions chosen without the person": (
            leave_one_person_out(labelled, fit=choose_conventions)[0],
            unsure,
        ),
        "topform, slopes of the other half of the people": (from_other_half(labelled), unsure),
        "topform, seen people": (probabilities(labelled, fit_constants(labelled)), unsure),
        "topform, as shipped": (probabilities(labelled, CONSTANTS), unsure),
        "topform, unsure where the line is hidden": (unseen, unsure | line_hidden),
        "rules alone, unseen people": (leave_one_person_out(rules)[0], no_reps),
        "rules + logistic regression, unseen people": (logistic_leave_one_person_out(rules), no_reps),
        "learned model alone, no real data": (np.array([one.learned_alone() for one in sets]), no_reps),
    }


def from_other_half(labelled: Sequence[LabelledSet]) -> FloatArray:
    """Return probabilities by slopes fitted on the half of the people that a set's person is not in."""
    half = np.array([fold_of_group(one.person, folds=2) for one in labelled])
    probability = np.full(len(labelled), np.nan)
    for own in (0, 1):
        constants = fit_constants([one for one, where in zip(labelled, half, strict=True) if where != own])
        places = np.flatnonzero(half == own).tolist()
        probability[places] = probabilities([labelled[place] for place in places], constants)
    return probability


def reliability(sets: Sequence[Set], probability: FloatArray) -> dict[str, Any]:
    """Return what was said beside what was, and the calibration error that as many sets have by chance alone."""
    is_wrong = np.array([one.is_wrong for one in sets])
    place = np.minimum((probability * 10).astype(int), 9)
    rng = np.random.default_rng(0)
    by_chance = [ece(true=rng.random(len(sets)) < probability, probability=probability) for _ in range(RESAMPLES)]
    return {
        "bins": [
            {
                "from": round(float(index) / 10.0, 1),
                "clips": int((place == index).sum()),
                "said": round(float(probability[place == index].mean()), 3),
                "wrong": round(float(is_wrong[place == index].mean()), 3),
            }
            for index in np.unique(place)
        ],
        "ece": round(ece(true=is_wrong, probability=probability), 4),
        "ece_of_a_calibrated_method_by_chance": {
            "mean": round(float(np.mean(by_chance)), 4),
            "quantile_95": round(float(np.quantile(by_chance, 0.95)), 4),
        },
    }


def sag_as_detector(sets: Sequence[Set]) -> dict[str, Any]:
    """Return the recall of sag at a precision of 0.85, over clips that somebody looked at for faults."""
    looked = [one for one in sets if one.recording.faults is not None and one.analysis.reps]
    has = np.array([Fault.HIPS_SAG.value in (one.recording.faults or ()) for one in looked])
    score = np.array([positions(one.analysis.reps).get(Fault.HIPS_SAG, -2.0) for one in looked])
    people = np.array([one.person for one in looked])

    def recall(place: np.ndarray) -> tuple[float, ...]:
        return (recall_at_precision(has[place], score[place], 0.85),)

    def of(keep: BoolArray) -> dict[str, Any]:
        place = np.flatnonzero(keep)
        low, high = np.nanquantile(over_people(people[place], lambda drawn: recall(place[drawn])), [0.025, 0.975])
        return {
            "clips": int(keep.sum()),
            "with_sag": int(has[keep].sum()),
            "people_with_sag": len(set(people[keep & has])),
            "recall": round(recall(place)[0], 4),
            "interval_95": [round(float(low), 4), round(float(high), 4)],
            "auroc": round(auroc(true=has[keep], score=score[keep]), 4),
        }

    return {"all": of(np.ones(len(looked), dtype=bool)), f"without {BIG_GROUP}": of(people != BIG_GROUP)}


def recall_at_precision(has: BoolArray, score: FloatArray, wanted: float) -> float:
    """Return the highest recall of any limit whose precision is at least the wanted one."""
    if not has.any():
        return float("nan")
    best = 0.0
    for limit in np.unique(score):
        found = score >= limit
        if has[found].mean() >= wanted:
            best = max(best, float(has[found].sum() / has.sum()))
    return best


def rare_faults(sets: Sequence[Set]) -> list[dict[str, Any]]:
    """Return every real clip in which somebody saw a rare fault, and what TopForm said of it."""
    rows = []
    for one in sets:
        for fault in RARE:
            if fault.value in (one.recording.faults or ()):
                findings = [rep.finding(fault) for rep in one.analysis.reps]
                rows.append(
                    {
                        "clip": one.recording.id,
                        "person": one.person,
                        "fault": fault.value,
                        "decisions": [finding.decision.value for finding in findings],
                        "measured": [None if f.measured is None else round(f.measured, 1) for f in findings],
                        "learned_probability": [
                            None if f.learned_probability is None else round(f.learned_probability, 2) for f in findings
                        ],
                    }
                )
    return rows


def plank(shared: Path) -> dict[str, Any]:
    """Return the macro F1 of correct, high and low planks: two limits from one half, the score on the other."""
    with (shared / "poses" / "plank_correct_high_low.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    label = np.array([row["label"] for row in rows])
    line = np.array([_plank_line_deg(row) for row in rows])
    result = []
    for seed in range(5):
        first = np.random.default_rng(seed).random(len(rows)) < 0.5
        for half in (first, ~first):
            low, high = _plank_limits(line[half], label[half])
            said = np.where(line[~half] < low, "L", np.where(line[~half] > high, "H", "C"))
            result.append((macro_f1(true=label[~half], predicted=said), low, high))
    f1 = np.array([row[0] for row in result])
    # The frames come from a few recordings in order: blocks are the harder half.
    blocks = np.arange(len(rows)) // 71 % 2 == 0
    low, high = _plank_limits(line[blocks], label[blocks])
    said = np.where(line[~blocks] < low, "L", np.where(line[~blocks] > high, "H", "C"))
    return {
        "frames": len(rows),
        "macro_f1_mean": round(float(f1.mean()), 4),
        "macro_f1_least": round(float(f1.min()), 4),
        "macro_f1_block_halves": round(macro_f1(true=label[~blocks], predicted=said), 4),
        "limits_deg": [round(float(np.mean([row[i] for row in result])), 1) for i in (1, 2)],
        "note": "Coordinates are fractions of a picture of unknown shape, so the limits are not those of a real angle.",
    }


def _plank_line_deg(row: dict[str, str]) -> float:
    def at(name: str) -> FloatArray:
        return np.array([float(row[f"{name}_x"]), float(row[f"{name}_y"])])

    side = max(
        ("left", "right"), key=lambda s: min(float(row[f"{s}_{joint}_v"]) for joint in ("shoulder", "hip", "ankle"))
    )
    shoulder, hip, ankle = at(f"{side}_shoulder"), at(f"{side}_hip"), at(f"{side}_ankle")
    along, to_hip = ankle - shoulder, hip - shoulder
    up, down = shoulder - hip, ankle - hip
    cosine = float(up @ down / (np.linalg.norm(up) * np.linalg.norm(down)))
    above = -np.sign(along[0] * to_hip[1] - along[1] * to_hip[0]) * np.sign(along[0])
    return float(above * (180.0 - np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))))


def _plank_limits(line: FloatArray, label: np.ndarray) -> tuple[float, float]:
    """Return the two limits that separate the classes with the fewest errors, in the middle of their gaps."""

    def limit(below: BoolArray) -> float:
        places = np.sort(line)
        middles = (places[1:] + places[:-1]) / 2.0
        wrong = [int(((line < middle) != below).sum()) for middle in middles]
        best = np.flatnonzero(np.array(wrong) == min(wrong))
        return float(middles[best[best.size // 2]])

    return limit(label == "L"), limit(label != "H")


def main() -> int:
    """Print the tables and write the result."""
    shared = shared_data_dir()
    if shared is None:
        print("The evaluation data is not beside this checkout (set TOPFORM_SHARED_DATA); nothing was measured.")
        return 0
    sets = read_sets(shared)
    write_split(sets)
    groups = {"all": sets, f"without {BIG_GROUP}": [one for one in sets if one.person != BIG_GROUP]}
    table: dict[str, Any] = {}
    for title, rows in groups.items():
        people = {one.person for one in rows}
        print(f"\nForm right or wrong, {title}: {len(rows)} clips of {len(people)} people")
        numbers = f"{'bal.acc.':>9}{'95 %':>16}{'AUROC':>8}{'95 %':>16}{'ECE':>7}"
        print(f"  {'':50}{numbers}{'unsure':>8}{'sure':>7}{'right':>7}")
        table[title] = {}
        for name, (probability, unsure) in methods(rows).items():
            found = scores(rows, probability, unsure)
            table[title][name] = found
            low, high = found["balanced_accuracy_interval_95"]
            auroc_low, auroc_high = found["auroc_interval_95"]
            print(
                f"  {name:50}{found['balanced_accuracy']:>9.3f}{f'{low:.2f}..{high:.2f}':>16}{found['auroc']:>8.3f}"
                f"{f'{auroc_low:.2f}..{auroc_high:.2f}':>16}{found['ece']:>7.3f}{found['unsure']:>8}"
                f"{found['coverage']:>7.2f}{found['selective_accuracy']:>7.2f}"
            )
    probability, fitted = leave_one_person_out([one.labelled() for one in sets])
    misses = [
        {
            "clip": one.recording.id,
            "label": one.recording.form,
            "probability": round(float(p), 3),
            "unsure": one.is_unsure,
        }
        for one, p in zip(sets, probability, strict=True)
        if (p >= 0.5) != one.is_wrong or (one.is_unsure and p < 0.5)
    ]
    print("\nNot right (unseen people):")
    for miss in misses:
        print(f"  {miss}")
    by_view = {}
    for view in sorted({one.analysis.view.name.value for one in sets}):
        keep = np.array([one.analysis.view.name.value == view for one in sets])
        wrong = np.array([one.is_wrong for one in sets])[keep]
        right = (probability[keep] >= 0.5) == wrong
        by_view[view] = {"clips": int(keep.sum()), "wrong": int(wrong.sum()), "accuracy": round(float(right.mean()), 4)}
    print(f"\nBy view: {by_view}")
    said_often = {
        title: reliability(rows, leave_one_person_out([one.labelled() for one in rows])[0])
        for title, rows in groups.items()
    }
    print(f"Reliability: {said_often}")
    sag = sag_as_detector(sets)
    print(f"Sag, recall at precision 0.85: {sag}")
    rare = rare_faults(sets)
    for row in rare:
        print(f"  {row}")
    learned = learned_by_fault(sets)
    print(f"Learned model alone, AUROC by fault on real clips: {learned}")
    planks = plank(shared)
    print(f"Planks: {planks}")
    final = fit_constants([one.labelled() for one in sets])
    print(f"Constants fitted on all: {final}")
    path = write_result(
        RESULTS,
        "form_check",
        {
            "right_or_wrong": table,
            "constants": {"shipped": asdict(CONSTANTS), "fitted_on_all": asdict(final)},
            "slopes_without_a_person": {
                name: {"least": round(min(values), 2), "most": round(max(values), 2)}
                for name, values in (
                    ("slope_faulty", [each.slope_faulty for each in fitted.values()]),
                    ("slope_correct", [each.slope_correct for each in fitted.values()]),
                )
            },
            "reliability": said_often,
            "misses": misses,
            "by_view": by_view,
            "sag_recall_at_precision_085": sag,
            "rare_faults": rare,
            "learned_auroc_by_fault": learned,
            "plank": planks,
            "note": "Which criteria belong to the verdict (line, depth, lock-out, head, tempo, unit motion), where each"
            " is a fault, and the share of noise were decided while looking at these clips; people and clips kept "
            "aside are the independent check. Labels are the source's own: about ten of the wrong clips show no fault "
            "that can be named, and one person's sets are called right twice and wrong twice for one movement.",
        },
    )
    print(f"written {path}")
    return 0


def learned_by_fault(sets: Sequence[Set]) -> dict[str, float | None]:
    """Return the AUROC of the learned model on real clips for faults that somebody noted in three clips or more."""
    found: dict[str, float | None] = {}
    for fault in FAULT_ORDER:
        looked = [one for one in sets if one.recording.faults is not None and one.analysis.reps]
        has = np.array([fault.value in (one.recording.faults or ()) for one in looked])
        said = [[f.learned_probability for f in (rep.finding(fault) for rep in one.analysis.reps)] for one in looked]
        score = np.array([max((position_of(p) for p in row if p is not None), default=np.nan) for row in said])
        seen = np.isfinite(score)
        if has[seen].sum() >= 3:
            found[fault.value] = round(auroc(true=has[seen], score=score[seen]), 4)
    return found


if __name__ == "__main__":
    sys.exit(main())
