"""Transactions and errors of the database."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import column, event, func, make_url, select, table, text

from topform.core.errors import DatabaseUnavailableError
from topform.platform.database import ASK_AFTER_S, Database, WriteInReadingError
from topform.platform.events import EventWatermark


async def test_a_transaction_commits_at_the_end_and_rolls_back_on_an_error(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE kept (n int)"))
        await session.execute(text("INSERT INTO kept VALUES (1)"))
    with pytest.raises(RuntimeError, match="stop"):
        async with database.transaction() as session:
            await session.execute(text("INSERT INTO kept VALUES (2)"))
            raise RuntimeError("stop")
    async with database.transaction() as session:
        assert list(await session.scalars(text("SELECT n FROM kept"))) == [1]


async def test_errors_do_not_quote_the_values_that_a_person_entered(database: Database) -> None:
    async with database.transaction() as session:
        with pytest.raises(Exception) as caught:
            await session.execute(text("SELECT CAST(:mail AS integer)"), {"mail": "ada@example.org"})
    assert "SELECT CAST" in str(caught.value)
    assert "[SQL parameters hidden" in str(caught.value)


async def test_instants_come_back_in_utc(database: Database) -> None:
    async with database.transaction() as session:
        assert await session.scalar(text("SHOW timezone")) == "UTC"


async def test_reading_needs_no_transaction_and_sees_what_others_wrote_meanwhile(database: Database) -> None:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE kept AS SELECT 1 AS n"))
    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.reading() as session:
        assert await session.scalar(select(func.pg_current_xact_id_if_assigned())) is None
        first = await session.scalar(select(func.now()))
        async with database.transaction() as other:
            await other.execute(text("UPDATE kept SET n = 2"))
        assert list(await session.scalars(select(column("n")).select_from(table("kept")))) == [2]
        assert await session.scalar(select(func.now())) > first  # the time of a transaction's beginning
    assert any("FROM kept" in statement for statement in sent)  # who watches the engine sees readings too


async def test_reading_refuses_to_write(database: Database) -> None:
    async with database.reading() as session:
        with pytest.raises(WriteInReadingError):
            await session.execute(text("CREATE TABLE kept (n int)"))
        session.add(EventWatermark(id=1, purged_through=0))
        with pytest.raises(WriteInReadingError):
            await session.flush()
        session.expunge_all()
    async with database.transaction() as session:
        assert await session.scalar(text("SELECT to_regclass('kept')")) is None


async def test_connections_that_the_server_ended_are_not_lent(database: Database) -> None:
    records = returned(database)
    async with database.transaction() as one, database.transaction() as other:
        ended = [await session.scalar(text("SELECT pg_backend_pid()")) for session in (one, other)]
    closed = [asyncio.Event() for _ in ended]
    for record, known in zip(records, closed, strict=True):
        record.dbapi_connection.driver_connection.add_termination_listener(lambda _, known=known: known.set())
    killer = Database(database.plain_url)
    async with killer.transaction() as session:
        await session.execute(
            text("SELECT pg_terminate_backend(pid, 20000) FROM unnest(CAST(:ended AS int[])) AS pid"), {"ended": ended}
        )
    await killer.close()
    for known in closed:
        await known.wait()
    for _ in range(2):
        async with database.transaction() as session:
            assert await session.scalar(text("SELECT pg_backend_pid()")) not in ended


async def test_a_connection_that_rested_is_asked_before_it_is_lent(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = returned(database)
    async with database.transaction() as session:
        used = await session.scalar(text("SELECT pg_backend_pid()"))
    (record,) = records
    asked: list[int] = []

    def fail() -> None:
        asked.append(used)
        raise ConnectionResetError

    monkeypatch.setattr(type(record.dbapi_connection), "ping", lambda _connection: fail())
    async with database.transaction() as session:
        assert await session.scalar(text("SELECT pg_backend_pid()")) == used
    assert not asked
    record.info["returned_s"] -= ASK_AFTER_S
    async with database.transaction() as session:
        assert await session.scalar(text("SELECT pg_backend_pid()")) != used
    assert asked == [used]


def returned(database: Database) -> list[Any]:
    """Return the list into which the pool's records come as their connections are given back."""
    records: list[Any] = []
    event.listen(database.engine.sync_engine, "checkin", lambda _, record: records.append(record))
    return records


async def test_a_server_that_cannot_be_reached_is_a_typed_error_without_the_password() -> None:
    database = Database("postgresql://coach:Vx83mQ@127.0.0.1:1/topform")
    with pytest.raises(DatabaseUnavailableError) as caught:
        await database.require()
    assert "TOPFORM_DATABASE_URL" in (caught.value.remedy or "")
    assert "Vx83mQ" not in str(caught.value.as_dict())
    await database.close()


async def test_a_wrong_password_is_a_typed_error(database_url: str) -> None:
    database = Database(make_url(database_url).set(password="wrong").render_as_string(hide_password=False))
    with pytest.raises(DatabaseUnavailableError, match="password authentication failed"):
        await database.require()
    await database.close()


def test_a_url_reads_the_same_for_every_driver() -> None:
    database = Database("postgres://coach:p%40ss@db.example/data?sslmode=require&host=%2Ftmp%2Fa%20b")
    assert database.plain_url == "postgresql://coach:p%40ss@db.example/data?host=%2Ftmp%2Fa%20b&sslmode=require"
    assert dict(database.engine.url.query) == {"host": "/tmp/a b", "ssl": "require"}


async def test_a_change_of_the_tables_under_a_running_server_is_a_moment_to_wait_for(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE changing (id int PRIMARY KEY, n int)"))
        await session.execute(text("INSERT INTO changing VALUES (1, 7)"))
    changed = text("UPDATE changing SET n = n WHERE id = 1 RETURNING n")
    for _ in range(3):
        async with database.transaction() as session:
            assert await session.scalar(changed) == 7
    other = Database(database.plain_url)
    try:
        async with other.transaction() as session:  # what a newer version does while this one serves on
            await session.execute(text("ALTER TABLE changing ALTER COLUMN n TYPE bigint"))
    finally:
        await other.close()
    with pytest.raises(DatabaseUnavailableError, match="being changed"):
        async with database.transaction() as session:
            await session.scalar(changed)
    async with database.transaction() as session:
        assert await session.scalar(changed) == 7


async def test_of_two_transactions_in_each_others_way_one_is_to_be_tried_again(database: Database) -> None:
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE locked (id int PRIMARY KEY, n int)"))
        await session.execute(text("INSERT INTO locked VALUES (1, 0), (2, 0)"))
    has_first, has_second = asyncio.Event(), asyncio.Event()

    async def add(first: int, second: int, mine: asyncio.Event, theirs: asyncio.Event) -> None:
        async with database.transaction() as session:
            await session.execute(text("UPDATE locked SET n = n + 1 WHERE id = :id"), {"id": first})
            mine.set()
            await theirs.wait()
            await session.execute(text("UPDATE locked SET n = n + 1 WHERE id = :id"), {"id": second})

    ended = await asyncio.gather(
        add(1, 2, has_first, has_second), add(2, 1, has_second, has_first), return_exceptions=True
    )
    (failed,) = (one for one in ended if one is not None)
    assert isinstance(failed, DatabaseUnavailableError)
    async with database.transaction() as session:
        assert await session.scalar(text("SELECT sum(n) FROM locked")) == 2
