"""Numbers in the pages are those of the stored benchmark results.

``105<!-- = accuracy/activity_files summary / outcomes / imported -->`` says where a number comes from: a result file under
``benchmarks/`` and the path of the value in it. A number followed by % is a fraction in the file.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import REPOSITORY, pages

NUMBER = re.compile(r"(?P<number>-?[0-9][0-9,]*(?:\.[0-9]+)?)\s?(?P<percent>%?)<!-- = (?P<file>\S+) (?P<path>.+?) -->")
MARK = "<!-- = "


@cache
def result(name: str) -> Any:
    """Return a stored result, such as ``accuracy/rep_counting``."""
    kind, _, benchmark = name.partition("/")
    return json.loads((REPOSITORY / "benchmarks" / kind / "results" / f"{benchmark}.json").read_text(encoding="utf-8"))


def value_at(document: Any, path: str) -> float:
    """Return the number at a path of keys and list positions."""
    for key in path.split(" / "):
        document = document[int(key)] if isinstance(document, list) else document[key]
    return float(document)


@pytest.mark.parametrize(
    "page",
    [page for page in pages() if MARK in page.read_text(encoding="utf-8")],
    ids=lambda page: str(page.relative_to(REPOSITORY)),
)
def test_numbers_are_those_of_the_results(page: Path) -> None:
    """Every marked number equals the stored one to its last printed digit."""
    text = page.read_text(encoding="utf-8")
    found = list(NUMBER.finditer(text))
    assert len(found) == text.count(MARK), "a mark does not follow a number"
    for match in found:
        shown = float(match["number"].replace(",", ""))
        stored = value_at(result(match["file"]), match["path"]) * (100 if match["percent"] else 1)
        decimals = len(match["number"].partition(".")[2])
        assert abs(shown - stored) <= 0.5000001 * 10**-decimals, f"{match['file']} {match['path']}: {stored}"
