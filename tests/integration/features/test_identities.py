"""Signing in with an account elsewhere, over real HTTP with a provider that can lie (OpenID Connect Core, 3.1.3.7)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pyotp
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.integration.features.test_account_security import newest
from tests.support.api import PASSWORD, Api, Person, running
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, ISSUER, IdentityServer, running_identity_provider

from topform.platform.identity_settings import IdentityProviderSettings
from topform.platform.settings import InvalidSettingsError, Settings, load_settings


@pytest.fixture(scope="module")
def started() -> Iterator[IdentityServer]:
    """The provider's process."""
    with running_identity_provider() as server:
        yield server


@pytest.fixture
def elsewhere(started: IdentityServer) -> IdentityServer:
    """The provider, honest again."""
    honest(started)
    return started


def honest(server: IdentityServer) -> None:
    """Have the provider tell the truth from now on."""
    for name, value in vars(IdentityServer(url=server.url, key=server.key)).items():
        setattr(server, name, value)


@pytest.fixture
async def api(settings: Settings, elsewhere: IdentityServer) -> AsyncIterator[Api]:
    """The application with one identity provider."""
    provider = IdentityProviderSettings(
        issuer=ISSUER, client_id=CLIENT_ID, client_secret=CLIENT_SECRET, name="Club", base_url=elsewhere.url
    )
    async with running(settings.model_copy(update={"identity_providers": {"club": provider}})) as started_api:
        yield started_api


@pytest.fixture
async def ada(api: Api) -> Person:
    """Somebody with the address that the provider knows."""
    return await api.sign_up(email="ada@example.org")


async def begin(http: httpx.AsyncClient) -> str:
    answer = await http.post("/api/v1/sessions/identity-flows", json={"provider": "club"})
    assert answer.status_code == 201, answer.text
    assert "HttpOnly" in answer.headers["set-cookie"]
    return str(answer.json()["authorization_url"])


