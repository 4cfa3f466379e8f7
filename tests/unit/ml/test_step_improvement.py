"""Versions of the step model: which pass, and how a device tells one file from another."""

from __future__ import annotations

import io

import numpy as np
import pytest

from topform.core.errors import ModelUnavailableError
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Fault
from topform.kinematics.step_training import LabelledSequence, MarkedRep
from topform.kinematics.verdict import CONSTANTS
from topform.kinematics.verdict_training import GateLimits, LabelledExample, TrainedOn, is_held_out
from topform.ml.step_files import golden_of
from topform.ml.step_improvement import StepModelTrainer, poses_of
from topform.ml.synthesis.as_dataset import poses_and_form
from topform.ml.synthesis.recordings import synthesise
from topform.vision.form_model import StepRunner

TRAINER = StepModelTrainer()
LIMITS = GateLimits(min_people=2, min_sets=2)


def spoilt(content: bytes) -> bytes:
    """Return a model whose largest tables of weights have changed sign; the file itself can be read."""
    values = np.frombuffer(content[: len(content) // 4 * 4], dtype="<f4").copy()
    with np.errstate(invalid="ignore"):
        is_weight = (np.abs(values) > 1e-8) & (np.abs(values) < 5.0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_weight, [False]]).astype(np.int8)))
    for start, end in edges.reshape(-1, 2):
        if end - start > 5000:
            values[start:end] *= -1.0
    return values.tobytes() + content[values.nbytes :]


def archive(poses) -> bytes:
    written = io.BytesIO()
    np.savez(written, allow_pickle=False, xy=poses.xy_px, score=poses.score, t_s=poses.t_s)
    return written.getvalue()


@pytest.fixture(scope="module")
def sequences() -> list[LabelledSequence]:
    """Sets of made-up people who judge."""
    made_up = synthesise(np.random.default_rng(5), count=12, frames=60)
    judges = [name for name in (f"person-{place}" for place in range(60)) if is_held_out(name)]
    found = []
    for row in range(12):
        poses, form = poses_and_form(made_up, row)
        if form is not None:
            example = LabelledExample(judges[row], {}, form == "wrong", content=str(row))
            found.append(LabelledSequence(example, archive(poses)))
    return found


def test_a_version_that_is_no_better_does_not_pass(sequences: list[LabelledSequence]) -> None:
    shipped = TRAINER.shipped().content
    report = TRAINER.judge(shipped, shipped, sequences, TrainedOn(frozenset(), frozenset()), LIMITS, CONSTANTS)
    assert report.reasons == ("no_proven_gain",)
    assert report.numbers["gain"]["mean"] == 0.0 and report.numbers["people"] == len(sequences)
    assert report.numbers["made_up_auroc"]["challenger"] == report.numbers["made_up_auroc"]["champion"] > 0.7
    who = frozenset({sequences[0].example.person})
    seen = TRAINER.judge(shipped, shipped, sequences[:1], TrainedOn(frozenset(), who), LIMITS, CONSTANTS)
    assert set(seen.reasons) >= {"trained_on_held_out_people", "too_few_held_out"}


def test_a_spoilt_version_is_refused_and_no_model_at_all_is_said() -> None:
    shipped = TRAINER.shipped().content
    nobody = TrainedOn(frozenset(), frozenset())
    report = TRAINER.judge(spoilt(shipped), shipped, [], nobody, LIMITS, CONSTANTS)
    assert "worse_on_made_up" in report.reasons
    with pytest.raises(ModelUnavailableError):
        TRAINER.judge(b"no model", shipped, [], nobody, LIMITS, CONSTANTS)


def test_the_golden_frames_tell_one_file_from_another() -> None:
    shipped = TRAINER.shipped()
    for content, agrees in ((shipped.content, True), (spoilt(shipped.content), False)):
        runner = StepRunner(content)
        memory, apart = runner.new_memory, 0.0
        for frame, wanted in zip(shipped.golden["frames"], shipped.golden["outputs"], strict=True):
            xy = np.array(frame["xy"], dtype=np.float32).reshape(33, 2)
            said, memory = runner.run(xy, np.array(frame["score"], dtype=np.float32), frame["step_s"], memory)
            apart = max(apart, float(np.abs(said - np.array(wanted)).max()))
        assert (apart < 1e-3) is agrees and (apart < 1e-2) is agrees
    assert golden_of(shipped.content) == shipped.golden


def test_points_that_cannot_be_read_are_left_out() -> None:
    assert poses_of(b"no archive") is None
    assert TRAINER.says(TRAINER.shipped().content, [b"no archive"], CONSTANTS) == [None]


def test_marked_repetitions_become_targets_of_single_frames() -> None:
    pytest.importorskip("torch", reason="PyTorch is an extra (topform[train])")
    from topform.ml.training.sequences import targets_of

    judged = frozenset(PUSH_UP_FAULTS) - {Fault.ELBOW_FLARE}
    reps = (
        MarkedRep(1.0, 2.0, frozenset({Fault.HIPS_SAG}), judged),
        MarkedRep(2.2, 3.2, frozenset(), judged),
    )
    example = LabelledExample("somebody", {}, is_wrong=True)
    t_s = np.array([0.5, 1.0, 1.5, 2.0, 2.1, 2.2, 3.2, 3.6, 3.8])
    fault, weight = targets_of(LabelledSequence(example, b"", reps), t_s)
    sag, flare = PUSH_UP_FAULTS.index(Fault.HIPS_SAG), PUSH_UP_FAULTS.index(Fault.ELBOW_FLARE)
    assert fault[:, sag].tolist() == [0, 1, 1, 1, 1, 0, 0, 0, 0]
    # By hand: 0.05 + 0.95 * 0.5 ** 4 in the middle of a repetition, everything at its end and half a second after.
    np.testing.assert_allclose(weight[:, sag], [0, 0.05, 0.109375, 1, 1, 0.05, 1, 1, 0])
    assert not weight[:, flare].any()
