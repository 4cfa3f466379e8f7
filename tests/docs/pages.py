"""The written pages of the project, and the parts of them that tests look at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[\w-]*)[^\n]*\n(?P<body>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    body: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(REPOSITORY)}:{self.line}"


def pages() -> list[Path]:
    """Return every Markdown page that people read."""
    roots = [*REPOSITORY.glob("*.md")]
    for folder in ("docs", "deploy", "models", "benchmarks", "app"):
        roots += [page for page in (REPOSITORY / folder).rglob("*.md") if "node_modules" not in page.parts]
    return sorted(roots)


def blocks(*languages: str) -> Iterator[Block]:
    """Iterate over the fenced blocks in one of the languages."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for found in FENCE.finditer(text):
            if found["language"] in languages:
                indent = len(found["indent"])
                body = "\n".join(line[indent:] for line in found["body"].splitlines())
                yield Block(page, text.count("\n", 0, found.start()) + 1, found["language"], body)


def prose(page: Path) -> str:
    """Return the page without its fenced blocks and code spans, where brackets mean nothing."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text(encoding="utf-8")))
