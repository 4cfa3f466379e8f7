"""``topform predict`` and ``topform science evaluate`` as a person and a program use them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import Result
from typer.testing import CliRunner

from topform.coaching.language import LANGUAGES, sentence
from topform.entrypoints.cli import app

HALF, MARATHON = 21_097.5, 42_195.0
RACE: dict[str, Any] = {"date": "2026-10-04", "distance_m": HALF, "time_s": 6300, "sport": "running"}
TARGET: dict[str, Any] = {"date": "2027-04-11", "distance_m": MARATHON}


def topform(*arguments: str, stdin: object = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command line in its own process."""
    content = stdin if isinstance(stdin, bytes) else json.dumps(stdin).encode()
    command = [sys.executable, "-m", "topform", *arguments]
    return subprocess.run(command, input=content, capture_output=True, timeout=120, check=False)


def run(*arguments: str, stdin: object = None) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(app, list(arguments), input=json.dumps(stdin))


def predicted(document: object) -> dict[str, Any]:
    """Return the answer to a history."""
    ran = run("predict", "-", "--json", stdin=document)
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout)


def refused(document: object) -> dict[str, Any]:
    """Return the error a history ends in."""
    ran = run("predict", "-", "--json", stdin=document)
    assert ran.exit_code == 1, ran.output
    return json.loads(ran.stdout)["error"]


def test_the_answer_has_the_promised_shape() -> None:
    """Time, two intervals, models with weights, the baseline, why and warnings."""
    answer = predicted({"athlete": {"sex": "f", "age": 38, "mass_kg": 61}, "races": [RACE], "target": TARGET})
    assert {"time_s", "interval_80_s", "interval_90_s", "models", "baseline", "why", "warnings"} <= set(answer)
    assert answer["interval_90_s"][0] < answer["interval_80_s"][0] < answer["time_s"]
    assert answer["time_s"] < answer["interval_80_s"][1] < answer["interval_90_s"][1]
    assert sum(model["weight"] for model in answer["models"]) == pytest.approx(1, abs=1e-3)
    assert answer["baseline"]["time_s"] == pytest.approx(6300 * 2**1.06, abs=0.06)
    assert (answer["baseline"]["code"], answer["baseline"]["distance_m"]) == ("race", 21_097.5)
    assert "half marathon in 1:45:00" in answer["why"]


def test_null_is_absent_everywhere() -> None:
    """Any list may be empty and any value null."""
    nothing = dict.fromkeys(("date", "distance_m", "time_s", "hr_bpm", "load", "sport"))
    answer = predicted(
        {
            "athlete": {"sex": None, "age": None, "mass_kg": None},
            "races": [None, nothing, {**RACE, "date": None, "sport": None}],
            "training": [nothing, None],
            "target": {"date": None, "distance_m": 10_000},
        }
    )
    assert answer["time_s"] == pytest.approx(6300 * (10_000 / HALF) ** 1.065, rel=0.02)
    assert {"races_incomplete", "training_incomplete", "races_sport_unknown"} <= {w["code"] for w in answer["warnings"]}


def test_training_alone() -> None:
    """Eight weeks of running without a race: an answer with a wide interval that says so."""
    training = [
        {"date": f"2027-0{month}-{day:02d}", "distance_m": 12_000, "time_s": 3960, "sport": "running"}
        for month in (2, 3)
        for day in range(1, 29, 2)
    ]
    answer = predicted({"athlete": {}, "races": [], "training": training, "target": TARGET})
    width = (answer["interval_80_s"][1] - answer["interval_80_s"][0]) / answer["time_s"]
    assert width > 0.2
    assert "training_only" in {warning["code"] for warning in answer["warnings"]}
    assert answer["baseline"]["time_s"] is not None


def test_other_sports_and_the_future_are_left_out_and_named() -> None:
    """A bike race, the predicted race itself, and a race after it, change nothing."""
    alone = predicted({"races": [RACE], "target": TARGET})
    others = [
        {"date": "2026-09-01", "distance_m": 180_000, "time_s": 19_000, "sport": "cycling"},
        {"date": "2028-09-01", "distance_m": HALF, "time_s": 5000, "sport": "running"},
        {**TARGET, "time_s": 12_000, "sport": "running"},
    ]
    with_others = predicted({"races": [RACE, *others], "target": TARGET})
    assert with_others["time_s"] == alone["time_s"]
    assert {"races_of_other_sports", "races_after_target"} <= {one["code"] for one in with_others["warnings"]}


