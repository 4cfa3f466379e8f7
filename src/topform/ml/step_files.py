"""Files of the step model: whether a conversion says what was trained, and frames by which others can tell."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.ml.synthesis.recordings import Recordings, synthesise
from topform.vision.form_model import FAULT, StepRunner

LARGEST_DIFFERENCE: Final = 1e-4
"""Between what PyTorch and LiteRT say, over whole recordings."""

GOLDEN_SEED: Final = 11
GOLDEN_FRAMES: Final = 6


def steps_of(recordings: Recordings, row: int) -> list[tuple[np.ndarray, np.ndarray, float]]:
    """Return the inputs of every step of one recording: keypoints, certainty, time since the frame before."""
    t_s = recordings.t_s[row]
    steps = np.diff(t_s, prepend=t_s[0] - 1.0 / 15.0)
    xy = np.nan_to_num(recordings.xy[row]).astype(np.float32)
    return [
        (xy[frame], recordings.score[row, frame].astype(np.float32), float(steps[frame])) for frame in range(t_s.size)
    ]


def said_over(runner: StepRunner, recordings: Recordings, row: int) -> FloatArray:
    """Return what a converted model says of one recording, step by step, shape (T, outputs)."""
    memory, said = runner.new_memory, []
    for xy, score, step_s in steps_of(recordings, row):
        outputs, memory = runner.run(xy, score, step_s, memory)
        said.append(outputs.astype(np.float64))
    return np.stack(said)


def largest_difference(model: Any, content: bytes, *, recordings: int = 4, frames: int = 120) -> float:
    """Return the largest difference between PyTorch and LiteRT over whole recordings.

    Parameters
    ----------
    model : FormStepModel or ConvolutionModel
        As it was trained.
    content : bytes
        As it was converted.
    recordings, frames : int
        Made-up ones to compare on.
    """
    from topform.ml.training.export import eager_outputs

    made_up = synthesise(np.random.default_rng(7), count=recordings, frames=frames)
    runner = StepRunner(content)
    return max(
        float(np.abs(said_over(runner, made_up, row) - eager_outputs(model, made_up, row)).max())
        for row in range(recordings)
    )


def golden_of(content: bytes) -> dict[str, Any]:
    """Return frames of a made-up athlete and what the model says of them, for devices to try a file with.

    Parameters
    ----------
    content : bytes
        The `.tflite`.
    """
    made_up = synthesise(np.random.default_rng(GOLDEN_SEED), count=1, frames=GOLDEN_FRAMES)
    runner = StepRunner(content)
    memory, frames, outputs = runner.new_memory, [], []
    for exact_xy, exact_score, exact_step_s in steps_of(made_up, 0):
        # Rounded before the model sees them, so that everybody gives it the same numbers.
        xy, score, step_s = np.round(exact_xy, 1), np.round(exact_score, 3), round(exact_step_s, 4)
        said, memory = runner.run(xy, score, step_s, memory)
        frames.append(
            {
                "xy": [round(float(value), 1) for value in xy.ravel()],
                "score": [round(float(value), 3) for value in score],
                "step_s": step_s,
            }
        )
        outputs.append([round(float(value), 4) for value in said])
    return {"frames": frames, "outputs": outputs}


def fault_scores(content: bytes, *, recordings: int, frames: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return logits, degrees and weights of the faults at every frame of made-up recordings, shape (N, 9) each.

    Parameters
    ----------
    content : bytes
        The `.tflite`.
    recordings, frames : int
        How many, and how long; always the same ones.
    """
    made_up = synthesise(np.random.default_rng(GOLDEN_SEED + 1), count=recordings, frames=frames)
    runner = StepRunner(content)
    said = np.concatenate([said_over(runner, made_up, row)[:, FAULT] for row in range(recordings)])
    faults = made_up.fault.shape[-1]
    return said, made_up.fault.reshape(-1, faults), made_up.fault_weight.reshape(-1, faults)
