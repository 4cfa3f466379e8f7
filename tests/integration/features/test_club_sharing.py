"""Challenges and segments of one club, names that moderators take away, and what is told of memberships."""

from __future__ import annotations

from typing import Any

from tests.integration.features.test_administration import with_role
from tests.integration.features.test_appeals import answer, appeal, removal
from tests.integration.features.test_challenge_teams import come_in, make_team
from tests.integration.features.test_challenges import board, do, make, take_part
from tests.integration.features.test_community import join, told
from tests.integration.features.test_segments import board as segment_board
from tests.integration.features.test_segments import made, ride, takes_part
from tests.support.api import Api, Person

from topform.platform.web.identity import Role


async def club_of(owner: Person, *members: Person, name: str = "Lake runners") -> str:
    """Make an open club with some members."""
    wish = {"name": name, "joining": "open", "is_listed": True}
    club = str((await owner.call("POST", "/community/clubs", status=201, json=wish))["id"])
    for member in members:
        await member.call("PUT", f"/community/clubs/{club}/membership", status=200)
    return club


async def of_club(person: Person, club: str) -> list[str]:
    return [one["title"] for one in (await person.get(f"/community/clubs/{club}/challenges"))["items"]]


async def notices(person: Person) -> list[tuple[str, str]]:
    return [(one["kind"], one["path"]) for one in (await person.get("/notices"))["items"]]


async def verdict(reporter: Person, moderator: Person, path: str, **subject: Any) -> dict[str, Any]:
    said = await reporter.call("POST", path, status=201, json=subject | {"reason": "harassment"})
    decision = {"decision": "removed", "note": "Insults a person."}
    return dict(await moderator.call("PUT", f"/community/reports/{said['id']}", status=200, json=decision))


async def test_a_challenge_of_a_club_is_for_who_is_in_it(api: Api) -> None:
    ada, bob, cyd, dan = [await join(api, name) for name in ("ada", "bob", "cyd", "dan")]
    club = await club_of(ada, bob, cyd)
    await dan.call("POST", "/community/challenges", status=404, json={
        "title": "Not mine", "kind": "push_ups", "first_day": "2099-01-01", "last_day": "2099-01-02",
        "audience": "club", "club_id": club,
    })  # fmt: skip
    challenge = await make(bob, audience="club", club_id=club)
    seen = await ada.get(f"/community/challenges/{challenge}")
    assert (seen["audience"], seen["club"], seen["may_close"], seen["is_own"]) == (
        "club", {"id": club, "name": "Lake runners"}, True, False,
    )  # fmt: skip
    assert not (await cyd.get(f"/community/challenges/{challenge}"))["may_close"]
    await dan.get(f"/community/challenges/{challenge}", status=404)
    await dan.call("PUT", f"/community/challenges/{challenge}/entry", status=404, json={})
    assert (await of_club(cyd, club), await of_club(dan, club)) == (["Most push-ups"], [])
    for person in (ada, cyd):
        await take_part(person, challenge)
    await do(cyd, 7)
    await do(ada, 5)
    expected = [(1, "Cyd", 7), (2, "Ada", 5), (None, "Bob", 0)]
    assert await board(bob, challenge) == expected
    # Who leaves the club is off the board and sees it no more; who comes back stands there again.
    await cyd.call("DELETE", f"/community/clubs/{club}/membership", status=204)
    await cyd.get(f"/community/challenges/{challenge}", status=404)
    assert await board(bob, challenge) == [(1, "Ada", 5), (None, "Bob", 0)]
    assert (await bob.get(f"/community/challenges/{challenge}"))["people"] == 2
    await cyd.call("PUT", f"/community/clubs/{club}/membership", status=200)
    assert await board(bob, challenge) == expected
    # Who runs the club closes it; a member who did not make it cannot.
    await cyd.call("DELETE", f"/community/challenges/{challenge}", status=404)
    await ada.call("DELETE", f"/community/challenges/{challenge}", status=204)
    assert ("community.challenge_deleted", {"id": challenge}) in await told(api, bob)
    await bob.get(f"/community/challenges/{challenge}", status=404)
    # A club that goes leaves its challenge to those who take part.
    other = await make(ada, audience="club", club_id=club, title="Second")
    await take_part(bob, other)
    await ada.call("DELETE", f"/community/clubs/{club}", status=204)
    left = await bob.get(f"/community/challenges/{other}")
    assert (left["audience"], left["club"]) == ("invited", None)
    await cyd.get(f"/community/challenges/{other}", status=404)