def test_only_another_sport_is_no_history() -> None:
    """A swim says nothing about a marathon, and the refusal says that it was left out."""
    swim = {"date": "2026-09-01", "distance_m": 3800, "time_s": 4000, "sport": "swimming"}
    error = refused({"races": [swim], "target": TARGET})
    assert error["code"] == "prediction_without_history"
    assert "other sports" in error["remedy"]


@pytest.mark.parametrize(
    ("field", "entry"),
    [
        ("races", {"date": "2026-09-01", "distance_m": 10, "time_s": 2700, "sport": "running"}),
        ("training", {"date": "2026-09-01", "distance_m": 10_000, "time_s": 50, "sport": "running"}),
    ],
)
def test_a_history_in_wrong_units_is_refused_with_what_is_wrong(field: str, entry: dict[str, Any]) -> None:
    """Kilometres or minutes: nothing is left of the history, and the units are why."""
    error = refused({field: [entry] * 20, "target": TARGET})
    assert (error["code"], "units" in error["remedy"]) == ("prediction_without_history", True)


def test_a_course_steeper_than_long_is_refused() -> None:
    error = refused({"races": [RACE], "target": {**TARGET, "distance_m": 5000, "ascent_m": 5001}})
    assert (error["code"], "more than the distance" in error["message"]) == ("prediction_history_invalid", True)


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"races": [RACE]}, "target"),
        ({"races": [RACE], "target": {"date": "2027-04-11"}}, "target.distance_m"),
        ({"races": [RACE], "target": {**TARGET, "date": "2027-02-30"}}, "target.date"),
        ({"races": [RACE], "target": {**TARGET, "distance_m": "marathon"}}, "target.distance_m"),
        ({"races": [RACE], "target": {**TARGET, "distance_m": 1e9}}, "target.distance_m"),
        ({"races": [RACE], "target": {**TARGET, "sport": "cycling"}}, "target.sport"),
        ({"races": [{**RACE, "time_s": 105}], "target": TARGET}, "races[0].time_s"),
        ({"races": [{**RACE, "time_s": -5}], "target": TARGET}, "races[0].time_s"),
        ({"races": [{**RACE, "time_s": 600_000}], "target": TARGET}, "races[0].time_s"),
        ({"races": [RACE, 7], "target": TARGET}, "races[1]"),
        ({"races": {"a": 1}, "target": TARGET}, "races"),
        ({"athlete": {"sex": "x"}, "races": [RACE], "target": TARGET}, "athlete.sex"),
        ({"athlete": {"age": 300}, "races": [RACE], "target": TARGET}, "athlete.age"),
        ({"raecs": [RACE], "target": TARGET}, "raecs"),
    ],
)
def test_a_refusal_names_the_field(document: dict[str, Any], field: str) -> None:
    """Field, message and remedy; exit code 1."""
    error = refused(document)
    assert error["code"] == "prediction_history_invalid"
    assert error["field"] == field
    assert error["remedy"]


def test_what_is_no_json_is_refused_with_its_place(tmp_path: Path) -> None:
    """File and byte are named."""
    path = tmp_path / "history.json"
    path.write_text('{"races": [}')
    ran = run("predict", str(path), "--json")
    error = json.loads(ran.stdout)["error"]
    assert (ran.exit_code, error["code"], error["offset_bytes"]) == (1, "prediction_history_invalid", 11)
    assert error["file"] == str(path)


def test_the_table_for_people() -> None:
    """Without --json there are times to read, not seconds."""
    ran = topform("predict", "-", stdin={"races": [RACE], "target": TARGET})
    assert ran.returncode == 0
    assert b"baseline: Riegel 1.06" in ran.stdout
    assert b"8 of 10 such races end between" in ran.stdout


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_table_is_in_the_language(language: str) -> None:
    ran = run("predict", "-", "--language", language, stdin={"races": [RACE], "target": TARGET})
    assert ran.exit_code == 0, ran.output
    for english in ("baseline", "such races", "Weight", "performance_index", "riegel_shrunken", "Performance index"):
        assert english not in ran.stdout
    assert sentence("prediction_model.performance_index", {}, language) in ran.stdout
    race = {"distance": sentence("distance.marathon", {}, language), "date": "2027-04-11", "time": ""}
    assert ran.stdout.startswith(sentence("prediction.race", race, language).rstrip())


