"""Trains the form model on made-up recordings. Needs PyTorch; see the extra ``train``."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from topform.core.errors import InvalidInputError
from topform.ml.synthesis.recordings import Recordings, synthesise
from topform.ml.training.step_model import (
    MEASURE_UNIT_DEG,
    AttentionModel,
    ConvolutionModel,
    FormStepModel,
    features_over_time,
    split_heads,
)

CHUNK: Final = 256
UNKNOWN: Final = -100
"""Marks phase, exercise and end of a repetition where nobody knows them; such frames do not count."""

WEIGHTS: Final = "weights.npz"
RECORD: Final = "training.json"


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Everything that decides a training run.

    Parameters
    ----------
    model : str
        ``cnn_lstm``, ``tcn`` or ``transformer``.
    seed : int
        Of weights, order and data.
    recordings, validation : int
        Made-up recordings to learn from and to stop by.
    frames : int
        Frames of each.
    epochs, patience : int
        At most so many passes; stops when the validation loss did not fall for ``patience`` of them.
    batch : int
        Recordings per step.
    learning_rate, weight_decay : float
        Of AdamW; the rate rises for one pass and then falls on a cosine.
    width, hidden : int
        Channels, and the size of the LSTM.
    """

    model: str = "tcn"
    seed: int = 1
    recordings: int = 7000
    validation: int = 600
    frames: int = 72
    epochs: int = 16
    patience: int = 3
    batch: int = 32
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    width: int = 80
    hidden: int = 96


@dataclass(frozen=True, slots=True, eq=False)
class TrainingData:
    """Features and targets as tensors."""

    features: Tensor
    phase: Tensor
    exercise: Tensor
    ended: Tensor
    fault: Tensor
    fault_weight: Tensor
    measure: Tensor
    measure_weight: Tensor
    view: Tensor

    def __len__(self) -> int:
        return int(self.features.shape[0])

    def rows(self, index: Tensor) -> TrainingData:
        """Return some of the recordings."""
        return TrainingData(**{name: getattr(self, name)[index] for name in self.__dataclass_fields__})


def joined(pieces: Sequence[TrainingData]) -> TrainingData:
    """Return several sets of recordings as one."""
    names = TrainingData.__dataclass_fields__
    return TrainingData(**{name: torch.cat([getattr(piece, name) for piece in pieces]) for name in names})


def tensors_of(recordings: Recordings) -> TrainingData:
    """Return the tensors of recordings."""

    def single(values: Any) -> Tensor:
        return torch.from_numpy(np.nan_to_num(np.asarray(values, dtype=np.float32)))

    yaw = np.radians(recordings.yaw_deg)[:, None] + 0.0 * recordings.t_s
    return TrainingData(
        features=features_over_time(single(recordings.xy), single(recordings.score), single(recordings.t_s)),
        phase=torch.from_numpy(recordings.phase.astype(np.int64)),
        exercise=torch.from_numpy(recordings.exercise.astype(np.int64)),
        ended=single(recordings.ended),
        fault=single(recordings.fault),
        fault_weight=single(recordings.fault_weight),
        measure=single(recordings.measure / MEASURE_UNIT_DEG),
        measure_weight=single(recordings.measure_weight),
        view=single(np.stack([np.sin(yaw), np.cos(yaw)], axis=-1)),
    )


def make_data(*, seed: int, count: int, frames: int) -> TrainingData:
    """Return made-up recordings as tensors, made in pieces to keep memory small."""
    rng = np.random.default_rng(seed)
    return joined(
        [tensors_of(synthesise(rng, count=min(CHUNK, count - at), frames=frames)) for at in range(0, count, CHUNK)]
    )


def loss_of(outputs: Tensor, data: TrainingData) -> tuple[Tensor, dict[str, float]]:
    """Return the loss and its parts."""
    heads = split_heads(outputs)
    ended = data.ended
    is_known = (ended != UNKNOWN).to(outputs.dtype)
    binary = nn.functional.binary_cross_entropy_with_logits
    active = (data.exercise > 0).to(outputs.dtype)
    weight = data.fault_weight
    apart = nn.functional.smooth_l1_loss(heads["measure"], data.measure, reduction="none")
    view = torch.sum((heads["view"] - data.view) ** 2, dim=-1)
    parts = {
        "phase": _cross_entropy(heads["phase"], data.phase),
        "exercise": _cross_entropy(heads["exercise"], data.exercise),
        "ended": binary(
            heads["ended"][..., 0],
            ended.clamp(min=0.0),
            weight=is_known,
            pos_weight=torch.tensor(3.0),
            reduction="sum",
        )
        / is_known.sum().clamp(min=1.0),
        "fault": 4.0 * torch.sum(weight * binary(heads["fault"], data.fault, reduction="none")) / (weight.sum() + 1e-6),
        "measure": 2.0 * torch.sum(apart * data.measure_weight) / (data.measure_weight.sum() + 1e-6),
        "view": 0.5 * torch.sum(view * active) / (active.sum() + 1e-6),
    }
    total = torch.stack(list(parts.values())).sum()
    return total, {name: float(part.detach()) for name, part in parts.items()}


