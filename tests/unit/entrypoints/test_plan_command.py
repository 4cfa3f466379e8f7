"""``topform plan`` as a person and a program use it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from topform.coaching.language import LANGUAGES, knows, sentence
from topform.coaching.planner import make_plan
from topform.coaching.planner.season import PHASE_WORDS
from topform.coaching.request import PlanRequest
from topform.entrypoints.cli import app
from topform.entrypoints.cli.output import stdout
from topform.entrypoints.cli.plan_view import show
from topform.science.prediction.explain import NAMES

REQUEST: dict[str, Any] = {
    "athlete": {"sport": "cycling", "experience": "intermediate", "ctl": 40, "threshold": {"power_w": 250}},
    "goal": {"type": "maintain", "weeks": 1},
    "start": "2027-03-01",
    "available_minutes": {"tue": 60, "thu": 60, "sat": 120},
}
RACE = {"date": "2027-03-07", "sport": "cycling", "distance_m": 40_000}


def topform(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command line in its own process."""
    command = [sys.executable, "-m", "topform", "plan", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=60, check=False)


def test_one_document_on_stdout(tmp_path: Path) -> None:
    """--json prints exactly the plan."""
    path = tmp_path / "request.json"
    path.write_text(json.dumps(REQUEST))
    ran = topform(str(path), "--json")
    assert ran.returncode == 0, ran.stderr
    document = json.loads(ran.stdout)
    assert len(document["days"]) == 7
    assert topform("-", "--json", stdin=path.read_bytes()).stdout == ran.stdout


def test_the_table_names_days_and_sessions() -> None:
    """Without --json a week is a table."""
    ran = topform("-", stdin=json.dumps(REQUEST).encode())
    text = ran.stdout.decode()
    assert ran.returncode == 0
    assert "Mon 1 Mar" in text and "rules hold" in text and "ride" in text.lower()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_words_around_the_plan_are_in_the_language(language: str) -> None:
    """Headings, days, phases, the outlook and the rules, not the sessions alone."""
    ran = CliRunner().invoke(app, ["plan", "-", "--language", language], input=json.dumps(REQUEST))
    assert ran.exit_code == 0, ran.output
    for english in ("Session", "Load", "rest ", "Week 1", "rules hold", "Fitness ", "highest", "assumed", "Mon "):
        said = english in ran.stdout and (language, english) not in {("de", "Fitness ")}
        assert not said, english
    for code in ("day", "session", "load", "assumed"):
        assert sentence(f"table.{code}", {}, language) in ran.stdout


@pytest.mark.parametrize(
    ("language", "short", "long", "comma"),
    [("en", "42 min", "3 h 54", ", "), ("de", "42 min", "3 h 54", ", "), ("zh", "42 分钟", "3 小时 54 分", "，")],
)
def test_durations_and_commas_are_those_of_the_language(language: str, short: str, long: str, comma: str) -> None:
    runner = {"sport": "running", "experience": "intermediate", "ctl": 40, "threshold": {"speed_m_s": 3.6}}
    request = REQUEST | {"athlete": runner, "goal": {"type": "maintain", "weeks": 2}}
    ran = CliRunner().invoke(app, ["plan", "-", "--json", "--language", language], input=json.dumps(request))
    plan = json.loads(ran.stdout)
    first, second = plan["forecast"]["weeks"][:2]
    first["minutes"], second["minutes"] = 42, 234
    with stdout.capture() as printed:
        show(plan, {}, language=language)
    shown = printed.get()
    assert re.search(rf"[:：] ?{short}[,，]", shown) and re.search(rf"[:：] ?{long}[,，]", shown)
    assert re.search(rf"{comma}\d:\d\d-\d:\d\d /km", shown)


@pytest.mark.parametrize(
    ("language", "texts", "shown"),
    [
        ("en", ["8 push-ups", "8 push-ups", "7 push-ups"], "2 x 8, 1 x 7 push-ups"),
        ("zh", ["平板支撑慢呼吸 8 次"], "，平板支撑慢呼吸 8 次"),
        ("zh", ["平板支撑慢呼吸 8 次", "平板支撑慢呼吸 8 次"], "，2 x 平板支撑慢呼吸 8 次"),
    ],
)
def test_sets_are_counted_wherever_their_language_puts_the_number(language: str, texts: list[str], shown: str) -> None:
    ran = CliRunner().invoke(app, ["plan", "-", "--json", "--language", language], input=json.dumps(REQUEST))
    plan = json.loads(ran.stdout)
    (session, *_) = next(day["sessions"] for day in plan["days"] if day["sessions"])
    session["steps"] = [{"text": text, "reps": int(re.findall(r"\d+", text)[0])} for text in texts]
    with stdout.capture() as printed:
        show(plan, {}, language=language)
    assert shown in "".join(printed.get().split("\n"))


def test_every_rule_and_whatever_gives_way_has_a_name_to_show() -> None:
    request = PlanRequest.from_dict(REQUEST)
    document = make_plan(request).as_dict()
    assert [item["rule"] for item in document["checks"] if not knows(f"check_name.{item['rule']}")] == []
    assert [name for name in PHASE_WORDS if not knows(f"phase.{name}")] == []
    assert [name for name in NAMES if not knows(f"prediction_model.{name}")] == []


@pytest.mark.parametrize(
    ("content", "code", "part"),
    [
        (b"", "plan_request_invalid", "empty"),
        (b'{\n "athlete": {"sport": "running",}\n}', "plan_request_invalid", "line 2"),
        (b"\xff\xfe\x00", "plan_request_invalid", "UTF-8"),
        (b"[" * 100_000, "plan_request_invalid", "deeply"),
        (b'{"athlete": {"sport": "running", "ctl": NaN}}', "plan_request_invalid", "NaN"),
        (b'{"athlete": {"sport": "chess"}}', "plan_request_invalid", "athlete.sport"),
        (json.dumps({**REQUEST, "start": "01.03.2027"}).encode(), "plan_request_invalid", "start"),
        (
            json.dumps({**REQUEST, "other_races": [RACE], "unavailable_dates": [RACE["date"]]}).encode(),
            "plan_request_invalid",
            "other_races[0].date: 2027-03-07 is one of the unavailable dates",
        ),
    ],
)
def test_a_bad_request_is_explained(content: bytes, code: str, part: str) -> None:
    """Exit code 1 and the error document, with code, message and remedy."""
    ran = topform("-", "--json", stdin=content)
    assert ran.returncode == 1
    error = json.loads(ran.stdout)["error"]
    assert error["code"] == code
    assert part in error["message"]
    assert error["remedy"]
    assert b"Traceback" not in ran.stderr


def test_a_missing_file_is_explained(tmp_path: Path) -> None:
    """The path is named."""
    ran = topform(str(tmp_path / "none.json"), "--json")
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["error"]["file"].endswith("none.json")


def test_wrong_usage_is_exit_code_two() -> None:
    """Unknown options are usage errors."""
    assert topform("--nonsense").returncode == 2


def test_the_example_runs_as_it_stands_and_stands_in_the_help() -> None:
    """What --example prints is a plan for 12 weeks; --help shows it without starting a solver."""
    example = topform("--example")
    assert example.returncode == 0 and json.loads(example.stdout)["goal"]["type"] == "race"
    ran = topform("-", "--json", stdin=example.stdout)
    assert ran.returncode == 0, ran.stdout
    assert len(json.loads(ran.stdout)["days"]) == 84
    shown = " ".join(topform("--help").stdout.decode().split())
    assert '"available_minutes"' in shown and "--example" in shown
