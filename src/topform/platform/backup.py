"""The whole installation as one archive, taken while the server runs, and back into an empty one."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import text

from topform import __version__
from topform.core.errors import ConflictError, DatabaseUnavailableError, NotFoundError, SetupError
from topform.platform.archives import CHUNK, ArchiveKind, ArchiveReader, ArchiveWriter, open_archive
from topform.platform.database import Database
from topform.platform.migrations import require_known, upgrade
from topform.platform.objects import ObjectMark, ObjectStore
from topform.platform.postgres_binaries import PostgresBinaries, find_binaries
from topform.platform.secret_files import store_secret
from topform.platform.settings import Settings

DUMP: Final = "database.dump"
KEY_ENTRY: Final = "secrets/signing_key"
OBJECTS: Final = "objects"
LATER: Final = "later"
ABOUT: Final = """\
This archive holds everything a TopForm installation kept: all accounts, and the key that opens stored credentials.
Keep it where only those may read it who may read the server.

manifest.json   what is inside, with sizes and SHA-256 digests
database.dump   the database as pg_dump writes it (custom format), as it was at one moment
objects/        uploads, streams and videos that were there before that moment
later/          those that came or changed while they were copied
secrets/        the key, unless it was set from outside (TOPFORM_SECRET_KEY)

topform restore brings it back into an empty installation.
"""
BACKUP: Final = ArchiveKind(
    format="topform-backup",
    schema_version=1,
    noun="the backup of an installation",
    about=ABOUT,
    remedy="Take another backup; check the medium it was kept on.",
    remedy_elsewhere="For the archive of one account use topform account import.",
)

Say = Callable[[str], None]


class BackupFailedError(SetupError):
    """PostgreSQL's own programs could not read or write the database."""

    code = "backup_failed"


class NotEmptyError(ConflictError):
    """A backup is restored only where there is nothing to lose."""

    code = "installation_not_empty"


@dataclass(frozen=True, slots=True)
class Installation:
    """What a backup is taken of, or restored into."""

    settings: Settings
    database: Database
    store: ObjectStore


async def back_up(source: Installation, target: Path, *, made_at: datetime, say: Say) -> dict[str, Any]:
    """Write everything to ``target`` and return the manifest; the server may run and be written to meanwhile.

    Objects are copied before the moment the database is read at, and those that came meanwhile right after it, while it
    is held for reading: a row of that moment finds its object, also one that is deleted while the database is read.
    """
    programs = _programs(source.settings)
    with ArchiveWriter(BACKUP, target) as archive:
        say("Copying stored files")
        before = await source.store.marks()
        await _copy(source.store, archive, before, OBJECTS)
        async with _moment(source.database) as (snapshot, revision):
            after = await source.store.marks()
            changed = {key: mark for key, mark in after.items() if before.get(key) != mark}
            await _copy(source.store, archive, changed, LATER)
            say("Reading the database")
            part = target.with_name(f".{target.name}.dump")
            await asyncio.to_thread(
                _dump_into, archive, programs.program("pg_dump"), source.database, part, snapshot=snapshot
            )
        if source.settings.secret_key is None:
            with archive.entry(KEY_ENTRY, is_packed=False) as entry:
                entry.write(source.settings.signing_key().encode("ascii"))
        return await asyncio.to_thread(
            archive.finish,
            {
                "made_at": made_at.isoformat(),
                "made_by": f"TopForm {__version__}",
                "postgres_major": programs.major,
                "schema_revision": revision,
                "key_fingerprint": _fingerprint(source.settings.signing_key()),
            },
        )


async def restore(source: Path, target: Installation, *, say: Say) -> dict[str, Any]:
    """Bring a backup into an empty installation: all of it, or an error and an empty database.

    Returns the manifest, with ``needs_key`` telling whether stored credentials need the key of the old installation.

    Raises
    ------
    ArchiveError
        If the file is no backup, or not a byte of it may be trusted.
    NotEmptyError
        If the database holds tables already.
    """
    say("Checking the backup")
    archive = await asyncio.to_thread(open_archive, BACKUP, source)
    with archive.zip:
        require_known(str(archive.manifest["schema_revision"]))
        await _require_empty(target.database)
        say("Restoring stored files")
        for folder in (OBJECTS, LATER):
            for name in archive.below(folder):
                await _put(target.store, archive, name)
        say("Restoring the database")
        await _load(target, archive)
        await upgrade(target.database)
        if KEY_ENTRY in archive.entries and target.settings.secret_key is None:
            store_secret(target.settings.signing_key_file, b"".join(archive.chunks(KEY_ENTRY)).decode("ascii"))
    fingerprint = _fingerprint(target.settings.signing_key())
    return {**archive.manifest, "needs_key": fingerprint != archive.manifest["key_fingerprint"]}


