"""Rows for any schema there is: made from what the database says of its tables, not from what the code declares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, MetaData, Table, types
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

NOT_OURS = ("alembic_version", "procrastinate_")
FIRST_DAY = datetime(2024, 1, 1, 6, 30, tzinfo=UTC)


async def tables_of(connection: AsyncConnection) -> list[Table]:
    """Return the tables that are there, those that others refer to first."""
    metadata = MetaData()
    await connection.run_sync(metadata.reflect)
    return [table for table in metadata.sorted_tables if not table.name.startswith(NOT_OURS)]


async def drop_checks(connection: AsyncConnection) -> None:
    """Let made values in: what a check asks for cannot be guessed."""
    found = await connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint "
        "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
    )
    for table, name in found.all():
        await connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def made_rows(table: Table, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Return one row for each number; a row refers to the rows of the same number in other tables."""
    return [
        {column.name: made_value(column, number) for column in table.columns if not _fills_itself(column)}
        for number in numbers
    ]


def _fills_itself(column: Column[Any]) -> bool:
    return column.computed is not None or bool(column.identity is not None and column.identity.always)


def made_value(column: Column[Any], number: int) -> Any:
    """Return a value of the column's type that no other number gives."""
    for key in column.foreign_keys:
        if key.column.table is column.table and column.nullable:
            return None
        return made_value(key.column, number)
    seed = hashlib.sha256(f"{column.table.name}.{column.name}.{number}".encode()).digest()
    return _of_type(column.type, number, seed)


def _of_type(kind: types.TypeEngine[Any], number: int, seed: bytes) -> Any:
    match kind:
        case postgresql.ARRAY():
            return [_of_type(kind.item_type, number, seed)]
        case postgresql.JSON() | postgresql.JSONB() | types.JSON():
            return {"number": number, "seed": seed.hex()[:8]}
        case types.Uuid():
            return UUID(bytes=seed[:16])
        case types.Boolean():
            return number % 2 == 0
        case types.DateTime():
            return FIRST_DAY + timedelta(days=number, seconds=seed[0])
        case types.Date():
            return date(2024, 1, 1) + timedelta(days=number)
        case types.Time():
            return time(number % 24, seed[0] % 60)
        case types.Interval():
            return timedelta(seconds=number)
        case types.LargeBinary():
            return seed
        case types.Integer() | types.Numeric() | types.Float():
            return number
        case types.String():
            return seed.hex()[: kind.length or 16]
    raise NotImplementedError(f"no values of type {kind!r} are made yet")
