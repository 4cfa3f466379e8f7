"""Labelled sequences of people as rows of training data beside made-up recordings. Needs PyTorch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch

from topform.core.arrays import FloatArray
from topform.kinematics.form_analysis import PUSH_UP_FAULTS
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.step_training import LabelledSequence
from topform.ml.training.fit import UNKNOWN, TrainingData
from topform.ml.training.step_model import features_over_time
from topform.vision.form_model import MIN_STEP_S

Window = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]

MOST_WINDOWS_OF_ONE: Final = 12
"""A person counts for at most so many windows, as for the verdict."""

LEAST_SHARE: Final = 0.05
HELD_S: Final = 0.5
"""A repetition's faults count until so long after its end, as in made-up recordings. [s]"""


def rows_of(sequences: Sequence[tuple[LabelledSequence, PoseSequence]], *, frames: int) -> TrainingData | None:
    """Return windows of sequences with what people said of their repetitions; None if nobody said anything.

    Faults are all that such a row teaches: phase, exercise, angles and view are marked as unknown.

    Parameters
    ----------
    sequences : sequence of (LabelledSequence, PoseSequence)
        Of people who train, with their body points.
    frames : int
        Length of a window.
    """
    windows: list[Window] = []
    of_one: Counter[str] = Counter()
    for one, poses in sequences:
        for window in _windows(one, poses, frames):
            if of_one[one.example.person] < MOST_WINDOWS_OF_ONE:
                of_one[one.example.person] += 1
                windows.append(window)
    if not windows:
        return None
    xy, score, t_s, fault, weight = (
        torch.from_numpy(np.stack(parts).astype(np.float32)) for parts in zip(*windows, strict=True)
    )
    count = len(windows)
    unknown = torch.full((count, frames), UNKNOWN, dtype=torch.int64)
    return TrainingData(
        features=features_over_time(torch.nan_to_num(xy), score, t_s),
        phase=unknown,
        exercise=unknown.clone(),
        ended=torch.full((count, frames), float(UNKNOWN)),
        fault=fault,
        fault_weight=weight,
        measure=torch.zeros(count, frames, 6),
        measure_weight=torch.zeros(count, frames, 6),
        view=torch.zeros(count, frames, 2),
    )


def _windows(one: LabelledSequence, poses: PoseSequence, frames: int) -> list[Window]:
    """Return pieces of a sequence in which some repetition ends that people judged."""
    kept = _kept(poses.t_s)
    t_s = poses.t_s[kept]
    fault, weight = targets_of(one, t_s)
    xy, score = np.nan_to_num(poses.xy_px[kept]), poses.score[kept]
    starts = range(0, max(0, t_s.size - frames) + 1, frames // 2) if t_s.size >= frames else ()
    pieces = [slice(start, start + frames) for start in starts]
    return [
        (xy[piece], score[piece], t_s[piece] - t_s[piece.start], fault[piece], weight[piece])
        for piece in pieces
        if weight[piece].max() > 0.5
    ]


def _kept(t_s: FloatArray) -> list[int]:
    """Return the frames that the model would take; those that come too soon are passed over."""
    kept, last_s = [], -np.inf
    for place, now_s in enumerate(t_s.tolist()):
        if now_s - last_s >= MIN_STEP_S:
            kept.append(place)
            last_s = now_s
    return kept


def targets_of(one: LabelledSequence, t_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return degree and weight of every fault at every frame, shape (T, 9) each.

    Parameters
    ----------
    one : LabelledSequence
        With its repetitions in order.
    t_s : ndarray of float64, shape (T,)
        Times of the frames. [s]
    """
    fault, weight = np.zeros((2, t_s.size, len(PUSH_UP_FAULTS)))
    for place, rep in enumerate(one.reps):
        until = rep.end_s + HELD_S
        if place + 1 < len(one.reps):
            until = min(until, one.reps[place + 1].start_s)
        held = (t_s >= rep.start_s) & (t_s < until)
        progress = np.clip((t_s[held] - rep.start_s) / (rep.end_s - rep.start_s), 0.0, 1.0)
        for column, known in enumerate(PUSH_UP_FAULTS):
            if known in rep.judged:
                fault[held, column] = float(known in rep.faults)
                weight[held, column] = LEAST_SHARE + (1.0 - LEAST_SHARE) * progress**4
    return fault, weight
