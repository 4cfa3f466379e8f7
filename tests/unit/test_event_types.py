"""Every type of event that the server can send is known to the app, and told in the API's text and the reference."""

from __future__ import annotations

import ast
import importlib
import json
import re
from pathlib import Path

from topform.entrypoints.api.application import DESCRIPTION
from topform.platform.events import RESYNC

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/topform"
TYPE = re.compile(r"`([a-z_]+\.[a-z_]+|resync)`")


def sent() -> set[str]:
    """The types that the features declare, and the one of the event log itself."""
    found = {RESYNC}
    for path in SOURCE.glob("features/**/events.py"):
        module = importlib.import_module(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts))
        found |= {value for name, value in vars(module).items() if name.isupper() and isinstance(value, str)}
    return found


def test_the_app_has_a_case_for_every_type_and_for_no_other() -> None:
    listed = json.loads((ROOT / "app/src/realtime/staleAfter.json").read_text(encoding="utf-8"))
    assert set(listed) == sent()


def test_the_reference_names_every_type() -> None:
    section = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8").partition("| type | data |")[2]
    rows = [line.split("|")[1] for line in section.partition("\n\n")[0].splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in TYPE.findall(row)} == sent()


def test_the_description_of_the_api_names_every_type() -> None:
    assert set(TYPE.findall(DESCRIPTION.partition("`{id, type, data}`:")[2])) == sent()


def test_no_type_is_written_where_an_event_is_published() -> None:
    """A type that is declared in no `events.py` would be known to nobody."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "publish":
                assert not any(isinstance(one, (ast.Constant, ast.JoinedStr)) for one in node.args), (path, node.lineno)
