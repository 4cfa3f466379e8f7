"""Tokens that renew each other: the server computes every link of a chain and stores only where the chain stands.

An old link can be told from a forged one without keeping it, and two requests that renew at the same moment get the
same successor. A link cannot be computed from the database alone, which lacks the key, nor from the key alone, which
lacks the chain's seed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

PURPOSE: Final = b"topform token chains v1"
_HEAD: Final = struct.Struct(">16sIQ")
_MAC_BYTES: Final = 32

ACCESS_PREFIX: Final = "tfa_"
REFRESH_PREFIX: Final = "tfr_"
APP_ACCESS_PREFIX: Final = "tfo_"
APP_REFRESH_PREFIX: Final = "tfq_"

ACCESS_LASTS: Final = timedelta(minutes=15)
GRACE: Final = timedelta(seconds=30)
"""How long the link before the newest still works, for requests that were on their way while another renewed."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says of itself; nothing of it is true until its code is checked."""

    prefix: str
    chain_id: UUID
    generation: int
    ends_at_s: int
    mac: bytes


class TokenChains:
    """Writes and checks links; written with the first key, checked with any."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._keys = [hmac.digest(key.encode(), PURPOSE, hashlib.sha256) for key in secret_keys]

    def write(
        self, prefix: str, chain_id: UUID, generation: int, *, seed: bytes, ends_at: datetime | None = None
    ) -> str:
        """Return the token of one generation of a chain."""
        head = _HEAD.pack(chain_id.bytes, generation, 0 if ends_at is None else int(ends_at.timestamp()))
        return prefix + base64.urlsafe_b64encode(head + _code(self._keys[0], prefix, head, seed)).decode().rstrip("=")

    def is_authentic(self, link: Link, seed: bytes) -> bool:
        """Whether this server wrote the link for the chain with the seed."""
        head = _HEAD.pack(link.chain_id.bytes, link.generation, link.ends_at_s)
        return any(hmac.compare_digest(_code(key, link.prefix, head, seed), link.mac) for key in self._keys)


def read_link(token: str, prefix: str) -> Link | None:
    """Return what a token of that kind says, None when it is no such token."""
    if not token.startswith(prefix):
        return None
    encoded = token.removeprefix(prefix)
    try:
        content = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(content) != _HEAD.size + _MAC_BYTES:
        return None
    chain_id, generation, ends_at_s = _HEAD.unpack_from(content)
    return Link(prefix, UUID(bytes=chain_id), generation, ends_at_s, content[_HEAD.size :])


def is_fresh(link: Link, *, generation: int, renewed_at: datetime, now: datetime) -> bool:
    """Whether an access token still opens: it is the newest, or the one before within the grace, and not too old."""
    is_newest = link.generation == generation
    is_graced = link.generation == generation - 1 and now - renewed_at <= GRACE
    return (is_newest or is_graced) and now.timestamp() < link.ends_at_s


def _code(key: bytes, prefix: str, head: bytes, seed: bytes) -> bytes:
    return hmac.digest(key, prefix.encode() + head + seed, hashlib.sha256)
