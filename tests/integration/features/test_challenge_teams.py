"""Teams of challenges: a total is the sum of who is in the team now, and the board of teams moves as it is fetched."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from tests.integration.features.test_challenges import act, board, do, make, recorded, take_part, today
from tests.integration.features.test_community import join
from tests.support.api import Api, Person

from topform.features.community.challenge_tables import ChallengeRow
from topform.features.community.challenges.jobs import recount_boards


async def make_team(person: Person, challenge: str, name: str, *, is_open: bool = True) -> str:
    wish = {"name": name, "is_open": is_open}
    return str((await person.call("POST", f"/community/challenges/{challenge}/teams", status=201, json=wish))["id"])


async def come_in(person: Person, challenge: str, team: str, *, status: int = 200) -> Any:
    return await person.call(
        "PUT", f"/community/challenges/{challenge}/entry/team", status=status, json={"team_id": team}
    )


async def team_board(person: Person, challenge: str) -> list[tuple[int | None, str, float, int]]:
    answer = await person.get(f"/community/challenges/{challenge}/teams")
    return [(row["rank"], row["name"], row["score"], row["people"]) for row in answer["items"]]


async def test_a_team_has_what_its_members_have_now(api: Api) -> None:
    ada, bob, cyd, dan = [await join(api, name) for name in ("ada", "bob", "cyd", "dan")]
    challenge = await make(ada, team_size=2)
    early = await make_team(ada, challenge, "Early")
    assert (await bob.call("POST", f"/community/challenges/{challenge}/teams", status=409, json={"name": "B"}))[
        "detail"
    ] == "You do not take part."
    for person in (bob, cyd, dan):
        await take_part(person, challenge)
    assert (await come_in(bob, challenge, early))["own"]["name"] == "Early"
    assert (await come_in(cyd, challenge, early, status=409))["code"] == "team_full"
    late = await make_team(cyd, challenge, "Late", is_open=False)
    assert (await come_in(bob, challenge, late, status=409))["code"] == "already_in_team"
    await dan.call("POST", f"/community/challenges/{challenge}/teams", status=409, json={"name": "late"})
    assert (await come_in(dan, challenge, late))["own"] is None
    for person, reps in ((ada, 4), (bob, 5), (cyd, 6), (dan, 7)):
        await do(person, reps)
    assert await team_board(dan, challenge) == [(1, "Early", 9, 2), (2, "Late", 6, 1)]
    # Only the captain sees who asks, and lets them in.
    path = f"/community/challenges/{challenge}/teams/{late}"
    assert (await dan.get(path))["asking"] == []
    (asking,) = (await cyd.get(path))["asking"]
    assert (asking["name"], asking["score"]) == ("Dan", 7)
    await bob.call("PUT", f"{path}/members/{asking['id']}", status=404)
    await cyd.call("PUT", f"{path}/members/{asking['id']}", status=200)
    await cyd.call("PUT", f"{path}/members/{asking['id']}", status=404)
    assert await team_board(dan, challenge) == [(1, "Late", 13, 2), (2, "Early", 9, 2)]
    # A deleted set, leaving the challenge, and being put out all leave the sum of who is there.
    (check,) = (await dan.get("/form-checks"))["items"]
    await dan.call("DELETE", f"/form-checks/{check['id']}", status=204)
    assert await team_board(ada, challenge) == [(1, "Early", 9, 2), (2, "Late", 6, 2)]
    await bob.call("DELETE", f"/community/challenges/{challenge}/entry", status=204)
    assert await team_board(ada, challenge) == [(1, "Late", 6, 2), (2, "Early", 4, 1)]
    # Who has been there longest leads; the last one takes the team along.
    await cyd.call("DELETE", f"/community/challenges/{challenge}/entry/team", status=204)
    assert (await dan.get(path))["is_captain"]
    await dan.call("DELETE", f"/community/challenges/{challenge}/entry/team", status=204)
    assert await team_board(ada, challenge) == [(1, "Early", 4, 1)]
    await dan.get(path, status=404)
    assert [score for _, _, score in await board(ada, challenge)] == [6, 4, 0]


async def test_who_is_gone_leaves_the_team_and_a_captain_can_put_out(api: Api) -> None:
    ada, bob, cyd = [await join(api, name) for name in ("ada", "bob", "cyd")]
    challenge = await make(ada, team_size=5, kind="distance")
    for person in (bob, cyd):
        await take_part(person, challenge)
    team = await make_team(bob, challenge, "Runners")
    for person in (ada, cyd):
        await come_in(person, challenge, team)
        await recorded(api, person, local_date=today(), distance_m=1000.0)
    await recorded(api, bob, local_date=today(), distance_m=5000.0)
    assert await team_board(ada, challenge) == [(1, "Runners", 7000, 3)]
    members = (await bob.get(f"/community/challenges/{challenge}/teams/{team}"))["members"]
    out = next(row["id"] for row in members if row["name"] == "Cyd")
    path = f"/community/challenges/{challenge}/teams/{team}/members"
    await ada.call("DELETE", f"{path}/{out}", status=404)
    await bob.call("DELETE", f"{path}/{members[0]['id']}", status=404)  # Oneself one takes out by leaving.
    await bob.call("DELETE", f"{path}/{out}", status=204)
    assert await team_board(cyd, challenge) == [(1, "Runners", 6000, 2)]
    # Whom a captain blocks sees neither the team nor its members; a member does, without the captain's row.
    await cyd.call("PUT", "/community/blocks/bob", status=204)
    assert await team_board(cyd, challenge) == []
    await come_in(cyd, challenge, team, status=404)
    await bob.call("DELETE", "/community/me", status=204)
    assert await team_board(ada, challenge) == [(1, "Runners", 1000, 1)]
    assert (await ada.get(f"/community/challenges/{challenge}/teams/{team}"))["is_captain"]
    await ada.call("DELETE", f"/community/challenges/{challenge}/entry", status=204)
    assert await team_board(ada, challenge) == []
    plain = await make(ada)
    await ada.get(f"/community/challenges/{plain}/teams", status=404)


async def test_teams_stay_as_they_were_on_the_last_day(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    challenge = await make(ada, team_size=3)
    await take_part(bob, challenge)
    team = await make_team(ada, challenge, "Over")
    async with api.resources.database.transaction() as session:
        first, last = today() - timedelta(days=5), today() - timedelta(days=2)
        await session.execute(update(ChallengeRow).values(first_day=first, last_day=last))
    assert (await come_in(bob, challenge, team, status=409))["detail"] == "The challenge is over."
    await ada.call("DELETE", f"/community/challenges/{challenge}/entry/team", status=204)


async def test_a_team_board_that_is_watched_is_what_a_fetch_gives(api: Api) -> None:
    chance = random.Random(7)
    people = [await join(api, name) for name in ("ada", "bob", "cyd")]
    challenge = await make(people[0], kind="distance", team_size=2)
    for person in people[1:]:
        await take_part(person, challenge)
    team = await make_team(people[0], challenge, "One")
    await make_team(people[2], challenge, "Two")
    rooms = api.app.state.board_rooms
    watcher = rooms.enter(UUID(challenge), UUID(people[1].athlete["id"]), [])
    latest: dict[str, Any] = {}
    for _ in range(6):
        match chance.choice(("act", "act", "in", "out")):
            case "act":
                await act(api, chance.choice(people), chance)
            case "in":
                await people[1].http.put(f"/api/v1/community/challenges/{challenge}/entry/team", json={"team_id": team})
            case _:
                await people[1].http.delete(f"/api/v1/community/challenges/{challenge}/entry/team")
    await recorded(api, people[0], local_date=today(), distance_m=1234.0)
    path = f"/community/challenges/{challenge}"
    async with asyncio.timeout(60):
        while latest != {
            "community.board": await people[1].get(f"{path}/board"),
            "community.team_board": await people[1].get(f"{path}/teams"),
        }:
            message = json.loads(str(await watcher.next()))
            latest[message["type"]] = message["data"]
    watcher.close()
    before = await team_board(people[1], challenge)
    assert any(score >= 1234 for _, _, score, _ in before)
    await recount_boards(api.resources)
    assert await team_board(people[1], challenge) == before
