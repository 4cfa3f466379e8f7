"""Proposals, their answers, changes by hand, what-if, adherence and calendars, over HTTP on a real database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from tests.support.api import Api, Person
from tests.support.runs import gpx_run
from tests.support.workouts import MORNING, Ride

from topform.core.ids import AthleteId
from topform.features.plans.public import kept_sessions

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FRIDAYS_OFF = dict(zip(WEEKDAYS, (0, 60, 75, 60, 0, 120, 150), strict=True))


def today() -> date:
    return datetime.now(UTC).date()


def request(days_ago: int = 14, **changes: Any) -> dict[str, Any]:
    start = today() - timedelta(days=days_ago)
    return {
        "athlete": {"sport": "cycling", "experience": "intermediate", "ctl": 40, "threshold": {"power_w": 220}},
        "goal": {
            "type": "race",
            "sport": "cycling",
            "distance_m": 100_000,
            "date": (start + timedelta(days=48)).isoformat(),
        },
        "start": start.isoformat(),
        "available_minutes": dict(zip(WEEKDAYS, (0, 60, 75, 60, 45, 120, 150), strict=True)),
        **changes,
    }


def in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


async def plan_for(
    api: Api, person: Person, document: dict[str, Any], *, made_on: date | None = None
) -> dict[str, Any]:
    """Have a plan made on a day, on its first day where that is over."""
    await person.call("PATCH", "/athletes/me", status=200, json={"time_zone": "UTC"})
    with api.on(made_on or date.fromisoformat(document["start"])):
        await person.call("POST", "/plans", status=202, json={"request": document})
        await api.work()
    plan: dict[str, Any] = await person.get("/plans/current")
    return plan


async def open_proposals(person: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await person.get("/plans/proposals", params={"status": "open"}))["items"]
    return items


def sessions_from(plan: dict[str, Any], first: date) -> dict[str, list[dict[str, Any]]]:
    return {day["date"]: day["sessions"] for day in plan["document"]["days"] if day["date"] >= first.isoformat()}


async def test_training_missed_for_two_weeks_becomes_a_proposal_that_can_be_accepted_and_undone(
    api: Api, person: Person
) -> None:
    plan = await plan_for(api, person, request())
    await person.call("POST", "/plans/review", status=202)
    await api.work()
    (proposal,) = await open_proposals(person)
    assert (proposal["code"], proposal["plan_id"]) == ("missed_weeks", plan["id"])
    assert "14 days" in proposal["reason"]
    assert proposal["diff"]
    assert proposal["effect"]["after"]["next_days"]["load"] < proposal["effect"]["before"]["next_days"]["load"]
    assert await person.get("/plans/current") == plan  # Nothing changes before the yes.
    accepted = await person.call("POST", f"/plans/proposals/{proposal['id']}/accept", status=200)
    assert accepted["id"] != plan["id"]
    assert await person.get("/plans/current") == accepted
    assert all(check["status"] != "fail" for check in accepted["document"]["checks"])
    (change,) = (await person.get("/plans/history"))["items"]
    assert (change["code"], change["before_id"], change["after_id"]) == ("missed_weeks", plan["id"], accepted["id"])
    undone = await person.call("POST", "/plans/undo", status=200)
    assert undone["document"]["days"] == plan["document"]["days"]
    assert (await person.get("/plans/proposals"))["items"][0]["status"] == "undone"
    assert [item["code"] for item in (await person.get("/plans/history"))["items"]] == ["undo", "missed_weeks"]


async def test_a_question_is_asked_once_and_not_again_when_that_is_wished(api: Api, person: Person) -> None:
    await plan_for(api, person, request(days_ago=5))
    for _ in range(2):
        await person.call("POST", "/plans/review", status=202)
        await api.work()
    (proposal,) = await open_proposals(person)
    assert proposal["code"] == "missed_days"
    await person.call("POST", f"/plans/proposals/{proposal['id']}/reject", status=200, json={"dont_ask_again": True})
    await person.call("POST", "/plans/review", status=202)
    await api.work()
    assert [item["code"] for item in await open_proposals(person) if item["code"] == "missed_days"] == []
    assert (await person.get("/plans/life"))["silenced"] == ["missed_days"]
    await person.call("POST", f"/plans/proposals/{proposal['id']}/accept", status=409)


async def test_a_plan_that_began_before_it_was_made_is_not_called_unsafe_right_after(api: Api, person: Person) -> None:
    """What was ridden between its start and its making is known when it is made, not only to the review."""
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 220})
    for days_ago in (4, 3, 2, 1):
        started = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
        await person.upload("ride.fit", Ride(started_at=started, seconds=5400, power_w=215).as_fit())
    await api.work()
    order = request(days_ago=4, available_minutes=dict.fromkeys(WEEKDAYS, 90))
    plan = await plan_for(api, person, order, made_on=today())
    ridden = [session["workout"] for day in plan["document"]["days"][:4] for session in day["sessions"]]
    assert ridden == ["recorded"] * 4
    assert any(sessions_from(plan, today()).values())
    await person.call("POST", "/plans/review", status=202)
    await api.work()
    assert await open_proposals(person) == []


@pytest.mark.parametrize(("days_ago", "ctl"), [(3, 40), (12, 40), (12, 8)])
async def test_nobody_missed_the_days_before_a_plan_was_made(api: Api, person: Person, days_ago: int, ctl: int) -> None:
    """However much of it is over, and whether its days are chosen again for that or not."""
    order = request(days_ago=days_ago)
    order["athlete"]["ctl"] = ctl
    plan = await plan_for(api, person, order, made_on=today())
    assert "days_before" in {one["code"] for one in plan["document"]["assumed"]}
    await person.call("POST", "/plans/review", status=202)
    await api.work()
    assert await open_proposals(person) == []
    first = today() - timedelta(days=days_ago)
    async with api.resources.database.transaction() as session:
        athlete = AthleteId(person.athlete["id"])
        assert await kept_sessions(session, athlete, first=first, last=today() - timedelta(days=1)) == (0, 0)
    changed = await person.call(
        "POST",
        f"/plans/{plan['id']}/what-if/accept",
        status=200,
        json={"change": {"type": "drop_day", "weekday": "sun"}},
    )
    assert "days_before" in {one["code"] for one in changed["document"]["assumed"]}


async def test_illness_told_leads_to_rest_and_strangers_see_nothing(api: Api, person: Person) -> None:
    plan = await plan_for(api, person, request(days_ago=1))
    await person.call("PUT", "/plans/life", status=200, json={"illness": {"since": today().isoformat()}})
    await api.work()
    (proposal,) = await open_proposals(person)
    assert proposal["code"] == "ill"
    stranger = await api.sign_up()
    await stranger.call("POST", f"/plans/proposals/{proposal['id']}/accept", status=404)
    await stranger.call("POST", f"/plans/{plan['id']}/what-if", status=404, json={"change": {"type": "skip_week"}})
    assert (await stranger.get("/plans/proposals"))["items"] == []
    accepted = await person.call("POST", f"/plans/proposals/{proposal['id']}/accept", status=200)
    days = sessions_from(accepted, today())
    assert all(days[(today() + timedelta(days=offset)).isoformat()] == [] for offset in range(3))
    # Nor does training come back on these days by hand, by trying something out, or where a session was taken out.
    later = next(sessions[0] for when, sessions in sorted(days.items()) if sessions and when > in_days(3))
    path = f"/plans/{accepted['id']}/sessions/{later['id']}"
    refused = await person.call("POST", f"{path}/move", status=409, json={"to": in_days(1), "confirm_warnings": True})
    assert (refused["code"], refused["rule"]) == ("plan_rule_broken", "health_lock")
    change = {"change": {"type": "add_day", "weekday": WEEKDAYS[today().weekday()], "minutes": 90}}
    taken = await person.call("POST", f"/plans/{accepted['id']}/what-if/accept", status=200, json=change)
    days = sessions_from(taken, today())
    assert [days[in_days(offset)] for offset in range(2)] == [[], []]


async def test_a_move_by_hand_is_checked_and_refused_with_the_rule(api: Api, person: Person) -> None:
    plan = await plan_for(api, person, request(days_ago=0, unavailable_dates=[in_days(9)]))
    days = sessions_from(plan, today())
    hard = next((day, s) for day, found in days.items() for s in found if s["hard"] and day > today().isoformat())
    path = f"/plans/{plan['id']}/sessions/{hard[1]['id']}/move"
    problem = await person.call("POST", path, status=409, json={"to": in_days(9)})
    assert (problem["code"], problem["rule"]) == ("plan_rule_broken", "unavailable_dates")
    assert await person.get("/plans/current") == plan
    await person.call("POST", path, status=422, json={"to": "2000-01-01"})
    await person.call("POST", f"/plans/{plan['id']}/sessions/nothing/move", status=404, json={"to": in_days(9)})
    # The last one: an easy day less early on lowers what the weeks after it may hold.
    easy = [s for day, found in days.items() for s in found if s["kind"] == "easy" and day > today().isoformat()][-1]
    gone = await person.call("DELETE", f"/plans/{plan['id']}/sessions/{easy['id']}", status=200)
    assert easy["id"] not in {s["id"] for found in sessions_from(gone["plan"], today()).values() for s in found}
    await person.call("POST", path, status=409, json={"to": in_days(9)})  # The older version is not changed any more.


async def test_a_day_without_time_is_asked_about_and_given_once(api: Api, person: Person) -> None:
    """Mondays and Fridays offer 0 minutes; after the yes only that date does, and an undo takes it back."""
    plan = await plan_for(api, person, request(days_ago=0, available_minutes=FRIDAYS_OFF))
    days = sessions_from(plan, today())
    free = [day for day in days if day > in_days(0) and not FRIDAYS_OFF[WEEKDAYS[date.fromisoformat(day).weekday()]]]
    easy = [session for found in days.values() for session in found if session["kind"] == "easy"]
    problem: dict[str, Any] = {}
    for to, session in product(free, easy):  # Which of them the checker allows depends on today's weekday.
        path = f"/plans/{plan['id']}/sessions/{session['id']}/move"
        problem = await person.call("POST", path, status=409, json={"to": to})
        if problem["code"] == "plan_needs_time":
            break
    assert problem["code"] == "plan_needs_time"
    needed = session["minutes"]
    assert problem["days"] == [{"date": to, "offered_minutes": 0, "needed_minutes": needed}]
    assert (
        problem["detail"].startswith(f"You offered no time on {date.fromisoformat(to):%A} ")
        and to not in problem["detail"]
    )
    assert await person.get("/plans/current") == plan
    less = {"to": to, "offer_minutes": {to: needed - 1}, "confirm_warnings": True}
    assert (await person.call("POST", path, status=409, json=less))["code"] == "plan_needs_time"
    enough = less | {"offer_minutes": {to: needed}}
    moved = (await person.call("POST", path, status=200, json=enough))["plan"]
    assert moved["request"]["offered_dates"] == {to: needed}
    assert [item["title"] for item in sessions_from(moved, today())[to]] == [session["title"]]
    assert {item["rule"]: item["status"] for item in moved["document"]["checks"]}["availability"] == "pass"
    (change,) = (await person.get("/plans/history"))["items"]
    assert change["code"] == "moved_by_hand" and to not in change["reason"]
    undone = await person.call("POST", "/plans/undo", status=200)
    assert "offered_dates" not in undone["request"] and undone["document"]["days"] == plan["document"]["days"]
    again = await person.call("POST", "/plans/undo", status=200)
    assert again["document"]["days"] == moved["document"]["days"]
    assert [item["code"] for item in (await person.get("/plans/history"))["items"]] == ["redo", "undo", "moved_by_hand"]


async def test_two_sessions_change_places(api: Api, person: Person) -> None:
    """Each pair of days is tried until the checker allows one; titles change places, nothing else moves."""
    plan = await plan_for(api, person, request(days_ago=0))
    single = {day: found[0] for day, found in sessions_from(plan, today()).items() if len(found) == 1}
    days = {day: session for day, session in single.items() if day > in_days(7) and session["kind"] != "race"}
    pairs = [(a, b) for a in days for b in days if a < b and days[a]["title"] != days[b]["title"]]
    swapped: dict[str, Any] = {}
    for first, second in pairs:
        path = f"/plans/{plan['id']}/sessions/{days[first]['id']}/move"
        minutes = {first: days[second]["minutes"], second: days[first]["minutes"]}
        order = {"to": second, "swap_with": days[second]["id"], "offer_minutes": minutes, "confirm_warnings": True}
        answer = await person.http.post(f"/api/v1{path}", json=order)
        if answer.status_code == 200:
            swapped = answer.json()["plan"]
            break
        assert answer.json()["code"] == "plan_rule_broken"
    after = sessions_from(swapped, today())
    assert [item["title"] for item in after[first]] == [days[second]["title"]]
    assert [item["title"] for item in after[second]] == [days[first]["title"]]
    ids = [item["id"] for found in after.values() for item in found]
    assert len(ids) == len(set(ids))
    before = sessions_from(plan, today())
    assert {day: found for day, found in after.items() if day not in (first, second)} == {
        day: found for day, found in before.items() if day not in (first, second)
    }
    wrong = {"to": first, "swap_with": "nothing"}
    await person.call("POST", f"/plans/{swapped['id']}/sessions/{after[second][0]['id']}/move", status=404, json=wrong)


async def test_what_if_stands_beside_the_plan_and_can_be_taken(api: Api, person: Person) -> None:
    plan = await plan_for(api, person, request(days_ago=0))
    change = {"change": {"type": "move_race", "days": 14}}
    tried = await person.call("POST", f"/plans/{plan['id']}/what-if", status=200, json=change)
    assert len(tried["after"]) == len(tried["before"]) + 14
    assert tried["effect"]["after"]["race"]["date"] > tried["effect"]["before"]["race"]["date"]
    low, high = tried["effect"]["after"]["race"]["interval_80_minutes"]
    assert low < tried["effect"]["after"]["race"]["minutes"] < high
    assert await person.get("/plans/current") == plan
    taken = await person.call("POST", f"/plans/{plan['id']}/what-if/accept", status=200, json=change)
    assert taken["request"]["goal"]["date"] == tried["effect"]["after"]["race"]["date"]
    for wrong in ({"type": "fly"}, {"type": "add_day", "weekday": "someday", "minutes": 30}, {"type": "move_race"}, 3):
        body = {"change": wrong}
        await person.call("POST", f"/plans/{taken['id']}/what-if", status=422, json=body)


async def test_a_week_before_the_plan_begins_cannot_be_skipped(api: Api, person: Person) -> None:
    plan = await plan_for(api, person, request(days_ago=-14))
    path = f"/plans/{plan['id']}/what-if"
    before, first = in_days(0), in_days(14)
    for order in ({"type": "skip_week"}, {"type": "skip_week", "week_of": before}):
        problem = await person.call("POST", path, status=422, json={"change": order})
        assert problem["field"] == "change.week_of" and f"from {first} to" in problem["remedy"]
        await person.call("POST", f"{path}/accept", status=422, json={"change": order})
    assert await person.get("/plans/current") == plan
    tried = await person.call("POST", path, status=200, json={"change": {"type": "skip_week", "week_of": first}})
    assert tried["diff"] != []


async def test_steps_are_judged_one_by_one_and_feedback_is_kept(api: Api, person: Person) -> None:
    plan = await plan_for(api, person, request(days_ago=7))
    day, session = next(
        (day["date"], s)
        for day in plan["document"]["days"]
        for s in day["sessions"]
        if day["date"] < today().isoformat() and s["kind"] == "easy" and len(s["steps"]) == 1
    )
    step = session["steps"][0]
    started = datetime.fromisoformat(day).replace(hour=8, tzinfo=UTC)
    ride = Ride(started_at=started, seconds=step["duration_s"], power_w=round((step["low"] + step["high"]) / 2))
    await person.upload("ride.fit", ride.as_fit())
    await api.work()
    body = {"rpe_cr10": 3, "soreness": 1, "note": "Good legs"}
    path = f"/plans/{plan['id']}/sessions/{session['id']}/feedback"
    assert (await person.call("PUT", path, status=200, json=body))["day"] == day
    await person.call("PUT", path, status=422, json={"rpe_cr10": 11})
    found = await person.get(f"/plans/{plan['id']}/adherence", params={"from": day, "to": day})
    done = next(item for item in found["sessions"] if item["session_id"] == session["id"])
    assert (done["status"], done["share"]) == ("done", 1.0)
    assert [item["verdict"] for item in done["steps"]] == ["met"]
    assert done["steps"][0]["actual"] == pytest.approx(ride.power_w, abs=1)
    assert done["feedback"]["note"] == "Good legs"
    stranger = await api.sign_up()
    await stranger.get(f"/plans/{plan['id']}/adherence", status=404)


async def test_a_private_calendar_shows_the_plan_until_it_is_revoked(api: Api, person: Person) -> None:
    plan = await plan_for(api, person, request(days_ago=0))
    address = await person.call("POST", "/calendar/addresses", status=201, json={"name": "Phone"})
    async with api.client() as nobody:
        feed = await nobody.get(address["path"])
        assert feed.status_code == 200
        assert feed.headers["content-type"].startswith("text/calendar")
        first = next(s for day in plan["document"]["days"] for s in day["sessions"])
        assert first["id"] in feed.text
        (listed,) = (await person.get("/calendar/addresses"))["items"]
        assert listed["path"] is None
        stranger = await api.sign_up()
        await stranger.call("DELETE", f"/calendar/addresses/{address['id']}", status=404)
        await person.call("DELETE", f"/calendar/addresses/{address['id']}", status=204)
        assert (await nobody.get(address["path"])).status_code == 404
        assert (await nobody.get("/api/v1/calendar/guessed.ics")).status_code == 404


@pytest.mark.parametrize("kind", ["fit", "zwo", "mrc", "erg", "workoutkit", "health_connect", "intervals_icu"])
async def test_a_session_leaves_in_every_form(api: Api, person: Person, kind: str) -> None:
    plan = await plan_for(api, person, request(days_ago=0))
    session = next(s for day in plan["document"]["days"] for s in day["sessions"])
    response = await person.http.get(f"/api/v1/plans/{plan['id']}/sessions/{session['id']}/files/{kind}")
    assert response.status_code == 200, response.text
    assert response.content
    assert session["id"] in response.headers["content-disposition"]


async def test_nothing_is_planned_while_a_red_flag_stands(api: Api, person: Person) -> None:
    plan = await plan_for(api, person, request(days_ago=0))
    await person.call("POST", "/readiness/red-flag", status=200, json={"symptoms": ["chest_pain"]})
    refused = await person.call("POST", "/plans", status=409, json={"request": request()})
    change = {"change": {"type": "add_day", "weekday": "mon", "minutes": 60}}
    for path in ("what-if", "what-if/accept"):
        taken = await person.call("POST", f"/plans/{plan['id']}/{path}", status=409, json=change)
        assert (taken["code"], taken["remedy"]) == ("plan_locked", refused["remedy"])
    assert refused["code"] == "plan_locked"
    assert "medical care" in refused["remedy"]
    await person.call("POST", "/readiness/red-flag/clear", status=200, json={"was_looked_at": True})
    assert await person.get("/plans/current") == plan
    await person.call("POST", "/plans", status=202, json={"request": request()})


async def test_no_session_can_be_followed_until_a_red_flag_is_cleared(api: Api, person: Person) -> None:
    """Plan, calendar, files, adherence and proposals keep the past and give no session from today on."""
    plan = await plan_for(api, person, request(days_ago=14))
    past = [s["id"] for day in plan["document"]["days"] if day["date"] < in_days(0) for s in day["sessions"]]
    ahead = [s["id"] for found in sessions_from(plan, today()).values() for s in found]
    assert past and ahead
    address = await person.call("POST", "/calendar/addresses", status=201, json={"name": "Phone"})
    await person.call("POST", "/plans/review", status=202)
    await api.work()
    (waiting,) = await open_proposals(person)
    week = {"from": in_days(0), "to": in_days(6)}

    async def shown() -> tuple[list[str], list[str], list[str], list[int], list[str]]:
        """Return the sessions of the plan, of the calendar and of the week, answers for files, and proposals."""
        current = await person.get("/plans/current")
        assert await person.get(f"/plans/{plan['id']}") == current
        async with api.client() as nobody:
            feed = await nobody.get(address["path"])
        assert feed.status_code == 200
        assert feed.text.startswith("BEGIN:VCALENDAR") and feed.text.endswith("END:VCALENDAR\r\n")
        assert not any(word in feed.text.lower() for word in ("chest", "symptom", "doctor", "red flag"))
        files = []
        for kind in ("fit", "zwo", "mrc", "erg", "workoutkit", "health_connect", "intervals_icu"):
            for one in (past[0], ahead[0]):
                path = f"/api/v1/plans/{plan['id']}/sessions/{one}/files/{kind}"
                answer = await person.http.get(path)
                assert answer.status_code == 200 or answer.json()["code"] == "plan_locked", answer.text
                files.append(answer.status_code)
        report = await person.get(f"/plans/{plan['id']}/adherence", params=week)
        return (
            [s["id"] for day in current["document"]["days"] for s in day["sessions"]],
            [one for one in past + ahead if one in feed.text],
            [one["session_id"] for one in report["sessions"]],
            files,
            [one["id"] for one in await open_proposals(person)],
        )

    before = await shown()
    assert (before[:2], before[4]) == ((past + ahead, past + ahead), [waiting["id"]])
    assert set(before[3]) == {200} and before[2] and set(before[2]) <= set(ahead)
    await person.call("POST", "/readiness/red-flag", status=200, json={"symptoms": ["chest_pain"]})
    assert (await person.get("/plans/current"))["is_stopped"] is True
    assert await shown() == (past, past, [], [409] * len(before[3]), [])
    easy = [s["id"] for found in sessions_from(plan, today()).values() for s in found if s["kind"] == "easy"]
    removed = await person.call("DELETE", f"/plans/{plan['id']}/sessions/{easy[-1]}", status=200)
    assert [s for found in sessions_from(removed["plan"], today()).values() for s in found] == []
    stranger = await api.sign_up()
    await stranger.get(f"/plans/{plan['id']}/sessions/{ahead[0]}/files/fit", status=404)
    await person.call("POST", "/readiness/red-flag/clear", status=200, json={"was_looked_at": True})
    open_again = await person.get("/plans/current")
    assert open_again["is_stopped"] is False
    assert any(sessions_from(open_again, today()).values())


async def test_how_a_session_was_is_said_from_its_day_on(api: Api, person: Person) -> None:
    plan = await plan_for(api, person, request(days_ago=14))
    days = {day["date"]: day["sessions"] for day in plan["document"]["days"] if day["sessions"]}
    next_day = min(day for day in days if day > in_days(0))
    path = f"/plans/{plan['id']}/sessions/{{}}/feedback"
    problem = await person.call("PUT", path.format(days[next_day][0]["id"]), status=422, json={"rpe_cr10": 3})
    assert (problem["code"], problem["day"]) == ("session_ahead", next_day)
    assert "on that day or later" in problem["remedy"]
    report = await person.get(f"/plans/{plan['id']}/adherence", params={"from": next_day, "to": next_day})
    assert report["sessions"][0]["feedback"] is None
    last_day = max(day for day in days if day <= in_days(0))
    await person.call("PUT", path.format(days[last_day][0]["id"]), status=200, json={"rpe_cr10": 3})


async def test_pain_and_soreness_are_not_kept_once_refused_but_stay_and_can_be_taken_back(
    api: Api, person: Person
) -> None:
    plan = await plan_for(api, person, request(days_ago=14))
    done = next(
        s["id"] for day in plan["document"]["days"] for s in day["sessions"] if day["date"] <= today().isoformat()
    )
    path, pain = f"/plans/{plan['id']}/sessions/{done}/feedback", {"running": in_days(-1)}
    await person.call("PUT", path, status=200, json={"rpe_cr10": 3, "soreness": 1})
    await person.call("PUT", "/plans/life", status=200, json={"painful": pain})
    no = {"is_given": False, "text_version": "1"}
    await person.call("PUT", "/consents/body_and_wellness", status=200, json=no)

    for where, said in ((path, {"soreness": 7}), ("/plans/life", {"painful": {**pain, "cycling": in_days(0)}})):
        assert (await person.call("PUT", where, status=403, json=said))["code"] == "consent_missing"
    await person.call("PUT", path, status=200, json={"rpe_cr10": 5, "soreness": 1})
    await person.call("PUT", "/plans/life", status=200, json={"painful": pain, "away": [in_days(3)]})
    await person.call("PUT", "/plans/life", status=200, json={"illness": {"since": in_days(0)}})  # stops training
    await person.call("PUT", path, status=200, json={"rpe_cr10": 5})


async def test_the_race_has_one_time(api: Api, person: Person) -> None:
    """From the threshold while nothing is known, then the prediction, in the plan, its race and its what-ifs."""
    goal = {"type": "race", "sport": "running", "distance_m": 21_097.5, "date": in_days(42)}
    order = request(days_ago=0, athlete={"sport": "running", "threshold": {"speed_m_s": 3.6}}, goal=goal)
    plan = await plan_for(api, person, order)
    guessed = await person.get(f"/plans/{plan['id']}/race-time")
    # Riegel from an hour at 3.6 m/s: 3600 s * (21097.5 / 12960) ** 1.06 = 6034 s.
    assert (guessed["basis"], guessed["time_s"]) == ("threshold", 101 * 60)
    race = gpx_run("City Half Marathon", MORNING, distance_m=21_180, time_s=6300)
    await person.upload("race.gpx", race)
    for week in range(4):
        started_at = datetime.now(UTC) - timedelta(days=4 + 7 * week)
        await person.upload("easy.gpx", gpx_run("Easy", started_at, distance_m=10_000, time_s=3700))
    await api.work()
    known = await person.get(f"/plans/{plan['id']}/race-time")
    shown = await person.get("/predictions", params={"distance_m": 21_097.5, "date": goal["date"]})
    assert (known["basis"], known["time_s"], known["interval_80_s"]) == (
        "prediction",
        shown["time_s"],
        shown["interval_80_s"],
    )
    assert known["reasons"] == shown["reasons"]
    change = {"change": {"type": "add_day", "weekday": "mon", "minutes": 60}}
    effect = (await person.call("POST", f"/plans/{plan['id']}/what-if", status=200, json=change))["effect"]
    before, after = effect["before"]["race"], effect["after"]["race"]
    assert before["minutes"] == pytest.approx(shown["time_s"] / 60, abs=0.06)
    assert before["difference_s"] == 0
    assert after["minutes"] - before["minutes"] == pytest.approx(after["difference_s"] / 60, abs=0.1)
    stranger = await api.sign_up()
    await stranger.get(f"/plans/{plan['id']}/race-time", status=404)
    del order["athlete"]["threshold"]
    order["other_races"] = [
        {"date": in_days(14), "distance_m": 10_000, "priority": "B"},
        {"date": in_days(30), "distance_m": 5000, "priority": "C", "expected_s": 1500},
    ]
    later = await plan_for(api, person, order)
    assert later["request"]["goal"]["expected_s"] == pytest.approx(shown["time_s"], abs=1)
    assert [item["code"] for item in later["request"]["filled_in"]] == ["race_time"]
    assert {item["code"] for item in later["document"]["assumed"]} >= {"threshold", "experience"}
    on_the_way, stated = later["request"]["other_races"]
    ten = await person.get("/predictions", params={"distance_m": 10_000, "date": on_the_way["date"]})
    assert on_the_way["expected_s"] == pytest.approx(ten["time_s"], abs=1)
    assert stated["expected_s"] == 1500
    planned = {day["date"]: day["sessions"] for day in later["document"]["days"]}
    for race in (on_the_way, stated):
        (held,) = planned[race["date"]]
        assert (held["kind"], held["minutes"]) == ("race", pytest.approx(race["expected_s"] / 60, abs=1))


async def test_a_ride_has_a_race_time_once_power_and_mass_are_known(api: Api, person: Person) -> None:
    goal = {"type": "race", "sport": "cycling", "distance_m": 40_000, "date": in_days(42)}
    order = request(days_ago=0, athlete={"sport": "cycling"}, goal=goal)
    plan = await plan_for(api, person, order)
    nothing = await person.get(f"/plans/{plan['id']}/race-time")
    assert (nothing["basis"], nothing["time_s"], nothing["interval_80_s"]) == ("experience", None, None)
    assert nothing["missing"] == ["power_w", "mass_kg"]
    assert "no race time without your threshold power and your body mass" in nothing["reasons"][0]
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 250, "mass_kg": 75})
    known = await plan_for(api, person, order)
    assert [item["code"] for item in known["request"]["filled_in"]] == ["threshold", "mass"]
    shown = await person.get(f"/plans/{known['id']}/race-time")
    # 250 W and 85 kg with the bicycle are about 10 m/s on a flat road: 67 min, longer over hills.
    assert shown["basis"] == "threshold" and shown["missing"] == []
    assert 64 * 60 <= shown["time_s"] <= 72 * 60
    assert shown["interval_80_s"][0] < shown["time_s"] < shown["interval_80_s"][1]
    assert known["document"]["forecast"]["race"]["minutes"] == shown["time_s"] / 60
