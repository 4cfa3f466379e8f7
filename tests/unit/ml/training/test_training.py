"""Training and conversion, where PyTorch is installed; the default installation and the locks do not have it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is an extra (topform[train])")


@pytest.mark.parametrize("kind", ["tcn", "cnn_lstm"])
def test_step_by_step_is_the_whole_recording_at_once(kind: str) -> None:
    from topform.ml.synthesis.recordings import synthesise
    from topform.ml.training.export import eager_outputs
    from topform.ml.training.fit import TrainingPlan, new_model, tensors_of

    recordings = synthesise(np.random.default_rng(2), count=2, frames=90)
    model = new_model(TrainingPlan(model=kind)).eval()
    with torch.no_grad():
        at_once = model.over_time(tensors_of(recordings).features)
    for row in range(2):
        np.testing.assert_allclose(eager_outputs(model, recordings, row), at_once[row].numpy(), atol=1e-4)


def test_one_batch_can_be_overfitted_and_a_run_is_read_again(tmp_path: Path) -> None:
    from topform.ml.training.fit import TrainingPlan, load_run, make_data, save_run, train

    data = make_data(seed=3, count=24, frames=40)
    plan = TrainingPlan(recordings=24, frames=40, epochs=60, patience=60, batch=24)
    trained = train(plan, data=data, validation=data)
    assert trained.history[-1]["validation"] < 0.35 * trained.history[0]["validation"]
    save_run(trained, tmp_path)
    model, record = load_run(tmp_path)
    assert record["plan"]["model"] == "tcn"
    with torch.no_grad():
        torch.testing.assert_close(model.over_time(data.features), trained.model.over_time(data.features))


@pytest.mark.parametrize("kind", ["tcn", "cnn_lstm"])
def test_litert_says_what_pytorch_says_over_whole_recordings(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("litert_torch", reason="litert-torch is an extra (topform[train])")
    from topform.ml.step_files import largest_difference
    from topform.ml.training.export import export
    from topform.ml.training.fit import TrainingPlan, new_model

    torch.manual_seed(4)
    model = new_model(TrainingPlan(model=kind)).eval()
    export(model, tmp_path / "model.tflite")
    assert largest_difference(model, (tmp_path / "model.tflite").read_bytes()) < 1e-4


def test_a_search_tries_the_plan_first_and_keeps_the_best(tmp_path: Path) -> None:
    pytest.importorskip("optuna", reason="Optuna is an extra (topform[train])")
    from topform.ml.training.fit import TrainingPlan
    from topform.ml.training.search import SearchBudget, search

    plan = TrainingPlan(validation=16, frames=30)
    result = search(plan, SearchBudget(trials=3, recordings=32, epochs=2), tmp_path)
    assert result["trials"][0]["settings"] == {"width": 80, "learning_rate": 2e-3, "weight_decay": 0.01, "batch": 32}
    finished = [trial["validation_loss"] for trial in result["trials"] if not trial["given_up"]]
    assert result["best_validation_loss"] == min(finished) <= result["start_validation_loss"]
    assert (tmp_path / "search.json").is_file()
