"""What browsers and strangers are told: headers, cookies, other origins, the numbers of operation, changed keys."""

from __future__ import annotations

import httpx
import pyotp
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from tests.support.api import PASSWORD, Api, Person, running

from topform.platform.settings import InvalidSettingsError, Settings, load_settings

KEYS = ("kR7v9Qw2Lx5Tz8Np1Yb4Hc6Jd3Fg0SmAaEe", "Zq3Wn8Vt5Ry1Ux7Ol2Ik6Mj9Hb4Gc0PdFfDd")


async def test_every_answer_carries_the_security_headers(api: Api) -> None:
    async with api.client() as http:
        for path in (
            "/api/v1/accounts/state",
            "/api/v1/activities",
            "/api/nothing",
            "/healthz",
            "/metrics",
            "/sign-in",
        ):
            headers = (await http.get(path)).headers
            policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
            assert "'unsafe-inline'" not in headers["content-security-policy"]
            assert "'unsafe-eval'" not in headers["content-security-policy"]
            assert "*" not in headers["content-security-policy"]
            assert policy["connect-src"] == policy["form-action"] == policy["style-src"] == "'self'"
            assert headers["x-frame-options"] == "DENY"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert headers["cross-origin-resource-policy"] == "same-origin"
            assert headers["cross-origin-embedder-policy"] == "require-corp"
            assert "payment=()" in headers["permissions-policy"]
            assert "strict-transport-security" not in headers
        over_tls = await http.get("https://topform.test/healthz")
        assert over_tls.headers["strict-transport-security"] == "max-age=31536000"


async def test_pictures_come_from_this_server_and_the_host_of_maps_only_where_one_is_set(settings: Settings) -> None:
    tiles = {
        "map_tiles_url": "https://tiles.example.org/{z}/{x}/{y}.png?key=k3J9",
        "map_tiles_attribution": "© Example Maps",
        "map_tiles_max_zoom": 16,
    }
    for update, sources in ((tiles, "'self' data: blob: https://tiles.example.org"), ({}, "'self' data: blob:")):
        async with running(settings.model_copy(update=update)) as api, api.client() as http:
            header = (await http.get("/sign-in")).headers["content-security-policy"]
            policy = dict(part.split(" ", 1) for part in header.split("; "))
            assert policy["img-src"] == sources
            assert header.count("tiles.example.org") == len(update) // 3
            assert (await http.get("/api/v1/athletes/me/map-tiles")).status_code == 401
            form = {"email": f"{len(update)}@example.org", "password": PASSWORD, "display_name": "Ada"}
            answer = await http.post("/api/v1/accounts", json=form | {"session": "cookie"})
            assert answer.status_code == 201
            offered = (await http.get("/api/v1/athletes/me/map-tiles")).json()["tiles"]
            assert offered == (
                {"url_template": update["map_tiles_url"], "attribution": "© Example Maps", "max_zoom": 16}
                if update
                else None
            )


async def test_pages_of_other_sites_read_and_send_nothing(api: Api, person: Person) -> None:
    evil = {"Origin": "https://evil.example"}
    async with api.client() as http:
        for method, path in (("GET", "/accounts/state"), ("POST", "/sessions"), ("POST", "/oauth/token")):
            asked = evil | {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "content-type"}
            preflight = await http.options(f"/api/v1{path}", headers=asked)
            answer = await http.request(method, f"/api/v1{path}", headers=evil)
            assert preflight.status_code >= 400
            for headers in (preflight.headers, answer.headers):
                assert not [name for name in headers if name.startswith("access-control-")]
        form = {"email": person.athlete["email"], "password": PASSWORD, "session": "cookie"}
        await http.post("/api/v1/sessions", json=form)
        forged = await http.patch("/api/v1/athletes/me", json={"display_name": "Eve"}, headers=evil)
        assert (forged.status_code, forged.json()["code"]) == (403, "client_header_missing")
    assert (await person.get("/athletes/me"))["display_name"] == "Person"


