"""The app's routes, as its folder of route files says them, and which of them an address belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tests.support.shared_data import REPOSITORY

ROUTES: Final = REPOSITORY / "app/src/routes"
NOWHERE: Final = "+not-found"
"""The route of every address that is no other's."""


def routes(folder: Path = ROUTES) -> frozenset[str]:
    """Return every screen's route: its file without groups, layouts and `index`."""
    found = set()
    for file in folder.rglob("*.tsx"):
        *folders, name = file.relative_to(folder).with_suffix("").parts
        if name == NOWHERE:
            found.add(NOWHERE)
        elif name != "_layout":
            parts = [part for part in [*folders, name] if not part.startswith("(") and part != "index"]
            found.add("/" + "/".join(parts))
    return frozenset(found)


def route_of(address: str, known: Iterable[str]) -> str:
    """Return the route that shows an address; one that names a part goes before one that takes any."""
    parts = urlsplit(address).path.strip("/").split("/")
    fitting = [route for route in known if route != NOWHERE and _fits(route.strip("/").split("/"), parts)]
    return min(fitting, key=lambda route: (route.count("["), route), default=NOWHERE)


def _fits(route: list[str], parts: list[str]) -> bool:
    return len(route) == len(parts) and all(
        part == named or (re.fullmatch(r"\[\w+\]", named) is not None and part != "")
        for named, part in zip(route, parts, strict=True)
    )
