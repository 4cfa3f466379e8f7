"""Whoever applies events to what was fetched has what fetching afresh gives, over a real socket.

A client here holds what the app asks for, under the keys of the app's cache. What an event makes stale it takes from
the app itself (`staleAfter.json`), so that a key missing there is found by what it leaves outdated.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_community import join
from tests.integration.features.test_minors import born
from tests.integration.features.test_privacy import archive_of, erase
from tests.support.api import PASSWORD, Api, Person
from tests.support.live_sets import live_set
from tests.support.running_server import free_port
from tests.support.serving import serving
from tests.support.workouts import MORNING, Ride
from websockets.asyncio.client import ClientConnection, connect

from topform.platform.events import EventRow
from topform.platform.settings import Settings
from topform.platform.web.identity import Role

STALE: dict[str, list[str]] = json.loads(
    (Path(__file__).parents[3] / "app/src/realtime/staleAfter.json").read_text(encoding="utf-8")
)
TODAY = datetime.now(UTC).date()
LISTED: dict[str, tuple[str, ...]] = {
    "me": ("/athletes/me",),
    "erasure": ("/account/erasure",),
    "jobs": ("/jobs?limit=20",),
    "activities": ("/activities?limit=30", "/activities?limit=1", "/activities?limit=30&sport=cycling"),
    "connections": ("/connections",),
    "form-checks": ("/form-checks?limit=30", "/form-checks/label-requests"),
    "fitness": ("/fitness?from=2026-05-01", "/fitness/curve?sport=cycling&metric=power", "/predictions/fitness"),
    "predictions": ("/predictions?distance_m=10000", "/predictions/record", "/predictions/response"),
    "readiness": ("/readiness", "/readiness/reports", "/readiness/warnings"),
    "plan": ("/plans/current", "/plans/proposals?status=open", "/plans/history", "/plans/life", "/calendar/addresses"),
    "wellness": ("/wellness?from=2026-05-01&to=2026-07-31", "/wellness/priorities"),
    "thresholds": ("/athletes/me/thresholds", "/athletes/me/zones?sport=cycling"),
    "community": (
        "/community/me",
        "/community/feed",
        "/community/followers",
        "/community/following",
        "/community/requests",
        "/community/blocks",
        "/community/clubs?which=mine",
        "/community/challenges",
        "/community/removals",
    ),
    "community/rooms": ("/community/rooms",),
    "notices": ("/notices", "/notices/settings"),
    "segments": ("/segments",),
    "coaching": ("/coaching/coaches", "/coaching/groups"),
    "privacy-zones": ("/athletes/me/privacy-zones",),
    "consents": ("/consents",),
}
"""What the app asks for, under the key that it holds it by; not what a coach sees of others, which no event tells."""
EACH: dict[str, tuple[tuple[str, str], ...]] = {
    "activity": (("activity/{}", "/activities/{}"), ("activity/{}", "/activities/{}/sources")),
    "form_check": (("form-check/{}", "/form-checks/{}"),),
    "plan": (
        ("plan/race-time/{}", "/plans/{}/race-time"),
        ("plan/milestones/{}", "/plans/{}/milestones"),
        ("plan/adherence/{}", f"/plans/{{}}/adherence?from={TODAY - timedelta(days=14)}&to={TODAY}"),
    ),
    "post": (("community/post/{}", "/community/posts/{}"), ("community/post/{}", "/community/posts/{}/comments")),
    "club": (
        ("community/club/{}", "/community/clubs/{}"),
        ("community/club/{}", "/community/clubs/{}/people"),
        ("community/club/{}", "/community/clubs/{}/posts"),
    ),
    "segment": (
        ("segments/one/{}", "/segments/{}"),
        ("segments/one/{}", "/segments/{}/efforts"),
        ("segments/one/{}", "/segments/{}/board"),
    ),
    "connection": (("connections/{}", "/connections/{}"),),
}
"""What it asks for of one thing; boards of challenges and rooms come on sockets of their own."""
STEPS, LOOK_EVERY = 16, 8
PEOPLE = ("ada", "bob", "kim")


JOBS = ("jobs", "/jobs?limit=20")


def with_job(held: Any, job: dict[str, Any]) -> Any:
    """The list with the job as it is told, unless it is known to be further; None, to be fetched, for a new one."""
    status, page = (None, None) if held is None else held
    if page is None or job["id"] not in [one["id"] for one in page["items"]]:
        return None
    items = [job if one["id"] == job["id"] and one["updated_at"] <= job["updated_at"] else one for one in page["items"]]
    return status, {**page, "items": items}


def is_under(key: str, prefix: str) -> bool:
    """Whether a key of the app's cache is one of those below a prefix."""
    return prefix in ("", key) or key.startswith(prefix + "/")


