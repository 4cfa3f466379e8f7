"""An account as one archive: every table, every stored object, nothing that opens a door."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from topform import __version__
from topform.core.ids import AthleteId
from topform.features.athletes.public import get_athlete
from topform.features.privacy.archive import ACCOUNT
from topform.features.privacy.registry import personal_data
from topform.features.privacy.repository import PersonalDataRepository
from topform.features.privacy.rows import line_of
from topform.platform.archives import ArchiveWriter
from topform.platform.personal_data import PersonalTable, mark_of
from topform.platform.web.resources import Resources

Report = Callable[[float, str], Awaitable[None]]


async def _silent(progress: float, stage: str) -> None:
    """Say nothing."""


async def export_account(
    resources: Resources, athlete_id: AthleteId, target: Path, *, made_at: datetime, report: Report = _silent
) -> dict[str, Any]:
    """Write everything of an athlete into an archive and return its manifest.

    All tables are read as they were at one moment. Objects are named after their content or never change, so that
    they can be read afterwards.
    """
    exported = [table for table in personal_data().tables if table.left_out is None]
    counts: dict[str, int] = {}
    keys: set[str] = set()
    with ArchiveWriter(ACCOUNT, target) as archive:
        async with resources.database.transaction() as session:
            await PersonalDataRepository(session, athlete_id).see_one_moment()
            athlete = await get_athlete(session, athlete_id)
            for place, declared in enumerate(exported):
                await report(0.5 * place / len(exported), declared.name)
                counts[declared.name] = await _write_table(session, archive, declared, athlete_id, keys)
        for place, key in enumerate(sorted(keys)):
            await report(0.5 + 0.5 * place / len(keys), "objects")
            await _write_object(resources, archive, key, athlete_id)
        return await asyncio.to_thread(
            archive.finish,
            {
                "made_at": made_at.isoformat(),
                "made_by": f"TopForm {__version__}",
                "account": {
                    "email": athlete.email,
                    "display_name": athlete.display_name,
                    "mark": mark_of(athlete_id, resources.settings.signing_key()),
                },
                "rows": counts,
                "left_out": {
                    table.name: table.left_out for table in personal_data().tables if table.left_out is not None
                },
            },
        )


async def _write_table(
    session: AsyncSession, archive: ArchiveWriter, declared: PersonalTable, athlete_id: AthleteId, keys: set[str]
) -> int:
    count = 0
    with archive.entry(f"tables/{declared.name}.jsonl", is_packed=False) as entry:
        async for row in PersonalDataRepository(session, athlete_id).rows(declared):
            entry.write(line_of(declared, row, athlete_id))
            keys.update(row[column] for column in declared.objects if row[column] is not None)
            count += 1
    return count


async def _write_object(resources: Resources, archive: ArchiveWriter, key: str, athlete_id: AthleteId) -> None:
    with archive.entry(object_entry(key, athlete_id), is_packed=True) as entry:
        async for chunk in resources.store.stream(key):
            await asyncio.to_thread(entry.write, chunk)


def object_entry(key: str, athlete_id: AthleteId) -> str:
    """Return where an archive holds an object: its key without the athlete's id."""
    folder, owner, rest = key.split("/", 2)
    if owner != str(athlete_id):
        raise ValueError(f"the object {key!r} lies outside the athlete's folders")
    return f"objects/{folder}/{rest}"
