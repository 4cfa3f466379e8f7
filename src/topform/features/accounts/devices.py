"""What a browser says of itself, in words a person recognises."""

from __future__ import annotations

from typing import Final

_PROGRAMS: Final = (
    ("edg/", "Edge"),
    ("opr/", "Opera"),
    ("firefox/", "Firefox"),
    ("fxios/", "Firefox"),
    ("crios/", "Chrome"),
    ("chrome/", "Chrome"),
    ("safari/", "Safari"),
    ("okhttp", "TopForm app"),
    ("cfnetwork", "TopForm app"),
    ("curl/", "curl"),
    ("python-httpx", "Python"),
)
_SYSTEMS: Final = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("mac os x", "macOS"),
    ("cros", "ChromeOS"),
    ("linux", "Linux"),
)


def device_name(user_agent: str | None) -> str | None:
    """Return for instance ``Firefox on Linux``; None when nothing is recognised."""
    text = (user_agent or "").lower()
    program = next((name for mark, name in _PROGRAMS if mark in text), None)
    system = next((name for mark, name in _SYSTEMS if mark in text), None)
    return f"{program} on {system}" if program and system else program or system
