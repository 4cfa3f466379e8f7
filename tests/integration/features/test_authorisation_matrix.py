"""What an owner and a follower get from every operation that names something of the owner, shared or not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
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
from tests.support.workouts import MORNING, Ride

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
    "GET /form-checks/{form_check_id}/thumbnail": "the check was stored without a picture",
    "GET /community/posts/{post_id}/video-frame": "the post shows no picture",
}
"""What answers the owner like anybody else here, and why; nobody is their own coach either."""
SHAREABLE = frozenset(
    ("post_id", "comment_id", "challenge_id", "entry_id", "team_id", "segment_id", "room_id", "club_id")
)
"""Names of what an owner can let a follower see; whatever else is theirs stays theirs."""
FOLLOWER_MAY_IF_SHARED = {
    "GET /community/posts/{post_id}": 200,
    "GET /community/posts/{post_id}/comments": 200,
    "POST /community/posts/{post_id}/comments": 201,
    "PUT /community/posts/{post_id}/kudos": 200,
    "DELETE /community/posts/{post_id}/kudos": 200,
    "GET /community/challenges/{challenge_id}": 200,
    "GET /community/challenges/{challenge_id}/board": 200,
    "GET /community/challenges/{challenge_id}/teams": 200,
    "GET /community/challenges/{challenge_id}/teams/{team_id}": 200,
    "PUT /community/challenges/{challenge_id}/entry": 200,
    "GET /community/challenges/{challenge_id}/entry": 200,
    "PUT /community/challenges/{challenge_id}/entry/team": 200,
    "DELETE /community/challenges/{challenge_id}/entry/team": 204,
    "POST /community/challenges/{challenge_id}/teams": 201,
    "DELETE /community/challenges/{challenge_id}/entry": 204,
    "GET /segments/{segment_id}": 200,
    "GET /segments/{segment_id}/board": 200,
    "GET /segments/{segment_id}/efforts": 200,
    "POST /segments/{segment_id}/reports": 201,
    "PUT /segments/{segment_id}/membership": 200,
    "DELETE /segments/{segment_id}/membership": 204,
    "POST /community/rooms/{room_id}/door": 200,
    "PUT /community/rooms/{room_id}/presence": 200,
    "GET /community/rooms/{room_id}": 200,
    "PUT /community/rooms/{room_id}/state": 200,
    "POST /community/rooms/{room_id}/cheers": 201,
    "DELETE /community/rooms/{room_id}/presence": 204,
    "GET /community/clubs/{club_id}": 200,
    "GET /community/clubs/{club_id}/people": 200,
    "GET /community/clubs/{club_id}/posts": 200,
    "GET /community/clubs/{club_id}/challenges": 200,
    "PUT /community/clubs/{club_id}/membership": 200,
    "DELETE /community/clubs/{club_id}/membership": 204,
}
"""What answers a follower of what is shared with them, in an order in which it can be asked."""
FELLOWS = {
    "PUT /community/followers/{handle}": (200, None),
    "DELETE /community/followers/{handle}": (204, None),
    "PUT /community/blocks/{handle}": (204, None),
}
"""What is one's own choice about somebody who follows one back; asked last, as all of it is lost by it."""
REFUSED_IN_WORDS = {
    "PATCH /community/clubs/{club_id}": (403, "club_role_missing"),
    "DELETE /community/clubs/{club_id}": (403, "club_role_missing"),
    "PUT /community/clubs/{club_id}/people/{handle}": (403, "club_role_missing"),
    "DELETE /community/clubs/{club_id}/people/{handle}": (403, "club_role_missing"),
    "PUT /community/challenges/{challenge_id}/teams/{team_id}/members/{entry_id}": (409, "conflict"),
}
"""What is refused otherwise than for what is not there, because they see that it is."""
SAID: dict[str, dict[str, str]] = {
    "PUT /community/challenges/{challenge_id}/entry/team": {"team_id": "{team_id}"},
    "POST /community/rooms/{room_id}/cheers": {},
}
"""Bodies other than the documented example: what names something of the owner, and a cheer for all."""
LISTS = {
    "/community/feed": "post_id",
    "/community/people/furnished/posts": "post_id",
    "/community/challenges?state=open": "challenge_id",
    "/segments?state=open": "segment_id",
    "/community/rooms": "room_id",
    "/community/clubs": "club_id",
}
"""Where what is shared is found, and nothing beside it."""
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
    arguments = operation.arguments()
    if str(operation) in SAID:
        arguments["json"] = {name: value.format(**values) for name, value in SAID[str(operation)].items()}
    answer = await person.http.request(operation.method, path, **arguments)
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
        elif theirs != nobodys or theirs[0] not in (403, 404):
            wrong.append((str(operation), theirs, nobodys))
    assert wrong == []
    assert met == FOLLOWER_MAY.keys()
    assert asked > 100
    assert await snapshot(api, person.athlete["id"]) == before


