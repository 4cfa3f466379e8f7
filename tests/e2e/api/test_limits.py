"""Limits that protect accounts and people hold over all processes together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import httpx
import pytest
from tests.support.running_server import PASSWORD, RunningServer, free_port

RESETS = 10
WRONG_PASSWORDS = 10
CODES = 20


@pytest.fixture
def two(server: RunningServer) -> Iterator[tuple[RunningServer, RunningServer]]:
    """Two API processes on one database, each with a port of its own."""
    port = free_port()
    environment = {**server.environment, "TOPFORM_PORT": str(port)}
    other = replace(server, port=port, environment=environment, _processes=[], _clients=[])
    try:
        other.start_api()
        yield server, other
    finally:
        other.stop()


def in_turn(
    servers: Sequence[RunningServer], times: int, method: str, path: str, form: object, token: str | None = None
) -> list[int]:
    """Send the same to one process after the other and return the codes."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    with httpx.Client(timeout=30, headers=headers) as http:
        return [
            http.request(method, f"{servers[number % len(servers)].url}/api/v1{path}", json=form).status_code
            for number in range(times)
        ]


def test_a_second_process_gives_nobody_more_tries(two: tuple[RunningServer, RunningServer]) -> None:
    unknown = {"email": "nobody@example.org"}
    answers = in_turn(two, RESETS + 2, "POST", "/accounts/password-resets", unknown)
    assert answers == [202] * RESETS + [429] * 2

    # Guesses of a coach's code count though each of them is refused and undone.
    token = two[0].sign_up("ada@example.org").headers["Authorization"].removeprefix("Bearer ")
    answers = in_turn(two, CODES + 2, "POST", "/coaching/athletes", {"code": "AAAA-AAAA-AAAA"}, token)
    assert answers == [422] * CODES + [429] * 2

    wrong = {"email": "ada@example.org", "password": "not the right one"}
    assert in_turn(two, WRONG_PASSWORDS, "POST", "/sessions", wrong) == [401] * WRONG_PASSWORDS
    assert in_turn(two, 2, "POST", "/sessions", wrong | {"password": PASSWORD}) == [429, 429]
