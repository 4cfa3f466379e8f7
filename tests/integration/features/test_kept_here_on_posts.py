"""Weight and picture of a post: only where they were chosen, and only for who reads the post on this server."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import select, update
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_community import befriend, join, share, store_activity, told
from tests.integration.features.test_form_checks import store_form_check
from tests.integration.features.test_minors import born, set_birth_date
from tests.integration.features.test_privacy import archive_of, erase
from tests.integration.features.test_privacy_zones import zone_around
from tests.support.api import Api, Person
from tests.support.community_world import weigh

from topform.features.community.tables import PostRow
from topform.features.form_checks.tables import FormCheckRow
from topform.platform.web.identity import Role
from topform.vision.still import jpeg_of

WEIGHT = {"shown": ["distance", "weight"]}
PICTURE = {"shown": ["count", "video_frame"]}
STILL = jpeg_of(np.full((48, 64, 3), 90, dtype=np.uint8))


async def friends(api: Api) -> tuple[Person, Person]:
    ada, bob = await join(api, "ada", birth_date="1990-01-01"), await join(api, "bob")
    await befriend(bob, ada)
    return ada, bob


async def filmed(api: Api, person: Person, still: bytes = STILL) -> str:
    """Store a form check with a picture, as the worker does."""
    check = await store_form_check(api, person, b"film")
    key = f"form-checks/{person.athlete['id']}/{check}.jpg"
    await api.resources.store.put(key, still)
    async with api.resources.database.transaction() as session:
        await session.execute(update(FormCheckRow).where(FormCheckRow.id == UUID(check)).values(thumbnail_key=key))
    return check


async def post_of(person: Person, check: str, audience: str = "followers", **more: Any) -> dict[str, Any]:
    new = {"form_check_id": check, "audience": audience, **more}
    return dict(await person.call("POST", "/community/posts", status=201, json=new))


async def weight_seen(reader: Person, post: dict[str, Any]) -> float | None:
    found: float | None = (await reader.get(f"/community/posts/{post['id']}"))["snapshot"]["mass_kg"]
    return found


async def picture_seen(reader: Person, post: dict[str, Any]) -> bytes | None:
    """The picture of a post as its address gives it, which is what the post says of it."""
    answer = await reader.http.get(f"/api/v1/community/posts/{post['id']}/video-frame")
    seen = await reader.http.get(f"/api/v1/community/posts/{post['id']}")
    says = seen.status_code == 200 and seen.json()["snapshot"]["video_frame"] is True
    assert answer.status_code == (200 if says else 404)
    return answer.content if says else None


async def answer_consent(person: Person, purpose: str, *, is_given: bool) -> None:
    said = {"is_given": is_given, "text_version": "1"}
    await person.call("PUT", f"/consents/{purpose}", status=200, json=said)


async def test_a_weight_is_that_of_the_day_and_shown_where_it_was_chosen(api: Api) -> None:
    ada, bob = await friends(api)
    await weigh(api, ada, 71.5, since=date(2026, 5, 1))
    await weigh(api, ada, 69.25, since=date(2026, 6, 2))
    rides = [await store_activity(api, ada, local_date=date(2026, month, 1)) for month in (4, 6, 7)]
    assert await weight_seen(bob, await share(ada, rides[1])) is None
    posts = [await share(ada, ride, **WEIGHT) for ride in rides]
    assert posts[1]["shown"] == ["distance", "weight"]
    assert [await weight_seen(bob, post) for post in posts] == [71.5, 71.5, 69.25], (
        "what was said first holds before, too"
    )
    hidden = await ada.call("PATCH", f"/community/posts/{posts[1]['id']}", status=200, json={"shown": ["distance"]})
    assert hidden["snapshot"]["mass_kg"] is None
    async with api.resources.database.transaction() as session:
        assert "mass_kg" not in (await session.get_one(PostRow, UUID(posts[1]["id"]))).snapshot
    check = await store_form_check(api, ada, b"")
    assert await weight_seen(bob, await post_of(ada, check)) is None
    assert await weight_seen(bob, await post_of(ada, check, shown=["weight"])) == 69.25


async def test_a_minor_elsewhere_on_the_server_takes_nothing_from_the_posts_of_adults(api: Api) -> None:
    ada, bob = await friends(api)
    await weigh(api, ada, 71.5, since=date(2026, 5, 1))
    ride = await share(ada, await store_activity(api, ada), **WEIGHT)
    picture = await post_of(ada, await filmed(api, ada), **PICTURE)
    await set_birth_date(api, await join(api, "kid"), born(17))
    assert (await weight_seen(bob, ride), await picture_seen(bob, picture)) == (71.5, STILL)


async def test_a_picture_is_shown_where_it_was_chosen_and_goes_with_the_post(api: Api) -> None:
    ada, bob = await friends(api)
    check, bare = await filmed(api, ada), await store_form_check(api, ada, b"film")
    own = await ada.http.get((await ada.get(f"/form-checks/{check}"))["thumbnail_url"])
    assert (own.content, own.headers["content-type"]) == (STILL, "image/jpeg")
    assert (await bob.http.get(f"/api/v1/form-checks/{check}/thumbnail")).status_code == 404
    assert (await ada.get(f"/form-checks/{bare}"))["thumbnail_url"] is None
    assert (await ada.http.get(f"/api/v1/form-checks/{bare}/thumbnail")).status_code == 404
    plain, lacking = await post_of(ada, check), await post_of(ada, bare, **PICTURE)
    shown, private = await post_of(ada, check, **PICTURE), await post_of(ada, check, "me", **PICTURE)
    seen = [await picture_seen(bob, post) for post in (plain, lacking, shown, private)]
    assert seen == [None, None, STILL, None]
    assert await picture_seen(ada, private) == STILL
    await ada.call("PATCH", f"/community/posts/{shown['id']}", status=200, json={"shown": ["count"]})
    assert await picture_seen(bob, shown) is None
    await ada.call("PATCH", f"/community/posts/{shown['id']}", status=200, json=PICTURE)
    assert await picture_seen(bob, shown) == STILL
    await ada.call("DELETE", f"/community/posts/{shown['id']}", status=204)
    assert await picture_seen(bob, shown) is None
    await ada.call("DELETE", f"/form-checks/{check}", status=204)
    assert await picture_seen(ada, private) is None
    assert api.stored_files() == {f"form-checks/{ada.athlete['id']}/{bare}.mp4"}


async def test_nobody_else_gets_a_weight_or_a_picture(api: Api) -> None:
    ada, bob = await friends(api)
    eve = await join(api, "eve")
    await weigh(api, ada, 71.53125, since=date(2026, 5, 1))
    profile = {"handle": "ada", "name": "Ada", "is_findable": True, "has_public_feed": True}
    await ada.call("PUT", "/community/me", status=200, json=profile)
    ride = await share(ada, await store_activity(api, ada), "public", **WEIGHT)
    set_ = await post_of(ada, await filmed(api, ada), "public", **PICTURE)
    assert (await weight_seen(eve, ride), await picture_seen(eve, set_)) == (71.53125, STILL)
    moderator = await with_role(api, Role.MODERATOR)
    for post in (ride, set_):
        await bob.call("POST", "/community/reports", status=201, json={"post_id": post["id"], "reason": "other"})
    cards = [await ada.get("/community/card", params={"post_id": post["id"]}) for post in (ride, set_)]
    found = [await moderator.get("/community/reports"), *cards]
    async with api.client() as http:
        answer = await http.get(f"/api/v1/community/posts/{set_['id']}/video-frame")
        assert answer.status_code == 401
        found += [(await http.get(f"/api/v1/community/people/ada/public.{form}")).text for form in ("rss", "json")]
    text = json.dumps(found)
    assert "30000.0" in text, "what else was chosen is there"
    assert "71.53" not in text
    assert '"mass_kg": 7' not in text
    assert '"video_frame": true' not in text
    await ada.call("PUT", "/community/blocks/eve", status=204)
    assert await picture_seen(eve, set_) is None


@pytest.mark.parametrize(("field", "called"), [("weight", "weight"), ("video_frame", "picture")])
async def test_nobody_below_18_shows_them(api: Api, field: str, called: str) -> None:
    ada, bob = await friends(api)
    await weigh(api, ada, 71.5, since=date(2026, 5, 1))
    check = await filmed(api, ada)
    post = await post_of(ada, check, shown=["count", "weight", "video_frame"])
    await set_birth_date(api, ada, born(17))
    assert (await weight_seen(bob, post), await picture_seen(bob, post)) == (None, None)
    assert (await bob.get(f"/community/posts/{post['id']}"))["snapshot"]["rep_count"] == 5
    new = {"form_check_id": check, "audience": "followers", "shown": [field]}
    refused = await ada.call("POST", "/community/posts", status=403, json=new)
    assert (refused["code"], called in refused["remedy"]) == ("too_young", True)
    plain = await post_of(ada, check, shown=[])
    changed = await ada.call("PATCH", f"/community/posts/{plain['id']}", status=403, json={"shown": [field]})
    assert changed["code"] == "too_young"


@pytest.mark.parametrize(("field", "purpose"), [("weight", "body_and_wellness"), ("video_frame", "form_videos")])
async def test_who_said_no_to_storing_such_data_shows_none_to_anybody(api: Api, field: str, purpose: str) -> None:
    ada, bob = await friends(api)
    await weigh(api, ada, 71.5, since=date(2026, 5, 1))
    check = await filmed(api, ada)
    post = await post_of(ada, check, shown=["weight", "video_frame"])
    await answer_consent(ada, purpose, is_given=False)
    is_weight = field == "weight"
    for reader in (bob, ada):
        seen = (await weight_seen(reader, post), await picture_seen(reader, post))
        assert seen == (None, STILL) if is_weight else seen == (71.5, None)
    new = {"form_check_id": check, "audience": "followers", "shown": [field]}
    assert (await ada.call("POST", "/community/posts", status=403, json=new))["code"] == "consent_missing"
    await answer_consent(ada, purpose, is_given=True)
    assert (await weight_seen(bob, post), await picture_seen(bob, post)) == (71.5, STILL)


async def test_a_weight_that_is_none_is_left_out(api: Api) -> None:
    ada, bob = await friends(api)
    post = await share(ada, await store_activity(api, ada), **WEIGHT)
    for wrong in ("seventy", 7000.0, True, {"kg": 70}):
        async with api.resources.database.transaction() as session:
            row = await session.get_one(PostRow, UUID(post["id"]))
            row.snapshot = {**row.snapshot, "mass_kg": wrong}
        seen = (await bob.get(f"/community/posts/{post['id']}"))["snapshot"]
        assert (seen["mass_kg"], seen["distance_m"]) == (None, 30_000.0)


async def test_an_archive_brings_no_picture_back(api: Api) -> None:
    """What comes with an archive could be any picture; others see only what this server took out of a video."""
    ada, _ = await friends(api)
    await post_of(ada, await filmed(api, ada), **PICTURE)
    content = await archive_of(api, ada)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [name for name in archive.namelist() if name.endswith(".jpg")] == []
    await erase(api, ada)
    assert [key for key in api.stored_files() if key.endswith(".jpg")] == []
    new = await api.sign_up()
    await new.call("POST", "/account/imports", status=202, files={"file": ("a.zip", content)})
    await api.work()
    (check,) = (await new.get("/form-checks"))["items"]
    assert check["thumbnail_url"] is None
    async with api.resources.database.transaction() as session:
        (post,) = await session.scalars(select(PostRow))
        assert (post.shown, "video_frame" in post.snapshot) == (["count"], False)
    assert [key for key in api.stored_files() if key.endswith(".jpg")] == []


async def test_readers_hear_that_what_hides_has_changed(api: Api) -> None:
    ada, bob = await friends(api)
    kim, eve, joe = [await join(api, handle) for handle in ("kim", "eve", "joe")]
    way = [[52.5 + step * 0.001, 13.4] for step in range(41)]
    ride = await store_activity(api, ada, route_preview=way)
    await share(ada, ride, shown=["route"])
    everybody = await share(ada, ride, "public", text="With @eve", shown=["route"])
    await kim.call("PUT", f"/community/posts/{everybody['id']}/kudos", status=200)
    news = ("community.posts_changed", {})

    async def heard() -> list[int]:
        return [(await told(api, person)).count(news) for person in (ada, bob, kim, eve, joe)]

    await zone_around(ada, *way[20])
    assert await heard() == [0, 1, 1, 1, 0]
    assert ("privacy_zones.changed", {}) in await told(api, ada)
    (zone,) = (await ada.get("/athletes/me/privacy-zones"))["items"]
    await ada.call("DELETE", f"/athletes/me/privacy-zones/{zone['id']}", status=204)
    assert await heard() == [0, 2, 2, 2, 0]
    await answer_consent(ada, "body_and_wellness", is_given=False)
    assert await heard() == [0, 3, 3, 3, 0]
    assert ("consents.changed", {}) in await told(api, ada)
    await zone_around(bob, *way[20])
    assert await heard() == [0, 3, 3, 3, 0], "nobody reads a route of theirs"
    await ada.call("PATCH", f"/community/posts/{everybody['id']}", status=200, json={"audience": "me"})
    await zone_around(ada, *way[20])
    assert await heard() == [0, 4, 3, 3, 0]
