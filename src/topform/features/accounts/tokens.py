"""Random tokens: shown once, stored as a digest."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

API_TOKEN_PREFIX: Final = "tft_"  # noqa: S105 - a prefix, not a secret
"""Lets a person, and programs that look for leaked secrets, recognise a token of ours."""


def new_token() -> str:
    """Return a token of 256 random bits."""
    return secrets.token_urlsafe(32)


def new_api_token() -> str:
    """Return a token for a program."""
    return API_TOKEN_PREFIX + new_token()


def digest(token: str) -> bytes:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).digest()
