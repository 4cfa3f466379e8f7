"""Whoever has a post open hears that it changed, also a stranger whom no event is told; and hears nothing else.

A page holds a post with its comments. All it ever does is to fetch both again when its socket says so. After whatever
people do to each other, with connections lost and messages read late, what it holds is what a fetch gives.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_community import befriend, join, share, store_activity, told
from tests.integration.features.test_kept_here_on_posts import answer_consent, filmed, post_of
from tests.integration.features.test_live_posts import FOLLOWS, NAMES, Community, act
from tests.integration.features.test_live_state import note, three_people
from tests.integration.features.test_minors import born, set_birth_date
from tests.integration.features.test_privacy import erase
from tests.integration.features.test_privacy_zones import zone_around
from tests.support.api import Api, Person
from tests.support.community_world import weigh
from tests.support.running_server import free_port
from tests.support.serving import serving
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from topform.entrypoints.api.events import MAX_CLIENTS_PER_ATHLETE
from topform.features.community.topics import RELATIONS, post_topic
from topform.platform import watching
from topform.platform.events import TopicWatch, announce
from topform.platform.settings import Settings
from topform.platform.web.identity import Role

PATIENCE_S = 60.0
NOT_THERE = 4404
TOO_MANY = 4429
STEPS = 24
WAY = [[52.51 + 0.002 * step, 13.41 + 0.002 * step] for step in range(9)]
HALF_WAY = (52.518, 13.418)
ALL = ["distance", "weight", "route"]


@pytest.fixture(autouse=True)
def only_what_is_announced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is found by looking again after a while."""
    monkeypatch.setattr(watching, "LOOK_AGAIN_S", 3600.0)


@dataclass
class Page:
    """One post that somebody has open."""

    person: Person
    url: str
    post: str
    held: tuple[int, Any] = (0, None)
    heard: int = 0
    """How often its topics had been announced when it was last as fetched."""
    _socket: ClientConnection | None = field(default=None, repr=False)

    async def open(self) -> bool:
        """Connect and take the first message; False when there is nothing to see."""
        headers = {"Authorization": f"Bearer {self.person.token}"}
        address = f"{self.url}/api/v1/community/posts/{self.post}/live"
        self._socket = await connect(address, additional_headers=headers, proxy=None, open_timeout=PATIENCE_S)
        await self._socket.send('{"after": null}')
        return await self.hear()

    async def hear(self) -> bool:
        """Wait for a message and fetch; False when the socket closed because there is nothing to see any more."""
        assert self._socket is not None
        try:
            async with asyncio.timeout(PATIENCE_S):
                message = json.loads(await self._socket.recv())
        except ConnectionClosed as closed:
            assert closed.rcvd is not None and closed.rcvd.code == NOT_THERE
            self._socket = None
            return False
        finally:
            self.held = await self.fetched()
        assert message == {"type": "community.post_changed", "data": {"id": self.post}}
        return True

    async def close(self) -> None:
        """Lose the connection, with what was not read."""
        if self._socket is not None:
            await self._socket.close()
            self._socket = None

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._socket is not None

    async def fetched(self) -> tuple[int, Any]:
        """The post with what was said to it, as the server answers now."""
        path = f"/api/v1/community/posts/{self.post}"
        post, comments = await self.person.http.get(path), await self.person.http.get(f"{path}/comments")
        assert comments.status_code == post.status_code
        return post.status_code, (post.json(), comments.json()) if post.status_code == 200 else None

    async def until(self, fresh: tuple[int, Any]) -> None:
        """Do what messages say until what is held is what a fetch gave."""
        while self.held != fresh and await self.hear():
            pass


@dataclass
class Listening:
    """What is announced in the process of the server, in the order in which it was committed."""

    api: Api
    watches: dict[str, TopicWatch] = field(default_factory=dict)

    async def heard(self, post: str) -> int:
        """How often a post, or who may see whom, was announced by now."""
        watch = self.watches.setdefault(post, self.api.app.state.hub.watch(post_topic(UUID(post)), RELATIONS))
        return watch.heard.total()

    async def catch_up(self) -> None:
        """Wait for all that was announced before."""
        last = self.api.app.state.hub.watch(f"test.{uuid4()}")
        async with self.api.resources.database.transaction() as session:
            await announce(session, *last.topics)
        async with asyncio.timeout(PATIENCE_S):
            await last.changed()
        last.close()


