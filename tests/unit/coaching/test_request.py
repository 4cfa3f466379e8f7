"""A wrong request is refused with the field and what to write instead."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from topform.coaching.goals import Experience, PlanSport, Priority, RaceGoal, StrengthGoal
from topform.coaching.race_dates import require_races_possible
from topform.coaching.request import PlanRequest
from topform.core.errors import PlanRequestError

VALID: dict[str, Any] = {
    "athlete": {"sport": "running"},
    "goal": {"type": "race", "sport": "running", "distance_m": 10_000, "date": "2027-05-02"},
    "start": "2027-03-01",
    "available_minutes": {"tue": 45, "sun": 90},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the valid request with one field set; ``...`` removes it."""
    document = copy.deepcopy(VALID)
    *parents, name = path.split(".")
    place = document
    for parent in parents:
        place = place.setdefault(parent, {})
    if value is ...:
        del place[name]
    else:
        place[name] = value
    return document


def test_the_least_request_is_enough() -> None:
    """Only sport, goal, start and available minutes are needed."""
    request = PlanRequest.from_dict(VALID)
    assert request.goal == RaceGoal(PlanSport.RUNNING, 10_000, date(2027, 5, 2), Priority.A)
    assert request.available_minutes == {"mon": 0, "tue": 45, "wed": 0, "thu": 0, "fri": 0, "sat": 0, "sun": 90}
    assert request.athlete.experience is None
    assert request.experience is Experience.BEGINNER
    assert request.athlete.ctl is None
    assert request.end == date(2027, 5, 2)
    assert request.seed == 0


def test_null_means_absent() -> None:
    """A client may send every field with null for what it does not know."""
    nulls = {"experience": None, "ctl": None, "threshold": None, "recent_longest": None, "max_reps": None}
    document = {**VALID, "athlete": {"sport": "running", **nulls}, "unavailable_dates": None, "history_days": None}
    assert PlanRequest.from_dict(document) == PlanRequest.from_dict(VALID)


def test_zero_is_not_absent() -> None:
    """ctl 0 is a statement."""
    assert PlanRequest.from_dict(changed("athlete.ctl", 0)).athlete.ctl == 0.0


