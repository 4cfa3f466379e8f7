"""Training and conversion of the form model; the only entry point besides the command line that may start either."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from topform import __version__
from topform.core.errors import InvalidInputError, ModelUnavailableError

MODEL_ID: Final = "push_up_form"


@contextmanager
def with_torch() -> Iterator[None]:
    """Turn a missing PyTorch into an error that says how to install it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("torch", "litert_torch", "optuna"):
            raise
        raise ModelUnavailableError(
            f"Training and conversion need {error.name}, which is not installed",
            remedy="pip install 'topform[train]' (for machines without a GPU from the CPU index of PyTorch).",
        ) from error


def train_form_model(
    settings: dict[str, Any], run_dir: Path, *, told: Callable[[dict[str, float]], None] | None = None
) -> dict[str, Any]:
    """Train one model on made-up recordings and write the run; return its record.

    Raises
    ------
    ModelUnavailableError
        If PyTorch is not installed.
    """
    with with_torch():
        from topform.ml.training.fit import TrainingPlan, save_run, train

        trained = train(TrainingPlan(**settings), told=told)
        return save_run(trained, run_dir)


def search_form_model(
    settings: dict[str, Any],
    budget: dict[str, int],
    folder: Path,
    *,
    told: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Search the settings of a training run; return what was tried and what was best.

    Raises
    ------
    ModelUnavailableError
        If PyTorch or Optuna is not installed.
    """
    with with_torch():
        from topform.ml.training.fit import TrainingPlan
        from topform.ml.training.search import SearchBudget, search

        return search(TrainingPlan(**settings), SearchBudget(**budget), folder, told=told)


def export_form_model(run_dir: Path, target: Path) -> dict[str, Any]:
    """Convert a run to ``model.tflite`` with its manifest; return the manifest and the agreement with PyTorch.

    Raises
    ------
    ModelUnavailableError
        If PyTorch or litert-torch is not installed.
    InvalidInputError
        If the folder holds no run, or the converted model does not say what the trained one says.
    """
    with with_torch():
        from topform.ml.training.export import export
        from topform.ml.training.fit import load_run

        model, record = load_run(run_dir)
        target.mkdir(parents=True, exist_ok=True)
        path = target / "model.tflite"
        export(model, path)
        difference = largest_difference(model, path.read_bytes())
    if difference > 1e-4:
        raise InvalidInputError(
            f"The converted model differs from the trained one by {difference:.1e}",
            file=str(path),
            remedy="Do not serve it; check the versions of torch and litert-torch.",
        )
    manifest = manifest_of(path.read_bytes(), record)
    (target / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return {"model": str(path), "largest_difference": difference, "manifest": manifest}


def largest_difference(model: Any, content: bytes, *, recordings: int = 4, frames: int = 120) -> float:
    """Return the largest difference between PyTorch and LiteRT over whole recordings."""
    import numpy as np

    from topform.ml.synthesis.recordings import synthesise
    from topform.ml.training.export import eager_outputs, steps_of
    from topform.vision.form_model import StepRunner

    made_up = synthesise(np.random.default_rng(7), count=recordings, frames=frames)
    runner = StepRunner(content)
    largest = 0.0
    for row in range(recordings):
        memory, said = runner.new_memory, []
        for xy, score, step_s in steps_of(made_up, row):
            outputs, memory = runner.run(xy, score, step_s, memory)
            said.append(outputs)
        largest = max(largest, float(np.abs(np.stack(said) - eager_outputs(model, made_up, row)).max()))
    return largest


def manifest_of(content: bytes, record: dict[str, Any]) -> dict[str, Any]:
    """Return the registry's manifest of a converted model."""
    return {
        "id": MODEL_ID,
        "task": "form",
        "version": str(record["plan"].get("version", "1")),
        "skeleton": "blazepose33",
        "licence": "Apache-2.0",
        "source": {"registry": "topform", "package": "topform", "version": __version__},
        "default_variant": "full",
        "files": {
            "full": {
                "file": "model.tflite",
                "format": "tflite",
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        },
        "training": {
            "data": "made-up recordings only (topform.ml.synthesis)",
            "plan": record["plan"],
            "weights_sha256": record["weights_sha256"],
            "parameters": record["parameters"],
        },
    }
