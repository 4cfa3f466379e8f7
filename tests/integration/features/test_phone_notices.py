"""Messages to apps on phones: through Expo's push service, and none to a phone that takes none any more."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from tests.integration.features.test_notices import SETTINGS, friends, minute_in, pass_time
from tests.support.api import Api, Person, running
from tests.support.connections import go_on
from tests.support.expo_service import ExpoService, failed, running_expo_service

from topform.features.notices.delivering import RECEIPT_AFTER, check_receipts
from topform.platform.settings import Settings

PHONE = "ExponentPushToken[Nf8Qm1rT5yUe3wKa7zXcVb]"
OTHER = "ExpoPushToken[aZ09_-aZ09_-aZ09_-aZ09]"


@pytest.fixture(scope="module")
def expo() -> Iterator[ExpoService]:
    """Expo's push service."""
    with running_expo_service() as service:
        yield service


@pytest.fixture
def settings(database_url: str, tmp_path: Path, expo: ExpoService) -> Settings:
    """Settings with messages to phones turned on, which lead to this machine."""
    expo.forget()
    return Settings(data_dir=tmp_path, database_url=database_url, push_base_url=expo.url, expo_push=True)


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Api]:
    """The application on an empty database."""
    async with running(settings) as started:
        yield started


async def listen(person: Person, token: str = PHONE, **changes: Any) -> None:
    """Have a person's phone told, at any hour unless something else is said."""
    await person.call("PUT", "/notices/settings", status=200, json=SETTINGS | changes)
    await person.call("POST", "/notices/phones", status=201, json={"token": token})


async def give_kudos(api: Api, giver: Person, post: str) -> None:
    """Cause a notice and have it delivered."""
    await giver.call("PUT", f"/community/posts/{post}/kudos", status=200)
    await api.work()


async def later(api: Api) -> int:
    """Have all messages be old enough for a receipt, and ask for it as the worker does every few minutes."""
    async with api.resources.database.transaction() as session:
        await session.execute(
            text("UPDATE notice_tickets SET sent_at = sent_at - make_interval(secs => :s)"),
            {"s": RECEIPT_AFTER.total_seconds()},
        )
    return await check_receipts(api.resources)


async def tickets(api: Api) -> list[str]:
    """The messages that wait for a receipt."""
    async with api.resources.database.transaction() as session:
        return list(await session.scalars(text("SELECT id FROM notice_tickets ORDER BY id")))


async def test_a_message_says_no_more_than_in_a_browser_and_leads_to_its_page(api: Api, expo: ExpoService) -> None:
    ada, bob, post = await friends(api)
    await listen(ada)
    devices = await ada.get("/notices/devices")
    assert devices["tells_phones"]
    assert [(one["is_phone"], one["is_this_one"]) for one in devices["items"]] == [(True, True)]
    await bob.call("POST", f"/community/posts/{post}/comments", status=201, json={"text": "My knee hurts @ada"})
    await api.work()
    (taken,) = expo.of(PHONE)
    assert (taken["title"], taken["body"]) == ("TopForm", "Bob commented on what you shared.")
    assert taken["data"] == {"url": f"/community/posts/{post}"}
    assert (taken["channelId"], taken["priority"]) == ("notices", "normal")
    assert 0 < taken["ttl"] <= 86_400
    assert "knee" not in json.dumps(taken)
    assert expo.tokens == [None]


async def test_quiet_hours_and_hidden_texts_hold_for_phones_too(api: Api, expo: ExpoService) -> None:
    ada, bob, post = await friends(api)
    await listen(ada, hides_text=True, quiet_hours={"from_min": minute_in(-1), "to_min": minute_in(1)})
    await give_kudos(api, bob, post)
    assert expo.taken == []
    await pass_time(api, ada)
    (taken,) = expo.of(PHONE)
    assert (taken["body"], taken["data"]) == ("Something is new.", {"url": "/notices"})


