"""Finds model weights and checks their digest; they are dependencies of the installation, never of the repository."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from topform.core.errors import ModelUnavailableError

WEIGHTS_VARIABLE = "TOPFORM_MODEL_DIR"
MANIFESTS_VARIABLE = "TOPFORM_MODEL_MANIFEST_DIR"

_PACKAGE = Path(__file__).resolve().parents[1]
_REPOSITORY = _PACKAGE.parents[1]


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One weight file as the manifest describes it."""

    name: str
    file: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ModelManifest:
    """What a model consists of and where it comes from; read from ``models/<id>/manifest.json``."""

    id: str
    task: str
    version: str
    licence: str
    package: str
    default_variant: str
    files: dict[str, WeightFile]
    folder: Path

    def as_dict(self, *, variant: str) -> dict[str, str]:
        """Return what an analysis says about the model it used."""
        weights = self.files[variant]
        return {
            "id": self.id,
            "variant": variant,
            "version": self.version,
            "licence": self.licence,
            "sha256": weights.sha256,
        }


def manifests_dir() -> Path:
    """Return the folder of model manifests: the environment's, the installed package's or the checkout's."""
    configured = os.environ.get(MANIFESTS_VARIABLE)
    candidates = [Path(configured)] if configured else [_PACKAGE / "_models", _REPOSITORY / "models"]
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise ModelUnavailableError(
        "The folder of model manifests is missing",
        file=str(candidates[-1]),
        remedy=f"Reinstall TopForm, or point {MANIFESTS_VARIABLE} at the `models` folder of its source.",
    )


def read_manifest(model_id: str, *, folder: Path | None = None) -> ModelManifest:
    """Read one manifest.

    Raises
    ------
    ModelUnavailableError
        If there is no such model or its manifest cannot be read.
    """
    root = folder if folder is not None else manifests_dir()
    path = root / model_id / "manifest.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        files = {
            name: WeightFile(name=name, file=entry["file"], sha256=entry["sha256"], bytes=int(entry["bytes"]))
            for name, entry in document["files"].items()
        }
        return ModelManifest(
            id=document["id"],
            task=document["task"],
            version=document["version"],
            licence=document["licence"],
            package=f"{document['source']['package']}@{document['source']['version']}",
            default_variant=document["default_variant"],
            files=files,
            folder=path.parent,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailableError(
            f"The manifest of model {model_id!r} cannot be read",
            file=str(path),
            remedy="`topform models list` shows the models that are there.",
        ) from error


def weights_dirs() -> list[Path]:
    """Return where weights may lie, in the order of search."""
    configured = os.environ.get(WEIGHTS_VARIABLE)
    return [
        *([Path(configured)] if configured else []),
        _REPOSITORY / "app" / "node_modules" / "@mediapipe" / "pose",
        Path.cwd() / "app" / "node_modules" / "@mediapipe" / "pose",
        Path(__file__).resolve().parents[1] / "_pose",
    ]


def find_weights(manifest: ModelManifest, name: str, *, folder: Path | None = None) -> Path:
    """Return the path of a weight file without checking its content.

    Raises
    ------
    ModelUnavailableError
        If it lies in none of the folders.
    """
    wanted = manifest.files[name].file
    # Models of our own ship beside their manifest.
    folders = [*([folder] if folder is not None else weights_dirs()), manifest.folder]
    for candidate in folders:
        if (candidate / wanted).is_file():
            return candidate / wanted
    raise ModelUnavailableError(
        f"The weights {wanted} of model {manifest.id!r} are not installed",
        file=str(folders[0] / wanted),
        remedy=_how_to_install(manifest),
    )


def _how_to_install(manifest: ModelManifest) -> str:
    if manifest.package.startswith("topform@"):
        return "Reinstall TopForm, or restore the file from its source."
    return (
        f"Run `npm ci` in the app folder, or unpack `npm pack {manifest.package}` "
        f"and set {WEIGHTS_VARIABLE} to the folder that holds the file."
    )


def load_weights(manifest: ModelManifest, name: str, *, folder: Path | None = None) -> bytes:
    """Return the verified bytes of a weight file.

    Raises
    ------
    ModelUnavailableError
        If the file is missing or is not the file that the manifest names.
    """
    path = find_weights(manifest, name, folder=folder)
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != manifest.files[name].sha256:
        raise ModelUnavailableError(
            f"{path.name} is not the file that the manifest of {manifest.id!r} names (its SHA-256 differs)",
            file=str(path),
            remedy=f"Delete it. {_how_to_install(manifest)}",
            sha256=digest,
            expected_sha256=manifest.files[name].sha256,
        )
    return content
