"""The job queue's own schema scripts, applied by name so that an upgrade of the library needs a migration of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection


def job_queue_scripts() -> list[Path]:
    """Return the scripts that the installed library brings, in the order of their application."""
    return sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))


def apply_job_queue_scripts(connection: Connection, *, after: str | None, through: str) -> None:
    """Apply the scripts later than ``after`` up to and including ``through``."""
    scripts = [path for path in job_queue_scripts() if (after is None or path.name > after) and path.name <= through]
    assert scripts, "no script of the job queue lies in this range"
    driver: Any = connection.connection.dbapi_connection
    for script in scripts:
        sql = script.read_text(encoding="utf-8")
        # The plain protocol takes several statements at once; SQLAlchemy prepares and takes one.
        driver.run_async(lambda asyncpg_connection, sql=sql: asyncpg_connection.execute(sql))
