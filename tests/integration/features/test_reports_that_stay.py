"""Whoever deletes what was reported does not escape the moderators, and does not share it again."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.integration.features.test_administration import with_role
from tests.integration.features.test_appeals import answer, appeal, removal
from tests.integration.features.test_challenges import make
from tests.integration.features.test_community import HIDDEN_HR, befriend, join, share, store_activity, told
from tests.integration.features.test_form_checks import store_form_check
from tests.integration.features.test_privacy import archive_of, erase, traces
from tests.integration.features.test_retention import Later
from tests.support.api import Api, Person

from topform.features.community.moderation_tables import RemovalRow
from topform.features.community.tables import ReportRow
from topform.features.privacy.retention import forget_what_is_old
from topform.platform.web.identity import Role

RUDE = "You are all cheats"


async def reported(reporter: Person, moderator: Person, **subject: str) -> dict[str, Any]:
    """Report something, and return it as moderators see it."""
    await reporter.call("POST", "/community/reports", status=201, json={"reason": "harassment", **subject})
    return dict((await moderator.get("/community/reports"))["items"][-1])


async def take_away(moderator: Person, report: dict[str, Any], *, status: int = 200) -> dict[str, Any]:
    verdict = {"decision": "removed", "note": "Insults"}
    return dict(await moderator.call("PUT", f"/community/reports/{report['id']}", status=status, json=verdict))


async def rows_of(api: Api, table: type[ReportRow] | type[RemovalRow]) -> int:
    async with api.resources.database.transaction() as session:
        return int(await session.scalar(select(func.count()).select_from(table)) or 0)


async def people(api: Api) -> tuple[Person, Person, Person]:
    ada, bob = await join(api, "ada"), await join(api, "bob")
    await befriend(bob, ada)
    return ada, bob, await with_role(api, Role.MODERATOR)


@pytest.mark.parametrize("way", ["post", "activity", "community"])
async def test_a_deleted_post_stays_reported_in_its_words_and_nothing_measured(api: Api, way: str) -> None:
    ada, bob, moderator = await people(api)
    activity = await store_activity(api, ada)
    post = await share(ada, activity, text=RUDE, shown=["title", "heart_rate", "distance"])
    before = await reported(bob, moderator, post_id=post["id"])
    assert (before["is_deleted"], before["snapshot"]["hr_mean_bpm"]) == (False, HIDDEN_HR)
    path = {
        "post": f"/community/posts/{post['id']}",
        "activity": f"/activities/{activity}",
        "community": "/community/me",
    }
    await ada.call("DELETE", path[way], status=204)
    (after,) = (await moderator.get("/community/reports"))["items"]
    assert (after["kind"], after["is_deleted"], after["text"]) == ("post", True, RUDE)
    assert after["author"] == {"handle": "ada", "name": "Ada"}
    assert after["said_at"] == post["created_at"]
    shown = {name: value for name, value in after["snapshot"].items() if value is not None}
    assert shown == {"sport": "cycling", "day": "2026-06-01", "title": "Ride past my house"}
    async with api.resources.database.transaction() as session:
        kept = str((await session.scalars(select(ReportRow))).one().kept)
    assert str(HIDDEN_HR) not in kept and "30000" not in kept


async def test_what_was_taken_away_after_it_was_deleted_is_not_shared_again_until_an_appeal(api: Api) -> None:
    ada, bob, moderator = await people(api)
    activity, other = await store_activity(api, ada), await store_activity(api, ada)
    post = await share(ada, activity, text=RUDE)
    report = await reported(bob, moderator, post_id=post["id"])
    await ada.call("DELETE", f"/community/posts/{post['id']}", status=204)
    assert (await take_away(moderator, report))["decision"] == "removed"
    taken = await removal(ada)
    assert (taken["kind"], taken["text"], taken["may_appeal"]) == ("post", RUDE, True)
    for about, words in ((activity, RUDE), (other, f"  {RUDE.upper()} ")):
        again = {"activity_id": about, "audience": "followers", "text": words}
        assert (await ada.call("POST", "/community/posts", status=409, json=again))["code"] == "taken_away"
    kind = await share(ada, activity, text="A fine ride")
    problem = await ada.call("PATCH", f"/community/posts/{kind['id']}", status=409, json={"text": RUDE})
    assert problem["code"] == "taken_away"
    said = f"/community/posts/{kind['id']}/comments"
    await ada.call("POST", said, status=409, json={"text": RUDE})
    await bob.call("POST", said, status=201, json={"text": RUDE})  # It was taken from Ada, not from everybody.
    await appeal(ada)
    await answer(moderator, taken["id"], "restored")
    await share(ada, activity, text=RUDE)


async def test_what_was_shared_again_meanwhile_goes_with_the_decision(api: Api) -> None:
    ada, bob, moderator = await people(api)
    activity = await store_activity(api, ada)
    post = await share(ada, activity, text=RUDE)
    report = await reported(bob, moderator, post_id=post["id"])
    await ada.call("DELETE", f"/community/posts/{post['id']}", status=204)
    again, other = await share(ada, activity, text=RUDE.lower()), await share(ada, activity, text="Fine")
    await take_away(moderator, report)
    await bob.get(f"/community/posts/{again['id']}", status=404)
    await bob.get(f"/community/posts/{other['id']}")
    assert [one["kind"] for one in (await ada.get("/community/removals"))["items"]] == ["post"]
    assert ("community.post_changed", {"id": again["id"]}) in await told(api, bob)


async def test_after_two_decisions_an_activity_is_not_shared_in_any_words(api: Api) -> None:
    ada, bob, moderator = await people(api)
    activity = await store_activity(api, ada)
    for words in (RUDE, RUDE + "!!"):
        post = await share(ada, activity, text=words)
        await take_away(moderator, await reported(bob, moderator, post_id=post["id"]))
        await ada.call("DELETE", f"/community/posts/{post['id']}", status=204)
    again = {"activity_id": activity, "audience": "followers", "text": "A fine ride"}
    assert (await ada.call("POST", "/community/posts", status=409, json=again))["code"] == "taken_away"
    await share(ada, await store_activity(api, ada), text="A fine ride")
    await ada.call("DELETE", "/community/me", status=204)
    await ada.call("PUT", "/community/me", status=200, json={"handle": "ada2", "name": "Ada", "is_findable": True})
    await ada.call("POST", "/community/posts", status=409, json=again)  # Leaving does not undo it.


async def test_posts_without_words_are_known_by_what_they_are_about(api: Api) -> None:
    ada, bob, moderator = await people(api)
    activity = await store_activity(api, ada)
    post = await share(ada, activity)
    report = await reported(bob, moderator, post_id=post["id"])
    await ada.call("DELETE", f"/community/posts/{post['id']}", status=204)
    again = await share(ada, activity, shown=["title"])
    await take_away(moderator, report)
    assert (await ada.get(f"/community/posts/{again['id']}"))["is_removed"] is True
    await ada.call("POST", "/community/posts", status=409, json={"activity_id": activity, "audience": "public"})
    await share(ada, await store_activity(api, ada))


async def test_deleted_comments_and_challenges_stay_reported_too(api: Api) -> None:
    ada, bob, moderator = await people(api)
    post = await share(ada, await store_activity(api, ada))
    said = await bob.call("POST", f"/community/posts/{post['id']}/comments", status=201, json={"text": RUDE})
    report = await reported(ada, moderator, comment_id=said["id"])
    await bob.call("DELETE", f"/community/comments/{said['id']}", status=204)
    decided = await take_away(moderator, report)
    assert (decided["kind"], decided["is_deleted"], decided["text"]) == ("comment", True, RUDE)
    await bob.call("POST", f"/community/posts/{post['id']}/comments", status=409, json={"text": RUDE})
    challenge = await make(ada, title="Eat nothing for a week")
    report = await reported(bob, moderator, challenge_id=challenge)
    await ada.call("DELETE", f"/community/challenges/{challenge}", status=204)
    decided = await take_away(moderator, report)
    assert (decided["kind"], decided["text"], (await removal(ada))["kind"]) == (
        "challenge", "Eat nothing for a week", "challenge",
    )  # fmt: skip


async def test_a_deleted_club_can_be_kept_in_the_record_only(api: Api) -> None:
    ada, bob, moderator = await people(api)
    wish = {"name": "Rude club", "joining": "open", "is_listed": True}
    club = await ada.call("POST", "/community/clubs", status=201, json=wish)
    report = await reported(bob, moderator, club_id=club["id"])
    await ada.call("DELETE", f"/community/clubs/{club['id']}", status=204)
    assert (await take_away(moderator, report, status=409))["remedy"].startswith("Keep it")
    verdict = {"decision": "kept", "note": "It is gone."}
    decided = await moderator.call("PUT", f"/community/reports/{report['id']}", status=200, json=verdict)
    assert (decided["kind"], decided["text"], decided["is_deleted"]) == ("club", "Rude club", True)


async def test_reports_end_with_time_and_are_in_no_archive(api: Api) -> None:
    ada, bob, moderator = await people(api)
    rides = [await store_activity(api, ada) for _ in range(2)]
    posts = [await share(ada, ride, text=f"{RUDE} {number}") for number, ride in enumerate(rides)]
    reports = [await reported(bob, moderator, post_id=post["id"]) for post in posts]
    await ada.call("POST", "/activities/deletions", status=204, json={"ids": rides})
    await take_away(moderator, reports[0])
    archive = zipfile.ZipFile(io.BytesIO(await archive_of(api, ada)))
    assert not [name for name in archive.namelist() if RUDE.encode() in archive.read(name)]

    async def forgotten_after(days: int) -> dict[str, int]:
        clock = Later(timedelta(days=days), api.resources.clock.now())
        return await forget_what_is_old(replace(api.resources, clock=clock))

    assert not {"community_reports", "community_removals"} & (await forgotten_after(364)).keys()
    gone = await forgotten_after(366)
    assert (gone["community_reports"], gone["community_removals"]) == (1, 1)
    assert await rows_of(api, ReportRow) == 1  # The open one waits for its decision.


async def test_reports_of_deleted_things_go_with_the_account_that_they_are_about(api: Api) -> None:
    ada, bob, moderator = await people(api)
    for number in range(2):
        post = await share(ada, await store_activity(api, ada), text=f"{RUDE} {number}")
        report = await reported(bob, moderator, post_id=post["id"])
        await ada.call("DELETE", f"/community/posts/{post['id']}", status=204)
    await take_away(moderator, report)
    await erase(api, ada)
    assert (await rows_of(api, ReportRow), await rows_of(api, RemovalRow)) == (0, 0)


@pytest.mark.parametrize("is_decided", [False, True])
async def test_a_report_outlasts_its_reporter_and_tells_nothing_of_them(api: Api, is_decided: bool) -> None:
    ada, bob, moderator = await people(api)
    post = await share(ada, await store_activity(api, ada), text=RUDE)
    report = await reported(bob, moderator, post_id=post["id"], note="Me, Bob Unmistakable, they mean")
    if is_decided:
        await take_away(moderator, report)
    needles = [bob.athlete["id"], "Unmistakable", bob.athlete["email"]]
    assert {found.partition(":")[0] for found in await traces(api, needles)} >= {"public.community_reports"}
    await erase(api, bob)
    assert await traces(api, needles) == []
    (left,) = (await moderator.get("/community/reports", params={"decided": is_decided}))["items"]
    assert left | {"note": "", "decision": None, "decision_note": None, "decided_at": None} == report | {"note": ""}
    if not is_decided:
        await take_away(moderator, left)
        assert (await ada.get(f"/community/posts/{post['id']}"))["is_removed"]
    await erase(api, ada)
    assert await rows_of(api, ReportRow) == 0


@pytest.mark.parametrize("about", ["activity", "form_check"])
async def test_followers_hear_that_a_post_went_with_what_it_is_about(api: Api, about: str) -> None:
    ada, bob, eve = await join(api, "ada"), await join(api, "bob"), await join(api, "eve")
    await befriend(bob, ada)
    if about == "activity":
        subject = await store_activity(api, ada)
    else:
        subject = str(await store_form_check(api, ada, b"video"))
    meant = {f"{about}_id": subject, "text": "with @eve"}
    shared = await ada.call("POST", "/community/posts", status=201, json={**meant, "audience": "followers"})
    own = await ada.call("POST", "/community/posts", status=201, json={**meant, "audience": "me", "text": ""})
    path = "/activities" if about == "activity" else "/form-checks"
    await ada.call("DELETE", f"{path}/{subject}", status=204)

    async def gone(person: Person) -> set[str]:
        return {data["id"] for event, data in await told(api, person) if event == "community.post_deleted"}

    assert await gone(ada) == {shared["id"], own["id"]}
    assert await gone(bob) == {shared["id"]}
    assert await gone(eve) == set()  # She does not follow; the post was not for her.


async def test_followers_hear_of_every_post_when_several_activities_go_at_once(api: Api) -> None:
    ada, bob, _ = await people(api)
    activities = [await store_activity(api, ada) for _ in range(3)]
    posts = {(await share(ada, activity))["id"] for activity in activities[:2]}
    await ada.call("POST", "/activities/deletions", status=204, json={"ids": activities})
    heard = {data["id"] for event, data in await told(api, bob) if event == "community.post_deleted"}
    assert heard == posts
