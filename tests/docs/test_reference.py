"""Tables written by hand say what the code says."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest
from docs.site_hooks import error_classes

from tests.docs.pages import REPOSITORY
from tests.support.postgres import data_directory
from topform.core.errors import TopFormError
from topform.platform.settings import GIB, Settings

SETTINGS_PAGE = REPOSITORY / "docs" / "reference" / "settings.md"
ROW = re.compile(r"^\| `TOPFORM_([A-Z_]+)` \| ([^|]*) \|", re.MULTILINE)


def test_every_setting_is_described_once() -> None:
    """The page names all settings and no others."""
    described = [name.lower() for name, _ in ROW.findall(SETTINGS_PAGE.read_text(encoding="utf-8"))]
    read_elsewhere = {"model_manifest_dir"}
    assert sorted(described) == sorted({*Settings.model_fields} | read_elsewhere)


def test_defaults_are_those_of_the_code() -> None:
    """A default shown as code equals the default in the code."""
    shown = dict(ROW.findall(SETTINGS_PAGE.read_text(encoding="utf-8")))
    sizes = {2 * GIB: "2 GiB", 3 * GIB: "3 GiB", 20 * GIB: "20 GiB"}
    for name, field in Settings.model_fields.items():
        if field.default_factory is not None:
            continue
        default = field.default
        expected = "not set" if default is None else f"`{sizes.get(default, default)}`"
        assert shown[name.upper()].strip() == expected, name


def test_error_codes_are_read_from_the_source() -> None:
    """The table of error codes finds every class that Python finds."""
    found = {error.name: error.code for error in error_classes()}
    pending = [TopFormError]
    while pending:
        error = pending.pop()
        if error.__module__.startswith("topform."):
            assert found[error.__name__] == error.code
        pending += error.__subclasses__()


# ---- JSON documents ----

EXAMPLES = REPOSITORY / "docs" / "examples"
KEYS = re.compile(r"<!-- keys: (\w+)(?: (\S+))? -->\n\n((?:\|.*\n)+)")
COMMANDS = {
    "inspect": ["inspect", str(EXAMPLES / "intervals.tcx.gz")],
    "import": ["import", str(EXAMPLES / "intervals.tcx.gz")],
    "analyze": ["analyze", str(EXAMPLES / "push-ups.npz")],
    "plan": ["plan", str(EXAMPLES / "plan-10k.json")],
    "predict": ["predict", str(EXAMPLES / "race-history.json")],
}


def json_tables() -> list[tuple[str, str, str]]:
    """Return command, path and table of every described JSON object."""
    return KEYS.findall((REPOSITORY / "docs" / "reference" / "json.md").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def documents() -> dict[str, Any]:
    """What the commands print with --json."""
    with data_directory() as folder:
        folder.chmod(0o711)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
        environment["TOPFORM_DATA_DIR"] = str(folder / "data")
        return {
            name: json.loads(
                subprocess.run(
                    [sys.executable, "-m", "topform", *arguments, "--json"],
                    env=environment,
                    capture_output=True,
                    check=True,
                ).stdout
            )
            for name, arguments in COMMANDS.items()
        }


@pytest.mark.parametrize(("command", "path", "table"), json_tables())
def test_described_keys_are_the_printed_ones(command: str, path: str, table: str, documents: dict[str, Any]) -> None:
    """All printed keys are described, and all described keys are printed unless the row says when."""
    document = documents[command]
    for key in filter(None, path.split("/")):
        document = document[int(key)] if isinstance(document, list) else document[key]
    described, optional = set(), set()
    for row in table.splitlines()[2:]:
        first, meaning = row.strip("|").split(" | ", 1)
        keys = re.findall(r"`(\w+)`", first)
        described |= set(keys)
        if "only with" in meaning:
            optional |= set(keys)
    assert set(document) <= described
    assert described - optional <= set(document)
