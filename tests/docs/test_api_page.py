"""The page about the HTTP interface names what there is."""

from __future__ import annotations

import json
import re

from tests.docs.pages import REPOSITORY
from topform.features.accounts.service import LOCK_AFTER, LOCK_FOR
from topform.features.accounts.sessions import SESSION_LASTS

PAGE = (REPOSITORY / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(GET|POST|PATCH|DELETE|PUT) (/[^`]*)` \|", re.MULTILINE)


def test_every_address_is_described_once() -> None:
    """The table lists the operations of the OpenAPI document and no others."""
    paths = json.loads((REPOSITORY / "openapi.json").read_text(encoding="utf-8"))["paths"]
    offered = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, operations in paths.items()
        if path.startswith("/api/v1")
        for method in operations
    }
    assert sorted(ROW.findall(PAGE)) == sorted(offered)


def test_every_event_type_is_described() -> None:
    """The events that features publish are the ones in the table."""
    sources = (REPOSITORY / "src" / "topform" / "features").glob("*/events.py")
    published = {name for path in sources for name in re.findall(r'= "(\w+\.\w+)"', path.read_text(encoding="utf-8"))}
    events = PAGE.partition("## Live events")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(\w+\.\w+)`", events)) == published


def test_numbers_in_the_text_are_those_of_the_code() -> None:
    """Durations and counts are the real ones."""
    assert (LOCK_AFTER, LOCK_FOR.total_seconds() / 60, SESSION_LASTS.days) == (10, 15, 90)
