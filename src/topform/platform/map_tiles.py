"""Pictures of the ground below a route: from whom the app may fetch them, when the operator names somebody."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

PLACES: Final = ("{z}", "{x}", "{y}")
_HOST: Final = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?")
_HERE: Final = frozenset({"localhost", "127.0.0.1"})


def suits_maps(template: str) -> bool:
    """Whether a template names one host over TLS, or this machine, and zoom, column and row of a tile once each.

    The host becomes part of the content policy: nothing but a plain name or address with a port may stand there.

    Examples
    --------
    >>> suits_maps("https://tiles.example.org/{z}/{x}/{y}.png")
    True
    >>> suits_maps("https://{s}.tiles.example.org/{z}/{x}/{y}.png")
    False
    """
    parts = urlsplit(template)
    path = template.removeprefix(f"{parts.scheme}://{parts.netloc}")
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    is_plain = _HOST.fullmatch(parts.netloc) is not None and re.search(r"\s", template) is None
    bare = path
    for place in PLACES:
        bare = bare.replace(place, "", 1)
    return is_safe and is_plain and all(place in path for place in PLACES) and not set("{}") & set(bare)


def tile_origin(template: str) -> str:
    """Return the scheme and host of a template that suits maps.

    Examples
    --------
    >>> tile_origin("https://tiles.example.org/{z}/{x}/{y}.png")
    'https://tiles.example.org'
    """
    parts = urlsplit(template)
    return f"{parts.scheme}://{parts.netloc}"
