"""TopForm's own processes for end-to-end tests: API and workers, started and killed one by one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

PASSWORD = "correct horse battery staple"
START_TIMEOUT_S = 60.0


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RunningServer:
    """The API process, and workers on demand, all on one database and data directory."""

    database_url: str
    data_dir: Path
    port: int
    environment: dict[str, str]
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _clients: list[httpx.Client] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, module: str, *arguments: str, descriptors: Sequence[int] = ()) -> subprocess.Popen[bytes]:
        """Start one of the program's processes, with sockets that are open already."""
        with (self.data_dir / f"{module}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                env=self.environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
                pass_fds=descriptors,
            )
        self._processes.append(process)
        return process

    def start_api(self, processes: int = 1, *, module: str = "topform.entrypoints.api_process") -> None:
        """Start the API, in one process or in several that share the port as `topform serve` has it; wait for it."""
        if processes == 1:
            process = self.start(module)
        else:
            with socket.create_server(("127.0.0.1", self.port), backlog=2048) as listener:
                listener.set_inheritable(True)
                asked = ("--descriptor", str(listener.fileno()))
                started = [self.start(module, *asked, descriptors=[listener.fileno()]) for _ in range(processes)]
            process = started[0]
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            assert process.poll() is None, self.log(module)
            try:
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        raise AssertionError("the API did not become ready")

    def start_worker(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a worker."""
        return self.start("topform.entrypoints.worker", *arguments)

    def log(self, module: str) -> str:
        """Return what a process wrote to stderr."""
        return (self.data_dir / f"{module}.log").read_text(encoding="utf-8")

    def stop(self) -> None:
        """Close all clients and end all processes."""
        for client in self._clients:
            client.close()
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def sign_up(self, email: str = "ada@example.org") -> httpx.Client:
        """Return a client of a new person, with a bearer token."""
        form = {"email": email, "password": PASSWORD, "display_name": "Ada", "time_zone": "Europe/Berlin"}
        answer = httpx.post(f"{self.url}/api/v1/accounts", json=form, timeout=30)
        assert answer.status_code == 201, answer.text
        headers = {"Authorization": f"Bearer {answer.json()['token']}"}
        client = httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=30)
        self._clients.append(client)
        return client


def wait_for_job(client: httpx.Client, job_id: str, *, timeout_s: float = 90.0) -> dict[str, Any]:
    """Return the job once it has ended."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        job: dict[str, Any] = client.get(f"/jobs/{job_id}").json()
        if job["state"] in ("succeeded", "failed"):
            return job
        time.sleep(0.1)
    raise AssertionError(f"the job has not ended: {job}")


def prepared_server(database_url: str, data_dir: Path) -> RunningServer:
    """Return a server of which nothing is started yet."""
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")},
        "TOPFORM_DATABASE_URL": database_url,
        "TOPFORM_DATA_DIR": str(data_dir),
        "TOPFORM_PORT": str(port),
        "TOPFORM_LOG_FORMAT": "json",
        # The one service that needs no set-up: without it nothing leaves this machine.
        "TOPFORM_PROVIDERS__INTERVALS__ENABLED": "false",
    }
    return RunningServer(database_url, data_dir, port, environment)


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[RunningServer]:
    """A started API without a worker."""
    started = prepared_server(database_url, tmp_path)
    try:
        started.start_api()
        yield started
    finally:
        started.stop()
