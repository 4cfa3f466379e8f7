"""The models that ship with TopForm: what they are, where their weights lie, whether these are the right ones."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from topform.core.errors import ModelUnavailableError
from topform.vision.weights import ModelManifest, find_weights, load_weights, manifests_dir, read_manifest


@dataclass(frozen=True, slots=True)
class WeightState:
    """One weight file of a model on this machine."""

    name: str
    file: str
    path: Path | None
    is_verified: bool
    problem: str | None
    remedy: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        return {
            "name": self.name,
            "file": self.file,
            "path": None if self.path is None else str(self.path),
            "verified": self.is_verified,
            "problem": self.problem,
            "remedy": self.remedy,
        }


@dataclass(frozen=True, slots=True)
class ModelState:
    """A model, its card and its weights on this machine."""

    manifest: ModelManifest
    has_card: bool
    weights: tuple[WeightState, ...]

    @property
    def is_ready(self) -> bool:
        """Whether every weight file is there and is the right one."""
        return all(state.is_verified for state in self.weights)

    def as_dict(self) -> dict[str, Any]:
        """Return the plain form used in JSON documents."""
        manifest = self.manifest
        return {
            "id": manifest.id,
            "task": manifest.task,
            "version": manifest.version,
            "licence": manifest.licence,
            "source": manifest.package,
            "default_variant": manifest.default_variant,
            "card": str(manifest.folder / "card.md") if self.has_card else None,
            "ready": self.is_ready,
            "weights": [state.as_dict() for state in self.weights],
        }


def list_models(*, folder: Path | None = None) -> list[ModelManifest]:
    """Return the manifests of all models, by id.

    Parameters
    ----------
    folder : Path, optional
        Where the manifests lie; searched for otherwise.
    """
    root = folder if folder is not None else manifests_dir()
    found = sorted(path.parent.name for path in root.glob("*/manifest.json"))
    return [read_manifest(model_id, folder=root) for model_id in found]


def verify(manifest: ModelManifest, *, weights_dir: Path | None = None) -> ModelState:
    """Look for every weight file of a model and compare its digest with the manifest.

    Parameters
    ----------
    manifest : ModelManifest
        The model.
    weights_dir : Path, optional
        The only folder to look in; the usual ones otherwise.
    """
    states = []
    for name, weights in manifest.files.items():
        path: Path | None = None
        try:
            path = find_weights(manifest, name, folder=weights_dir)
            load_weights(manifest, name, folder=weights_dir)
        except ModelUnavailableError as error:
            states.append(WeightState(name, weights.file, path, False, error.message, error.remedy))
        else:
            states.append(WeightState(name, weights.file, path, True, None, None))
    return ModelState(manifest, (manifest.folder / "card.md").is_file(), tuple(states))
