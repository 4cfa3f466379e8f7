"""Routes of posts: only where they were chosen, without their ends, and without what is hidden by now."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import update
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_community import befriend, join, share, store_activity
from tests.integration.features.test_minors import born, set_birth_date
from tests.integration.features.test_privacy_zones import zone_around
from tests.support.api import Api, Person
from tests.support.query_plans import recorded_queries

from topform.features.activities.tables import ActivityRow
from topform.features.community.tables import PostRow
from topform.platform.web.identity import Role
from topform.science.places import Circle, great_circle_m

WAY = [[52.50012 + step * 0.001, 13.40012] for step in range(41)]
"""Some 4.4 km to the north, a point every 111 m."""
SHOWN = {"shown": ["distance", "route"]}


async def friends(api: Api) -> tuple[Person, Person]:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await befriend(bob, ada)
    return ada, bob


async def route_seen(reader: Person, post: dict[str, Any]) -> list[list[list[float]]] | None:
    found: list[list[list[float]]] | None = (await reader.get(f"/community/posts/{post['id']}"))["snapshot"]["route"]
    return found


def nearest_m(route: list[list[list[float]]], latitude: float, longitude: float) -> float:
    """Return how near the drawn lines come to a place."""
    lines = [(one, other) for piece in route for one, other in pairwise(piece)]
    points = np.array([np.linspace(one, other, 100) for one, other in lines]).reshape(-1, 2)
    return float(great_circle_m(Circle(latitude, longitude, 1.0), points[:, 0], points[:, 1]).min())


async def test_a_route_is_shown_where_it_was_chosen_and_without_its_ends(api: Api) -> None:
    ada, bob = await friends(api)
    ride = await store_activity(api, ada, route_preview=WAY)
    assert await route_seen(bob, await share(ada, ride)) is None
    post = await share(ada, ride, **SHOWN)
    assert post["shown"] == ["distance", "route"]
    (line,) = post["snapshot"]["route"]
    assert line == [[round(latitude, 4), 13.4001] for latitude, _ in WAY[2:-2]]
    assert await route_seen(bob, post) == [line]
    listed = (await bob.get("/community/people/ada/posts"))["items"]
    assert {one["id"]: one["snapshot"]["route"] for one in listed}[post["id"]] == [line]
    for latitude, longitude in (WAY[0], WAY[-1]):
        assert nearest_m([line], latitude, longitude) >= 200
    hidden = await ada.call("PATCH", f"/community/posts/{post['id']}", status=200, json={"shown": ["distance"]})
    assert hidden["snapshot"]["route"] is None
    async with api.resources.database.transaction() as session:
        row = await session.get_one(PostRow, UUID(post["id"]))
        assert "route" not in row.snapshot
    again = await ada.call("PATCH", f"/community/posts/{post['id']}", status=200, json={"shown": ["route"]})
    assert again["snapshot"]["route"] == [line]
    check = {"form_check_id": ride, "shown": ["route"]}
    await ada.call("POST", "/community/posts", status=404, json=check)


@pytest.mark.parametrize(
    "preview",
    [None, [[52.5, 13.4], [52.501, 13.4], [52.5, 13.4]], [[52.5, 13.4], [52.51, 13.4]]],
    ids=["without positions", "never 200 m away", "nothing between the ends"],
)
async def test_a_route_of_which_nothing_is_left_is_absent(api: Api, preview: list[list[float]] | None) -> None:
    ada, bob = await friends(api)
    post = await share(ada, await store_activity(api, ada, route_preview=preview), **SHOWN)
    assert post["snapshot"]["distance_m"] == 30_000.0
    assert post["snapshot"]["route"] is None
    assert await route_seen(bob, post) is None


async def test_zones_hide_whether_they_were_drawn_before_or_after(api: Api) -> None:
    ada, bob = await friends(api)
    ride = await store_activity(api, ada, route_preview=WAY)
    early = await zone_around(ada, *WAY[12], radius_m=150)
    post = await share(ada, ride, **SHOWN)
    async with api.resources.database.transaction() as session:
        stored = (await session.get_one(PostRow, UUID(post["id"]))).snapshot["route"]
    assert len(stored) == 2
    assert nearest_m(stored, early.latitude_deg, early.longitude_deg) > early.radius_m
    later = await zone_around(ada, *WAY[28], radius_m=150)
    assert nearest_m(stored, *WAY[28]) < 10, "the copy was made before"
    for reader in (bob, ada):
        seen = await route_seen(reader, post)
        assert seen is not None
        assert len(seen) == 3
        for zone in (early, later):
            assert nearest_m(seen, zone.latitude_deg, zone.longitude_deg) > zone.radius_m
    zones = (await ada.get("/athletes/me/privacy-zones"))["items"]
    await zone_around(ada, *WAY[20], radius_m=5000)
    assert await route_seen(bob, post) is None
    for zone in (await ada.get("/athletes/me/privacy-zones"))["items"]:
        if zone not in zones[:1]:
            await ada.call("DELETE", f"/athletes/me/privacy-zones/{zone['id']}", status=204)
    assert await route_seen(bob, post) == stored
    theirs = await zone_around(bob, *WAY[6], radius_m=150)
    assert await route_seen(bob, post) == stored, "only the author's zones hide"
    assert nearest_m(stored, theirs.latitude_deg, theirs.longitude_deg) < 10


async def test_no_other_representation_has_it(api: Api) -> None:
    ada = await join(api, "ada", birth_date="1990-01-01")
    bob = await join(api, "bob")
    profile = {"handle": "ada", "name": "Ada", "is_findable": True, "has_public_feed": True}
    await ada.call("PUT", "/community/me", status=200, json=profile)
    post = await share(ada, await store_activity(api, ada, route_preview=WAY), "public", **SHOWN)
    assert await route_seen(bob, post) is not None
    moderator = await with_role(api, Role.MODERATOR)
    report = {"post_id": post["id"], "reason": "other"}
    report_id = (await bob.call("POST", "/community/reports", status=201, json=report))["id"]
    found = [
        await moderator.get("/community/reports"),
        await ada.get("/community/card", params={"post_id": post["id"]}),
    ]
    verdict = {"decision": "kept", "note": "Fine"}
    found.append(await moderator.call("PUT", f"/community/reports/{report_id}", status=200, json=verdict))
    async with api.client() as http:
        for form in ("rss", "atom", "json"):
            answer = await http.get(f"/api/v1/community/people/ada/public.{form}")
            assert answer.status_code == 200
            found.append(answer.text)
    text = json.dumps(found)
    assert "30000.0" in text, "what else was chosen is there"
    for latitude, _ in WAY[2:-2]:
        assert str(round(latitude, 4)) not in text


async def test_nobody_below_18_shows_a_route(api: Api) -> None:
    ada, bob = await friends(api)
    ride = await store_activity(api, ada, route_preview=WAY)
    post = await share(ada, ride, **SHOWN)
    await set_birth_date(api, ada, born(17))
    assert await route_seen(bob, post) is None
    assert (await bob.get(f"/community/posts/{post['id']}"))["snapshot"]["distance_m"] == 30_000.0
    new = {"activity_id": ride, "audience": "followers", **SHOWN}
    refused = await ada.call("POST", "/community/posts", status=403, json=new)
    assert (refused["code"], "route" in refused["remedy"]) == ("too_young", True)
    plain = await share(ada, ride, shown=["distance"])
    changed = await ada.call("PATCH", f"/community/posts/{plain['id']}", status=403, json=SHOWN)
    assert changed["code"] == "too_young"
    await set_birth_date(api, ada, born(40))
    assert await route_seen(bob, post) is not None


async def test_what_a_source_keeps_for_its_owner_has_no_route(api: Api) -> None:
    ada, _ = await friends(api)
    strava = await store_activity(api, ada, restricted_by="strava", route_preview=WAY)
    problem = await ada.call("POST", "/community/posts", status=422, json={"activity_id": strava, **SHOWN})
    assert problem["code"] == "not_shareable"
    kept = await store_activity(api, ada, route_preview=WAY, field_restrictions={"route_preview": "strava"})
    assert (await share(ada, kept, **SHOWN))["snapshot"]["route"] is None
    card = {"activity_id": kept, "with_route": True}
    assert (await ada.get("/community/card", params=card))["route"] is None
    free = await store_activity(api, ada, route_preview=WAY)
    post = await share(ada, free)
    async with api.resources.database.transaction() as session:
        await session.execute(update(ActivityRow).where(ActivityRow.id == UUID(free)).values(restricted_by="strava"))
    await ada.call("PATCH", f"/community/posts/{post['id']}", status=422, json=SHOWN)


async def test_a_page_of_posts_asks_once_for_what_hides(api: Api) -> None:
    ada, bob = await friends(api)
    eve = await join(api, "eve")
    await befriend(bob, eve)
    for author in (ada, ada, eve):
        day = date(2026, 6, 1)
        await share(author, await store_activity(api, author, local_date=day, route_preview=WAY), **SHOWN)
    with recorded_queries(api.resources.database) as asked:
        page = await bob.get("/community/feed")
    assert [len(post["snapshot"]["route"]) for post in page["items"]] == [1, 1, 1]
    assert sum("FROM privacy_zones" in one.statement for one in asked) == 1


@pytest.mark.parametrize(
    "route",
    [
        "home",
        [[[52.5, 13.4]]],
        [[[52.5, 200.0], [52.6, 13.4]]],
        [[52.5, 13.4], [52.6, 13.4]],
        [[[52.5, 13.4]] * 151],
    ],
)
async def test_what_is_no_route_is_left_out_and_the_rest_is_shown(api: Api, route: Any) -> None:
    ada, bob = await friends(api)
    post = await share(ada, await store_activity(api, ada, route_preview=WAY), **SHOWN)
    async with api.resources.database.transaction() as session:
        row = await session.get_one(PostRow, UUID(post["id"]))
        row.snapshot = {**row.snapshot, "route": route}
    seen = (await bob.get(f"/community/posts/{post['id']}"))["snapshot"]
    assert (seen["route"], seen["distance_m"]) == (None, 30_000.0)
