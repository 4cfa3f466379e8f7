"""``topform mcp`` as an assistant starts it: the protocol on standard input and output, and what it may not read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.support.workouts import MORNING, Ride

EMAIL = "athlete@topform.local"
CLIENT = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    """An installation with two rides, one of them from Strava."""
    rides = tmp_path / "rides"
    rides.mkdir()
    (rides / "own.fit").write_bytes(Ride(seconds=600).as_fit())
    (rides / "kept.fit").write_bytes(Ride(started_at=MORNING + timedelta(days=3), seconds=600).as_fit())
    found = {name: value for name, value in os.environ.items() if not name.startswith("TOPFORM_")}
    found |= {"TOPFORM_DATABASE_URL": database_url, "TOPFORM_DATA_DIR": str(tmp_path / "data")}
    assert topform(found, "import", str(rides)).returncode == 0
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "UPDATE activities SET restricted_by = 'strava' WHERE started_at > %s", [MORNING + timedelta(days=1)]
        )
    return found


def topform(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, with nothing on its standard input."""
    command = [sys.executable, "-m", "topform", *arguments]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=300, env=environment, stdin=subprocess.DEVNULL
    )


class Client:
    """The other end of the two pipes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._asked = 0

    def tell(self, method: str) -> None:
        """Send a message that has no answer."""
        self._send({"jsonrpc": "2.0", "method": method})

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a message and return its result; every line that comes back has to be of the protocol."""
        self._asked += 1
        self._send({"jsonrpc": "2.0", "id": self._asked, "method": method, "params": params})
        assert self._process.stdout is not None
        answer = json.loads(self._process.stdout.readline())
        assert answer["id"] == self._asked, answer
        result: dict[str, Any] = answer["result"]
        return result

    def use(self, tool: str, **arguments: Any) -> tuple[bool, dict[str, Any]]:
        """Use a tool; return whether it failed, and its document."""
        result = self.ask("tools/call", name=tool, arguments=arguments)
        return bool(result.get("isError")), result["structuredContent"]

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()


@contextmanager
def assistant(environment: dict[str, str], *options: str) -> Iterator[Client]:
    """Start the program as an assistant does, greet it, and end it by hanging up."""
    process = subprocess.Popen(
        [sys.executable, "-m", "topform", "mcp", "--athlete", EMAIL, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    try:
        client = Client(process)
        assert client.ask("initialize", **CLIENT)["serverInfo"]["name"] == "topform"
        client.tell("notifications/initialized")
        yield client
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        with process:
            process.wait()


def test_an_assistant_gets_what_the_athlete_agreed_to_and_nothing_after_a_no(
    environment: dict[str, str], database_url: str
) -> None:
    refused = topform(environment, "mcp", "--athlete", EMAIL)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "consent_missing" in refused.stderr and "--agree" in refused.stderr
    agreed = topform(environment, "mcp", "--athlete", EMAIL, "--agree")
    assert (agreed.returncode, agreed.stdout) == (0, "")

    with assistant(environment) as client:
        tools = {tool["name"] for tool in client.ask("tools/list")["tools"]}
        assert "list_activities" in tools and "propose_plan_change" not in tools
        failed, listed = client.use("list_activities")
        assert not failed
        assert [item["started_at"][:10] for item in listed["items"]] == [str(MORNING.date())]
        failed, refusal = client.use("propose_plan_change")
        assert failed and refusal["code"] == "tool_unknown"
        with psycopg.connect(database_url) as connection:
            connection.execute("UPDATE consents SET withdrawn_at = now() WHERE purpose = 'assistant'")
        failed, refusal = client.use("list_activities")
        assert failed and refusal["code"] == "consent_missing"

    assert topform(environment, "mcp", "--athlete", EMAIL).returncode == 1
    assert topform(environment, "mcp", "--athlete", EMAIL, "--agree").returncode == 0
    with assistant(environment, "--propose") as client:
        assert "propose_plan_change" in {tool["name"] for tool in client.ask("tools/list")["tools"]}