async def hide_or_show(world: Community, activities: dict[str, str]) -> str:
    """Something after which posts show more or less, although nobody touched them."""
    who = world.chance.choice(NAMES[:2])
    person = world.clients[who].person
    kind = world.chance.choice(("show", "show", "consent", "zone", "no_zone", "age"))
    posts = [post for post in world.made["post"] if (await world.ask(who, "GET", f"/community/posts/{post}"))]
    match kind:
        case "show" if posts:
            await world.ask(who, "PATCH", f"/community/posts/{world.chance.choice(posts)}", json={"shown": ALL})
        case "show":
            new = {"activity_id": activities[who], "audience": "public", "shown": ALL}
            note(world, "post", await world.ask(who, "POST", "/community/posts", json=new))
        case "consent":
            await answer_consent(person, "body_and_wellness", is_given=world.chance.random() < 0.5)
        case "zone":
            await zone_around(person, *HALF_WAY)
        case "no_zone":
            for zone in (await person.get("/athletes/me/privacy-zones"))["items"]:
                await person.call("DELETE", f"/athletes/me/privacy-zones/{zone['id']}", status=204)
        case _:
            years = world.chance.choice((15, 17, 30, 30))
            path = f"/admin/accounts/{person.athlete['id']}/birth-date"
            await world.moderator.call("PUT", path, status=200, json={"birth_date": born(years)})
    return f"{kind} by {who}"


@pytest.mark.parametrize("seed", (1, 2))
async def test_what_a_page_holds_is_what_a_fetch_gives(database_url: str, tmp_path: Path, seed: int) -> None:
    """Random audiences, followers and strangers, blocks, clubs, moderators, zones, consents and ages."""
    async with three_people(database_url, tmp_path, seed, names=NAMES, kind=Community) as world:
        assert isinstance(world, Community)
        world.moderator = await with_role(world.api, Role.ADMIN)
        api, chance = world.api, world.chance
        activities = {name: await store_activity(api, world.clients[name].person, route_preview=WAY) for name in NAMES}
        for name in NAMES:
            await weigh(api, world.clients[name].person, 71.5, since=date(2026, 5, 1))
        for follower, followed in FOLLOWS:
            await befriend(world.clients[follower].person, world.clients[followed].person)
        wish = {"name": "Lake", "joining": "open", "is_listed": True}
        club = (await world.ask("ada", "POST", "/community/clubs", json=wish))["id"]
        for shown in (ALL, ["title"]):
            about = {"activity_id": activities["ada"], "audience": "public", "shown": shown}
            note(world, "post", await world.ask("ada", "POST", "/community/posts", json=about))
        listening, pages = Listening(api), dict[tuple[str, str], Page]()
        changes = 0
        for _ in range(STEPS):
            for page in pages.values():
                if chance.random() < 0.1:
                    await page.close()
            by_chance = chance.random() < 0.3
            done = await (hide_or_show(world, activities) if by_chance else act(world, activities, club))
            await listening.catch_up()
            for post in world.made["post"][:12]:
                heard = await listening.heard(post)
                for name in NAMES:
                    client = world.clients[name]
                    page = pages.setdefault((name, post), Page(client.person, client.url, post))
                    fresh = await page.fetched()
                    if not page.is_open:
                        assert await page.open() == (fresh[0] == 200), (done, name)
                    elif chance.random() < 0.3:
                        continue  # What was sent is read late, together with what comes next.
                    elif page.held != fresh:
                        assert heard > page.heard, (done, name)
                        await page.until(fresh)
                        changes += 1
                    assert page.held == fresh, (done, name)
                    page.heard = heard
        for page in pages.values():
            await page.close()
        assert changes > STEPS