def clubs_of_strangers(state: dict[tuple[str, str], Any]) -> set[str]:
    """The keys of clubs that the viewer has nothing to do with: who only looks at one is told nothing of it."""
    pages = [(key, held[1]) for (key, _), held in state.items() if key.startswith("community/club/") and held]
    return {key for key, club in pages if club and club.get("standing") == "none"}


def posts_of_strangers(state: dict[tuple[str, str], Any]) -> set[str]:
    """The keys of public posts that somebody only looks at: they neither follow the author nor answered, and nobody
    mentions them there, so that they are told nothing of it.
    """
    (_, me), (_, following) = (state["community", f"/community/{part}"] for part in ("me", "following"))
    handle = me["profile"]["handle"] if me and me["profile"] else None
    authors = (
        {person["handle"] for person in following["items"] if person["following"] == "yes"} if following else set()
    )
    found = set()
    for (key, path), (_, post) in state.items():
        if not key.startswith("community/post/") or path.endswith("/comments") or post is None:
            continue
        comments = (state[key, f"{path}/comments"][1] or {"items": []})["items"]
        is_in = post["is_own"] or post["gave_kudos"] or any(one["is_own"] for one in comments)
        mentions = {name for said in (post, *comments) for name in said["mentions"]}
        if post["audience"] == "public" and not is_in and handle not in mentions:
            found |= set() if post["author"]["handle"] in authors else {key}
    return found


def stale_keys(event: dict[str, Any]) -> list[str]:
    """The prefixes of the keys that an event makes stale."""
    return [key.replace(":id", str(event["data"].get("id", ""))) for key in STALE[event["type"]]]


@dataclass
class Client:
    """A client of somebody, with what it fetched, and what its socket told since then."""

    person: Person
    url: str
    name: str
    held: dict[tuple[str, str], Any] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    last_id: int | None = None
    _socket: ClientConnection | None = None

    async def up(self) -> None:
        """Connect, from the last event on."""
        headers = {"Authorization": f"Bearer {self.person.token}"}
        self._socket = await connect(f"{self.url}/api/v1/events", additional_headers=headers, proxy=None)
        await self._socket.send(json.dumps({"after": self.last_id}))

    async def down(self) -> None:
        """Lose the connection, with all that was not read."""
        assert self._socket is not None
        await self._socket.close()
        self._socket = None

    @property
    def is_up(self) -> bool:
        """Whether there is a connection."""
        return self._socket is not None

    async def hear_one(self) -> None:
        """Read the next event."""
        assert self._socket is not None
        async with asyncio.timeout(30):
            event = json.loads(await self._socket.recv())
        self.last_id = event["id"]
        self.heard.append(event)

    async def hear(self, newest: int) -> None:
        """Read events until the newest of the server is there."""
        while (self.last_id or 0) < newest:
            await self.hear_one()

    async def look(self, world: World) -> list[tuple[str, str, list[str]]]:
        """Apply what was heard to what is held, and return what then differs from what a fetch gives."""
        events = [*self.heard, *(one for one in self.heard if world.chance.random() < 0.2)]
        world.chance.shuffle(events)
        stale = {key for event in events for key in stale_keys(event)}
        state = dict(self.held)
        for event in events:
            if event["type"] == "job.updated":
                state[JOBS] = with_job(state.get(JOBS), event["data"])
        self.heard.clear()
        fresh = await self.fetched(world.places())
        strangers = clubs_of_strangers(self.held) | clubs_of_strangers(fresh) | posts_of_strangers(self.held)
        outdated = [
            (self.name, path, sorted({event["type"] for event in events}))
            for (key, path), value in fresh.items()
            if (key, path) in state
            and state[key, path] not in (value, None)
            and not any(is_under(key, prefix) for prefix in stale)
            and key not in strangers
        ]
        self.held = fresh
        return outdated

    async def fetched(self, places: list[tuple[str, str]]) -> dict[tuple[str, str], Any]:
        """What the server answers now."""
        found = {}
        for key, path in places:
            answer = await self.person.http.get(f"/api/v1{path}")
            found[key, path] = (answer.status_code, answer.json() if answer.status_code == 200 else None)
        return found


@dataclass
class World:
    """Three people who know each other, and what they made."""

    api: Api
    clients: dict[str, Client]
    chance: random.Random
    moderator: Person
    made: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in (*EACH, "challenge", "room")})
    rides: int = 0

    def any(self, kind: str) -> str | None:
        """Something of a kind that somebody made, gone or not."""
        return self.chance.choice(self.made[kind]) if self.made[kind] else None

    def places(self) -> list[tuple[str, str]]:
        """All that a client asks for."""
        each = [(k.format(i), p.format(i)) for kind, pairs in EACH.items() for i in self.made[kind] for k, p in pairs]
        return [(key, path) for key, paths in LISTED.items() for path in paths] + each

    async def ask(self, who: str, method: str, path: str, **options: Any) -> dict[str, Any]:
        """The answer to a request that may be refused, but never fails."""
        answer = await self.clients[who].person.http.request(method, f"/api/v1{path}", **options)
        assert answer.status_code < 500, (method, path, answer.text)
        found = answer.json() if answer.is_success and answer.content else {}
        return found if isinstance(found, dict) else {}


