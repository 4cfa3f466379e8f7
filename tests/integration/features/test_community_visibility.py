"""Whatever people do to each other and to their posts, nobody receives a post or a field that is not for them.

Activities, form checks, bests and milestones of plans, each shared with oneself, followers, a club or everybody, as the
feed, the API, events, notices, push messages, share cards, public feeds, other servers and archives show them.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import numpy as np
import pytest
from sqlalchemy import update
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_community import join, store_activity, told
from tests.integration.features.test_form_checks import store_form_check
from tests.integration.features.test_milestones import DAYS, store_plan
from tests.integration.features.test_notices import listen
from tests.support.api import Api, Person
from tests.support.push_service import Browser, PushService, running_push_service

from topform.core.ids import AthleteId
from topform.features.activities.curves import pack
from topform.features.activities.tables import ActivityLegRow
from topform.features.form_checks.tables import FormCheckRow
from topform.features.privacy.registry import personal_data
from topform.features.privacy.repository import PersonalDataRepository
from topform.features.privacy.rows import line_of
from topform.platform.settings import Settings
from topform.platform.web.identity import Role
from topform.science.mean_maximal import BestCurve

PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "activity": {
        "title": ("title",),
        "distance": ("distance_m",),
        "time": ("elapsed_s", "moving_s"),
        "speed": ("speed_mean_m_s",),
        "ascent": ("ascent_m",),
        "start_time": ("started_at",),
        "load": ("load_au",),
        "heart_rate": ("hr_mean_bpm",),
        "power": ("power_mean_w",),
        "route": ("route",),
    },
    "form_check": {"count": ("rep_count",), "verdict": ("form_decision",), "time": ("duration_s",)},
    "personal_best": {"best": ("best_value",)},
    "plan_milestone": {
        "phase": ("phase",),
        "weeks": ("weeks",),
        "sessions": ("session_count",),
        "time": ("duration_s",),
    },
}
"""The fields that a post of a kind can show, and what of a snapshot each consists of."""
ALWAYS = {
    "activity": {"sport", "day"},
    "form_check": {"exercise", "day"},
    "personal_best": {"sport", "day", "best_kind", "best_duration_s"},
    "plan_milestone": {"sport", "day", "milestone"},
}
STAYS = ("personal_best", "plan_milestone")
"""Kinds that stay as they were when they were shared: a field that was hidden once is gone."""
BEST_S = 5
RIDE = "Ride, 1 June 2026"
TITLES = {
    "activity": RIDE,
    "form_check": "Push-ups, ",
    "personal_best": RIDE,
    "plan_milestone": "Phase of a plan finished (Run), ",
}
"""What a post without a title is called."""
FIRST_PLAN = date(2020, 1, 6)
AUDIENCES = ("me", "followers", "club", "club", "public")
OWNER = "ada"
STEPS, LOOK_EVERY = 84, 12
ENDS, HIDDEN, SEEN = (0, 1, 39, 40), (19, 20, 21), (*range(2, 15), *range(26, 39))
"""Points of a route of 41, one every 111 m: within 200 m of an end, in a zone around its middle, far from both."""
LABELS = {
    "distance": {"Distance"},
    "time": {"Time", "Total time"},
    "speed": {"Speed"},
    "ascent": {"Ascent"},
    "start_time": {"Start"},
    "load": {"Load"},
    "heart_rate": {"Heart rate"},
    "power": {"Power"},
    "title": set(),
    "route": set(),
    "count": {"Repetitions"},
    "verdict": {"Form"},
    "best": {"Best 0:05"},
    "phase": {"Phase"},
    "weeks": {"Weeks"},
    "sessions": {"Sessions"},
}
"""What a field is called where it is written out for feed readers."""
ACTS = {
    "publish": 6,
    "federate": 6,
    "follow": 8,
    "leave": 1,
    "block": 1,
    "unblock": 6,
    "share": 9,
    "change": 5,
    "comment": 6,
    "kudos": 4,
    "delete": 1,
    "enter": 12,
    "exit": 1,
    "remove": 1,
    "moderate": 1,
    "hide": 5,
}
"""What people do, and how often."""


@dataclass
class Shared:
    """A post as its author meant it, and what would give its words and each of its fields away."""

    author: str
    kind: str
    audience: str
    shown: set[str]
    traces: dict[str, list[str]]
    home: int = 0
    """Which number its activity has, for where its route lies."""
    is_hiding: bool = False
    """Whether its author has drawn a zone on its route, before or after writing it."""
    was_whole: bool = False
    """Whether its route was shown before that."""
    is_removed: bool = False
    """Whether a moderator took it away."""

    def shows(self, name: str) -> bool:
        """Whether a field is for whoever sees the post; its words always are."""
        return name == "words" or name in self.shown

    @property
    def way(self) -> list[str]:
        """All points of its route that are surely one or the other."""
        return places(self.home, *ENDS, *HIDDEN, *SEEN) if self.kind == "activity" else []

    @property
    def all_traces(self) -> list[str]:
        """What would give anything of it away."""
        return [*(trace for traces in self.traces.values() for trace in traces), *self.way]

    @property
    def never(self) -> list[str]:
        """What nobody but the author gets of its route: its ends, and what is hidden on it."""
        if self.kind != "activity":
            return []
        return places(self.home, *ENDS) + (
            places(self.home, *HIDDEN) if self.is_hiding or not self.shows("route") else []
        )

    @property
    def labels(self) -> set[str]:
        """What its figures are called where they are written out."""
        return set().union(
            *(LABELS[name] - ({"Total time"} if self.kind != "activity" else set()) for name in self.shown)
        )

    @property
    def columns(self) -> set[str]:
        """What its snapshot holds."""
        return ALWAYS[self.kind] | {part for name in self.shown for part in PARTS[self.kind][name]}


@dataclass
class Devices:
    """Where people are told of things, and what their browsers have read."""

    service: PushService
    browsers: dict[str, Browser]
    read: dict[str, list[dict[str, Any]]]


@dataclass
class World:
    """What people did, kept beside the server and by other means."""

    people: dict[str, Person]
    moderator: Person
    club: str
    members: set[str]
    follows: set[tuple[str, str]] = field(default_factory=set)
    blocks: set[tuple[str, str]] = field(default_factory=set)
    publishing: set[str] = field(default_factory=set)
    federating: set[str] = field(default_factory=set)
    posts: dict[str, Shared] = field(default_factory=dict)
    past: list[Shared] = field(default_factory=list)
    said: list[tuple[str, str, str]] = field(default_factory=list)
    """The post that was commented, who commented it, and what would give the comment away."""
    seen_routes: set[str] = field(default_factory=set)
    """In which states routes were looked at by others who see them."""

    def sees(self, reader: str, post: Shared) -> bool:
        if reader == post.author or post.is_removed:
            return reader == post.author
        if {(reader, post.author), (post.author, reader)} & self.blocks:
            return False
        if post.audience == "club":
            return {reader, post.author} <= self.members
        return post.audience == "public" or (post.audience == "followers" and (reader, post.author) in self.follows)

    def is_published(self, post: Shared) -> bool:
        return self.is_public(post) and post.author in self.publishing

    def is_federated(self, post: Shared) -> bool:
        return self.is_public(post) and post.author in self.federating

    def is_public(self, post: Shared) -> bool:
        return post in self.posts.values() and post.audience == "public" and not post.is_removed

    def audience(self, author: str, chance: random.Random) -> str:
        """Any audience, and the club only for who is in it."""
        found = chance.choice(AUDIENCES)
        return found if found != "club" or author in self.members else "me"

    def meant(self, audience: str) -> dict[str, str]:
        return {"audience": audience} | ({"club_id": self.club} if audience == "club" else {})


def latitude_of(number: int, step: int) -> float:
    """Where the route of an activity is after some hundred metres; no other value on the wire is like it."""
    return round(-(60 + number * 0.05 + 0.0011 + step * 0.001), 4)


def places(number: int, *steps: int) -> list[str]:
    """How points of a route look on the wire, which have four decimals, the last of them not zero."""
    return [f"{latitude_of(number, step):.4f}" for step in steps]


def values_of(number: int) -> tuple[dict[str, object], dict[str, list[str]]]:
    """Values that appear nowhere else, and how each looks on the wire."""
    own = {
        "title": f"Round the lake {number}q",
        "distance_m": 31_000.125 + number * 7,
        "elapsed_s": 3711.25 + number * 3,
        "moving_s": 3411.75 + number * 3,
        "speed_mean_m_s": 8.03125 + number / 1024,
        "ascent_m": 311.5 + number * 5.25,
        "started_at": datetime(2026, 6, 1, 4, number, 57, tzinfo=UTC),
        "load_au": 87.0625 + number * 1.5,
        "hr_mean_bpm": 141.03125 + number / 16,
        "power_mean_w": 221.015625 + number / 8,
        "route_preview": [[latitude_of(number, step), 13.4] for step in range(41)],
    }
    written = {name: f"04:{number:02d}:57" if name == "started_at" else str(value) for name, value in own.items()}
    written["route"] = ""
    traces = {name: [written[part] for part in parts] for name, parts in PARTS["activity"].items()}
    return own, {**traces, "route": places(number, *SEEN)}


async def subject(api: Api, me: Person, kind: str, number: int) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Something to share, and what would give each of its fields away."""
    if kind == "form_check":
        reps = 1_234_567_000 + number  # so many digits are in no id by chance, and are written as they are
        check = await store_form_check(api, me, b"", rep_count=reps)
        seconds = 5061.0625 + number
        async with api.resources.database.transaction() as session:
            row = update(FormCheckRow).where(FormCheckRow.id == UUID(check))
            await session.execute(row.values(duration_s=seconds))
        return {"form_check_id": check}, {"count": [str(reps)], "time": [str(seconds)], "verdict": []}
    if kind == "plan_milestone":
        first, phase, trained_s = FIRST_PLAN + timedelta(days=number * DAYS), f"phase {number}p", 7_654_300.0 + number
        plan = await store_plan(api, me, start=first, base=phase)
        await store_activity(api, me, local_date=first, sport="running", timer_s=trained_s)
        about = {"plan_id": plan, "kind": "phase", "first_day": first.isoformat()}
        return {"plan_milestone": about}, {"phase": [phase], "weeks": [], "sessions": [], "time": [str(trained_s)]}
    own, traces = values_of(number)
    streams = f"streams/{me.athlete['id']}/{number}"
    await api.resources.store.put(streams, b"")
    activity = await store_activity(api, me, local_date=date(2026, 6, 1), streams_key=streams, **own)
    if kind == "activity":
        return {"activity_id": activity}, traces
    best_w = 405.0625 + 2 * number  # above all before
    curve = pack(BestCurve(best_w + 2.0 * np.arange(BEST_S - 1, -1, -1), np.zeros(BEST_S, dtype=np.int64)))
    async with api.resources.database.transaction() as session:
        session.add(
            ActivityLegRow(
                activity_id=UUID(activity),
                leg=0,
                athlete_id=UUID(me.athlete["id"]),
                sport="cycling",
                started_at=own["started_at"],
                document={},
                power_curve=curve,
            )
        )
    return {"personal_best": {"sport": "cycling", "kind": "power_w", "duration_s": BEST_S}}, {"best": [str(best_w)]}


