"""Signatures of model versions: Ed25519, with keys derived from the server's secrets, which all its machines share."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from topform.core.errors import ModelUnavailableError

VERSION: Final = "v1"
PURPOSE: Final = b"topform model signatures v1"
KEY_ID_CHARACTERS: Final = 16


class ModelSignatureError(ModelUnavailableError):
    """A model version was not signed by this server, or changed since."""

    code = "model_signature_invalid"


class ModelSigner:
    """Signs with the first secret and verifies with any; a signature reads ``v1.<key id>.<signature>``."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        if not secret_keys:
            raise ValueError("at least one key is needed")
        self._keys = {_key_id(key): key for key in map(_derive, secret_keys)}
        self._current = next(iter(self._keys))

    @property
    def public_keys(self) -> dict[str, str]:
        """The keys that signatures can be checked with by others, in base64, by id; the first one signs."""
        return {
            key_id: base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")
            for key_id, key in self._keys.items()
        }

    def sign(self, statement: bytes) -> str:
        """Return the signature of a statement."""
        signature = self._keys[self._current].sign(statement)
        return f"{VERSION}.{self._current}.{base64.urlsafe_b64encode(signature).decode('ascii')}"

    def signatures(self, statement: bytes) -> dict[str, str]:
        """Return a signature by every key, in base64, by id: who trusts an earlier one can check it too."""
        return {key_id: base64.b64encode(key.sign(statement)).decode("ascii") for key_id, key in self._keys.items()}

    def verify(self, statement: bytes, signature: str) -> None:
        """Refuse a statement that this server did not sign.

        Raises
        ------
        ModelSignatureError
            If the signature is none, is of another key, or of another statement.
        """
        try:
            version, key_id, encoded = signature.split(".")
            if version != VERSION:
                raise ValueError(version)
            self._keys[key_id].public_key().verify(base64.urlsafe_b64decode(encoded), statement)
        except (ValueError, KeyError, binascii.Error, InvalidSignature) as error:
            raise ModelSignatureError(
                "The signature of the model version does not hold",
                remedy="Restore the version from a backup, or the server's earlier secret key.",
            ) from error


def _derive(secret_key: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret_key.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)


def _key_id(key: Ed25519PrivateKey) -> str:
    return hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()[:KEY_ID_CHARACTERS]
