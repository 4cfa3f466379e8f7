"""What follows from what happened; the checker has the last word on every proposal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.support.plan_documents import HALF_MARATHON

from topform.coaching.adaptation import Illness, Life, Proposal, begun, continued, propose
from topform.coaching.adaptation.lived import recorded_session
from topform.coaching.adaptation.matching import Done, lived_days, match_day
from topform.coaching.adaptation.recount import recounted
from topform.coaching.adaptation.replan import with_lived
from topform.coaching.adaptation.what_if import what_if
from topform.coaching.checker import check
from topform.coaching.goals import PlanSport
from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest
from topform.core.errors import PlanRequestError

TODAY = date(2027, 4, 6)
DOCUMENT = make_plan(PlanRequest.from_dict(HALF_MARATHON)).as_dict()


def lived(until: date = TODAY, missed: frozenset[date] = frozenset()) -> dict[date, tuple[dict[str, Any], ...]]:
    found = {}
    for day in DOCUMENT["days"]:
        when = date.fromisoformat(day["date"])
        if when < until and when not in missed and day["sessions"]:
            found[when] = tuple(
                recorded_session(
                    day=when,
                    number=number,
                    sport=session["sport"],
                    minutes=session["minutes"],
                    load_au=session["load"],
                    planned=session,
                )
                for number, session in enumerate(day["sessions"], start=1)
            )
    return found


def days_before(count: int, end: date = TODAY) -> frozenset[date]:
    return frozenset(end - timedelta(days=offset) for offset in range(1, count + 1))


def hard_day() -> date:
    return next(
        date.fromisoformat(day["date"])
        for day in DOCUMENT["days"]
        if day["date"] >= TODAY.isoformat() and any(s["hard"] and s["kind"] != "long" for s in day["sessions"])
    )


def asked(life: Life) -> Proposal:
    found = propose(HALF_MARATHON, DOCUMENT, life)
    assert found is not None
    request = PlanRequest.from_dict(found.request)
    assert [item for item in check(found.document, request, since=life.today) if item["status"] == "fail"] == []
    assert found.reason
    assert "{" not in found.reason
    return found


def on(found: Proposal, day: date) -> list[dict[str, Any]]:
    return next(item["sessions"] for item in found.document["days"] if item["date"] == day.isoformat())


def test_without_news_the_plan_stays() -> None:
    assert propose(HALF_MARATHON, DOCUMENT, Life(TODAY, lived())) is None
    assert continued(HALF_MARATHON, DOCUMENT, today=TODAY)["days"] == DOCUMENT["days"]


def test_without_news_strength_and_runs_off_the_bike_stay_where_they_are() -> None:
    request = {
        "athlete": {"sport": "triathlon", "experience": "intermediate", "ctl": 45},
        "goal": {"type": "general_fitness", "weeks": 3},
        "start": "2027-03-01",
        "available_minutes": {"mon": 45, "tue": 60, "wed": 60, "thu": 60, "fri": 45, "sat": 120, "sun": 150},
        "constraints": {"strength_per_week": 2},
    }
    plan = make_plan(PlanRequest.from_dict(request)).as_dict()
    workouts = [session["workout"] for day in plan["days"] for session in day["sessions"]]
    assert sum(name.startswith("strength.") for name in workouts) >= 4
    assert any(name.startswith("run.brick") for name in workouts)
    assert continued(request, plan, today=date(2027, 3, 8))["days"] == plan["days"]


def test_a_red_flag_locks_the_plan_before_anything_else() -> None:
    found = asked(Life(TODAY, lived(), is_red_flag=True, readiness=90, illness=Illness(TODAY)))
    assert (found.code, found.is_lock) == ("red_flag", True)
    assert all(on(found, TODAY + timedelta(days=offset)) == [] for offset in range(7))


def test_illness_rests_and_then_returns_at_half_the_load() -> None:
    ill = asked(Life(TODAY, lived(), illness=Illness(TODAY)))
    assert ill.code == "ill"
    assert all(on(ill, TODAY + timedelta(days=offset)) == [] for offset in range(3))
    back = asked(Life(TODAY, lived(missed=days_before(4)), illness=Illness(TODAY - timedelta(4), TODAY - timedelta(1))))
    assert back.code == "back_from_illness"
    assert not any(s["hard"] for offset in range(3) for s in on(back, TODAY + timedelta(days=offset)))
    effect = back.effect
    assert effect["after"]["next_days"]["load"] < 0.65 * effect["before"]["next_days"]["load"]


def test_pain_in_a_sport_leaves_that_sport_out() -> None:
    found = asked(Life(TODAY, lived(), painful={PlanSport.RUNNING: TODAY}))
    week = [s for offset in range(7) for s in on(found, TODAY + timedelta(days=offset))]
    assert found.code == "pain"
    assert {s["sport"] for s in week} == {"cycling"}
    assert all(s["minutes"] <= 30 for s in week)  # The first rides after none in 30 days.


@pytest.mark.parametrize(("readiness", "code", "share"), [(25, "very_tired", 0.6), (35, "tired", 0.8)])
def test_a_bad_morning_softens_todays_hard_session(readiness: float, code: str, share: float) -> None:
    today = hard_day()
    found = asked(Life(today, lived(today), readiness=readiness))
    before = next(s for day in DOCUMENT["days"] if day["date"] == today.isoformat() for s in day["sessions"])
    (after,) = on(found, today)
    assert found.code == code
    assert after["minutes"] <= share * before["minutes"] + 1
    assert after["hard"] is (code == "tired")
    assert propose(HALF_MARATHON, DOCUMENT, Life(today, lived(today), readiness=45)) is None


@pytest.mark.parametrize(
    ("days", "code", "share_pct"), [(4, "missed_days", 88), (8, "missed_week", 70), (20, "missed_weeks", 50)]
)
def test_missed_days_resume_below_the_plan(days: int, code: str, share_pct: int) -> None:
    found = asked(Life(TODAY, lived(missed=days_before(days))))
    assert (found.code, found.params["days"], found.params["share_pct"]) == (code, days, share_pct)
    if code == "missed_weeks":
        speed = found.request["athlete"]["threshold"]["speed_m_s"]
        assert speed == pytest.approx(0.95 * HALF_MARATHON["athlete"]["threshold"]["speed_m_s"])


def test_one_missed_easy_session_is_simply_skipped() -> None:
    easy = next(
        date.fromisoformat(day["date"])
        for day in reversed(DOCUMENT["days"])
        if day["date"] < TODAY.isoformat() and day["sessions"] and not any(s["hard"] for s in day["sessions"])
    )
    found = propose(HALF_MARATHON, DOCUMENT, Life(TODAY, lived(missed=frozenset({easy}))))
    assert found is None or found.code == "rule_broken"  # Nothing is made up.


def test_sessions_that_felt_too_easy_raise_the_targets_and_keep_the_times() -> None:
    found = asked(Life(TODAY, lived(), n_too_easy=2))
    assert found.code == "too_easy"
    assert {entry["action"] for entry in found.diff} == {"changed"}
    assert found.request["athlete"]["threshold"]["speed_m_s"] == pytest.approx(3.8 * 1.025, abs=1e-3)


def test_an_absence_clears_its_days_and_is_remembered() -> None:
    away = frozenset(TODAY + timedelta(days=offset) for offset in range(3, 8))
    found = asked(Life(TODAY, lived(), away=away))
    assert found.code == "away"
    assert all(on(found, day) == [] for day in away)
    assert {day.isoformat() for day in away} <= set(found.request["unavailable_dates"])


def test_silenced_questions_do_not_come_but_safety_does() -> None:
    every = frozenset({"missed_days", "ill"})
    assert propose(HALF_MARATHON, DOCUMENT, Life(TODAY, lived(), illness=Illness(TODAY)), silenced=every) is not None
    gap = Life(TODAY, lived(missed=days_before(4)))
    found = propose(HALF_MARATHON, DOCUMENT, gap, silenced=every)
    assert found is None or found.code != "missed_days"


def test_activities_are_paired_with_sessions_by_sport_and_length() -> None:
    long = {"id": "a", "sport": "running", "kind": "long", "minutes": 90}
    short = {"id": "b", "sport": "running", "kind": "easy", "minutes": 30}
    done = [
        Done("1", TODAY, "running", 33, 30.0),
        Done("2", TODAY, "cycling", 60, 50.0),
        Done("3", TODAY, "running", 85, 80.0),
    ]
    matches, extra = match_day([long, short], done)
    assert [(m.session["id"], m.done.activity_id if m.done else None) for m in matches] == [("a", "3"), ("b", "1")]
    assert [item.activity_id for item in extra] == ["2"]


def test_a_day_of_another_sport_counts_by_its_load() -> None:
    done = [Done("1", date(2027, 3, 2), "hiking", 240, 120.0)]
    (sessions,) = lived_days(DOCUMENT, done, today=TODAY).values()
    assert [(s["load"], s["status"], s["hard"]) for s in sessions] == [(120.0, "extra", False)]


@pytest.mark.parametrize(
    "change",
    [
        {"type": "skip_week"},
        {"type": "add_day", "weekday": "mon", "minutes": 60},
        {"type": "drop_day", "weekday": "sat"},
        {"type": "move_race", "days": 14},
        {"type": "away", "first": "2027-04-20", "last": "2027-04-25"},
    ],
    ids=lambda change: change["type"],
)
def test_a_what_if_stands_beside_the_plan(change: dict[str, Any]) -> None:
    tried = what_if(HALF_MARATHON, DOCUMENT, change, today=TODAY, lived=lived())
    assert [item for item in tried["checks"] if item["status"] == "fail"] == []
    assert tried["before"][0]["date"] == tried["after"][0]["date"]
    for side in ("before", "after"):
        low, high = tried["effect"][side]["race"]["interval_80_minutes"]
        assert low < tried["effect"][side]["race"]["minutes"] < high


@pytest.mark.parametrize(
    "change",
    [
        None,
        [],
        {},
        {"type": "win_the_race"},
        {"type": ["skip_week"]},
        {"type": "add_day", "weekday": "someday", "minutes": 60},
        {"type": "add_day", "weekday": "mon"},
        {"type": "drop_day"},
        {"type": "move_race", "days": "soon"},
        {"type": "away", "first": "2027-04-25", "last": "2027-04-20"},
    ],
    ids=str,
)
def test_a_change_that_makes_no_sense_is_refused(change: Any) -> None:
    with pytest.raises(PlanRequestError):
        what_if(HALF_MARATHON, DOCUMENT, change, today=TODAY, lived=lived())


def test_the_race_moves_to_days_that_the_plan_can_hold_only() -> None:
    """Tomorrow at the earliest, 52 weeks after the start at the latest, whichever way it was moved."""
    for days in (-182, 182):
        request = {**HALF_MARATHON, "start": "2026-10-01"} if days > 0 else HALF_MARATHON
        with pytest.raises(PlanRequestError) as caught:
            what_if(request, DOCUMENT, {"type": "move_race", "days": days}, today=TODAY, lived={})
        assert caught.value.fields["field"] == "change.days"
        last = "2027-09-30" if days > 0 else "2028-02-28"
        assert f"a day from {TODAY + timedelta(days=1)} to {last}" in (caught.value.remedy or "")


@pytest.mark.parametrize("week_of", ["2027-01-04", (TODAY - timedelta(days=7)).isoformat(), "2029-06-04"])
def test_a_week_of_which_nothing_is_to_come_cannot_be_skipped(week_of: str) -> None:
    with pytest.raises(PlanRequestError) as caught:
        what_if(HALF_MARATHON, DOCUMENT, {"type": "skip_week", "week_of": week_of}, today=TODAY, lived=lived())
    assert caught.value.fields["field"] == "change.week_of"
    assert f"a day from {TODAY} to {DOCUMENT['days'][-1]['date']}" in (caught.value.remedy or "")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2027-01-04", "2027-01-10"),
        (str(TODAY - timedelta(days=9)), str(TODAY - timedelta(days=1))),
        ("2029-06-04", "2029-06-04"),
    ],
)
def test_an_absence_that_no_day_to_come_lies_in_is_refused(first: str, last: str) -> None:
    change = {"type": "away", "first": first, "last": last}
    with pytest.raises(PlanRequestError) as caught:
        what_if(HALF_MARATHON, DOCUMENT, change, today=TODAY, lived=lived())
    assert caught.value.fields["field"] == "change.first"
    assert f"a day from {TODAY} to {DOCUMENT['days'][-1]['date']}" in (caught.value.remedy or "")
    today_too = {**change, "first": str(min(date.fromisoformat(first), TODAY)), "last": str(TODAY)}
    tried = what_if(HALF_MARATHON, DOCUMENT, today_too, today=TODAY, lived=lived())
    assert str(TODAY) in tried["request"]["unavailable_dates"]


def test_an_absence_over_a_race_on_the_way_is_refused_unless_it_was_told_before() -> None:
    """Who is away does not race; a stored plan that says both is not held against further changes."""
    race = {"date": "2027-05-02", "distance_m": 5000, "priority": "C"}
    change = {"type": "away", "first": "2027-05-01", "last": "2027-05-03"}
    request = {**HALF_MARATHON, "other_races": [race]}
    document = make_plan(PlanRequest.from_dict(request)).as_dict()
    with pytest.raises(PlanRequestError) as caught:
        what_if(request, document, change, today=TODAY, lived=lived())
    assert "2027-05-02" in str(caught.value) and "Leave that day out of the absence" in (caught.value.remedy or "")
    told = {**request, "unavailable_dates": ["2027-05-02"]}
    tried = what_if(told, document, change, today=TODAY, lived=lived())
    assert [item["code"] for item in tried["document"]["warnings"]] == ["race_unavailable"]


def with_seven_of_eight(document: dict[str, Any], *, lost: tuple[date, date]) -> dict[date, tuple[dict[str, Any], ...]]:
    """Return the plan as lived by somebody who misses every eighth session and the days of an illness."""
    done: dict[date, tuple[dict[str, Any], ...]] = {}
    count = 0
    for day in document["days"]:
        when = date.fromisoformat(day["date"])
        for session in day["sessions"]:
            count += 1
            if count % 8 and not lost[0] <= when <= lost[1]:
                done[when] = (*done.get(when, ()), session)
    return done


def test_a_lost_week_and_missed_sessions_do_not_hold_the_plan_down() -> None:
    # One session in eight is missed, week five is lost to illness; all proposals are accepted.
    raw, document, done = dict(HALF_MARATHON), DOCUMENT, {}
    first, last = (date.fromisoformat(DOCUMENT["days"][index]["date"]) for index in (0, -2))
    ill_from, ill_to = first + timedelta(days=28), first + timedelta(days=34)
    questions, count, today = 0, 0, first
    while today <= last:
        illness = None
        if ill_from <= today <= ill_to + timedelta(days=1):
            illness = Illness(ill_from, None if today <= ill_to else ill_to)
        found = propose(raw, document, Life(today, done, illness=illness))
        if found is not None:
            questions += 1
            raw, document = found.request, found.document
            request = PlanRequest.from_dict(raw)
            assert [item for item in check(document, request, since=today) if item["status"] == "fail"] == []
        sessions = next(day["sessions"] for day in document["days"] if day["date"] == today.isoformat())
        kept = []
        for number, session in enumerate(sessions, start=1):
            count += 1
            if count % 8 and not ill_from <= today <= ill_to:
                kept.append(
                    recorded_session(
                        day=today,
                        number=number,
                        sport=session["sport"],
                        minutes=session["minutes"],
                        load_au=session["load"],
                        planned=session,
                    )
                )
        if kept:
            done[today] = tuple(kept)
        today += timedelta(days=1)
    end = recounted(with_lived(document, done, today), PlanRequest.from_dict(raw))["days"][-2]["ctl"]
    # What the same athlete reaches who follows the first plan, whatever the rules say about the way back.
    alone = with_seven_of_eight(DOCUMENT, lost=(ill_from, ill_to))
    unbounded = recounted(with_lived(DOCUMENT, alone, today), PlanRequest.from_dict(HALF_MARATHON))["days"][-2]["ctl"]
    assert end >= 0.65 * unbounded
    assert questions <= 10


def test_what_was_eased_stays_eased_when_the_plan_changes_again() -> None:
    easier = continued(HALF_MARATHON, DOCUMENT, today=TODAY, scale={TODAY + timedelta(days=n): 0.5 for n in range(7)})
    tomorrow = TODAY + timedelta(days=1)
    again = continued(HALF_MARATHON, easier, today=tomorrow)

    def week(document: dict[str, Any]) -> float:
        return sum(day["load"] for day in document["days"] if TODAY.isoformat() <= day["date"] < "2027-04-13")

    assert week(again) <= 0.65 * week(DOCUMENT)


def test_weeks_that_were_lived_short_are_measured_by_the_fitness_that_is_left() -> None:
    request = PlanRequest.from_dict(HALF_MARATHON)
    lost = frozenset(TODAY - timedelta(days=n) for n in range(1, 8))
    document = recounted(with_lived(DOCUMENT, lived(missed=lost), TODAY), request)
    failed = {item["rule"] for item in check(document, request) if item["status"] == "fail"}
    under_way = {item["rule"] for item in check(document, request, since=TODAY) if item["status"] == "fail"}
    assert "weekly_growth" in failed  # As a plan on paper it would be too steep.
    before = [day for day in document["days"] if day["date"] < TODAY.isoformat()]
    later = continued(HALF_MARATHON, DOCUMENT, today=TODAY, lived=lived(missed=lost))["days"]
    weeks = [sum(day["load"] for day in later[n : n + 7]) for n in range(len(before), len(later) - 13)]
    assert max(weeks) > 1.3 * sum(day["load"] for day in before[-21:]) / 3 or "weekly_growth" not in under_way
    assert max(weeks[:7]) <= 1.3 * 7 * max(day["ctl"] for day in before)


def test_the_way_back_from_an_illness_is_asked_for_once_however_late() -> None:
    ill = Illness(TODAY - timedelta(days=9), TODAY - timedelta(days=5))
    late = Life(TODAY, lived(missed=days_before(9)), illness=ill)
    back = asked(late)
    assert back.code == "back_from_illness"
    assert not any(s["hard"] for offset in range(3) for s in on(back, TODAY + timedelta(days=offset)))
    again = propose(back.request, back.document, replace(late, today=TODAY + timedelta(days=1)))
    assert again is None or again.code != "back_from_illness"
    refused = replace(late, answered_illnesses=frozenset({ill.since.isoformat()}))
    found = propose(HALF_MARATHON, DOCUMENT, refused)
    assert found is not None and found.code == "missed_week"


def test_an_illness_asks_nothing_else() -> None:
    gone = lived(missed=days_before(8))
    life = Life(TODAY, gone, illness=Illness(TODAY - timedelta(days=8)), readiness=20)
    told = asked(life)
    assert (told.code, told.params["days"]) == ("ill", 7)
    assert propose(told.request, told.document, replace(life, today=TODAY + timedelta(days=1))) is None


def test_pain_stays_out_when_the_plan_changes_again() -> None:
    told = asked(Life(TODAY, lived(), painful={PlanSport.RUNNING: TODAY}))
    again = continued(told.request, told.document, today=TODAY + timedelta(days=1))
    week = [day for day in again["days"] if TODAY.isoformat() < day["date"] < (TODAY + timedelta(days=7)).isoformat()]
    assert not any(s["sport"] == "running" for day in week for s in day["sessions"])


@pytest.mark.parametrize("hard_days", [(19, 20, 22), (20, 21, 22)])
def test_a_plan_made_after_its_start_agrees_with_the_review_that_follows(hard_days: tuple[int, ...]) -> None:
    """Runs of the days between start and making count as they were run, whatever a plan would have put there."""
    request: dict[str, Any] = {
        "athlete": {
            "sport": "running",
            "experience": "intermediate",
            "ctl": 45,
            "threshold": {"speed_m_s": 3.6},
            "recent_longest": {"minutes": 75},
        },
        "goal": {"type": "race", "sport": "running", "distance_m": 10_000, "date": "2027-01-24"},
        "start": "2026-11-19",
        "available_minutes": dict.fromkeys(("mon", "tue", "thu", "fri", "sat", "sun"), 60),
    }
    today = date(2026, 11, 23)
    made = make_plan(PlanRequest.from_dict(request)).as_dict()
    ran = [Done(f"run-{day}", date(2026, 11, day), "running", 60, 85.0) for day in hard_days]
    lived = lived_days(made, ran, today=today)
    before = propose(request, made, Life(today=today, lived=lived))
    assert before is not None and before.code == "rule_broken"
    document = begun(request, made, lived, today=today, made_on=today)
    after = propose(request, document, Life(today=today, lived=lived_days(document, ran, today=today)))
    assert after is None
    assert {day["date"] for day in document["days"][:4] if day["sessions"]} == {f"2026-11-{day}" for day in hard_days}
    assert any(day["sessions"] for day in document["days"][4:11])


def test_a_plan_that_what_was_trained_does_not_harm_stays_as_it_was_made() -> None:
    document = begun(HALF_MARATHON, DOCUMENT, lived(until=TODAY), today=TODAY, made_on=TODAY)
    assert document["days"] == DOCUMENT["days"]
    first = date.fromisoformat(DOCUMENT["days"][0]["date"])
    assert begun(HALF_MARATHON, DOCUMENT, {}, today=first, made_on=first) == DOCUMENT


@pytest.mark.parametrize("days", [1, 3, 9, 21])
def test_days_before_a_plan_was_made_were_not_missed(days: int) -> None:
    made_on = date.fromisoformat(DOCUMENT["days"][0]["date"]) + timedelta(days=days)
    document = begun(HALF_MARATHON, DOCUMENT, {}, today=made_on, made_on=made_on)
    assert [item["params"] for item in document["assumed"] if item["code"] == "days_before"] == [{"days": days}]
    assert propose(HALF_MARATHON, document, Life(today=made_on)) is None
    assert [
        one for one in check(document, PlanRequest.from_dict(HALF_MARATHON), since=made_on) if one["status"] == "fail"
    ] == []
    # From then on they can be: what is missed for three days is asked about, whatever lay before.
    later = made_on + timedelta(days=4)
    missed = [
        s for day in document["days"] if made_on.isoformat() <= day["date"] < later.isoformat() for s in day["sessions"]
    ]
    found = propose(HALF_MARATHON, document, Life(today=later))
    assert found is not None and (found.code, found.params["missed"]) == ("missed_days", len(missed))
    assert found.params["days"] == 4
    assert [item["code"] for item in found.document["assumed"]].count("days_before") == 1
