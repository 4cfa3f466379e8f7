"""Coaches: invited or asking, seeing exactly what is shared, suggesting, and nothing once access has ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from tests.integration.features.test_form_checks import store_form_check
from tests.integration.features.test_plans_and_fitness import REQUEST
from tests.support.api import Api, Person
from tests.support.workouts import Ride

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.tables import ActivityRow
from topform.features.athletes.public import Share, visible_to

ALL = [share.value for share in Share]


async def coach_of(api: Api, athlete: Person, *scopes: str) -> Person:
    """Return somebody who used the athlete's code."""
    coach = await api.sign_up(display_name="Coach Kim")
    await let_in(athlete, coach, *scopes)
    return coach


async def let_in(athlete: Person, coach: Person, *scopes: str) -> None:
    """Hand a code over and have it used."""
    order = {"scopes": list(scopes)}
    invitation = await athlete.call("POST", "/coaching/invitations", status=201, json=order)
    await coach.call("POST", "/coaching/athletes", status=201, json={"code": invitation["code"]})


def of(athlete: Person, path: str) -> str:
    """Return the path under which a coach finds something of an athlete."""
    return f"/coaching/athletes/{athlete.athlete['id']}{path}"


async def ride_of(api: Api, person: Person) -> str:
    """Import a ride and return its id."""
    job = await person.upload("ride.fit", Ride().as_fit())
    await api.work()
    (file,) = (await person.get(f"/jobs/{job['id']}"))["result"]["files"]
    return str(file["activity_ids"][0])


async def plan_of(api: Api, person: Person, **changes: str) -> str:
    """Make a plan and return its id."""
    job = await person.call("POST", "/plans", status=202, json={"request": REQUEST | changes})
    await api.work()
    return str((await person.get(f"/jobs/{job['id']}"))["result"]["plan_id"])


async def test_a_code_lets_a_coach_in_once_and_both_see_it(api: Api, person: Person) -> None:
    order = {"scopes": ["numbers", "activities"]}
    invitation = await person.call("POST", "/coaching/invitations", status=201, json=order)
    assert invitation["scopes"] == ["activities", "numbers"]
    (waiting,) = (await person.get("/coaching/coaches"))["invitations"]
    assert waiting["id"] == invitation["id"] and waiting["code"] is None
    coach = await api.sign_up(display_name="Coach Kim")
    typed = invitation["code"].upper().replace("-", " ")
    athlete = await coach.call("POST", "/coaching/athletes", status=201, json={"code": typed})
    assert (athlete["athlete_id"], athlete["scopes"]) == (person.athlete["id"], ["activities", "numbers"])
    people = await person.get("/coaching/coaches")
    assert people["invitations"] == []
    (access,) = people["coaches"]
    assert (access["name"], access["state"], access["asked_by"]) == ("Coach Kim", "active", "athlete")
    another = await api.sign_up()
    problem = await another.call("POST", "/coaching/athletes", status=422, json={"code": invitation["code"]})
    assert problem["code"] == "invitation_unknown"
    assert [one["name"] for one in (await coach.get("/coaching/athletes"))["items"]] == ["Person"]
    assert (await another.get("/coaching/athletes"))["items"] == []


async def test_an_invitation_by_letter_works_for_that_account_only(api: Api, person: Person) -> None:
    order = {"scopes": ["plan"], "email": "kim@example.org"}
    invitation = await person.call("POST", "/coaching/invitations", status=201, json=order)
    assert invitation["code"] is None
    await api.work()
    letters = [one.read_text() for one in (api.settings.data_dir / "outbox").glob("*.eml")]
    (letter,) = [one for one in letters if "kim@example.org" in one]
    code = letter.split("The code is ")[1][:19]
    wrong = await api.sign_up()
    await wrong.call("POST", "/coaching/athletes", status=422, json={"code": code})
    right = await api.sign_up(email="kim@example.org")
    await right.call("POST", "/coaching/athletes", status=201, json={"code": code})


async def test_a_coach_asks_and_sees_nothing_before_the_yes(api: Api, person: Person) -> None:
    coach = await api.sign_up(display_name="Coach Kim")
    question = {"email": person.athlete["email"], "scopes": ["plan"], "message": "We met at the club."}
    await coach.call("POST", "/coaching/questions", status=202, json=question)
    await coach.call("POST", "/coaching/questions", status=202, json={**question, "email": "nobody@example.org"})
    await coach.get(of(person, ""), status=404)
    (asked,) = (await person.get("/coaching/coaches"))["coaches"]
    assert (asked["state"], asked["message"]) == ("asked", "We met at the club.")
    path = f"/coaching/coaches/{coach.athlete['id']}"
    access = await person.call("PUT", path, status=200, json={"scopes": ["plan", "activities"]})
    assert (access["state"], access["scopes"]) == ("active", ["activities", "plan"])
    await coach.get(of(person, "/activities"))
    await person.call("DELETE", path, status=204)
    await coach.get(of(person, "/activities"), status=404)
    # Whoever was sent away cannot ask again for a month; the answer does not tell.
    await coach.call("POST", "/coaching/questions", status=202, json=question)
    people = await person.get("/coaching/coaches")
    assert people["coaches"] == []
    assert [one["ended_by"] for one in people["past"]] == ["athlete", "change"]