def test_a_strength_goal_spans_whole_weeks() -> None:
    """The plan ends with its last week."""
    goal = {"type": "strength_max_reps", "exercise": "push_up", "current": 8, "target": 20, "weeks": 6}
    request = PlanRequest.from_dict(changed("goal", goal))
    assert request.goal == StrengthGoal("push_up", 8, 20, 6)
    assert (request.end - request.start).days == 41


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("athlete", ..., "athlete"),
        ("athlete", [], "athlete"),
        ("athlete.sport", ..., "athlete.sport"),
        ("athlete.sport", "chess", "athlete.sport"),
        ("athlete.experience", "expert", "athlete.experience"),
        ("athlete.ctl", -1, "athlete.ctl"),
        ("athlete.ctl", "40", "athlete.ctl"),
        ("athlete.ctl", True, "athlete.ctl"),
        ("athlete.ctl", float("inf"), "athlete.ctl"),
        ("athlete.atl", 10_000, "athlete.atl"),
        ("athlete.spport", 43, "athlete.spport"),
        ("athlete.threshold", {"speed_m_s": 0}, "athlete.threshold.speed_m_s"),
        ("athlete.threshold", {"watts": 250}, "athlete.threshold.watts"),
        ("athlete.threshold", 4.0, "athlete.threshold"),
        ("athlete.recent_longest", {"minutes": -5}, "athlete.recent_longest.minutes"),
        ("athlete.max_reps", {"push_up": 2.5}, "athlete.max_reps.push_up"),
        ("athlete.max_reps", {"handstand": 3}, "athlete.max_reps.handstand"),
        ("goal", ..., "goal"),
        ("goal", "fast", "goal"),
        ("goal.type", "world_record", "goal.type"),
        ("goal.type", 3, "goal.type"),
        ("goal.type", "weight_loss", "goal.type"),
        ("goal.sport", ..., "goal.sport"),
        ("goal.sport", "strength", "goal.sport"),
        ("goal.distance_m", ..., "goal.distance_m"),
        ("goal.distance_m", -10, "goal.distance_m"),
        ("goal.distance_m", 10, "goal.distance_m"),
        ("goal.priority", "D", "goal.priority"),
        ("goal.date", ..., "goal.date"),
        ("goal.date", "2027-02-30", "goal.date"),
        ("goal.date", "2027-03-01", "goal.date"),
        ("goal.date", "2026-05-02", "goal.date"),
        ("goal.date", "2029-05-02", "goal.date"),
        ("goal.date", 20270502, "goal.date"),
        ("goal", {"type": "threshold_gain", "pct": 0, "weeks": 8}, "goal.pct"),
        ("goal", {"type": "threshold_gain", "weeks": 8}, "goal.pct"),
        ("goal", {"type": "threshold_gain", "pct": 5}, "goal.weeks"),
        ("goal", {"type": "general_fitness", "weeks": 0}, "goal.weeks"),
        ("goal", {"type": "general_fitness", "weeks": 4, "hours_per_week": -2}, "goal.hours_per_week"),
        ("goal", {"type": "maintain", "weeks": 2.5}, "goal.weeks"),
        ("goal", {"type": "maintain", "weeks": 500}, "goal.weeks"),
        (
            "goal",
            {"type": "strength_max_reps", "exercise": "push_up", "current": 20, "target": 20, "weeks": 4},
            "goal.target",
        ),
        (
            "goal",
            {"type": "strength_max_reps", "exercise": "juggling", "current": 2, "target": 20, "weeks": 4},
            "goal.exercise",
        ),
        ("start", ..., "start"),
        ("start", "soon", "start"),
        ("start", "2027-3-1", "start"),
        ("available_minutes", ..., "available_minutes"),
        ("available_minutes", {"mon": -1}, "available_minutes.mon"),
        ("available_minutes", {"mon": 1441}, "available_minutes.mon"),
        ("available_minutes", {"monday": 30}, "available_minutes.monday"),
        ("available_minutes", [30] * 7, "available_minutes"),
        ("unavailable_dates", "2027-03-02", "unavailable_dates"),
        ("unavailable_dates", ["2027-13-02"], "unavailable_dates[0]"),
        ("unavailable_dates", ["2027-05-02"], "unavailable_dates"),
        ("offered_dates", {"wednesday": 45}, "offered_dates.wednesday"),
        ("offered_dates", {"2027-03-10": 1441}, "offered_dates.2027-03-10"),
        ("offered_dates", ["2027-03-10"], "offered_dates"),
        ("other_races", [{"date": "2027-04-01"}], "other_races[0].distance_m"),
        ("other_races", [{"date": "2027-04-01", "distance_m": 5000, "priority": "A"}], "other_races[0].priority"),
        ("other_races", [{"date": "2027-05-10", "distance_m": 5000}], "other_races[0].date"),
        ("other_races", [{"date": "2027-04-29", "distance_m": 5000}], "other_races[0].date"),
        ("other_races", [{"date": "2027-04-01", "distance_m": 5000}] * 2, "other_races[1].date"),
        ("goal", {**VALID["goal"], "expected_s": 5}, "goal.expected_s"),
        ("preferred_rest", ["monday"], "preferred_rest[0]"),
        ("preferred_rest", [1], "preferred_rest[0]"),
        ("constraints", {"max_hard_days": 4}, "constraints.max_hard_days"),
        ("constraints", {"max_sesion_minutes": 30}, "constraints.max_sesion_minutes"),
        ("constraints", {"long_day": "sunday"}, "constraints.long_day"),
        ("constraints", {"health": "poorly"}, "constraints.health"),
        ("constraints", {"red_flag": "no"}, "constraints.red_flag"),
        ("history_days", [{"date": "2027-03-01", "load": 5}], "history_days[0].date"),
        ("history_days", [{"date": "2027-02-01"}], "history_days[0].load"),
        ("history_days", [{"date": "2027-02-01", "load": -5}], "history_days[0].load"),
        ("history_days", [{"date": "2027-02-01", "load": 5}] * 2, "history_days[1].date"),
        ("seed", -1, "seed"),
        ("avaliable_minutes", {}, "avaliable_minutes"),
    ],
)
def test_a_wrong_field_is_named_with_a_remedy(path: str, value: Any, field: str) -> None:
    """The error says which field, and what to do."""
    with pytest.raises(PlanRequestError) as caught:
        PlanRequest.from_dict(changed(path, value))
    assert caught.value.fields["field"] == field
    assert caught.value.remedy


def test_the_best_set_may_stand_with_the_athlete() -> None:
    """A goal in repetitions takes the current number from max_reps when it names none itself."""
    goal = {"type": "strength_max_reps", "exercise": "push_up", "target": 20, "weeks": 6}
    document = {**VALID, "goal": goal, "athlete": {"sport": "strength", "max_reps": {"push_up": 11}}}
    assert PlanRequest.from_dict(document).goal == StrengthGoal("push_up", 11, 20, 6)
    with pytest.raises(PlanRequestError) as caught:
        PlanRequest.from_dict({**document, "athlete": {"sport": "strength"}})
    assert caught.value.fields["field"] == "goal.current"


