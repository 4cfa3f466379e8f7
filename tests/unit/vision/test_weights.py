"""Weights are found, checked, and their absence explained."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from topform.core.errors import ModelUnavailableError
from topform.ml.registry import list_models, verify
from topform.vision.weights import find_weights, load_weights, manifests_dir, read_manifest


def test_manifest_names_the_published_files() -> None:
    manifest = read_manifest("blazepose")
    prefixes = {name: weights.sha256[:8] for name, weights in manifest.files.items()}
    assert prefixes == {"full": "e9a5c5cb", "lite": "f17bfbec", "heavy": "59e42d71", "detector": "a63c614b"}
    assert manifest.licence == "Apache-2.0"
    assert manifest.default_variant in manifest.files


def test_missing_weights_say_how_to_get_them(tmp_path: Path) -> None:
    manifest = read_manifest("blazepose")
    with pytest.raises(ModelUnavailableError) as caught:
        find_weights(manifest, "full", folder=tmp_path)
    assert "npm" in (caught.value.remedy or "")
    assert "TOPFORM_MODEL_DIR" in (caught.value.remedy or "")


def test_another_file_under_the_name_is_refused(tmp_path: Path) -> None:
    manifest = read_manifest("blazepose")
    (tmp_path / manifest.files["full"].file).write_bytes(b"TFL3 but not the right one")
    with pytest.raises(ModelUnavailableError, match="SHA-256") as caught:
        load_weights(manifest, "full", folder=tmp_path)
    assert caught.value.fields["expected_sha256"] == manifest.files["full"].sha256


def test_environment_names_the_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = read_manifest("blazepose")
    (tmp_path / manifest.files["lite"].file).write_bytes(b"x")
    monkeypatch.setenv("TOPFORM_MODEL_DIR", str(tmp_path))
    assert find_weights(manifest, "lite").parent == tmp_path
    shutil.copytree(manifests_dir(), tmp_path / "models")
    monkeypatch.setenv("TOPFORM_MODEL_MANIFEST_DIR", str(tmp_path / "models"))
    assert manifests_dir() == tmp_path / "models"
    monkeypatch.setenv("TOPFORM_MODEL_MANIFEST_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(ModelUnavailableError):
        manifests_dir()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"id": "blazepose"}'])
def test_damaged_manifest(tmp_path: Path, content: str) -> None:
    (tmp_path / "blazepose").mkdir()
    (tmp_path / "blazepose" / "manifest.json").write_text(content)
    with pytest.raises(ModelUnavailableError):
        read_manifest("blazepose", folder=tmp_path)


def test_registry_lists_every_model_with_a_card(tmp_path: Path) -> None:
    models = list_models()
    assert [manifest.id for manifest in models] == sorted(
        path.parent.name for path in manifests_dir().glob("*/card.md")
    )
    state = verify(read_manifest("blazepose"), weights_dir=tmp_path)
    assert not state.is_ready
    assert state.has_card
    assert all(weights.problem and weights.remedy for weights in state.weights)
    assert json.dumps(state.as_dict())


def test_published_config_is_what_the_code_does() -> None:
    import yaml

    from topform.vision.blazepose import detector, landmarks, tracker

    config = yaml.safe_load((manifests_dir() / "blazepose" / "config.yaml").read_text(encoding="utf-8"))
    assert config == {
        "variant": read_manifest("blazepose").default_variant,
        "detector": {
            "input_px": detector.INPUT_PX,
            "min_score": detector.MIN_SCORE,
            "merge_overlap": detector.MIN_OVERLAP_TO_MERGE,
        },
        "landmarks": {
            "input_px": landmarks.INPUT_PX,
            "refine_kernel": landmarks.REFINE_KERNEL,
            "refine_min_confidence": landmarks.MIN_CONFIDENCE_TO_REFINE,
            "max_visibility_outside": landmarks.MAX_VISIBILITY_OUTSIDE,
        },
        "tracker": {
            "min_score": tracker.MIN_SCORE,
            "min_score_to_start": tracker.MIN_SCORE_TO_START,
            "search_interval_s": tracker.SEARCH_INTERVAL_S,
            "reconsider_interval_s": tracker.RECONSIDER_INTERVAL_S,
        },
    }
