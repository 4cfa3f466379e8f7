"""What people are told of, when, on which devices, and by nobody they do not want to hear of."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text, update
from tests.integration.features.test_community import befriend, join, share, store_activity, told
from tests.integration.features.test_plan_changes import plan_for, request, today
from tests.support.api import PASSWORD, Api, Person, running
from tests.support.connections import go_on
from tests.support.push_service import Browser, PushService, running_push_service

from topform.core.ids import AthleteId
from topform.features.notices.delivering import deliver, deliver_due, remind
from topform.features.notices.tables import NoticeRow, NoticeSettingsRow
from topform.platform.happenings import Happening, happened
from topform.platform.settings import Settings

SETTINGS: dict[str, Any] = {
    "off": [],
    "hides_text": False,
    "quiet_hours": None,
    "digest": "at_once",
    "digest_min": 1080,
    "reminder_min": None,
}


@pytest.fixture(scope="module")
def push_service() -> Iterator[PushService]:
    """The services of the browsers."""
    with running_push_service() as service:
        yield service


@pytest.fixture
def settings(database_url: str, tmp_path: Path, push_service: PushService) -> Settings:
    """Settings that lead every message to this machine."""
    push_service.taken.clear()
    push_service.refusals.clear()
    return Settings(data_dir=tmp_path, database_url=database_url, push_base_url=push_service.url)


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Api]:
    """The application on an empty database."""
    async with running(settings) as started:
        yield started


async def listen(person: Person, **changes: Any) -> Browser:
    """Have a person's browser told, at any hour unless something else is said."""
    await person.call("PUT", "/notices/settings", status=200, json=SETTINGS | changes)
    browser = Browser()
    await person.call("POST", "/notices/devices", status=201, json=browser.subscription())
    return browser


async def kinds(person: Person) -> list[tuple[str, str | None]]:
    """What is in a person's list, and by whom."""
    items = (await person.get("/notices"))["items"]
    return [(one["kind"], one["by"] and one["by"]["handle"]) for one in items]


async def friends(api: Api) -> tuple[Person, Person, str]:
    """Ada, Bob who follows her, and a post of hers for those who do."""
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await befriend(bob, ada)
    await ada.call("POST", "/notices/read", status=200, json={})
    post = await share(ada, await store_activity(api, ada))
    return ada, bob, post["id"]


def minute_in(hours: float) -> int:
    """The minute that clocks in Berlin show so many hours from now."""
    then = (datetime.now(UTC) + timedelta(hours=hours)).astimezone(ZoneInfo("Europe/Berlin"))
    return then.hour * 60 + then.minute


async def pass_time(api: Api, person: Person) -> None:
    """Have all that waits for a person's devices be due, and deliver it as the worker does each minute."""
    async with api.resources.database.transaction() as session:
        await session.execute(
            update(NoticeRow)
            .where(NoticeRow.athlete_id == UUID(person.athlete["id"]), NoticeRow.push_at.is_not(None))
            .values(push_at=api.resources.clock.now())
        )
    await deliver_due(api.resources)
    await api.work()


async def test_a_comment_reaches_the_browser_and_the_list_and_nothing_of_its_words(
    api: Api, push_service: PushService
) -> None:
    ada, bob, post = await friends(api)
    browser = await listen(ada)
    await bob.call("POST", f"/community/posts/{post}/comments", status=201, json={"text": "My knee hurts @ada"})
    await api.work()
    (taken,) = push_service.of(browser)
    assert taken.headers["content-encoding"] == "aes128gcm"
    assert int(taken.headers["ttl"]) > 0
    assert taken.headers["authorization"].startswith("vapid t=")
    assert taken.headers["authorization"].endswith((await ada.get("/notices/devices"))["public_key"])
    (message,) = push_service.read(browser)
    assert message["body"] == "Bob commented on what you shared."
    assert message["url"] == f"/community/posts/{post}"
    page = await ada.get("/notices")
    (notice,) = page["items"]
    assert (notice["kind"], notice["by"]["handle"], notice["path"], notice["is_read"], page["unread"]) == (
        "comment",
        "bob",
        f"/community/posts/{post}",
        False,
        1,
    )
    assert "knee" not in json.dumps([message, page])
    assert ("notices.changed", {}) in await told(api, ada)
    assert await kinds(bob) == []
    assert (await ada.call("POST", "/notices/read", status=200, json={"ids": [notice["id"]]}))["unread"] == 0
    assert (await ada.get("/notices"))["items"][0]["is_read"]


