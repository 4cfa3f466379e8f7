"""Who answered a post, or is mentioned there, hears what becomes of it, whether they follow its author or not.

Held like in `test_live_state`, for posts of random audiences: after each thing that somebody does, what a client has
once it applied the events is what it fetches, and nobody is told of a post that was never for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.integration.features.test_community import befriend, join, share, store_activity, told
from tests.integration.features.test_live_state import EACH, LISTED, Client, World, look_all, note, three_people
from tests.integration.features.test_privacy import erase
from tests.support.api import Api, Person
from tests.support.query_plans import recorded_queries, scans_without_index

NAMES = ("ada", "bob", "kim", "lee")
FOLLOWS = (("bob", "ada"), ("ada", "bob"), ("kim", "bob"))
"""Who follows whom at first; lee follows nobody, and nobody follows lee."""
AUDIENCES = ("me", "followers", "club", "public", "public", "public")
ACTS = {
    "share": 5,
    "change": 5,
    "delete": 1,
    "kudos": 6,
    "take_back": 2,
    "comment": 6,
    "edit": 2,
    "remove_comment": 2,
    "moderate": 1,
    "follow": 2,
    "part": 1,
    "unblock": 2,
    "enter": 1,
    "leave": 1,
}
STEPS = 32
FIELDS = ("title", "distance", "heart_rate", "time")
READ = frozenset({"community_posts", "community_follows", "community_blocks", "athletes"})


@dataclass
class Community(World):
    """Four people of whom only what concerns the community is fetched."""

    def places(self) -> list[tuple[str, str]]:
        posts = [(key.format(one), path.format(one)) for one in self.made["post"] for key, path in EACH["post"]]
        return [(key, path) for key in ("community", "notices") for path in LISTED[key]] + posts


async def act(world: Community, activities: dict[str, str], club: str) -> str:
    """One random thing that somebody does."""
    chance = world.chance
    who, other = chance.sample(NAMES, 2)
    post = world.any("post")
    path = f"/community/posts/{post}"
    audience = chance.choice(AUDIENCES)
    meant = {"audience": audience} | ({"club_id": club} if audience == "club" else {})
    kind = chance.choices(tuple(ACTS), tuple(ACTS.values()))[0] if post else "share"
    shown = chance.sample(FIELDS, chance.randint(0, len(FIELDS)))
    text = chance.choice(("Fine", f"With @{other}"))
    found: dict[str, Any] = {}
    if kind in ("edit", "remove_comment"):
        said = (await world.ask(who, "GET", f"{path}/comments")).get("items", [])
        found = chance.choice([one for one in said if one["may_delete"]] or [{}])
    match kind:
        case "share":
            new = {"activity_id": activities[who], "text": text, "shown": shown, **meant}
            note(world, "post", await world.ask(who, "POST", "/community/posts", json=new))
        case "change":
            await world.ask(who, "PATCH", path, json=chance.choice((meant, {"text": text}, {"shown": shown})))
        case "delete":
            await world.ask(who, "DELETE", path)
        case "kudos" | "take_back":
            await world.ask(who, "PUT" if kind == "kudos" else "DELETE", f"{path}/kudos")
        case "comment":
            await world.ask(who, "POST", f"{path}/comments", json={"text": text})
        case "edit" if found:
            await world.ask(who, "PATCH", f"/community/comments/{found['id']}", json={"text": text})
        case "remove_comment" if found:
            await world.ask(who, "DELETE", f"/community/comments/{found['id']}")
        case "moderate":
            report = await world.ask(who, "POST", "/community/reports", json={"post_id": post, "reason": "spam"})
            if report:
                verdict = {"decision": "removed", "note": "Be kind"}
                await world.moderator.call("PUT", f"/community/reports/{report['id']}", status=200, json=verdict)
        case "follow":
            await world.ask(who, "PUT", f"/community/following/{other}")
            await world.ask(other, "PUT", f"/community/followers/{who}")
        case "part":
            where = chance.choice(("following", "followers", "blocks"))
            await world.ask(who, "PUT" if where == "blocks" else "DELETE", f"/community/{where}/{other}")
        case "unblock":
            await world.ask(who, "DELETE", f"/community/blocks/{other}")
        case "enter" | "leave":
            await world.ask(who, "PUT" if kind == "enter" else "DELETE", f"/community/clubs/{club}/membership")
    return f"{kind} by {who}"


def shown_to(client: Client, posts: list[str]) -> set[str]:
    """The posts that a client was given when it asked last."""
    return {one for one in posts if client.held[f"community/post/{one}", f"/community/posts/{one}"][0] == 200}


@pytest.mark.parametrize("seed", (1, 2))
async def test_what_is_held_of_posts_is_what_a_fetch_gives(database_url: str, tmp_path: Path, seed: int) -> None:
    async with three_people(database_url, tmp_path, seed, names=NAMES, kind=Community) as world:
        assert isinstance(world, Community)
        activities = {name: await store_activity(world.api, world.clients[name].person) for name in NAMES}
        for follower, followed in FOLLOWS:
            await befriend(world.clients[follower].person, world.clients[followed].person)
        wish = {"name": "Lake", "joining": "open", "is_listed": True}
        club = (await world.ask("ada", "POST", "/community/clubs", json=wish))["id"]
        await look_all(world, NAMES)
        was_given: dict[str, set[str]] = {name: set() for name in NAMES}
        for _ in range(STEPS):
            client = world.clients[world.chance.choice(NAMES)]
            if world.chance.random() < 0.3:
                await (client.down() if client.is_up else client.up())
            done = await act(world, activities, club)
            assert await look_all(world, NAMES) == [], done
            for name, client in world.clients.items():
                was_given[name] |= shown_to(client, world.made["post"])
        for name, client in world.clients.items():
            news = [data for event, data in await told(world.api, client.person) if event.startswith("community.post_")]
            assert all(data.keys() == {"id"} for data in news)
            assert {data["id"] for data in news} <= was_given[name], name
        assert was_given["lee"] & was_given["ada"]


async def heard(api: Api, person: Person, post: str) -> list[str]:
    """The kinds of news that somebody was told of a post, the last one last."""
    return [event.rpartition("_")[2] for event, data in await told(api, person) if data == {"id": post}]


@pytest.mark.parametrize("answer", ["kudos", "comment", "mention", "mention in a comment"])
async def test_who_answered_hears_of_a_change_and_of_the_end(api: Api, answer: str) -> None:
    ada, kim, lee, max_ = [await join(api, name) for name in ("ada", "kim", "lee", "max_")]
    words = "With @lee" if answer == "mention" else "A ride"
    post = await share(ada, await store_activity(api, ada), "public", text=words)
    path = f"/community/posts/{post['id']}"
    if answer == "kudos":
        await lee.call("PUT", f"{path}/kudos", status=200)
    elif answer == "comment":
        await lee.call("POST", f"{path}/comments", status=201, json={"text": "Fine"})
    elif answer == "mention in a comment":
        await kim.call("POST", f"{path}/comments", status=201, json={"text": "Look, @lee"})
    before = await heard(api, lee, post["id"])
    assert before == ["changed"]
    await kim.call("PUT", f"{path}/kudos", status=200)
    await ada.call("PATCH", path, status=200, json={"text": "A long ride"})
    assert await heard(api, lee, post["id"]) == [*before, "changed", "changed"]
    await ada.call("DELETE", path, status=204)
    assert (await heard(api, lee, post["id"]))[-1] == ("deleted" if answer != "mention" else "changed")
    assert await heard(api, max_, post["id"]) == []


async def test_who_may_see_it_no_more_hears_that_and_then_nothing(api: Api) -> None:
    ada, lee = await join(api, "ada"), await join(api, "lee")
    post = await share(ada, await store_activity(api, ada), "public")
    path = f"/community/posts/{post['id']}"
    await lee.call("POST", f"{path}/comments", status=201, json={"text": "Fine"})
    await ada.call("PATCH", path, status=200, json={"audience": "followers"})
    assert await heard(api, lee, post["id"]) == ["changed", "changed"]
    await ada.call("PATCH", path, status=200, json={"text": "For friends"})
    await ada.call("DELETE", path, status=204)
    assert await heard(api, lee, post["id"]) == ["changed", "changed"]


@pytest.mark.parametrize("way", ["community", "account"])
async def test_who_met_somebody_below_a_post_hears_that_they_left(api: Api, way: str) -> None:
    ada, kim, lee, max_ = [await join(api, name) for name in ("ada", "kim", "lee", "max_")]
    of_ada = await share(ada, await store_activity(api, ada), "public")
    of_lee = await share(lee, await store_activity(api, lee), "public")
    for post, person in ((of_ada, kim), (of_ada, lee), (of_lee, kim)):
        await person.call("POST", f"/community/posts/{post['id']}/comments", status=201, json={"text": "Fine"})
    before = [len(await told(api, person)) for person in (ada, kim, max_)]
    await (erase(api, lee) if way == "account" else lee.call("DELETE", "/community/me", status=204))
    news = [await told(api, person) for person in (ada, kim, max_)]
    new = [[event for event, _ in all_[count:]] for all_, count in zip(news, before, strict=True)]
    assert new == [["community.relations_changed"], ["community.relations_changed"], []]
    await kim.call("GET", f"/community/posts/{of_lee['id']}", status=404)


def add_strangers(api: Api) -> None:
    """Have twenty thousand people share, follow and block each other who have to do with nobody else."""
    with psycopg.connect(api.resources.database.plain_url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            """
            CREATE TEMPORARY TABLE strangers AS
            SELECT md5('stranger' || n)::uuid AS id, md5('stranger' || n + 1)::uuid AS next
            FROM generate_series(1, 20000) n
            """
        )
        for statement in (
            """
            INSERT INTO athletes (id, email, display_name, time_zone, units, language, created_at, updated_at)
            SELECT id, id || '@example.org', 'Stranger', 'UTC', 'metric', 'en', now(), now() FROM strangers
            """,
            """
            INSERT INTO community_posts (id, athlete_id, kind, audience, text, shown, snapshot, created_at)
            SELECT id, id, 'activity', 'followers', '', '[]', '{}', now() FROM strangers
            """,
            "INSERT INTO community_follows SELECT id, next, now(), now() FROM strangers",
            "INSERT INTO community_blocks SELECT next, id, now() FROM strangers",
        ):
            connection.execute(statement)
        connection.execute("VACUUM (ANALYZE) athletes, community_posts, community_follows, community_blocks")


async def test_readers_are_found_with_one_query_by_indexes_however_many_they_are(api: Api) -> None:
    ada = await join(api, "ada")
    post = await share(ada, await store_activity(api, ada), "followers")
    add_strangers(api)
    counts = []
    for people in (("bob",), ("kim", "lee", "max_", "ned", "ola")):
        for name in people:
            await befriend(await join(api, name), ada)
        with recorded_queries(api.resources.database) as queries:
            await ada.call("PATCH", f"/community/posts/{post['id']}", status=200, json={"text": f"To {people[0]}"})
        readers = [query for query in queries if "unnest" in query.statement]
        counts.append(len(readers))
        for query in readers:
            assert await scans_without_index(api.resources.database, query, READ) == []
    assert counts == [2, 2]  # Before the change and after it.
