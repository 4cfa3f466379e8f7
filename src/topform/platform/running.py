"""Who owns a data directory, and how a command gets at the database of one."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from topform.core.errors import DatabaseUnavailableError, DataDirectoryInUseError, NoInstallationError, SetupError
from topform.platform.database import Database, Reactions
from topform.platform.embedded_postgres import EmbeddedPostgres, PostgresLayout, make_data_dir, running_server_url
from topform.platform.migrations import upgrade
from topform.platform.processes import is_alive
from topform.platform.settings import Settings

Role = Literal["server", "command"]
SERVER_READY_TIMEOUT_S = 130.0
POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that holds a data directory: a server that others may use, or a command that soon ends."""

    pid: int
    role: Role
    address: str | None = None


class HeldDataDirectory:
    """A data directory that this process owns; the kernel lets go of it when the process ends, however it ends."""

    def __init__(self, path: Path, descriptor: int, role: Role) -> None:
        self.path = path
        self._descriptor = descriptor
        self._role: Role = role
        self.announce(None)

    def announce(self, address: str | None) -> None:
        """Write who owns the directory, and where the server answers, for those who find it taken."""
        content = json.dumps(asdict(Owner(pid=os.getpid(), role=self._role, address=address))).encode()
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, content, 0)


@contextmanager
def hold_data_directory(path: Path, *, role: Role) -> Iterator[HeldDataDirectory]:
    """Own a data directory, or raise with the process that does."""
    make_data_dir(path)
    lock_file = path / "lock"
    try:
        descriptor = os.open(lock_file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise SetupError(
            f"The data directory {path} cannot be used: {error.strerror}.",
            remedy="Run TopForm as the user who created it, or choose another with --data-dir.",
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _in_use(path, owner_of(path)) from None
        try:
            yield HeldDataDirectory(path, descriptor, role)
        finally:
            os.ftruncate(descriptor, 0)
            # Closing is not enough while a child that is being started still has a copy of the descriptor.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def owner_of(path: Path) -> Owner | None:
    """Return who has written itself into the lock file; meaningful only while the lock is held."""
    try:
        return Owner(**json.loads((path / "lock").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def address_of_server(path: Path) -> str | None:
    """Return where the server that owns a data directory answers on this machine, None when none does."""
    owner = owner_of(path)
    return owner.address if owner is not None and owner.role == "server" and is_alive(owner.pid) else None


def _in_use(path: Path, owner: Owner | None) -> DataDirectoryInUseError:
    if owner is None:
        who, remedy = "another process", "Stop the other TopForm, or choose another directory with --data-dir."
    elif owner.role == "server":
        at = f" at {owner.address}" if owner.address else ""
        who = f"the TopForm server with process id {owner.pid}{at}"
        remedy = f"Use that server, stop it (kill {owner.pid}), or choose another directory with --data-dir."
    else:
        who = f"the TopForm command with process id {owner.pid}"
        remedy = "Wait until it has finished, or choose another directory with --data-dir."
    return DataDirectoryInUseError(
        f"The data directory {path} is in use by {who}.",
        remedy=remedy,
        data_dir=str(path),
        pid=None if owner is None else owner.pid,
    )


def embedded_postgres(settings: Settings, *, say: Callable[[str], None] | None = None) -> EmbeddedPostgres:
    """Return the server of the settings' data directory, not yet started."""
    return EmbeddedPostgres(
        settings.data_dir,
        service_user_name=settings.service_user,
        bin_dir=settings.postgres_bin_dir,
        say=say,
    )


@asynccontextmanager
async def connect_or_start(
    settings: Settings,
    *,
    say: Callable[[str], None] | None = None,
    migrate: bool = True,
    reactions: Reactions | None = None,
    may_create: bool = True,
) -> AsyncIterator[Database]:
    """Lend a command the migrated database: the configured one, the running server's, or one started for it.

    With ``migrate=False`` the database comes as it is, also empty; with ``may_create=False`` there has to be one.
    """
    if settings.database_url is not None:
        async with _connected(
            settings.database_url.get_secret_value(), migrate=migrate, reactions=reactions
        ) as database:
            yield database
        return
    is_missing = not may_create and not _has_database(settings.data_dir)
    if is_missing and not (settings.data_dir / "lock").exists():
        raise _nothing_there(settings.data_dir)
    with ExitStack() as held:
        try:
            held.enter_context(hold_data_directory(settings.data_dir, role="command"))
        except DataDirectoryInUseError:
            owner = owner_of(settings.data_dir)
            if owner is None or owner.role != "server":
                raise
            url = await _url_of_running_server(settings.data_dir)
        else:
            if is_missing:  # what held the lock once never came to make a database
                raise _nothing_there(settings.data_dir)
            postgres = embedded_postgres(settings, say=say)
            held.callback(postgres.stop)
            url = postgres.start()
        async with _connected(url, migrate=migrate, reactions=reactions) as database:
            yield database


def _has_database(data_dir: Path) -> bool:
    try:
        return (PostgresLayout(data_dir).cluster / "PG_VERSION").exists()
    except PermissionError:  # it is another user's
        return True


def _nothing_there(data_dir: Path) -> NoInstallationError:
    return NoInstallationError(
        f"There is no TopForm in {data_dir}.",
        remedy="Name the folder of yours with --data-dir, or start one there with `topform serve`.",
        data_dir=str(data_dir),
    )


@asynccontextmanager
async def _connected(url: str, *, migrate: bool, reactions: Reactions | None) -> AsyncIterator[Database]:
    database = Database(url, application_name="topform-command", reactions=reactions)
    try:
        if migrate:
            await upgrade(database)
        yield database
    finally:
        await database.close()


async def _url_of_running_server(data_dir: Path) -> str:
    deadline = time.monotonic() + SERVER_READY_TIMEOUT_S
    while time.monotonic() < deadline:
        url = running_server_url(data_dir)
        if url is not None:
            return url
        await asyncio.sleep(POLL_S)
    raise DatabaseUnavailableError(
        f"The TopForm server of {data_dir} is starting and its database does not answer.",
        remedy="See what the server prints, then try again.",
    )
