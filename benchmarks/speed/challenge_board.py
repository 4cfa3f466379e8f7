"""A challenge with 2,000 people, 200 of whom look at its board while 50 sets a second are done.

    python -m benchmarks.speed.challenge_board [--people 2000] [--watchers 200] [--rate 50] [--minutes 5]

Sets of push-ups are written as the program writes them, at random people: a form check, and in the same transaction the
place of who did it. One API process tells the watchers. A set's time runs from its commit until a watcher has a board
that counts it, for every watcher on whose board its row is; a row that was not there before says nothing. In the end
everybody is counted from scratch, and the board has to be the same. Sets, watchers, API process and database share the
machine. Only a full run writes its result.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from benchmarks.speed.api_load import own_database
from benchmarks.speed.event_hub import _resident_mib
from benchmarks.support import write_result
from tests.support.live_sets import live_set
from tests.support.postgres import migrate
from tests.support.running_server import RunningServer, free_port
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from topform.core.clock import SystemClock
from topform.core.ids import AthleteId
from topform.features.accounts.public import Sessions
from topform.features.athletes.public import add_athlete
from topform.features.community.challenges import service
from topform.features.community.challenges.jobs import recount_boards
from topform.features.community.challenges.schemas import EntryWish, NewChallenge
from topform.features.community.challenges.standings_repository import StandingsRepository
from topform.features.community.public import keep_boards
from topform.features.community.relations.schemas import ProfileChange
from topform.features.community.relations.service import save_profile
from topform.features.form_checks.live_sets import LiveSet, add_live_set
from topform.platform.database import Database, Reactions
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources

FULL = {"people": 2000, "watchers": 200, "rate": 50.0, "minutes": 5.0}
TARGET_P99_MS = 500.0
TARGET_MEMORY_GROWTH_MIB = 64.0
SETTLE_S = 5.0
SECRET = "a secret of a server that only measures"
MOST_REPS = 12
HERE = Path(__file__).resolve().parent

Places = dict[str, float]


async def _filled(resources: Resources, people: int, watchers: int) -> tuple[UUID, list[AthleteId], list[str]]:
    """Return a challenge, who takes part, and tokens of those who will watch."""
    database, now = resources.database, resources.clock.now()
    athletes: list[AthleteId] = []
    tokens: list[str] = []
    challenge: UUID | None = None
    for number in range(people):
        async with database.transaction() as session:
            athlete = await add_athlete(
                session,
                email=f"athlete{number}@example.org",
                display_name="Athlete",
                time_zone="UTC",
                units="metric",
                language="en",
                now=now,
            )
            assert athlete is not None
            athlete_id = AthleteId(athlete.id)
            profile = ProfileChange(handle=f"athlete{number}", name=f"Athlete {number}", is_findable=number % 2 == 0)
            await save_profile(session, athlete_id, profile, secret=SECRET, now=now)
            if challenge is None:
                day = now.date()
                wish = NewChallenge(
                    title="Push-ups",
                    kind="push_ups",
                    first_day=day - timedelta(days=1),
                    last_day=day + timedelta(days=2),
                    audience="public",
                )
                challenge = (await service.create(session, athlete_id, wish, now=now)).id
            else:
                await service.take_part(session, athlete_id, challenge, EntryWish(), now=now)
            if number < watchers:
                _, opened = await Sessions(resources).open(session, athlete_id, kind="tokens", device=None, now=now)
                assert opened is not None
                tokens.append(opened.token)
        athletes.append(athlete_id)
    assert challenge is not None
    return challenge, athletes, tokens


def _watch(port: int, challenge: str, tokens: list[str], pipe: Any) -> None:
    """Watch the board with each token; note when the score of a row that was there became another."""
    asyncio.run(_watching(port, challenge, tokens, pipe))


async def _watching(port: int, challenge: str, tokens: list[str], pipe: Any) -> None:
    seen: list[tuple[str, float, float, float]] = []
    counts = {"boards": 0, "bytes": 0, "lost": 0}
    ready = asyncio.Semaphore(0)
    uri = f"ws://127.0.0.1:{port}/api/v1/community/challenges/{challenge}/live"

    async def one(token: str) -> None:
        before: Places = {}
        headers = {"Authorization": f"Bearer {token}"}
        async with connect(uri, additional_headers=headers, proxy=None, open_timeout=120) as socket:
            await socket.send(json.dumps({"like": []}))
            try:
                while True:
                    text = await socket.recv()
                    at = time.monotonic()
                    board = json.loads(text)["data"]
                    rows: Places = {row["id"]: row["score"] for row in [*board["items"], board["own"]]}
                    seen.extend(
                        (place, before[place], score, at)
                        for place, score in rows.items()
                        if place in before and score > before[place]
                    )
                    if not before:
                        ready.release()
                    before = rows
                    counts["boards"] += 1
                    counts["bytes"] += len(text)
            except ConnectionClosed:
                counts["lost"] += 1

    tasks = [asyncio.create_task(one(token)) for token in tokens]
    for _ in tokens:
        await ready.acquire()
    pipe.send("watching")
    await asyncio.to_thread(pipe.recv)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    pipe.send({"seen": seen, **counts})


def _do(url: str, challenge: str, people: list[UUID], rate: float, seconds: float, pipe: Any) -> None:
    """Do sets at random people; tell which place got which score, and when that was committed."""
    pipe.send(asyncio.run(_doing(url, UUID(challenge), people, rate, seconds)))


async def _doing(url: str, challenge: UUID, people: list[UUID], rate: float, seconds: float) -> dict[str, Any]:
    database = Database(url, pool_size=8, application_name="benchmark", reactions=Reactions(at_end=(keep_boards,)))
    chance = random.Random(0)
    places: dict[UUID, str] = {}
    scores: dict[UUID, float] = dict.fromkeys(people, 0.0)
    async with database.transaction() as session:
        for place in await StandingsRepository(session).places(challenge):
            places[place.athlete_id] = str(place.id)
    done: list[tuple[str, float, float]] = []
    busy: set[UUID] = set()
    late: list[float] = []

    async def one(athlete: UUID, reps: int) -> None:
        said = LiveSet.model_validate(live_set(reps))
        async with database.transaction() as session:
            await add_live_set(session, AthleteId(athlete), said, now=datetime.now(UTC))
        scores[athlete] += reps
        done.append((places[athlete], scores[athlete], time.monotonic()))
        busy.discard(athlete)

    tasks = []
    start = time.monotonic()
    for number in range(int(rate * seconds)):
        due = start + number / rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        late.append(time.monotonic() - due)
        athlete = chance.choice(people)
        while athlete in busy:  # one person does one set at a time
            athlete = chance.choice(people)
        busy.add(athlete)
        tasks.append(asyncio.create_task(one(athlete, chance.randint(1, MOST_REPS))))
    await asyncio.gather(*tasks)
    took = time.monotonic() - start
    await database.close()
    return {"done": done, "sets_per_s": round(len(done) / took, 1), "late_p99_ms": _ms(late, 99)}


def _ms(values: list[float], percent: float) -> float:
    return round(1000 * float(np.percentile(values, percent)), 1) if values else float("nan")


def _latencies(done: list[tuple[str, float, float]], seen: list[tuple[str, float, float, float]]) -> list[float]:
    """Return for each set and each watcher with its row how long after the commit the board counted it."""
    by_place: dict[str, list[tuple[float, float]]] = {}
    for place, score, committed in done:
        by_place.setdefault(place, []).append((score, committed))
    return [
        max(0.0, at - committed)
        for place, before, after, at in seen
        for score, committed in by_place.get(place, ())
        if before < score <= after
    ]


async def _is_as_recounted(resources: Resources, challenge: UUID) -> bool:
    async with resources.database.transaction() as session:
        before = sorted((place.id, place.score) for place in await StandingsRepository(session).places(challenge))
    corrected = await recount_boards(resources)
    async with resources.database.transaction() as session:
        after = sorted((place.id, place.score) for place in await StandingsRepository(session).places(challenge))
    return corrected == 0 and before == after


def measure(folder: Path, *, people: int, watchers: int, rate: float, minutes: float) -> dict[str, Any]:
    """Fill, watch, do, and count again."""
    data_dir = folder / "data"
    context = multiprocessing.get_context("spawn")
    with own_database(data_dir, fast=False) as url:
        asyncio.run(migrate(url))
        settings = Settings(data_dir=data_dir, database_url=url)

        async def with_resources(work: Any) -> Any:
            database = Database(url, reactions=Reactions(at_end=(keep_boards,)))
            try:
                return await work(Resources(settings, database, ObjectStore.from_settings(settings), SystemClock()))
            finally:
                await database.close()

        challenge, athletes, tokens = asyncio.run(with_resources(lambda it: _filled(it, people, watchers)))
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")},
            "TOPFORM_DATABASE_URL": url,
            "TOPFORM_DATA_DIR": str(data_dir),
            "TOPFORM_PORT": str(port := free_port()),
            "TOPFORM_LOG_FORMAT": "json",
        }
        server = RunningServer(url, data_dir, port, environment)
        try:
            server.start_api()
            pid = server._processes[0].pid
            ours, theirs = context.Pipe()
            looking = context.Process(target=_watch, args=(port, str(challenge), tokens, theirs), daemon=True)
            looking.start()
            assert ours.recv() == "watching"
            before = largest = _resident_mib(pid)
            told, telling = context.Pipe()
            doing = context.Process(
                target=_do, args=(url, str(challenge), athletes, rate, 60 * minutes, telling), daemon=True
            )
            doing.start()
            while not told.poll(0.5):
                largest = max(largest, _resident_mib(pid))
            sets = told.recv()
            time.sleep(SETTLE_S)
            largest, after = max(largest, _resident_mib(pid)), _resident_mib(pid)
            ours.send("stop")
            heard = ours.recv()
            looking.join()
            doing.join()
        finally:
            server.stop()
        is_as_recounted = asyncio.run(with_resources(lambda it: _is_as_recounted(it, challenge)))
    waits = _latencies(sets["done"], heard["seen"])
    return {
        "people": people,
        "watchers": watchers,
        "minutes": minutes,
        "sets": len(sets["done"]),
        "sets_per_s": sets["sets_per_s"],
        "sets_late_p99_ms": sets["late_p99_ms"],
        "boards_sent": heard["boards"],
        "mean_board_bytes": round(heard["bytes"] / max(1, heard["boards"])),
        "watchers_lost": heard["lost"],
        "latencies": len(waits),
        **{f"p{percent}_ms": _ms(waits, percent) for percent in (50, 95, 99)},
        "memory_before_mib": round(before, 1),
        "memory_largest_mib": round(largest, 1),
        "memory_after_mib": round(after, 1),
        "final_board_equals_recomputation": is_as_recounted,
    }


def main() -> None:
    """Measure, print and, after a full run, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=FULL["people"])
    parser.add_argument("--watchers", type=int, default=FULL["watchers"])
    parser.add_argument("--rate", type=float, default=FULL["rate"])
    parser.add_argument("--minutes", type=float, default=FULL["minutes"])
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    asked = {name: getattr(options, name) for name in FULL}
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o711)
        found = measure(Path(folder), **asked)
    print(json.dumps(found))
    print(
        f"p50 {found['p50_ms']} ms, p99 {found['p99_ms']} ms (wanted: at most {TARGET_P99_MS:.0f}); memory "
        f"{found['memory_before_mib']} -> {found['memory_largest_mib']} MiB (growth wanted: at most "
        f"{TARGET_MEMORY_GROWTH_MIB:.0f}); {found['sets_per_s']} of {options.rate} sets/s; board equals recomputation: "
        f"{found['final_board_equals_recomputation']}"
    )
    targets = {"target_p99_ms": TARGET_P99_MS, "target_memory_growth_mib": TARGET_MEMORY_GROWTH_MIB}
    if asked == FULL:
        print(write_result(options.results, "challenge_board", {**targets, **found}))


if __name__ == "__main__":
    main()