async def act(api: Api, world: World, chance: random.Random) -> None:
    """One random thing that people do, on the server and in the world beside it."""
    one, other = chance.sample(sorted(world.people), 2)
    me = world.people[one]
    mine = [key for key, post in world.posts.items() if post.author == one]
    seen = [key for key, post in world.posts.items() if world.sees(one, post)]
    match chance.choices(tuple(ACTS), tuple(ACTS.values()))[0]:
        case "publish":
            world.publishing ^= {one}
            profile = {"handle": one, "name": one.title(), "is_findable": True}
            profile |= {"has_public_feed": one in world.publishing}
            await me.call("PUT", "/community/me", status=200, json=profile)
        case "federate":
            world.federating ^= {one}
            await me.call("PUT", "/community/federation", status=200, json={"is_on": one in world.federating})
        case "follow" if not {(one, other), (other, one)} & world.blocks:
            await me.call("PUT", f"/community/following/{other}", status=200)
            if (one, other) not in world.follows:
                await world.people[other].call("PUT", f"/community/followers/{one}", status=200)
                world.follows.add((one, other))
        case "leave" if (one, other) in world.follows:
            await me.call("DELETE", f"/community/following/{other}", status=204)
            world.follows.discard((one, other))
        case "block" if not {(one, other), (other, one)} & world.blocks:
            await me.call("PUT", f"/community/blocks/{other}", status=204)
            world.blocks.add((one, other))
            world.follows -= {(one, other), (other, one)}
            if OWNER in (one, other):
                world.members -= {one, other} - {OWNER}
        case "unblock" if (one, other) in world.blocks:
            await me.call("DELETE", f"/community/blocks/{other}", status=204)
            world.blocks.discard((one, other))
        case "share":
            number = len(world.posts) + len(world.past)
            kind = chance.choice(("activity", "activity", "form_check", "personal_best", "plan_milestone"))
            about, traces = await subject(api, me, kind, number)
            shown, audience = chosen(kind, chance), world.audience(one, chance)
            is_hiding = kind == "activity" and chance.random() < 0.3
            if is_hiding:
                await hide(me, number)
            words = f"Words {number}w"
            new = {**about, "text": f"{words} for @{other}", "shown": sorted(shown), **world.meant(audience)}
            post = await me.call("POST", "/community/posts", status=201, json=new)
            traces["words"] = [words]
            world.posts[post["id"]] = Shared(one, kind, audience, shown, traces, home=number, is_hiding=is_hiding)
        case "change" if mine:
            key = chance.choice(mine)
            post = world.posts[key]
            shown, audience = chosen(post.kind, chance), world.audience(one, chance)
            change = {"shown": sorted(shown), **world.meant(audience)}
            await me.call("PATCH", f"/community/posts/{key}", status=200, json=change)
            post.shown = shown & post.shown if post.kind in STAYS else shown
            post.audience = audience
        case "moderate" if others := sorted(set(seen) - set(mine)):
            key = chance.choice(others)
            said = {"post_id": key, "reason": "harassment"}
            report = await me.call("POST", "/community/reports", status=201, json=said)
            verdict = {"decision": "removed", "note": "Be kind"}
            await world.moderator.call("PUT", f"/community/reports/{report['id']}", status=200, json=verdict)
            world.posts[key].is_removed = True
        case "delete" if mine:
            key = chance.choice(mine)
            await me.call("DELETE", f"/community/posts/{key}", status=204)
            world.past.append(world.posts.pop(key))
        case "comment" if seen:
            key, words = chance.choice(seen), f"Said {len(world.said)}s"
            comment = {"text": f"{words} to @{other}"}
            await me.call("POST", f"/community/posts/{key}/comments", status=201, json=comment)
            world.said.append((key, one, words))
        case "kudos" if seen:
            key = chance.choice(seen)
            if world.posts[key].author != one:
                await me.call("PUT", f"/community/posts/{key}/kudos", status=200)
        case "enter" if one not in world.members and not {(one, OWNER), (OWNER, one)} & world.blocks:
            await me.call("PUT", f"/community/clubs/{world.club}/membership", status=200)
            world.members.add(one)
        case "hide" if seen_whole := [key for key in mine if is_whole(world.posts[key])]:
            post = world.posts[chance.choice(seen_whole)]
            await hide(me, post.home)
            post.is_hiding = post.was_whole = True
        case "exit" if one in world.members - {OWNER}:
            await me.call("DELETE", f"/community/clubs/{world.club}/membership", status=204)
            world.members.discard(one)
        case "remove" if one in world.members - {OWNER}:
            path = f"/community/clubs/{world.club}/people/{one}"
            await world.people[OWNER].call("DELETE", path, status=204)
            world.members.discard(one)


