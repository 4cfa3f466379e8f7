"""Feeds and boards on a server that holds a million activities, asked for fifty times a second.

    python -m benchmarks.speed.community_load [--athletes 1000] [--years 2.74] [--seconds 60] [--rate 50]

PostgreSQL and two API processes of their own, as `topform serve` starts them when it is told so, on the machine that
also sends the requests. Everybody is in the community, follows fifty others and is in three clubs of twenty; every
tenth activity is shared, half of them with followers, a quarter with a club, a quarter with everybody, with kudos and
comments; everybody takes part in one large challenge and in sixty of two hundred others. Times run from the moment a
request was due. PostgreSQL is asked whether any of the queries reads a whole table or index. Only a full run writes its
result.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
from benchmarks.speed.api_load import WARM_UP_S, own_database
from benchmarks.speed.open_loop import Request, drive
from benchmarks.speed.ten_years import fill
from benchmarks.support import write_result
from tests.support.postgres import migrate
from tests.support.query_plans import recorded_queries, scans_without_index
from tests.support.running_server import RunningServer, free_port

from topform.core.clock import SystemClock
from topform.core.ids import AthleteId
from topform.entrypoints.api import create_app
from topform.features.accounts.public import Sessions
from topform.platform.database import Database
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources

TARGET_P95_MS = 50.0
FULL = {"athletes": 1000, "years": 2.74, "seconds": 60.0, "rate": 50.0}
SIGNED_IN = 100
GROWING = (
    "activities",
    "community_posts",
    "community_kudos",
    "community_comments",
    "community_follows",
    "community_club_members",
    "community_challenge_entries",
)
HERE = Path(__file__).resolve().parent

COMMUNITY = """
CREATE TEMPORARY TABLE one AS
SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM athletes WHERE email LIKE 'athlete%@example.org';
CREATE TEMPORARY TABLE size AS SELECT count(*) AS people, count(*) * 3 / 20 AS clubs FROM one;

INSERT INTO community_people (athlete_id, handle, name, is_findable, has_public_feed, created_at, updated_at)
SELECT id, 'athlete' || n, 'Athlete ' || n, n % 2 = 0, false, now(), now() FROM one;

INSERT INTO community_follows (athlete_id, followed_id, requested_at, accepted_at)
SELECT a.id, b.id, now(), now() FROM size, one a, generate_series(1, 50) AS k, one b
WHERE b.n = (a.n + k * 7) % people AND b.n <> a.n ON CONFLICT DO NOTHING;

INSERT INTO community_clubs (id, name, description, sports, joining, is_listed, created_at)
SELECT md5('club' || c)::uuid, 'Club ' || c, '', '{}', 'open', true, now() - c * interval '1 hour'
FROM size, generate_series(0, clubs - 1) AS c;
INSERT INTO community_club_members (club_id, athlete_id, standing, since)
SELECT md5('club' || (n + k * 17) % clubs)::uuid, id,
       CASE WHEN k = 0 AND n < clubs THEN 'owner' ELSE 'member' END, now()
FROM size, one, generate_series(0, 2) AS k ON CONFLICT DO NOTHING;

INSERT INTO community_posts (id, athlete_id, kind, activity_id, audience, club_id, text, shown, snapshot, created_at)
SELECT md5('post' || a.id)::uuid, a.athlete_id, 'activity', a.id,
       CASE h / 10 % 4 WHEN 0 THEN 'public' WHEN 1 THEN 'me' ELSE 'followers' END,
       CASE WHEN h / 10 % 4 = 1 THEN md5('club' || n % clubs)::uuid END, 'Out and about', '["distance_m", "elapsed_s"]',
       jsonb_build_object('sport', a.sport, 'title', 'Out and about', 'distance_m', 12000, 'elapsed_s', 3600),
       a.started_at + interval '2 hours'
FROM size, (SELECT *, abs(hashtext(id::text)) AS h FROM activities) a JOIN one ON one.id = a.athlete_id
WHERE h % 10 = 0;