async def share(api: Api, person: Person, follower: Person) -> dict[str, str]:
    """Let a follower see one of each kind; return their ids by the names that paths use, with what a post is about."""
    upload = await person.upload("shared.fit", Ride(started_at=MORNING + timedelta(days=1)).as_fit())
    await api.work()
    (file,) = (await person.get(f"/jobs/{upload['id']}"))["result"]["files"]
    (activity_id,) = file["activity_ids"]
    with_followers = {"audience": "followers"}
    post = await person.call("POST", "/community/posts", status=201, json={"activity_id": activity_id} | with_followers)
    comments = f"/community/posts/{post['id']}/comments"
    comment = await person.call("POST", comments, status=201, json={"text": "For those who follow me"})
    wish = {"title": "July", "kind": "distance", "first_day": "2036-07-01", "last_day": "2036-07-31", "team_size": 2}
    challenge = await person.call("POST", "/community/challenges", status=201, json=wish | with_followers)
    path = f"/community/challenges/{challenge['id']}"
    team = await person.call("POST", f"{path}/teams", status=201, json={"name": "Us", "is_open": True})
    stretch = {"name": "Shared road", "activity_id": activity_id, "start_s": 200, "end_s": 400}
    segment = await person.call("POST", "/segments", status=201, json=stretch)
    await person.call("PATCH", f"/segments/{segment['id']}", status=200, json=with_followers)
    await person.call("PUT", "/community/following/follower", status=200)
    await follower.call("PUT", "/community/followers/furnished", status=200)
    room = await person.call("POST", "/community/rooms", status=201, json={"audience": "friends"})
    club = await person.call(
        "POST", "/community/clubs", status=201, json={"name": "Shared", "joining": "open", "is_listed": True}
    )
    await follower.call("PUT", f"/community/clubs/{club['id']}/membership", status=200)
    await person.call("PATCH", f"/community/clubs/{club['id']}", status=200, json={"is_listed": False})
    await api.work()
    return {
        "activity_id": activity_id,
        "source_id": (await person.get(f"/activities/{activity_id}/sources"))["items"][0]["id"],
        "post_id": post["id"],
        "comment_id": comment["id"],
        "challenge_id": challenge["id"],
        "entry_id": (await person.get(f"{path}/board"))["own"]["id"],
        "team_id": team["id"],
        "segment_id": segment["id"],
        "room_id": room["id"],
        "club_id": club["id"],
    }


async def test_a_follower_meets_what_is_shared_with_them_and_nothing_beside_it(api: Api, person: Person) -> None:
    """Of each kind one is shared and one is not; a stranger gets neither, nor who has parted from the owner."""
    owned = await furnish(api, person)
    follower, stranger = await follower_of(api, person), await api.sign_up()
    somebody = {"handle": "stranger", "name": "Stranger", "is_findable": True}
    await stranger.call("PUT", "/community/me", status=200, json=somebody)
    room = await person.call("POST", "/community/rooms", status=201, json={"audience": "coaching"})
    unshared = owned | {"room_id": room["id"]}
    shared = owned | await share(api, person, follower)
    invented = {name: str(uuid4()) for name in owned} | {"session_id": owned["session_id"]}
    invented |= {"sign_up_invitation_id": "1" * 64}
    before = await snapshot(api, person.athlete["id"])
    for path, name in LISTS.items():
        listed, others = [(await one.http.get(f"/api/v1{path}")).text for one in (follower, stranger)]
        assert shared[name] in listed, path
        assert unshared[name] not in listed, path
        assert shared[name] not in others, path
    every = {str(operation): operation for operation in sorted(operations(api), key=in_turn)}
    wrong = []
    for name, operation in every.items():
        elsewhere = FOLLOWER_MAY | FOLLOWER_MAY_IF_SHARED | FELLOWS
        if name in elsewhere or not set(operation.names) & owned.keys():
            continue
        theirs, nobodys = await ask(follower, operation, shared), await ask(follower, operation, invented)
        if theirs != REFUSED_IN_WORDS.get(name, nobodys) or nobodys[0] not in (403, 404):
            wrong.append((name, theirs, nobodys))
    assert wrong == []
    for name, status in FOLLOWER_MAY_IF_SHARED.items():
        nobodys = await ask(follower, every[name], invented)
        of_stranger, of_unshared = await ask(stranger, every[name], shared), await ask(follower, every[name], unshared)
        theirs = await ask(follower, every[name], shared)
        if theirs != (status, None) or nobodys[0] != 404 or {of_stranger, of_unshared} != {nobodys}:
            wrong.append((name, theirs, nobodys, of_stranger, of_unshared))
    assert wrong == []
    assert await snapshot(api, person.athlete["id"]) == before
    for name, answer in FELLOWS.items():
        assert await ask(follower, every[name], shared) == answer, name
    for name in FOLLOWER_MAY_IF_SHARED:
        answer = await ask(follower, every[name], shared)
        if answer != await ask(follower, every[name], invented):
            wrong.append((name, answer))
    assert wrong == []


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
