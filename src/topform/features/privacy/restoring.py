"""An archive back into an account: all of it or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ArchiveError
from topform.core.ids import AthleteId
from topform.features.athletes.public import PROFILE_COLUMNS
from topform.features.privacy.archive import ACCOUNT
from topform.features.privacy.errors import AccountNotEmptyError, RowsTakenError
from topform.features.privacy.exporting import Report, _silent
from topform.features.privacy.registry import ATHLETES, personal_data
from topform.features.privacy.repository import BATCH, PersonalDataRepository
from topform.features.privacy.rows import REMEDY, row_of
from topform.platform.archives import ArchiveReader, open_archive
from topform.platform.personal_data import PersonalTable
from topform.platform.web.resources import Resources


@dataclass(frozen=True, slots=True)
class Restored:
    """What an archive brought: rows by table, and by name what this server could not give as it was."""

    rows: dict[str, int]
    changed: dict[str, str]


async def import_account(
    resources: Resources, athlete_id: AthleteId, source: Path, *, report: Report = _silent
) -> Restored:
    """Bring an archive into an account that holds nothing else.

    Running it again with the same archive changes nothing.

    Raises
    ------
    ArchiveError
        If the archive is damaged, unsafe or of another kind.
    AccountNotEmptyError
        If the account holds data that is not the archive's.
    RowsTakenError
        If another account of this server holds the archive's rows.
    """
    await report(0.0, "checking")
    archive = await asyncio.to_thread(open_archive, ACCOUNT, source)
    stored: list[str] = []
    try:
        async with resources.database.transaction() as session:
            rows = PersonalDataRepository(session, athlete_id)
            await rows.lock()
            keys: set[str] = set()
            settling = _Settling(session, resources, athlete_id, str(archive.manifest["account"].get("mark", "")))
            counts = await _restore_rows(settling, archive, keys, report)
            await _restore_objects(resources, archive, athlete_id, keys, stored, report)
    except (IntegrityError, DataError) as error:
        await _forget(resources, stored)
        raise ArchiveError(
            "The archive holds rows that do not fit together.", remedy=REMEDY, file=str(source.name)
        ) from error
    except BaseException:  # also when the worker is asked to stop: the rows are undone, and so are the objects
        await _forget(resources, stored)
        raise
    finally:
        archive.zip.close()
    return Restored(counts, settling.changed)


class _Settling:
    """One import: where it writes, and what it had to change."""

    def __init__(self, session: AsyncSession, resources: Resources, athlete_id: AthleteId, mark: str) -> None:
        self.athlete_id = athlete_id
        self.rows = PersonalDataRepository(session, athlete_id)
        self.changed: dict[str, str] = {}
        self._session, self._resources, self._mark = session, resources, mark

    async def settle(self, declared: PersonalTable, row: dict[str, Any]) -> None:
        """Let the feature of a table change what this server cannot give as it is."""
        if declared.settle is not None:
            self.changed |= await declared.settle(self._session, self._resources, self.athlete_id, row, self._mark)


async def _restore_rows(settling: _Settling, archive: ArchiveReader, keys: set[str], report: Report) -> dict[str, int]:
    exported = [table for table in personal_data().tables if table.left_out is None]
    unknown = {name for name in archive.entries if name.startswith("tables/")} - {
        f"tables/{declared.name}.jsonl" for declared in exported
    }
    if unknown:
        raise ArchiveError(
            "The archive holds tables that this version does not know.",
            file=min(unknown),
            remedy="Import it with the version of TopForm that made it, or a newer one.",
        )
    counts: dict[str, int] = {}
    for place, declared in enumerate(exported):
        await report(0.5 * place / len(exported), declared.name)
        counts[declared.name] = await _restore_table(settling, archive, declared, keys)
    return counts


async def _restore_table(settling: _Settling, archive: ArchiveReader, declared: PersonalTable, keys: set[str]) -> int:
    rows = settling.rows
    if declared.name != ATHLETES and declared.made_at_sign_up:
        await rows.clear(declared)
    before = await rows.count(declared)
    total = known = 0
    for batch in _batches(archive, declared, settling.athlete_id):
        for row in batch:
            await settling.settle(declared, row)
            keys.update(row[column] for column in declared.objects if row.get(column) is not None)
        if declared.name == ATHLETES:
            await _restore_profile(rows, declared, batch)
            return 1
        identities = _identities(declared, batch)
        known += await rows.count_among(declared, identities) if identities else 0
        for alike in _of_one_shape(batch):
            await rows.add(declared, alike)
        if identities and await rows.count_among(declared, identities) != len(batch):
            raise RowsTakenError(
                "Rows of the archive belong to another account of this server.",
                remedy="Erase the other account first, or import on another server.",
                file=declared.name,
            )
        total += len(batch)
    if before > known:
        raise AccountNotEmptyError(
            "The account holds data that is not in the archive.",
            remedy="Import into a new account, which holds nothing yet.",
            file=declared.name,
        )
    return total


async def _restore_profile(rows: PersonalDataRepository, declared: PersonalTable, batch: list[dict[str, Any]]) -> None:
    """Write the profile; address, role and whatever else decides about rights stay those of the account."""
    values = {name: value for name, value in batch[0].items() if name in PROFILE_COLUMNS}
    await rows.change_athlete(declared, values)


def _identities(declared: PersonalTable, batch: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Return the primary keys; none where the database numbers the rows itself."""
    names = [column.name for column in declared.table.primary_key.columns]
    return [tuple(row[name] for name in names) for row in batch if all(name in row for name in names)]


def _of_one_shape(batch: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield rows that have the same columns together; older archives lack newer ones."""
    shapes: dict[frozenset[str], list[dict[str, Any]]] = {}
    for row in batch:
        shapes.setdefault(frozenset(row), []).append(row)
    yield from shapes.values()


def _batches(archive: ArchiveReader, declared: PersonalTable, athlete_id: AthleteId) -> Iterator[list[dict[str, Any]]]:
    name = f"tables/{declared.name}.jsonl"
    batch: list[dict[str, Any]] = []
    for number, line in enumerate(archive.lines(name), start=1):
        batch.append(row_of(declared, line, athlete_id, place=f"{name}, line {number}"))
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _restore_objects(
    resources: Resources,
    archive: ArchiveReader,
    athlete_id: AthleteId,
    keys: set[str],
    stored: list[str],
    report: Report,
) -> None:
    """Store the objects that the rows name; each must be there, and nothing else is stored."""
    names = {key: object_name(key) for key in keys}
    missing = set(names.values()) - set(archive.below("objects"))
    if missing:
        raise ArchiveError("The archive lacks an object that its rows name.", file=min(missing), remedy=REMEDY)
    for place, (key, name) in enumerate(sorted(names.items())):
        await report(0.5 + 0.5 * place / len(names), "objects")
        if key.split("/", 1)[0] not in personal_data().folders:
            raise ArchiveError("The archive holds an object in an unknown folder.", file=name, remedy=REMEDY)
        if await resources.store.exists(key):
            continue
        stored.append(key)
        async with resources.store.staging_file() as staged:
            chunks = archive.chunks(name)
            while chunk := await asyncio.to_thread(next, chunks, None):
                await staged.write(chunk)
            await staged.commit(key)


def object_name(key: str) -> str:
    """Return where an archive holds the object of a key."""
    folder, _, rest = key.split("/", 2)
    return f"objects/{folder}/{rest}"


async def _forget(resources: Resources, keys: list[str]) -> None:
    for key in keys:
        await resources.store.delete(key)
