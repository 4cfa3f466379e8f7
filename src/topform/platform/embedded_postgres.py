"""A PostgreSQL server of our own, started from plain binaries and reachable only by the user who runs TopForm.

The server listens on no network address. Its socket lies in a folder with mode 0700, every connection needs a
password that was generated for this data directory, and no permission outside the data directory is changed.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from topform.core.errors import DatabaseUnavailableError, SetupError
from topform.platform.logs import get_logger
from topform.platform.postgres_binaries import PostgresBinaries, find_binaries
from topform.platform.processes import command_line, ends_with_parent, is_alive
from topform.platform.secret_files import secret_in_file
from topform.platform.service_user import ServiceUser, service_user

START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 60.0
MAX_SOCKET_PATH_BYTES = 100
MAX_LOG_BYTES = 10 * 2**20
POLL_S = 0.02
DATABASE = "topform"
OWNER = "topform"
SOCKET_NAME = ".s.PGSQL.5432"
STILL_HELD = "is still in use"

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PostgresLayout:
    """Where the parts of the server lie inside a data directory."""

    data_dir: Path

    @property
    def root(self) -> Path:
        """The folder that belongs to the user who runs the server."""
        return self.data_dir / "postgres"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.root / "cluster"

    @property
    def sockets(self) -> Path:
        """The private folder of the socket, unless its path is too long."""
        return self.root / "run"

    @property
    def server_log(self) -> Path:
        """What the server says."""
        return self.root / "server.log"

    @property
    def pid_file(self) -> Path:
        """Written by the server; holds its process id and where its socket is."""
        return self.cluster / "postmaster.pid"

    @property
    def password_file(self) -> Path:
        """The password of the database's owner, readable only by the user who runs TopForm."""
        return self.data_dir / "secrets" / "postgres_password"


def running_server_url(data_dir: Path) -> str | None:
    """Return the URL of the server that runs on this data directory, or None when none is ready."""
    layout = PostgresLayout(data_dir)
    lines = _pid_file_lines(layout)
    if len(lines) < 8 or lines[7].strip() != "ready" or not is_alive(int(lines[0])):
        return None
    return server_url(secret_in_file(layout.password_file), Path(lines[4].strip()))


def server_url(password: str, sockets: Path, database: str = DATABASE) -> str:
    """Return the URL of a server behind a socket folder."""
    host = urlencode({"host": str(sockets)}, quote_via=quote)
    return f"postgresql://{OWNER}:{quote(password, safe='')}@/{database}?{host}"


def _pid_file_lines(layout: PostgresLayout) -> list[str]:
    try:
        lines = layout.pid_file.read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return []
    return lines if lines and lines[0].strip().lstrip("-").isdigit() else []


