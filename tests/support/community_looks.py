"""Everything that people, the whole world and other servers get of a community, held against what is for them."""

from __future__ import annotations

import json
import re
from uuid import UUID
from xml.etree import ElementTree

from tests.integration.features.test_community import told
from tests.support.api import Api, Person
from tests.support.community_world import (
    HIDDEN,
    KEPT,
    OWNER,
    PARTS,
    TITLES,
    Devices,
    World,
    is_whole,
    places,
    still_of,
)
from topform.core.ids import AthleteId
from topform.features.privacy.registry import personal_data
from topform.features.privacy.repository import PersonalDataRepository
from topform.features.privacy.rows import line_of


async def look(api: Api, world: World, reader: str) -> None:
    """Everything that a person can get at, held against what is for them."""
    person = world.people[reader]
    seen = [await person.get("/community/feed", params={"limit": 50})]
    for other in world.people:
        response = await person.http.get(f"/api/v1/community/people/{other}/posts")
        hidden = bool({(reader, other), (other, reader)} & world.blocks)
        assert response.status_code == (404 if hidden else 200), (reader, other)
        seen.append(response.json())
    for key, post in world.posts.items():
        answer = await person.http.get(f"/api/v1/community/posts/{key}")
        assert answer.status_code == (200 if world.sees(reader, post) else 404), (reader, post)
        seen.append(answer.json())
        if world.sees(reader, post):
            shown = {name for name, value in answer.json()["snapshot"].items() if value is not None}
            assert shown == post.columns, (reader, post)
            world.seen_kept |= {(name, post.shows(name)) for name in KEPT & PARTS[post.kind].keys()}
        picture = await person.http.get(f"/api/v1/community/posts/{key}/video-frame")
        is_shown = world.sees(reader, post) and post.kind == "form_check" and post.shows("video_frame")
        assert picture.status_code == (200 if is_shown else 404), (reader, post)
        assert picture.content == still_of(post.home) or not is_shown, (reader, post)
        comments = await person.http.get(f"/api/v1/community/posts/{key}/comments")
        assert comments.status_code == answer.status_code, (reader, post)
        seen.append(comments.json())
        card = await person.http.get("/api/v1/community/card", params={"post_id": key, "with_route": True})
        assert card.status_code == (200 if post.author == reader else 404), (reader, post)
        if post.author == reader:
            said = {line["label"] for line in card.json()["lines"]}
            assert said == post.labels, post
            assert figures_in_alt(card.json()["alt"]) == said
        seen.append(card.json())
    hidden = bool({(reader, OWNER), (OWNER, reader)} & world.blocks)
    shared = await person.http.get(f"/api/v1/community/clubs/{world.club}/posts")
    assert shared.status_code == (404 if hidden else 200), reader
    if not hidden:
        theirs = {
            key
            for key, post in world.posts.items()
            if post.audience == "club" and {reader, post.author} <= world.members and world.sees(reader, post)
        }
        assert {post["id"] for post in shared.json()["items"]} == theirs, reader
    seen.append(shared.json())
    seen.append(await person.get("/community/removals"))
    seen.append([data for _, data in await told(api, person)])
    text = json.dumps(seen)
    for post in [*world.posts.values(), *world.past]:
        if post.author == reader:
            continue
        visible = post in world.posts.values() and world.sees(reader, post)
        for name, traces in post.traces.items():
            for trace in traces:
                assert (trace in text) == (visible and post.shows(name)), (reader, name, post)
        never = post.never if visible else post.way
        assert [trace for trace in never if trace in text] == [], (reader, post)
        if visible and post.kind == "activity" and post.shows("route") and post.is_hiding:
            world.seen_routes.add("hidden later" if post.was_whole else "hidden before")
        if visible and is_whole(post):
            world.seen_routes.add("whole")
            assert [trace for trace in places(post.home, *HIDDEN) if trace not in text] == [], (reader, post)
    for author, weight in world.weights.items():
        theirs_seen = [post for post in world.posts.values() if post.author == author and world.sees(reader, post)]
        assert author == reader or (weight in text) == any(post.shows("weight") for post in theirs_seen), author
    for key, author, trace in world.said:
        is_there = key in world.posts and world.sees(reader, world.posts[key])
        apart = bool({(reader, author), (author, reader)} & world.blocks)
        assert (trace in text) == (is_there and not apart), (reader, author, trace)


async def look_at_notices(api: Api, world: World, devices: Devices) -> int:
    """What people are told of, in the list and on their devices; return how much that is."""
    await api.work()
    for handle, person in world.people.items():
        devices.read[handle] += devices.service.read(devices.browsers[handle])
        items = (await person.get("/notices"))["items"]
        for item in items:
            if item["path"].startswith("/community/posts/"):
                assert (await person.http.get(f"/api/v1{item['path']}")).status_code == 200, (handle, item)
        text = json.dumps([items, devices.read[handle]])
        for post in [*world.posts.values(), *world.past]:
            given_away = [trace for trace in post.all_traces if trace in text]
            assert given_away == [], (handle, post)
        assert [weight for weight in world.weights.values() if weight in text] == [], handle
        assert [trace for _, _, trace in world.said if trace in text] == [], handle
    return sum(len(read) for read in devices.read.values())


