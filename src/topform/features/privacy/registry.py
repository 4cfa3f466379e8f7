"""All that the features keep about a person, gathered from their public modules."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from sqlalchemy import Table

from topform import features
from topform.core.ids import AthleteId
from topform.features.privacy.tables import ErasureRow
from topform.platform.database import Base
from topform.platform.events import EventRow
from topform.platform.personal_data import KeptFor, PersonalData, PersonalTable
from topform.platform.web.idempotency import IdempotencyKeyRow
from topform.platform.web.resources import Resources

OWN = PersonalData(
    tables=(
        PersonalTable(ErasureRow, left_out="the wish to be deleted is not taken along"),
        PersonalTable(EventRow, left_out="news for connected clients, forgotten after some days"),
        PersonalTable(IdempotencyKeyRow, left_out="guards against repeated requests, forgotten after two days"),
    ),
    folders=("exports",),
)
"""What belongs to no feature, and this feature's own."""

ATHLETES = "athletes"


@cache
def _parts() -> tuple[PersonalData, ...]:
    parts = [OWN]
    for module in sorted(found.name for found in pkgutil.iter_modules(features.__path__) if found.ispkg):
        package = f"{features.__name__}.{module}"
        if any(found.name == "public" for found in pkgutil.iter_modules(importlib.import_module(package).__path__)):
            declared = getattr(importlib.import_module(f"{package}.public"), "PERSONAL_DATA", None)
            if declared is not None:
                parts.append(declared)
    return tuple(parts)


@cache
def personal_data() -> PersonalData:
    """Return every feature's tables, those that others refer to first, and every folder of objects."""
    parts = _parts()
    by_name = {table.name: table for part in parts for table in part.tables}
    order = [table.name for table in Base.metadata.sorted_tables]
    return PersonalData(
        tables=tuple(by_name[name] for name in order if name in by_name),
        folders=tuple(sorted({folder for part in parts for folder in part.folders})),
    )


def retention_rules() -> tuple[KeptFor, ...]:
    """Return every feature's rules on how long rows are kept."""
    return tuple(rule for part in _parts() for rule in part.kept_for)


async def before_erasing(resources: Resources, athlete_id: AthleteId) -> None:
    """Let every feature tell others that an account is about to go."""
    for part in _parts():
        if part.before_erasing is not None:
            await part.before_erasing(resources, athlete_id)


def refers_to_a_person(table: Table) -> bool:
    """Tell whether rows of a table belong to an athlete: by the column's name, or by what it refers to."""
    return table.name == ATHLETES or any(
        column.name == "athlete_id" or any(key.column.table.name == ATHLETES for key in column.foreign_keys)
        for column in table.columns
    )


def hangs_on_a_person(table: Table) -> bool:
    """Tell whether rows refer, over any number of tables, to rows that belong to an athlete."""
    seen: set[str] = set()
    waiting = [table]
    while waiting:
        one = waiting.pop()
        if refers_to_a_person(one):
            return True
        seen.add(one.name)
        waiting += [key.column.table for key in one.foreign_keys if key.column.table.name not in seen]
    return False
