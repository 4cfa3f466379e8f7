"""Messages to browsers: encrypted for one of them (RFC 8188, 8291) and signed by this server (RFC 8292)."""

from __future__ import annotations

import base64
import binascii
import secrets
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from joserfc import jwt
from joserfc.jwk import ECKey

from topform.core.errors import InvalidInputError

RECORD_BYTES: Final = 4096
"""What push services take in one message, RFC 8030, section 7.2."""
AUTH_BYTES: Final = 16
SALT_BYTES: Final = 16
POINT_BYTES: Final = 65
OVERHEAD_BYTES: Final = SALT_BYTES + 4 + 1 + POINT_BYTES + 1 + 16
"""Header, delimiter and tag; RFC 8291, section 4, leaves 3993 bytes for the text."""
SIGNATURE_LASTS: Final = timedelta(hours=12)
"""RFC 8292, section 2, allows a day."""


class PushAddressError(InvalidInputError):
    """What a browser said about where it takes messages cannot be used."""

    code = "push_address_invalid"


@dataclass(frozen=True, slots=True)
class BrowserKeys:
    """What a browser has given to encrypt messages for it."""

    public_key: bytes
    auth: bytes

    def __post_init__(self) -> None:
        if len(self.auth) != AUTH_BYTES:
            raise PushAddressError("The authentication secret of the browser has 16 bytes.")
        try:
            EllipticCurvePublicKey.from_encoded_point(SECP256R1(), self.public_key)
        except ValueError as error:
            raise PushAddressError("The public key of the browser is no point on the curve P-256.") from error


def encrypt(
    text: bytes, browser: BrowserKeys, *, sender: EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """Return a text as one encrypted record that only the browser can read; key and salt are new unless given."""
    if len(text) > RECORD_BYTES - OVERHEAD_BYTES:
        raise InvalidInputError("The message is too long for a push service.")
    key = generate_private_key(SECP256R1()) if sender is None else sender
    used_salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    own_point = public_point(key)
    shared = key.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), browser.public_key))
    combined = _derive(shared, browser.auth, b"WebPush: info\0" + browser.public_key + own_point, 32)
    content_key = _derive(combined, used_salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(combined, used_salt, b"Content-Encoding: nonce\0", 12)
    record = AESGCM(content_key).encrypt(nonce, text + b"\x02", None)
    return used_salt + struct.pack(">IB", RECORD_BYTES, len(own_point)) + own_point + record


def authorization(endpoint: str, key_pem: str, *, contact: str, now: datetime) -> str:
    """Return the header by which the push service of an endpoint knows this server."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + SIGNATURE_LASTS).timestamp()),
        "sub": contact,
    }
    token = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, ECKey.import_key(key_pem), algorithms=["ES256"])
    return f"vapid t={token}, k={public_text(key_pem)}"


def new_key() -> str:
    """Return a new private key of this server as PEM."""
    pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode("ascii")


def public_text(key_pem: str) -> str:
    """Return the public half of this server's key as browsers take it."""
    key = load_pem_private_key(key_pem.encode("ascii"), password=None)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise TypeError("the key of this server is one on the curve P-256")
    return to_text(public_point(key))


def public_point(key: EllipticCurvePrivateKey) -> bytes:
    """Return the public half of a key as an uncompressed point."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def to_text(content: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(content).decode("ascii").rstrip("=")


def from_text(text: str) -> bytes:
    """Return the bytes of base64url, padded or not."""
    try:
        return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise PushAddressError("The keys of the browser are not base64url.") from error


def _derive(secret: bytes, salt: bytes, what_for: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=what_for).derive(secret)
