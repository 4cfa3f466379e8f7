"""A real browser for the app's tests: the Chromium or Chrome of this machine, never a downloaded one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

CHROMIUM_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Containers have no sandbox and no GPU; the rest keeps the browser from calling its maker."""

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PLACES: Final = (
    Path("/usr/lib/chromium/chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


def find_chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome, or None."""
    for name in _NAMES:
        if (found := shutil.which(name)) is not None:
            return found
    return next((str(place) for place in _PLACES if place.is_file()), None)


def require_chromium() -> str:
    """Return the browser's path; skip the test where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium or Chrome is installed: run 'make browser'")
    return path
