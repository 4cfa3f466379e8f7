"""Push services on this machine: they take messages as RFC 8030 has it, and refuse when told to."""

from __future__ import annotations

import base64
import contextlib
import json
import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDH, SECP256R1, EllipticCurvePublicKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI, Request, Response

from tests.support.in_thread import served_in_thread

HOST = "https://updates.push.services.mozilla.com"


def text_of(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class Browser:
    """A browser that takes messages: it alone can read them."""

    name: str = field(default_factory=lambda: secrets.token_hex(6))

    def __post_init__(self) -> None:
        self._key = generate_private_key(SECP256R1())
        self.point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.auth = secrets.token_bytes(16)

    @property
    def endpoint(self) -> str:
        """Where messages for it go."""
        return f"{HOST}/wpush/v2/{self.name}"

    def subscription(self) -> dict[str, Any]:
        """What its script gives to the server."""
        return {"endpoint": self.endpoint, "keys": {"p256dh": text_of(self.point), "auth": text_of(self.auth)}}

    def read(self, body: bytes) -> dict[str, Any]:
        """Decrypt a message step by step as RFC 8291, section 3.4, and RFC 8188, section 2, have it."""
        salt, (record_size, id_length) = body[:16], struct.unpack(">IB", body[16:21])
        sender, record = body[21 : 21 + id_length], body[21 + id_length :]
        assert record_size >= len(record)
        shared = self._key.exchange(ECDH(), EllipticCurvePublicKey.from_encoded_point(SECP256R1(), sender))
        first = _expand(_extract(self.auth, shared), b"WebPush: info\0" + self.point + sender, 32)
        second = _extract(salt, first)
        key = _expand(second, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _expand(second, b"Content-Encoding: nonce\0", 12)
        text = AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0")
        assert text[-1:] == b"\x02", "the last record ends with 2"
        document: dict[str, Any] = json.loads(text[:-1])
        return document


def _extract(salt: bytes, secret: bytes) -> bytes:
    mac = HMAC(salt, SHA256())
    mac.update(secret)
    return mac.finalize()


def _expand(key: bytes, what_for: bytes, length: int) -> bytes:
    return HKDFExpand(algorithm=SHA256(), length=length, info=what_for).derive(key)


@dataclass
class Taken:
    """A request that arrived."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """The services of the browsers, behind one address."""

    url: str = ""
    taken: list[Taken] = field(default_factory=list)
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    """What the next requests are answered instead of being taken."""

    def of(self, browser: Browser) -> list[Taken]:
        """What arrived for a browser."""
        return [one for one in self.taken if one.path.endswith(browser.name)]

    def read(self, browser: Browser) -> list[dict[str, Any]]:
        """What a browser read, oldest first; what it read is forgotten."""
        found = [browser.read(one.body) for one in self.of(browser)]
        self.taken = [one for one in self.taken if not one.path.endswith(browser.name)]
        return found


@contextlib.contextmanager
def running_push_service() -> Iterator[PushService]:
    """Start the service on a free port and stop it at the end."""
    service = PushService()
    app = FastAPI()

    @app.post("/{path:path}")
    async def take(path: str, request: Request) -> Response:
        body = await request.body()
        if service.refusals:
            status, headers = service.refusals.pop(0)
            return Response(status_code=status, headers=headers)
        service.taken.append(Taken(f"/{path}", dict(request.headers), body))
        return Response(status_code=201, headers={"Location": f"{HOST}/m/{len(service.taken)}"})

    with served_in_thread(app) as service.url:
        yield service