@asynccontextmanager
async def opened(api: Api, reader: Person, post: str) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Have somebody open a post; what is given waits for the next message and says whether there was one."""
    watcher = api.app.state.open_posts.enter(UUID(post), UUID(reader.athlete["id"]))

    async def hears() -> bool:
        async with asyncio.timeout(PATIENCE_S):
            return await watcher.next() is not None

    assert await hears()
    yield hears
    watcher.close()


async def test_a_stranger_hears_of_everything_that_becomes_of_a_post(api: Api) -> None:
    ada, kim = await join(api, "ada", birth_date="1990-01-01"), await join(api, "kim")
    lee = await join(api, "lee")
    await weigh(api, ada, 71.5, since=date(2026, 5, 1))
    post = await share(ada, await store_activity(api, ada, route_preview=WAY), "public", shown=ALL)
    path = f"/community/posts/{post['id']}"
    said = dict[str, str]()

    async def comments() -> None:
        comment = await kim.call("POST", f"{path}/comments", status=201, json={"text": "Fine"})
        said["path"] = f"/community/comments/{comment['id']}"

    changes: list[Callable[[], Awaitable[Any]]] = [
        lambda: kim.call("PUT", f"{path}/kudos", status=200),
        lambda: kim.call("DELETE", f"{path}/kudos", status=200),
        comments,
        lambda: kim.call("PATCH", said["path"], status=200, json={"text": "Very fine"}),
        lambda: kim.call("DELETE", said["path"], status=204),
        lambda: ada.call("PATCH", path, status=200, json={"text": "Other words"}),
        lambda: ada.call("PATCH", path, status=200, json={"shown": ["weight", "route"]}),
        lambda: answer_consent(ada, "body_and_wellness", is_given=False),
        lambda: answer_consent(ada, "body_and_wellness", is_given=True),
        lambda: zone_around(ada, *HALF_WAY),
        lambda: set_birth_date(api, ada, born(17)),
        lambda: set_birth_date(api, ada, born(30)),
        lambda: ada.call("PUT", "/community/me", status=200, json={"handle": "ada", "name": "A", "is_findable": True}),
    ]
    before = await told(api, lee)
    async with opened(api, lee, post["id"]) as hears:
        held = await lee.get(path), await lee.get(f"{path}/comments")
        for number, change in enumerate(changes):
            await change()
            before_it, held = held, (await lee.get(path), await lee.get(f"{path}/comments"))
            assert held != before_it, number
            assert await hears(), number
        assert await told(api, lee) == before, "no event is told to somebody who only looks"


@pytest.mark.parametrize("way", ["audience", "deletion", "block", "activity", "leaving", "account", "age", "moderator"])
async def test_a_page_closes_when_there_is_nothing_to_see_any_more(api: Api, way: str) -> None:
    ada, lee = await join(api, "ada", birth_date="1990-01-01"), await join(api, "lee")
    activity = await store_activity(api, ada)
    post = await share(ada, activity, "public")
    path = f"/community/posts/{post['id']}"
    async with opened(api, lee, post["id"]) as hears:
        match way:
            case "audience":
                await ada.call("PATCH", path, status=200, json={"audience": "followers"})
            case "deletion":
                await ada.call("DELETE", path, status=204)
            case "block":
                await ada.call("PUT", "/community/blocks/lee", status=204)
            case "activity":
                await ada.call("DELETE", f"/activities/{activity}", status=204)
            case "leaving":
                await ada.call("DELETE", "/community/me", status=204)
            case "account":
                await erase(api, ada)
            case "age":
                await set_birth_date(api, ada, born(15))
            case _:
                report = {"post_id": post["id"], "reason": "spam"}
                made = await lee.call("POST", "/community/reports", status=201, json=report)
                verdict = {"decision": "removed", "note": "Be kind"}
                moderator = await with_role(api, Role.MODERATOR)
                await moderator.call("PUT", f"/community/reports/{made['id']}", status=200, json=verdict)
        assert not await hears()
    await lee.call("GET", path, status=404)


async def test_who_meets_somebody_hears_that_they_are_younger_than_was_said_and_older_again(api: Api) -> None:
    names = ("ada", "bob", "cyd", "dan", "eve", "fay", "gus")
    ada, bob, cyd, dan, eve, fay, gus = [await join(api, name) for name in names]
    await befriend(
        bob, ada
    )  # bob follows, cyd is in the club, dan competes, eve answered, fay is mentioned, gus only looks
    club = await ada.call(
        "POST", "/community/clubs", status=201, json={"name": "Lake", "joining": "open", "is_listed": True}
    )
    await cyd.call("PUT", f"/community/clubs/{club['id']}/membership", status=200)
    day = datetime.now(UTC).date().isoformat()
    wish = {"title": "June", "kind": "push_ups", "first_day": day, "last_day": day, "audience": "public"}
    challenge = (await ada.call("POST", "/community/challenges", status=201, json=wish))["id"]
    await dan.call("PUT", f"/community/challenges/{challenge}/entry", status=200, json={})
    post = await share(ada, await store_activity(api, ada), "public", text="With @fay")
    await eve.call("PUT", f"/community/posts/{post['id']}/kudos", status=200)

    async def new(person: Person) -> list[str]:
        return [event for event, _ in await told(api, person)]

    for years, others in ((30, 0), (15, 1), (15, 1), (17, 2), (30, 3), (None, 3)):
        before = {person.athlete["id"]: len(await new(person)) for person in (ada, bob, cyd, dan, eve, fay, gus)}
        seen = len(await new(bob))
        await set_birth_date(api, ada, None if years is None else born(years))
        heard = {
            person.athlete["id"]: (await new(person))[before[person.athlete["id"]] :]
            for person in (bob, cyd, dan, eve, fay)
        }
        is_other = len(await new(bob)) > seen
        assert all(events == (["community.relations_changed"] if is_other else []) for events in heard.values()), years
        assert ("athlete.age_changed" in (await new(ada))[before[ada.athlete["id"]] :]) == is_other
        assert len(await new(gus)) == before[gus.athlete["id"]]
        assert (await new(ada)).count("athlete.age_changed") == others, years


async def test_a_coach_hears_that_the_rules_for_minors_decide_anew(api: Api, person: Person) -> None:
    coach = await api.sign_up()
    code = (await person.call("POST", "/coaching/invitations", status=201, json={"scopes": ["plan"]}))["code"]
    await coach.call("POST", "/coaching/athletes", status=201, json={"code": code})
    before = [len(await told(api, one)) for one in (person, coach)]
    await set_birth_date(api, person, born(14))
    assert (await coach.get("/coaching/athletes"))["items"] == []
    new = [
        [event for event, _ in await told(api, one)][count:] for one, count in zip((person, coach), before, strict=True)
    ]
    assert new == [["athlete.updated", "athlete.age_changed", "coaching.changed"], ["coaching.changed"]]


async def test_a_socket_opens_for_whom_a_fetch_answers_and_not_too_often(database_url: str, tmp_path: Path) -> None:
    port = free_port()
    url = f"ws://127.0.0.1:{port}"
    settings = Settings(data_dir=tmp_path, database_url=database_url, port=port)
    async with serving(settings, ws="websockets-sansio") as api:
        people = {
            name: await join(api, name, address=f"10.7.1.{n}") for n, name in enumerate(("ada", "bob", "eve", "kim"))
        }
        ada, bob, eve = (people[name] for name in ("ada", "bob", "eve"))
        await befriend(bob, ada)
        activity = await store_activity(api, ada)
        posts = {audience: (await share(ada, activity, audience))["id"] for audience in ("me", "followers", "public")}
        set_ = await post_of(ada, await filmed(api, ada), "public", shown=["count", "video_frame"])
        await ada.call("PUT", "/community/blocks/kim", status=204)
        moderator = await with_role(api, Role.MODERATOR)
        readers = {**people, "moderator": moderator}
        may = {"me": {"ada"}, "followers": {"ada", "bob"}, "public": {"ada", "bob", "eve", "moderator"}}
        for audience, post in [*posts.items(), ("public", set_["id"]), ("nobody", str(uuid4()))]:
            for name, reader in readers.items():
                page = Page(reader, url, post)
                assert await page.open() == (name in may.get(audience, set())), (audience, name)
                assert (page.held[0] == 200) == (name in may.get(audience, set())), (audience, name)
                await page.close()
        address = f"{url}/api/v1/community/posts/{posts['public']}/live"
        form = {"name": "Events only", "scopes": ["events:read"]}
        token = (await eve.call("POST", "/accounts/me/tokens", status=201, json=form))["token"]
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Bearer {token}"}):
            with pytest.raises(InvalidStatus) as refused:
                await connect(address, additional_headers=headers, proxy=None, open_timeout=PATIENCE_S)
            assert refused.value.response.status_code == 401
        pages = [Page(eve, url, posts["public"]) for _ in range(MAX_CLIENTS_PER_ATHLETE)]
        for page in pages:
            assert await page.open()
        headers = {"Authorization": f"Bearer {eve.token}"}
        async with connect(address, additional_headers=headers, proxy=None, open_timeout=PATIENCE_S) as socket:
            await socket.send('{"after": null}')
            with pytest.raises(ConnectionClosed) as closed:
                async with asyncio.timeout(PATIENCE_S):
                    await socket.recv()
            assert closed.value.rcvd is not None and closed.value.rcvd.code == TOO_MANY
        for page in pages:
            await page.close()
