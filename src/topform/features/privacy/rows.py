"""Rows as lines of JSON and back, by the types of the table's columns."""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB

from topform.core.errors import ArchiveError
from topform.core.ids import AthleteId
from topform.platform.personal_data import PersonalTable

SELF: Final = "{athlete}"
"""Stands for the athlete's id in keys of objects, so that an archive fits any account."""


def exported_columns(declared: PersonalTable) -> list[Column[Any]]:
    """Return the columns that an archive holds: not the owner, not what is never exported, no running numbers."""
    numbered = declared.table.autoincrement_column
    return [
        column
        for column in declared.table.columns
        if column.name != declared.owner and column.name not in declared.omit and column is not numbered
    ]


def line_of(declared: PersonalTable, row: Mapping[str, Any], athlete_id: AthleteId) -> bytes:
    """Return a row as one line of JSON with its keys in order."""
    document = {
        column.name: _relative(row[column.name], athlete_id)
        if column.name in declared.objects
        else _as_json(row[column.name])
        for column in exported_columns(declared)
    }
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def row_of(declared: PersonalTable, line: bytes, athlete_id: AthleteId, *, place: str) -> dict[str, Any]:
    """Return the row of a line for an athlete, checked against the table's columns.

    Raises
    ------
    ArchiveError
        If the line is no JSON object, or holds what the table cannot.
    """
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ArchiveError("A line of the archive is not JSON.", file=place, remedy=REMEDY) from error
    columns = {column.name: column for column in exported_columns(declared)}
    if not isinstance(document, dict) or not document.keys() <= columns.keys():
        raise ArchiveError(
            "A line of the archive has fields that this version does not know.",
            file=place,
            remedy="Import it with the version of TopForm that made it, or a newer one.",
        )
    row: dict[str, Any] = {declared.owner: athlete_id}
    for name, value in document.items():
        try:
            row[name] = _absolute(value, athlete_id) if name in declared.objects else _from_json(columns[name], value)
        except (ValueError, TypeError, binascii.Error) as error:
            raise ArchiveError(f"The field {name} of a line cannot be read.", file=place, remedy=REMEDY) from error
    return row


REMEDY: Final = "Export the account again; an archive must not be edited."


def _as_json(value: Any) -> Any:
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case UUID() | Decimal():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case _:
            return value


def _from_json(column: Column[Any], value: Any) -> Any:
    if value is None or isinstance(column.type, JSONB):
        return _without_nul(value)
    kind = column.type.python_type
    if kind is datetime:
        instant = datetime.fromisoformat(value)
        if instant.utcoffset() is None:
            raise ValueError("an instant without a zone")
        return instant
    if kind in (date, time):
        return kind.fromisoformat(value)
    if kind is bytes:
        return base64.b64decode(value, validate=True)
    if kind is timedelta:
        return timedelta(seconds=value)
    if kind is float and not isinstance(value, bool):
        return float(value)
    if kind in (UUID, Decimal):
        return kind(value)
    if isinstance(value, bool) is not (kind is bool) or not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind.__name__}")
    return _without_nul(value)


def _without_nul(value: Any) -> Any:
    """Return a value that the database can hold as it is."""
    match value:
        case str() if "\x00" in value:
            raise ValueError("a NUL character")
        case list():
            for item in value:
                _without_nul(item)
        case dict():
            for name, item in value.items():
                _without_nul(name)
                _without_nul(item)
    return value


def _relative(key: str | None, athlete_id: AthleteId) -> str | None:
    return None if key is None else key.replace(str(athlete_id), SELF)


def _absolute(key: str | None, athlete_id: AthleteId) -> str | None:
    if key is None:
        return None
    folder, owner, rest = key.split("/", 2)
    if owner != SELF or not rest:
        raise ValueError("a key outside the athlete's folders")
    return f"{folder}/{athlete_id}/{rest}"
