"""Secrets of others, such as access tokens, as they lie in the database: encrypted, bound to their row, re-keyable."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from topform.core.errors import SetupError

VERSION: Final = "v1"
NONCE_BYTES: Final = 12
PURPOSE: Final = b"topform stored credentials v1"


class SealBrokenError(SetupError):
    """A stored secret cannot be opened with the keys this server has."""

    code = "stored_secret_unreadable"


class SecretSealer:
    """Encrypts with the first key and opens with any; AES-256-GCM, keys derived by HKDF-SHA-256.

    A sealed text reads ``v1.<key id>.<nonce and ciphertext>``. It opens only for the place it was sealed for, so that
    a row's secret cannot be moved into another row.
    """

    def __init__(self, secret_keys: Sequence[str]) -> None:
        if not secret_keys:
            raise ValueError("at least one key is needed")
        derived = [_derive(key) for key in secret_keys]
        self._current = _key_id(derived[0])
        self._ciphers = {_key_id(key): AESGCM(key) for key in derived}

    def seal(self, text: str, *, place: str) -> str:
        """Return the text encrypted for the place."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        ciphertext = self._ciphers[self._current].encrypt(nonce, text.encode(), place.encode())
        return f"{VERSION}.{self._current}.{base64.urlsafe_b64encode(nonce + ciphertext).decode('ascii')}"

    def open(self, sealed: str, *, place: str) -> str:
        """Return the text that was sealed for the place."""
        try:
            version, key_id, encoded = sealed.split(".")
            content = base64.urlsafe_b64decode(encoded)
            if version != VERSION:
                raise ValueError(version)
            return self._ciphers[key_id].decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], place.encode()).decode()
        except (ValueError, KeyError, binascii.Error, InvalidTag) as error:
            # The chained error says nothing of the secret, but nothing of it is needed either.
            raise SealBrokenError(
                "A stored secret cannot be opened with this server's key.",
                remedy="Set TOPFORM_PREVIOUS_SECRET_KEYS to the key it was stored with, or connect the service again.",
            ) from error

    def is_current(self, sealed: str) -> bool:
        """Whether the text was sealed with the newest key."""
        return sealed.split(".")[1:2] == [self._current]


def _derive(secret_key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret_key.encode())


def _key_id(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:8]
