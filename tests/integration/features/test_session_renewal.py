"""How an app's session is renewed, and what happens when a refresh token was copied (RFC 9700, section 4.14)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from tests.integration.features.test_account_security import newest
from tests.support.api import PASSWORD, Api, Person

from topform.core.clock import FixedClock
from topform.features.accounts.chains import ACCESS_LASTS, GRACE

NOON = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
async def tokens(api: Api, person: Person) -> dict[str, Any]:
    """The tokens of an app that has just signed in."""
    at(api, NOON)
    form = {"email": person.athlete["email"], "password": PASSWORD}
    async with api.client() as http:
        answer = await http.post("/api/v1/sessions", json=form)
    assert answer.status_code == 201
    assert "set-cookie" not in answer.headers
    document: dict[str, Any] = answer.json()
    return document


def at(api: Api, now: datetime) -> None:
    """Set the clock of the sessions."""
    for part in (api.app.state.accounts, api.app.state.accounts.sessions):
        part._clock = FixedClock(now)


async def renewed(api: Api, refresh_token: str) -> tuple[int, dict[str, Any]]:
    async with api.client() as http:
        answer = await http.post("/api/v1/sessions/refreshes", json={"refresh_token": refresh_token})
    return answer.status_code, answer.json()


async def opens(api: Api, token: str) -> bool:
    async with api.client(headers={"Authorization": f"Bearer {token}"}) as http:
        answer = await http.get("/api/v1/athletes/me")
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


async def test_an_access_token_lasts_a_quarter_hour_and_is_renewed(api: Api, tokens: dict[str, Any]) -> None:
    assert datetime.fromisoformat(tokens["expires_at"]) == NOON + ACCESS_LASTS
    assert await opens(api, tokens["token"])
    at(api, NOON + ACCESS_LASTS)
    assert not await opens(api, tokens["token"])
    status, next_tokens = await renewed(api, tokens["refresh_token"])
    assert status == 201
    assert await opens(api, next_tokens["token"])
    assert not await opens(api, next_tokens["refresh_token"])
    assert next_tokens["refresh_token"] != tokens["refresh_token"]


async def test_no_token_of_a_session_is_stored(api: Api, tokens: dict[str, Any]) -> None:
    async with api.resources.database.transaction() as session:
        rows = list(await session.scalars(text("SELECT t::text FROM account_sessions t")))
    assert rows
    for token in (tokens["token"], tokens["refresh_token"]):
        assert not any(token in row for row in rows)


async def test_two_requests_that_renew_at_once_get_the_same_and_both_go_on(api: Api, tokens: dict[str, Any]) -> None:
    at(api, NOON + timedelta(minutes=14))
    answers = await asyncio.gather(*(renewed(api, tokens["refresh_token"]) for _ in range(8)))
    assert [status for status, _ in answers] == [201] * 8
    assert all(answer == answers[0][1] for _, answer in answers)
    assert await opens(api, answers[0][1]["token"])
    assert await opens(api, tokens["token"]), "requests that were on their way still arrive"
    at(api, NOON + timedelta(minutes=14) + GRACE + timedelta(seconds=1))
    assert not await opens(api, tokens["token"])
    assert (await renewed(api, answers[0][1]["refresh_token"]))[0] == 201


async def test_a_copied_refresh_token_ends_the_session_for_both_and_tells_the_athlete(
    api: Api, person: Person, tokens: dict[str, Any]
) -> None:
    at(api, NOON + timedelta(minutes=10))
    _, of_the_thief = await renewed(api, tokens["refresh_token"])
    at(api, NOON + timedelta(minutes=11))
    status, refused = await renewed(api, tokens["refresh_token"])
    assert (status, refused["code"]) == (401, "refresh_reused")
    assert not await opens(api, of_the_thief["token"])
    status, refused = await renewed(api, of_the_thief["refresh_token"])
    assert (status, refused["code"]) == (401, "session_ended")
    await api.work()
    assert newest(api, "A session of your TopForm account was ended")["To"] == person.athlete["email"]
    assert await opens(api, person.token), "other devices stay signed in"


async def test_an_old_token_ends_the_session_even_within_the_grace(api: Api, tokens: dict[str, Any]) -> None:
    _, second = await renewed(api, tokens["refresh_token"])
    assert (await renewed(api, second["refresh_token"]))[0] == 201
    assert (await renewed(api, tokens["refresh_token"]))[1]["code"] == "refresh_reused"


async def test_a_forged_refresh_token_ends_nothing(api: Api, tokens: dict[str, Any]) -> None:
    good = tokens["refresh_token"]
    for forged in (good[:-5] + "AAAAA", "tfr_" + "A" * 80, "x", tokens["token"], good.replace("tfr_", "tfa_")):
        assert (await renewed(api, forged))[1]["code"] == "session_ended"
    assert await opens(api, tokens["token"])
    assert (await renewed(api, good))[0] == 201


async def test_signing_out_ends_both_tokens(api: Api, tokens: dict[str, Any]) -> None:
    async with api.client(headers={"Authorization": f"Bearer {tokens['token']}"}) as http:
        assert (await http.delete("/api/v1/sessions/current")).status_code == 204
    assert not await opens(api, tokens["token"])
    assert (await renewed(api, tokens["refresh_token"]))[1]["code"] == "session_ended"


async def test_a_session_that_is_renewed_lives_on_and_one_that_is_not_ends(api: Api, tokens: dict[str, Any]) -> None:
    at(api, NOON + timedelta(days=89))
    status, later = await renewed(api, tokens["refresh_token"])
    assert status == 201
    at(api, NOON + timedelta(days=178))
    status, last = await renewed(api, later["refresh_token"])
    assert status == 201
    at(api, NOON + timedelta(days=178 + 91))
    assert (await renewed(api, last["refresh_token"]))[1]["code"] == "session_ended"


async def test_a_link_of_after_a_restored_backup_is_taken(api: Api, tokens: dict[str, Any]) -> None:
    _, second = await renewed(api, tokens["refresh_token"])
    async with api.resources.database.transaction() as session:
        await session.execute(text("UPDATE account_sessions SET generation = 0 WHERE generation = 1"))
    status, third = await renewed(api, second["refresh_token"])
    assert status == 201
    assert await opens(api, third["token"])
