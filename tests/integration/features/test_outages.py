"""What people are told while the database, the disk or the store of files is away, and that it passes by itself."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from procrastinate.jobs import Job
from sqlalchemy import text
from tests.support.api import Api, Person, running
from tests.support.postgres import migrate
from tests.support.running_server import free_port
from tests.support.workouts import Ride

from topform.core.errors import (
    DatabaseUnavailableError,
    NotFoundError,
    ObjectStoreUnavailableError,
    StorageFullError,
    TopFormError,
)
from topform.features.jobs.runs import run_job
from topform.platform.embedded_postgres import EmbeddedPostgres
from topform.platform.jobs import MAX_ATTEMPTS_IN_OUTAGE, RETRY
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings


@pytest.fixture
def own_postgres(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    """A server that a test may kill."""
    postgres = EmbeddedPostgres(data_dir, options={"fsync": "off"})  # what is committed survives a kill
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.stop()


async def test_a_killed_database_is_told_as_an_outage_and_needs_no_restart(own_postgres: EmbeddedPostgres) -> None:
    await migrate(own_postgres.url)
    settings = Settings(data_dir=own_postgres.layout.data_dir, database_url=own_postgres.url)
    async with running(settings) as api:
        person = await api.sign_up()
        pid = own_postgres.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        while own_postgres.pid is not None:
            os.sched_yield()
        for method, path in (("GET", "/athletes/me"), ("PATCH", "/athletes/me"), ("GET", "/activities")):
            answer = await person.http.request(method, f"/api/v1{path}", json={} if method == "PATCH" else None)
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
            assert answer.headers["retry-after"] == "5"
            assert answer.json()["remedy"]
        assert (await person.http.get("/readyz")).json() == {"status": "not_ready", "database": "unreachable"}
        own_postgres.start()
        assert (await person.get("/athletes/me"))["display_name"]
        assert (await person.http.get("/readyz")).status_code == 200


@pytest.mark.parametrize(
    ("sqlstate", "status", "code"),
    [
        ("57P03", 503, "database_unavailable"),  # cannot_connect_now: starting up or recovering
        ("57P02", 503, "database_unavailable"),  # crash_shutdown: another server process has died
        ("53300", 503, "database_unavailable"),  # too_many_connections
        ("53100", 507, "storage_full"),  # disk_full
    ],
)
async def test_what_postgresql_says_of_an_outage_is_told_as_one(
    api: Api, person: Person, sqlstate: str, status: int, code: str
) -> None:
    async with api.resources.database.transaction() as session:
        await session.execute(
            text(
                f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"RAISE EXCEPTION 'refused' USING ERRCODE = '{sqlstate}'; END $$"
            )
        )
        await session.execute(
            text("CREATE TRIGGER refuse BEFORE UPDATE ON athletes FOR EACH ROW EXECUTE FUNCTION refuse()")
        )
    problem = await person.call("PATCH", "/athletes/me", status=status, json={"display_name": "Somebody"})
    assert problem["code"] == code


@pytest.fixture
def unreachable_store(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ObjectStore:
    """An S3 store at an address where nothing listens."""
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "somebody"),
        ("AWS_SECRET_ACCESS_KEY", "a secret of the test"),
        ("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}"),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    return ObjectStore(staging_dir=tmp_path / "staging", url="s3://bucket/athletes")


async def test_files_that_are_away_are_told_as_an_outage_and_nothing_is_left_behind(
    api: Api, person: Person, unreachable_store: ObjectStore
) -> None:
    object.__setattr__(api.resources, "store", unreachable_store)
    problem = await person.upload("ride.fit", Ride(seconds=10).as_fit(), status=503)
    assert problem["code"] == "object_store_unavailable"
    assert "127.0.0.1" not in str(problem)
    assert (await person.get("/jobs"))["items"] == []
    assert api.staged_files() == []
    with pytest.raises(ObjectStoreUnavailableError) as caught:
        await unreachable_store.get("uploads/one")
    assert "builder error" not in str(caught.value.__cause__)  # plain HTTP is allowed by the environment


async def test_an_upload_is_kept_when_nobody_knows_whether_its_job_was_committed(api: Api, person: Person) -> None:
    async with api.resources.database.transaction() as session:
        await session.execute(
            text(
                "CREATE FUNCTION vanish() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'the server goes away' USING ERRCODE = '57P01'; END $$"
            )
        )
        await session.execute(
            text(
                "CREATE CONSTRAINT TRIGGER vanish AFTER INSERT ON jobs DEFERRABLE INITIALLY DEFERRED "
                "FOR EACH ROW EXECUTE FUNCTION vanish()"
            )
        )
    content = Ride(seconds=10).as_fit()
    problem = await person.upload("ride.fit", content, status=503)
    assert problem["code"] == "database_unavailable"
    (key,) = [key async for key in api.resources.store.keys("uploads")]
    assert await api.resources.store.get(key) == content


async def test_an_outage_does_not_end_a_job(api: Api, person: Person) -> None:
    job = await person.upload("ride.fit", Ride(seconds=10).as_fit())
    for error in (StorageFullError("full"), ObjectStoreUnavailableError("away"), DatabaseUnavailableError("away")):
        with pytest.raises(type(error)):
            async with run_job(api.resources, UUID(job["id"])) as run:
                assert run is not None
                raise error
        assert (await person.get(f"/jobs/{job['id']}"))["state"] == "running"
    async with run_job(api.resources, UUID(job["id"])) as run:
        raise NotFoundError("an answer, not an outage")
    assert (await person.get(f"/jobs/{job['id']}"))["state"] == "failed"


def waits_of(error: Exception) -> list[int]:
    """Return how long the queue waits before each further attempt. [s]"""
    waits = []
    for attempts in range(100):
        job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="a.b", attempts=attempts)
        decision = RETRY.get_retry_decision(exception=error, job=job)
        if decision is None:
            return waits
        assert decision.retry_at is not None
        waits.append(attempts)
    raise AssertionError("it is tried for ever")


@pytest.mark.parametrize(
    ("error", "further_attempts"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), MAX_ATTEMPTS_IN_OUTAGE - 1),
        (StorageFullError("full"), MAX_ATTEMPTS_IN_OUTAGE - 1),
        (ObjectStoreUnavailableError("away"), MAX_ATTEMPTS_IN_OUTAGE - 1),
        (OSError(errno.EACCES, "Permission denied"), 2),
        (ZeroDivisionError(), 2),
        (TopFormError("an answer"), 0),
    ],
)
def test_jobs_are_tried_longer_while_something_is_away(error: Exception, further_attempts: int) -> None:
    assert len(waits_of(error)) == further_attempts


async def test_text_that_no_database_can_hold_is_refused(api: Api, person: Person) -> None:
    problem = await person.call("POST", "/calendar/addresses", status=422, json={"name": "a\0b"})
    assert problem["code"] == "request_malformed"
    async with api.resources.database.transaction() as session:
        await session.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'refused' USING ERRCODE = '22021'; END $$"
            )
        )
        await session.execute(
            text("CREATE TRIGGER refuse BEFORE UPDATE ON athletes FOR EACH ROW EXECUTE FUNCTION refuse()")
        )
    problem = await person.call("PATCH", "/athletes/me", status=422, json={"display_name": "Somebody"})
    assert problem["code"] == "text_unreadable"
