"""Who sees whom and what: follows, blocks, posts with hidden fields, kudos, comments, reports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_form_checks import store_form_check
from tests.support.api import Api, Person

from topform.core.ids import AthleteId
from topform.features.activities.tables import ActivityRow
from topform.features.community.tables import FormerHandleRow, KudosRow, ReportRow
from topform.features.privacy.erasing import erase_account
from topform.features.privacy.retention import forget_what_is_old
from topform.platform.events import EventRow
from topform.platform.web.identity import Role
from topform.platform.web.rate_limits import RateLimit

HIDDEN_HR, HIDDEN_POWER, HIDDEN_LOAD = 143.25, 231.5, 87.75


async def join(api: Api, handle: str, *, findable: bool = True, **fields: Any) -> Person:
    """Return somebody with a profile."""
    person = await api.sign_up(**fields)
    profile = {"handle": handle, "name": handle.title(), "is_findable": findable}
    await person.call("PUT", "/community/me", status=200, json=profile)
    return person


async def befriend(follower: Person, followed: Person) -> None:
    """Have one follow the other."""
    await follower.call("PUT", f"/community/following/{await handle_of(followed)}", status=200)
    await followed.call("PUT", f"/community/followers/{await handle_of(follower)}", status=200)


async def handle_of(person: Person) -> str:
    return str((await person.get("/community/me"))["profile"]["handle"])


async def store_activity(api: Api, person: Person, *, restricted_by: str | None = None, **values: Any) -> str:
    """Store an activity with a value in everything that could be shared."""
    now = api.resources.clock.now()
    row = ActivityRow(
        **{
            "id": uuid4(),
            "athlete_id": UUID(person.athlete["id"]),
            "title": "Ride past my house",
            "sport": "cycling",
            "started_at": datetime(2026, 6, 1, 6, 31, 17, tzinfo=UTC),
            "local_date": date(2026, 6, 1),
            "elapsed_s": 3700.0,
            "timer_s": 3600.0,
            "moving_s": 3500.0,
            "distance_m": 30_000.0,
            "ascent_m": 310.0,
            "hr_mean_bpm": HIDDEN_HR,
            "power_mean_w": HIDDEN_POWER,
            "speed_mean_m_s": 8.5714,
            "load_au": HIDDEN_LOAD,
            "load_source": "power",
            "leg_count": 1,
            "warnings_count": 0,
            "route_preview": [[52.51, 13.41], [52.52, 13.42]],
            "format": "fit",
            "device": {},
            "warnings": [],
            "salvaged": False,
            "restricted_by": restricted_by,
            "streams_key": "none",
            "created_at": now,
            "updated_at": now,
        }
        | values
    )
    async with api.resources.database.transaction() as session:
        session.add(row)
    return str(row.id)


async def share(person: Person, activity_id: str, audience: str = "followers", **more: Any) -> dict:
    post = {"activity_id": activity_id, "audience": audience, **more}
    return dict(await person.call("POST", "/community/posts", status=201, json=post))


async def feed(person: Person) -> list[str]:
    return [post["id"] for post in (await person.get("/community/feed"))["items"]]


async def told(api: Api, person: Person) -> list[tuple[str, dict]]:
    """What a person's clients heard."""
    async with api.resources.database.transaction() as session:
        rows = await session.scalars(
            select(EventRow).where(EventRow.athlete_id == UUID(person.athlete["id"])).order_by(EventRow.id)
        )
        return [(row.type, row.data) for row in rows]


# ---- people ---------------------------------------------------------------------------------------------------------