NEEDS = {
    "/activities": "activities",
    "/fitness": "activities",
    "/fitness/curve": "activities",
    "/readiness": "numbers",
    "/readiness/warnings": "numbers",
    "/wellness": "numbers",
    "/thresholds": "numbers",
    "/zones": "numbers",
    "/readiness/reports": "health_notes",
    "/plans/current": "plan",
    "/plans/proposals": "plan",
    "/plans/history": "plan",
    "/form-checks": "form_checks",
}


@pytest.mark.parametrize("scope", [share for share in ALL if share != "plan_proposals"])
async def test_each_scope_opens_its_own_operations_and_no_other(api: Api, person: Person, scope: str) -> None:
    coach = await coach_of(api, person, scope)
    for path, needed in NEEDS.items():
        if needed == scope:
            await coach.get(of(person, path))
        else:
            problem = await coach.get(of(person, path), status=403)
            assert (problem["code"], problem["scope"]) == ("coach_scope_missing", needed)


async def test_a_coach_gets_activities_without_places_notes_and_files(api: Api, person: Person) -> None:
    activity = await ride_of(api, person)
    await person.call("PATCH", f"/activities/{activity}", status=200, json={"title": "Hills", "notes": "knee hurts"})
    coach = await coach_of(api, person, "activities")
    own, seen = await person.get(f"/activities/{activity}"), await coach.get(of(person, f"/activities/{activity}"))
    assert own["notes"] == "knee hurts" and own["sources"]
    assert (seen["title"], seen["notes"], seen["sources"], seen["file_name"]) == ("Hills", None, [], "")
    assert seen["legs"] == own["legs"]
    assert (await coach.get(of(person, "/activities?q=hills")))["items"]
    assert (await coach.get(of(person, "/activities?q=knee")))["items"] == []
    assert (await person.get("/activities?q=knee"))["items"]
    streams = await coach.get(of(person, f"/activities/{activity}/streams"))
    assert "power_w" in streams["channels"] or "hr_bpm" in streams["channels"]
    await coach.get(f"/activities/{activity}", status=404)
    stranger = await api.sign_up()
    await stranger.get(of(person, f"/activities/{activity}"), status=404)
    await coach.get(f"/coaching/athletes/{stranger.athlete['id']}/activities", status=404)


async def test_the_list_shows_status_at_a_glance(api: Api, person: Person) -> None:
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 250})
    activity = await ride_of(api, person)
    await plan_of(api, person)
    coach = await coach_of(api, person, "activities", "numbers", "plan")
    (athlete,) = (await coach.get("/coaching/athletes"))["items"]
    status = athlete["status"]
    assert status["last_session"]["id"] == activity
    assert status["warnings"] == [] and status["open_proposals"] == 0
    assert status["planned_sessions"] is not None
    today = (await person.get("/fitness"))["days"][-1]
    assert status["form"] == round(today["tsb_morning"], 1), "the same form as the athlete sees"
    await person.call("PUT", f"/coaching/coaches/{coach.athlete['id']}", status=200, json={"scopes": ["form_checks"]})
    (athlete,) = (await coach.get("/coaching/athletes"))["items"]
    assert set(athlete["status"].values()) == {None}


async def test_what_a_service_restricts_never_reaches_a_coach(api: Api, person: Person) -> None:
    activity = await ride_of(api, person)
    await plan_of(api, person)
    coach = await coach_of(api, person, *ALL)
    await coach.get(of(person, f"/activities/{activity}"))
    async with api.resources.database.transaction() as session:
        for table in ("activities", "activity_legs", "activity_metrics", "activity_bests"):
            await session.execute(text(f"UPDATE {table} SET restricted_by = 'strava'"))
    assert (await coach.get(of(person, "/activities")))["items"] == []
    for path in (f"/activities/{activity}", f"/activities/{activity}/streams"):
        await coach.get(of(person, path), status=404)
    assert all(day["load_au"] == 0 for day in (await coach.get(of(person, "/fitness")))["days"])
    assert (await coach.get(of(person, "/plans/current"), status=403))["code"] == "withheld_from_coaches"
    assert (await coach.get("/coaching/athletes"))["items"][0]["status"]["last_session"] is None


