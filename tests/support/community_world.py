"""People who follow, block, share and moderate at random, and what each may see of that, kept by other means."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import update

from tests.integration.features.test_community import store_activity
from tests.integration.features.test_form_checks import store_form_check
from tests.integration.features.test_milestones import DAYS, store_plan
from tests.support.api import Api, Person
from tests.support.push_service import Browser, PushService
from topform.core.ids import AthleteId
from topform.features.activities.curves import pack
from topform.features.activities.tables import ActivityLegRow
from topform.features.athletes.public import set_parameter
from topform.features.form_checks.tables import FormCheckRow
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
        "weight": ("mass_kg",),
    },
    "form_check": {
        "count": ("rep_count",),
        "verdict": ("form_decision",),
        "time": ("duration_s",),
        "weight": ("mass_kg",),
        "video_frame": ("video_frame",),
    },
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
KEPT = {"weight", "video_frame"}
"""Fields beside the route that only those get who read the post on this server."""
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
    "weight": set(),
    "video_frame": set(),
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
    """The post that was commented, "" once the comment is deleted, who commented it, and what would give it away."""
    weights: dict[str, str] = field(default_factory=dict)
    """What each person weighs, as it looks on the wire; nothing else does."""
    seen_routes: set[str] = field(default_factory=set)
    """In which states routes were looked at by others who see them."""
    seen_kept: set[tuple[str, bool]] = field(default_factory=set)
    """Weights and pictures that were looked for by others who see the post, and whether they were to be there."""

    def sees(self, reader: str, post: Shared) -> bool:
        if reader == post.author or post.is_removed:
            return reader == post.author
        if {(reader, post.author), (post.author, reader)} & self.blocks:
            return False
        if post.audience == "club":
            return {reader, post.author} <= self.members
        return post.audience == "public" or (post.audience == "followers" and (reader, post.author) in self.follows)

    def part(self, one: str, other: str) -> None:
        """Know that what either said below the other's posts is deleted for good."""
        for place, (key, author, trace) in enumerate(self.said):
            if key in self.posts and {author, self.posts[key].author} == {one, other}:
                self.said[place] = ("", author, trace)

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
    traces = {name: [written[part] for part in parts if part in written] for name, parts in PARTS["activity"].items()}
    return own, {**traces, "route": places(number, *SEEN)}


def still_of(number: int) -> bytes:
    """The picture of a form check."""
    return f"Still {number}s".encode()


async def weigh(api: Api, person: Person, mass_kg: float | None, *, since: date) -> None:
    """Put a weight into somebody's profile from a day on."""
    async with api.resources.database.transaction() as session:
        await set_parameter(
            session,
            AthleteId(UUID(person.athlete["id"])),
            "mass_kg",
            valid_from=since,
            value=mass_kg,
            origin="entered",
            now=api.resources.clock.now(),
        )


async def weigh_all(api: Api, world: World) -> None:
    """Have everybody say what they weigh."""
    for number, (handle, person) in enumerate(sorted(world.people.items())):
        mass_kg = 77.0078125 + 2 * number
        await weigh(api, person, mass_kg, since=FIRST_PLAN)
        world.weights[handle] = str(mass_kg)


async def subject(api: Api, me: Person, kind: str, number: int) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Something to share, and what would give each of its fields away."""
    if kind == "form_check":
        reps = 1_234_567_000 + number  # so many digits are in no id by chance, and are written as they are
        check = await store_form_check(api, me, b"", rep_count=reps)
        key = f"form-checks/{me.athlete['id']}/{check}.jpg"
        await api.resources.store.put(key, still_of(number))
        seconds = 5061.0625 + number
        async with api.resources.database.transaction() as session:
            row = update(FormCheckRow).where(FormCheckRow.id == UUID(check))
            await session.execute(row.values(duration_s=seconds, thumbnail_key=key))
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
            world.part(one, other)
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
