"""An OpenID Connect provider on a local port, played from the standard; its ID tokens can be made to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from tests.support.in_thread import served_in_thread

ISSUER = "https://login.example.org"
CLIENT_ID = "topform"
CLIENT_SECRET = "identity-secret-0123456789"


def encoded(content: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@dataclass
class IdentityServer:
    """One issuer, who knows one person."""

    url: str = ""
    subject: str = "person-1"
    email: str = "ada@example.org"
    email_verified: bool = True
    description: dict[str, Any] = field(default_factory=dict)
    """What the description of the provider says instead."""
    claims: dict[str, Any] = field(default_factory=dict)
    """What the next ID tokens say instead; None leaves a claim out."""
    header: dict[str, Any] = field(default_factory=dict)
    signed_by: ec.EllipticCurvePrivateKey | None = None
    sign: Callable[[bytes], bytes] | None = None
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer(self, authorization_url: str) -> dict[str, str]:
        """Sign in on the provider's page and return what stands in the address that it leads back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(authorization_url).query).items()}
        assert (query["response_type"], query["client_id"]) == ("code", CLIENT_ID)
        assert query["code_challenge_method"] == "S256"
        assert set(query["scope"].split()) == {"openid", "email"}
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return {"state": query["state"], "code": code, "iss": ISSUER}

    def id_token(self, nonce: str) -> str:
        """Return a token as the standard asks for it, with the changes that a test has made."""
        now = int(time.time())
        stated = {
            "iss": ISSUER,
            "sub": self.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "email": self.email,
            "email_verified": self.email_verified,
        } | self.claims
        header = {"alg": "ES256", "kid": "key-1", "typ": "JWT"} | self.header
        stated = {name: value for name, value in stated.items() if value is not None}
        content = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(stated).encode())}"
        signature = self.sign(content.encode()) if self.sign else self._es256(content.encode())
        return f"{content}.{encoded(signature)}"

    def jwks(self) -> dict[str, Any]:
        """Return the public key."""
        numbers = self.key.public_key().public_numbers()
        x, y = (encoded(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
        return {"keys": [{"kty": "EC", "crv": "P-256", "kid": "key-1", "use": "sig", "alg": "ES256", "x": x, "y": y}]}

    def _es256(self, content: bytes) -> bytes:
        r, s = decode_dss_signature((self.signed_by or self.key).sign(content, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def application(server: IdentityServer) -> FastAPI:
    """Return the provider's pages."""
    app = FastAPI()

    @app.get("/.well-known/openid-configuration")
    async def describe() -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "authorization_response_iss_parameter_supported": True,
        } | server.description

    @app.get("/authorize")
    async def authorize(request: Request) -> Response:
        query = urlencode(server.answer(str(request.url)))
        return RedirectResponse(f"{request.query_params['redirect_uri']}?{query}", status_code=303)

    @app.post("/token")
    async def token(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        asked = server.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != CLIENT_SECRET:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        challenge = encoded(hashlib.sha256(form["code_verifier"].encode()).digest())
        if challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse(
            {"access_token": "unused", "token_type": "Bearer", "id_token": server.id_token(asked["nonce"])}
        )

    @app.get("/keys")
    async def keys() -> dict[str, Any]:
        return server.jwks()

    return app


@contextmanager
def running_identity_provider() -> Iterator[IdentityServer]:
    """Start the provider on a local port."""
    started = IdentityServer()
    with served_in_thread(application(started)) as started.url:
        yield started
