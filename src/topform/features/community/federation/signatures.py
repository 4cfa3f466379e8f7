"""HTTP Signatures as servers of the fediverse use them (draft-cavage-http-signatures-12, rsa-sha256, with a digest)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from topform.core.errors import AuthenticationError

KEY_BITS: Final = 2048
MOST_KEY_BITS: Final = 8192
WINDOW: Final = timedelta(hours=1)
"""How far the date of a request may be from now; clocks of small servers are not exact."""
ALGORITHMS: Final = frozenset({"", "rsa-sha256", "hs2019"})
NEEDED: Final = frozenset({"(request-target)", "host", "date", "digest"})
"""What the signature of a message has to cover."""
TARGET: Final = "(request-target)"
PART: Final = re.compile(r'\s*([A-Za-z]+)="([^"]*)"\s*(?:,|$)')
MOST_CHARACTERS: Final = 4000


class SignatureInvalidError(AuthenticationError):
    """A message of another server does not prove who sent it."""

    code = "signature_invalid"


@dataclass(frozen=True, slots=True)
class Signature:
    """What the header of a signed request says."""

    key_id: str
    names: tuple[str, ...]
    signature: bytes


@dataclass(frozen=True, slots=True)
class Signer:
    """In whose name requests are signed."""

    key_id: str
    private_key: str

    def headers(self, method: str, url: str, *, content: bytes | None, now: datetime) -> dict[str, str]:
        """Return the headers of a signed request."""
        parts = urlsplit(url)
        values = {
            TARGET: target_of(method, parts.path or "/", parts.query),
            "host": parts.netloc,
            "date": format_datetime(now.astimezone(UTC), usegmt=True),
        }
        if content is not None:
            values["digest"] = digest_of(content)
        names = " ".join(values)
        signature = _private(self.private_key).sign(signed_text(tuple(values), values), PKCS1v15(), SHA256())
        written = base64.b64encode(signature).decode("ascii")
        header = f'keyId="{self.key_id}",algorithm="rsa-sha256",headers="{names}",signature="{written}"'
        shown = {name.title(): value for name, value in values.items() if name != TARGET}
        return {**shown, "Signature": header}


def new_key() -> tuple[str, str]:
    """Return a new private key and its public half as PEM; this takes a moment of computing."""
    key = generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return private.decode("ascii"), public.decode("ascii")


def target_of(method: str, path: str, query: str) -> str:
    """Return a request's method and target as they are signed.

    Examples
    --------
    >>> target_of("POST", "/inbox", "")
    'post /inbox'
    """
    return f"{method.lower()} {path}" + (f"?{query}" if query else "")


def digest_of(content: bytes) -> str:
    """Return the digest header of a body.

    Examples
    --------
    >>> digest_of(b"")
    'SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return "SHA-256=" + base64.b64encode(hashlib.sha256(content).digest()).decode("ascii")


def read_signature(header: str | None) -> Signature:
    """Read the header of a signed message."""
    if header is None or len(header) > MOST_CHARACTERS:
        raise SignatureInvalidError("The message is not signed.")
    parts = dict(PART.findall(header))
    names = tuple(parts.get("headers", "date").lower().split())
    if not parts.get("keyId") or parts.get("algorithm", "").lower() not in ALGORITHMS:
        raise SignatureInvalidError("The signature names no key, or an algorithm that is not known here.")
    if len(set(names)) != len(names) or not set(names) >= NEEDED:
        raise SignatureInvalidError(f"The signature has to cover: {', '.join(sorted(NEEDED))}.")
    try:
        signature = base64.b64decode(parts.get("signature", ""), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureInvalidError("The signature is not base64.") from error
    return Signature(parts["keyId"], names, signature)


def require_digest(header: str | None, content: bytes) -> None:
    """Refuse a body that is not the one whose digest is signed."""
    wanted = digest_of(content).partition("=")[2]
    for one in (header or "").split(","):
        name, _, given = one.strip().partition("=")
        if name.upper() == "SHA-256" and hmac.compare_digest(given.encode(), wanted.encode()):
            return
    raise SignatureInvalidError("The digest is not that of the message.")


def require_recent(header: str | None, *, now: datetime) -> None:
    """Refuse a message that was signed long ago, or has a date to come."""
    try:
        sent_at = parsedate_to_datetime(header or "")
    except ValueError as error:
        raise SignatureInvalidError("The message has no date.") from error
    aware = sent_at if sent_at.tzinfo is not None else sent_at.replace(tzinfo=UTC)
    if abs(aware - now) > WINDOW:
        raise SignatureInvalidError("The date of the message is too far from now.")


def verify(signature: Signature, values: Mapping[str, str], public_key: str) -> bool:
    """Tell whether the signature over these values is one of the key."""
    if any(name not in values for name in signature.names):
        return False
    try:
        _public(public_key).verify(signature.signature, signed_text(signature.names, values), PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def is_usable_key(public_key: str) -> bool:
    """Tell whether a key of another server is an RSA key of a usual size."""
    try:
        _public(public_key)
    except SignatureInvalidError:
        return False
    return "\x00" not in public_key


def signed_text(names: Sequence[str], values: Mapping[str, str]) -> bytes:
    """Return the text that is signed."""
    return "\n".join(f"{name}: {values[name]}" for name in names).encode()


def _private(pem: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem.encode("ascii"), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("keys of actors are RSA keys")
    return key


def _public(pem: str) -> RSAPublicKey:
    try:
        key = load_pem_public_key(pem.encode("ascii"))
    except (ValueError, UnicodeEncodeError, UnsupportedAlgorithm) as error:
        raise SignatureInvalidError("The key of the other server cannot be read.") from error
    if not isinstance(key, RSAPublicKey) or not KEY_BITS <= key.key_size <= MOST_KEY_BITS:
        raise SignatureInvalidError("The key of the other server is no RSA key of a usual size.")
    return key
