"""Every screen of the app is looked at by the accessibility checker in some browser test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.support.screens import NOWHERE, route_of, routes
from tests.support.shared_data import REPOSITORY

MARK = "pytest.mark.screens"


def promised(source: str) -> dict[str, set[str]]:
    """Return the routes that the tests of a file say they have checked, by test; each run holds them to it."""
    said = {}
    for test in ast.walk(ast.parse(source)):
        if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef):
            marks = [one for one in test.decorator_list if isinstance(one, ast.Call) and ast.unparse(one.func) == MARK]
            if marks:
                said[test.name] = {ast.literal_eval(route) for mark in marks for route in mark.args}
    return said


def test_every_route_has_a_browser_test_with_the_accessibility_checker() -> None:
    files = sorted((REPOSITORY / "tests/e2e/app").glob("test_*.py"))
    said = {route for file in files for every in promised(file.read_text()).values() for route in every}
    assert said == routes()


def test_a_mark_is_read_where_it_stands() -> None:
    source = f"@{MARK}('/a', '/b/[id]')\nasync def test_one(): ...\n@other('/c')\ndef test_two(): ...\n"
    assert promised(source) == {"test_one": {"/a", "/b/[id]"}}


def test_routes_are_named_by_their_files(tmp_path: Path) -> None:
    for name in ("_layout", "+not-found", "(app)/index", "(app)/_layout", "(app)/runs/[id]/laps", "(app)/runs/index"):
        file = tmp_path / f"{name}.tsx"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    assert routes(tmp_path) == {"/", "/runs", "/runs/[id]/laps", NOWHERE}


@pytest.mark.parametrize(
    ("address", "route"),
    [
        ("http://localhost:1/", "/"),
        ("http://localhost:1/runs/new?x=/a/b", "/runs/new"),
        ("http://localhost:1/runs/7", "/runs/[id]"),
        ("http://localhost:1/runs/7/", "/runs/[id]"),
        ("http://localhost:1/runs/7/laps", NOWHERE),
    ],
)
def test_an_address_belongs_to_the_route_that_says_most_of_it(address: str, route: str) -> None:
    assert route_of(address, ["/", "/runs/[id]", "/runs/new", NOWHERE]) == route
