"""Apps of others: the one way in, and everything that RFC 9700 wants refused."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.support.api import Api, Person

from topform.core.clock import FixedClock
from topform.features.accounts.apps import CODE_LASTS
from topform.features.accounts.chains import GRACE

REDIRECT = "https://coach.example.org/done"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""Both from RFC 7636, appendix B."""


@dataclass
class Client:
    """An app, and how it talks to the server."""

    api: Api
    client_id: str
    secret: str | None = None
    redirect_uri: str = REDIRECT
    request: dict[str, Any] = field(default_factory=dict)

    def asks(self, **changes: Any) -> dict[str, Any]:
        """Return the request in the address of the consent page."""
        request = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "activities:read jobs:read",
            "state": "x y&z",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return request | changes

    async def code(self, person: Person) -> str:
        """Have a person let the app in and return the code."""
        form = {"request": self.asks(), "is_allowed": True}
        answer = await person.call("POST", "/accounts/me/app-decisions", status=201, json=form)
        assert answer["redirect_to"].startswith(REDIRECT + "?")
        query = parse_qs(urlsplit(answer["redirect_to"]).query)
        assert (query["state"], query["iss"]) == (["x y&z"], ["http://localhost:8000"])
        return query["code"][0]

    async def token(self, **changes: Any) -> tuple[int, dict[str, Any]]:
        """Ask the token endpoint."""
        form = {"client_id": self.client_id, "client_secret": self.secret} | changes
        async with self.api.client() as http:
            sent = {name: value for name, value in form.items() if value is not None}
            answer = await http.post("/api/v1/oauth/token", data=sent)
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
        return answer.status_code, answer.json()

    async def exchange(self, code: str, **changes: Any) -> tuple[int, dict[str, Any]]:
        """Exchange a code."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
        return await self.token(**form | changes)

    async def refresh(self, token: str, **changes: Any) -> tuple[int, dict[str, Any]]:
        """Ask for the next tokens."""
        return await self.token(**{"grant_type": "refresh_token", "refresh_token": token} | changes)

    async def opens(self, token: str, path: str = "/activities") -> int:
        """Return the status of a request with the token."""
        async with self.api.client(headers={"Authorization": f"Bearer {token}"}) as http:
            return (await http.get(f"/api/v1{path}")).status_code


async def registered(api: Api, owner: Person, **fields: Any) -> Client:
    form = {"name": "Coach", "redirect_uris": [REDIRECT, "http://127.0.0.1:4711/done"]} | fields
    app = await owner.call("POST", "/accounts/me/apps", status=201, json=form)
    return Client(api, app["client_id"], app["client_secret"])


@pytest.fixture
async def client(api: Api) -> Client:
    """A registered app of somebody else."""
    return await registered(api, await api.sign_up())


def at(api: Api, now: datetime) -> None:
    for part in (api.app.state.third_party_apps, api.app.state.accounts.sessions):
        part._clock = FixedClock(now)


async def test_an_app_reads_what_it_was_allowed_and_nothing_else(api: Api, person: Person, client: Client) -> None:
    asked = await person.call("POST", "/accounts/me/app-requests", status=200, json=client.asks())
    assert asked == {"name": "Coach", "scopes": ["activities:read", "jobs:read"], "leads_to": "coach.example.org"}
    status, tokens = await client.exchange(await client.code(person))
    assert status == 200
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "activities:read jobs:read")
    assert 800 < tokens["expires_in"] <= 900
    assert await client.opens(tokens["access_token"]) == 200
    assert await client.opens(tokens["access_token"], "/plans/current") == 403
    assert await client.opens(tokens["access_token"], "/accounts/me/security") == 403
    assert await client.opens(tokens["refresh_token"]) == 401
    async with api.client() as http:
        in_the_address = await http.get("/api/v1/activities", params={"access_token": tokens["access_token"]})
    assert in_the_address.status_code == 401

    listed = await person.get("/accounts/me/apps")
    (granted,) = listed["granted"]
    assert (granted["name"], granted["scopes"]) == ("Coach", ["activities:read", "jobs:read"])
    assert listed["registered"] == []
    await person.call("DELETE", f"/accounts/me/grants/{client.client_id}", status=204)
    assert await client.opens(tokens["access_token"]) == 401
    assert (await client.refresh(tokens["refresh_token"]))[1]["error"] == "invalid_grant"
    assert (await person.get("/accounts/me/apps"))["granted"] == []


async def test_who_says_no_sends_the_app_away_without_a_code(person: Person, client: Client) -> None:
    form = {"request": client.asks(), "is_allowed": False}
    answer = await person.call("POST", "/accounts/me/app-decisions", status=201, json=form)
    query = parse_qs(urlsplit(answer["redirect_to"]).query)
    assert query == {"error": ["access_denied"], "state": ["x y&z"], "iss": ["http://localhost:8000"]}


async def test_requests_that_no_honest_app_sends_lead_nowhere(person: Person, client: Client) -> None:
    plain = base64.urlsafe_b64encode(hashlib.sha256(b"x").digest()).decode().rstrip("=")
    taken = []
    for change in (
        {"response_type": "token"},
        {"response_type": "id_token token"},
        {"response_type": "code token"},
        {"response_type": ""},
        {"client_id": "00000000-0000-4000-8000-000000000000"},
        {"client_id": "nonsense"},
        {"redirect_uri": ""},
        {"redirect_uri": REDIRECT + "/"},
        {"redirect_uri": REDIRECT + "?next=1"},
        {"redirect_uri": REDIRECT.upper()},
        {"redirect_uri": "https://coach.example.org/done/../evil"},
        {"redirect_uri": "https://coach.example.org.evil.example/done"},
        {"redirect_uri": "https://coach.example.org@evil.example/done"},
        {"redirect_uri": "http://coach.example.org/done"},
        {"redirect_uri": "http://127.0.0.1:4712/done"},
        {"code_challenge": ""},
        {"code_challenge": "short"},
        {"code_challenge": plain + "="},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": ""},
        {"scope": ""},
        {"scope": "activities:read accounts:write"},
        {"scope": "everything"},
    ):
        for path, form in (
            ("app-requests", client.asks(**change)),
            ("app-decisions", {"request": client.asks(**change), "is_allowed": True}),
        ):
            answer = await person.http.post(f"/api/v1/accounts/me/{path}", json=form)
            if (answer.status_code, answer.json().get("code")) != (422, "app_request_refused"):
                taken.append((change, path, answer.text))
    assert taken == []


@pytest.mark.parametrize(
    "address",
    [
        "http://coach.example.org/done",
        "https://coach.example.org/done#part",
        "https://*.example.org/done",
        "https://user@example.org/done",
        "javascript:alert(1)",
        "data:text/html,x",
        "https:///done",
        "app:/done",
        "done",
    ],
)
async def test_unsafe_addresses_cannot_be_registered(person: Person, address: str) -> None:
    form = {"name": "Coach", "redirect_uris": [address]}
    assert (await person.call("POST", "/accounts/me/apps", status=422, json=form))["code"] == "request_malformed"


async def test_a_code_works_once_soon_and_for_whom_it_was_made(api: Api, person: Person, client: Client) -> None:
    other = await registered(api, person)
    code = await client.code(person)
    refused = [
        await other.exchange(code),
        await client.exchange(code, code_verifier="a" * 43),
        await client.exchange(code, code_verifier=""),
        await client.exchange(code, code_verifier=None),
        await client.exchange(code, code_verifier=CHALLENGE),
        await client.exchange(code, redirect_uri="http://127.0.0.1:4711/done"),
        await client.exchange(code, redirect_uri=None),
        await client.exchange("invented"),
    ]
    assert [(status, answer["error"]) for status, answer in refused] == [(400, "invalid_grant")] * len(refused)
    status, tokens = await client.exchange(code)
    assert status == 200
    assert (await client.exchange(code))[1]["error"] == "invalid_grant"
    assert await client.opens(tokens["access_token"]) == 401, "a code that comes twice ends what it gave"
    assert (await client.refresh(tokens["refresh_token"]))[1]["error"] == "invalid_grant"

    late = await client.code(person)
    at(api, datetime.now(UTC) + CODE_LASTS + timedelta(seconds=1))
    assert (await client.exchange(late))[1]["error"] == "invalid_grant"


async def test_tokens_are_renewed_and_a_copied_one_ends_the_grant(api: Api, person: Person, client: Client) -> None:
    other = await registered(api, person)
    _, first = await client.exchange(await client.code(person))
    assert (await other.refresh(first["refresh_token"]))[1]["error"] == "invalid_grant"
    assert (await client.refresh(first["access_token"]))[1]["error"] == "invalid_grant"
    more = await client.refresh(first["refresh_token"], scope="activities:write")
    assert more[1]["error"] == "invalid_scope"
    status, second = await client.refresh(first["refresh_token"])
    assert status == 200
    assert (await client.refresh(first["refresh_token"]))[1]["refresh_token"] == second["refresh_token"]
    at(api, datetime.now(UTC) + GRACE + timedelta(seconds=2))
    assert (await client.refresh(first["refresh_token"]))[1]["error"] == "invalid_grant"
    assert await client.opens(second["access_token"]) == 401
    assert (await client.refresh(second["refresh_token"]))[1]["error"] == "invalid_grant"


async def test_passwords_and_other_ways_get_no_tokens(client: Client) -> None:
    for kind in ("password", "client_credentials", "implicit", "", "urn:ietf:params:oauth:grant-type:jwt-bearer"):
        status, answer = await client.token(grant_type=kind, username="ada@example.org", password="x")
        assert (status, answer["error"]) == (400, "unsupported_grant_type")


async def test_an_app_with_a_secret_needs_it(api: Api, person: Person) -> None:
    client = await registered(api, await api.sign_up(), is_confidential=True)
    code = await client.code(person)
    for secret in (None, "", "wrong"):
        status, answer = await client.exchange(code, client_secret=secret)
        assert (status, answer["error"]) == (401, "invalid_client")
    basic = (client.client_id, client.secret or "")
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    async with api.client() as http:
        twice = await http.post("/api/v1/oauth/token", data=form | {"client_secret": "x"}, auth=basic)
        assert twice.json()["error"] == "invalid_request"
        answer = await http.post("/api/v1/oauth/token", data=form, auth=basic)
    assert answer.status_code == 200, answer.text
    public = await registered(api, await api.sign_up())
    assert (await public.exchange("x", client_secret="guess"))[1]["error"] == "invalid_client"


async def test_an_app_ends_its_own_access_and_no_others(api: Api, person: Person, client: Client) -> None:
    other = await registered(api, person)
    _, tokens = await client.exchange(await client.code(person))

    async def withdraw(app: Client, token: str) -> int:
        async with api.client() as http:
            form = {"token": token, "client_id": app.client_id}
            return (await http.post("/api/v1/oauth/revoke", data=form)).status_code

    assert await withdraw(other, tokens["refresh_token"]) == 200
    assert await withdraw(client, "unknown") == 200
    assert await client.opens(tokens["access_token"]) == 200
    assert await withdraw(client, tokens["refresh_token"]) == 200
    assert await client.opens(tokens["access_token"]) == 401


async def test_only_its_owner_deletes_an_app_and_all_access_ends_with_it(api: Api, person: Person) -> None:
    owner = await api.sign_up()
    client = await registered(api, owner)
    _, tokens = await client.exchange(await client.code(person))
    await person.call("DELETE", f"/accounts/me/apps/{client.client_id}", status=404)
    await owner.call("DELETE", f"/accounts/me/grants/{client.client_id}", status=404)
    assert await client.opens(tokens["access_token"]) == 200
    await owner.call("DELETE", f"/accounts/me/apps/{client.client_id}", status=204)
    assert await client.opens(tokens["access_token"]) == 401
    assert (await person.get("/accounts/me/apps"))["granted"] == []


async def test_the_description_names_only_what_there_is(api: Api) -> None:
    async with api.client() as http:
        document = (await http.get("/.well-known/oauth-authorization-server")).json()
    assert document["response_types_supported"] == ["code"]
    assert document["code_challenge_methods_supported"] == ["S256"]
    assert document["grant_types_supported"] == ["authorization_code", "refresh_token"]
    assert "activities:read" in document["scopes_supported"]
    assert not [scope for scope in document["scopes_supported"] if scope.startswith(("accounts", "privacy"))]
