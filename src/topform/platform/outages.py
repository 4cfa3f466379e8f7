"""Failures that pass when the machine is well again: database away, disk full, files away. Known apart in one place."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from obstore.exceptions import BaseError, NotFoundError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from topform.core.errors import DatabaseUnavailableError, ObjectStoreUnavailableError, StorageFullError

Outage = DatabaseUnavailableError | StorageFullError | ObjectStoreUnavailableError
OUTAGES = (DatabaseUnavailableError, StorageFullError, ObjectStoreUnavailableError)

CONNECTION_LOST = "08"
DISK_FULL = "53100"
IN_EACH_OTHERS_WAY = frozenset({"40001", "40P01", "55P03"})
"""Serialisation, deadlock and lock: as when a newer version brings the tables to its schema; nothing was changed."""

OUT_OF_SERVICE = frozenset({"53300", "57P01", "57P02", "57P03"})
"""Too many connections; shut down by its administrator, or by a crash; starting up or recovering."""


def outage_of(error: BaseException) -> Outage | None:
    """Return the outage that a failure stands for, or None when it is something else."""
    if isinstance(error, OUTAGES):
        return error
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _storage_full()
    if isinstance(error, BaseError):
        return None if isinstance(error, NotFoundError) else _no_files()
    if isinstance(error, DBAPIError):
        if _is_outdated(error):
            return _busy()
        return _of_state(getattr(error.orig, "sqlstate", None), is_lost=error.connection_invalidated)
    if isinstance(error, asyncpg.PostgresError):
        return _of_state(error.sqlstate, is_lost=False)
    if isinstance(error, PoolTimeoutError | ConnectionError | asyncpg.InterfaceError):
        return _no_database()
    return None


@contextmanager
def outages_are_typed() -> Iterator[None]:
    """Raise the typed outage in place of what a driver says about it."""
    try:
        yield
    except (DBAPIError, PoolTimeoutError, BaseError) as error:
        outage = outage_of(error)
        if outage is None:
            raise
        raise outage from error


def _is_outdated(error: DBAPIError) -> bool:
    """Tell whether a statement was prepared before the tables changed; the driver forgets all of them then."""
    cause = getattr(error.orig, "__cause__", None)
    if isinstance(cause, asyncpg.InvalidCachedStatementError | asyncpg.OutdatedSchemaCacheError):
        return True
    return isinstance(cause, asyncpg.InternalServerError) and "cache lookup failed" in str(cause)


def _of_state(sqlstate: object, *, is_lost: bool) -> Outage | None:
    state = str(sqlstate or "")
    if state == DISK_FULL:
        return _storage_full()
    if state in IN_EACH_OTHERS_WAY:
        return _busy()
    if is_lost or state in OUT_OF_SERVICE or state.startswith(CONNECTION_LOST):
        return _no_database()
    return None


def _no_database() -> DatabaseUnavailableError:
    return DatabaseUnavailableError("The database cannot be reached.", remedy="Try again in a moment.")


def _busy() -> DatabaseUnavailableError:
    return DatabaseUnavailableError("The database is being changed right now.", remedy="Try again in a moment.")


def _storage_full() -> StorageFullError:
    return StorageFullError("The server has no room left.", remedy="Ask the person who runs it to make room.")


def _no_files() -> ObjectStoreUnavailableError:
    return ObjectStoreUnavailableError(
        "The store of files does not answer as it should.",
        remedy="Try again in a moment; the server's log says what is wrong with it.",
    )
