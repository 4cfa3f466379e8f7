"""What each feature keeps about a person: declared once, used by export, import and erasure.

A feature lists its tables in ``PERSONAL_DATA`` of its ``public.py``; adding a table is one line there. A test compares
the lists with every table of the database that refers to an athlete.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import DeclarativeBase

Settle = Callable[[Any, Any, UUID, dict[str, Any], str], Awaitable[dict[str, str]]]


def mark_of(athlete_id: UUID, secret: str) -> str:
    """Return what an archive says of the account it was made of: only the server with the secret makes or reads it."""
    return hmac.digest(secret.encode(), f"account {athlete_id}".encode(), hashlib.sha256).hex()


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """A table with rows that belong to an athlete.

    ``left_out`` says why the rows are not exported (secrets, what passes by itself); None exports them. ``omit`` are
    columns that are never exported and take their default on import. ``objects`` are the columns that hold keys of
    stored objects, which are exported and erased with the row. ``owner`` is the column that names the athlete.
    ``made_at_sign_up``: a new account has such rows already, and an imported archive replaces them. ``settle`` is
    called with the session, the resources, the athlete's id, a row and the mark of the archive before the row is
    stored: it refuses what no server stores, changes what this one cannot give, and returns the new values by name.
    ``outlasts``: the rows stay when the account is erased, without their owner and with these values instead of what
    the owner wrote; None deletes them.
    """

    row: type[DeclarativeBase]
    left_out: str | None = None
    omit: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    owner: str = "athlete_id"
    made_at_sign_up: bool = False
    settle: Settle | None = None
    outlasts: Mapping[str, Any] | None = None

    @property
    def table(self) -> Table:
        """The table itself."""
        table: Any = self.row.__table__
        return table  # type: ignore[no-any-return]

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.table.name


@dataclass(frozen=True, slots=True)
class KeptFor:
    """How long rows are kept: until ``days`` after the moment in ``since``; a row without such a moment stays.

    ``only`` narrows the rule to rows whose column has one of the values.
    """

    row: type[DeclarativeBase]
    since: str
    days: int
    only: tuple[str, tuple[str, ...]] | None = None

    @property
    def table(self) -> Table:
        """The table itself."""
        table: Any = self.row.__table__
        return table  # type: ignore[no-any-return]


BeforeErasing = Callable[[Any, UUID], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A feature's part of an account: its tables, and the folders of stored objects that carry the athlete's id.

    ``kept_for`` says which rows are deleted by themselves, and when.

    An object lies at ``<folder>/<athlete id>/...``. ``before_erasing`` is called with the process's resources and the
    athlete's id while the rows are still there, for what has to be told to others (a service that delivers data).
    """

    tables: tuple[PersonalTable, ...]
    folders: tuple[str, ...] = ()
    before_erasing: BeforeErasing | None = None
    kept_for: tuple[KeptFor, ...] = ()