def _cross_entropy(logits: Tensor, target: Tensor) -> Tensor:
    """Return the mean over the frames where the target is known, 0 where none is."""
    total = nn.functional.cross_entropy(logits.flatten(0, 1), target.flatten(), ignore_index=UNKNOWN, reduction="sum")
    return total / (target != UNKNOWN).sum().clamp(min=1)


def new_model(plan: TrainingPlan) -> FormStepModel | ConvolutionModel | AttentionModel:
    """Return an untrained model."""
    if plan.model == "tcn":
        return ConvolutionModel(width=plan.width)
    if plan.model == "transformer":
        return AttentionModel()
    return FormStepModel(width=plan.width, hidden=plan.hidden)


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """A trained model and how it got there."""

    model: FormStepModel | ConvolutionModel | AttentionModel
    history: list[dict[str, float]]
    plan: dict[str, Any]
    seconds: float

    @property
    def parameters(self) -> int:
        """Number of trained numbers."""
        return sum(weight.numel() for weight in self.model.parameters())


def train(
    plan: TrainingPlan,
    *,
    data: TrainingData | None = None,
    validation: TrainingData | None = None,
    told: Callable[[dict[str, float]], None] | None = None,
) -> Trained:
    """Train one model; the weights of the best validation loss are kept.

    Parameters
    ----------
    plan : TrainingPlan
        What to do.
    data, validation : TrainingData, optional
        Made from the plan's seed otherwise.
    told : callable, optional
        Called after every pass.
    """
    started = time.perf_counter()
    torch.manual_seed(plan.seed)
    data = make_data(seed=plan.seed, count=plan.recordings, frames=plan.frames) if data is None else data
    if validation is None:
        validation = make_data(seed=10_000 + plan.seed, count=plan.validation, frames=plan.frames)
    model = new_model(plan)
    optimiser = torch.optim.AdamW(model.parameters(), lr=plan.learning_rate, weight_decay=plan.weight_decay)
    steps = math.ceil(len(data) / plan.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps, plan.epochs * steps))
    history: list[dict[str, float]] = []
    best, kept, since = math.inf, model.state_dict(), 0
    for epoch in range(plan.epochs):
        model.train()
        mean = 0.0
        for index in torch.randperm(len(data)).split(plan.batch):
            rows = data.rows(index)
            loss, _ = loss_of(model.over_time(rows.features), rows)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call,unused-ignore]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            mean += float(loss.detach()) / steps
        total, parts = _validate(model, validation)
        history.append({"epoch": epoch, "train": mean, "validation": total, **parts})
        if told is not None:
            told(history[-1])
        if total < best:
            best, since = total, 0
            kept = {name: weight.clone() for name, weight in model.state_dict().items()}
        else:
            since += 1
            if since >= plan.patience:
                break
    model.load_state_dict(kept)
    model.eval()
    return Trained(model, history, asdict(plan), time.perf_counter() - started)


def _rate(step: int, warm: int, total: int) -> float:
    if step < warm:
        return (step + 1) / warm
    return 0.02 + 0.98 * 0.5 * (1.0 + math.cos(math.pi * (step - warm) / max(1, total - warm)))


def _validate(model: nn.Module, data: TrainingData) -> tuple[float, dict[str, float]]:
    model.eval()
    total, sums = 0.0, dict.fromkeys(("phase", "exercise", "ended", "fault", "measure", "view"), 0.0)
    with torch.no_grad():
        for index in torch.arange(len(data)).split(CHUNK):
            rows = data.rows(index)
            loss, parts = loss_of(model.over_time(rows.features), rows)
            share = len(index) / len(data)
            total += share * float(loss)
            for name, part in parts.items():
                sums[name] += share * part
    return total, sums


def save_run(trained: Trained, folder: Path) -> dict[str, Any]:
    """Write weights and record of a run; return the record."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / WEIGHTS
    with path.open("wb") as file:
        np.savez(
            file,
            allow_pickle=False,
            **{name: weight.numpy() for name, weight in trained.model.state_dict().items()},
        )
    record = {
        "plan": trained.plan,
        "parameters": trained.parameters,
        "seconds": round(trained.seconds, 1),
        "history": trained.history,
        "weights_sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "versions": {"torch": torch.__version__, "numpy": np.__version__},
    }
    (folder / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return record


def load_run(folder: Path) -> tuple[FormStepModel | ConvolutionModel, dict[str, Any]]:
    """Return the model of a run and its record.

    Raises
    ------
    InvalidInputError
        If the folder holds no run, or one of a model that is no step model.
    """
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        model = new_model(TrainingPlan(**record["plan"]))
        with np.load(folder / WEIGHTS, allow_pickle=False) as stored:
            model.load_state_dict({name: torch.from_numpy(stored[name]) for name in stored.files})
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise InvalidInputError(
            "The folder holds no training run that can be read",
            file=str(folder),
            remedy="Name the folder that `topform form train --out` wrote.",
        ) from error
    if isinstance(model, AttentionModel):
        raise InvalidInputError("The transformer has no step form", file=str(folder), remedy="Train cnn_lstm or tcn.")
    model.eval()
    return model, record
