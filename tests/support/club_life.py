"""What a club, its moderators and a room have to show: a challenge, a segment, signals, an appeal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tests.support.app_site import upload
from tests.support.browser import Visitor
from tests.support.live_sets import live_set, set_like
from tests.support.workouts import MORNING, Ride

SEGMENT_RIDES_M_S = (8.0, 10.0)
FRIENDS_RIDE_M_S = 7.0


@dataclass(frozen=True, slots=True)
class ClubLife:
    """Where to find what they made."""

    club: str
    segment: str
    ride: str
    """A ride over the segment."""


async def enliven(anna: Visitor, ben: Visitor, moderator: Visitor, *, today: date) -> ClubLife:
    """Let Anna found a club that Ben joins, with all that follows; both are in the community already."""
    wish = {"name": "Lake runners", "description": "Any pace, all weathers.", "sports": ["running"], "is_listed": True}
    club = (await anna.call("POST", "/community/clubs", wish | {"joining": "open"}, expect=201))["id"]
    await ben.call("PUT", f"/community/clubs/{club}/membership", expect=200)
    new = {
        "title": "Most push-ups of the club before spring",
        "kind": "push_ups",
        "first_day": (today - timedelta(days=2)).isoformat(),
        "last_day": (today + timedelta(days=5)).isoformat(),
        "audience": "club",
        "club_id": club,
    }
    challenge = await ben.call("POST", "/community/challenges", new, expect=201)
    await anna.call("PUT", f"/community/challenges/{challenge['id']}/entry", {}, expect=200)
    segment, ride = await share_segment(anna, ben, club)
    await copy_sets(anna, ben)
    await appeal(anna, ben, moderator)
    await ben.call("PUT", "/community/following/anna", expect=200)
    await anna.call("PUT", "/community/followers/ben", expect=200)
    await ben.call("POST", "/community/rooms", {"name": "Lunch ride", "audience": "friends"}, expect=201)
    return ClubLife(club=str(club), segment=segment, ride=ride)


async def share_segment(anna: Visitor, ben: Visitor, club: str) -> tuple[str, str]:
    """Cut a segment out of a ride of Anna's for her club, with efforts of both; return it and the ride."""
    rides = []
    riders = [*((anna, speed_m_s) for speed_m_s in SEGMENT_RIDES_M_S), (ben, FRIENDS_RIDE_M_S)]
    for day, (rider, speed_m_s) in enumerate(riders):
        outing = Ride(started_at=MORNING + timedelta(days=day), seconds=700, speed_m_s=speed_m_s)
        job = await upload(rider, "/activities/uploads", f"ride{day}.fit", outing.as_fit())
        rides.append(str(job["result"]["files"][0]["activity_ids"][0]))
    stretch = {"name": "Long road", "activity_id": rides[0], "start_s": 250.0, "end_s": 500.0}
    segment = str((await anna.call("POST", "/segments", stretch, expect=201))["id"])
    await anna.call("PATCH", f"/segments/{segment}", {"audience": "club", "club_id": club}, expect=200)
    for rider in (anna, ben):
        await rider.call("PUT", f"/segments/{segment}/membership", {"shares_efforts": True}, expect=200)
    return segment, rides[0]


async def copy_sets(anna: Visitor, ben: Visitor) -> None:
    """Let each do sets, and then one that the other did already: that is a question to the moderators."""
    for seed in range(3):
        await anna.call("POST", "/form-checks/live", set_like(seed), expect=201)
        await ben.call("POST", "/form-checks/live", set_like(100 + seed), expect=201)
    await ben.call("POST", "/form-checks/live", set_like(1, shift_s=40.0, off_s=0.02), expect=201)
    await anna.call("POST", "/form-checks/live", set_like(2, shift_s=9.0, off_s=0.01), expect=201)


async def appeal(anna: Visitor, ben: Visitor, moderator: Visitor) -> None:
    """Let Anna report two posts of Ben's; one is taken away, which he appeals against, and one is to be decided."""
    reports = []
    for text in ("Buy my pills at example.org", "Second one, pills again"):
        done = await ben.call("POST", "/form-checks/live", live_set(3), expect=201)
        shared = {"form_check_id": done["id"], "audience": "public", "text": text}
        post = await ben.call("POST", "/community/posts", shared, expect=201)
        report = {"post_id": post["id"], "reason": "spam", "note": "Advertising, again."}
        reports.append(await anna.call("POST", "/community/reports", report, expect=201))
    verdict = {"decision": "removed", "note": "Advertising."}
    await moderator.call("PUT", f"/community/reports/{reports[0]['id']}", verdict, expect=200)
    (removal,) = (await ben.call("GET", "/community/removals", expect=200))["items"]
    reason = {"reason": "It was a joke among friends."}
    await ben.call("PUT", f"/community/removals/{removal['id']}/appeal", reason, expect=200)