async def test_nobody_is_in_the_community_until_they_say_so(api: Api, person: Person) -> None:
    nothing = {"profile": None, "requests": 0, "followers": 0, "following": 0, "federates": False}
    assert await person.get("/community/me") == nothing
    problem = await person.call("PUT", "/community/following/ada", status=409)
    assert problem["code"] == "no_community_profile"
    shy = await join(api, "shy_one", findable=False)
    ada = await join(api, "ada")
    assert (await ada.get("/community/people", params={"q": "sh"}))["items"] == []
    assert (await ada.get("/community/people/shy_one", status=404))["code"] == "not_found"
    (found,) = (await shy.get("/community/people", params={"q": "AD"}))["items"]
    assert (await shy.get("/community/people", params={"q": "@AD"}))["items"] == [found]
    assert (found["handle"], found["following"]) == ("ada", "no")
    assert (await ada.get("/community/people", params={"q": "a_"}))["items"] == []


async def test_a_handle_belongs_to_one_person(api: Api) -> None:
    await join(api, "ada")
    other = await api.sign_up()
    taken = {"handle": " ADA ", "name": "Eve"}
    assert (await other.call("PUT", "/community/me", status=409, json=taken))["code"] == "handle_taken"
    for handle in ("ab", "a" * 31, "ada lovelace", "_ada", "ädä"):
        await other.call("PUT", "/community/me", status=422, json={"handle": handle, "name": "Eve"})


