"""Signing up, in and out, over HTTP on a real database."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from tests.support.api import PASSWORD, Api, Person, running

from topform.core.clock import FixedClock
from topform.features.accounts.service import LOCK_AFTER, LOCK_FOR
from topform.platform.settings import Settings

FORM = {"email": "Ada@Example.org", "password": PASSWORD, "display_name": "Ada", "time_zone": "Europe/Berlin"}


async def test_a_browser_gets_a_cookie_that_scripts_cannot_read_and_nothing_else(api: Api) -> None:
    async with api.client() as http:
        answer = await http.post("/api/v1/accounts", json=FORM | {"session": "cookie"})
        assert answer.status_code == 201
        assert answer.json()["athlete"]["email"] == "ada@example.org"
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
        assert {answer.json()[name] for name in ("token", "expires_at", "refresh_token")} == {None}
        assert (await http.get("/api/v1/athletes/me")).json()["display_name"] == "Ada"


async def test_over_https_the_cookie_is_secure(api: Api) -> None:
    async with api.client() as http:
        answer = await http.post("https://topform.test/api/v1/accounts", json=FORM | {"session": "cookie"})
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")


async def test_neither_password_nor_token_is_stored(api: Api) -> None:
    async with api.client() as http:
        answer = await http.post("/api/v1/accounts", json=FORM | {"session": "cookie"})
    async with api.resources.database.transaction() as session:
        (password_hash,) = await session.scalars(text("SELECT password_hash FROM account_credentials"))
        (token_digest,) = await session.scalars(text("SELECT token_sha256 FROM account_sessions"))
    assert password_hash.startswith("$argon2id$")
    assert bytes(token_digest) == hashlib.sha256(answer.cookies["topform_session"].encode()).digest()


async def test_an_address_signs_up_once_whatever_its_letters(api: Api) -> None:
    await api.sign_up(email="ada@example.org")
    async with api.client() as http:
        answer = await http.post("/api/v1/accounts", json=FORM)
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("password", "short"),
        ("display_name", "   "),
        ("display_name", "A\x00da"),
        ("time_zone", "Europe/Atlantis"),
        ("language", "not a tag"),
        ("units", "stone"),
        ("is_admin", True),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_stored(api: Api, field: str, value: object) -> None:
    async with api.client() as http:
        answer = await http.post("/api/v1/accounts", json=FORM | {field: value})
        state = await http.get("/api/v1/accounts/state")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "request_malformed"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert PASSWORD not in answer.text
    assert state.json()["has_accounts"] is False


@pytest.mark.parametrize("password", ["1234567890", "Password123!", "0987654321", "qwertyuiop", "aaaaaaaaaa"])
async def test_a_password_that_is_guessed_first_is_refused(api: Api, password: str) -> None:
    async with api.client() as http:
        answer = await http.post("/api/v1/accounts", json=FORM | {"password": password})
        taken = await http.post("/api/v1/accounts", json=FORM | {"password": "five green boats"})
    assert (answer.status_code, answer.json()["code"]) == (422, "password_guessable")
    assert password not in answer.text
    assert taken.status_code == 201


async def test_a_closed_server_takes_no_accounts(settings: Settings) -> None:
    async with running(settings.model_copy(update={"sign_up": "closed"})) as closed, closed.client() as http:
        answer = await http.post("/api/v1/accounts", json=FORM)
        assert (answer.status_code, answer.json()["code"]) == (403, "sign_up_closed")
        assert answer.json()["remedy"]


async def test_signing_in_and_out(api: Api) -> None:
    await api.sign_up(email="ada@example.org")
    async with api.client() as http:
        form = {"email": "ADA@example.org", "password": PASSWORD, "session": "cookie"}
        answer = await http.post("/api/v1/sessions", json=form)
        assert answer.status_code == 201
        token = answer.cookies["topform_session"]
        refused = await http.delete("/api/v1/sessions/current")
        assert (refused.status_code, refused.json()["code"]) == (403, "client_header_missing")
        left = await http.delete("/api/v1/sessions/current", headers={"X-TopForm-Client": "1"})
        assert left.status_code == 204
        assert (await http.get("/api/v1/athletes/me")).status_code == 401
        again = await http.get("/api/v1/athletes/me", headers={"Authorization": f"Bearer {token}"})
        assert (again.status_code, again.json()["code"]) == (401, "not_authenticated")
        assert again.headers["www-authenticate"] == "Bearer"


async def test_a_wrong_password_and_an_unknown_address_look_the_same(api: Api) -> None:
    await api.sign_up(email="ada@example.org")
    async with api.client() as http:
        answers = [
            await http.post("/api/v1/sessions", json={"email": email, "password": "wrong password"})
            for email in ("ada@example.org", "nobody@example.org")
        ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["code"] == "wrong_credentials"


async def test_an_account_is_locked_after_ten_wrong_passwords_and_opens_again(settings: Settings) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    right = {"email": "ada@example.org", "password": PASSWORD}
    async with running(settings) as api:
        await api.sign_up(email="ada@example.org")
        accounts = api.app.state.accounts
        accounts._clock = FixedClock(noon)
        async with api.client() as http:
            for _ in range(LOCK_AFTER):
                assert (await http.post("/api/v1/sessions", json=right | {"password": "wrong"})).status_code == 401
            locked = await http.post("/api/v1/sessions", json=right)
            assert (locked.status_code, locked.json()["code"]) == (429, "account_locked")
            assert int(locked.headers["retry-after"]) == LOCK_FOR.total_seconds() + 1
            accounts._clock = FixedClock(noon + LOCK_FOR + timedelta(seconds=1))
            assert (await http.post("/api/v1/sessions", json=right)).status_code == 201


async def test_attempts_from_one_address_are_limited(api: Api) -> None:
    async with api.client() as http:
        wrong = {"email": "nobody@example.org", "password": "wrong password"}
        codes = [(await http.post("/api/v1/sessions", json=wrong)).status_code for _ in range(31)]
    assert codes[:30] == [401] * 30
    assert codes[30] == 429


async def test_a_name_hides_no_signs_at_sign_up_or_later(api: Api, person: Person) -> None:
    for name in ("Ada\u202eadA", "Ada\u200b"):
        form = {"email": "ada@example.org", "password": PASSWORD, "display_name": name}
        answer = await person.http.post("/api/v1/accounts", json=form)
        assert (answer.status_code, answer.json()["code"]) == (422, "name_not_plain")
        refused = await person.call("PATCH", "/athletes/me", status=422, json={"display_name": name})
        assert refused["code"] == "name_not_plain"
    joined = "\u0645\u06cc\u200c\u0646 \U0001f469\u200d\U0001f680"
    changed = await person.call("PATCH", "/athletes/me", status=200, json={"display_name": joined})
    assert changed["display_name"] == joined
    # A name of earlier days stays, and does not stand in the way of what else is sent with it.
    async with api.resources.database.transaction() as session:
        await session.execute(
            text("UPDATE athletes SET display_name = :name, language = 'tlh' WHERE id = :id"),
            {"name": "Old\u200bname", "id": person.athlete["id"]},
        )
    both = {"display_name": "Old\u200bname", "language": "tlh", "units": "imperial"}
    changed = await person.call("PATCH", "/athletes/me", status=200, json=both)
    assert {name: changed[name] for name in both} == both


async def test_only_languages_that_are_spoken_can_be_chosen(person: Person) -> None:
    for tag in ("tlh", "pt-BR", "pt"):
        refused = await person.call("PATCH", "/athletes/me", status=422, json={"language": tag})
        assert (refused["code"], refused["languages"]) == ("language_not_spoken", ["en", "de", "es", "fr", "zh"])
    for tag in ("de-AT", "es-MX", "zh-Hant-TW", "fr"):
        assert (await person.call("PATCH", "/athletes/me", status=200, json={"language": tag}))["language"] == tag


async def test_sessions_expire(settings: Settings) -> None:
    async with running(settings) as api:
        ada = await api.sign_up()
        assert (await ada.get("/athletes/me"))["id"] == ada.athlete["id"]
        api.app.state.accounts.sessions._clock = FixedClock(datetime.now(UTC) + timedelta(days=91))
        problem = await ada.get("/athletes/me", status=401)
        assert problem["remedy"] == "Sign in again."


async def test_the_profile_changes_field_by_field(person: Person) -> None:
    changed = await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 250, "sex": "f"})
    assert (changed["ftp_w"], changed["sex"], changed["display_name"]) == (250, "f", "Person")
    cleared = await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": None})
    assert (cleared["ftp_w"], cleared["sex"]) == (None, "f")
    assert await person.get("/athletes/me") == cleared


@pytest.mark.parametrize(
    "change",
    [
        {"hr_rest_bpm": 100, "hr_max_bpm": 95},
        {"hr_max_bpm": 1e9},
        {"display_name": None},
        {"email": "other@example.org"},
        {"mass_kg": "NaN"},
    ],
)
async def test_an_implausible_profile_is_refused(person: Person, change: dict[str, object]) -> None:
    problem = await person.call("PATCH", "/athletes/me", status=422, json=change)
    assert problem["status"] == 422
    assert (await person.get("/athletes/me")) == person.athlete