def test_a_threshold_needs_an_endurance_sport() -> None:
    """Strength has no threshold to raise."""
    document = {**VALID, "goal": {"type": "threshold_gain", "pct": 5, "weeks": 8}, "athlete": {"sport": "strength"}}
    with pytest.raises(PlanRequestError) as caught:
        PlanRequest.from_dict(document)
    assert caught.value.fields["field"] == "goal.type"


@pytest.mark.parametrize("document", [None, [], "run", 5])
def test_what_is_no_object_is_refused(document: object) -> None:
    """The request itself must be an object."""
    with pytest.raises(PlanRequestError):
        PlanRequest.from_dict(document)


def test_a_typo_gets_a_hint() -> None:
    """The remedy names the nearest known field."""
    with pytest.raises(PlanRequestError) as caught:
        PlanRequest.from_dict({**VALID, "avaliable_minutes": {}})
    assert caught.value.remedy == "Did you mean 'available_minutes'?"


def test_an_unknown_field_is_named_and_not_used() -> None:
    """What this version does not know is reported, at whatever depth it stands."""
    document = {**VALID, "mood": "good", "constraints": {"no_hills": True}}
    assert PlanRequest.from_dict(document).ignored_fields == ("mood", "constraints.no_hills")


def test_body_weight_goals_are_declined_kindly() -> None:
    """No plan for losing weight, and a word about who can help."""
    with pytest.raises(PlanRequestError) as caught:
        PlanRequest.from_dict(changed("goal", {"type": "lose_weight", "kg": 5}))
    assert "general_fitness" in (caught.value.remedy or "")
    assert "dietitian" in (caught.value.remedy or "")


@pytest.mark.parametrize(
    ("constraints", "field", "remedy"),
    [
        ({"red_flag": True}, "constraints.red_flag", "doctor"),
        ({"health": "red_flag"}, "constraints.health", "doctor"),
        ({"red_flags": ["chest pain"]}, "constraints.red_flags", "doctor"),
        ({"health": "ill"}, "constraints.health", "free of symptoms"),
    ],
)
def test_nobody_gets_a_plan_who_should_not_train(constraints: dict[str, Any], field: str, remedy: str) -> None:
    with pytest.raises(PlanRequestError) as caught:
        PlanRequest.from_dict({**VALID, "constraints": constraints})
    assert str(caught.value).startswith(field)
    assert remedy in (caught.value.remedy or "")


def test_who_is_well_gets_a_plan() -> None:
    well = PlanRequest.from_dict({**VALID, "constraints": {"health": "well", "red_flag": False, "red_flags": []}})
    assert well.constraints == PlanRequest.from_dict({**VALID, "constraints": {}}).constraints
    assert well.ignored_fields == ()


@pytest.mark.parametrize(
    ("when", "message", "remedy"),
    [
        ("2027-02-20", "before the first day of the plan", "Write a day from {start} to {last}"),
        ("2027-06-20", "after the last day of the plan", "Write a day from {start} to {last}"),
        ("{race}", "the day of the race that the plan leads to", "leave one of the two out"),
        ("{near}", "less than 4 days before the race", "Write a day from {start} to {last}"),
        ("2027-04-01", "holds another race of this request already", "leave one of them out"),
    ],
)
def test_a_race_that_cannot_be_on_its_day_is_refused_with_what_helps(when: str, message: str, remedy: str) -> None:
    """The last day for a race on the way is four days before the race of the plan."""
    start, race = date.fromisoformat(VALID["start"]), date.fromisoformat(VALID["goal"]["date"])
    names = {"start": start, "race": race, "near": race - timedelta(days=3), "last": race - timedelta(days=4)}
    races = [{"date": text.format(**names), "distance_m": 5000} for text in ("2027-04-01", when)]
    with pytest.raises(PlanRequestError) as caught:
        PlanRequest.from_dict(changed("other_races", races))
    assert message in str(caught.value) and remedy.format(**names) in (caught.value.remedy or "")


def test_a_plan_too_short_for_a_race_on_the_way_says_so() -> None:
    goal = {**VALID["goal"], "date": (date.fromisoformat(VALID["start"]) + timedelta(days=2)).isoformat()}
    races = [{"date": VALID["start"], "distance_m": 5000}]
    with pytest.raises(PlanRequestError) as caught:
        PlanRequest.from_dict({**changed("goal", goal), "unavailable_dates": [], "other_races": races})
    assert "too short" in (caught.value.remedy or "")


def test_a_race_on_a_day_ruled_out_is_refused_where_it_comes_in_only() -> None:
    """A stored request that says both stays readable."""
    race = {"date": "2027-04-01", "distance_m": 5000}
    request = PlanRequest.from_dict({**changed("other_races", [race]), "unavailable_dates": ["2027-04-01"]})
    with pytest.raises(PlanRequestError) as caught:
        require_races_possible(request)
    assert caught.value.fields["field"] == "other_races[0].date" and "2027-04-01" in str(caught.value)