async def test_following_needs_a_yes_and_either_side_can_end_it(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    asked = await bob.call("PUT", "/community/following/ada", status=200)
    assert (asked["following"], asked["follows_you"]) == ("requested", False)
    assert [one["handle"] for one in (await ada.get("/community/requests"))["items"]] == ["bob"]
    assert (await ada.get("/community/me"))["requests"] == 1
    accepted = await ada.call("PUT", "/community/followers/bob", status=200)
    assert (accepted["follows_you"], accepted["following"]) == (True, "no")
    assert (await bob.get("/community/people/ada"))["following"] == "yes"
    assert [one["handle"] for one in (await ada.get("/community/followers"))["items"]] == ["bob"]
    assert [one["handle"] for one in (await bob.get("/community/following"))["items"]] == ["ada"]
    await ada.call("DELETE", "/community/followers/bob", status=204)
    assert (await bob.get("/community/following"))["items"] == []
    await ada.call("PUT", "/community/followers/bob", status=404)
    await bob.call("DELETE", "/community/following/ada", status=404)
    await bob.call("PUT", "/community/following/bob", status=422)


async def test_a_block_parts_both_ways_and_ends_what_was(api: Api) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob"), await join(api, "eve")
    await befriend(bob, ada)
    await befriend(eve, ada)
    post = await share(ada, await store_activity(api, ada), "public")
    for person, words in ((bob, "from bob"), (eve, "from eve")):
        await person.call("PUT", f"/community/posts/{post['id']}/kudos", status=200)
        await person.call("POST", f"/community/posts/{post['id']}/comments", status=201, json={"text": words})
    await bob.call("PUT", "/community/blocks/eve", status=204)
    seen_by_eve = await eve.get(f"/community/posts/{post['id']}")
    assert (seen_by_eve["kudos"], seen_by_eve["comments"]) == (1, 1)
    comments = (await eve.get(f"/community/posts/{post['id']}/comments"))["items"]
    assert [one["text"] for one in comments] == ["from eve"]
    await eve.get("/community/people/bob", status=404)
    await bob.get("/community/people/eve", status=404)
    await ada.call("PUT", "/community/blocks/bob", status=204)
    await bob.get(f"/community/posts/{post['id']}", status=404)
    assert await feed(bob) == []
    assert (await bob.get("/community/following"))["items"] == []
    assert [one["handle"] for one in (await ada.get("/community/blocks"))["items"]] == ["bob"]
    await ada.call("DELETE", "/community/blocks/bob", status=204)
    assert (await bob.get("/community/people/ada"))["following"] == "no"


async def test_muting_is_quiet(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await befriend(bob, ada)
    post = await share(ada, await store_activity(api, ada))
    before = await told(api, ada)
    assert (await bob.call("PUT", "/community/mutes/ada", status=200))["is_muted"] is True
    assert await feed(bob) == []
    assert (await bob.get(f"/community/posts/{post['id']}"))["id"] == post["id"]
    assert await told(api, ada) == before
    await bob.call("DELETE", "/community/mutes/ada", status=200)
    assert await feed(bob) == [post["id"]]


async def test_leaving_takes_everything_along(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await befriend(bob, ada)
    post = await share(ada, await store_activity(api, ada), "public")
    own = await share(bob, await store_activity(api, bob), "public")
    await bob.call("POST", f"/community/posts/{post['id']}/comments", status=201, json={"text": "well done"})
    await bob.call("DELETE", "/community/me", status=204)
    assert (await ada.get(f"/community/posts/{post['id']}"))["comments"] == 0
    await ada.get(f"/community/posts/{own['id']}", status=404)
    assert (await ada.get("/community/me"))["followers"] == 0


async def test_the_handle_of_a_deleted_account_is_nobodys_for_a_while(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await erase_account(api.resources, AthleteId(UUID(ada.athlete["id"])))
    wanted = {"handle": "ada", "name": "Ada", "is_findable": True}
    refused = await bob.call("PUT", "/community/me", status=409, json=wanted)
    assert refused["code"] == "handle_resting"
    assert "180 days" in refused["remedy"]
    async with api.resources.database.transaction() as session:
        kept = (await session.execute(select(FormerHandleRow))).scalars().all()
        assert kept
        for row in kept:
            assert b"ada" not in row.digest
            row.freed_at -= timedelta(days=179)
    await forget_what_is_old(api.resources)
    await bob.call("PUT", "/community/me", status=409, json=wanted)
    async with api.resources.database.transaction() as session:
        await session.execute(update(FormerHandleRow).values(freed_at=FormerHandleRow.freed_at - timedelta(days=1)))
    await bob.call("PUT", "/community/me", status=200, json=wanted)
    await forget_what_is_old(api.resources)
    async with api.resources.database.transaction() as session:
        assert (await session.execute(select(FormerHandleRow))).first() is None


# ---- posts ----------------------------------------------------------------------------------------------------------


async def test_a_post_is_for_oneself_until_an_audience_is_chosen(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await befriend(bob, ada)
    activity = await store_activity(api, ada)
    post = await ada.call("POST", "/community/posts", status=201, json={"activity_id": activity})
    assert post["audience"] == "me"
    await bob.get(f"/community/posts/{post['id']}", status=404)
    assert await feed(bob) == []
    await ada.call("PATCH", f"/community/posts/{post['id']}", status=200, json={"audience": "followers"})
    assert await feed(bob) == [post["id"]]
    await ada.call("PATCH", f"/community/posts/{post['id']}", status=200, json={"audience": "me"})
    assert await feed(bob) == []
    stranger = await api.sign_up()
    await ada.call("PATCH", f"/community/posts/{post['id']}", status=200, json={"audience": "public"})
    assert (await stranger.get("/community/people/ada/posts"))["items"][0]["id"] == post["id"]


async def test_only_chosen_fields_are_stored_and_hiding_removes_them(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await befriend(bob, ada)
    post = await share(ada, await store_activity(api, ada))
    assert post["snapshot"] | {} == {
        **dict.fromkeys(post["snapshot"]),
        "sport": "cycling",
        "day": "2026-06-01",
        "distance_m": 30_000.0,
        "elapsed_s": 3700.0,
        "moving_s": 3500.0,
        "ascent_m": 310.0,
    }
    with_heart = {"shown": ["heart_rate", "title"]}
    changed = await ada.call("PATCH", f"/community/posts/{post['id']}", status=200, json=with_heart)
    assert changed["shown"] == ["title", "heart_rate"]
    seen = await bob.get(f"/community/posts/{post['id']}")
    assert (seen["snapshot"]["hr_mean_bpm"], seen["snapshot"]["distance_m"]) == (HIDDEN_HR, None)
    assert (seen["activity_id"], seen["is_own"]) == (None, False)
    hidden = await ada.call("PATCH", f"/community/posts/{post['id']}", status=200, json={"shown": []})
    assert {name for name, value in hidden["snapshot"].items() if value is not None} == {"sport", "day"}
    for name in ("map", "route_preview", "mass_kg", "video", "count"):
        refused = {"activity_id": str(uuid4()), "shown": [name]}
        await ada.call("POST", "/community/posts", status=404 if name == "count" else 422, json=refused)


async def test_what_a_source_keeps_for_its_owner_is_not_shared(api: Api) -> None:
    ada = await join(api, "ada")
    activity = await store_activity(api, ada, restricted_by="strava")
    problem = await ada.call("POST", "/community/posts", status=422, json={"activity_id": activity})
    assert problem["code"] == "not_shareable"
    assert "strava" in problem["detail"]
    titled = await store_activity(api, ada, field_restrictions={"title": "strava"})
    assert (await share(ada, titled, shown=["title", "distance"]))["snapshot"]["title"] is None
    shared = await store_activity(api, ada)
    post = await share(ada, shared)
    async with api.resources.database.transaction() as session:
        await session.execute(update(ActivityRow).where(ActivityRow.id == UUID(shared)).values(restricted_by="strava"))
    change = {"shown": ["power"]}
    await ada.call("PATCH", f"/community/posts/{post['id']}", status=422, json=change)


async def test_a_form_check_shows_its_count_and_nothing_filmed(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await befriend(bob, ada)
    check = await store_form_check(api, ada, b"video")
    shared = {"form_check_id": check, "audience": "followers", "shown": ["count", "verdict"]}
    post = await ada.call("POST", "/community/posts", status=201, json=shared)
    seen = await bob.get(f"/community/posts/{post['id']}")
    known = {name: value for name, value in seen["snapshot"].items() if value is not None}
    assert known == {"exercise": "push_up", "day": known["day"], "rep_count": 5, "form_decision": "unsure"}
    assert seen["form_check_id"] is None
    await bob.get(f"/form-checks/{check}", status=404)
    await ada.call("DELETE", f"/form-checks/{check}", status=204)
    await bob.get(f"/community/posts/{post['id']}", status=404)


@pytest.mark.parametrize(
    ("found", "shown", "line"),
    [
        (
            {"exercise": "plank", "hold": {"start_s": 1.0, "end_s": 63.4, "held_s": 62.4}},
            {"held_s": 62.4},
            {"label": "Time held", "value": "1:02"},
        ),
        (
            {"exercise": "running", "gait": {"step_rate_spm": 171.6, "steps": 40}},
            {"step_rate_spm": 171.6},
            {"label": "Steps a minute", "value": "172"},
        ),
        ({"exercise": "plank"}, {}, None),
    ],
)
async def test_what_is_not_counted_shows_how_long_or_how_fast(
    api: Api, found: dict[str, Any], shown: dict[str, float], line: dict[str, str] | None
) -> None:
    ada = await join(api, "ada")
    check = await store_form_check(api, ada, b"video", rep_count=0, **found)
    shared = {"form_check_id": check, "audience": "followers", "shown": ["count"]}
    snapshot = (await ada.call("POST", "/community/posts", status=201, json=shared))["snapshot"]
    known = {name: value for name, value in snapshot.items() if value is not None}
    assert known == {"exercise": found["exercise"], "day": known["day"], **shown}
    card = await ada.get("/community/card", params={"form_check_id": check, "shown": ["count"]})
    assert card["lines"] == ([] if line is None else [line])


async def test_nobody_shares_what_is_not_theirs(api: Api) -> None:
    ada, eve = await join(api, "ada"), await join(api, "eve")
    activity, check = await store_activity(api, ada), await store_form_check(api, ada, b"video")
    for subject in ({"activity_id": activity}, {"form_check_id": check}, {"activity_id": str(uuid4())}):
        await eve.call("POST", "/community/posts", status=404, json=subject)
    best = {"personal_best": {"sport": "cycling", "kind": "power_w", "duration_s": 60}}
    await eve.call("POST", "/community/posts", status=404, json=best)
    await eve.call("POST", "/community/posts", status=422, json={"activity_id": activity, **best})


async def test_kudos_count_once_and_not_for_oneself(api: Api) -> None:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await befriend(bob, ada)
    post = await share(ada, await store_activity(api, ada))
    path = f"/community/posts/{post['id']}/kudos"
    for _ in range(2):
        given = await bob.call("PUT", path, status=200)
        assert (given["kudos"], given["gave_kudos"]) == (1, True)
    await ada.call("PUT", path, status=422)
    taken = await bob.call("DELETE", path, status=200)
    assert (taken["kudos"], taken["gave_kudos"]) == (0, False)
    changes = [data["id"] for kind, data in await told(api, ada) if kind == "community.post_changed"]
    assert changes == [post["id"]] * 3


async def test_comments_mention_only_whom_the_reader_may_see(api: Api) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob"), await join(api, "eve")
    await befriend(bob, ada)
    post = await share(ada, await store_activity(api, ada), text="With @eve and @nobody_here")
    path = f"/community/posts/{post['id']}/comments"
    said = await bob.call("POST", path, status=201, json={"text": "Hello @ADA, @eve, mail a@eve.org"})
    assert said["mentions"] == ["ada", "eve"]
    # Eve is mentioned, but the post is not for her: she hears nothing of it.
    assert not [data for kind, data in await told(api, eve) if kind.startswith("community.post")]
    await eve.call("PUT", "/community/blocks/bob", status=204)
    (seen,) = (await bob.get(path))["items"]
    assert seen["mentions"] == ["ada"]
    changed = await bob.call("PATCH", f"/community/comments/{said['id']}", status=200, json={"text": "Hello"})
    assert (changed["text"], changed["edited_at"] is None) == ("Hello", False)
    await ada.call("PATCH", f"/community/comments/{said['id']}", status=404, json={"text": "I was wrong"})
    await eve.call("DELETE", f"/community/comments/{said['id']}", status=404)
    await ada.call("DELETE", f"/community/comments/{said['id']}", status=204)
    assert (await bob.get(path))["items"] == []


async def test_the_feed_is_paged_and_closeness_brings_friends_forward(api: Api) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob"), await join(api, "eve")
    await befriend(eve, ada)
    await befriend(eve, bob)
    old = [await share(ada, await store_activity(api, ada)) for _ in range(3)]
    new = [await share(bob, await store_activity(api, bob)) for _ in range(3)]
    newest_first = [one["id"] for one in reversed([*old, *new])]
    assert await feed(eve) == newest_first
    pages, cursor = [], None
    while True:
        page = await eve.get("/community/feed", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        pages.append([one["id"] for one in page["items"]])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert [len(page) for page in pages] == [2, 2, 2]
    assert [one for page in pages for one in page] == newest_first
    await eve.call("PUT", f"/community/posts/{old[0]['id']}/kudos", status=200)
    assert await feed(eve) == [one["id"] for one in [*reversed(old), *reversed(new)]]


async def test_reports_reach_only_what_is_seen(api: Api) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob"), await join(api, "eve")
    await befriend(bob, ada)
    post = await share(ada, await store_activity(api, ada))
    report = {"post_id": post["id"], "reason": "spam"}
    await eve.call("POST", "/community/reports", status=404, json=report)
    await bob.call("POST", "/community/reports", status=201, json=report)
    await ada.call("POST", "/community/reports", status=422, json=report)
    await bob.call("POST", "/community/reports", status=201, json={"handle": "ada", "reason": "other", "note": "x"})
    await bob.call("POST", "/community/reports", status=422, json={"reason": "spam"})


async def test_who_blocks_somebody_first_can_still_report_them(api: Api) -> None:
    ada, eve = await join(api, "ada"), await join(api, "eve")
    moderator = await with_role(api, Role.MODERATOR)
    await ada.call("PUT", "/community/blocks/eve", status=204)
    said = {"handle": "eve", "reason": "harassment", "note": "Under every post of mine"}
    await ada.call("POST", "/community/reports", status=201, json=said)
    (report,) = (await moderator.get("/community/reports"))["items"]
    assert (report["kind"], report["author"]["handle"], report["note"]) == ("person", "eve", said["note"])
    # Whoever is blocked learns nothing from asking.
    await eve.call("POST", "/community/reports", status=404, json={"handle": "ada", "reason": "spam"})


async def test_ones_own_words_can_be_taken_back_where_one_sees_them_no_more(api: Api) -> None:
    ada, bob, kim = await join(api, "ada"), await join(api, "bob"), await join(api, "kim")
    await befriend(bob, ada)
    await befriend(kim, ada)
    post = await share(ada, await store_activity(api, ada))
    path = f"/community/posts/{post['id']}"
    said = await bob.call("POST", f"{path}/comments", status=201, json={"text": "I regret this"})
    await ada.call("PATCH", path, status=200, json={"audience": "me"})
    await bob.get(path, status=404)
    assert (await ada.get(path))["comments"] == 1
    await kim.call("DELETE", f"/community/comments/{said['id']}", status=404)
    await bob.call("DELETE", f"/community/comments/{said['id']}", status=204)
    assert (await ada.get(path))["comments"] == 0
    assert (await told(api, ada))[-1] == ("community.post_changed", {"id": post["id"]})


async def test_a_block_takes_what_each_said_below_the_others_posts_from_everybodys_sight(api: Api) -> None:
    ada, eve, kim = await join(api, "ada"), await join(api, "eve"), await join(api, "kim")
    for follower, followed in ((eve, ada), (ada, eve), (kim, ada), (kim, eve)):
        await befriend(follower, followed)
    posts = [await share(one, await store_activity(api, one)) for one in (ada, eve)]
    for post in posts:
        for guest, words in ((ada, "ada"), (eve, "eve"), (kim, "kim")):
            await guest.call("POST", f"/community/posts/{post['id']}/comments", status=201, json={"text": words})
    for guest, post in ((eve, posts[0]), (ada, posts[1]), (kim, posts[0])):
        await guest.call("PUT", f"/community/posts/{post['id']}/kudos", status=200)
    before = len(await told(api, kim))
    await ada.call("PUT", "/community/blocks/eve", status=204)
    for post, author, kudos in zip(posts, ("ada", "eve"), (1, 0), strict=True):
        seen = await kim.get(f"/community/posts/{post['id']}")
        said = (await kim.get(f"/community/posts/{post['id']}/comments"))["items"]
        assert (seen["kudos"], [one["text"] for one in said]) == (kudos, [author, "kim"])
    news = (await told(api, kim))[before:]
    assert all(("community.post_changed", {"id": post["id"]}) in news for post in posts)


async def test_moderators_decide_and_nobody_about_themselves(api: Api) -> None:
    ada, bob, moderator = await join(api, "ada"), await join(api, "bob"), await with_role(api, Role.MODERATOR)
    await befriend(bob, ada)
    post = await share(ada, await store_activity(api, ada), "public", text="Rude words")
    for reporter in (bob, await join(api, "eve")):
        report = {"post_id": post["id"], "reason": "harassment", "note": "rude"}
        await reporter.call("POST", "/community/reports", status=201, json=report)
    await bob.get("/community/reports", status=403)
    first, second = (await moderator.get("/community/reports"))["items"]
    assert (first["kind"], first["author"]["handle"], first["text"]) == ("post", "ada", "Rude words")
    assert not {"eve", "bob"} & {str(value) for value in first.values()}
    verdict = {"decision": "removed", "note": "Insults"}
    await bob.call("PUT", f"/community/reports/{first['id']}", status=403, json=verdict)
    decided = await moderator.call("PUT", f"/community/reports/{first['id']}", status=200, json=verdict)
    assert (decided["decision"], decided["decision_note"]) == ("removed", "Insults")
    assert (await moderator.get("/community/reports"))["items"] == []
    assert len((await moderator.get("/community/reports", params={"decided": True}))["items"]) == 2
    await moderator.call("PUT", f"/community/reports/{second['id']}", status=409, json=verdict)
    await bob.get(f"/community/posts/{post['id']}", status=404)
    assert await feed(bob) == []
    assert (await ada.get(f"/community/posts/{post['id']}"))["is_removed"] is True
    async with api.resources.database.transaction() as session:
        rows = list(await session.scalars(select(ReportRow)))
    assert {str(row.decided_by) for row in rows} == {moderator.athlete["id"]}


async def test_below_sixteen_nothing_is_shared(api: Api) -> None:
    today = api.resources.clock.now().date()
    child = await api.sign_up(birth_date=date(today.year - 14, 1, 1).isoformat())
    profile = {"handle": "young_one", "name": "Young", "is_findable": True}
    assert (await child.call("PUT", "/community/me", status=403, json=profile))["code"] == "too_young"
    ada = await join(api, "ada")
    post = await share(ada, await store_activity(api, ada), "public")
    await child.call("POST", f"/community/posts/{post['id']}/comments", status=403, json={"text": "Hello"})
    await child.call("PUT", f"/community/posts/{post['id']}/kudos", status=409)


async def test_too_much_in_a_short_time_is_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from topform.features.community.limits import HOUR, LIMITS

    monkeypatch.setitem(LIMITS, "report", RateLimit("report", 2, HOUR))
    ada = await join(api, "ada")
    await join(api, "bob")
    report = {"handle": "bob", "reason": "spam"}
    for status in (201, 201, 429):
        answer = await ada.call("POST", "/community/reports", status=status, json=report)
    assert answer["code"] == "rate_limited"


async def test_repeating_a_share_with_its_key_makes_one_post(api: Api) -> None:
    ada = await join(api, "ada")
    post = {"activity_id": await store_activity(api, ada), "audience": "public"}
    headers = {"Idempotency-Key": "share-once-1"}
    first, second = [
        await ada.call("POST", "/community/posts", status=201, json=post, headers=headers) for _ in range(2)
    ]
    assert first == second
    assert len(await feed(ada)) == 1


async def test_an_old_kudos_no_longer_brings_closer(api: Api) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob"), await join(api, "eve")
    await befriend(eve, ada)
    await befriend(eve, bob)
    old, new = await share(ada, await store_activity(api, ada)), await share(bob, await store_activity(api, bob))
    await eve.call("PUT", f"/community/posts/{old['id']}/kudos", status=200)
    async with api.resources.database.transaction() as session:
        await session.execute(update(KudosRow).values(created_at=api.resources.clock.now() - timedelta(days=31)))
    assert await feed(eve) == [new["id"], old["id"]]


async def test_who_is_connected_is_told_when_somebody_is_renamed_leaves_or_takes_a_block_back(api: Api) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob"), await join(api, "eve")
    await befriend(bob, ada)

    async def heard(person: Person) -> int:
        return sum(kind == "community.relations_changed" for kind, _ in await told(api, person))

    before = await heard(bob), await heard(eve)
    await ada.call("PUT", "/community/me", status=200, json={"handle": "ada", "name": "Augusta", "is_findable": True})
    assert (await heard(bob), await heard(eve)) == (before[0] + 1, before[1])
    assert [one["name"] for one in (await bob.get("/community/following"))["items"]] == ["Augusta"]
    await ada.call("PUT", "/community/blocks/eve", status=204)
    between = await heard(eve)
    await ada.call("DELETE", "/community/blocks/eve", status=204)
    assert await heard(eve) == between + 1
    await ada.call("DELETE", "/community/me", status=204)
    assert await heard(bob) == before[0] + 2
    assert (await bob.get("/community/me"))["following"] == 0
