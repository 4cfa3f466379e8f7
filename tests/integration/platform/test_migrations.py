"""Migrations: applied once whoever starts, the same as the tables in the code, and never downwards."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection
from tests.support.made_rows import drop_checks, made_rows, tables_of
from tests.support.postgres import PostgresServer

import topform
from topform.core.errors import DatabaseUnavailableError
from topform.platform.database import Base, Database
from topform.platform.migrations import head_revision, upgrade
from topform.platform.migrations.job_queue import job_queue_scripts
from topform.platform.postgres_binaries import find_binaries
from topform.platform.service_user import service_user

BEFORE_DISCIPLINE = "0018"


@pytest.fixture
def empty_url(postgres_server: PostgresServer) -> Iterator[str]:
    name = f"empty_{uuid4().hex}"
    postgres_server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield postgres_server.url_of(name)
    postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def revisions(database: Database) -> list[str]:
    async with database.transaction() as session:
        return list(await session.scalars(text("SELECT version_num FROM alembic_version")))


async def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    databases = [Database(empty_url, pool_size=2) for _ in range(6)]
    await asyncio.gather(*(upgrade(database) for database in databases))
    assert await revisions(databases[0]) == [head_revision()]
    for database in databases:
        await database.close()


async def test_an_upgrade_from_the_first_revision_keeps_the_rows(empty_url: str) -> None:
    database = Database(empty_url)
    await upgrade(database, revision="0001")
    async with database.transaction() as session:
        await session.execute(
            text("INSERT INTO events (athlete_id, type, data) VALUES (gen_random_uuid(), 'kept', '{\"n\": 1}')")
        )
    await upgrade(database)
    async with database.transaction() as session:
        assert await session.scalar(text("SELECT data ->> 'n' FROM events WHERE type = 'kept'")) == "1"
    assert await revisions(database) == [head_revision()]
    await database.close()


async def test_a_failed_migration_leaves_the_lock_free(empty_url: str) -> None:
    database = Database(empty_url)
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE events (id int)"))
    with pytest.raises(Exception, match="already exists"):
        await upgrade(database)
    async with database.transaction() as session:
        await session.execute(text("DROP TABLE events"))
    await asyncio.wait_for(upgrade(database), timeout=180)
    assert await revisions(database) == [head_revision()]
    await database.close()


async def test_a_database_of_a_newer_version_is_refused(empty_url: str) -> None:
    database = Database(empty_url)
    await upgrade(database)
    async with database.transaction() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnavailableError, match="newer version"):
        await upgrade(database)
    await database.close()


def import_all_tables() -> None:
    for module in pkgutil.walk_packages(topform.__path__, "topform."):
        if module.name.endswith(".tables") or module.name.startswith(("topform.platform.web.", "topform.platform.ev")):
            importlib.import_module(module.name)


async def test_the_migrated_database_is_what_the_code_declares(database: Database) -> None:
    import_all_tables()

    def differences(connection: Connection) -> list[object]:
        def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
            return not (kind == "table" and (name or "").startswith("procrastinate_"))

        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
        return list(compare_metadata(context, Base.metadata))

    connection: AsyncConnection
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


def test_the_job_queue_is_exactly_what_the_installed_library_expects(
    postgres_server: PostgresServer, database_url: str, empty_url: str
) -> None:
    """The library's upgrade scripts, which we apply, must end where its complete schema starts."""
    binaries = find_binaries(configured=None, copies=postgres_server.data_dir / "copies", user=service_user("topform"))

    def dump(url: str) -> list[str]:
        dumped = subprocess.run(
            [binaries.program("pg_dump"), "--schema-only", "--no-owner", "--schema=public", "--dbname", url],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        statements = [part.strip() for part in dumped.split("\n--\n")]
        # The order of columns depends on history and means nothing.
        return sorted(
            "\n".join(sorted(line.strip().rstrip(",") for line in part.splitlines()))
            for part in statements
            if "procrastinate" in part and not part.startswith("-- Name")
        )

    subprocess.run(
        [binaries.program("psql"), "-q", "-v", "ON_ERROR_STOP=1", "--dbname", empty_url],
        input=SchemaManager.get_schema(),
        text=True,
        check=True,
        capture_output=True,
    )
    assert dump(database_url) == dump(empty_url)
    assert job_queue_scripts()[-1].name == "03.04.00_50_post_add_retry_failed_job_procedure.sql"


async def contents(connection: AsyncConnection, tables: list[Table]) -> dict[str, Counter[str]]:
    """Return every row in the columns of these tables, as the database writes it down."""
    found = {}
    for table in tables:
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        rows = await connection.exec_driver_sql(
            f'SELECT to_jsonb(one)::text FROM (SELECT {columns} FROM "{table}") one'
        )
        found[table.name] = Counter(rows.scalars())
    return found


async def write(connection: AsyncConnection, tables: list[Table], numbers: range) -> None:
    for table in tables:
        await connection.execute(table.insert(), made_rows(table, numbers))


async def test_an_upgrade_keeps_every_value_and_the_former_program_goes_on_writing(empty_url: str) -> None:
    """All tables of the last schema without discipline are filled, upgraded, and written to as before."""
    database = Database(empty_url)
    await upgrade(database, revision=BEFORE_DISCIPLINE)
    async with database.engine.begin() as connection:
        await drop_checks(connection)
        former = await tables_of(connection)
        await write(connection, former, range(2, 5))
        await connection.exec_driver_sql(
            "INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'kept')"
        )
        before = await contents(connection, former)
    assert len(former) > 40
    assert all(rows.total() >= 3 for rows in before.values())
    await upgrade(database)
    async with database.engine.begin() as connection:
        after = await contents(connection, former)
        lost = {name: rows - after[name] for name, rows in before.items() if rows - after[name]}
        assert lost == {}
        assert await connection.scalar(text("SELECT task_name FROM procrastinate_jobs")) == "kept"
        await drop_checks(connection)
        await write(connection, former, range(5, 7))
        written = await contents(connection, former)
        assert {name: (rows - after[name]).total() for name, rows in written.items()} == dict.fromkeys(before, 2)
        for table in reversed(former):
            await connection.execute(table.delete())
    await database.close()