async def test_a_phone_that_is_gone_is_forgotten_at_once_or_with_the_receipt(api: Api, expo: ExpoService) -> None:
    ada, bob, post = await friends(api)
    await listen(ada)
    expo.tickets.append(failed("DeviceNotRegistered"))
    await give_kudos(api, bob, post)
    assert (await ada.get("/notices/devices"))["items"] == []
    await listen(ada)
    await bob.call("POST", f"/community/posts/{post}/comments", status=201, json={"text": "Nice"})
    await api.work()
    assert await check_receipts(api.resources) == 0
    assert expo.asked == [], "the service is given a quarter of an hour"
    assert await later(api) == 0
    assert len(await tickets(api)) == 1, "no receipt yet: it is asked for again"
    expo.receipts["0000-ticket-1"] = failed("DeviceNotRegistered")
    assert await check_receipts(api.resources) == 1
    assert (await ada.get("/notices/devices"))["items"] == []
    assert await tickets(api) == []


async def test_other_receipts_leave_the_phone_and_are_asked_for_once(api: Api, expo: ExpoService) -> None:
    ada, bob, post = await friends(api)
    await listen(ada)
    await give_kudos(api, bob, post)
    await ada.call("POST", "/notices/trial", status=202)
    await api.work()
    assert len(expo.of(PHONE)) == 2
    expo.receipts |= {"0000-ticket-1": {"status": "ok"}, "0000-ticket-2": failed("InvalidCredentials")}
    assert await later(api) == 0
    assert await check_receipts(api.resources) == 0
    assert expo.asked == [["0000-ticket-1", "0000-ticket-2"]]
    assert len((await ada.get("/notices/devices"))["items"]) == 1


async def test_a_service_that_asks_to_wait_is_waited_for(api: Api, expo: ExpoService) -> None:
    ada, bob, post = await friends(api)
    await listen(ada)
    expo.tickets += [429, failed("MessageRateExceeded")]
    before = datetime.now(UTC)
    await give_kudos(api, bob, post)
    async with api.resources.database.transaction() as session:
        query = "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'notices.push' AND status = 'todo'"
        (scheduled_at,) = await session.scalars(text(query))
    assert scheduled_at >= before + timedelta(seconds=600)
    await go_on(api)
    assert expo.taken == []
    await go_on(api)
    assert [one["body"] for one in expo.of(PHONE)] == ["Bob gave you kudos."]


async def test_a_phone_belongs_to_its_session_and_to_one_person(api: Api, expo: ExpoService) -> None:
    ada, bob, post = await friends(api)
    await listen(ada)
    await listen(bob)
    assert (await ada.get("/notices/devices"))["items"] == [], "somebody else signed in on the phone"
    await listen(ada, OTHER)
    await ada.call("DELETE", "/sessions/current", status=204)
    await give_kudos(api, bob, post)
    assert expo.taken == []


@pytest.mark.parametrize("token", ["https://10.0.0.7/x", "ExponentPushToken[]", "ExponentPushToken[a b]", PHONE + "\n"])
async def test_a_token_is_a_token(person: Person, token: str) -> None:
    await person.call("POST", "/notices/phones", status=422, json={"token": token})


async def test_nothing_goes_to_phones_unless_the_operator_wants_it(settings: Settings, expo: ExpoService) -> None:
    asked = settings.model_copy(update={"expo_access_token": SecretStr("a-token-of-the-operator")})
    async with running(asked) as api:
        ada, bob, post = await friends(api)
        await listen(ada)
        await give_kudos(api, bob, post)
        assert expo.tokens == ["Bearer a-token-of-the-operator"]
        async with api.resources.database.transaction() as session:
            stored = str((await session.execute(text("SELECT d::text FROM notice_devices d"))).all())
        assert PHONE not in stored
    assert not Settings(data_dir=settings.data_dir).expo_push
    async with running(settings.model_copy(update={"expo_push": False})) as api:
        person = await api.sign_up()
        assert not (await person.get("/notices/devices"))["tells_phones"]
        problem = await person.call("POST", "/notices/phones", status=403, json={"token": PHONE})
        assert problem["code"] == "phones_are_off"
        assert await check_receipts(api.resources) == 0
