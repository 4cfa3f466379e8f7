"""Judges labelled recordings and says how well: by fault, view, person; with calibration and coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from topform.core.arrays import BoolArray, FloatArray
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Decision, Fault, FormAnalysis, FormDecision
from topform.ml.dataset import Dataset, LabelledRecording, coverage
from topform.ml.evaluation import auroc, brier, count_mae_norm, ece, obo
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels

SURE_BELOW: Final = 0.3
SURE_ABOVE: Final = 0.7
"""Beyond these the probability counts as sure, for coverage and selective accuracy."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled recording and what TopForm said."""

    recording: LabelledRecording
    analysis: FormAnalysis

    @property
    def view(self) -> str:
        """The view that TopForm saw."""
        return self.analysis.view.name.value

    @property
    def is_wrong(self) -> bool:
        """Whether people called the form wrong."""
        return self.recording.form == "wrong"

    @property
    def probability(self) -> float:
        """Probability of a faulty set; even odds where there is no verdict."""
        said = self.analysis.form.probability_faulty
        return 0.5 if said is None or self.analysis.form.decision is FormDecision.UNSURE else said

    @property
    def is_right(self) -> bool:
        """Whether the verdict is what people said; "unsure" never is."""
        wanted = FormDecision.FAULTY if self.is_wrong else FormDecision.CORRECT
        return self.analysis.form.decision is wanted


def judge_dataset(dataset: Dataset) -> list[Judged]:
    """Return what TopForm says of every push-up recording and of those of other exercises."""
    models = FormModels()
    return [
        Judged(recording, analyze_sequence(dataset.poses_of(recording), exercise=None, form_models=models))
        for recording in dataset.recordings
    ]


def evaluate_dataset(dataset: Dataset) -> dict[str, Any]:
    """Return the full table of a dataset."""
    judged = judge_dataset(dataset)
    return {
        "folder": str(dataset.folder),
        "recordings": len(judged),
        "form": form_tables(judged),
        "faults": {fault.value: fault_scores(judged, fault) for fault in PUSH_UP_FAULTS},
        "counting": counting_scores(judged),
        "coverage": coverage(dataset.recordings),
    }


def form_tables(judged: Sequence[Judged]) -> dict[str, dict[str, dict[str, float | int | None]]]:
    """Return the scores of right and wrong: of all, by view and by person."""
    labelled = [one for one in judged if one.recording.form is not None]
    return {
        "all": {"all": form_scores(labelled)} if labelled else {},
        "by view": _grouped(labelled, lambda one: one.view),
        "by person": _grouped(labelled, lambda one: one.recording.person),
    }


def _grouped(judged: Iterable[Judged], of: Callable[[Judged], str]) -> dict[str, dict[str, float | int | None]]:
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(of(one), []).append(one)
    return {name: form_scores(rows) for name, rows in sorted(groups.items())}


def balanced_accuracy(is_wrong: BoolArray, is_right: BoolArray) -> float:
    """Return the mean of the shares of right verdicts among wrong and among correct sets; NaN if one is missing.

    Examples
    --------
    >>> balanced_accuracy(np.array([True, True, False]), np.array([True, False, True]))
    0.75
    """
    if is_wrong.all() or not is_wrong.any():
        return float("nan")
    return float((is_right[is_wrong].mean() + is_right[~is_wrong].mean()) / 2.0)


def form_scores(judged: Sequence[Judged]) -> dict[str, float | int | None]:
    """Return the scores of a group; numbers that need both classes are None where one is missing."""
    is_wrong = np.array([one.is_wrong for one in judged])
    is_right = np.array([one.is_right for one in judged])
    probability = np.array([one.probability for one in judged])
    return {
        "recordings": len(judged),
        "people": len({one.recording.person for one in judged}),
        "wrong": int(is_wrong.sum()),
        "accuracy": float(is_right.mean()),
        "balanced_accuracy": _or_none(balanced_accuracy(is_wrong, is_right)),
        "auroc": _or_none(auroc(true=is_wrong, score=probability)),
        "brier": brier(true=is_wrong, probability=probability),
        "ece": ece(true=is_wrong, probability=probability),
        "unsure": int(sum(one.analysis.form.decision is FormDecision.UNSURE for one in judged)),
        **selective(is_wrong, probability),
    }


def selective(is_wrong: BoolArray, probability: FloatArray) -> dict[str, float | None]:
    """Return the share of recordings with a sure verdict, and how many of those are right."""
    sure = (probability < SURE_BELOW) | (probability > SURE_ABOVE)
    right = (probability[sure] > 0.5) == is_wrong[sure]
    return {"coverage": float(sure.mean()), "selective_accuracy": float(right.mean()) if sure.any() else None}


def fault_scores(judged: Sequence[Judged], fault: Fault) -> dict[str, float | int | None]:
    """Return the scores of one fault over recordings that somebody looked at for faults."""
    labelled = [one for one in judged if one.recording.faults is not None and one.analysis.reps]
    has = np.array([fault.value in (one.recording.faults or ()) for one in labelled], dtype=np.bool_)
    said = [_best(one.analysis, fault) for one in labelled]
    learned = [_learned(one.analysis, fault) for one in labelled]
    decided = np.array([value is not None for value in said], dtype=np.bool_)
    found = np.array([fault in one.analysis.form.faults for one in labelled], dtype=np.bool_)
    hits = int((found & has).sum())
    return {
        "labelled": len(labelled),
        "with_fault": int(has.sum()),
        "abstained": int((~decided).sum()),
        "precision": hits / int(found.sum()) if found.any() else None,
        "recall": hits / int(has.sum()) if has.any() else None,
        "auroc": _auroc_of_seen(has, said),
        "learned_auroc": _auroc_of_seen(has, learned),
    }


def _best(analysis: FormAnalysis, fault: Fault) -> float | None:
    judged = [rep.finding(fault) for rep in analysis.reps]
    said = [f.probability for f in judged if f.probability is not None and f.decision is not Decision.ABSTAIN]
    return max(said) if said else None


def _learned(analysis: FormAnalysis, fault: Fault) -> float | None:
    said = [rep.finding(fault).learned_probability for rep in analysis.reps]
    seen = [value for value in said if value is not None]
    return max(seen) if seen else None


def _auroc_of_seen(has: BoolArray, said: Sequence[float | None]) -> float | None:
    seen = np.array([value is not None for value in said], dtype=np.bool_)
    if not seen.any():
        return None
    score = np.array([value for value in said if value is not None], dtype=np.float64)
    return _or_none(auroc(true=has[seen], score=score))


def counting_scores(judged: Sequence[Judged]) -> dict[str, float | int | None]:
    """Return how well the repetitions are counted, over recordings with a count."""
    counted = [one for one in judged if one.recording.rep_count is not None]
    if not counted:
        return {"recordings": 0, "exact": None, "within_one": None, "mae_norm": None}
    true = np.array([one.recording.rep_count or 0 for one in counted])
    said = np.array([one.analysis.rep_count for one in counted])
    return {
        "recordings": len(counted),
        "exact": float((true == said).mean()),
        "within_one": obo(true=true, counted=said),
        "mae_norm": _or_none(count_mae_norm(true=true, counted=said)),
    }


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