def is_whole(post: Shared) -> bool:
    """Whether a route on a post has only lost its ends by now."""
    return post.shows("route") and not post.is_hiding


async def hide(me: Person, number: int) -> None:
    """Draw a zone around a place on a route; it hides nothing 450 m away, wherever its circle is moved to."""
    zone = {"name": "Home", "latitude_deg": latitude_of(number, HIDDEN[1]), "longitude_deg": 13.4, "radius_m": 150}
    await me.call("POST", "/athletes/me/privacy-zones", status=201, json=zone)


def chosen(kind: str, chance: random.Random) -> set[str]:
    return {name for name in PARTS[kind] if chance.random() < (0.8 if name == "route" else 0.4)}


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
    text = "".join(json_texts)
    for post in [*world.posts.values(), *world.past]:
        for name, traces in post.traces.items():
            is_out = name != "route" and world.is_published(post) and post.shows(name)
            for trace in traces:
                assert (trace in text) == is_out, (name, post)
        assert [trace for trace in post.way if trace in text] == [], post
    assert [trace for _, _, trace in world.said if trace in text] == [], "comments are for those who see the post here"
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
    assert [trace for _, _, trace in world.said if trace in text] == []
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


@pytest.fixture(scope="module")
def push_service() -> Iterator[PushService]:
    """The services of the browsers."""
    with running_push_service() as service:
        yield service


