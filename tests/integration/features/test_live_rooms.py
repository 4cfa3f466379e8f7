"""Rooms: who comes in, what they show and to whom, and that what comes on the socket is what a fetch gives."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from tests.integration.features.test_clubs import OPEN, found_club
from tests.integration.features.test_clubs import enter as enter_club
from tests.integration.features.test_coaches import coach_of
from tests.integration.features.test_community import befriend, join, told
from tests.support.api import Api, Person

from topform.core.ids import AthleteId
from topform.features.athletes.tables import AthleteRow
from topform.features.live_rooms.jobs import tidy_rooms
from topform.features.live_rooms.tables import LiveRoomCheerRow, LiveRoomPersonRow, LiveRoomRow
from topform.features.privacy.erasing import erase_account
from topform.platform.watching import Watcher

REFETCHING = ("community.", "coaching.", "athlete.")
"""Events after which the app asks for the list of rooms again."""
EVERYTHING = ["count", "elapsed", "heart_rate", "zone", "speed", "power"]
VALUES = {"count": 9, "elapsed_s": 61, "hr_bpm": 151, "zone": 4, "speed_m_s": 3.5, "power_w": 240}


async def friends(*people: Person) -> None:
    for one in people:
        for other in people:
            if one is not other:
                await befriend(one, other)


async def open_room(person: Person, audience: str = "friends", **more: Any) -> str:
    wish = {"name": "At six", "audience": audience, **more}
    return str((await person.call("POST", "/community/rooms", status=201, json=wish))["id"])


async def enter(person: Person, room: str, *shares: str, status: int = 200, **more: Any) -> dict[str, Any]:
    entry = {"text_version": "1", **({"shares": list(shares)} if shares else {}), **more}
    return dict(await person.call("PUT", f"/community/rooms/{room}/presence", status=status, json=entry))


async def say(person: Person, room: str, seq: int, *, status: int = 200, **values: Any) -> dict[str, Any]:
    said = {"seq": seq, **values}
    return dict(await person.call("PUT", f"/community/rooms/{room}/state", status=status, json=said))


async def rooms_of(person: Person) -> list[dict[str, Any]]:
    return list((await person.get("/community/rooms"))["items"])


async def seen(person: Person, room: str) -> dict[str, dict[str, Any]]:
    found = await person.get(f"/community/rooms/{room}")
    return {one["handle"]: one for one in found["people"]}


def shown(person: dict[str, Any]) -> dict[str, Any]:
    return {name: person[name] for name in VALUES if person[name] is not None}


@contextmanager
def watching(api: Api, person: Person, room: str) -> Iterator[Watcher]:
    watcher = api.app.state.live_rooms.enter(UUID(room), UUID(person.athlete["id"]))
    yield watcher
    watcher.close()


async def until_as_fetched(watcher: Watcher, person: Person, room: str) -> dict[str, Any]:
    """Read messages until one says what a fetch says; what came before was older and is replaced."""
    async with asyncio.timeout(60):
        while True:
            message = json.loads(str(await watcher.next()))
            assert message["type"] == "community.room"
            fetched = await person.get(f"/community/rooms/{room}")
            if {**message["data"], "as_of": None} == {**fetched, "as_of": None}:
                return dict(message["data"])


async def until_over(watcher: Watcher) -> None:
    async with asyncio.timeout(60):
        while await watcher.next() is not None:
            pass


# ---- who comes in ---------------------------------------------------------------------------------------------------


async def test_a_room_is_open_to_whom_it_is_for_and_to_nobody_else(api: Api) -> None:
    ada, bob, eve = [await join(api, name) for name in ("ada", "bob", "eve")]
    await befriend(eve, ada)  # Eve follows Ada, who does not follow back.
    await friends(ada, bob)
    room = await open_room(ada)
    (listed,) = await rooms_of(bob)
    assert listed == listed | {
        "id": room,
        "name": "At six",
        "owner": {"handle": "ada", "name": "Ada"},
        "is_yours": False,
        "is_inside": False,
        "people": [],
    }
    assert await rooms_of(eve) == []
    await enter(eve, room, status=404)
    # Who is not inside sees nothing of what is done there.
    await bob.get(f"/community/rooms/{room}", status=404)
    await say(bob, room, 1, count=3, status=404)
    assert [one["handle"] for one in (await enter(bob, room))["people"]] == ["bob"]
    assert [one["handle"] for one in (await enter(ada, room))["people"]] == ["bob", "ada"]
    assert (await rooms_of(bob))[0]["people"] == [{"handle": "bob", "name": "Bob"}, {"handle": "ada", "name": "Ada"}]
    # What ends the friendship ends the visit.
    with watching(api, bob, room) as watcher:
        await until_as_fetched(watcher, bob, room)
        await ada.call("DELETE", "/community/following/bob", status=204)
        await until_over(watcher)
    assert await rooms_of(bob) == []
    assert list(await seen(ada, room)) == ["ada"]
    await bob.call("DELETE", f"/community/rooms/{room}", status=404)
    await ada.call("DELETE", f"/community/rooms/{room}", status=204)
    await ada.get(f"/community/rooms/{room}", status=404)


async def test_rooms_of_a_club_and_of_a_coach(api: Api) -> None:
    ada, bob, eve = [await join(api, name) for name in ("ada", "bob", "eve")]
    club = await found_club(ada, **OPEN)
    await enter_club(club, bob)
    room = await open_room(bob, "club", club_id=club)
    assert [one["club"]["name"] for one in await rooms_of(ada)] == ["Lake runners"]
    assert await rooms_of(eve) == []
    await eve.call("POST", "/community/rooms", status=404, json={"name": "x", "audience": "club", "club_id": club})
    await bob.call("POST", "/community/rooms", status=422, json={"audience": "club"})
    await bob.call("DELETE", f"/community/clubs/{club}/membership", status=204)
    assert await rooms_of(ada) == []
    assert len(await rooms_of(bob)) == 1
    await bob.call("DELETE", f"/community/rooms/{room}", status=204)

    coach = await coach_of(api, ada, "plan")
    await coach.call("PUT", "/community/me", status=200, json={"handle": "coach", "name": "Coach"})
    group = await open_room(coach, "coaching")
    assert [one["id"] for one in await rooms_of(ada)] == [group]
    await enter(ada, group, "heart_rate")
    await say(ada, group, 1, **VALUES)
    await enter(coach, group)
    with watching(api, coach, group) as watcher, watching(api, ada, group) as other:
        people = (await until_as_fetched(watcher, coach, group))["people"]
        assert [(one["handle"], shown(one)) for one in people] == [("ada", {"hr_bpm": 151}), ("coach", {})]
        await ada.call("DELETE", f"/coaching/coaches/{coach.athlete['id']}", status=204)
        await until_over(other)
        assert [one["handle"] for one in (await until_as_fetched(watcher, coach, group))["people"]] == ["coach"]
    assert await rooms_of(ada) == []


async def test_a_link_opens_the_door_for_a_while_and_who_came_by_it_stays(api: Api) -> None:
    ada, bob, eve = [await join(api, name, findable=False) for name in ("ada", "bob", "eve")]
    room = await open_room(ada, "invited")
    path = f"/community/rooms/{room}"
    await bob.call("PUT", f"{path}/link", status=404, json={"minutes": 30})
    old = (await ada.call("PUT", f"{path}/link", status=200, json={}))["code"]
    code = (await ada.call("PUT", f"{path}/link", status=200, json={"minutes": 30}))["code"]
    await bob.call("POST", f"{path}/door", status=404, json={"code": old})
    door = await bob.call("POST", f"{path}/door", status=200, json={"code": code.upper()})
    assert (door["owner"]["name"], door["is_inside"]) == ("Ada", False)
    await enter(bob, room, status=404)
    await enter(bob, room, code=old, status=404)
    await enter(bob, room, code=code)
    # The code is known to nobody but who holds it.
    async with api.resources.database.transaction() as session:
        assert code.encode() not in (await session.execute(select(LiveRoomRow.code_sha256))).scalar_one()
        past = api.resources.clock.now() - timedelta(seconds=1)
        await session.execute(update(LiveRoomRow).values(code_expires_at=past))
    await enter(eve, room, code=code, status=404)
    assert [one["handle"] for one in (await enter(bob, room, "zone"))["people"]] == ["bob"]
    # Whom the owner puts out does not come in again, not even by a new link.
    await enter(ada, room)
    await ada.call("DELETE", f"{path}/people/ada", status=422)
    with watching(api, bob, room) as watcher:
        await until_as_fetched(watcher, bob, room)
        await ada.call("DELETE", f"{path}/people/bob", status=204)
        await until_over(watcher)
    code = (await ada.call("PUT", f"{path}/link", status=200, json={}))["code"]
    assert (await ada.get(path))["link_expires_at"] is not None
    await enter(bob, room, code=code, status=404)
    await ada.call("DELETE", f"{path}/link", status=204)
    assert (await ada.get(path))["link_expires_at"] is None
    await enter(eve, room, code=code, status=404)


async def test_below_eighteen_only_with_friends_and_ones_coach_and_below_sixteen_not_at_all(api: Api) -> None:
    today = api.resources.clock.now().date()
    ada, eve = await join(api, "ada"), await join(api, "eve")
    kim = await join(api, "kim", birth_date=today.replace(year=today.year - 17, day=1).isoformat())
    room = await open_room(ada, "invited")
    code = (await ada.call("PUT", f"/community/rooms/{room}/link", status=200, json={}))["code"]
    await enter(kim, room, code=code, status=404)
    club = await found_club(ada, **OPEN)
    await enter_club(club, kim)
    of_club = await open_room(ada, "club", club_id=club)
    assert await rooms_of(kim) == []
    for audience in ({"audience": "invited"}, {"audience": "club", "club_id": club}):
        assert (await kim.call("POST", "/community/rooms", status=403, json=audience))["code"] == "too_young"
    await friends(ada, kim)
    assert [one["id"] for one in await rooms_of(kim)] == [of_club]
    await enter(kim, room, code=code)
    own = await open_room(kim)
    assert (await kim.call("PUT", f"/community/rooms/{own}/link", status=403, json={}))["code"] == "too_young"
    assert own in [one["id"] for one in await rooms_of(ada)]
    assert own not in [one["id"] for one in await rooms_of(eve)]
    coach = await coach_of(api, kim, "plan")
    await coach.call("PUT", "/community/me", status=200, json={"handle": "coach", "name": "Coach"})
    group = await open_room(coach, "coaching")
    await enter(kim, group)
    # Somebody who turns out to be younger is gone from every room.
    async with api.resources.database.transaction() as session:
        young = update(AthleteRow).where(AthleteRow.id == UUID(kim.athlete["id"]))
        await session.execute(young.values(birth_date=today - timedelta(days=15 * 365)))
    assert await rooms_of(kim) == []
    await enter(kim, own, status=403)
    await say(kim, group, 1, count=1, status=404)


async def test_blocks_part_two_people_in_both_directions_in_everybodys_room(api: Api) -> None:
    ada, bob, eve = [await join(api, name) for name in ("ada", "bob", "eve")]
    await friends(ada, bob, eve)
    room = await open_room(ada)
    for person in (ada, bob, eve):
        await enter(person, room, "count")
        await say(person, room, 1, count=5)
    await bob.call("POST", f"/community/rooms/{room}/cheers", status=201, json={"to": "eve"})
    await eve.call("POST", f"/community/rooms/{room}/cheers", status=201, json={})
    with watching(api, bob, room) as first, watching(api, eve, room) as second:
        await until_as_fetched(first, bob, room)
        await until_as_fetched(second, eve, room)
        await bob.call("PUT", "/community/blocks/eve", status=204)
        by_bob = await until_as_fetched(first, bob, room)
        by_eve = await until_as_fetched(second, eve, room)
    assert [one["handle"] for one in by_bob["people"]] == ["ada", "bob"]
    assert [one["handle"] for one in by_eve["people"]] == ["ada", "eve"]
    assert by_bob["cheers"] == []
    assert [one["by"]["handle"] for one in by_eve["cheers"]] == ["eve"]
    assert list(await seen(ada, room)) == ["ada", "bob", "eve"]
    await bob.call("POST", f"/community/rooms/{room}/cheers", status=404, json={"to": "eve"})
    assert [one["people"] for one in await rooms_of(eve)] == [
        [{"handle": "ada", "name": "Ada"}, {"handle": "eve", "name": "Eve"}]
    ]
    # The owner's block shuts the door, whoever of the two wanted it.
    with watching(api, eve, room) as watcher:
        await eve.call("PUT", "/community/blocks/ada", status=204)
        await until_over(watcher)
    assert await rooms_of(eve) == []
    assert list(await seen(ada, room)) == ["ada", "bob"]


# ---- what is shown --------------------------------------------------------------------------------------------------


async def test_only_what_was_agreed_to_is_kept_and_what_is_withdrawn_is_gone_at_once(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await friends(ada, bob)
    room = await open_room(ada)
    assert (await enter(ada, room))["people"][0]["shares"] == ["count", "elapsed"]
    await enter(bob, room)
    assert await say(ada, room, 1, **VALUES) == {"seq": 1, "shares": ["count", "elapsed"], "is_watching_only": False}
    assert shown((await seen(bob, room))["ada"]) == {"count": 9, "elapsed_s": 61}
    async with api.resources.database.transaction() as session:
        assert (await session.execute(select(func.max(LiveRoomPersonRow.hr_bpm)))).scalar_one() is None
    with watching(api, bob, room) as watcher:
        await enter(ada, room, *EVERYTHING)
        await say(ada, room, 2, **VALUES)
        while shown((await until_as_fetched(watcher, bob, room))["people"][0]) != VALUES:
            pass
        await enter(ada, room, "count")
        while shown((await until_as_fetched(watcher, bob, room))["people"][0]) != {"count": 9}:
            pass
    async with api.resources.database.transaction() as session:
        assert (await session.execute(select(func.max(LiveRoomPersonRow.hr_bpm)))).scalar_one() is None
    # There is no place for a place, and no agreement by silence.
    for said in ({"latitude_deg": 47.1}, {"hr_bpm": 900}, {"zone": 0}, {"speed_m_s": -1}, {"count": 1.5}):
        await say(ada, room, 3, status=422, **said)
    await ada.call("PUT", f"/community/rooms/{room}/presence", status=422, json={"shares": ["count"]})


async def test_messages_that_come_late_twice_or_in_disorder_change_nothing(api: Api) -> None:
    chance = random.Random(11)
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await friends(ada, bob)
    room = await open_room(ada)
    for person in (ada, bob):
        await enter(person, room, "count", "zone")
    messages = [{"seq": number, "count": number * 2, "zone": 1 + number % 5} for number in range(1, 9)]
    arriving = [*messages, *chance.sample(messages, 4)]
    chance.shuffle(arriving)
    newest = 0
    with watching(api, bob, room) as watcher:
        for message in arriving:
            answer = await say(ada, room, **message)
            newest = max(newest, message["seq"])
            assert answer["seq"] == newest
            found = (await seen(bob, room))["ada"]
            assert (found["seq"], found["count"]) == (newest, newest * 2)
        last = await until_as_fetched(watcher, bob, room)
        assert (last["people"][0]["count"], last["people"][0]["zone"]) == (16, 4)
    # A client that was away sees the same with its first message.
    with watching(api, bob, room) as watcher:
        assert (await until_as_fetched(watcher, bob, room))["people"] == last["people"]
    # Coming in again on another device goes on from the number that the server knows.
    assert next(one for one in (await enter(ada, room, "count"))["people"] if one["is_you"])["seq"] == 8


async def test_who_may_not_train_watches_and_shows_nothing(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await friends(ada, bob)
    room = await open_room(ada)
    for person in (ada, bob):
        await enter(person, room, *EVERYTHING)
    await say(ada, room, 1, **VALUES)
    await say(bob, room, 1, **VALUES)
    with watching(api, bob, room) as watcher:
        await until_as_fetched(watcher, bob, room)
        await ada.call("POST", "/readiness/red-flag", status=200, json={"symptoms": ["chest_pain"]})
        people = (await until_as_fetched(watcher, bob, room))["people"]
        assert [shown(one) for one in people] == [{}, VALUES]
    assert (await say(ada, room, 2, **VALUES))["is_watching_only"] is True
    found = await seen(bob, room)
    assert (shown(found["ada"]), found["ada"]["seq"]) == ({}, 2)
    # The others are not told why.
    assert "watching" not in json.dumps(found)
    assert shown((await seen(ada, room))["bob"]) == VALUES


async def test_more_than_about_one_message_a_second_is_refused(api: Api) -> None:
    ada = await join(api, "ada")
    room = await open_room(ada)
    await enter(ada, room)
    answers = [
        await ada.http.put(f"/api/v1/community/rooms/{room}/state", json={"seq": seq, "count": seq})
        for seq in range(1, 18)
    ]
    assert [one.status_code for one in answers] == [200] * 15 + [429] * 2
    assert answers[-1].json()["code"] == "rate_limited"
    assert (await seen(ada, room))["ada"]["count"] == 15


async def test_cheers_reach_those_who_are_there(api: Api) -> None:
    ada, bob, eve = [await join(api, name) for name in ("ada", "bob", "eve")]
    await friends(ada, bob, eve)
    room = await open_room(ada)
    for person in (ada, bob):
        await enter(person, room)
    path = f"/community/rooms/{room}/cheers"
    await eve.call("POST", path, status=404, json={})
    await bob.call("POST", path, status=404, json={"to": "eve"})
    await bob.call("POST", path, status=422, json={"to": "bob"})
    with watching(api, ada, room) as watcher:
        await until_as_fetched(watcher, ada, room)
        cheer = await bob.call("POST", path, status=201, json={"to": "ada"})
        assert (await until_as_fetched(watcher, ada, room))["cheers"] == [cheer]
        await ada.call("POST", path, status=201, json={})
        assert [one["to"] for one in (await until_as_fetched(watcher, ada, room))["cheers"]] == [None, cheer["to"]]
        # With who leaves go the cheers from and for them.
        await bob.call("DELETE", f"/community/rooms/{room}/presence", status=204)
        assert [one["by"]["handle"] for one in (await until_as_fetched(watcher, ada, room))["cheers"]] == ["ada"]


# ---- what remains ---------------------------------------------------------------------------------------------------


class Later:
    """A clock that runs ahead."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        """Return the moment."""
        return self._now


async def count_rows(api: Api) -> tuple[int, int, int]:
    async with api.resources.database.transaction() as session:
        numbers = [
            await session.scalar(select(func.count()).select_from(table))
            for table in (LiveRoomRow, LiveRoomPersonRow, LiveRoomCheerRow)
        ]
    return (numbers[0] or 0, numbers[1] or 0, numbers[2] or 0)


async def test_nothing_of_a_room_remains(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await friends(ada, bob)
    for end in ("closed", "silent", "erased", "left the community"):
        room = await open_room(ada)
        for person in (ada, bob):
            await enter(person, room, *EVERYTHING)
        await say(bob, room, 1, **VALUES)
        await bob.call("POST", f"/community/rooms/{room}/cheers", status=201, json={})
        assert await count_rows(api) == (1, 2, 1)
        match end:
            case "closed":
                await ada.call("DELETE", f"/community/rooms/{room}", status=204)
            case "silent":
                ahead = api.resources.clock.now() + timedelta(hours=1, minutes=1)
                assert await tidy_rooms(replace(api.resources, clock=Later(ahead))) == 0
                assert await count_rows(api) == (1, 0, 0)
                ahead += timedelta(hours=2)
                assert await tidy_rooms(replace(api.resources, clock=Later(ahead))) == 1
            case "erased":
                await bob.call("DELETE", f"/community/rooms/{room}/presence", status=204)
                assert await count_rows(api) == (1, 1, 0)
                await enter(bob, room, *EVERYTHING)
                with watching(api, bob, room) as watcher:
                    await until_as_fetched(watcher, bob, room)
                    await ada.call("DELETE", "/community/me", status=204)
                    await until_over(watcher)
                await ada.call("PUT", "/community/me", status=200, json={"handle": "ada", "name": "Ada"})
                await friends(ada, bob)
            case _:
                with watching(api, ada, room) as watcher:
                    await until_as_fetched(watcher, ada, room)
                    await erase_account(api.resources, AthleteId(UUID(bob.athlete["id"])))
                    assert [one["handle"] for one in (await until_as_fetched(watcher, ada, room))["people"]] == ["ada"]
                await ada.call("DELETE", f"/community/rooms/{room}", status=204)
        assert await count_rows(api) == (0, 0, 0)


async def test_the_list_of_rooms_changes_with_an_event_and_only_so(api: Api) -> None:
    """Whatever anybody does, who asks again only when told to has what a fetch gives."""
    chance = random.Random(5)
    people = [await join(api, name) for name in ("ada", "bob", "cyd", "dan")]
    await friends(*people[:3])
    club = await found_club(people[0], **OPEN)
    held = [(await rooms_of(person), len(await told(api, person))) for person in people]
    opened: list[tuple[Person, str]] = []
    for _ in range(24):
        person, other = chance.sample(people, 2)
        handle = str((await other.get("/community/me"))["profile"]["handle"])
        match chance.choice(("open", "open", "enter", "enter", "leave", "close", "follow", "block", "club")):
            case "open":
                wish = chance.choice(({"audience": "friends"}, {"audience": "club", "club_id": club}))
                answer = await person.http.post("/api/v1/community/rooms", json=wish)
                if answer.status_code == 201:
                    opened.append((person, answer.json()["id"]))
            case "enter" if opened:
                entry = {"text_version": "1"}
                await person.http.put(f"/api/v1/community/rooms/{chance.choice(opened)[1]}/presence", json=entry)
            case "leave" if opened:
                await person.http.delete(f"/api/v1/community/rooms/{chance.choice(opened)[1]}/presence")
            case "close" if opened:
                owner, room = opened.pop(chance.randrange(len(opened)))
                await owner.call("DELETE", f"/community/rooms/{room}", status=204)
            case "follow":
                await person.http.put(f"/api/v1/community/following/{handle}")
                own = str((await person.get("/community/me"))["profile"]["handle"])
                await other.http.put(f"/api/v1/community/followers/{own}")
            case "block":
                method = chance.choice(("PUT", "DELETE"))
                await person.http.request(method, f"/api/v1/community/blocks/{handle}")
            case "club":
                method = chance.choice(("PUT", "PUT", "DELETE"))
                await person.http.request(method, f"/api/v1/community/clubs/{club}/membership")
            case _:
                pass
        for index, one in enumerate(people):
            events = await told(api, one)
            before, heard = held[index]
            now = await rooms_of(one)
            is_told = any(kind.startswith(REFETCHING) for kind, _ in events[heard:])
            assert is_told or now == before, (index, before, now)
            held[index] = (now, len(events))
    assert any(rooms for rooms, _ in held)


@pytest.mark.parametrize("field", ["email", "time_zone", "birth_date", "athlete_id"])
async def test_a_room_says_nothing_of_a_person_but_what_they_chose(api: Api, field: str) -> None:
    ada, bob = await join(api, "ada", birth_date="1990-05-04"), await join(api, "bob")
    await friends(ada, bob)
    room = await open_room(ada)
    await enter(ada, room)
    await enter(bob, room)
    texts = [json.dumps(await bob.get(f"/community/rooms/{room}")), json.dumps(await rooms_of(bob))]
    assert not any(field in text or str(ada.athlete.get(field, ada.athlete["id"])) in text for text in texts)
