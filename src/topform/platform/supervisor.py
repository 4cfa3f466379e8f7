"""Keeps a set of programs running: starts them, restarts the ones that crash, and stops all of them together."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from topform.core.errors import SetupError
from topform.platform.logs import get_logger
from topform.platform.processes import ends_with_parent

BACKLOG = 2048
STOP_GRACE_S = 10.0
FIRST_DELAY_S = 0.25
LONGEST_DELAY_S = 30.0
SETTLED_AFTER_S = 20.0

log = get_logger(__name__)


class PortInUseError(SetupError):
    """Another program listens on the port."""

    code = "port_in_use"


@dataclass(frozen=True, slots=True)
class Program:
    """A program to keep running; it inherits the listed descriptors and ends when this process does."""

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    descriptors: Sequence[int] = ()


class Supervisor:
    """Keeps programs running until it is stopped; no program outlives it."""

    def __init__(
        self,
        *,
        say: Callable[[str], None],
        stop_grace_s: float = STOP_GRACE_S,
        first_delay_s: float = FIRST_DELAY_S,
    ) -> None:
        self._say = say
        self._stop_grace_s = stop_grace_s
        self._first_delay_s = first_delay_s
        self._processes: dict[str, asyncio.subprocess.Process] = {}
        self._keepers: list[asyncio.Task[None]] = []
        self._crashes: dict[str, int] = {}
        self._is_stopping = False

    def start(self, program: Program) -> None:
        """Start a program and keep it running."""
        self._keepers.append(asyncio.create_task(self._keep(program), name=f"keep-{program.name}"))

    def pid(self, name: str) -> int | None:
        """Return the process id of a program, or None while it does not run."""
        process = self._processes.get(name)
        return process.pid if process is not None and process.returncode is None else None

    def crashes(self, name: str) -> int:
        """Return how often a program has ended on its own."""
        return self._crashes.get(name, 0)

    async def stop(self) -> None:
        """Ask all programs to end, and end those that do not within the time of grace."""
        self._is_stopping = True
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        running = [process for process in self._processes.values() if process.returncode is None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        if running:
            await asyncio.wait([asyncio.create_task(process.wait()) for process in running], timeout=self._stop_grace_s)
        for process in running:
            _end_group(process.pid)
            await process.wait()

    def kill(self) -> None:
        """End all programs, and whatever they started, at once."""
        for process in self._processes.values():
            if process.returncode is None:
                _end_group(process.pid)

    async def _keep(self, program: Program) -> None:
        delay_s = self._first_delay_s
        while True:
            started = time.monotonic()
            process = await self._launch(program)
            self._processes[program.name] = process
            status = await process.wait()
            _end_group(process.pid)
            if self._is_stopping:
                return
            self._crashes[program.name] = self.crashes(program.name) + 1
            if time.monotonic() - started >= SETTLED_AFTER_S:
                delay_s = self._first_delay_s
            log.warning("program_ended", program=program.name, status=status, restart_in_s=delay_s)
            self._say(f"The {program.name} has ended unexpectedly ({_why(status)}); starting it again")
            await asyncio.sleep(delay_s)
            delay_s = min(2 * delay_s, LONGEST_DELAY_S)

    async def _launch(self, program: Program) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *program.arguments,
            env={**os.environ, **program.environment},
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=program.descriptors,
            # Out of the terminal's group, so that Ctrl-C reaches only the supervisor, which stops them in order.
            start_new_session=True,
            # One prctl call, which is safe between fork and exec.
            preexec_fn=ends_with_parent(signal.SIGTERM),
        )


def _end_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _why(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"


def listen(host: str, port: int) -> socket.socket:
    """Take a port before anything else is started; it stays taken while the programs behind it are restarted."""
    try:
        family, _kind, _protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(
                f"Port {port} on {host} is in use by another program.",
                remedy=f"Stop that program, or choose another port: topform serve --port {port + 1}",
                port=port,
            ) from error
        remedy = "Choose a port above 1023 with --port." if error.errno == errno.EACCES else "Check --host and --port."
        raise SetupError(f"Cannot listen on {host}, port {port}: {error.strerror}.", remedy=remedy) from error


def address_of(listener: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "localhost", "127.0.0.1": "localhost", "::": "localhost", "::1": "localhost"}.get(host, host)  # noqa: S104
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