INSERT INTO community_kudos (post_id, athlete_id, created_at)
SELECT p.id, b.id, p.created_at + k * interval '1 minute'
FROM community_posts p JOIN one a ON a.id = p.athlete_id, size, generate_series(1, 5) AS k, one b
WHERE b.n = (a.n - k * 7 + people) % people ON CONFLICT DO NOTHING;
INSERT INTO community_comments (id, post_id, athlete_id, text, created_at)
SELECT md5('comment' || p.id || k)::uuid, p.id, b.id, 'Well done!', p.created_at + k * interval '2 minutes'
FROM community_posts p JOIN one a ON a.id = p.athlete_id, size, generate_series(1, 2) AS k, one b
WHERE b.n = (a.n - k * 7 + people) % people;

INSERT INTO community_challenges (id, athlete_id, title, kind, first_day, last_day, audience, created_at)
SELECT md5('challenge' || c)::uuid, one.id, 'Kilometres ' || c, 'distance', current_date - 10, current_date + 10,
       'public', now() - c * interval '1 hour'
FROM size, generate_series(0, 200) AS c, one WHERE one.n = c * 3 % people;
INSERT INTO community_challenge_entries
       (challenge_id, athlete_id, id, is_named, age_band, sex, score, reached_at, joined_at)
SELECT md5('challenge' || c)::uuid, one.id, md5(c || 'entry' || one.id)::uuid, true, '30-39',
       CASE WHEN n % 2 = 0 THEN 'f' ELSE 'm' END, abs(hashtext(c || one.id::text)) % 300000,
       now() - n * interval '1 second', now() - interval '11 days'