# ---- objects -------------------------------------------------------------------------------------------------------


async def _copy(store: ObjectStore, archive: ArchiveWriter, keys: dict[str, ObjectMark], folder: str) -> None:
    for key in sorted(keys):
        try:
            async with store.local_file(key) as path:
                await asyncio.to_thread(_copy_file, path, archive, f"{folder}/{key}")
        except (NotFoundError, FileNotFoundError):
            continue  # deleted since it was listed, and so are its rows


def _copy_file(path: Path, archive: ArchiveWriter, name: str) -> None:
    with path.open("rb") as file, archive.entry(name, is_packed=True) as entry:
        while chunk := file.read(CHUNK):
            entry.write(chunk)


async def _put(store: ObjectStore, archive: ArchiveReader, name: str) -> None:
    async with store.staging_file() as staged:
        for chunk in archive.chunks(name):
            await staged.write(chunk)
        await staged.commit(name.partition("/")[2])


# ---- the database --------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _moment(database: Database) -> AsyncIterator[tuple[str, str]]:
    """Hold the database as it is now for others to read; yield the snapshot and the revision of its schema."""
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        revision = str(await connection.scalar(text("SELECT version_num FROM alembic_version")))
        yield str(await connection.scalar(text("SELECT pg_export_snapshot()"))), revision


def _dump_into(archive: ArchiveWriter, pg_dump: str, database: Database, part: Path, *, snapshot: str) -> None:
    wanted = ["--format=custom", "--no-owner", "--no-privileges", "--no-unlogged-table-data", f"--file={part}"]
    try:
        _run(pg_dump, [*wanted, f"--snapshot={snapshot}"], database)
        _copy_file(part, archive, DUMP)
    finally:
        part.unlink(missing_ok=True)


async def _require_empty(database: Database) -> None:
    async with database.engine.connect() as connection:
        tables = await connection.scalar(
            text("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        )
    if tables:
        raise NotEmptyError(
            "There is data here already; a backup is restored into an empty installation only.",
            remedy="Choose a new folder with --data-dir, or an empty database with TOPFORM_DATABASE_URL.",
        )


async def _load(target: Installation, archive: ArchiveReader) -> None:
    part = target.settings.staging_dir / f"{secrets.token_hex(16)}.dump"
    try:
        with archive.zip.open(DUMP) as packed, part.open("xb") as file:
            part.chmod(0o600)
            await asyncio.to_thread(shutil.copyfileobj, packed, file, CHUNK)
        await asyncio.to_thread(
            _run,
            _programs(target.settings).program("pg_restore"),
            ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(part)],
            target.database,
        )
    finally:
        part.unlink(missing_ok=True)


def _run(program: str, arguments: list[str], database: Database) -> None:
    """Run one of PostgreSQL's programs; the password travels in the environment, which other users cannot read."""
    parts = conninfo_to_dict(database.plain_url)
    password = parts.pop("password", None)
    environment = dict(os.environ)
    if password is not None:
        environment["PGPASSWORD"] = str(password)
    try:
        subprocess.run(
            [program, f"--dbname={make_conninfo('', **parts)}", *arguments],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
            cwd="/",
        )
    except FileNotFoundError as error:
        raise DatabaseUnavailableError(
            f"The program {Path(program).name} was not found.",
            remedy="Install PostgreSQL's client programs and set TOPFORM_POSTGRES_BIN_DIR to their folder.",
        ) from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines()
        raise BackupFailedError(
            f"{Path(program).name} failed: {said[0] if said else f'exit code {error.returncode}'}",
            remedy="Its version must not be older than the server's (TOPFORM_POSTGRES_BIN_DIR); look for a full disk.",
        ) from error


def _programs(settings: Settings) -> PostgresBinaries:
    return find_binaries(
        configured=settings.postgres_bin_dir, copies=settings.data_dir / "postgres-programs", user=None
    )


def _fingerprint(key: str) -> str:
    return hashlib.sha256(b"topform backup key " + key.encode()).hexdigest()[:16]
