"""``topform serve`` as a person runs it: real processes, a real terminal signal, real accidents."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.support.shared_data import REPOSITORY

from topform.platform.database import Database
from topform.platform.embedded_postgres import running_server_url
from topform.platform.jobs import SYSTEM_QUEUE, defer
from topform.platform.processes import command_line, is_alive

READY_S = 90.0


class Server:
    """A started ``topform serve`` and what it prints."""

    def __init__(self, data_dir: Path, log: Path, *options: str) -> None:
        self.log = log
        self.data_dir = data_dir
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "topform", "serve", "--data-dir", str(data_dir), "--port", "0", *options],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=REPOSITORY,
                env={**environment, "PYTHONUNBUFFERED": "1", "COLUMNS": "200"},
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def until_ready(self) -> str:
        wait_for(lambda: "TopForm is ready" in self.output or self.process.poll() is not None, READY_S)
        assert self.process.poll() is None, self.output
        found = re.search(r"open (http://localhost:\d+)", self.output)
        assert found is not None, self.output
        return found.group(1)

    def children(self) -> dict[int, str]:
        listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
        return {pid: command_line(pid) or "" for pid, parent in pairs if parent == self.process.pid}

    def child(self, part: str) -> int | None:
        return next((pid for pid, arguments in self.children().items() if part in arguments), None)

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(40)


def wait_for(condition: Callable[[], object], patience_s: float = 60.0) -> None:
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, "the expected state was not reached"
        time.sleep(0.05)


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return int(answer.status)


@pytest.fixture
def serve(data_dir: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    started: list[Server] = []

    def start(*options: str) -> Server:
        started.append(Server(data_dir, tmp_path / f"output{len(started)}.txt", *options))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.process.terminate()
        try:
            server.process.wait(30)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()


def test_one_ctrl_c_stops_everything_cleanly_and_the_second_start_reuses_the_database(
    serve: Callable[..., Server],
) -> None:
    server = serve()
    address = server.until_ready()
    assert get(f"{address}/readyz") == 200
    wait_for(lambda: sum("topform.entrypoints.worker" in arguments for arguments in server.children().values()) == 2)
    children = server.children()
    assert any("postgres" in arguments for arguments in children.values())
    assert sum("topform.entrypoints.api_process" in arguments for arguments in children.values()) == 1
    assert server.interrupt() == 0
    assert not [pid for pid in children if is_alive(pid)]
    assert "Traceback" not in server.output
    assert server.output.rstrip().endswith("TopForm has stopped.")

    again = serve()
    again.until_ready()
    assert "Creating the database" not in again.output
    assert again.interrupt() == 0


def test_a_terminated_server_stops_as_with_ctrl_c(serve: Callable[..., Server]) -> None:
    server = serve()
    server.until_ready()
    children = server.children()
    server.process.terminate()
    assert server.process.wait(40) == 0
    assert not [pid for pid in children if is_alive(pid)]
    assert "Traceback" not in server.output


def test_an_interrupt_during_the_start_leaves_nothing_running(serve: Callable[..., Server]) -> None:
    for wait_s in (0.3, 0.9, 1.6, 2.4):
        server = serve()
        time.sleep(wait_s)
        assert server.interrupt() in (0, 130, -signal.SIGINT)
        assert "Traceback" not in server.output, server.output
        wait_for(lambda data_dir=server.data_dir: not running_on(data_dir))  # type: ignore[misc]


def running_on(data_dir: Path) -> list[str]:
    listing = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if str(data_dir) in line and "ps -eo" not in line]


def kill_and_see_restarted(server: Server, part: str) -> None:
    wait_for(lambda: server.child(part) is not None)
    victim = server.child(part)
    assert victim is not None
    os.kill(victim, signal.SIGKILL)
    wait_for(lambda: server.child(part) not in (None, victim))


def test_crashed_parts_are_started_again_and_the_api_answers_all_the_while(serve: Callable[..., Server]) -> None:
    server = serve()
    address = server.until_ready()
    for part, name in (("--queues video", "video worker"), ("api_process", "API")):
        kill_and_see_restarted(server, part)
        assert f"The {name} has ended unexpectedly (SIGKILL)" in server.output
    assert get(f"{address}/readyz") == 200
    assert server.interrupt() == 0


def test_a_killed_database_is_recovered(serve: Callable[..., Server]) -> None:
    server = serve()
    address = server.until_ready()
    kill_and_see_restarted(server, "cluster")
    assert "The database has ended unexpectedly; starting it again" in server.output

    def answers() -> bool:
        try:
            return get(f"{address}/readyz") == 200
        except (urllib.error.URLError, OSError):
            return False

    wait_for(answers)
    wait_for(lambda: jobs_are_run(server.data_dir), 60)
    assert server.interrupt() == 0


def jobs_are_run(data_dir: Path) -> bool:
    """Queue a job of the platform's own and see whether a worker takes it away."""

    async def run() -> bool:
        url = running_server_url(data_dir)
        if url is None:
            return False
        database = Database(url)
        try:
            async with database.transaction() as session:
                await defer(session, "system.purge", queue=SYSTEM_QUEUE, timestamp=0)
            for _ in range(40):
                await asyncio.sleep(0.25)
                async with database.transaction() as session:
                    waiting = await session.scalar(
                        text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'system.purge'")
                    )
                if waiting == 0:
                    return True
            return False
        finally:
            await database.close()

    return asyncio.run(run())


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is a Linux feature")
def test_a_killed_server_leaves_no_orphans_and_the_next_one_starts(serve: Callable[..., Server]) -> None:
    server = serve()
    server.until_ready()
    children = server.children()
    server.process.kill()
    server.process.wait()
    wait_for(lambda: not [pid for pid in children if is_alive(pid)])
    again = serve()
    again.until_ready()
    assert again.interrupt() == 0


