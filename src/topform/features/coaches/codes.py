"""Codes of invitations: shown or sent once, stored as a digest."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""


def new_code() -> str:
    """Return a code of 16 letters and digits, about 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def digest(code: str) -> bytes:
    """Return what is stored of a code, however it was typed."""
    return hashlib.sha256("".join(letter for letter in code.lower() if letter in LETTERS).encode()).digest()