async def test_the_same_thing_is_told_once_and_what_was_taken_back_is_gone(api: Api, push_service: PushService) -> None:
    ada, bob, post = await friends(api)
    browser = await listen(ada)
    for method in ("PUT", "DELETE", "PUT"):
        await bob.call(method, f"/community/posts/{post}/kudos", status=200)
    await api.work()
    assert [one["body"] for one in push_service.read(browser)] == ["Bob gave you kudos."]
    assert await kinds(ada) == [("kudos", "bob")]
    await bob.call("DELETE", f"/community/posts/{post}/kudos", status=200)
    assert await kinds(ada) == []
    assert (await ada.get("/notices"))["unread"] == 0


async def test_what_is_off_or_of_somebody_muted_or_blocked_is_not_told(api: Api, push_service: PushService) -> None:
    ada, bob, post = await friends(api)
    eve = await join(api, "eve")
    await befriend(eve, ada)
    browser = await listen(ada, off=["kudos"])
    await bob.call("PUT", f"/community/posts/{post}/kudos", status=200)
    await ada.call("PUT", "/community/mutes/bob", status=200)
    await bob.call("POST", f"/community/posts/{post}/comments", status=201, json={"text": "Hello"})
    await eve.call("POST", f"/community/posts/{post}/comments", status=201, json={"text": "Hello"})
    assert await kinds(ada) == [("comment", "eve")]
    await ada.call("PUT", "/community/blocks/eve", status=204)
    await api.work()
    assert await kinds(ada) == []
    assert push_service.read(browser) == []
    await ada.call("DELETE", "/community/mutes/bob", status=200)
    assert await kinds(ada) == [], "what was not told then is not told later"


async def test_mentions_requests_and_challenges_are_told_to_whom_they_are_for(api: Api) -> None:
    ada, bob, _ = await friends(api)
    eve = await join(api, "eve")
    await share(ada, await store_activity(api, ada), text="With @bob and @eve")
    await eve.call("PUT", "/community/following/ada", status=200)
    day = (today() + timedelta(days=1)).isoformat()
    new = {"title": "Ups", "kind": "push_ups", "first_day": day, "last_day": day, "audience": "invited"}
    challenge = await ada.call("POST", "/community/challenges", status=201, json=new)
    await ada.call("PUT", f"/community/challenges/{challenge['id']}/invitations/bob", status=200)
    assert await kinds(ada) == [("follow_request", "eve")]
    assert await kinds(bob) == [("challenge", "ada"), ("mention", "ada")]
    assert await kinds(eve) == [], "the post is for followers, and Eve is none yet"
    await ada.call("PUT", "/community/followers/eve", status=200)
    assert await kinds(ada) == [], "a request that was answered waits no more"
    await ada.call("DELETE", f"/community/challenges/{challenge['id']}", status=204)
    assert await kinds(bob) == [("mention", "ada")]


async def test_what_comes_in_quiet_hours_is_one_message_after_them(api: Api, push_service: PushService) -> None:
    ada, bob, post = await friends(api)
    quiet = {"from_min": minute_in(-1), "to_min": minute_in(1)}
    browser = await listen(ada, quiet_hours=quiet)
    await bob.call("PUT", f"/community/posts/{post}/kudos", status=200)
    await bob.call("POST", f"/community/posts/{post}/comments", status=201, json={"text": "Nice"})
    await deliver_due(api.resources)
    await api.work()
    assert push_service.read(browser) == []
    assert (await ada.get("/notices"))["unread"] == 2
    await pass_time(api, ada)
    (message,) = push_service.read(browser)
    assert (message["body"], message["url"]) == ("2 things are new.", "/notices")
    await pass_time(api, ada)
    assert push_service.read(browser) == []


