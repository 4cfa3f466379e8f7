"""The documentation site builds without a warning, hangs together and asks nothing of other hosts."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.docs.pages import REPOSITORY

LOADING = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("video", "src")}
HARMLESS_LINKS = {"canonical", "next", "prev", "alternate"}


class Page(HTMLParser):
    """What a page defines, loads and links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember ids, loaded files and links."""
        values = dict(attrs)
        for name in ("id", "name"):
            if values.get(name):
                self.ids.add(str(values[name]))
        for name, value in attrs:
            if value and (tag, name) in LOADING and values.get("rel") not in HARMLESS_LINKS:
                self.loads.append(value)
        if tag == "a" and values.get("href"):
            self.links.append(str(values["href"]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(folder)]
    ran = subprocess.run(build, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder


@pytest.fixture(scope="module")
def html_pages(site: Path) -> dict[str, Page]:
    """Every page by its address below the root."""
    return {
        "/" + path.relative_to(site).as_posix().removesuffix("index.html"): Page(path.read_text(encoding="utf-8"))
        for path in site.rglob("*.html")
    }


def test_nothing_is_loaded_from_elsewhere(html_pages: dict[str, Page]) -> None:
    """No script, style, font or picture comes from another host."""
    foreign = {(url, load) for url, page in html_pages.items() for load in page.loads if urlsplit(load).netloc}
    assert foreign == set()


def test_links_between_pages_resolve(html_pages: dict[str, Page], site: Path) -> None:
    """Each link inside the site leads to a page or file, and its fragment to an element of it."""
    broken = set()
    for url, page in html_pages.items():
        if url == "/404.html":
            continue
        for link in page.links:
            parts = urlsplit(urljoin(url, link))
            if parts.scheme or parts.netloc:
                continue
            target = html_pages.get(parts.path)
            exists = target is not None or (site / unquote(parts.path).lstrip("/")).is_file()
            if not exists or (target and parts.fragment and unquote(parts.fragment) not in target.ids):
                broken.add((url, link))
    assert broken == set()