async def test_a_coach_suggests_and_the_athlete_decides(api: Api, person: Person) -> None:
    plan_id = await plan_of(api, person)
    wish = {"plan_id": plan_id, "change": {"type": "drop_day", "weekday": "sat"}, "why": "Rest before the race."}
    reader = await coach_of(api, person, "plan")
    await reader.call("POST", of(person, "/plans/proposals"), status=403, json=wish)
    coach = await coach_of(api, person, "plan", "plan_proposals")
    card = await coach.call("POST", of(person, "/plans/proposals"), status=201, json=wish)
    assert (card["code"], card["params"]["coach"], card["status"]) == ("coach_drop_day", "Coach Kim", "open")
    assert card["effect"] == {}, "fitness and form are activities, which are not shared"
    assert (await person.get("/plans/current"))["id"] == plan_id, "nothing changes without a yes"
    await coach.call("POST", f"/plans/proposals/{card['id']}/accept", status=404)
    plan = await person.call("POST", f"/plans/proposals/{card['id']}/accept", status=200)
    assert (await coach.get(of(person, "/plans/current")))["id"] == plan["id"]


async def test_a_stop_for_health_is_not_told_to_a_coach_who_does_not_see_health(api: Api, person: Person) -> None:
    plan_id = await plan_of(api, person)
    await person.call("POST", "/readiness/red-flag", status=200, json={"symptoms": ["chest_pain"]})
    wish = {"plan_id": plan_id, "change": {"type": "drop_day", "weekday": "sat"}, "why": "Rest."}
    coach = await coach_of(api, person, "plan", "plan_proposals", "numbers")
    problem = await coach.call("POST", of(person, "/plans/proposals"), status=409, json=wish)
    assert problem["code"] != "plan_locked" and "doctor" not in problem["detail"]
    assert (await coach.get(of(person, "/readiness")))["red_flag"] is None
    assert (await coach.get(of(person, "/readiness/warnings")))["warnings"] == []
    seen = await coach.get(of(person, "/plans/current"))
    assert seen["is_stopped"] is False and any(day["sessions"] for day in seen["document"]["days"])


async def test_the_athlete_reads_what_a_coach_looked_at(api: Api, person: Person) -> None:
    activity = await ride_of(api, person)
    coach = await coach_of(api, person, "activities")
    await coach.get(of(person, f"/activities/{activity}"))
    await coach.get(of(person, f"/activities/{activity}"))
    await coach.get(of(person, "/wellness"), status=403)
    page = await person.get("/coaching/reads")
    seen = {(one["what"], one["item"]): (one["coach_name"], one["times"]) for one in page["items"]}
    assert seen == {("get_activity", activity): ("Coach Kim", 2), ("get_coached_athlete", None): ("Coach Kim", 1)}
    first = await person.get("/coaching/reads?limit=1")
    second = await person.get(f"/coaching/reads?limit=1&cursor={first['next_cursor']}")
    assert [*first["items"], *second["items"]] == page["items"] and second["next_cursor"] is None
    (access,) = (await person.get("/coaching/coaches"))["coaches"]
    assert access["last_read_at"] is not None
    assert (await coach.get("/coaching/reads"))["items"] == []


async def test_a_form_check_reaches_a_coach_without_pictures(api: Api, person: Person) -> None:
    check = await store_form_check(api, person, b"video")
    coach = await coach_of(api, person, "form_checks")
    seen = await coach.get(of(person, f"/form-checks/{check}"))
    assert seen["analysis"]["rep_count"] == seen["rep_count"] and seen["video_url"] is None
    for path in (f"/form-checks/{check}/video", f"/form-checks/{check}/track"):
        await coach.get(of(person, path), status=404)
        await coach.get(path, status=404)


async def test_a_coach_reads_in_their_own_language(api: Api, person: Person) -> None:
    # The sessions before today stay to be read while a red flag stands.
    start = datetime.now(UTC).date() - timedelta(days=14)
    with api.on(start):
        plan_id = await plan_of(api, person, start=start.isoformat())
    await person.call("POST", "/readiness/red-flag", status=200, json={"symptoms": ["chest_pain"]})
    coach = await coach_of(api, person, *ALL)

    async def read(reader: Person, prefix: str) -> list[list[str]]:
        """Return the warnings and the names of the sessions."""
        plan = await reader.get(prefix + "/plans/current")
        assert plan["id"] == plan_id
        warnings = (await reader.get(prefix + "/readiness/warnings"))["warnings"]
        advice = (await reader.get(prefix + "/readiness"))["red_flag"]["advice"]
        titles = [session["title"] for day in plan["document"]["days"] for session in day["sessions"]]
        return [[one["message"] for one in warnings], [advice], titles]

    english = await read(person, "")
    await person.call("PATCH", "/athletes/me", status=200, json={"language": "es"})
    await coach.call("PATCH", "/athletes/me", status=200, json={"language": "de"})
    spanish, german = await read(person, ""), await read(coach, of(person, ""))
    assert all(one and one != other != third for one, other, third in zip(english, spanish, german, strict=True))
    (athlete,) = (await coach.get("/coaching/athletes"))["items"]
    assert athlete["status"]["warnings"] == german[0]
    await person.call("PATCH", "/athletes/me", status=200, json={"language": "de"})
    assert await read(person, "") == german


