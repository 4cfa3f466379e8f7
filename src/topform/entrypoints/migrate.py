"""Bring the configured database to the newest schema and exit: ``python -m topform.entrypoints.migrate``.

``topform serve`` does this itself. Where API and workers are started one by one, it runs once before them.
"""

from __future__ import annotations

import asyncio
import sys

from topform.core.errors import SetupError, TopFormError
from topform.platform.database import Database
from topform.platform.logs import configure_logging, get_logger
from topform.platform.migrations import head_revision, upgrade
from topform.platform.settings import Settings, load_settings

log = get_logger(__name__)


async def run(settings: Settings) -> None:
    """Apply the missing migrations."""
    if settings.database_url is None:
        raise SetupError(
            "There is no database to migrate.",
            remedy="Set TOPFORM_DATABASE_URL, or start TopForm with topform serve, which migrates its own.",
        )
    database = Database(settings.database_url.get_secret_value(), pool_size=2, application_name="topform-migrate")
    try:
        await upgrade(database)
    finally:
        await database.close()


def main() -> int:
    """Migrate; a failure that can be explained is one line."""
    try:
        settings = load_settings()
        configure_logging(log_format=settings.log_format, level=settings.log_level)
        asyncio.run(run(settings))
    except TopFormError as error:
        log.error("migration_failed", code=error.code, reason=error.message, remedy=error.remedy)
        return 1
    except OSError as error:
        log.error("database_unreachable", reason=str(error), remedy="Check TOPFORM_DATABASE_URL.")
        return 1
    log.info("database_is_current", revision=head_revision())
    return 0


if __name__ == "__main__":
    sys.exit(main())