def note(world: World, kind: str, made: dict[str, Any]) -> None:
    """Remember something that was made."""
    if "id" in made:
        world.made[kind].append(made["id"])


async def uploads(world: World, who: str, other: str) -> None:
    world.rides += 1
    content = Ride(started_at=MORNING + timedelta(days=world.rides), seconds=700).as_fit()
    job = await world.ask(who, "POST", "/activities/uploads", files={"file": ("ride.fit", content)})
    await world.api.work()
    for file in (await world.ask(who, "GET", f"/jobs/{job['id']}"))["result"]["files"]:
        world.made["activity"] += file["activity_ids"]


async def separates_two_recordings(world: World, who: str, other: str) -> None:
    world.rides += 1
    ride = Ride(started_at=MORNING + timedelta(days=world.rides), seconds=700)
    for name, content in (("ride.fit", ride.as_fit()), ("ride.tcx", ride.as_tcx())):
        job = await world.ask(who, "POST", "/activities/uploads", files={"file": (name, content)})
        await world.api.work()
    (file,) = (await world.ask(who, "GET", f"/jobs/{job['id']}"))["result"]["files"]
    for activity in file["activity_ids"]:
        sources = (await world.ask(who, "GET", f"/activities/{activity}/sources"))["items"]
        await world.ask(who, "POST", f"/activities/{activity}/split", json={"source_id": sources[-1]["id"]})


async def changes_an_activity(world: World, who: str, other: str) -> None:
    if activity := world.any("activity"):
        change = world.chance.choice(
            ({"title": f"Ride {world.rides}"}, {"rpe_cr10": world.chance.randint(1, 9)}, {"sport": "running"})
        )
        await world.ask(who, "PATCH", f"/activities/{activity}", json=change)


async def deletes_an_activity(world: World, who: str, other: str) -> None:
    if activity := world.any("activity"):
        await world.ask(who, "DELETE", f"/activities/{activity}")


async def changes_several(world: World, who: str, other: str) -> None:
    items = [{"id": one, "title": "Together"} for one in world.made["activity"][-3:]]
    await world.ask(who, "POST", "/activities/changes", json={"items": items})


async def recomputes(world: World, who: str, other: str) -> None:
    await world.ask(who, "POST", "/activities/recompute", json={"metric": "weighted_power_w"})


async def changes_themselves(world: World, who: str, other: str) -> None:
    change = world.chance.choice(({"ftp_w": world.chance.randint(180, 260)}, {"units": "imperial"}, {"mass_kg": 70.5}))
    await world.ask(who, "PATCH", "/athletes/me", json=change)


async def corrects_their_age(world: World, who: str, other: str) -> None:
    known = (await world.ask(who, "GET", "/athletes/me"))["birth_date"]
    await world.ask(
        who, "PATCH", "/athletes/me", json={"birth_date": born(17) if known == "1990-01-01" else "1990-01-01"}
    )


async def sets_a_threshold(world: World, who: str, other: str) -> None:
    path = f"/athletes/me/thresholds/ftp_w/2026-06-{world.chance.randint(1, 28):02d}"
    await world.ask(who, "PUT", path, json={"value": 200.0 + world.chance.randint(1, 60)})


async def tells_of_the_day(world: World, who: str, other: str) -> None:
    day = TODAY - timedelta(days=world.chance.randint(0, 2))
    await world.ask(who, "PUT", f"/wellness/{day}", json={"resting_hr_bpm": world.chance.randint(44, 60)})
    await world.ask(who, "PUT", "/wellness/2026-06-02", json={"sleep_s": 27000 + world.chance.randint(0, 900)})


async def prefers_sources(world: World, who: str, other: str) -> None:
    sources = world.chance.choice((["garmin", "oura"], ["oura", "garmin"]))
    await world.ask(who, "PUT", "/wellness/priorities/resting_hr_bpm", json={"sources": sources})


async def has_symptoms(world: World, who: str, other: str) -> None:
    await world.ask(who, "POST", "/readiness/red-flag", json={"symptoms": ["chest_pain"]})


async def was_looked_at(world: World, who: str, other: str) -> None:
    await world.ask(who, "POST", "/readiness/red-flag/clear", json={"was_looked_at": True})


