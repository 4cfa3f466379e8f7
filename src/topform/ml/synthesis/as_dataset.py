"""Made-up recordings in the dataset format, for a look or for tests of the pipeline; never called accuracy."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from topform.core.arrays import frozen_floats
from topform.kinematics.pose_sequence import PoseSequence
from topform.kinematics.skeleton import BLAZEPOSE33
from topform.ml.dataset import Dataset, LabelledRecording, add_recording, write_dataset
from topform.ml.synthesis.recordings import EXERCISES, FAULTS, Recordings, synthesise

CHUNK: Final = 128
FRAME_S: Final = 1.0 / 15.0
FAULT_FROM: Final = 0.5
VIEWS: Final = ((30.0, "side"), (67.5, "three_quarter"), (360.0, "front"))


def write_synthetic(folder: Path, *, count: int, seconds: float, seed: int) -> Dataset:
    """Write made-up recordings as a dataset.

    Parameters
    ----------
    folder : Path
        Where to; made if it is not there.
    count : int
        How many.
    seconds : float
        Length of each. [s]
    seed : int
        The same seed makes the same recordings.
    """
    rng = np.random.default_rng(seed)
    frames = max(8, round(seconds / FRAME_S))
    written: list[LabelledRecording] = []
    while len(written) < count:
        made_up = synthesise(
            rng, count=min(CHUNK, count - len(written)), frames=frames, step_s=(0.9 * FRAME_S, 1.1 * FRAME_S)
        )
        for row in range(made_up.t_s.shape[0]):
            written.append(
                add_recording(folder, _labels(made_up, row, f"made-up-{seed}-{len(written):05d}"), _poses(made_up, row))
            )
    dataset = Dataset(folder, tuple(written), {"made_up": True, "seed": seed})
    write_dataset(dataset)
    return dataset


def poses_and_form(made_up: Recordings, row: int) -> tuple[PoseSequence, str | None]:
    """Return the poses of one recording and what is true of its form: ``correct``, ``wrong``, None for no push-ups."""
    return _poses(made_up, row), _labels(made_up, row, f"made-up-{row}").form


def _poses(made_up: Recordings, row: int) -> PoseSequence:
    return PoseSequence(
        t_s=frozen_floats(made_up.t_s[row]),
        xy_px=frozen_floats(made_up.xy[row]),
        score=frozen_floats(made_up.score[row]),
        skeleton=BLAZEPOSE33,
    )


def _labels(made_up: Recordings, row: int, name: str) -> LabelledRecording:
    kind = EXERCISES[int(made_up.exercise[row].max())]
    weight, degree = made_up.fault_weight[row], made_up.fault[row]
    known = weight.max(axis=0) > 0.0
    has = [fault.value for place, fault in enumerate(FAULTS) if known[place] and degree[:, place].max() >= FAULT_FROM]
    yaw = abs(float(made_up.yaw_deg[row]))
    is_judged = kind == "push_up" and int(made_up.rep_count[row]) > 0
    return LabelledRecording(
        id=name,
        poses=f"poses/{name}.npz",
        person=name,
        source="topform.ml.synthesis",
        licence="CC0-1.0",
        consent="nobody is shown",
        exercise=kind,
        form=("wrong" if has else "correct") if is_judged else None,
        faults=tuple(has) if is_judged else None,
        rep_count=int(made_up.rep_count[row]) if kind != "push_up" else None,
        view=next(view for limit, view in VIEWS if yaw <= limit),
    )