async def test_the_rule_itself_knows_grants(api: Api, person: Person) -> None:
    await ride_of(api, person)
    coach = await coach_of(api, person, "activities")

    async def found() -> list[Any]:
        async with api.resources.database.transaction() as session:
            rule = visible_to(AthleteId(UUID(coach.athlete["id"])), ActivityRow, purpose=Purpose.COACH)
            return list(await session.scalars(ActivityRow.__table__.select().where(rule)))

    assert len(await found()) == 1
    await coach.call("DELETE", of(person, ""), status=204)
    assert await found() == []
    assert [one["ended_by"] for one in (await person.get("/coaching/coaches"))["past"]] == ["coach"]


async def test_nonsense_is_refused(api: Api, person: Person) -> None:
    for scopes in ([], ["plan_proposals"], ["everything"]):
        await person.call("POST", "/coaching/invitations", status=422, json={"scopes": scopes})
    invitation = await person.call("POST", "/coaching/invitations", status=201, json={"scopes": ["plan"]})
    await person.call("POST", "/coaching/athletes", status=422, json={"code": invitation["code"]})
    coach = await api.sign_up()
    async with api.resources.database.transaction() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        await session.execute(text("UPDATE coach_invitations SET expires_at = :past"), {"past": past})
    await coach.call("POST", "/coaching/athletes", status=422, json={"code": invitation["code"]})
    await person.call("DELETE", f"/coaching/invitations/{invitation['id']}", status=204)
    await person.call("DELETE", f"/coaching/invitations/{invitation['id']}", status=404)
    await person.call("PUT", f"/coaching/coaches/{uuid4()}", status=404, json={"scopes": ["plan"]})
    await person.call("DELETE", f"/coaching/coaches/{coach.athlete['id']}", status=404)


async def test_a_coach_keeps_athletes_in_groups(api: Api, person: Person) -> None:
    coach, other = await coach_of(api, person, "plan"), await api.sign_up(display_name="Ben")
    await let_in(other, coach, "plan")
    group = await coach.call("POST", "/coaching/groups", status=201, json={"name": "Thursday"})
    second = await coach.call("POST", "/coaching/groups", status=201, json={"name": "Juniors"})
    taken = await coach.call("PATCH", f"/coaching/groups/{group['id']}", status=409, json={"name": "Juniors"})
    assert taken["code"] == "group_name_taken"
    await coach.call("PATCH", f"/coaching/groups/{group['id']}", status=200, json={"name": "Friday"})
    place = f"/coaching/groups/{group['id']}/athletes"
    for _ in range(2):
        put = await coach.call("PUT", f"{place}/{person.athlete['id']}", status=200)
        assert put == {"id": group["id"], "name": "Friday", "athletes": 1}
    found = await coach.get("/coaching/athletes", params={"group_id": group["id"]})
    assert [(one["athlete_id"], one["groups"]) for one in found["items"]] == [(person.athlete["id"], [group["id"]])]
    assert len((await coach.get("/coaching/athletes"))["items"]) == 2
    assert (await coach.get("/coaching/athletes", params={"group_id": second["id"]}))["items"] == []
    # A group is the coach's own, and holds nobody who did not let the coach in.
    assert (await person.get("/coaching/groups"))["items"] == []
    await person.get("/coaching/athletes", status=404, params={"group_id": group["id"]})
    stranger = await api.sign_up()
    await coach.call("PUT", f"{place}/{stranger.athlete['id']}", status=404)
    await person.call("DELETE", f"/coaching/groups/{group['id']}", status=404)
    # With the access ends the place in the group, also when access is given again.
    await person.call("DELETE", f"/coaching/coaches/{coach.athlete['id']}", status=204)
    assert [one["athletes"] for one in (await coach.get("/coaching/groups"))["items"]] == [0, 0]
    await let_in(person, coach, "plan")
    assert (await coach.get("/coaching/athletes", params={"group_id": group["id"]}))["items"] == []
    await coach.call("PUT", f"{place}/{other.athlete['id']}", status=200)
    await coach.call("DELETE", f"{place}/{other.athlete['id']}", status=204)
    await coach.call("DELETE", f"/coaching/groups/{group['id']}", status=204)
    assert [one["name"] for one in (await coach.get("/coaching/groups"))["items"]] == ["Juniors"]