def test_a_second_server_on_the_same_data_is_refused(serve: Callable[..., Server]) -> None:
    server = serve()
    address = server.until_ready()
    second = serve()
    assert second.process.wait(30) == 1
    assert "is in use by the TopForm server with process id" in second.output.replace("\n", " ")
    assert address in second.output
    assert "Traceback" not in second.output
    assert get(f"{address}/readyz") == 200


def test_a_port_in_use_is_explained_before_anything_is_started(serve: Callable[..., Server], data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = serve("--port", str(taken.getsockname()[1]))
        assert server.process.wait(30) == 1
    assert "is in use by another program" in server.output
    assert "--port" in server.output
    assert not (data_dir / "postgres").exists()


def test_as_json_there_is_one_document_when_it_is_ready(data_dir: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
    with (tmp_path / "stderr").open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "topform", "serve", "--data-dir", str(data_dir), "--port", "0", "--json"],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            cwd=REPOSITORY,
            env=environment,
        )
        try:
            assert process.stdout is not None
            document: dict[str, Any] = json.loads(process.stdout.readline())
            assert document["data_dir"] == str(data_dir)
            assert document["pid"] == process.pid
            assert get(document["address"] + "/readyz") == 200
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=40)
    assert rest == ""
    assert process.returncode == 0


def test_a_placeholder_secret_stops_the_start(data_dir: Path) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "topform", "serve", "--data-dir", str(data_dir), "--json"],
        env={**os.environ, "TOPFORM_SECRET_KEY": "changeme"},
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
    )
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"]["code"] == "invalid_settings"
    assert "changeme" not in refused.stdout + refused.stderr


def test_an_invitation_leads_to_where_the_server_answers_or_as_the_settings_say(
    serve: Callable[..., Server], data_dir: Path
) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
    environment |= {"TOPFORM_DATA_DIR": str(data_dir), "COLUMNS": "200"}

    def invited(**settings: str) -> tuple[str, str]:
        command = [sys.executable, "-m", "topform", "account", "invite"]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=120, env=environment | settings
        )
        return done.stdout.partition("/sign-up?invitation=")[0], done.stderr

    server = serve()
    address = server.until_ready()
    link, said = invited()
    assert link == address
    assert "TOPFORM_PUBLIC_URL" in said
    link, said = invited(TOPFORM_PUBLIC_URL="https://topform.example.org/")
    assert link == "https://topform.example.org"
    assert "TOPFORM_PUBLIC_URL" not in said
    assert server.interrupt() == 0
    assert invited()[0] == "http://localhost:8000"  # as `topform serve` would start without options
