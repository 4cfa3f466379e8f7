"""Writes the numbers of the stored benchmark results into the pages: ``python docs/update_numbers.py``.

``105<!-- = accuracy/activity_files summary / outcomes / imported -->`` says where a number comes from: a result file
under ``benchmarks/`` and the path of the value in it. A number followed by % is a fraction in the file. The number of
decimals stays what it is. The projection, which is made of other results, follows them first.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
MARK = "<!-- = "
NUMBER = re.compile(
    r"(?P<number>-?[0-9][0-9,]*(?:\.[0-9]+)?)(?P<space>\s?)(?P<percent>%?)<!-- = (?P<file>\S+) (?P<path>.+?) -->"
)


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


def with_stored_numbers(text: str) -> str:
    """Return the page with every marked number replaced by the stored one."""

    def stored(found: re.Match[str]) -> str:
        value = value_at(result(found["file"]), found["path"]) * (100 if found["percent"] else 1)
        decimals = len(found["number"].partition(".")[2])
        separator = "," if "," in found["number"] else ""
        number = f"{value:{separator}.{decimals}f}"
        return f"{number}{found['space']}{found['percent']}{MARK}{found['file']} {found['path']} -->"

    return NUMBER.sub(stored, text)


def marked_pages() -> list[Path]:
    """Return the pages that hold marked numbers."""
    pages = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md"), *(REPOSITORY / "models").rglob("*.md")]
    return sorted(page for page in pages if MARK in page.read_text(encoding="utf-8"))


if __name__ == "__main__":
    projection = [sys.executable, "-m", "benchmarks.speed.projection", "--if-costs-changed"]
    subprocess.run(projection, cwd=REPOSITORY, check=True)
    for page in marked_pages():
        page.write_text(with_stored_numbers(page.read_text(encoding="utf-8")), encoding="utf-8")