async def test_ending_quiet_hours_delivers_and_what_was_read_is_not_sent(api: Api, push_service: PushService) -> None:
    ada, bob, post = await friends(api)
    browser = await listen(ada, digest="daily", digest_min=minute_in(5))
    await bob.call("PUT", f"/community/posts/{post}/kudos", status=200)
    await bob.call("POST", f"/community/posts/{post}/comments", status=201, json={"text": "Nice"})
    await api.work()
    assert push_service.read(browser) == []
    newest = (await ada.get("/notices"))["items"][0]["id"]
    await ada.call("POST", "/notices/read", status=200, json={"ids": [newest]})
    await ada.call("PUT", "/notices/settings", status=200, json=SETTINGS | {"hides_text": True})
    await api.work()
    assert [one["body"] for one in push_service.read(browser)] == ["Something is new."]


async def test_a_browser_that_is_gone_is_forgotten(api: Api, push_service: PushService) -> None:
    ada, bob, post = await friends(api)
    for status, act in ((410, "PUT"), (404, "POST")):
        browser = await listen(ada)
        push_service.refusals.append((status, {}))
        path = f"/community/posts/{post}/" + ("kudos" if act == "PUT" else "comments")
        await bob.call(act, path, status=200 if act == "PUT" else 201, json={"text": "Nice"})
        await api.work()
        assert (await ada.get("/notices/devices"))["items"] == []
        assert push_service.read(browser) == []
    await bob.call("POST", f"/community/posts/{post}/comments", status=201, json={"text": "Still"})
    await api.work()
    assert push_service.taken == []


async def test_a_push_service_that_asks_to_wait_is_waited_for(api: Api, push_service: PushService) -> None:
    ada, bob, post = await friends(api)
    browser = await listen(ada)
    push_service.refusals += [(429, {"Retry-After": "600"}), (503, {})]
    await bob.call("PUT", f"/community/posts/{post}/kudos", status=200)
    before = datetime.now(UTC)
    await api.work()
    async with api.resources.database.transaction() as session:
        query = "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'notices.push' AND status = 'todo'"
        (scheduled_at,) = await session.scalars(text(query))
    assert scheduled_at >= before + timedelta(seconds=600)
    await go_on(api)
    assert push_service.read(browser) == []
    await go_on(api)
    assert [one["body"] for one in push_service.read(browser)] == ["Bob gave you kudos."]


async def test_a_device_belongs_to_its_session_and_to_nobody_else(api: Api, push_service: PushService) -> None:
    ada, bob, post = await friends(api)
    browser = await listen(ada)
    (device,) = (await ada.get("/notices/devices"))["items"]
    assert device["is_this_one"]
    await bob.call("DELETE", f"/notices/devices/{device['id']}", status=404)
    assert (await bob.get("/notices/devices"))["items"] == []
    # Somebody else signs in in the same browser: it is theirs from then on.
    await bob.call("POST", "/notices/devices", status=201, json=browser.subscription())
    assert (await ada.get("/notices/devices"))["items"] == []
    await bob.call("POST", "/notices/trial", status=202)
    await api.work()
    assert [one["body"] for one in push_service.read(browser)] == ["Notices arrive on this device."]
    own = await listen(ada)
    await ada.call("DELETE", "/sessions/current", status=204)
    await bob.call("PUT", f"/community/posts/{post}/kudos", status=200)
    await api.work()
    assert push_service.read(own) == []


@pytest.mark.parametrize(
    "endpoint", ["https://10.0.0.7/x", "https://localhost/x", "http://fcm.googleapis.com/x", "https://example.org/x"]
)
async def test_this_server_sends_to_push_services_only(person: Person, endpoint: str) -> None:
    subscription = Browser().subscription() | {"endpoint": endpoint}
    await person.call("POST", "/notices/devices", status=422, json=subscription)