async def look_from_outside(api: Api, world: World) -> int:
    """What the whole world can get at, held against what is meant for it; return how many posts that is."""
    json_texts, items = [], {}
    async with api.client() as http:
        for handle in world.people:
            for form in ("rss", "atom", "json"):
                answer = await http.get(f"/api/v1/community/people/{handle}/public.{form}")
                assert answer.status_code == (200 if handle in world.publishing else 404), (handle, form)
                if answer.status_code == 404:
                    continue
                found = items_of(form, answer.content)
                assert items.setdefault(handle, found) == found, form
                json_texts += [answer.text] if form == "json" else []
        for key in world.posts:
            assert (await http.get(f"/api/v1/community/posts/{key}/video-frame")).status_code == 401, key
    text = "".join(json_texts)
    for post in [*world.posts.values(), *world.past]:
        for name, traces in post.traces.items():
            is_out = name != "route" and world.is_published(post) and post.shows(name)
            for trace in traces:
                assert (trace in text) == is_out, (name, post)
        assert [trace for trace in post.way if trace in text] == [], post
    assert [trace for _, _, trace in world.said if trace in text] == [], "comments are for those who see the post here"
    assert [weight for weight in world.weights.values() if weight in text] == []
    out = {UUID(key): post for key, post in world.posts.items() if world.is_published(post)}
    seen = {key: item for found in items.values() for key, item in found.items()}
    assert seen.keys() == out.keys()
    for key, (title, labels) in seen.items():
        post = out[key]
        assert labels == post.labels, post
        if "title" in post.shown:
            assert title == post.traces["title"][0], post
        else:
            assert title is not None and title.startswith(TITLES[post.kind]), post
    return len(seen)


async def look_from_other_servers(api: Api, world: World) -> int:
    """What other servers can get at, held against what is meant for them; return how many posts that is."""
    await api.work()
    notes: dict[str, list[dict[str, str]]] = {}
    texts = []
    async with api.client() as http:
        for handle in world.people:
            found = await http.get("/.well-known/webfinger", params={"resource": f"acct:{handle}@localhost:8000"})
            assert found.status_code == (200 if handle in world.federating else 404), handle
            if found.status_code == 200:
                actor = (await http.get(found.json()["aliases"][0])).json()
                page = await http.get(f"{actor['outbox']}?page=true")
                assert "next" not in page.json()
                notes[handle] = [one["object"] for one in page.json()["orderedItems"]]
                texts += [found.text, json.dumps(actor), page.text]
                for note in notes[handle]:
                    alone = (await http.get(note["id"])).json()
                    assert {**alone, "@context": None} == {**note, "@context": None}
    text = "".join(texts)
    for post in [*world.posts.values(), *world.past]:
        for name, traces in post.traces.items():
            for trace in traces:
                is_meant = (
                    name in ("title", "words", "count", "phase") and world.is_federated(post) and post.shows(name)
                )
                assert (trace in text) == is_meant, (name, post)
        assert [trace for trace in post.way if trace in text] == [], post
    assert [trace for trace in [*world.weights.values(), *(said[2] for said in world.said)] if trace in text] == []
    for handle in world.people:
        meant = [post for post in world.posts.values() if world.is_federated(post) and post.author == handle]
        expected = [frozenset(post.labels) for post in meant]
        shown = [frozenset(figures(note["content"])) for note in notes.get(handle, [])]
        assert sorted(shown, key=sorted) == sorted(expected, key=sorted), handle
    return sum(len(found) for found in notes.values())


def items_of(form: str, content: bytes) -> dict[UUID, tuple[str | None, set[str]]]:
    """The title of each item of a feed and the names of its figures."""
    if form == "json":
        return {UUID(one["id"]): (one["title"], figures(one["content_html"])) for one in json.loads(content)["items"]}
    atom = "{http://www.w3.org/2005/Atom}"
    names = {"rss": ("item", "guid", "title", "description")}.get(
        form, (f"{atom}entry", f"{atom}id", f"{atom}title", f"{atom}content")
    )
    return {
        UUID(item.findtext(names[1])): (item.findtext(names[2]), figures(item.findtext(names[3]) or ""))
        for item in ElementTree.fromstring(content).iter(names[0])
    }


async def exported_text(api: Api, person: Person) -> str:
    """All that the tables of a person's archive hold."""
    athlete_id = AthleteId(UUID(person.athlete["id"]))
    async with api.resources.database.transaction() as session:
        rows = PersonalDataRepository(session, athlete_id)
        lines = [
            line_of(declared, row, athlete_id)
            for declared in personal_data().tables
            if declared.left_out is None
            async for row in rows.rows(declared)
        ]
    return b"".join(lines).decode()


def figures_in_alt(alt: str) -> set[str]:
    """The names of the figures in the text for those who do not see a card."""
    return set(re.findall(r"^(.+?): ", alt, re.MULTILINE))


def figures(html: str) -> set[str]:
    """The names of the figures in a post's text."""
    return set(re.findall(r"<li>([^<]+?): ", html))
