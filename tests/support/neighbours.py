"""People who know each other: one who trains, a friend, their coach, and what they share."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date, timedelta

from tests.support.app_site import BODY, sign_up, train, upload, wait_for_job
from tests.support.browser import Visitor
from tests.support.fit_writer import RUNNING
from tests.support.live_sets import live_set
from tests.support.training_log import Outing, training_log

WELLNESS = "date,weight,restingHR,hrv,sleepSecs,soreness"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where to find what they made."""

    ride: str
    run: str
    form_check: str
    challenge: str
    post: str
    athlete: str
    """The one who trains, as the coach knows her."""


async def furnish(
    anna: Visitor, ben: Visitor, kim: Visitor, *, today: date, weeks: int, language: str = "en"
) -> Neighbours:
    """Give Anna a history, a plan, a friend and a coach; everything follows from the day."""
    await sign_up(anna, "Anna", email="anna@example.org", language=language, **BODY)
    await upload(anna, "/activities/uploads", "wellness.csv", wellness(today))
    await train(anna, today, weeks=weeks)
    check = await anna.call("POST", "/form-checks/live", live_set(6, wrong={2: "hips_sag"}, start_s=2.0), expect=201)
    await sign_up(ben, "Ben", email="ben@example.org", language=language)
    await sign_up(kim, "Kim", email="kim@example.org", language=language)
    post, challenge = await befriend(anna, ben, today)
    order = {"scopes": ["activities", "plan", "plan_proposals"], "email": None}
    invitation = await anna.call("POST", "/coaching/invitations", order, expect=201)
    athlete = await kim.call("POST", "/coaching/athletes", {"code": invitation["code"]}, expect=201)
    newest = "/activities?sport={}&limit=1"
    return Neighbours(
        ride=(await anna.call("GET", newest.format("cycling"), expect=200))["items"][0]["id"],
        run=(await anna.call("GET", newest.format("running"), expect=200))["items"][0]["id"],
        form_check=check["id"],
        challenge=challenge,
        post=post,
        athlete=athlete["athlete_id"],
    )


async def finish_phases(visitor: Visitor, today: date, *, weeks: int) -> str:
    """Give somebody training of some weeks, and the plan that it followed; return the plan."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for outing in training_log(today, weeks=weeks):
            archive.writestr(outing.file_name, outing.to_fit())
    await upload(visitor, "/activities/uploads", "log.zip", packed.getvalue())
    start = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    order = {
        "athlete": {"sport": "running", "experience": "intermediate", "ctl": 30},
        "goal": {
            "type": "race",
            "sport": "running",
            "distance_m": 10000,
            "date": (start + timedelta(days=7 * (weeks + 4) - 1)).isoformat(),
        },
        "start": start.isoformat(),
        "available_minutes": {"tue": 60, "thu": 60, "sat": 60, "sun": 120},
    }
    job = await wait_for_job(visitor, await visitor.call("POST", "/plans", {"request": order}, expect=202))
    return str(job["result"]["plan_id"])


async def befriend(anna: Visitor, ben: Visitor, today: date) -> tuple[str, str]:
    """Let Anna follow Ben, who shares a run and makes a challenge; return the post and the challenge."""
    for visitor, name in ((anna, "Anna"), (ben, "Ben")):
        profile = {"handle": name.lower(), "name": name, "is_findable": True}
        await visitor.call("PUT", "/community/me", profile, expect=200)
    await anna.call("PUT", "/community/following/ben", expect=200)
    await ben.call("PUT", "/community/followers/anna", expect=200)
    outing = Outing(today - timedelta(days=1), RUNNING, 25)
    job = await upload(ben, "/activities/uploads", outing.file_name, outing.to_fit())
    (activity,) = job["result"]["files"][0]["activity_ids"]
    shared = {"activity_id": activity, "audience": "followers", "text": "Wind from the front, twice."}
    post = await ben.call("POST", "/community/posts", shared, expect=201)
    await anna.call("PUT", f"/community/posts/{post['id']}/kudos", expect=200)
    await anna.call("POST", f"/community/posts/{post['id']}/comments", {"text": "Well done, @ben"}, expect=201)
    new = {
        "title": "March push-ups",
        "kind": "push_ups",
        "first_day": (today - timedelta(days=7)).isoformat(),
        "last_day": (today + timedelta(days=7)).isoformat(),
        "audience": "followers",
    }
    challenge = await ben.call("POST", "/community/challenges", new, expect=201)
    await anna.call("PUT", f"/community/challenges/{challenge['id']}/entry", {}, expect=200)
    for visitor, reps in ((anna, 12), (ben, 9)):
        await visitor.call("POST", "/form-checks/live", live_set(reps, start_s=1.0 + reps / 10), expect=201)
    return str(post["id"]), str(challenge["id"])


def wellness(today: date) -> bytes:
    """Return a month of mornings, the last one a little tired."""
    rows = []
    for back in range(30, 0, -1):
        values = (62 + back % 3 / 10, 48 + back % 4, 62 + back * 7 % 11, 25_200 + back * 600 % 5400, 2)
        rows.append(",".join([str(today - timedelta(days=back)), *(f"{value:g}" for value in values)]))
    return "\n".join([WELLNESS, *rows, f"{today},62.3,53,55,22500,4"]).encode()