@pytest.fixture
def settings(database_url: str, tmp_path: Path, push_service: PushService) -> Settings:
    """Settings that lead messages to browsers to this machine."""
    return Settings(data_dir=tmp_path, database_url=database_url, push_base_url=push_service.url)


@pytest.mark.parametrize("seed", [4, 10])
async def test_no_representation_holds_what_is_not_for_the_reader(
    api: Api, push_service: PushService, seed: int
) -> None:
    federates = {"public_url": "http://localhost:8000", "federation": "loopback"}
    api.settings = api.settings.model_copy(update=federates)
    api.app.state.resources = replace(api.resources, settings=api.settings)
    chance = random.Random(seed)
    people = {handle: await join(api, handle, birth_date="1990-01-01") for handle in (OWNER, "bob", "eve", "kim")}
    new = {"name": "Lake", "joining": "open", "is_listed": True}
    club = (await people[OWNER].call("POST", "/community/clubs", status=201, json=new))["id"]
    world = World(people, await with_role(api, Role.MODERATOR), club, {OWNER})
    browsers = {handle: await listen(person) for handle, person in people.items()}
    devices = Devices(push_service, browsers, {handle: [] for handle in people})
    most_posts = most_follows = most_members = most_in_club = most_published = most_federated = messages = 0
    for step in range(1, STEPS + 1):
        await act(api, world, chance)
        if step % LOOK_EVERY == 0:
            for reader in world.people:
                await look(api, world, reader)
            most_published = max(most_published, await look_from_outside(api, world))
            most_federated = max(most_federated, await look_from_other_servers(api, world))
            messages = await look_at_notices(api, world, devices)
        most_posts = max(most_posts, len(world.posts))
        most_follows = max(most_follows, len(world.follows))
        most_members = max(most_members, len(world.members))
        most_in_club = max(most_in_club, sum(post.audience == "club" for post in world.posts.values()))
    assert most_posts >= 3
    assert most_follows >= 2
    assert most_members >= 3
    assert most_in_club >= 1
    assert most_published >= 1
    assert most_federated >= 1
    assert world.seen_routes == {"whole", "hidden before", "hidden later"}
    assert messages >= 5
    assert {post.kind for post in [*world.posts.values(), *world.past]} == PARTS.keys()
    assert len(world.said) >= 2
    for reader in world.people:
        archive = await exported_text(api, world.people[reader])
        for post in world.posts.values():
            given_away = [trace for trace in post.all_traces if trace in archive]
            assert post.author == reader or given_away == [], (reader, post)
        assert [trace for _, author, trace in world.said if author != reader and trace in archive] == [], reader