async def reports_pain(world: World, who: str, other: str) -> None:
    await world.ask(who, "POST", "/readiness/reports", json={"pain": {"site": "knee", "level": 4}})


async def has_a_plan_made(world: World, who: str, other: str) -> None:
    start = TODAY - timedelta(days=14)
    document = {
        "athlete": {"sport": "cycling", "experience": "intermediate", "ctl": 40, "threshold": {"power_w": 220}},
        "goal": {
            "type": "race",
            "sport": "cycling",
            "distance_m": 100_000,
            "date": (start + timedelta(days=48)).isoformat(),
        },
        "start": start.isoformat(),
        "available_minutes": dict(
            zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), (0, 60, 75, 60, 45, 120, 150), strict=True)
        ),
    }
    with world.api.on(start):
        job = await world.ask(who, "POST", "/plans", json={"request": document})
        await world.api.work()
    result = (await world.ask(who, "GET", f"/jobs/{job['id']}"))["result"] if job else None
    if result:
        note(world, "plan", {"id": result["plan_id"]})


async def asks_for_a_review(world: World, who: str, other: str) -> None:
    await world.ask(who, "POST", "/plans/review")


async def accepts_a_proposal(world: World, who: str, other: str) -> None:
    found = await world.ask(who, "GET", "/plans/proposals?status=open")
    for proposal in found.get("items", [])[:1]:
        await world.ask(who, "POST", f"/plans/proposals/{proposal['id']}/accept")


async def turns_a_proposal_down(world: World, who: str, other: str) -> None:
    found = await world.ask(who, "GET", "/plans/proposals?status=open")
    for proposal in found.get("items", [])[:1]:
        path = f"/plans/proposals/{proposal['id']}/reject"
        await world.ask(who, "POST", path, json={"dont_ask_again": False})


async def takes_a_change_back(world: World, who: str, other: str) -> None:
    await world.ask(who, "POST", "/plans/undo")


async def tells_of_an_illness(world: World, who: str, other: str) -> None:
    since = world.chance.choice((None, {"since": TODAY.isoformat()}))
    await world.ask(who, "PUT", "/plans/life", json={"illness": since})


async def tells_how_a_session_was(world: World, who: str, other: str) -> None:
    plan = await world.ask(who, "GET", "/plans/current")
    sessions = [one for day in plan.get("document", {}).get("days", []) for one in day["sessions"]]
    if sessions:
        path = f"/plans/{plan['id']}/sessions/{world.chance.choice(sessions[:6])['id']}/feedback"
        await world.ask(who, "PUT", path, json={"rpe_cr10": world.chance.randint(2, 9)})


async def says_what_became_of_a_session(world: World, who: str, other: str) -> None:
    plan = await world.ask(who, "GET", "/plans/current")
    sessions = [one for day in plan.get("document", {}).get("days", []) for one in day["sessions"]]
    if sessions:
        path = f"/plans/{plan['id']}/sessions/{world.chance.choice(sessions[:6])['id']}/mark"
        await world.ask(who, "PUT", path, json={"mark": world.chance.choice(("done", "skipped", None))})


async def counts_push_ups(world: World, who: str, other: str) -> None:
    note(world, "form_check", await world.ask(who, "POST", "/form-checks/live", json=live_set(5)))


async def rates_a_set(world: World, who: str, other: str) -> None:
    if check := world.any("form_check"):
        await world.ask(who, "PUT", f"/form-checks/{check}/set", json={"rpe_cr10": world.chance.randint(2, 9)})


async def deletes_a_form_check(world: World, who: str, other: str) -> None:
    if check := world.any("form_check"):
        await world.ask(who, "DELETE", f"/form-checks/{check}")


async def follows(world: World, who: str, other: str) -> None:
    await world.ask(who, "PUT", f"/community/following/{other}")
    await world.ask(other, "PUT", f"/community/followers/{who}")


async def asks_to_follow(world: World, who: str, other: str) -> None:
    await world.ask(who, "PUT", f"/community/following/{other}")


async def parts(world: World, who: str, other: str) -> None:
    path = world.chance.choice(("following", "followers", "blocks"))
    await world.ask(who, "PUT" if path == "blocks" else "DELETE", f"/community/{path}/{other}")


async def unblocks(world: World, who: str, other: str) -> None:
    await world.ask(who, "DELETE", f"/community/blocks/{other}")


async def mutes(world: World, who: str, other: str) -> None:
    await world.ask(who, world.chance.choice(("PUT", "DELETE")), f"/community/mutes/{other}")


async def renames_themselves(world: World, who: str, other: str) -> None:
    profile = {"handle": who, "name": f"{who} {world.chance.randint(1, 99)}", "is_findable": True}
    await world.ask(who, "PUT", "/community/me", json=profile)


