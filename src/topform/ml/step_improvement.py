"""Trains versions of the learned step model on what people marked, and lets one pass only where it earned it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from topform.core.errors import InvalidInputError, PoseFileError
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Exercise
from topform.kinematics.learned_form import PromotedModel
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.step_training import LabelledSequence, StepChallenger, StepFile, StepSaid
from topform.kinematics.verdict import VerdictConstants, verdict_of
from topform.kinematics.verdict_training import GateLimits, GateReport, TrainedOn
from topform.ml.evaluation import auroc
from topform.ml.extras import with_torch
from topform.ml.step_files import LARGEST_DIFFERENCE, fault_scores, golden_of, largest_difference
from topform.ml.verdict_improvement import ExamplesMissingError, Probabilities, judge_probabilities, trained_on
from topform.vision.analysis import analyze_sequence
from topform.vision.form_model import FormModels, load_form_model
from topform.vision.poses_file import read_poses

NO_OPINION: Final = 0.5
MADE_UP_RECORDINGS: Final = 96
MADE_UP_FRAMES: Final = 72
MOST_AUROC_LOSS: Final = 0.02
"""By how much a version may tell faults of made-up athletes worse than the champion, in the mean over faults."""

SURE_WEIGHT: Final = 0.5
LEAST_OF_EACH: Final = 20
MOST_REPEATS: Final = 8
SHARE_OF_PEOPLE: Final = 0.3
"""Windows of people are repeated until they are this share of the rows, at most `MOST_REPEATS` times."""


@dataclass(frozen=True, slots=True)
class TrainingSize:
    """How much a training of the loop may cost.

    Parameters
    ----------
    recordings, validation, epochs, frames : int
        See `topform.ml.training.fit.TrainingPlan`.
    seed : int
        Of all randomness.
    """

    recordings: int = 7000
    validation: int = 600
    epochs: int = 16
    frames: int = 72
    seed: int = 1


class StepModelTrainer:
    """Trains, judges and runs; implements `topform.kinematics.step_training.StepTrainer`.

    Parameters
    ----------
    size : TrainingSize
        What a training may cost.
    """

    def __init__(self, size: TrainingSize = TrainingSize()) -> None:
        self._size = size

    def shipped(self) -> StepFile:
        """Return the version that ships with the program."""
        manifest, content = load_form_model()
        return StepFile(content, golden_of(content), {"shipped": manifest.version})

    def fit(self, sequences: Sequence[LabelledSequence]) -> StepChallenger:
        """Train on people who are not held out; see `fit_step_model`."""
        return fit_step_model(sequences, self._size)

    def judge(
        self,
        challenger: bytes,
        champion: bytes,
        sequences: Sequence[LabelledSequence],
        trained_on: TrainedOn,
        limits: GateLimits,
        constants: VerdictConstants,
    ) -> GateReport:
        """Hold a challenger against the champion; see `judge_step_model`."""
        return judge_step_model(challenger, champion, sequences, trained_on, limits, constants)

    def says(self, content: bytes, poses: Sequence[bytes], constants: VerdictConstants) -> list[StepSaid | None]:
        """Return what the verdict on sets would be with a version; see the protocol."""
        ask = _asking(content, constants)
        return [None if (seen := poses_of(one)) is None else ask(seen) for one in poses]


def fit_step_model(sequences: Sequence[LabelledSequence], size: TrainingSize) -> StepChallenger:
    """Train the step model on made-up recordings and the marked repetitions of people who are not held out.

    Parameters
    ----------
    sequences : sequence of LabelledSequence
        All there are.
    size : TrainingSize
        What it may cost.

    Raises
    ------
    ModelUnavailableError
        If the extra ``train`` is not installed.
    ExamplesMissingError
        If nobody marked repetitions that can be learned from.
    InvalidInputError
        If the converted model does not say what the trained one says.
    """
    with with_torch():
        from topform.ml.training.export import export
        from topform.ml.training.fit import TrainingPlan, joined, make_data, train
        from topform.ml.training.sequences import rows_of

    # Who says nothing of single repetitions teaches nothing here.
    read = [(one, poses_of(one.poses)) for one in sequences if not one.example.is_held_out and one.reps]
    used = [(one, seen) for one, seen in read if seen is not None]
    rows = rows_of(used, frames=size.frames)
    if rows is None:
        raise ExamplesMissingError(
            "Training the step model needs sets with marked repetitions and their body points",
            remedy="Wait until athletes who agreed have marked repetitions of their form checks.",
        )
    plan = TrainingPlan(
        recordings=size.recordings,
        validation=size.validation,
        epochs=size.epochs,
        frames=size.frames,
        seed=size.seed,
    )
    made_up = make_data(seed=size.seed, count=size.recordings, frames=size.frames)
    repeats = max(1, min(MOST_REPEATS, round(SHARE_OF_PEOPLE / (1.0 - SHARE_OF_PEOPLE) * len(made_up) / len(rows))))
    trained = train(plan, data=joined([made_up] + [rows] * repeats))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.tflite"
        export(trained.model, path)  # type: ignore[arg-type,unused-ignore]
        content = path.read_bytes()
    difference = largest_difference(trained.model, content)
    if difference > LARGEST_DIFFERENCE:
        raise InvalidInputError(
            f"The converted model differs from the trained one by {difference:.1e}",
            remedy="Nothing is served; check the versions of torch and litert-torch.",
        )
    notes = {
        "largest_difference": difference,
        "windows_of_people": len(rows),
        "repeats": repeats,
        "validation_loss": min(passed["validation"] for passed in trained.history),
        "seconds": round(trained.seconds, 1),
        "plan": trained.plan,
    }
    return StepChallenger(StepFile(content, golden_of(content), notes), trained_on([one.example for one, _ in used]))


def judge_step_model(
    challenger: bytes,
    champion: bytes,
    sequences: Sequence[LabelledSequence],
    seen: TrainedOn,
    limits: GateLimits,
    constants: VerdictConstants,
) -> GateReport:
    """Return whether the verdict on people held out is better with a challenger, and everything that decided.

    The gates are those of the verdict (`topform.ml.verdict_improvement.judge_challenger`), on the probability that
    comes of the whole analysis; and no version may tell the faults of made-up athletes worse than the champion.

    Parameters
    ----------
    challenger, champion : bytes
        The `.tflite` files.
    sequences : sequence of LabelledSequence
        All there are; those of people held out are used.
    seen : TrainedOn
        What the challenger was trained on.
    limits : GateLimits
        What it has to reach.
    constants : VerdictConstants
        Of the verdict in force.

    Raises
    ------
    ModelUnavailableError
        If the challenger is no step model.
    """
    ours, theirs = _asking(challenger, constants), _asking(champion, constants)
    read = [(one.example, poses_of(one.poses)) for one in sequences if one.example.is_held_out]
    held = [(example, found) for example, found in read if found is not None]
    said = None
    if held:
        said = Probabilities(
            np.array([_probability(ours(found)) for _, found in held]),
            np.array([_probability(theirs(found)) for _, found in held]),
        )
    tells = {"challenger": mean_auroc(challenger), "champion": mean_auroc(champion)}
    worse = tells["challenger"] < tells["champion"] - MOST_AUROC_LOSS
    report = judge_probabilities(
        said, [example for example, _ in held], seen, limits, reasons=["worse_on_made_up"] if worse else []
    )
    return replace(report, numbers={**report.numbers, "made_up_auroc": tells})


def mean_auroc(content: bytes) -> float:
    """Return how well a version tells the faults of made-up athletes, in the mean over those that occur both ways.

    Parameters
    ----------
    content : bytes
        The `.tflite`.
    """
    logit, degree, weight = fault_scores(content, recordings=MADE_UP_RECORDINGS, frames=MADE_UP_FRAMES)
    found = []
    for column in range(len(PUSH_UP_FAULTS)):
        known = weight[:, column] > SURE_WEIGHT
        is_there = degree[known, column] > SURE_WEIGHT
        if min(is_there.sum(), (~is_there).sum()) >= LEAST_OF_EACH:
            found.append(auroc(true=is_there, score=logit[known, column]))
    return float(np.mean(found))


def poses_of(content: bytes) -> PoseSequence | None:
    """Return body points as they were stored; None where they cannot be read.

    Parameters
    ----------
    content : bytes
        An `.npz`.
    """
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        file.write(content)
        file.flush()
        try:
            return read_poses(Path(file.name))[0]
        except PoseFileError:
            return None


def _asking(content: bytes, constants: VerdictConstants) -> Callable[[PoseSequence], StepSaid]:
    models = FormModels(PromotedModel(0, "", content))

    def ask(poses: PoseSequence) -> StepSaid:
        analysis = analyze_sequence(poses, exercise=Exercise.PUSH_UP, form_models=models)
        verdict = verdict_of(analysis.reps, constants)
        return StepSaid(verdict.decision.value, verdict.probability_faulty)

    return ask


def _probability(said: StepSaid) -> float:
    return NO_OPINION if said.probability is None else said.probability