async def test_the_key_is_made_once_and_addresses_are_stored_encrypted(api: Api, person: Person) -> None:
    browser = await listen(person)
    keys = {(await one.get("/notices/devices"))["public_key"] for one in (person, await api.sign_up())}
    assert len(keys) == 1
    async with api.resources.database.transaction() as session:
        stored = str(
            (await session.execute(text("SELECT d::text, k::text FROM notice_devices d, notice_push_key k"))).all()
        )
    assert browser.name not in stored
    assert "PRIVATE KEY" not in stored


async def test_a_change_of_the_password_is_told_at_any_hour(
    api: Api, person: Person, push_service: PushService
) -> None:
    quiet = {"from_min": minute_in(-1), "to_min": minute_in(1)}
    browser = await listen(person, quiet_hours=quiet, digest="daily")
    change = {"password": PASSWORD, "new_password": "another long and good one"}
    response = await person.http.put("/api/v1/accounts/me/password", json=change)
    assert response.status_code in (200, 204), response.text
    await api.work()
    assert [one["url"] for one in push_service.read(browser)] == ["/security"]
    assert await kinds(person) == [("security", None)]


async def test_a_reminder_comes_at_its_time_and_never_to_somebody_who_should_not_train(
    api: Api, person: Person, push_service: PushService
) -> None:
    plan = await plan_for(api, person, request(days_ago=0))
    days = sorted(day["date"] for day in plan["document"]["days"] if day["sessions"])
    browser = await listen(person, reminder_min=420, digest="daily")
    athlete_id = AthleteId(UUID(person.athlete["id"]))

    async def morning_of(day: str, *, late: timedelta = timedelta(0)) -> bool:
        at = datetime.fromisoformat(f"{day}T07:00:00+00:00")
        async with api.resources.database.transaction() as session:
            await session.execute(
                update(NoticeSettingsRow).where(NoticeSettingsRow.athlete_id == athlete_id).values(remind_at=at)
            )
        async with api.resources.database.transaction() as session:
            reminded = await remind(session, athlete_id, now=at + late)
            await deliver(session, athlete_id, now=at + late)
        await api.work()
        return reminded

    rest = next(day["date"] for day in plan["document"]["days"] if not day["sessions"])
    assert not await morning_of(rest)
    assert not await morning_of(days[1], late=timedelta(hours=3))
    assert await morning_of(days[2])
    assert not await morning_of(days[2]), "once a day"
    (message,) = push_service.read(browser)
    assert (message["body"], message["url"]) == ("Your plan has a session today.", "/plan")
    ill = {"illness": {"since": today().isoformat()}}
    for told_life in (ill, {"painful": {"running": today().isoformat()}}, {"away": [days[3]]}):
        await person.call("PUT", "/plans/life", status=200, json=told_life)
        assert not await morning_of(days[3])
    await person.call("PUT", "/plans/life", status=200, json={})
    await person.call("POST", "/readiness/red-flag", status=200, json={"symptoms": ["chest_pain"]})
    assert not await morning_of(days[3])
    assert [kind for kind, _ in await kinds(person)].count("session_reminder") == 1, "only the one of before"
    assert message["body"] not in [one["body"] for one in push_service.read(browser)]


async def test_no_device_asks_somebody_ill_into_a_challenge(api: Api, push_service: PushService) -> None:
    ada, bob, _ = await friends(api)
    browser = await listen(bob)
    await bob.call("PUT", "/plans/life", status=200, json={"illness": {"since": today().isoformat()}})
    day = (today() + timedelta(days=1)).isoformat()
    new = {"title": "Ups", "kind": "push_ups", "first_day": day, "last_day": day, "audience": "invited"}
    challenge = await ada.call("POST", "/community/challenges", status=201, json=new)
    await ada.call("PUT", f"/community/challenges/{challenge['id']}/invitations/bob", status=200)
    await api.work()
    assert await kinds(bob) == [("challenge", "ada")]
    assert push_service.read(browser) == []


async def test_what_did_not_happen_is_not_told(api: Api, person: Person) -> None:
    athlete_id = UUID(person.athlete["id"])
    with pytest.raises(RuntimeError):
        async with api.resources.database.transaction() as session:
            happened(session, Happening("security", athlete_id, "x", api.resources.clock.now()))
            raise RuntimeError("no")
    assert await kinds(person) == []