async def shares(world: World, who: str, other: str) -> None:
    about = {"activity_id": world.any("activity")} if world.chance.random() < 0.6 else {}
    about = about or {"form_check_id": world.any("form_check")}
    club = world.any("club")
    audience = world.chance.choice(("me", "followers", "followers", "club", "public"))
    meant = {"audience": audience} | ({"club_id": club} if audience == "club" else {})
    meant |= {"shown": ["distance", "route", "weight"]} if "activity_id" in about else {"shown": ["count", "weight"]}
    note(world, "post", await world.ask(who, "POST", "/community/posts", json={**about, **meant, "text": f"@{other}!"}))


async def draws_a_zone(world: World, who: str, other: str) -> None:
    zone = {"name": "On every ride", "latitude_deg": 47.0432, "longitude_deg": 8.0, "radius_m": 150}
    await world.ask(who, "POST", "/athletes/me/privacy-zones", json=zone)


async def hides_a_route_that_was_shown(world: World, who: str, other: str) -> None:
    await uploads(world, who, other)
    about = {"activity_id": world.made["activity"][-1], "audience": "followers", "shown": ["route"]}
    note(world, "post", await world.ask(who, "POST", "/community/posts", json=about))
    await draws_a_zone(world, who, other)


async def takes_a_zone_away(world: World, who: str, other: str) -> None:
    for zone in (await world.ask(who, "GET", "/athletes/me/privacy-zones")).get("items", [])[:1]:
        await world.ask(who, "DELETE", f"/athletes/me/privacy-zones/{zone['id']}")


async def answers_a_consent(world: World, who: str, other: str) -> None:
    said = {"is_given": world.chance.random() < 0.5, "text_version": "1"}
    await world.ask(who, "PUT", "/consents/body_and_wellness", json=said)


async def changes_a_post(world: World, who: str, other: str) -> None:
    if post := world.any("post"):
        audiences = [{"audience": audience} for audience in ("me", "followers", "public")]
        change = world.chance.choice((*audiences, {"text": "Other"}, {"shown": []}))
        await world.ask(who, "PATCH", f"/community/posts/{post}", json=change)


async def deletes_a_post(world: World, who: str, other: str) -> None:
    if post := world.any("post"):
        await world.ask(who, "DELETE", f"/community/posts/{post}")


async def gives_kudos(world: World, who: str, other: str) -> None:
    if post := world.any("post"):
        method = world.chance.choice(("PUT", "PUT", "DELETE"))
        await world.ask(who, method, f"/community/posts/{post}/kudos")


async def comments(world: World, who: str, other: str) -> None:
    if post := world.any("post"):
        said = await world.ask(who, "POST", f"/community/posts/{post}/comments", json={"text": f"Well done @{other}"})
        if said and world.chance.random() < 0.5:
            method = world.chance.choice(("PATCH", "DELETE"))
            body = {"json": {"text": "Good"}} if method == "PATCH" else {}
            await world.ask(who, method, f"/community/comments/{said['id']}", **body)


async def founds_a_club(world: World, who: str, other: str) -> None:
    wish = {"name": f"Lake {len(world.made['club'])}", "joining": "open", "is_listed": True}
    note(world, "club", await world.ask(who, "POST", "/community/clubs", json=wish))


async def enters_or_leaves_a_club(world: World, who: str, other: str) -> None:
    if club := world.any("club"):
        method = world.chance.choice(("PUT", "PUT", "DELETE"))
        await world.ask(who, method, f"/community/clubs/{club}/membership")


async def runs_a_club(world: World, who: str, other: str) -> None:
    if club := world.any("club"):
        path = f"/community/clubs/{club}"
        match world.chance.choice(("rename", "appoint", "ban", "close")):
            case "rename":
                await world.ask(who, "PATCH", path, json={"name": f"Hill {world.chance.randint(1, 99)}"})
            case "appoint":
                await world.ask(who, "PUT", f"{path}/people/{other}", json={"standing": "moderator"})
            case "ban":
                await world.ask(who, "PUT", f"{path}/people/{other}", json={"standing": "banned"})
            case _:
                await world.ask(who, "DELETE", path)


async def challenges(world: World, who: str, other: str) -> None:
    day = TODAY
    wish = {
        "title": "Most push-ups",
        "kind": "push_ups",
        "first_day": (day - timedelta(days=2)).isoformat(),
        "last_day": (day + timedelta(days=5)).isoformat(),
        "audience": "followers",
    }
    made = await world.ask(who, "POST", "/community/challenges", json=wish)
    note(world, "challenge", made)
    if made:
        await world.ask(who, "PUT", f"/community/challenges/{made['id']}/invitations/{other}")


