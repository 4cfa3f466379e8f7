"""Handles in a text."""

from __future__ import annotations

import re
from typing import Final

MENTION: Final = re.compile(r"(?<![\w@])@([A-Za-z0-9][A-Za-z0-9_]{2,29})\b")
MOST_MENTIONS: Final = 10


def handles_in(text: str) -> list[str]:
    """Return the handles that a text mentions, each once.

    Examples
    --------
    >>> handles_in("with @Ada_runs and @bob, not a@mail.org")
    ['ada_runs', 'bob']
    """
    return list(dict.fromkeys(name.lower() for name in MENTION.findall(text)))[:MOST_MENTIONS]
