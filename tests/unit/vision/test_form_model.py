"""The served form model: what PyTorch says, step by step, and what it sees in an independently made body."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.support.form_model_steps import golden_steps
from tests.support.push_up_body import PushUps

from topform.core.errors import ModelUnavailableError
from topform.kinematics.form_analysis import Fault
from topform.kinematics.learned_form import LearnedForm
from topform.kinematics.pose_sequence import PoseSequence
from topform.vision.form_model import MIN_STEP_S, FormModels, StepRunner, load_form_model
from topform.vision.weights import manifests_dir

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "form_model.json"


@pytest.fixture(scope="module")
def models() -> FormModels:
    return FormModels()


def followed(models: FormModels, poses: PoseSequence) -> list[LearnedForm | None]:
    model = models.new_model()
    return [
        model.step(t_s=float(poses.t_s[frame]), xy_px=poses.xy_px[frame], score=poses.score[frame])
        for frame in range(len(poses))
    ]


def logits(models: FormModels, poses: PoseSequence, fault: Fault, *, at_s: float) -> float:
    said = followed(models, poses)[int(np.searchsorted(poses.t_s, at_s))]
    assert said is not None
    return said.logit(fault)


def test_the_served_model_says_what_pytorch_said() -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    manifest, content = load_form_model()
    assert manifest.files["full"].sha256 == golden["model_sha256"]
    runner = StepRunner(content)
    memory, said = runner.new_memory, []
    for xy, score, step_s in golden_steps():
        outputs, memory = runner.run(xy, score, step_s, memory)
        said.append(outputs)
    np.testing.assert_allclose(np.array(said)[golden["frames"]], golden["outputs"], atol=1e-4)


@pytest.mark.parametrize("yaw_deg", [0.0, 35.0, 60.0, 90.0])
def test_a_sag_is_seen_from_the_side_and_from_the_front(models: FormModels, yaw_deg: float) -> None:
    """The test's body and camera share no code with those the model was trained on."""
    end_s = 1.0 + 3 * 2.0
    sagging, straight = (
        logits(models, PushUps(hip_offset=offset, yaw_deg=yaw_deg).frames(), Fault.HIPS_SAG, at_s=end_s)
        for offset in (-0.08, 0.0)
    )
    assert sagging > straight + 2.0
    assert sagging > 0.0


def test_scale_and_place_of_the_picture_do_not_matter(models: FormModels) -> None:
    poses = PushUps(hip_offset=-0.05).frames()
    moved = PoseSequence(
        t_s=poses.t_s, xy_px=poses.xy_px * 0.37 + np.array([900.0, -40.0]), score=poses.score, skeleton=poses.skeleton
    )
    first, second = followed(models, poses)[150], followed(models, moved)[150]
    assert first is not None
    assert second is not None
    assert second.fault_logits == pytest.approx(first.fault_logits, abs=0.01)
    assert second.line_deg == pytest.approx(first.line_deg, abs=0.1)


@pytest.mark.parametrize("yaw_deg", [0.0, 38.0, 90.0])
def test_a_mirror_only_exchanges_the_elbows(models: FormModels, yaw_deg: float) -> None:
    poses = PushUps(bottoms_m=(0.2, 0.2), yaw_deg=yaw_deg).frames()
    for one, other in zip(followed(models, poses), followed(models, poses.mirrored()), strict=True):
        assert one is not None
        assert other == replace(one, left_elbow_deg=one.right_elbow_deg, right_elbow_deg=one.left_elbow_deg)


@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0, 120.0])
def test_the_frame_rate_hardly_matters(models: FormModels, fps: float) -> None:
    slow = logits(models, PushUps(hip_offset=-0.08).frames(fps=15.0), Fault.HIPS_SAG, at_s=5.0)
    assert logits(models, PushUps(hip_offset=-0.08).frames(fps=fps), Fault.HIPS_SAG, at_s=5.0) == pytest.approx(
        slow, abs=1.5
    )


def test_frames_in_between_repeat_what_was_said(models: FormModels) -> None:
    model, poses = models.new_model(), PushUps().frames()
    first = model.step(t_s=0.0, xy_px=poses.xy_px[0], score=poses.score[0])
    assert model.step(t_s=0.5 * MIN_STEP_S, xy_px=poses.xy_px[1], score=poses.score[1]) is first


def test_nobody_is_said_nothing_about_and_gaps_are_survived(models: FormModels) -> None:
    model, poses = models.new_model(), PushUps().frames()
    nobody = np.full((33, 2), np.nan)
    assert model.step(t_s=0.0, xy_px=nobody, score=np.zeros(33)) is None
    model.step(t_s=0.1, xy_px=poses.xy_px[0], score=poses.score[0])
    after = model.step(t_s=9.0, xy_px=nobody, score=np.zeros(33))
    assert after is not None
    assert np.isfinite(after.fault_logits).all()


def test_another_model_is_refused(tmp_path: Path) -> None:
    shutil.copytree(manifests_dir() / "push_up_form", tmp_path / "push_up_form")
    path = tmp_path / "push_up_form" / "model.tflite"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelUnavailableError, match="SHA-256") as caught:
        load_form_model(folder=tmp_path)
    assert caught.value.remedy
    path.unlink()
    with pytest.raises(ModelUnavailableError):
        load_form_model(folder=tmp_path)