async def takes_part(world: World, who: str, other: str) -> None:
    if challenge := world.any("challenge"):
        method = world.chance.choice(("PUT", "PUT", "DELETE"))
        body = {"json": {}} if method == "PUT" else {}
        await world.ask(who, method, f"/community/challenges/{challenge}/entry", **body)


async def ends_a_challenge(world: World, who: str, other: str) -> None:
    if challenge := world.any("challenge"):
        await world.ask(who, "DELETE", f"/community/challenges/{challenge}")


async def opens_a_room(world: World, who: str, other: str) -> None:
    wish = {"name": "At six", "audience": "friends"}
    note(world, "room", await world.ask(who, "POST", "/community/rooms", json=wish))


async def goes_in_or_out(world: World, who: str, other: str) -> None:
    if room := world.any("room"):
        path = f"/community/rooms/{room}"
        match world.chance.choice(("in", "in", "out", "close")):
            case "in":
                await world.ask(who, "PUT", f"{path}/presence", json={"text_version": "1"})
            case "out":
                await world.ask(who, "DELETE", f"{path}/presence")
            case _:
                await world.ask(who, "DELETE", path)


async def cuts_a_segment(world: World, who: str, other: str) -> None:
    order = {"name": "Long road", "activity_id": world.any("activity"), "start_s": 250.0, "end_s": 500.0}
    note(world, "segment", await world.ask(who, "POST", "/segments", json=order))


async def cuts_what_they_rode(world: World, who: str, other: str) -> None:
    await uploads(world, who, other)
    order = {"name": "My road", "activity_id": world.made["activity"][-1], "start_s": 250.0, "end_s": 500.0}
    note(world, "segment", await world.ask(who, "POST", "/segments", json=order))


async def changes_a_segment(world: World, who: str, other: str) -> None:
    if segment := world.any("segment"):
        path = f"/segments/{segment}"
        match world.chance.choice(("share", "rename", "join", "delete")):
            case "share":
                await world.ask(who, "PATCH", path, json={"audience": "followers"})
            case "rename":
                await world.ask(who, "PATCH", path, json={"name": f"Road {world.chance.randint(1, 99)}"})
            case "join":
                await world.ask(who, "PUT", f"{path}/membership", json={"shares_efforts": True})
            case _:
                await world.ask(who, "DELETE", path)


async def lets_a_coach_in(world: World, who: str, other: str) -> None:
    order = {"scopes": ["numbers", "activities", "plan"]}
    code = (await world.ask(who, "POST", "/coaching/invitations", json=order)).get("code")
    await world.ask(other, "POST", "/coaching/athletes", json={"code": code})


async def changes_coaching(world: World, who: str, other: str) -> None:
    path = f"/coaching/coaches/{world.clients[other].person.athlete['id']}"
    match world.chance.choice(("scopes", "end", "group")):
        case "scopes":
            await world.ask(who, "PUT", path, json={"scopes": ["numbers"]})
        case "end":
            await world.ask(who, "DELETE", path)
        case _:
            await world.ask(who, "POST", "/coaching/groups", json={"name": f"Group {world.chance.randint(1, 999)}"})


async def reads_notices(world: World, who: str, other: str) -> None:
    await world.ask(who, "POST", "/notices/read", json={})


async def sets_notices(world: World, who: str, other: str) -> None:
    wish = {"digest": "at_once", "digest_min": 1080, "hides_text": world.chance.random() < 0.5, "off": []}
    wish |= {"quiet_hours": {"from_min": 1320, "to_min": 420}, "reminder_min": world.chance.randint(300, 420)}
    await world.ask(who, "PUT", "/notices/settings", json=wish)


async def connects_a_folder(world: World, who: str, other: str) -> None:
    note(world, "connection", await world.ask(who, "POST", "/connections/folder", json={}))


async def looks_or_disconnects(world: World, who: str, other: str) -> None:
    if connection := world.any("connection"):
        method, path = world.chance.choice((("POST", "/looks"), ("DELETE", "")))
        await world.ask(who, method, f"/connections/{connection}{path}")


async def wants_to_leave(world: World, who: str, other: str) -> None:
    me = world.clients[who].person.athlete
    await world.ask(who, "POST", "/account/erasure", json={"confirm_email": me["email"], "password": PASSWORD})


async def stays(world: World, who: str, other: str) -> None:
    await world.ask(who, "DELETE", "/account/erasure")


async def shares_a_set(world: World, who: str, other: str) -> None:
    check = await world.ask(who, "POST", "/form-checks/live", json=live_set(5))
    about = {"form_check_id": check["id"], "audience": "followers"}
    note(world, "post", await world.ask(who, "POST", "/community/posts", json=about))


