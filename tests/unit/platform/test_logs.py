"""Logs: one JSON object a line, and nothing in it that a person entered."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from topform.platform.logs import HIDDEN, configure_logging, get_logger


@pytest.fixture(autouse=True)
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    captured = capsys.readouterr()
    assert captured.out == ""
    return [json.loads(line) for line in captured.err.splitlines()]


def test_events_and_library_messages_have_one_shape_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(log_format="json")
    get_logger("topform.test").info("activity_imported", activity_id="01890a5d", legs=3)
    logging.getLogger("some.library").warning("it is %s", "late")
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["legs"], ours["level"], ours["logger"]) == (
        "activity_imported",
        3,
        "info",
        "topform.test",
    )
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("it is late", "warning", "some.library")
    assert str(ours["timestamp"]).endswith("Z")


def test_personal_fields_are_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(log_format="json")
    get_logger("t").info("signed_in", email="ada@example.org", token="abc", latitude=47.37, athlete_id="7")
    (line,) = lines(capsys)
    assert (line["email"], line["token"], line["latitude"], line["athlete_id"]) == (HIDDEN, HIDDEN, HIDDEN, "7")


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_an_exception_is_told_without_the_values_of_local_variables(
    capsys: pytest.CaptureFixture[str], log_format: str
) -> None:
    configure_logging(log_format=log_format)  # type: ignore[arg-type]
    try:
        resting_pulse_of_ada = 47_123
        raise RuntimeError("decoder gave up")
    except RuntimeError as error:
        get_logger("t").error("job_failed", exc_info=error)
        del resting_pulse_of_ada
    told = capsys.readouterr().err
    assert "decoder gave up" in told
    assert "RuntimeError" in told
    assert "47123" not in told.replace("_", "")


def test_the_level_is_respected(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(log_format="json", level="warning")
    get_logger("t").info("quiet")
    get_logger("t").warning("heard")
    assert [line["event"] for line in lines(capsys)] == ["heard"]