def test_the_race_and_its_day_come_before_the_time() -> None:
    ran = run("predict", "-", stdin={"races": [RACE], "target": TARGET})
    assert re.match(r"Predicted time, marathon, 11 April 2027: \d:\d\d:\d\d\n", ran.stdout)


# ---- science evaluate ----


def bests(n: int, *, exponent: float, seed: int = 3) -> str:
    """Return a table of runners who follow a power law with a little noise."""
    rng = np.random.default_rng(seed)
    lines = ["id,sex,age,distance,seconds"]
    for index in range(n):
        half = 6600 * np.exp(0.15 * rng.standard_normal())
        sex = "mf"[index % 2]
        for distance in (10_000, HALF, MARATHON):
            time_s = half * (distance / HALF) ** exponent * np.exp(0.03 * rng.standard_normal())
            lines.append(f"p{index},{sex},40,{distance:g},{time_s:.0f}")
    return "\n".join(lines)


def test_evaluate_prints_baselines_intervals_and_coverage(tmp_path: Path) -> None:
    """Where people slow by 1.15 the shipped predictor beats Riegel 1.06; the headline says by how much."""
    path = tmp_path / "bests.csv"
    path.write_text(bests(60, exponent=1.15))
    ran = run("science", "evaluate", str(path), "--json", "--bootstrap", "50")
    assert ran.exit_code == 0, ran.output
    document = json.loads(ran.stdout)
    headline = document["headline"]
    assert headline["people"] == 60
    assert headline["baselines"]["riegel_1.06"]["bias"] == pytest.approx(2**-0.09 - 1, abs=0.015)
    assert headline["ratio_to_riegel_1.06"]["value"] < 0.93
    assert len(headline["as_shipped"]["mape_95"]) == 2
    assert headline["adapted_to_people_before"]["mape"] == headline["as_shipped"]["mape"]
    shown = run("science", "evaluate", str(path), "--bootstrap", "50").stdout
    assert shown.index("as shipped") < shown.index("adapted") < shown.index("recalibrated")
    coverage = round(100 * headline["groups"]["two races known"]["coverage_80"])
    assert re.search(rf"two races known +60 .* {coverage} %", shown)
    assert set(document["targets"]) == {"10 km", "half marathon", "marathon"}
    assert {(pair["from"], pair["to"]) for pair in document["pairs"]} >= {("half marathon", "marathon")}


def test_evaluate_names_the_line_that_gives_somebody_a_second_sex(tmp_path: Path) -> None:
    """In the document and for people; the person is left out."""
    path = tmp_path / "bests.csv"
    path.write_text(f"{bests(30, exponent=1.1)}\np0,f,40,5000,1500\n")
    ran = run("science", "evaluate", str(path), "--json", "--bootstrap", "0")
    table = json.loads(ran.stdout)["table"]
    assert [(one["code"], one["line"]) for one in table["remarks"]] == [("second_sex", 92)]
    assert (table["people"], table["dropped_rows"]) == (29, {"one_id_of_both_sexes": 4})
    told = run("science", "evaluate", str(path), "--bootstrap", "0")
    assert told.exit_code == 0, told.output
    shown = told.stdout
    assert "p0 is f in line 92 and of the other sex in line 2" in " ".join(shown.split())


def test_evaluate_refuses_what_is_no_table(tmp_path: Path) -> None:
    """Typed error with a remedy."""
    path = tmp_path / "bests.csv"
    path.write_text("a,b\n1,2\n")
    ran = run("science", "evaluate", str(path), "--json")
    error = json.loads(ran.stdout)["error"]
    assert (ran.exit_code, error["code"]) == (1, "outcome_table_invalid")
    assert error["remedy"]


def test_the_example_runs_as_it_stands_and_stands_in_the_help() -> None:
    """What --example prints is predicted from; --help shows it."""
    example = run("predict", "--example")
    assert example.exit_code == 0
    document = json.loads(example.output)
    answer = predicted(document)
    assert answer["time_s"] > document["races"][0]["time_s"] * 2
    assert '"target"' in run("predict", "--help").output