async def moderates(world: World, who: str, other: str) -> None:
    if post := world.any("post"):
        said = {"post_id": post, "reason": "harassment"}
        report = await world.ask(who, "POST", "/community/reports", json=said)
        if report:
            verdict = {"decision": "removed", "note": "Be kind"}
            path = f"/community/reports/{report['id']}"
            await world.moderator.call("PUT", path, status=200, json=verdict)


async def takes_everything_away(world: World, who: str, other: str) -> None:
    for kind, path in (("post", "/community/posts"), ("club", "/community/clubs"), ("connection", "/connections")):
        for one in world.made[kind]:
            await world.ask(who, "DELETE", f"{path}/{one}")


ACTS: dict[Callable[[World, str, str], Awaitable[None]], int] = {
    uploads: 5,
    separates_two_recordings: 1,
    changes_an_activity: 4,
    deletes_an_activity: 2,
    changes_several: 1,
    recomputes: 1,
    changes_themselves: 2,
    corrects_their_age: 1,
    sets_a_threshold: 2,
    tells_of_the_day: 2,
    prefers_sources: 1,
    has_symptoms: 1,
    was_looked_at: 1,
    reports_pain: 1,
    has_a_plan_made: 1,
    asks_for_a_review: 2,
    accepts_a_proposal: 1,
    turns_a_proposal_down: 1,
    takes_a_change_back: 1,
    tells_of_an_illness: 2,
    tells_how_a_session_was: 2,
    says_what_became_of_a_session: 2,
    counts_push_ups: 3,
    rates_a_set: 2,
    deletes_a_form_check: 1,
    follows: 4,
    asks_to_follow: 1,
    parts: 1,
    unblocks: 2,
    mutes: 1,
    renames_themselves: 1,
    shares: 6,
    draws_a_zone: 2,
    takes_a_zone_away: 1,
    answers_a_consent: 2,
    shares_a_set: 1,
    changes_a_post: 3,
    deletes_a_post: 1,
    gives_kudos: 4,
    comments: 4,
    founds_a_club: 2,
    enters_or_leaves_a_club: 4,
    runs_a_club: 2,
    challenges: 2,
    takes_part: 4,
    ends_a_challenge: 1,
    opens_a_room: 2,
    goes_in_or_out: 3,
    cuts_a_segment: 2,
    changes_a_segment: 3,
    lets_a_coach_in: 1,
    changes_coaching: 2,
    reads_notices: 2,
    sets_notices: 1,
    connects_a_folder: 1,
    looks_or_disconnects: 1,
    wants_to_leave: 1,
    stays: 1,
    moderates: 1,
}
"""What people do, and how often."""


async def newest_event(api: Api, person: Person) -> int:
    """The id of the newest event of somebody."""
    async with api.resources.database.transaction() as session:
        query = select(func.max(EventRow.id)).where(EventRow.athlete_id == person.athlete["id"])
        return int(await session.scalar(query) or 0)


@asynccontextmanager
async def three_people(
    database_url: str, data_dir: Path, seed: int, *, names: tuple[str, ...] = PEOPLE, kind: type[World] = World
) -> AsyncIterator[World]:
    """A server on a port, with clients of three or some more people who hold what it answers."""
    port = free_port()
    settings = Settings(data_dir=data_dir, database_url=database_url, port=port, watch_dir=data_dir / "watch")
    async with serving(settings, ws="websockets-sansio") as api:
        people = {
            name: await join(api, name, birth_date="1990-01-01", address=f"10.7.0.{number}")
            for number, name in enumerate(names)
        }
        clients = {name: Client(person, f"ws://127.0.0.1:{port}", name) for name, person in people.items()}
        world = kind(api, clients, random.Random(seed), await with_role(api, Role.MODERATOR))
        for client in clients.values():
            client.last_id = await newest_event(api, client.person)
            client.held = await client.fetched(world.places())
            await client.up()
        yield world
        for client in clients.values():
            if client.is_up:
                await client.down()


async def look_all(world: World, names: Iterable[str]) -> list[tuple[str, str, list[str]]]:
    """What differs for some people after everything that was told has been applied."""
    outdated = []
    for name in names:
        client = world.clients[name]
        if not client.is_up:
            await client.up()
        await client.hear(await newest_event(world.api, client.person))
        outdated += await client.look(world)
    return outdated


async def test_what_events_leave_is_what_a_fetch_gives(database_url: str, tmp_path: Path) -> None:
    """Random things that people do, while connections come and go, and events are told twice and in disorder."""
    async with three_people(database_url, tmp_path, 3) as world:
        acts, weights = tuple(ACTS), tuple(ACTS.values())
        for step in range(1, STEPS + 1):
            who, other = world.chance.sample(sorted(world.clients), 2)
            await world.chance.choices(acts, weights)[0](world, who, other)
            await world.api.work()
            client = world.clients[world.chance.choice(sorted(world.clients))]
            if world.chance.random() < 0.3:
                await (client.down() if client.is_up else client.up())
            if step % LOOK_EVERY == 0:
                assert await look_all(world, world.clients) == []


