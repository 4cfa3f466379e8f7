"""The supervisor, with small real programs."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from tests.support.shared_data import REPOSITORY

from topform.core.errors import SetupError
from topform.platform.processes import is_alive
from topform.platform.supervisor import PortInUseError, Program, Supervisor, address_of, listen

FOREVER = "import time; time.sleep(60)"
STUBBORN = (
    "import pathlib, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
)


def program(name: str, code: str, *arguments: str) -> Program:
    return Program(name, [sys.executable, "-c", code, *arguments])


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
async def supervisor(said: list[str]) -> AsyncIterator[Supervisor]:
    running = Supervisor(say=said.append, stop_grace_s=1.0, first_delay_s=0.05)
    yield running
    await running.stop()


async def until(condition: Callable[[], object], patience_s: float = 60.0) -> None:
    async with asyncio.timeout(patience_s):
        while not condition():  # noqa: ASYNC110 - the state of other processes
            await asyncio.sleep(0.02)


async def test_a_program_that_is_killed_is_started_again(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.start(program("worker", FOREVER))
    await until(lambda: supervisor.pid("worker"))
    first = supervisor.pid("worker")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await until(lambda: supervisor.pid("worker") not in (None, first))
    assert supervisor.crashes("worker") == 1
    assert said == ["The worker has ended unexpectedly (SIGKILL); starting it again"]


async def test_a_program_that_always_fails_is_started_ever_more_slowly(supervisor: Supervisor) -> None:
    started = time.monotonic()
    supervisor.start(program("broken", "raise SystemExit(3)"))
    await until(lambda: supervisor.crashes("broken") >= 4)
    # A lower bound, which no slow machine breaks: the three pauses that must lie between four crashes.
    assert time.monotonic() - started >= 0.05 + 0.1 + 0.2


async def test_one_crash_leaves_the_others_alone(supervisor: Supervisor) -> None:
    supervisor.start(program("steady", FOREVER))
    supervisor.start(program("broken", "raise SystemExit(1)"))
    await until(lambda: supervisor.crashes("broken") >= 2)
    assert supervisor.crashes("steady") == 0
    assert supervisor.pid("steady") is not None


async def test_stopping_ends_all_programs_and_restarts_none(supervisor: Supervisor, tmp_path: Path) -> None:
    note = "import pathlib, signal, sys, time\n"
    note += "def end(*_): pathlib.Path(sys.argv[1]).write_text('cleaned up'); sys.exit(0)\n"
    note += "signal.signal(signal.SIGTERM, end); pathlib.Path(sys.argv[1]).write_text('up'); time.sleep(60)"
    file = tmp_path / "note"
    supervisor.start(program("tidy", note, str(file)))
    await until(file.exists)
    await until(lambda: file.read_text() == "up")
    pid = supervisor.pid("tidy")
    await supervisor.stop()
    assert file.read_text() == "cleaned up"
    assert pid is not None and not is_alive(pid)
    await asyncio.sleep(0.2)
    assert supervisor.pid("tidy") is None
    assert supervisor.crashes("tidy") == 0


async def test_a_program_that_ignores_the_request_is_ended_after_the_grace(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    up = tmp_path / "up"
    supervisor.start(program("stubborn", STUBBORN, str(up)))
    await until(up.exists)
    pid = supervisor.pid("stubborn")
    async with asyncio.timeout(60):
        await supervisor.stop()
    assert pid is not None and not is_alive(pid)


async def test_what_a_program_started_ends_with_it(supervisor: Supervisor, tmp_path: Path) -> None:
    file = tmp_path / "grandchild"
    code = "import pathlib, subprocess, sys, time\n"
    code += "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    code += "pathlib.Path(sys.argv[1]).write_text(str(child.pid)); time.sleep(60)"
    supervisor.start(program("parent", code, str(file)))
    await until(lambda: file.exists() and file.read_text())
    grandchild = int(file.read_text())
    parent = supervisor.pid("parent")
    assert parent is not None
    os.kill(parent, signal.SIGKILL)
    await until(lambda: not is_alive(grandchild))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is a Linux feature")
def test_no_program_outlives_a_supervisor_that_is_killed() -> None:
    code = "import asyncio, sys\nfrom topform.platform.supervisor import Program, Supervisor\n"
    code += "async def main():\n    s = Supervisor(say=lambda _: None)\n"
    code += "    s.start(Program('child', [sys.executable, '-c', 'import time; time.sleep(60)']))\n"
    code += "    while s.pid('child') is None: await asyncio.sleep(0.01)\n"
    code += "    print(s.pid('child'), flush=True)\n    await asyncio.sleep(60)\nasyncio.run(main())"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as killed:
        assert killed.stdout is not None
        child = int(killed.stdout.readline())
        assert is_alive(child)
        killed.kill()
    deadline = time.monotonic() + 60
    while is_alive(child):
        assert time.monotonic() < deadline
        time.sleep(0.02)


async def test_a_program_inherits_the_listening_socket_and_the_port_outlives_it(supervisor: Supervisor) -> None:
    echo = "import os, socket, sys\ns = socket.socket(fileno=int(sys.argv[1]))\nc, _ = s.accept()\n"
    echo += "c.sendall(str(os.getpid()).encode()); c.close(); sys.exit(1)"

    def ask(port: int) -> int:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            return int(connection.recv(64))

    with listen("127.0.0.1", 0) as listener:
        number = listener.fileno()
        supervisor.start(Program("echo", [sys.executable, "-c", echo, str(number)], descriptors=[number]))
        port = listener.getsockname()[1]
        answers = [await asyncio.to_thread(ask, port) for _ in range(3)]
    assert len(set(answers)) == 3  # each from a new process, and no connection was refused in between


def test_a_port_in_use_is_an_error_with_the_way_out() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUseError) as caught:
            listen("127.0.0.1", port)
    assert caught.value.code == "port_in_use"
    assert f"Port {port}" in caught.value.message
    assert f"--port {port + 1}" in (caught.value.remedy or "")


def test_an_address_that_is_not_ours_is_an_error() -> None:
    with pytest.raises(SetupError, match="Cannot listen on"):
        listen("192.0.2.1", 0)  # TEST-NET-1, RFC 5737
    with pytest.raises(SetupError, match="Cannot listen on"):
        listen("no.such.host.invalid", 0)


def test_the_address_shown_can_be_opened() -> None:
    for host in ("127.0.0.1", "0.0.0.0"):
        with listen(host, 0) as listener:
            assert address_of(listener) == f"http://localhost:{listener.getsockname()[1]}"