FROM generate_series(0, 200) AS c, one WHERE c = 0 OR abs(hashtext(one.id::text || c)) % 10 < 3;
"""


def requests_of(people: list[tuple[int, str]], url: str, rng: random.Random) -> dict[str, Callable[[], Request]]:
    """Return how to make each kind of request, for anybody who is signed in."""
    with psycopg.connect(url) as connection:
        handles = [row[0] for row in connection.execute("SELECT handle FROM community_people ORDER BY handle LIMIT 50")]
        large = connection.execute("SELECT md5('challenge0')::uuid").fetchone()
        others = [
            str(row[0])
            for row in connection.execute("SELECT id FROM community_challenges ORDER BY created_at LIMIT 50")
        ]
        clubs: dict[int, str] = {
            number: str(club)
            for number, club in connection.execute(
                "SELECT substr(p.handle, 8)::int, min(m.club_id::text) FROM community_club_members m "
                "JOIN community_people p USING (athlete_id) GROUP BY 1"
            )
        }
        posts = [
            str(row[0])
            for row in connection.execute(
                "SELECT id FROM community_posts WHERE audience = 'public' ORDER BY created_at DESC LIMIT 200"
            )
        ]
    assert large is not None

    def kind(name: str, path: Callable[[int], str]) -> Callable[[], Request]:
        def make() -> Request:
            number, token = rng.choice(people)
            return Request(name, f"/api/v1/community{path(number)}", token)

        return make

    paths: dict[str, Callable[[int], str]] = {
        "feed": lambda _: "/feed",
        "posts of a person": lambda _: f"/people/{rng.choice(handles)}/posts",
        "posts of a club": lambda number: f"/clubs/{clubs[number]}/posts",
        "comments of a post": lambda _: f"/posts/{rng.choice(posts)}/comments",
        "board of a large challenge": lambda _: f"/challenges/{large[0]}/board",
        "board of a challenge": lambda _: f"/challenges/{rng.choice(others)}/board",
        "board of people like oneself": lambda _: f"/challenges/{large[0]}/board?like=sex",
        "challenges": lambda _: "/challenges",
    }
    return {name: kind(name, path) for name, path in paths.items()}


async def _filled(url: str, data_dir: Path, athletes: int, years: float, today: date) -> list[tuple[int, str]]:
    """Fill the database, and return who is signed in with which token."""
    await migrate(url)
    settings = Settings(data_dir=data_dir, database_url=url)
    database = Database(url)
    try:
        resources = Resources(settings, database, ObjectStore.from_settings(settings), SystemClock())
        await fill(resources, athletes=athletes, years=years, last=today)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(COMMUNITY)
            connection.execute("VACUUM (ANALYZE)")
            numbers = connection.execute(
                "SELECT substr(handle, 8)::int, athlete_id FROM community_people ORDER BY handle LIMIT %s", [SIGNED_IN]
            ).fetchall()
        signed = []
        for number, athlete_id in numbers:
            async with database.transaction() as session:
                _, opened = await Sessions(resources).open(
                    session, AthleteId(athlete_id), kind="tokens", device=None, now=resources.clock.now()
                )
            assert opened is not None
            signed.append((number, opened.token))
        return signed
    finally:
        await database.close()


async def whole_scans(url: str, data_dir: Path, kinds: dict[str, Callable[[], Request]]) -> list[str]:
    """Return which queries of which request read a whole table or index, as PostgreSQL plans them now."""
    app = create_app(Settings(data_dir=data_dir, database_url=url))
    found: set[str] = set()
    async with app.router.lifespan_context(app):
        database: Database = app.state.resources.database
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://topform.test") as client:
            for make in kinds.values():
                request = make()
                with recorded_queries(database) as queries:
                    answer = await client.get(request.path, headers={"Authorization": f"Bearer {request.token}"})
                assert answer.status_code == 200, (request.path, answer.text)
                assert answer.json()["items"], request.path
                for query in queries:
                    scans = await scans_without_index(database, query, frozenset(GROWING))
                    found.update(f"{request.name}: {scan}" for scan in scans)
    return sorted(found)


def measure(folder: Path, *, athletes: int, years: float, seconds: float, rate: float) -> dict[str, Any]:
    """Fill, serve, ask."""
    folder.chmod(0o711)
    data_dir = folder / "data"
    began = time.perf_counter()
    with own_database(data_dir, fast=True) as url:
        people = asyncio.run(_filled(url, data_dir, athletes, years, datetime.now(UTC).date()))
    filled_s = time.perf_counter() - began
    with own_database(data_dir, fast=False) as url:
        with psycopg.connect(url) as connection:
            rows = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in GROWING}
        kinds = requests_of(people, url, random.Random(7))
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")},
            "TOPFORM_DATABASE_URL": url,
            "TOPFORM_DATA_DIR": str(data_dir),
            "TOPFORM_PORT": str(port := free_port()),
            "TOPFORM_LOG_FORMAT": "json",
        }
        server = RunningServer(url, data_dir, port, environment)
        turn = itertools.cycle(kinds.values())

        def choose() -> Request:
            return next(turn)()

        try:
            server.start_api(2)
            load = os.getloadavg()[0]
            asyncio.run(drive("127.0.0.1", port, choose=choose, rate_per_s=rate, seconds=WARM_UP_S))
            times = asyncio.run(drive("127.0.0.1", port, choose=choose, rate_per_s=rate, seconds=seconds, seed=1))
        finally:
            server.stop()
        scans = asyncio.run(whole_scans(url, data_dir, kinds))
    return {
        "athletes": athletes,
        "rows": {table: row[0] for table, row in rows.items() if row is not None},
        "filled_s": round(filled_s),
        "requests_per_s": rate,
        "load_average_before": round(load, 2),
        "failures": sorted(set(times.failures)),
        "whole_scans": scans,
        "target_p95_ms": TARGET_P95_MS,
        "requests": {name: times.row(name) for name in kinds},
    }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--athletes", type=int, default=FULL["athletes"])
    parser.add_argument("--years", type=float, default=FULL["years"])
    parser.add_argument("--seconds", type=float, default=FULL["seconds"])
    parser.add_argument("--rate", type=float, default=FULL["rate"])
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    asked = {name: getattr(options, name) for name in FULL}
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        document = measure(Path(name), **asked)
    print(document["rows"], "whole scans:", document["whole_scans"] or "none", *document["failures"])
    for name, row in document["requests"].items():
        print(f"{name:30}{row['p50_ms']:8}{row['p95_ms']:8}{row['p99_ms']:8}  [ms]  {row['kib']} KiB")
    late = [name for name, row in document["requests"].items() if row["p95_ms"] > TARGET_P95_MS]
    print(f"wanted: p95 at most {TARGET_P95_MS:.0f} ms; missed by: {', '.join(late) or 'none'}")
    if asked == FULL:
        print(write_result(options.results, "community_load", document))


if __name__ == "__main__":
    main()
