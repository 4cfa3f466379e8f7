"""People who import, edit, plan and post while parts of the service die, and what must be true of it afterwards.

Each write has an idempotency key and is repeated with it until the service gives a definite answer. What was
acknowledged is written down here, outside the service, and compared with what the service and its database say at the
end: each acknowledged write is there once, nothing is there twice, no job is left over.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import psycopg
from tests.support.plan_documents import HALF_MARATHON
from tests.support.workouts import Ride

from topform.core.clock import SystemClock
from topform.core.ids import AthleteId
from topform.features.accounts.public import Sessions
from topform.features.athletes.public import add_athlete
from topform.platform.database import Database
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources

FIRST_RIDE = datetime(2020, 1, 1, 6, tzinfo=UTC)
RIDE_S = 30
REQUEST_TIMEOUT_S = 15.0
REFRESH = "/sessions/refreshes"
RETRY_S = 0.25
PROBLEM_JSON = "application/problem+json"
PEOPLE_OF_A_PLAN = 4
CATCHING_UP = 3.0
"""How many times as often people upload who are behind."""
POSTS_OF_PERSON = 40
"""Below what a person may write in an hour, repeated requests included."""


@dataclass
class Told:
    """What clients were told over the whole run, apart from success."""

    refusals: Counter[str] = field(default_factory=Counter)
    unclear: list[str] = field(default_factory=list)
    broken_connections: int = 0
    acknowledged: Counter[str] = field(default_factory=Counter)
    moments: list[tuple[float, bool]] = field(default_factory=list)


@dataclass
class Ledger:
    """What was acknowledged to one person."""

    imports: dict[str, str] = field(default_factory=dict)
    imports_at: list[float] = field(default_factory=list)
    """When each of them was acknowledged."""
    titles: dict[str, str] = field(default_factory=dict)
    posts: dict[str, str] = field(default_factory=dict)
    feedback: dict[str, str] = field(default_factory=dict)
    plan_jobs: list[str] = field(default_factory=list)
    plan_edits: int = 0
    answers: list[tuple[str, str, str, Any, str]] = field(default_factory=list)


class Writer:
    """One person with one client."""

    def __init__(
        self,
        urls: Iterable[str],
        athlete_id: str,
        token: str,
        told: Told,
        seed: int,
        *,
        refresh_token: str | None = None,
    ) -> None:
        self.athlete_id, self.ledger = athlete_id, Ledger()
        self._refresh_token = refresh_token
        self._told, self._seed, self._rng = told, seed, random.Random(seed)
        # Doors that open and close meanwhile give the next address themselves.
        self._urls = urls if isinstance(urls, Iterator) else itertools.cycle(urls)
        self.headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.AsyncClient(headers=self.headers, timeout=REQUEST_TIMEOUT_S)
        self._rides = itertools.count()
        self._activities: list[str] = []

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(self, method: str, path: str, *, key: str | None = None, **content: Any) -> httpx.Response:
        """Ask until the answer is definite; a write is the same request each time, because of its key."""
        headers = {} if key is None else {"Idempotency-Key": key}
        while True:
            try:
                answer = await self._http.request(
                    method, f"{next(self._urls)}/api/v1{path}", headers=headers, **content
                )
            except httpx.TransportError:
                self._told.broken_connections += 1
                self._told.moments.append((time.time(), False))
            else:
                self._told.moments.append((time.time(), answer.status_code < 500))
                if answer.status_code == 401 and self._refresh_token is not None and path != REFRESH:
                    await self._renew()
                    continue
                if answer.status_code < 500:
                    return answer
                self._tell(method, path, answer)
            await asyncio.sleep(RETRY_S * (1 + self._rng.random()))

    async def _renew(self) -> None:
        """Get the next tokens, as an app does when its own have grown old."""
        answer = await self.ask("POST", REFRESH, json={"refresh_token": self._refresh_token})
        assert answer.status_code == 201, answer.text
        tokens = answer.json()
        self._refresh_token = tokens["refresh_token"]
        self.headers["Authorization"] = f"Bearer {tokens['token']}"
        self._http.headers["Authorization"] = self.headers["Authorization"]

    def _tell(self, method: str, path: str, answer: httpx.Response) -> None:
        if answer.headers.get("content-type") == PROBLEM_JSON and answer.json()["code"] != "internal_error":
            self._told.refusals[f"{answer.status_code} {answer.json()['code']}"] += 1
        else:
            self._told.unclear.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")

    async def _write(self, kind: str, method: str, path: str, *, wanted: int = 200, **content: Any) -> Any:
        key = uuid4().hex
        answer = await self.ask(method, path, key=key, **content)
        if answer.status_code != wanted:
            self._told.refusals[f"{kind}: {answer.status_code} {answer.json().get('code')}"] += 1
            return None
        self._told.acknowledged[kind] += 1
        if "json" in content:
            self.ledger.answers.append((method, path, key, content["json"], answer.text))
        return answer.json()

    async def until_ended(self, job_id: str) -> dict[str, Any]:
        """Return a job once it has ended."""
        while True:
            answer = await self.ask("GET", f"/jobs/{job_id}")
            if answer.status_code == 200 and answer.json()["state"] in ("succeeded", "failed"):
                job: dict[str, Any] = answer.json()
                return job
            await asyncio.sleep(0.3)

    # ---- the writes ------------------------------------------------------------------------------------------------

    async def import_ride(
        self, acknowledged: Callable[[], None] | None = None, *, is_awaited: bool = True
    ) -> dict[str, Any]:
        """Upload a ride of its own day and, unless it is not awaited, wait for what became of it."""
        ride = Ride(started_at=FIRST_RIDE + timedelta(days=next(self._rides)), seconds=RIDE_S).as_fit()
        job: dict[str, Any] = await self._write(
            "import", "POST", "/activities/uploads", wanted=202, files={"file": ("ride.fit", ride)}
        )
        self.ledger.imports_at.append(time.time())
        if acknowledged is not None:
            acknowledged()
        self.ledger.imports[hashlib.sha256(ride).hexdigest()] = job["id"]
        if not is_awaited:
            return job
        ended = await self.until_ended(job["id"])
        for outcome in (ended["result"] or {}).get("files", []):
            self._activities += outcome["activity_ids"]
        return ended

    async def edit_activity(self) -> None:
        """Give an activity a new title."""
        if self._activities:
            chosen, title = self._rng.choice(self._activities), f"Title {uuid4().hex}"
            if await self._write("edit of an activity", "PATCH", f"/activities/{chosen}", json={"title": title}):
                self.ledger.titles[chosen] = title

    async def post(self) -> None:
        """Share an activity with nobody but oneself."""
        if self._activities and len(self.ledger.posts) < POSTS_OF_PERSON:
            words = f"Words {uuid4().hex}"
            said = {"activity_id": self._rng.choice(self._activities), "audience": "me", "text": words}
            if post := await self._write("post", "POST", "/community/posts", wanted=201, json=said):
                self.ledger.posts[words] = post["id"]

    async def order_plan(self) -> None:
        """Order a plan that a worker makes."""
        today = datetime.now(UTC).date()
        request = HALF_MARATHON | {
            "start": (today - timedelta(days=7)).isoformat(),
            "goal": {"type": "general_fitness", "weeks": 4},
            "unavailable_dates": [],
        }
        if job := await self._write("order of a plan", "POST", "/plans", wanted=202, json={"request": request}):
            self.ledger.plan_jobs.append(job["id"])
            await self.until_ended(job["id"])

    async def edit_plan(self) -> None:
        """Take a session to come out of the plan, or say how a past one was."""
        plan = (await self.ask("GET", "/plans/current")).json()
        days = (plan or {"document": {"days": []}})["document"]["days"]
        takes_out, today = self._rng.random() < 0.3, datetime.now(UTC).date().isoformat()
        sessions = [one["id"] for day in days if (day["date"] > today) == takes_out for one in day["sessions"]]
        if not sessions:
            return
        chosen = self._rng.choice(sessions)
        path = f"/plans/{plan['id']}/sessions/{chosen}"
        if takes_out:
            if await self._write("edit of a plan", "DELETE", path):
                self.ledger.plan_edits += 1
        else:
            note = f"Note {uuid4().hex}"
            if await self._write("feedback on a session", "PUT", f"{path}/feedback", json={"note": note}):
                self.ledger.feedback[chosen] = note

    async def import_steadily(self, until: float, *, every_s: float) -> None:
        """Upload a ride every so often without waiting for the one before to be read.

        What could not be sent while the service was away is sent after it, a few times as fast as otherwise.
        """
        due = time.time() + self._rng.random() * every_s
        free = due
        while due < until:
            await asyncio.sleep(max(due, free) - time.time())
            free = time.time() + every_s / CATCHING_UP
            await self.import_ride(is_awaited=False)
            due += every_s

    async def prepare(self) -> None:
        """Have an activity; one person in four has a plan, too."""
        await self.import_ride()
        if self._seed % PEOPLE_OF_A_PLAN == 0:
            await self.order_plan()

    async def run(self, until: float, *, pause_s: float) -> None:
        """Write until the time is over; what was begun is brought to its end."""
        turns = itertools.cycle((self.import_later, self.edit_activity, self.post, self.edit_activity, self.edit_plan))
        while time.time() < until:
            await next(turns)()
            await asyncio.sleep(pause_s * (0.5 + self._rng.random()))

    async def import_later(self) -> None:
        """Upload a ride without waiting for what becomes of it."""
        await self.import_ride(is_awaited=False)


async def people(database_url: str, settings: Settings, urls: list[str], *, count: int, told: Told) -> list[Writer]:
    """Return signed-in people, each with a session of their own."""
    database = Database(database_url, pool_size=2)
    try:
        resources = Resources(settings, database, ObjectStore.from_settings(settings), SystemClock())
        found = []
        for number in range(count):
            async with database.transaction() as session:
                now = resources.clock.now()
                athlete = await add_athlete(
                    session, email=f"person{number}@example.org", display_name="Person", time_zone="Europe/Berlin",
                    units="metric", language="en", now=now,
                )  # fmt: skip
                assert athlete is not None
                _, tokens = await Sessions(resources).open(
                    session, AthleteId(athlete.id), kind="tokens", device=None, now=now
                )
            assert tokens is not None
            found.append(
                Writer(urls, str(athlete.id), tokens.token, told, seed=number, refresh_token=tokens.refresh_token)
            )
            answer = await found[-1].ask("PUT", "/community/me", json={"handle": f"person_{number}", "name": "Person"})
            assert answer.status_code == 200, answer.text
        return found
    finally:
        await database.close()


# ---- what must be true at the end ----------------------------------------------------------------------------------


async def until_drained(database_url: str, *, patience_s: float) -> float:
    """Wait until no job waits or runs and return how long that took."""
    began = time.monotonic()
    while time.monotonic() - began < patience_s:
        with psycopg.connect(database_url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND queue_name <> 'system'"
            ).fetchone()
        if row == (0,):
            break
        await asyncio.sleep(0.5)
    return round(time.monotonic() - began, 1)


async def repeated(writers: list[Writer], *, each: int) -> list[str]:
    """Repeat acknowledged writes with their keys; return those that were not answered as the first time."""
    differing = []
    for writer in writers:
        for method, path, key, said, before in writer.ledger.answers[-each:]:
            answer = await writer.ask(method, path, key=key, json=said)
            if answer.text != before:
                differing.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
    return differing


def lost_and_doubled(
    database_url: str, writers: list[Writer], *, other_jobs: bool = False
) -> tuple[list[str], list[str]]:
    """Return the acknowledged writes that are not there, and what is there more often than it was asked for.

    With ``other_jobs`` there were uploads that nobody wrote down, of which some had to fail.
    """
    lost: list[str] = []
    doubled: list[str] = []
    with psycopg.connect(database_url) as connection:
        for writer in writers:
            _compare(connection, writer, lost, doubled)
        for state, count in connection.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall():
            if state != "succeeded" and not (other_jobs and state == "failed"):
                lost.append(f"{count} jobs are {state}")
        unfinished = connection.execute(
            "SELECT CAST(status AS text), task_name, count(*) FROM procrastinate_jobs "
            "WHERE status <> 'succeeded' AND queue_name <> 'system' GROUP BY 1, 2"
        ).fetchall()
        lost += [f"{count} runs of {task} are {status}" for status, task, count in unfinished]
    return lost, doubled


def _compare(connection: psycopg.Connection[Any], writer: Writer, lost: list[str], doubled: list[str]) -> None:
    ledger, athlete = writer.ledger, [writer.athlete_id]

    def stored(sql: str) -> list[tuple[Any, ...]]:
        return connection.execute(sql, athlete).fetchall()

    def once(what: str, wanted: list[Any], found: list[Any]) -> None:
        times = Counter(found)
        lost.extend(f"{what} {one}" for one in wanted if times[one] == 0)
        doubled.extend(f"{what} {one}: {times[one]} times" for one in times if times[one] > 1)
        doubled.extend(f"{what} {one}: nobody was told of it" for one in times.keys() - set(wanted))

    once("import", list(ledger.imports),
         [row[0] for row in stored("SELECT sha256 FROM activity_sources WHERE athlete_id = %s")])  # fmt: skip
    activities = stored("SELECT CAST(id AS text), title FROM activities WHERE athlete_id = %s")
    if len(activities) != len(ledger.imports):
        (lost if len(activities) < len(ledger.imports) else doubled).append(
            f"{len(activities)} activities of {len(ledger.imports)} imports"
        )
    titles = dict(activities)
    lost.extend(f"title {title}" for one, title in ledger.titles.items() if titles.get(one) != title)
    once("post", list(ledger.posts),
         [row[0] for row in stored("SELECT text FROM community_posts WHERE athlete_id = %s")])  # fmt: skip
    ((orders,),) = stored("SELECT count(*) FROM jobs WHERE kind = 'plan' AND athlete_id = %s")
    if orders != len(ledger.plan_jobs):
        (lost if orders < len(ledger.plan_jobs) else doubled).append(f"{orders} of {len(ledger.plan_jobs)} plan orders")
    notes = dict(stored("SELECT session_id, note FROM session_feedback WHERE athlete_id = %s"))
    lost.extend(f"note {note}" for one, note in ledger.feedback.items() if notes.get(one) != note)
    ((edits,),) = stored("SELECT count(*) FROM plan_changes WHERE athlete_id = %s AND proposal_id IS NULL")
    if edits != ledger.plan_edits:
        (lost if edits < ledger.plan_edits else doubled).append(f"{edits} of {ledger.plan_edits} edits of a plan")