async def test_a_segment_is_shared_with_a_club(api: Api) -> None:
    ada, bob, cyd = [await join(api, name) for name in ("ada", "bob", "cyd")]
    club = await club_of(ada, bob)
    segment = (await made(api, ada, await ride(api, ada)))["id"]
    await bob.get(f"/segments/{segment}", status=404)
    wish = {"audience": "club", "club_id": club}
    await ada.call("PATCH", f"/segments/{segment}", status=422, json={"audience": "club"})
    shown = await ada.call("PATCH", f"/segments/{segment}", status=200, json=wish)
    assert (shown["audience"], shown["club"]["name"]) == ("club", "Lake runners")
    assert [one["name"] for one in (await bob.get("/segments?state=open"))["items"]] == ["Long road"]
    elsewhere = await club_of(bob, ada, name="Hill runners")
    for person, asked, expected in (
        (ada, club, ["Long road"]),
        (bob, club, ["Long road"]),
        (ada, elsewhere, []),
        (cyd, club, []),
    ):
        shared = await person.get(f"/segments?club_id={asked}")
        assert [one["name"] for one in shared["items"]] == expected
    await cyd.get(f"/segments/{segment}", status=404)
    await ride(api, bob, speed_m_s=9.0)
    await takes_part(api, bob, segment)
    await takes_part(api, ada, segment)
    assert [one["is_joined"] for one in (await bob.get(f"/segments?club_id={club}"))["items"]] == [True]
    assert [name for _, name, _, _ in await segment_board(ada, segment)] == ["Bob", "Ada"]
    # A name can be reported by who sees it, and is neutral for everybody until its owner chooses another.
    moderator = await with_role(api, Role.MODERATOR)
    await cyd.call("POST", f"/segments/{segment}/reports", status=404, json={"reason": "other"})
    decided = await verdict(bob, moderator, f"/segments/{segment}/reports")
    assert (decided["kind"], decided["text"]) == ("segment", "Long road")
    neutral = f"Segment {segment.replace('-', '')[-4:].upper()}"
    assert (await bob.get(f"/segments/{segment}"))["name"] == neutral
    assert (await bob.get(f"/segments/{segment}/efforts"))["items"][0]["segment_name"] == neutral
    await ada.call("PATCH", f"/segments/{segment}", status=200, json={"name": "LONG road"})
    assert (await bob.get(f"/segments/{segment}"))["name"] == neutral
    await ada.call("PATCH", f"/segments/{segment}", status=200, json={"name": "Lake loop"})
    assert (await bob.get(f"/segments/{segment}"))["name"] == "Lake loop"
    # Leaving takes away: both from who leaves and, when the owner does, from all others.
    await bob.call("DELETE", f"/community/clubs/{club}/membership", status=204)
    await bob.get(f"/segments/{segment}", status=404)
    assert [name for _, name, _, _ in await segment_board(ada, segment)] == ["Ada"]


async def test_names_of_clubs_and_teams_and_what_is_told(api: Api) -> None:
    ada, bob, cyd = [await join(api, name) for name in ("ada", "bob", "cyd")]
    first, second = await with_role(api, Role.MODERATOR), await with_role(api, Role.MODERATOR)
    for name in ("TopForm", "support", "Töpform Support"):
        refused = await ada.call("POST", "/community/clubs", status=422, json={"name": name})
        assert refused["code"] == "name_reserved"
    club = await club_of(ada, name="Bad words")
    decided = await verdict(bob, first, "/community/reports", club_id=club)
    assert (decided["kind"], decided["text"], decided["author"]["handle"]) == ("club", "Bad words", "ada")
    shown = await bob.get(f"/community/clubs/{club}")
    assert shown["name"] == f"Club {club.replace('-', '')[-4:].upper()}"
    again = await ada.call("PATCH", f"/community/clubs/{club}", status=422, json={"name": "bad  WORDS"})
    assert again["code"] == "name_taken_away"
    assert await notices(ada) == [("removal", "/community/removals")]
    await ada.call("PUT", "/notices/settings", status=422, json={"off": ["removal"]})
    await appeal(ada)
    await answer(second, (await removal(ada))["id"], "restored")
    assert (await bob.get(f"/community/clubs/{club}"))["name"] == "Bad words"
    assert (await notices(ada))[0] == ("appeal_answered", "/community/removals")
    # Memberships: asked, and let in; what is answered holds no more.
    await ada.call("PATCH", f"/community/clubs/{club}", status=200, json={"joining": "request"})
    await bob.call("PUT", f"/community/clubs/{club}/membership", status=200)
    assert (await notices(ada))[0] == ("club_request", f"/community/clubs/{club}")
    await ada.call("PUT", f"/community/clubs/{club}/people/bob", status=200, json={"standing": "member"})
    assert (await notices(ada))[0][0] == "appeal_answered"
    assert await notices(bob) == [("club_accepted", f"/community/clubs/{club}")]
    await ada.call("PUT", f"/community/clubs/{club}/people/cyd", status=200, json={"standing": "invited"})
    assert await notices(cyd) == [("club_invitation", f"/community/clubs/{club}")]
    challenge = await make(ada, team_size=3)
    for person in (bob, cyd):
        await take_part(person, challenge)
    team = await make_team(ada, challenge, "Rude", is_open=False)
    await come_in(cyd, challenge, team)
    path = f"/community/challenges/{challenge}"
    assert (await notices(ada))[0] == ("team_request", path)
    (asking,) = (await ada.get(f"{path}/teams/{team}"))["asking"]
    await ada.call("PUT", f"{path}/teams/{team}/members/{asking['id']}", status=200)
    assert (await notices(cyd))[0] == ("team_accepted", path)
    await verdict(bob, first, "/community/reports", team_id=team)
    assert (await bob.get(f"{path}/teams"))["items"][0]["name"].startswith("Team ")
    # Who was kept out, or taken off, stays so when they leave the community and come back.
    await ada.call("PUT", f"/community/clubs/{club}/people/bob", status=200, json={"standing": "banned"})
    (place,) = [one for one in (await ada.get(f"{path}/board"))["items"] if one["handle"] == "bob"]
    await ada.call("DELETE", f"{path}/entries/{place['id']}", status=204)
    await bob.call("DELETE", "/community/me", status=204)
    profile = {"handle": "bobby", "name": "Bobby", "is_findable": True}
    await bob.call("PUT", "/community/me", status=200, json=profile)
    await bob.get(f"/community/clubs/{club}", status=404)
    assert (await bob.call("PUT", f"{path}/entry", status=409, json={}))["code"] == "taken_off_board"
