"""Training and conversion of the form model; the only entry point besides the command line that may start either."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, pstdev
from tempfile import TemporaryDirectory
from typing import Any

from topform import __version__
from topform.core.errors import InvalidInputError
from topform.entrypoints.ray_engine import mapped
from topform.kinematics.learned_form import MODEL_ID
from topform.kinematics.step_training import StepTrainer
from topform.kinematics.verdict_training import VerdictTrainer
from topform.ml.extras import with_torch


def verdict_trainer() -> VerdictTrainer:
    """Return what fits and judges the constants of the verdict; it needs no PyTorch."""
    from topform.ml.verdict_improvement import ConstantsTrainer

    return ConstantsTrainer()


def step_trainer() -> StepTrainer:
    """Return what trains, judges and runs versions of the step model; only training needs PyTorch."""
    from topform.ml.step_improvement import StepModelTrainer

    return StepModelTrainer()


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


def train_form_models(
    settings: Sequence[dict[str, Any]],
    folder: Path,
    *,
    on_ray: bool,
    workers: int | None = None,
    told: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Train one model for each of several settings, here or on Ray, and write every run; return what came of them.

    Each run depends on its settings alone, so that both engines write the same.

    Raises
    ------
    ModelUnavailableError
        If PyTorch is not installed where a run is trained.
    SetupError
        If Ray is wanted and not installed.
    """
    runs: dict[int, dict[str, Any]] = {}
    for place, (record, files) in mapped(trained_run, settings, on_ray=on_ray, workers=workers):
        name = f"run-{place + 1}"
        (folder / name).mkdir(parents=True, exist_ok=True)
        for file, content in files.items():
            (folder / name / file).write_bytes(content)
        losses = [passed["validation"] for passed in record["history"]]
        runs[place] = {
            "folder": name,
            "settings": dict(settings[place]),
            "validation_loss": round(min(losses), 4),
            "passes": len(losses),
            "seconds": record["seconds"],
            "weights_sha256": record["weights_sha256"],
        }
        if told is not None:
            told(runs[place])
    ordered = [runs[place] for place in sorted(runs)]
    losses = [run["validation_loss"] for run in ordered]
    result = {
        "engine": "ray" if on_ray else "local",
        "runs": ordered,
        "best": min(ordered, key=lambda run: float(run["validation_loss"]))["folder"],
        "validation_loss": {"mean": round(mean(losses), 4), "spread": round(pstdev(losses), 4)},
    }
    (folder / "runs.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return result


def trained_run(settings: dict[str, Any]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Train one model; return its record and the files of its run, which may have been trained on another machine."""
    with TemporaryDirectory() as folder:
        record = train_form_model(settings, Path(folder))
        return record, {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


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
        from topform.ml.step_files import LARGEST_DIFFERENCE, largest_difference
        from topform.ml.training.export import export
        from topform.ml.training.fit import load_run

        model, record = load_run(run_dir)
        target.mkdir(parents=True, exist_ok=True)
        path = target / "model.tflite"
        export(model, path)
        difference = largest_difference(model, path.read_bytes())
    if difference > LARGEST_DIFFERENCE:
        raise InvalidInputError(
            f"The converted model differs from the trained one by {difference:.1e}",
            file=str(path),
            remedy="Do not serve it; check the versions of torch and litert-torch.",
        )
    manifest = manifest_of(path.read_bytes(), record)
    (target / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return {"model": str(path), "largest_difference": difference, "manifest": manifest}


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
