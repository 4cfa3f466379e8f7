"""Who owns a data directory, and how commands reach its database."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.support.shared_data import REPOSITORY

from topform.core.errors import DataDirectoryInUseError, NoInstallationError, SetupError
from topform.platform.database import Database
from topform.platform.embedded_postgres import running_server_url
from topform.platform.migrations import head_revision
from topform.platform.running import connect_or_start, hold_data_directory, owner_of
from topform.platform.settings import Settings

HOLDER = """
import sys, time
from pathlib import Path
from topform.platform.running import hold_data_directory
with hold_data_directory(Path(sys.argv[1]), role=sys.argv[2]) as held:
    held.announce("http://localhost:8000")
    print("held", flush=True)
    time.sleep(60)
"""


def start_holder(data_dir: Path, role: str, program: str = HOLDER) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(data_dir), role], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def end(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()


async def revision(database: Database) -> str | None:
    async with database.transaction() as session:
        found: str | None = await session.scalar(text("SELECT version_num FROM alembic_version"))
        return found


@pytest.mark.parametrize(
    ("role", "message", "remedy"),
    [
        ("server", "the TopForm server with process id {pid} at http://localhost:8000", "kill {pid}"),
        ("command", "the TopForm command with process id {pid}", "Wait until it has finished"),
    ],
)
def test_a_directory_in_use_is_refused_with_the_owner_and_the_remedy(
    data_dir: Path, role: str, message: str, remedy: str
) -> None:
    holder = start_holder(data_dir, role)
    try:
        with pytest.raises(DataDirectoryInUseError) as caught, hold_data_directory(data_dir, role="server"):
            pytest.fail("two owners")
        assert message.format(pid=holder.pid) in caught.value.message
        assert remedy.format(pid=holder.pid) in (caught.value.remedy or "")
        assert caught.value.fields["pid"] == holder.pid
    finally:
        end(holder)


def test_the_death_of_the_owner_frees_the_directory(data_dir: Path) -> None:
    holder = start_holder(data_dir, "server")
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    with hold_data_directory(data_dir, role="server"):
        owner = owner_of(data_dir)
        assert owner is not None
        assert owner.pid == os.getpid()
    assert owner_of(data_dir) is None


def test_a_child_that_outlives_its_parent_does_not_keep_the_directory(data_dir: Path) -> None:
    with hold_data_directory(data_dir, role="server"):
        child = subprocess.Popen(["/bin/sleep", "60"], close_fds=False)
    try:
        with hold_data_directory(data_dir, role="server"):
            assert child.poll() is None
    finally:
        child.kill()
        child.wait()


def test_a_directory_that_cannot_be_made_is_explained(data_dir: Path) -> None:
    (data_dir / "file").touch()
    with (
        pytest.raises(SetupError, match="cannot be created"),
        hold_data_directory(data_dir / "file" / "below", role="server"),
    ):
        pytest.fail("held")


async def test_a_command_starts_the_database_and_stops_it_again(data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir / "new")
    for _ in range(2):
        async with connect_or_start(settings) as database:
            assert await revision(database) == head_revision()
            assert running_server_url(settings.data_dir) is not None
        assert running_server_url(settings.data_dir) is None


@pytest.mark.parametrize("was_held", [False, True])
async def test_a_command_that_only_looks_makes_no_database(data_dir: Path, was_held: bool) -> None:
    folder = data_dir / "nobody"
    if was_held:
        with hold_data_directory(folder, role="server"):
            pass
    before = sorted(folder.rglob("*"))
    with pytest.raises(NoInstallationError, match="nobody") as raised:
        async with connect_or_start(Settings(data_dir=folder), may_create=False):
            pytest.fail("there is none")
    assert "--data-dir" in (raised.value.remedy or "")
    assert (folder.exists(), sorted(folder.rglob("*"))) == (was_held, before)


async def test_a_failing_command_stops_the_database_too(data_dir: Path) -> None:
    with pytest.raises(RuntimeError, match="no"):
        async with connect_or_start(Settings(data_dir=data_dir)):
            raise RuntimeError("no")
    assert running_server_url(data_dir) is None


SERVER = """
import sys, time
from pathlib import Path
from topform.platform.running import embedded_postgres, hold_data_directory
from topform.platform.settings import Settings
settings = Settings(data_dir=Path(sys.argv[1]))
with hold_data_directory(settings.data_dir, role="server"):
    print("held", flush=True)
    embedded_postgres(settings).start()
    time.sleep(60)
"""


async def test_a_command_uses_the_server_that_runs(data_dir: Path) -> None:
    server = start_holder(data_dir, "server", SERVER)  # whose database is still starting
    try:
        async with asyncio.timeout(60), connect_or_start(Settings(data_dir=data_dir)) as database:
            assert await revision(database) == head_revision()
        assert running_server_url(data_dir) is not None
    finally:
        end(server)


async def test_two_commands_do_not_share_a_temporary_database(data_dir: Path) -> None:
    holder = start_holder(data_dir, "command")
    try:
        with pytest.raises(DataDirectoryInUseError):
            async with connect_or_start(Settings(data_dir=data_dir)):
                pytest.fail("connected")
    finally:
        end(holder)


async def test_a_configured_database_is_used_and_no_directory_is_touched(database_url: str, data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir / "untouched", database_url=database_url)
    async with connect_or_start(settings) as database:
        assert await revision(database) == head_revision()
    assert not (data_dir / "untouched").exists()