class EmbeddedPostgres:
    """Starts, watches and stops the server of one data directory; the caller holds the data directory's lock.

    Start it from a thread that lives as long as the server should: on Linux the kernel stops the server when that
    thread ends, so that no server outlives a program that was killed.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        service_user_name: str = "topform",
        bin_dir: Path | None = None,
        options: Mapping[str, str] | None = None,
        say: Callable[[str], None] | None = None,
    ) -> None:
        self.layout = PostgresLayout(data_dir)
        self._service_user_name = service_user_name
        self._configured_bin_dir = bin_dir
        self._options = dict(options or {})
        self._say = say or (lambda _sentence: None)
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets: Path | None = None
        self._user: ServiceUser | None = None

    @property
    def url(self) -> str:
        """The URL of the running server, password included; never log it."""
        if self._sockets is None:
            raise DatabaseUnavailableError("The database server is not running.")
        return server_url(secret_in_file(self.layout.password_file), self._sockets)

    @property
    def pid(self) -> int | None:
        """Process id of the server, or None when it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> str:
        """Start the server, making it first where there is none; return its URL once it answers."""
        self._user = service_user(self._service_user_name)
        self._prepare_folders()
        binaries = find_binaries(
            configured=self._configured_bin_dir,
            copies=self.layout.data_dir / "postgres-programs",
            user=self._user,
        )
        password = secret_in_file(self.layout.password_file)
        self._stop_leftover()
        if not (self.layout.cluster / "PG_VERSION").exists():
            self._say("Creating the database (only the first time)")
            self._initialise(binaries, password)
        self._require_same_major(binaries)
        is_first_start = self._sockets is None
        self._sockets = self._socket_folder()
        try:
            self._run_until_ready(binaries)
        except BaseException:  # also an interrupt must not leave a server behind
            self._end_process()
            if is_first_start:
                self._remove_short_sockets()
            raise
        return self.url

    def stop(self) -> None:
        """Stop the server: finish nothing new, roll back what is open, write everything to disk."""
        self._end_process()
        self._remove_short_sockets()

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                log.warning("database_stop_forced", pid=process.pid)
                process.send_signal(signal.SIGQUIT)
                process.wait()

    def has_exited(self) -> bool:
        """Tell whether a started server has ended on its own."""
        return self._process is not None and self._process.poll() is not None

    # ---- folders -----------------------------------------------------------------------------------------------

    def _prepare_folders(self) -> None:
        layout = self.layout
        make_data_dir(layout.data_dir)
        if self._user is not None:
            # The service user passes through the data directory to its own folder; it cannot list it.
            layout.data_dir.chmod(0o711)
        self._make_private(layout.root)
        if self._user is not None and not self._user.can("w", layout.root):
            raise SetupError(
                f"The user {self._user.name!r}, who runs the database, cannot reach {layout.data_dir}.",
                remedy="Choose a data directory outside private home folders with --data-dir "
                "(such as /var/lib/topform), or run TopForm as a user other than root.",
            )

    def _make_private(self, path: Path) -> None:
        path.mkdir(mode=0o700, exist_ok=True)
        # Through a descriptor that follows no link: the parent folder belongs to the less privileged service user.
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            os.fchmod(descriptor, 0o700)
            if self._user is not None:
                os.fchown(descriptor, self._user.uid, self._user.gid)
        finally:
            os.close(descriptor)

    def _socket_folder(self) -> Path:
        if self._sockets is not None and self._sockets.is_dir():
            return self._sockets  # started again after a crash: clients know this path
        own = self.layout.sockets
        if len(os.fsencode(own / SOCKET_NAME)) <= MAX_SOCKET_PATH_BYTES and not set(str(own)) & set(",\"'\\"):
            self._make_private(own)
            return own
        # A new folder with an unguessable name that only its owner may enter; removed when the server stops.
        short = Path(tempfile.mkdtemp(prefix="topform-", dir="/tmp"))
        self._make_private(short)
        return short

    def _remove_short_sockets(self) -> None:
        sockets, self._sockets = self._sockets, None
        if sockets is not None and sockets != self.layout.sockets:
            shutil.rmtree(sockets, ignore_errors=True)

    # ---- life of the server ------------------------------------------------------------------------------------

    def _stop_leftover(self) -> None:
        """Stop a server that outlived the program that started it, and forget one that is gone."""
        lines = _pid_file_lines(self.layout)
        if not lines:
            return
        pid = int(lines[0])
        # While it may still be alive the kernel's own check below is what decides.
        ours = is_alive(pid) and "postgres" in (seen := command_line(pid) or "") and str(self.layout.cluster) in seen
        if ours:
            log.warning("database_leftover_stopped", pid=pid)
            for sent, patience_s in ((signal.SIGINT, STOP_TIMEOUT_S), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
                if not is_alive(pid):
                    break
                os.kill(pid, sent)
                _wait_until(lambda: not is_alive(pid), patience_s)
            if is_alive(pid):
                raise DatabaseUnavailableError(
                    f"An earlier database server (process {pid}) does not stop.", remedy=f"Stop process {pid}."
                )
        if len(lines) > 4:
            sockets = Path(lines[4].strip())
            if sockets.name.startswith("topform-") and sockets not in (self.layout.sockets, self._sockets):
                shutil.rmtree(sockets, ignore_errors=True)
        self.layout.pid_file.unlink(missing_ok=True)

    def _initialise(self, binaries: PostgresBinaries, password: str) -> None:
        draft = self.layout.root / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(self.layout.cluster, ignore_errors=True)
        password_file = self.layout.root / f".initial.{secrets.token_hex(8)}"
        descriptor = os.open(password_file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(password)
        if self._user is not None:
            os.chown(password_file, self._user.uid, self._user.gid)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if binaries.major >= 17 else []
        sync = ["--no-sync"] if self._options.get("fsync") == "off" else []
        try:
            made = subprocess.run(
                [binaries.program("initdb"), f"--pgdata={draft}", f"--username={OWNER}", "--encoding=UTF8",
                 "--locale=C", *locale, *sync, "--auth=scram-sha-256", f"--pwfile={password_file}"],
                check=False, capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL,
                **self._as_server_user(),
            )  # fmt: skip
        finally:
            password_file.unlink(missing_ok=True)
        if made.returncode == 0:
            # Without a server, so that one that answers always has the database.
            made = subprocess.run(
                [binaries.program("postgres"), "--single", "-j", "-D", str(draft), "postgres"],
                input=f"CREATE DATABASE {DATABASE};\n\n", check=False, capture_output=True, text=True, errors="replace",
                **self._as_server_user(),
            )  # fmt: skip
        if made.returncode != 0 or "ERROR:" in made.stderr:
            shutil.rmtree(draft, ignore_errors=True)
            raise DatabaseUnavailableError(
                f"The database could not be created: {_last_line(made.stderr or made.stdout)}",
                remedy="Check free space and permissions of the data directory.",
            )
        draft.rename(self.layout.cluster)

    def _as_server_user(self) -> dict[str, Any]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        environment["LC_ALL"] = "C"
        user = {} if self._user is None else self._user.popen_arguments()
        return {"cwd": self.layout.root, "env": environment, "umask": 0o077, "start_new_session": True, **user}

    def _require_same_major(self, binaries: PostgresBinaries) -> None:
        found = (self.layout.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != str(binaries.major):
            raise DatabaseUnavailableError(
                f"The database was made by PostgreSQL {found}; the programs here are version {binaries.major}.",
                remedy="Make a backup with the version of TopForm that made it and restore it with this one.",
            )

    def _arguments(self, binaries: PostgresBinaries) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets),
            "unix_socket_permissions": "0700",
            "port": "5432",
            "max_connections": "120",
            "shared_buffers": "128MB",
            # Short queries of many: compiling one, or sharing it among processes, costs more than it gives.
            "jit": "off",
            "max_parallel_workers_per_gather": "0",
            "log_timezone": "UTC",
            "timezone": "UTC",
            "log_line_prefix": "%m [%p] ",
            # Details of an error repeat the values of a row: addresses, names, handles.
            "log_error_verbosity": "terse",
            **self._options,
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [binaries.program("postgres"), "-D", str(self.layout.cluster), *settings]

    def _launch(self, binaries: PostgresBinaries) -> subprocess.Popen[bytes]:
        server_log = self.layout.server_log
        if server_log.exists() and server_log.stat().st_size > MAX_LOG_BYTES:
            server_log.replace(server_log.with_suffix(".log.1"))
        descriptor = os.open(server_log, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW, 0o600)
        try:
            return subprocess.Popen(
                self._arguments(binaries),
                stdin=subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                # One prctl call, which is safe between fork and exec.
                preexec_fn=ends_with_parent(signal.SIGINT),  # noqa: PLW1509
                **self._as_server_user(),
            )
        finally:
            os.close(descriptor)

    def _run_until_ready(self, binaries: PostgresBinaries) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        slow_at = time.monotonic() + 5.0
        log_start = self.layout.server_log.stat().st_size if self.layout.server_log.exists() else 0
        self._process = self._launch(binaries)
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                said = self._said_since(log_start)
                if STILL_HELD not in said:
                    raise DatabaseUnavailableError(
                        f"The database server did not start: {_last_line(said)}",
                        remedy=f"See {self.layout.server_log}.",
                    )
                time.sleep(0.2)  # the last processes of a killed server are still ending
                log_start = self.layout.server_log.stat().st_size
                self._process = self._launch(binaries)
            lines = _pid_file_lines(self.layout)
            if len(lines) >= 8 and int(lines[0]) == self._process.pid and lines[7].strip() == "ready":
                return
            if time.monotonic() > slow_at:
                self._say("The database is recovering from an unclean stop")
                slow_at = deadline
            time.sleep(POLL_S)
        raise DatabaseUnavailableError(
            f"The database server was not ready after {START_TIMEOUT_S:.0f} seconds.",
            remedy=f"See {self.layout.server_log}; starting again continues the recovery.",
        )

    def _said_since(self, offset_bytes: int) -> str:
        if not self.layout.server_log.exists():
            return ""
        with self.layout.server_log.open("rb") as file:
            file.seek(offset_bytes)
            return file.read(65536).decode("utf-8", errors="replace")


def make_data_dir(data_dir: Path) -> None:
    """Create a data directory with its parents; nothing that exists is changed."""
    if data_dir.is_dir():
        return
    try:
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        data_dir.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"The data directory {data_dir} cannot be created: {error.strerror}.",
            remedy="Choose one that you can write to with --data-dir or TOPFORM_DATA_DIR.",
        ) from error


def _wait_until(condition: Callable[[], bool], patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while not condition() and time.monotonic() < deadline:
        time.sleep(POLL_S)


def _last_line(output: str) -> str:
    lines = [line for line in output.strip().splitlines() if line.strip()]
    fatal = [line for line in lines if "FATAL" in line or "error:" in line or "PANIC" in line]
    return (fatal or lines or ["it said nothing"])[-1].strip()
