"""Relative links of the pages lead to files and headings that exist."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown.extensions.toc import slugify

from tests.docs.pages import FENCE, REPOSITORY, pages, prose

LINK = re.compile(
    r"(?<!\\)\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|<(?:img|a)\b[^>]*\b(?:src|href)=\"([^\"]+)\""
)
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    found = {slugify(re.sub(r"[`*_]|\[|\]\([^)]*\)", "", heading), "-") for heading in HEADING.findall(text)}
    return found | set(re.findall(r"\{[^}]*#([\w-]+)[^}]*\}", text)) | set(re.findall(r"\bid=\"([\w-]+)\"", text))


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(REPOSITORY)))
def test_relative_links_resolve(page: Path) -> None:
    """A link names a file of the repository and, after #, one of its headings."""
    broken = []
    for first, second in LINK.findall(prose(page)):
        target, _, anchor = unquote(first or second).partition("#")
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or not path.is_relative_to(REPOSITORY):
            broken.append(target)
        elif anchor and path.suffix == ".md" and anchor not in anchors(path):
            broken.append(f"{target}#{anchor}")
    assert broken == []
