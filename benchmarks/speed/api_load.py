"""Fifty requests a second to a server that holds ten years of a hundred people, and to one with a tenth of them.

    python -m benchmarks.speed.api_load [--athletes 100] [--years 10] [--seconds 60] [--rate 50] [--processes 2]

A PostgreSQL server and two API processes of their own, as `topform serve` starts them when it is told so, on the
machine that also sends the requests. What each screen of the app asks is asked here: the first screen, the list of
activities, one activity, the calendar of a week, the fitness chart. Times run from the moment a request was due. The
same is measured with a tenth of the athletes, each with as long a history, so that what grows with the whole table
shows; and PostgreSQL is asked whether any of the queries reads a whole table or index.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import random
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from benchmarks.speed.open_loop import Request, Times, drive
from benchmarks.speed.ten_years import DIFFERENT, FILLED, fill
from benchmarks.support import cpu_s, write_result
from tests.support.plan_documents import HALF_MARATHON
from tests.support.postgres import FAST, migrate
from tests.support.query_plans import recorded_queries, scans_without_index
from tests.support.running_server import RunningServer, free_port

from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest
from topform.core.clock import SystemClock
from topform.core.documents import plain
from topform.core.ids import AthleteId, new_id
from topform.features.accounts.public import Sessions
from topform.platform.database import Database
from topform.platform.embedded_postgres import EmbeddedPostgres
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources

TARGET_P95_MS = 100.0
WARM_UP_S = 10.0
HERE = Path(__file__).resolve().parent
SCREENS = {
    "dashboard": ("me", "fitness of a year", "current plan", "latest activity", "readiness", "warnings", "form checks"),
    "activity list": ("first page", "deep page", "one sport", "part of a title"),
    "activity detail": ("activity", "streams"),
    "calendar": ("current plan", "adherence of a week"),
    "fitness chart": ("fitness of ten years", "power curve of a year"),
}


@dataclass(frozen=True, slots=True)
class Signed:
    """An athlete with what the requests need to name."""

    token: str
    plan: str
    activities: list[str]
    deep_cursor: str


async def prepare(resources: Resources, *, athletes: int, years: int, today: date) -> list[Signed]:
    """Fill the database and sign everybody in."""
    ids = await fill(resources, athletes=athletes, years=years, last=today)
    request = HALF_MARATHON | {
        "start": (today - timedelta(days=28)).isoformat(),
        "goal": HALF_MARATHON["goal"] | {"date": (today + timedelta(days=60)).isoformat()},
        "unavailable_dates": [],
    }
    document: dict[str, Any] = plain(make_plan(PlanRequest.from_dict(request)).as_dict())
    now = resources.clock.now()
    sessions = Sessions(resources)
    signed = []
    for athlete_id in ids:
        async with resources.database.transaction() as session:
            _, tokens = await sessions.open(session, athlete_id, kind="tokens", device=None, now=now)
        assert tokens is not None
        plan = _store_plan(resources.database, athlete_id, request, document, now)
        signed.append(Signed(tokens.token, plan, *_places(resources.database, athlete_id, today)))
    return signed


def _store_plan(database: Database, athlete_id: AthleteId, request: Any, document: Any, now: datetime) -> str:
    plan = str(new_id())
    with psycopg.connect(database.plain_url) as connection:
        connection.execute(
            "INSERT INTO plans (id, athlete_id, request, document, created_at) VALUES (%s, %s, %s, %s, %s)",
            [plan, athlete_id, json.dumps(request), json.dumps(document), now],
        )
    return plan


def _places(database: Database, athlete_id: AthleteId, today: date) -> tuple[list[str], str]:
    """Return some activities, and the cursor of a page in the middle of the history."""
    from topform.platform.web.pages import encode_cursor

    with psycopg.connect(database.plain_url) as connection:
        rows = connection.execute(
            "SELECT id, started_at FROM activities WHERE athlete_id = %s ORDER BY started_at", [athlete_id]
        ).fetchall()
    middle = rows[len(rows) // 2]
    return [str(one) for one, _ in rows[:: max(1, len(rows) // 200)]], encode_cursor(middle[1], middle[0])


def requests_of(people: list[Signed], today: date, rng: random.Random) -> dict[str, Callable[[], Request]]:
    """Return how to make each kind of request, for anybody."""
    year, ten = today - timedelta(days=365), today - timedelta(days=3650)

    def kind(name: str, path: Callable[[Signed], str]) -> Callable[[], Request]:
        def make() -> Request:
            person = rng.choice(people)
            return Request(name, f"/api/v1{path(person)}", person.token)

        return make

    paths: dict[str, Callable[[Signed], str]] = {
        "me": lambda _: "/athletes/me",
        "fitness of a year": lambda _: f"/fitness?from={year}",
        "current plan": lambda _: "/plans/current",
        "latest activity": lambda _: "/activities?limit=1",
        "readiness": lambda _: "/readiness",
        "warnings": lambda _: "/readiness/warnings",
        "form checks": lambda _: "/form-checks?limit=30",
        "first page": lambda _: "/activities?limit=30",
        "deep page": lambda person: f"/activities?limit=30&cursor={person.deep_cursor}",
        "one sport": lambda _: "/activities?limit=30&sport=running",
        "part of a title": lambda _: f"/activities?limit=30&q=session+{rng.randrange(100, 999)}",
        "activity": lambda person: f"/activities/{rng.choice(person.activities)}",
        "streams": lambda person: f"/activities/{rng.choice(person.activities)}/streams?points=1000",
        "adherence of a week": lambda person: f"/plans/{person.plan}/adherence",
        "fitness of ten years": lambda _: f"/fitness?from={ten}",
        "power curve of a year": lambda _: f"/fitness/curve?sport=cycling&metric=power&from={year}",
    }
    return {name: kind(name, path) for name, path in paths.items()}


async def plans_of(database_url: str, settings: Settings, requests: dict[str, Callable[[], Request]]) -> list[str]:
    """Return which queries of which request read a whole table or index, as PostgreSQL plans them now."""
    import httpx

    from topform.entrypoints.api import create_app

    app = create_app(settings)
    found: set[str] = set()
    async with app.router.lifespan_context(app):
        database: Database = app.state.resources.database
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://topform.test") as client:
            for make in requests.values():
                request = make()
                with recorded_queries(database) as queries:
                    answer = await client.get(request.path, headers={"Authorization": f"Bearer {request.token}"})
                assert answer.status_code == 200, (request.path, answer.text)
                for query in queries:
                    scans = await scans_without_index(database, query, frozenset(FILLED))
                    found.update(f"{request.name}: {scan}" for scan in scans)
    return sorted(found)


@contextmanager
def own_database(folder: Path, *, fast: bool) -> Any:
    """Lend a PostgreSQL server's address; it runs as the product's, or without waiting for disks while it is filled."""
    postgres = EmbeddedPostgres(folder, options={**FAST, "max_wal_size": "16GB"} if fast else {})
    try:
        yield postgres.start()
    finally:
        postgres.stop()


def measure(folder: Path, *, athletes: int, years: int, seconds: float, rate: float, processes: int) -> dict[str, Any]:
    """Fill, serve, ask."""
    folder.chmod(0o711)
    data_dir = folder / "data"
    today = datetime.now(UTC).date()
    began = time.perf_counter()
    with own_database(data_dir, fast=True) as url:
        people = asyncio.run(_filled(url, data_dir, athletes, years, today))
    filled_s = time.perf_counter() - began
    with own_database(data_dir, fast=False) as url:
        with psycopg.connect(url) as connection:
            size = connection.execute("SELECT pg_database_size(current_database())").fetchone()
            rows = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in FILLED}
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")},
            "TOPFORM_DATABASE_URL": url,
            "TOPFORM_DATA_DIR": str(data_dir),
            "TOPFORM_PORT": str(port := free_port()),
            "TOPFORM_LOG_FORMAT": "json",
        }
        rng = random.Random(7)
        kinds = requests_of(people, today, rng)
        server = RunningServer(url, data_dir, port, environment)
        try:
            server.start_api(processes)
            turn = itertools.cycle(kinds.values())

            def choose() -> Request:
                return next(turn)()

            load = os.getloadavg()[0]
            asyncio.run(drive("127.0.0.1", port, choose=choose, rate_per_s=rate, seconds=WARM_UP_S))
            began = cpu_s()
            times = asyncio.run(drive("127.0.0.1", port, choose=choose, rate_per_s=rate, seconds=seconds, seed=1))
            asking = (cpu_s() - began) / seconds
        finally:
            server.stop()
        scans = asyncio.run(plans_of(url, Settings(data_dir=data_dir, database_url=url), kinds))
    return {
        "athletes": athletes,
        "years": years,
        "rows": {table: row[0] for table, row in rows.items() if row is not None},
        "database_gib": round(size[0] / 2**30, 2) if size else None,
        "filled_s": round(filled_s),
        "requests_per_s": rate,
        "api_processes": processes,
        "cores_used_for_asking": round(asking, 2),
        "load_average_before": round(load, 2),
        "failures": sorted(set(times.failures)),
        "whole_scans": scans,
        "requests": {name: times.row(name) for name in kinds},
        "screens": {screen: _together(times, names) for screen, names in SCREENS.items()},
    }


def _together(times: Times, names: tuple[str, ...]) -> dict[str, float]:
    merged = Times()
    for name in names:
        merged.seconds["all"] += times.seconds[name]
        merged.bytes["all"] += times.bytes[name]
    return merged.row("all")


async def _filled(url: str, data_dir: Path, athletes: int, years: int, today: date) -> list[Signed]:
    await migrate(url)
    settings = Settings(data_dir=data_dir, database_url=url)
    database = Database(url)
    try:
        resources = Resources(settings, database, ObjectStore.from_settings(settings), SystemClock())
        return await prepare(resources, athletes=athletes, years=years, today=today)
    finally:
        await database.close()


def main() -> None:
    """Measure both sizes, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--athletes", type=int, default=100)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=50.0)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    sizes = []
    for athletes in (max(1, options.athletes // 10), options.athletes):
        with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
            sizes.append(
                measure(
                    Path(folder),
                    athletes=athletes,
                    years=options.years,
                    seconds=options.seconds,
                    rate=options.rate,
                    processes=options.processes,
                )
            )
    small, large = sizes
    growth = {
        name: round(large["requests"][name]["p50_ms"] / small["requests"][name]["p50_ms"], 2)
        for name in large["requests"]
    }
    print(f"{'':24}{'tenth':>8}{'':16}{'whole':>8}{'':16}{'growth':>8}")
    print(f"{'':24}" + 2 * f"{'p50':>8}{'p95':>8}{'p99':>8}" + f"{'of p50':>8}   [ms]")
    for group in ("screens", "requests"):
        for name, row in large[group].items():
            before = small[group][name]
            ratio = growth.get(name) if group == "requests" else None
            print(
                f"{name:24}"
                + "".join(f"{one[key]:8.1f}" for one in (before, row) for key in ("p50_ms", "p95_ms", "p99_ms"))
                + (f"{ratio:8.2f}" if ratio is not None else "")
            )
    for size in sizes:
        for line in (*size["whole_scans"], *size["failures"]):
            print(f"{size['athletes']} athletes: {line}")
    missed = [name for name, row in large["screens"].items() if row["p95_ms"] > TARGET_P95_MS]
    print(f"wanted: p95 of each screen at most {TARGET_P95_MS:.0f} ms; missed by: {', '.join(missed) or 'none'}")
    document = {
        "target_p95_ms": TARGET_P95_MS,
        "different_activities": DIFFERENT,
        "missed_by": missed,
        "growth_of_p50": growth,
        "tenth": small,
        "whole": large,
    }
    print(write_result(options.results, "api_load", document))


if __name__ == "__main__":
    main()
