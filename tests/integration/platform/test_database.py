"""Transactions and errors of the database."""

from __future__ import annotations

import pytest
from sqlalchemy import make_url, text

from topform.core.errors import DatabaseUnavailableError
from topform.platform.database import Database


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