@pytest.mark.parametrize(
    ("setting", "scheme", "secure"),
    [(None, "http", False), (None, "https", True), (True, "http", True), (False, "https", False)],
)
async def test_the_cookie_follows_the_request_or_the_setting(
    settings: Settings, setting: bool | None, scheme: str, secure: bool
) -> None:
    async with running(settings.model_copy(update={"secure_cookies": setting})) as api, api.client() as http:
        form = {"email": "ada@example.org", "password": PASSWORD, "display_name": "Ada", "session": "cookie"}
        answer = await http.post(f"{scheme}://topform.test/api/v1/accounts", json=form)
    parts = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=lax", "path=/", f"max-age={90 * 86_400}"} <= parts
    assert ("secure" in parts) is secure
    assert not [part for part in parts if part.startswith("domain")]


async def test_the_numbers_are_for_this_machine_or_for_the_token(settings: Settings) -> None:
    async def status(api: Api, host: str, **headers: str) -> int:
        transport = httpx.ASGITransport(api.app, client=(host, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://topform.test") as http:
            return (await http.get("/metrics", headers=headers)).status_code

    async with running(settings) as api:
        assert [await status(api, host) for host in ("127.0.0.1", "::1")] == [200, 200]
        assert [await status(api, host) for host in ("192.0.2.1", "10.0.0.7", "unknown")] == [404, 404, 404]
        assert await status(api, "127.0.0.1", **{"X-Forwarded-For": "192.0.2.1"}) == 404
    token = SecretStr(KEYS[0])
    async with running(settings.model_copy(update={"metrics_token": token})) as api:
        assert await status(api, "127.0.0.1") == 404
        assert await status(api, "192.0.2.1", Authorization=f"Bearer {KEYS[1]}") == 404
        assert await status(api, "192.0.2.1", Authorization=f"Bearer {KEYS[0]}") == 200


@pytest.mark.parametrize("variable", ["TOPFORM_SECRET_KEY", "TOPFORM_METRICS_TOKEN"])
@pytest.mark.parametrize(
    "value", ["short", "a" * 40, "change-me-change-me-change-me-1234567890", "x-placeholder-0123456789abcdefghijkl"]
)
def test_a_placeholder_is_no_secret(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(InvalidSettingsError, match=variable) as refused:
        load_settings()
    assert value not in str(refused.value)


async def test_a_changed_key_opens_what_the_old_one_sealed_and_seals_it_anew(settings: Settings) -> None:
    def with_keys(key: str, *previous: str) -> Settings:
        old = tuple(SecretStr(one) for one in previous)
        return settings.model_copy(update={"secret_key": SecretStr(key), "previous_secret_keys": old})

    async def sealed(api: Api) -> str:
        async with api.resources.database.transaction() as session:
            (found,) = await session.scalars(text("SELECT sealed_secret FROM account_second_factors"))
            return str(found)

    async with running(with_keys(KEYS[0])) as api:
        ada = await api.sign_up(email="ada@example.org")
        setup = await ada.call("POST", "/accounts/me/authenticator", status=201, json={"password": PASSWORD})
        code = {"code": pyotp.TOTP(setup["secret"]).now()}
        recovery = (await ada.call("PUT", "/accounts/me/authenticator", status=200, json=code))["codes"]
        first = await sealed(api)
    form = {"email": "ada@example.org", "password": PASSWORD}
    async with running(with_keys(KEYS[1], KEYS[0])) as api, api.client() as http:
        assert (
            await http.get("/api/v1/athletes/me", headers={"Authorization": f"Bearer {ada.token}"})
        ).status_code == 200
        assert (await http.post("/api/v1/sessions", json=form | {"code": recovery[0]})).status_code == 201
        second = await sealed(api)
        assert second != first
    async with running(with_keys(KEYS[1])) as api, api.client() as http:
        assert (
            await http.get("/api/v1/athletes/me", headers={"Authorization": f"Bearer {ada.token}"})
        ).status_code == 401
        assert (await http.post("/api/v1/sessions", json=form | {"code": recovery[1]})).status_code == 201
        assert await sealed(api) == second
