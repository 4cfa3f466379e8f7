"""The relying party's side of OpenID Connect: code with PKCE, and what an ID token must hold to be believed.

Follows OpenID Connect Core 1.0 (sections 3.1.2 and 3.1.3.7), Discovery 1.0 (section 4.3), RFC 9207 and RFC 9700.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from topform.features.accounts.errors import IdentityRefusedError
from topform.platform.identity_settings import IdentityProviderSettings
from topform.providers.http import ProviderHttp

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures only: a token without one, or one that is made with the client's own secret, proves nothing."""
LEEWAY_S: Final = 60
_BROKEN: Final = (JoseError, ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True, slots=True)
class Claims:
    """Who somebody is for the issuer."""

    issuer: str
    subject: str
    email: str | None
    is_email_verified: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent along and must come back, or be known, with the answer."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls, purpose: str) -> Question:
        """Return a question that nobody can guess; its state begins with what it is for."""
        return cls(f"{purpose}.{secrets.token_urlsafe(32)}", secrets.token_urlsafe(32), secrets.token_urlsafe(64))


class OpenIdProvider:
    """One identity provider; requests go to its own hosts only."""

    def __init__(self, provider_id: str, settings: IdentityProviderSettings) -> None:
        self.id = provider_id
        self.settings = settings
        self._http = ProviderHttp(provider_id, hosts=settings.allowed_hosts(), base_url=settings.base_url)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def authorization_url(self, question: Question, *, redirect_uri: str) -> str:
        """Return the page of the provider on which somebody signs in."""
        document = await self._discovered()
        endpoint = self._endpoint(document, "authorization_endpoint")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(question.verifier.encode()).digest()).decode().rstrip("=")
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid email",
            "state": question.state,
            "nonce": question.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    async def claims(
        self, question: Question, *, code: str, answered_by: str | None, redirect_uri: str, now: datetime
    ) -> Claims:
        """Exchange a code for an ID token and return what it says, if it may be believed."""
        document = await self._discovered()
        names_itself = document.get("authorization_response_iss_parameter_supported") is True
        if answered_by != self.settings.issuer and (names_itself or answered_by is not None):
            raise _refused("it came from another issuer")
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self.settings.client_id,
            "code_verifier": question.verifier,
        }
        secret = self.settings.secret()
        if secret is not None:
            form["client_secret"] = secret
        answer = await self._http.json("POST", self._endpoint(document, "token_endpoint"), data=form)
        keys = await self._http.get_json(self._endpoint(document, "jwks_uri"))
        try:
            token = jwt.decode(answer["id_token"], KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        except _BROKEN as error:
            raise _refused("its signature cannot be checked") from error
        return self._believed(token.claims, question.nonce, now)

    def _believed(self, claims: dict[str, Any], nonce: str, now: datetime) -> Claims:
        client_id = self.settings.client_id
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            registry.validate(claims)
        except _BROKEN as error:
            raise _refused("what it says is not for us, or not for now") from error
        audience, party = claims["aud"], claims.get("azp", client_id)
        if party != client_id or (isinstance(audience, list) and len(audience) > 1 and "azp" not in claims):
            raise _refused("it was made for another application")
        subject, email = claims["sub"], claims.get("email")
        if not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise _refused("it names nobody")
        return Claims(
            issuer=self.settings.issuer,
            subject=subject,
            email=email if isinstance(email, str) and len(email) <= 254 else None,
            is_email_verified=claims.get("email_verified") is True,
        )

    async def _discovered(self) -> dict[str, Any]:
        address = f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration"
        document = await self._http.get_json(address)
        if not isinstance(document, dict) or document.get("issuer") != self.settings.issuer:
            raise _refused("its description names another issuer")
        return document

    def _endpoint(self, document: dict[str, Any], name: str) -> str:
        address = document.get(name)
        if not isinstance(address, str):
            raise _refused(f"its description has no {name}")
        self._http.address(address)  # refuses other hosts
        return address


def _refused(reason: str) -> IdentityRefusedError:
    return IdentityRefusedError(
        f"The answer of the identity provider is not believed: {reason}.",
        remedy="Begin again; if it stays, tell the person who runs this server.",
    )
