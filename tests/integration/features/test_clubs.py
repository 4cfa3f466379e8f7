"""Clubs: who finds and joins them, the roles in them, and what happens when people go."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from tests.integration.features.test_community import befriend, feed, join, store_activity, told
from tests.support.api import Api, Person

from topform.core.ids import AthleteId
from topform.features.athletes.tables import AthleteRow
from topform.features.community.club_tables import ClubMemberRow, ClubRow
from topform.features.privacy.erasing import erase_account
from topform.platform.web.rate_limits import RateLimit

OPEN = {"joining": "open", "is_listed": True}


async def found_club(person: Person, **more: Any) -> str:
    wish = {"name": "Lake runners", "sports": ["running"], **more}
    return str((await person.call("POST", "/community/clubs", status=201, json=wish))["id"])


async def enter(club: str, *people: Person) -> None:
    for person in people:
        assert (await person.call("PUT", f"/community/clubs/{club}/membership", status=200))["standing"] == "member"


async def give(person: Person, club: str, handle: str, standing: str, *, status: int = 200) -> dict[str, Any]:
    path = f"/community/clubs/{club}/people/{handle}"
    return dict(await person.call("PUT", path, status=status, json={"standing": standing}))


async def names(person: Person, club: str, standing: str | None = None) -> list[tuple[str, str]]:
    asked = {} if standing is None else {"standing": standing}
    found = await person.get(f"/community/clubs/{club}/people", params=asked)
    return [(one["handle"], one["standing"]) for one in found["items"]]


async def club_news(api: Api, person: Person) -> list[tuple[str, str]]:
    return [(kind, data["id"]) for kind, data in await told(api, person) if kind.startswith("community.club")]


async def share_with(api: Api, person: Person, club: str, **more: Any) -> str:
    wish = {"activity_id": await store_activity(api, person), "audience": "club", "club_id": club, **more}
    return str((await person.call("POST", "/community/posts", status=201, json=wish))["id"])


# ---- finding and joining --------------------------------------------------------------------------------------------


async def test_a_club_is_hidden_until_its_owner_lists_it(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    club = await found_club(ada, description="Tuesdays at six")
    await bob.get(f"/community/clubs/{club}", status=404)
    await bob.call("PUT", f"/community/clubs/{club}/membership", status=404)
    assert (await bob.get("/community/clubs", params={"which": "listed"}))["items"] == []
    await ada.call("PATCH", f"/community/clubs/{club}", status=200, json={"is_listed": True, "name": "100% lake"})
    (listed,) = (await bob.get("/community/clubs", params={"which": "listed", "q": "% LA"}))["items"]
    assert (await bob.get("/community/clubs", params={"which": "listed", "q": "_"}))["items"] == []
    expected = {"name": "100% lake", "description": "Tuesdays at six", "sports": ["running"], "people": 1}
    assert listed == listed | expected | {"standing": "none", "requests": None, "joining": "request"}
    assert listed["owner"] == {"handle": "ada", "name": "Ada"}
    # Who is in it is for those who are.
    assert await names(bob, club) == []
    assert (await bob.get(f"/community/clubs/{club}/posts"))["items"] == []
    assert [one["id"] for one in (await ada.get("/community/clubs"))["items"]] == [club]
    assert (await ada.get("/community/clubs", params={"which": "listed"}))["items"] == []


async def test_joining_is_as_the_club_has_it(api: Api) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob"), await join(api, "eve", findable=False)
    club = await found_club(ada, is_listed=True)
    for _ in range(2):
        asked = await bob.call("PUT", f"/community/clubs/{club}/membership", status=200)
        assert (asked["standing"], asked["people"]) == ("requested", 1)
    assert (await ada.get(f"/community/clubs/{club}"))["requests"] == 1
    assert await names(ada, club, "requested") == [("bob", "requested")]
    assert await names(bob, club) == []
    assert (await give(ada, club, "bob", "member"))["standing"] == "member"
    assert await names(bob, club) == [("ada", "owner"), ("bob", "member")]
    await ada.call("PATCH", f"/community/clubs/{club}", status=200, json={"joining": "invitation"})
    refused = await eve.call("PUT", f"/community/clubs/{club}/membership", status=403)
    assert refused["code"] == "club_by_invitation"
    # Whom one cannot see, one cannot ask; eve makes herself findable.
    await give(ada, club, "eve", "invited", status=404)
    await eve.call("PUT", "/community/me", status=200, json={"handle": "eve", "name": "Eve", "is_findable": True})
    assert (await give(ada, club, "eve", "invited"))["standing"] == "invited"
    assert (await eve.get(f"/community/clubs/{club}"))["standing"] == "invited"
    await enter(club, eve)
    await ada.call("PATCH", f"/community/clubs/{club}", status=200, json={"joining": "open"})
    await enter(club, await join(api, "kim"))
    assert (await eve.get(f"/community/clubs/{club}"))["people"] == 4


async def test_a_request_can_be_taken_back_and_refused(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    club = await found_club(ada, is_listed=True)
    path = f"/community/clubs/{club}"
    await bob.call("PUT", f"{path}/membership", status=200)
    await bob.call("DELETE", f"{path}/membership", status=204)
    assert await names(ada, club, "requested") == []
    await bob.call("PUT", f"{path}/membership", status=200)
    await ada.call("DELETE", f"{path}/people/bob", status=204)
    assert (await bob.get(path))["standing"] == "none"
    await bob.call("DELETE", f"{path}/membership", status=404)
    assert len(await club_news(api, bob)) == 4
    assert {kind for kind, _ in await club_news(api, bob)} == {"community.club_changed"}


async def test_nobody_joins_before_sixteen_or_without_a_profile(api: Api, person: Person) -> None:
    ada = await join(api, "ada")
    club = await found_club(ada, **OPEN)
    problem = await person.call("PUT", f"/community/clubs/{club}/membership", status=409)
    assert problem["code"] == "no_community_profile"
    await person.get(f"/community/clubs/{club}", status=404)
    today = api.resources.clock.now().date()
    child = await api.sign_up(birth_date=today.replace(year=today.year - 14, day=1).isoformat())
    assert (await child.call("POST", "/community/clubs", status=403, json={"name": "Kids"}))["code"] == "too_young"
    await child.call("PUT", f"/community/clubs/{club}/membership", status=403)
    # Somebody who turns out to be younger is not seen in the club any more, and sees nothing of it.
    bob = await join(api, "bob")
    await enter(club, bob)
    post = await share_with(api, ada, club)
    async with api.resources.database.transaction() as session:
        young = update(AthleteRow).where(AthleteRow.id == UUID(bob.athlete["id"]))
        await session.execute(young.values(birth_date=today - timedelta(days=14 * 365)))
    assert await names(ada, club) == [("ada", "owner")]
    assert (await ada.get(f"/community/clubs/{club}"))["people"] == 1
    assert await names(bob, club) == [("bob", "member")]
    await bob.get(f"/community/posts/{post}", status=404)


async def test_names_are_plain_and_much_at_once_is_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from topform.features.community.limits import HOUR, LIMITS

    ada = await join(api, "ada")
    hidden = await ada.call("POST", "/community/clubs", status=422, json={"name": "Lake\u202erunners"})
    assert hidden["code"] == "name_not_plain"
    for wrong in ({"name": " "}, {"name": "x", "sports": ["chess"]}, {"name": "x", "joining": "never"}, {}):
        await ada.call("POST", "/community/clubs", status=422, json=wrong)
    monkeypatch.setitem(LIMITS, "club", RateLimit("club", 1, HOUR))
    eve = await join(api, "eve")
    await found_club(eve)
    assert (await eve.call("POST", "/community/clubs", status=429, json={"name": "x"}))["code"] == "rate_limited"


# ---- roles ----------------------------------------------------------------------------------------------------------


async def test_each_role_does_what_it_may(api: Api) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob"), await join(api, "eve")
    kim = await join(api, "kim")
    club = await found_club(ada, **OPEN)
    await enter(club, bob, eve, kim)
    path = f"/community/clubs/{club}"
    for method, place, body in (
        ("PATCH", path, {"name": "Mine"}),
        ("DELETE", path, None),
        ("PUT", f"{path}/people/kim", {"standing": "banned"}),
        ("PUT", f"{path}/people/bob", {"standing": "organiser"}),
        ("DELETE", f"{path}/people/kim", None),
    ):
        refused = await bob.call(method, place, status=403, **({} if body is None else {"json": body}))
        assert refused["code"] == "club_role_missing"
    await give(ada, club, "bob", "organiser")
    await give(ada, club, "eve", "organiser")
    # Organisers change the club and its members, not each other, not the owner, and give no roles.
    await bob.call("PATCH", path, status=200, json={"name": "Lake and hill"})
    for handle, standing in (("eve", "banned"), ("eve", "member"), ("ada", "banned"), ("kim", "organiser")):
        await give(bob, club, handle, standing, status=403)
    for handle in ("eve", "ada"):
        await bob.call("DELETE", f"{path}/people/{handle}", status=403)
    await bob.call("DELETE", path, status=403)
    await bob.call("DELETE", f"{path}/people/kim", status=204)
    assert (await kim.get(path))["standing"] == "none"
    await give(ada, club, "eve", "member")
    await give(bob, club, "bob", "member", status=422)
    await give(ada, club, "kim", "member", status=404)
    await give(ada, club, "ada", "banned", status=422)
    assert await names(eve, club) == [("ada", "owner"), ("bob", "organiser"), ("eve", "member")]


async def test_a_club_is_handed_over(api: Api) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob"), await join(api, "eve")
    club = await found_club(ada, **OPEN)
    await enter(club, bob, eve)
    await eve.call("PUT", "/community/blocks/bob", status=204)
    assert await names(eve, club) == [("ada", "owner"), ("eve", "member")]
    assert (await give(ada, club, "bob", "owner"))["standing"] == "owner"
    # Whoever is apart from the owner is not in the club: otherwise nobody could keep them out of it.
    assert await names(ada, club) == [("bob", "owner"), ("ada", "organiser")]
    await eve.get(f"/community/clubs/{club}", status=404)
    await give(ada, club, "bob", "member", status=403)
    assert (await club_news(api, eve))[-1] == ("community.club_changed", club)


async def test_who_is_kept_out_finds_nothing_any_more(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    club = await found_club(ada, **OPEN)
    await enter(club, bob)
    post = await share_with(api, bob, club)
    await give(ada, club, "bob", "banned")
    await bob.get(f"/community/clubs/{club}", status=404)
    await bob.call("PUT", f"/community/clubs/{club}/membership", status=404)
    await bob.call("DELETE", f"/community/clubs/{club}/membership", status=404)
    assert (await bob.get("/community/clubs", params={"which": "listed"}))["items"] == []
    await ada.get(f"/community/posts/{post}", status=404)
    own = await bob.get(f"/community/posts/{post}")
    assert (own["audience"], own["club"]) == ("me", None)
    assert await names(ada, club, "banned") == [("bob", "banned")]
    await give(ada, club, "bob", "invited", status=409)
    await ada.call("DELETE", f"/community/clubs/{club}/people/bob", status=204)
    await enter(club, bob)
    # Leaving the community does not open the door again, as the block of a person does not.
    await give(ada, club, "bob", "banned")
    await bob.call("DELETE", "/community/me", status=204)
    await bob.call("PUT", "/community/me", status=200, json={"handle": "bobby", "name": "Bob"})
    await bob.get(f"/community/clubs/{club}", status=404)


# ---- what is shared -------------------------------------------------------------------------------------------------


async def test_a_post_is_for_those_who_are_in_the_club_now(api: Api) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob"), await join(api, "eve")
    await befriend(eve, ada)
    club = await found_club(ada, **OPEN)
    await enter(club, bob)
    post = await share_with(api, ada, club, shown=["distance"])
    place = f"/community/posts/{post}"
    seen = await bob.get(place)
    assert (seen["audience"], seen["club"]) == ("club", {"id": club, "name": "Lake runners"})
    assert (seen["snapshot"]["distance_m"], seen["snapshot"]["elapsed_s"]) == (30_000.0, None)
    assert [one["id"] for one in (await bob.get(f"/community/clubs/{club}/posts"))["items"]] == [post]
    assert ("community.post_changed", {"id": post}) in await told(api, bob)
    # A follower who is not in the club gets nothing: not the post, not an event, not what others said to it.
    await eve.get(place, status=404)
    await eve.call("PUT", f"{place}/kudos", status=404)
    assert await feed(eve) == []
    assert (await eve.get("/community/people/ada/posts"))["items"] == []
    assert not [data for kind, data in await told(api, eve) if kind.startswith("community.post")]
    await enter(club, eve)
    assert await feed(eve) == [post]
    await eve.call("POST", f"{place}/comments", status=201, json={"text": "Well done"})
    await eve.call("DELETE", f"/community/clubs/{club}/membership", status=204)
    await eve.get(place, status=404)
    assert await feed(eve) == []
    await bob.call("DELETE", f"/community/clubs/{club}/membership", status=204)
    await bob.get(place, status=404)


async def test_an_audience_is_one_of_ones_own_clubs(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    club = await found_club(ada, **OPEN)
    activity = await store_activity(api, bob)
    wish = {"activity_id": activity, "audience": "club", "club_id": club}
    await bob.call("POST", "/community/posts", status=404, json=wish)
    for wrong in ({"audience": "club"}, {"audience": "public", "club_id": club}, {"club_id": club}):
        await bob.call("POST", "/community/posts", status=422, json={"activity_id": activity} | wrong)
    await enter(club, bob)
    post = await bob.call("POST", "/community/posts", status=201, json=wish)
    place = f"/community/posts/{post['id']}"
    for change, status in (
        ({"audience": "me"}, 404),
        ({"audience": "club", "club_id": club}, 200),
        ({"audience": "followers"}, 404),
        ({"audience": "public"}, 200),
    ):
        await bob.call("PATCH", place, status=200, json=change)
        await ada.get(place, status=status)
    await bob.call("PATCH", place, status=422, json={"audience": "club"})
    await bob.call("PATCH", place, status=422, json={"club_id": club})
    assert (await bob.get(place))["audience"] == "public"


async def test_a_muted_member_is_left_out_of_the_clubs_posts(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    club = await found_club(ada, **OPEN)
    await enter(club, bob)
    post = await share_with(api, ada, club)
    await bob.call("PUT", "/community/mutes/ada", status=200)
    assert (await bob.get(f"/community/clubs/{club}/posts"))["items"] == []
    await bob.get(f"/community/posts/{post}")


async def test_people_who_are_apart_do_not_meet_in_a_club(api: Api) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob", findable=False), await join(api, "eve")
    club = await found_club(ada, **OPEN)
    await enter(club, bob, eve)
    # Being in a club together is knowing each other.
    assert (await eve.get("/community/people/bob"))["handle"] == "bob"
    post = await share_with(api, eve, club)
    await bob.call("PUT", "/community/blocks/eve", status=204)
    for one, other in ((bob, "eve"), (eve, "bob")):
        assert other not in {handle for handle, _ in await names(one, club)}
        assert (await one.get(f"/community/clubs/{club}"))["people"] == 2
    await bob.get(f"/community/posts/{post}", status=404)
    assert (await ada.get(f"/community/clubs/{club}"))["people"] == 3
    # A block between the owner and a member ends the membership, as it ends following.
    await ada.call("PUT", "/community/blocks/bob", status=204)
    await bob.get(f"/community/clubs/{club}", status=404)
    await ada.call("DELETE", "/community/blocks/bob", status=204)
    assert (await bob.get(f"/community/clubs/{club}"))["standing"] == "none"


# ---- going ----------------------------------------------------------------------------------------------------------


async def test_the_club_of_an_owner_who_goes_has_the_next_one(api: Api) -> None:
    ada, bob, eve, kim = [await join(api, handle) for handle in ("ada", "bob", "eve", "kim")]
    club = await found_club(ada, **OPEN)
    await enter(club, bob, eve, kim)
    await give(ada, club, "eve", "organiser")
    await ada.call("DELETE", f"/community/clubs/{club}/membership", status=204)
    assert (await names(bob, club))[0] == ("eve", "owner")
    # With no organiser, who is longest in it.
    await eve.call("DELETE", "/community/me", status=204)
    assert await names(kim, club) == [("bob", "owner"), ("kim", "member")]
    await erase_account(api.resources, AthleteId(UUID(bob.athlete["id"])))
    assert await names(kim, club) == [("kim", "owner")]
    assert (await club_news(api, kim))[-1] == ("community.club_changed", club)
    own, dan = await share_with(api, kim, club), await join(api, "dan")
    await kim.call("PATCH", f"/community/clubs/{club}", status=200, json={"joining": "request"})
    await dan.call("PUT", f"/community/clubs/{club}/membership", status=200)
    await kim.call("DELETE", f"/community/clubs/{club}/membership", status=204)
    async with api.resources.database.transaction() as session:
        assert await session.scalar(select(func.count()).select_from(ClubRow)) == 0
        assert await session.scalar(select(func.count()).select_from(ClubMemberRow)) == 0
    assert (await club_news(api, dan))[-1] == ("community.club_deleted", club)
    assert (await kim.get(f"/community/posts/{own}"))["audience"] == "me"


async def test_a_deleted_club_leaves_posts_to_their_authors(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    club = await found_club(ada, **OPEN)
    await enter(club, bob)
    post = await share_with(api, bob, club)
    await ada.call("DELETE", f"/community/clubs/{club}", status=204)
    await ada.get(f"/community/posts/{post}", status=404)
    assert (await bob.get(f"/community/posts/{post}"))["club"] is None
    for person in (ada, bob):
        assert (await club_news(api, person))[-1] == ("community.club_deleted", club)
        assert (await person.get("/community/clubs"))["items"] == []