# ---- random audiences -----------------------------------------------------------------------------------------------

FIELDS = ("title", "distance", "time", "load", "heart_rate", "power")
SECRET = {"title": "Past the old mill", "hr_mean_bpm": 143.28125, "power_mean_w": 231.53125, "load_au": 87.78125}
REFRESHING = ("notices.", "community.", "plan.", "connection.", "account.")
"""Events after which clients fetch the list again."""

STEPS = 40


ACTS = {
    "follow": 2,
    "accept": 2,
    "block": 1,
    "unblock": 2,
    "mute": 1,
    "unmute": 1,
    "share": 4,
    "hide": 2,
    "comment": 6,
    "kudos": 4,
    "undo": 1,
}


async def act(api: Api, people: dict[str, Person], posts: dict[str, str], chance: random.Random) -> None:
    """One random thing that people do; what is not allowed is refused, and that is fine."""
    one, other = chance.sample(sorted(people), 2)
    http, path = people[one].http, "/api/v1/community"
    post = chance.choice(sorted(posts)) if posts else None
    match chance.choices(tuple(ACTS), tuple(ACTS.values()))[0]:
        case "follow":
            await http.put(f"{path}/following/{other}")
        case "accept":
            await http.put(f"{path}/followers/{other}")
        case "block":
            await http.put(f"{path}/blocks/{other}")
        case "unblock":
            await http.delete(f"{path}/blocks/{other}")
        case "mute":
            await http.put(f"{path}/mutes/{other}")
        case "unmute":
            await http.delete(f"{path}/mutes/{other}")
        case "share":
            new = {
                "activity_id": await store_activity(api, people[one], local_date=date(2026, 6, 1), **SECRET),
                "audience": chance.choice(("me", "followers", "public")),
                "shown": [name for name in FIELDS if chance.random() < 0.5],
                "text": f"Words of {one} for @{other}",
            }
            posts[(await http.post(f"{path}/posts", json=new)).json()["id"]] = one
        case "hide" if post is not None:
            change = {"audience": chance.choice(("me", "followers"))}
            await people[posts[post]].http.patch(f"{path}/posts/{post}", json=change)
        case "comment" if post is not None:
            await http.post(f"{path}/posts/{post}/comments", json={"text": f"Said of @{other} by @{one}"})
        case "kudos" if post is not None:
            await http.put(f"{path}/posts/{post}/kudos")
        case "undo" if post is not None:
            await http.delete(f"{path}/posts/{post}/kudos")


async def test_no_notice_holds_what_is_not_for_its_reader(api: Api, push_service: PushService) -> None:
    chance = random.Random(7)
    people = {handle: await join(api, handle) for handle in ("ada", "bob", "eve")}
    browsers = {handle: await listen(person) for handle, person in people.items()}
    for one, other in permutations(people, 2):
        await befriend(people[one], people[other])
    posts: dict[str, str] = {}
    lists: dict[str, list[Any]] = {handle: [] for handle in people}
    heard = dict.fromkeys(people, 0)
    most = 0
    for step in range(STEPS):
        await act(api, people, posts, chance)
        for handle, person in people.items():
            events = await told(api, person)
            now = (await person.get("/notices"))["items"]
            if any(kind.startswith(REFRESHING) for kind, _ in events[heard[handle] :]):
                lists[handle] = now
            heard[handle] = len(events)
            assert lists[handle] == now, f"step {step}: {handle} was told of no change"
            most = max(most, len(now))
    await api.work()
    messages = {handle: push_service.read(browser) for handle, browser in browsers.items()}
    assert most >= 5
    assert sum(len(read) for read in messages.values()) >= 2
    for handle, person in people.items():
        items = (await person.get("/notices"))["items"]
        everything = json.dumps([items, messages[handle]])
        for hidden in ("Words of", "Said of", *map(str, SECRET.values())):
            assert hidden not in everything
        for item in items:
            assert (await person.http.get(f"/api/v1/community/people/{item['by']['handle']}")).status_code == 200
            if item["path"].startswith("/community/posts/"):
                assert (await person.http.get(f"/api/v1{item['path']}")).status_code == 200, item
