"""Runs the learned form model on LiteRT, a step at a time; implements `topform.kinematics.learned_form.FormModel`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from topform.core.arrays import FloatArray
from topform.core.errors import ModelUnavailableError
from topform.kinematics.learned_form import MODEL_ID, LearnedForm, PromotedModel
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.vision.weights import ModelManifest, load_weights, read_manifest

MIN_STEP_S: Final = 0.055
"""The model was trained on 10 to 17 frames a second; frames in between are passed over."""

MAX_STEP_S: Final = 0.5
FIRST_STEP_S: Final = 1.0 / 15.0
MEASURE_UNIT_DEG: Final = 20.0
FAULT, EXERCISE, MEASURE = slice(5, 14), slice(14, 17), slice(17, 23)
N_OUTPUTS: Final = 25
LEFT_ELBOW, RIGHT_ELBOW = 18, 19

_MIRRORED: Final = np.array(BLAZEPOSE33.mirrored())
_REVERSED: Final = np.array([-1.0, 1.0], dtype=np.float32)
_MIRRORED_OUTPUTS: Final = np.arange(N_OUTPUTS)
_MIRRORED_OUTPUTS[[LEFT_ELBOW, RIGHT_ELBOW]] = RIGHT_ELBOW, LEFT_ELBOW


def load_form_model(*, folder: Path | None = None) -> tuple[ModelManifest, bytes]:
    """Return the manifest and the verified bytes of the form model that ships with TopForm.

    Raises
    ------
    ModelUnavailableError
        If it is missing or is not the file that the manifest names.
    """
    manifest = read_manifest(MODEL_ID, folder=folder)
    return manifest, load_weights(manifest, manifest.default_variant)


class StepRunner:
    """The graph itself: inputs and memory in, outputs and memory out."""

    def __init__(self, content: bytes) -> None:
        try:
            self._interpreter: Any = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError) as error:
            raise ModelUnavailableError("The file is no model that can be run") from error
        inputs = sorted(self._interpreter.get_input_details(), key=lambda item: str(item["name"]))
        outputs = sorted(self._interpreter.get_output_details(), key=lambda item: str(item["name"]))
        shapes = [tuple(int(size) for size in item["shape"]) for item in inputs]
        if len(inputs) != 4 or shapes[:3] != [(1, 33, 2), (1, 33), (1, 1)]:
            raise ModelUnavailableError(f"The form model takes {shapes}, expected keypoints, scores, time and memory")
        if tuple(outputs[0]["shape"]) != (1, N_OUTPUTS) or tuple(outputs[1]["shape"]) != shapes[3]:
            raise ModelUnavailableError("The form model does not answer with outputs and memory")
        self._inputs = [item["index"] for item in inputs]
        self._outputs = [item["index"] for item in outputs]
        self.new_memory: NDArray[np.float32] = np.zeros(shapes[3], dtype=np.float32)

    def run(
        self, xy: NDArray[np.float32], score: NDArray[np.float32], step_s: float, memory: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Take one step; keypoints that were missed are 0 with score 0."""
        step = np.full((1, 1), step_s, dtype=np.float32)
        for index, value in zip(self._inputs, (xy[None], score[None], step, memory), strict=True):
            self._interpreter.set_tensor(index, value)
        self._interpreter.invoke()
        outputs: NDArray[np.float32] = self._interpreter.get_tensor(self._outputs[0])
        after: NDArray[np.float32] = self._interpreter.get_tensor(self._outputs[1])
        return outputs[0], after


class LiteRtFormModel:
    """The form model following one person through one recording.

    Notes
    -----
    What it says is the mean over the picture and its mirror image, each with a memory of its own: which way the athlete
    faces changes nothing.

    Parameters
    ----------
    runner : StepRunner
        The graph; may be shared by recordings that are analysed one after the other.
    """

    def __init__(self, runner: StepRunner) -> None:
        self._runner = runner
        self._memory = runner.new_memory
        self._mirrored_memory = runner.new_memory
        self._last_s = math.nan
        self._said: LearnedForm | None = None

    def step(self, *, t_s: float, xy_px: FloatArray, score: FloatArray) -> LearnedForm | None:
        """Take one frame; see the protocol."""
        since_s = FIRST_STEP_S if math.isnan(self._last_s) else t_s - self._last_s
        if since_s < MIN_STEP_S:
            return self._said
        found = np.isfinite(xy_px[:, 0] + xy_px[:, 1])
        if not found.any() and self._said is None:
            return None
        xy = np.where(found[:, None], xy_px, 0.0).astype(np.float32)
        certain = np.where(found, np.clip(score, 1e-3, 1.0), 0.0).astype(np.float32)
        step_s = min(since_s, MAX_STEP_S)
        outputs, self._memory = self._runner.run(xy, certain, step_s, self._memory)
        mirrored, self._mirrored_memory = self._runner.run(
            xy[_MIRRORED] * _REVERSED, certain[_MIRRORED], step_s, self._mirrored_memory
        )
        self._last_s = t_s
        self._said = _said((outputs.astype(np.float64) + mirrored.astype(np.float64)[_MIRRORED_OUTPUTS]) / 2.0)
        return self._said


class FormModels:
    """A form model, loaded once and used for many recordings, one after the other.

    Parameters
    ----------
    promoted : PromotedModel, optional
        A version of this server; the model that ships with TopForm otherwise.
    """

    def __init__(self, promoted: PromotedModel | None = None) -> None:
        self.manifest, content = load_form_model()
        self.promoted = promoted
        self._runner = StepRunner(content if promoted is None else promoted.content)

    def new_model(self) -> LiteRtFormModel:
        """Return the model for one recording."""
        return LiteRtFormModel(self._runner)

    def as_dict(self) -> dict[str, Any]:
        """Return what an analysis says about how form was judged."""
        promoted = {} if self.promoted is None else self.promoted.as_dict()
        return {
            **self.manifest.as_dict(variant=self.manifest.default_variant),
            **promoted,
            "kind": "rules and learned step model",
            "calibrated": True,
            "note": "Limits from published standards decide; the learned model weighs in where the view is oblique. "
            "The probability of the set is calibrated on people held out, those of single faults map the margin.",
        }


def _said(outputs: FloatArray) -> LearnedForm:
    exercise = np.exp(outputs[EXERCISE] - outputs[EXERCISE].max())
    exercise = exercise / exercise.sum()
    line, left, right, neck, level, flare = (float(value) * MEASURE_UNIT_DEG for value in outputs[MEASURE])
    return LearnedForm(
        fault_logits=tuple(float(value) for value in outputs[FAULT]),
        push_up=float(exercise[1]),
        plank=float(exercise[2]),
        line_deg=line,
        left_elbow_deg=left,
        right_elbow_deg=right,
        neck_deg=neck,
        arm_level_deg=level,
        flare_deg=flare,
    )
