"""Bring a database to the newest schema, one process at a time."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from topform.core.errors import DatabaseUnavailableError
from topform.platform.database import Database
from topform.platform.logs import get_logger

LOCK_KEY = 0x746F_7066_6F72_6D01  # "topform", 1: migrations
WAIT_FOR_OTHER_S = 600.0
STATEMENT_LOCK_TIMEOUT_S = 10
MINIMUM_SERVER_MAJOR = 17
"""Older servers refuse to use an enum's new value in the transaction that adds it, as the job queue's schema does."""

log = get_logger(__name__)


def alembic_config() -> Config:
    """Return Alembic's configuration; there is no ini file to keep in step."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config


def head_revision() -> str:
    """Return the newest revision that this version of the program knows."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head


async def upgrade(database: Database, *, revision: str = "head") -> None:
    """Apply missing migrations; processes that start together wait for the one that does the work."""
    async with database.engine.connect() as lock_holder:
        await lock_holder.execution_options(isolation_level="AUTOCOMMIT")
        require_supported(int(await lock_holder.scalar(text("SHOW server_version_num"))))
        deadline = time.monotonic() + WAIT_FOR_OTHER_S
        # Polling, because a session that waits inside a statement would block CREATE INDEX CONCURRENTLY.
        while not await lock_holder.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}):
            if time.monotonic() > deadline:
                raise DatabaseUnavailableError(
                    "Another process has been migrating the database for ten minutes.",
                    remedy="Wait for it, or stop it if it hangs, then start again.",
                )
            await asyncio.sleep(0.1)
        try:
            async with database.engine.connect() as connection:
                await connection.run_sync(_run, revision)
        finally:
            await lock_holder.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK_KEY})


def require_supported(server_version_num: int) -> None:
    """Raise unless the server is new enough; the number is PostgreSQL's own, 180002 for 18.2."""
    major = server_version_num // 10_000
    if major < MINIMUM_SERVER_MAJOR:
        raise DatabaseUnavailableError(
            f"The database server is PostgreSQL {major}; TopForm needs {MINIMUM_SERVER_MAJOR} or newer.",
            remedy="Upgrade the server, or unset TOPFORM_DATABASE_URL to use the one that TopForm brings.",
        )


def require_known(revision: str) -> None:
    """Raise unless this version of the program knows a revision of the schema."""
    try:
        ScriptDirectory.from_config(alembic_config()).get_revision(revision)
    except CommandError as error:
        raise _newer() from error


def _newer() -> DatabaseUnavailableError:
    return DatabaseUnavailableError(
        "The database was written by a newer version of TopForm.",
        remedy="Start that version or a newer one; a downgrade of the schema is not supported.",
    )


def _run(connection: Connection, revision: str) -> None:
    connection.execute(text(f"SET lock_timeout = '{STATEMENT_LOCK_TIMEOUT_S}s'"))
    connection.commit()
    config = alembic_config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        if "Can't locate revision" not in str(error):
            raise
        raise _newer() from error
    finally:
        if not connection.closed and not connection.invalidated:
            connection.rollback()
            connection.execute(text("RESET lock_timeout"))
            connection.commit()