async def enter(http: httpx.AsyncClient, form: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = await http.post("/api/v1/sessions/identities", json=form)
    return answer.status_code, answer.json()


async def link(person: Person, elsewhere: IdentityServer, status: int = 201) -> dict[str, Any]:
    form = {"provider": "club", "password": PASSWORD}
    url = (await person.call("POST", "/accounts/me/identity-flows", status=201, json=form))["authorization_url"]
    document: dict[str, Any] = await person.call(
        "POST", "/accounts/me/identities", status=status, json=elsewhere.answer(url)
    )
    return document


async def test_the_password_links_once_and_from_then_on_the_other_account_opens(
    api: Api, ada: Person, elsewhere: IdentityServer
) -> None:
    async with api.client() as http:
        state = (await http.get("/api/v1/accounts/state")).json()
        assert state["identity_providers"] == [{"id": "club", "name": "Club"}]
        answer = elsewhere.answer(await begin(http))
        status, refused = await enter(http, answer)
        assert (status, refused["code"]) == (409, "identity_unlinked")
        assert (await enter(http, answer | {"password": "a guess"}))[1]["code"] == "wrong_password"
        status, entered = await enter(http, answer | {"password": PASSWORD})
        assert (status, entered["athlete"]["id"]) == (201, ada.athlete["id"])
        assert (await enter(http, answer | {"password": PASSWORD}))[1]["code"] == "identity_refused"
        status, entered = await enter(http, elsewhere.answer(await begin(http)))
        assert (status, entered["athlete"]["id"]) == (201, ada.athlete["id"])
    (identity,) = (await ada.get("/accounts/me/security"))["identities"]
    assert (identity["provider"], identity["email"]) == ("club", "ada@example.org")
    await api.work()
    assert newest(api, "An account elsewhere opens your TopForm account")["To"] == "ada@example.org"

    path = f"/accounts/me/identities/{identity['id']}/removal"
    stranger = await api.sign_up()
    await stranger.call("POST", path, status=404, json={"password": PASSWORD})
    await ada.call("POST", path, status=204, json={"password": PASSWORD})
    async with api.client() as http:
        assert (await enter(http, elsewhere.answer(await begin(http))))[1]["code"] == "identity_unlinked"


async def test_who_is_signed_in_links_with_a_proof(api: Api, ada: Person, elsewhere: IdentityServer) -> None:
    elsewhere.email = "other@example.org"
    await ada.call("POST", "/accounts/me/identity-flows", status=403, json={"provider": "club", "password": "a guess"})
    linked = await link(ada, elsewhere)
    assert (await ada.get("/accounts/me/security"))["identities"] == [linked]
    stranger = await api.sign_up()
    assert (await link(stranger, elsewhere, 409))["code"] == "identity_taken"
    async with api.client() as http:
        status, entered = await enter(http, elsewhere.answer(await begin(http)))
    assert (status, entered["athlete"]["id"]) == (201, ada.athlete["id"])


async def test_an_address_that_is_not_proven_links_and_opens_nothing(
    api: Api, ada: Person, elsewhere: IdentityServer
) -> None:
    elsewhere.email_verified = False
    async with api.client() as http:
        answer = elsewhere.answer(await begin(http))
        assert (await enter(http, answer | {"password": PASSWORD}))[1]["code"] == "identity_unknown"
    assert (await link(ada, elsewhere, 401))["code"] == "identity_refused"
    elsewhere.claims = {"email_verified": "true"}
    assert (await link(ada, elsewhere, 401))["code"] == "identity_refused"


async def test_the_second_step_is_asked_for_as_well(api: Api, ada: Person, elsewhere: IdentityServer) -> None:
    await link(ada, elsewhere)
    setup = await ada.call("POST", "/accounts/me/authenticator", status=201, json={"password": PASSWORD})
    codes = pyotp.TOTP(setup["secret"])
    confirmed = await ada.call("PUT", "/accounts/me/authenticator", status=200, json={"code": codes.now()})
    async with api.client() as http:
        answer = elsewhere.answer(await begin(http))
        assert (await enter(http, answer))[1]["code"] == "second_factor_required"
        assert (await enter(http, answer | {"second_factor": "000000"}))[1]["code"] == "second_factor_wrong"
        assert (await enter(http, answer | {"second_factor": confirmed["codes"][0]}))[0] == 201


STRANGER_KEY = ec.generate_private_key(ec.SECP256R1())


def hmac_with_client_secret(content: bytes) -> bytes:
    return hmac.digest(CLIENT_SECRET.encode(), content, hashlib.sha256)


LIES: list[dict[str, Any]] = [
    {"claims": {"nonce": "another"}},
    {"claims": {"nonce": None}},
    {"claims": {"exp": 1_700_000_000}},
    {"claims": {"exp": None}},
    {"claims": {"iat": None}},
    {"claims": {"iat": 4_000_000_000, "exp": 4_000_000_300}},
    {"claims": {"aud": "somebody-else"}},
    {"claims": {"aud": [CLIENT_ID, "somebody-else"]}},
    {"claims": {"aud": [CLIENT_ID, "somebody-else"], "azp": "somebody-else"}},
    {"claims": {"azp": "somebody-else"}},
    {"claims": {"iss": "https://evil.example"}},
    {"claims": {"sub": None}},
    {"claims": {"sub": ""}},
    {"claims": {"sub": ["person-1"]}},
    {"signed_by": STRANGER_KEY},
    {"header": {"kid": "unknown"}, "signed_by": STRANGER_KEY},
    {"header": {"alg": "none"}, "sign": lambda _: b""},
    {"header": {"alg": "HS256"}, "sign": hmac_with_client_secret},
    {"description": {"issuer": "https://evil.example"}},
    {"description": {"token_endpoint": None}},
]


async def test_a_token_that_lies_opens_nothing(api: Api, ada: Person, elsewhere: IdentityServer) -> None:
    await link(ada, elsewhere)
    believed = []
    for lie in LIES:
        honest(elsewhere)
        async with api.client() as http:
            answer = elsewhere.answer(await begin(http))
            for name, value in lie.items():
                setattr(elsewhere, name, value)
            status, refused = await enter(http, answer)
            if (status, refused.get("code")) != (401, "identity_refused"):
                believed.append((lie, status, refused))
    assert believed == []


async def test_an_answer_of_another_issuer_or_to_no_question_opens_nothing(
    api: Api, ada: Person, elsewhere: IdentityServer
) -> None:
    await link(ada, elsewhere)
    changes: list[dict[str, Any]] = [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"state": "enter.invented"},
        {"code": None, "error": "access_denied"},
    ]
    for change in changes:
        async with api.client() as http:
            status, refused = await enter(http, elsewhere.answer(await begin(http)) | change)
            assert (status, refused["code"]) == (401, "identity_refused"), change


async def test_only_the_browser_that_began_goes_on_and_only_for_what_it_began(
    api: Api, ada: Person, elsewhere: IdentityServer
) -> None:
    await link(ada, elsewhere)
    async with api.client() as victim, api.client() as attacker:
        answer = elsewhere.answer(await begin(attacker))
        await begin(victim)
        assert (await enter(victim, answer))[1]["code"] == "identity_refused"
        refused = await ada.call("POST", "/accounts/me/identities", status=401, json=answer)
        assert refused["code"] == "identity_refused"
        assert (await enter(attacker, answer))[0] == 201


async def test_requests_go_to_the_issuer_and_what_is_listed_only(
    api: Api, ada: Person, elsewhere: IdentityServer
) -> None:
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        elsewhere.description = {}
        async with api.client() as http:
            answer = elsewhere.answer(await begin(http)) if name != "authorization_endpoint" else None
            elsewhere.description = {name: "https://169.254.169.254/latest"}
            if answer is None:
                refused = await http.post("/api/v1/sessions/identity-flows", json={"provider": "club"})
                assert refused.json()["code"] == "provider_address_forbidden"
            else:
                assert (await enter(http, answer))[1]["code"] == "provider_address_forbidden"


def test_an_issuer_without_tls_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOPFORM_IDENTITY_PROVIDERS__CLUB__ISSUER", "http://login.example.org")
    monkeypatch.setenv("TOPFORM_IDENTITY_PROVIDERS__CLUB__CLIENT_ID", "topform")
    with pytest.raises(InvalidSettingsError, match="TOPFORM_IDENTITY_PROVIDERS"):
        load_settings()
