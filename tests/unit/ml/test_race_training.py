"""A learned correction end to end: trained on people who differ by sex, written, read, used; refused without a win."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from topform.core.errors import PredictionHistoryError
from topform.entrypoints.cli import app
from topform.science.prediction import PREDICTOR_VERSION
from topform.science.prediction.correction import RaceCorrection

HALF, MARATHON = 21_097.5, 42_195.0


def table(path: Path, *, women_lose: float, people: int = 240) -> Path:
    """Write runners with an exponent of 1.14 from the half; women lose more and men less by a share."""
    rng = np.random.default_rng(4)
    lines = ["id,sex,age,distance,seconds"]
    for index in range(people):
        sex = "f" if index % 2 else "m"
        half = 6600 * np.exp(0.12 * rng.standard_normal())
        loss = women_lose if sex == "f" else -women_lose
        marathon = half * 2**1.14 * np.exp(0.03 * rng.standard_normal() + loss)
        lines += [f"p{index},{sex},40,{HALF},{half:.0f}", f"p{index},{sex},40,{MARATHON},{marathon:.0f}"]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def trained(path: Path, out: Path) -> tuple[int, dict[str, object]]:
    """Run the command."""
    arguments = ["science", "train", str(path), "--source", "made up", "--licence", "none needed", "--out", str(out)]
    result = CliRunner().invoke(app, [*arguments, "--bootstrap", "200", "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_what_was_learned_is_written_with_its_evidence_and_used(tmp_path: Path) -> None:
    """Women are 10 % behind men: after training the prediction of a woman and a man is as far apart."""
    out = tmp_path / "correction.json"
    code, document = trained(table(tmp_path / "bests.csv", women_lose=0.05), out)
    assert code == 0
    assert json.loads(out.read_text(encoding="utf-8")) == document
    assert (document["source"], document["licence"], document["predictor_version"]) == (
        "made up",
        "none needed",
        PREDICTOR_VERSION,
    )
    assert {one["distance_m"] for one in document["evidence"]} == {HALF, MARATHON}
    times = {}
    for sex in ("f", "m"):
        for how in ((), ("--correction", str(out))):
            history = tmp_path / "history.json"
            request = {"athlete": {"sex": sex, "age": 40}, "races": [{"distance_m": HALF, "time_s": 6600}]}
            history.write_text(json.dumps(request | {"target": {"distance_m": MARATHON}}), encoding="utf-8")
            result = CliRunner().invoke(app, ["predict", str(history), *how, "--json"])
            times[sex, bool(how)] = json.loads(result.stdout)["time_s"]
    assert times["f", False] < 1.01 * times["m", False]
    assert times["f", True] / times["m", True] == pytest.approx(np.exp(0.1), abs=0.03)


def test_nothing_is_written_where_nothing_was_won(tmp_path: Path) -> None:
    """Women and men alike: the ensemble stays."""
    out = tmp_path / "correction.json"
    code, document = trained(table(tmp_path / "bests.csv", women_lose=0.0, people=120), out)
    assert (code, document["error"]["code"]) == (1, "outcome_table_invalid")
    assert not out.exists()


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        {"format": "topform-race-correction-1", "features": [], "targets": [], "predictor_version": 1},
        None,
    ],
)
def test_what_is_no_correction_is_refused(document: object) -> None:
    """With a remedy."""
    with pytest.raises(PredictionHistoryError) as caught:
        RaceCorrection.from_document(document, predictor_version=PREDICTOR_VERSION)
    assert caught.value.remedy
