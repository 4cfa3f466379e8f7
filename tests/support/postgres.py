"""A real PostgreSQL for tests: one server for each test session, one freshly cloned database for each test."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from topform.platform.database import Database
from topform.platform.embedded_postgres import DATABASE, EmbeddedPostgres
from topform.platform.migrations import upgrade

# Nothing here needs to survive a power cut.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}


@dataclass(frozen=True)
class PostgresServer:
    """A running server whose database ``topform`` is migrated and serves as the template of the tests' databases."""

    url: str
    data_dir: Path
    postgres: EmbeddedPostgres

    def url_of(self, name: str) -> str:
        """Return the URL of another database of this server."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def execute(self, statement: str) -> None:
        """Run a statement outside any transaction."""
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def data_directory() -> Iterator[Path]:
    """A data directory that the service user can pass through, which pytest's own private folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="topform-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def migrate(url: str) -> None:
    """Bring a database to the newest schema."""
    database = Database(url)
    await upgrade(database)
    await database.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The server of this test session."""
    with data_directory() as folder:
        postgres = EmbeddedPostgres(folder, options=FAST)
        url = postgres.start()
        try:
            asyncio.run(migrate(url))
            yield PostgresServer(url, folder, postgres)
        finally:
            postgres.stop()


@pytest.fixture
def database_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The URL of a migrated, empty database that belongs to one test."""
    name = f"test_{uuid4().hex}"
    postgres_server.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}")
    yield postgres_server.url_of(name)
    postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database that belongs to one test; commits, locks and notifications are real."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """An empty data directory."""
    with data_directory() as folder:
        yield folder