async def test_every_type_of_event_is_told_and_leaves_what_a_fetch_gives(database_url: str, tmp_path: Path) -> None:
    """Everything that people do, once or twice, until each type of event was heard."""
    unheard = STALE.keys() - {"resync", "account.restored"}
    first = [(separates_two_recordings, "ada", "bob"), (cuts_what_they_rode, "ada", "bob")]
    first += [(follows, "ada", "bob"), (shares_a_set, "bob", "ada"), (moderates, "ada", "bob")]
    first += [(hides_a_route_that_was_shown, "bob", "ada")]
    # What takes things away comes last, so that there is something for the others.
    last = (turns_a_proposal_down, deletes_an_activity, parts, has_symptoms, was_looked_at)
    in_order = [*(act for act in ACTS if act not in last), *last, takes_everything_away]
    async with three_people(database_url, tmp_path, 1) as world:
        rounds = [(act, *people) for people in (("ada", "bob"), ("bob", "ada")) for act in in_order]
        for number, (act, who, other) in enumerate([*first, *rounds], 1):
            await act(world, who, other)
            await world.api.work()
            for client in world.clients.values():
                await client.hear(await newest_event(world.api, client.person))
                unheard -= {event["type"] for event in client.heard}
            if number % (LOOK_EVERY * 2) == 0 or not unheard:
                assert await look_all(world, world.clients) == []
            if not unheard:
                break
    assert unheard == set()


async def test_a_post_goes_with_what_it_is_about_for_everybody_who_holds_it(database_url: str, tmp_path: Path) -> None:
    """However that goes: deleted alone, with others, or merged into another recording."""
    async with three_people(database_url, tmp_path, 2) as world:
        await follows(world, "bob", "ada")
        await founds_a_club(world, "ada", "kim")
        (club,) = world.made["club"]
        await world.ask("kim", "PUT", f"/community/clubs/{club}/membership")
        for _ in range(3):
            await uploads(world, "ada", "bob")
        one, two, three = world.made["activity"]
        await separates_two_recordings(world, "ada", "bob")
        await world.api.work()
        kept, other = (ride["id"] for ride in (await world.ask("ada", "GET", "/activities?limit=2"))["items"])
        await counts_push_ups(world, "ada", "bob")
        (check,) = world.made["form_check"]
        ways: list[tuple[dict[str, Any], str, str, dict[str, Any]]] = [
            ({"activity_id": one}, "DELETE", f"/activities/{one}", {}),
            ({"activity_id": two}, "POST", "/activities/deletions", {"json": {"ids": [two, three]}}),
            ({"activity_id": other}, "POST", f"/activities/{kept}/merge", {"json": {"other_id": other}}),
            ({"form_check_id": check}, "DELETE", f"/form-checks/{check}", {}),
        ]
        seen = {"followers": [200, 200, 404], "club": [200, 404, 200]}
        for about, *_ in ways:
            for audience in seen:
                meant = {"audience": audience} | ({"club_id": club} if audience == "club" else {})
                note(world, "post", await world.ask("ada", "POST", "/community/posts", json={**about, **meant}))
        expected = {post: [*seen.values()][number % 2] for number, post in enumerate(world.made["post"])}

        async def held() -> dict[str, list[int]]:
            assert await look_all(world, world.clients) == []
            places = {post: (f"community/post/{post}", f"/community/posts/{post}") for post in world.made["post"]}
            clients = [world.clients[name] for name in ("ada", "bob", "kim")]
            return {post: [client.held[place][0] for client in clients] for post, place in places.items()}

        assert len(expected) == 2 * len(ways)
        assert await held() == expected
        for number, (_, method, path, body) in enumerate(ways):
            await world.ask("ada", method, path, **body)
            await world.api.work()
            expected |= {post: [404, 404, 404] for post in world.made["post"][2 * number : 2 * number + 2]}
            assert await held() == expected, path


async def test_an_archive_that_comes_back_makes_everything_stale(api: Api) -> None:
    gone, new = await api.sign_up(), await api.sign_up()
    await gone.call("PUT", "/wellness/2026-06-01", status=200, json={"resting_hr_bpm": 48})
    content = await archive_of(api, gone)
    await erase(api, gone)
    await new.call("POST", "/account/imports", status=202, files={"file": ("a.zip", content)})
    await api.work()
    async with api.resources.database.transaction() as session:
        query = select(EventRow.type).where(EventRow.athlete_id == new.athlete["id"], EventRow.type != "job.updated")
        assert list(await session.scalars(query)) == ["account.restored"]
    assert STALE["account.restored"] == [""] == STALE["resync"]
