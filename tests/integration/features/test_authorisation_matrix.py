"""What an owner and a follower get from every operation that names something of the owner."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.integration.features.test_authorisation import (
    NOBODYS,
    WORDS,
    Operation,
    follower_of,
    furnish,
    operations,
    snapshot,
)
from tests.support.api import Api, Person, running

from topform.platform.settings import Settings

FOLLOWER_MAY = {
    "GET /community/people/{handle}": (200, "the card of whom one follows"),
    "GET /community/people/{handle}/posts": (200, "a list of what is shared with them, which may be empty"),
    "PUT /community/following/{handle}": (200, "says again that one follows"),
    "PUT /community/mutes/{handle}": (200, "one's own choice of what one reads"),
    "DELETE /community/mutes/{handle}": (200, "one's own choice of what one reads"),
    "DELETE /community/following/{handle}": (204, "one's own choice whom one follows"),
}
"""What answers a follower otherwise than for a handle that nobody has, and why."""
OWNER_HAS_NONE = {
    "GET /account/exports/{job_id}/file": "the job made no archive",
    "GET /community/people/{handle}/public.{form}": "they did not let the whole world read",
    "GET /form-checks/{form_check_id}/track": "the check was stored without body points",
    "GET /form-checks/{form_check_id}/comparison": "the check was stored without body points",
}
"""What answers the owner like anybody else here, and why; nobody is their own coach either."""
LAST = ("DELETE /community/following/{handle}", "PUT /community/blocks/{handle}")
"""What ends the following, asked when all else was, in this order: who cannot be found is nobody afterwards."""


@pytest.fixture
async def api(settings: Settings, tmp_path: Path) -> AsyncIterator[Api]:
    """The application with a folder to watch, so that a connection can exist."""
    watched = settings.model_copy(update={"watch_dir": tmp_path / "watched"})
    async with running(watched) as started:
        yield started


async def ask(person: Person, operation: Operation, values: dict[str, str]) -> tuple[int, str | None]:
    """Return the status and, of a refusal, the code."""
    path = f"/api/v1{operation.with_values(values | NOBODYS | WORDS)}"
    answer = await person.http.request(operation.method, path, **operation.arguments())
    return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else None


def in_turn(operation: Operation) -> tuple[int, bool]:
    """Return a key that sorts reading before writing, and what ends the following last."""
    return (LAST.index(str(operation)) + 1 if str(operation) in LAST else 0, operation.method != "GET")


async def test_a_follower_meets_the_card_of_a_profile_and_nothing_else(api: Api, person: Person) -> None:
    """Nothing is shared with followers here; what a post shows to them has tests of its own."""
    owned = await furnish(api, person)
    follower = await follower_of(api, person)
    before = await snapshot(api, person.athlete["id"])
    invented = {name: str(uuid4()) for name in owned} | {"session_id": owned["session_id"]}
    invented |= {"sign_up_invitation_id": "1" * 64}
    wrong, met, asked = [], set(), 0
    for operation in sorted(operations(api), key=in_turn):
        if not set(operation.names) & owned.keys():
            continue
        asked += 1
        theirs, nobodys = await ask(follower, operation, owned), await ask(follower, operation, invented)
        if str(operation) in FOLLOWER_MAY:
            met.add(str(operation))
            if theirs != (FOLLOWER_MAY[str(operation)][0], None) or nobodys[0] != 404:
                wrong.append((str(operation), theirs, nobodys))
        elif theirs != nobodys or theirs[0] < 400:
            wrong.append((str(operation), theirs, nobodys))
    assert wrong == []
    assert met == FOLLOWER_MAY.keys()
    assert asked > 100
    assert await snapshot(api, person.athlete["id"]) == before


async def test_the_owner_reads_whatever_names_something_of_theirs(api: Api, person: Person) -> None:
    owned = await furnish(api, person)
    wrong, met, asked = [], set(), 0
    for operation in operations(api):
        if operation.method != "GET" or not set(operation.names) & owned.keys():
            continue
        asked += 1
        answer = await ask(person, operation, owned)
        if str(operation) in OWNER_HAS_NONE:
            met.add(str(operation))
        is_none = str(operation) in OWNER_HAS_NONE or str(operation).startswith("GET /coaching/athletes/")
        if answer != ((404, "not_found") if is_none else (200, None)):
            wrong.append((str(operation), answer))
    assert wrong == []
    assert met == OWNER_HAS_NONE.keys()
    assert asked > 50
