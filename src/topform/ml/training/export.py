"""From a trained form model to the `.tflite` file that is served. Needs PyTorch and litert-torch."""

from __future__ import annotations

from pathlib import Path

import litert_torch
import numpy as np
import torch

from topform.core.arrays import FloatArray
from topform.ml.step_files import steps_of
from topform.ml.synthesis.recordings import Recordings
from topform.ml.training.step_model import ConvolutionModel, FormStepModel


def export(model: FormStepModel | ConvolutionModel, target: Path) -> None:
    """Write the step as one `.tflite` file.

    Parameters
    ----------
    model : FormStepModel or ConvolutionModel
        A trained model.
    target : Path
        Where to; replaced if it is there.
    """
    model.eval()
    example = (torch.zeros(1, 33, 2), torch.ones(1, 33), torch.full((1, 1), 0.07), torch.zeros(1, model.n_memory))
    litert_torch.convert(model, example).export(str(target))


def eager_outputs(model: FormStepModel | ConvolutionModel, recordings: Recordings, row: int) -> FloatArray:
    """Return what PyTorch says of one recording, step by step, shape (T, outputs)."""
    model.eval()
    memory = torch.zeros(1, model.n_memory)
    said = []
    with torch.no_grad():
        for xy, score, step_s in steps_of(recordings, row):
            outputs, memory = model(
                torch.from_numpy(xy)[None], torch.from_numpy(score)[None], torch.full((1, 1), step_s), memory
            )
            said.append(outputs[0].numpy().astype(np.float64))
    return np.stack(said)
