"""Transactions and errors of the database."""

from __future__ import annotations

import pytest
from sqlalchemy import text

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
