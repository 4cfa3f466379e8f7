"""Plans for races prepare for the race: work at its pace, in its phases, and a taper that keeps the long session."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from topform.coaching.goals import Experience, PlanSport, Priority, RaceGoal
from topform.coaching.planner import make_plan
from topform.coaching.planner.candidates import PLAIN_TEMPLATES
from topform.coaching.planner.explain import race_name
from topform.coaching.race import race_legs
from topform.coaching.request import PlanRequest
from topform.coaching.workouts.library import ALL_TEMPLATES, template
from topform.coaching.workouts.race_pace import is_race_pace, race_brick, race_template, race_templates
from topform.coaching.workouts.template import Template, cut_down, workout

START = date(2027, 3, 1)
WEEK = {"mon": 45, "tue": 60, "wed": 75, "thu": 60, "fri": 0, "sat": 90, "sun": 180}


def request_for(sport: str, distance_m: float, *, level: str = "intermediate", ctl: int = 40, **athlete: Any) -> Any:
    race = {
        "type": "race",
        "sport": sport,
        "distance_m": distance_m,
        "date": (START + timedelta(days=83)).isoformat(),
    }
    about = {"sport": sport, "experience": level, "ctl": ctl, "recent_longest": {"minutes": 90}, **athlete}
    return {"athlete": about, "goal": race, "start": START.isoformat(), "available_minutes": WEEK}


RACES = {
    "5 km": request_for("running", 5000, threshold={"speed_m_s": 3.8}),
    "10 km": request_for("running", 10_000, level="beginner", ctl=15, recent_longest={"minutes": 45}),
    "half marathon": request_for("running", 21_097.5, threshold={"speed_m_s": 3.5}),
    "marathon": request_for("running", 42_195, threshold={"speed_m_s": 4.0}),
    "century ride": request_for("cycling", 160_934, level="advanced", threshold={"power_w": 260}),
    "open-water swim": request_for("swimming", 3000, threshold={"speed_m_s": 1.1}),
    "sprint triathlon": request_for("triathlon", 25_750),
    "full distance": request_for("triathlon", 226_000, level="advanced", ctl=70),
}


@pytest.fixture(scope="module", params=RACES)
def plan(request: pytest.FixtureRequest) -> tuple[PlanRequest, dict[str, Any]]:
    parsed = PlanRequest.from_dict(RACES[request.param])
    return parsed, make_plan(parsed).as_dict()


def weeks(document: dict[str, Any]) -> list[tuple[str, bool, list[dict[str, Any]]]]:
    return [
        (week["phase"], week["easier"], [s for day in document["days"][7 * n : 7 * n + 7] for s in day["sessions"]])
        for n, week in enumerate(document["forecast"]["weeks"])
    ]


def test_every_week_near_the_race_holds_work_at_its_pace(plan: tuple[PlanRequest, dict[str, Any]]) -> None:
    _, document = plan
    found = {phase: 0 for phase, _, _ in weeks(document)}
    for phase, easier, sessions in weeks(document):
        at_pace = [s for s in sessions if is_race_pace(s["workout"])]
        found[phase] += len(at_pace)
        assert at_pace == [] or phase in {"build", "peak", "taper"}
        assert at_pace or easier or phase not in {"peak"}, phase
        assert all(
            s["hard"] and any("threshold" in part["code"] or part["code"] == "race_pace" for part in s["why_parts"])
            for s in at_pace
            if s["kind"] != "long"
        )
    assert found["build"] >= 1
    assert found["peak"] >= 2
    assert found["taper"] >= 1


def test_the_target_is_the_pace_of_the_race(plan: tuple[PlanRequest, dict[str, Any]]) -> None:
    request, document = plan
    assert isinstance(request.goal, RaceGoal)
    wanted = {leg.sport.value: leg.intensity_pct for leg in race_legs(request.goal, request)}
    for _, _, sessions in weeks(document):
        for session in sessions:
            if not is_race_pace(session["workout"]):
                continue
            flat = [inner for step in session["steps"] for inner in step.get("steps", [step])]
            middles = [sum(step["intensity_pct"]) / 2 for step in flat if "intensity_pct" in step]
            assert wanted[session["sport"]] in middles


def test_each_week_of_an_endurance_plan_has_a_plain_easy_session(plan: tuple[PlanRequest, dict[str, Any]]) -> None:
    _, document = plan
    for number, (_, _, sessions) in enumerate(weeks(document), start=1):
        assert any(s["workout"] in PLAIN_TEMPLATES for s in sessions), number


def test_the_long_session_shrinks_in_the_taper_and_stays(plan: tuple[PlanRequest, dict[str, Any]]) -> None:
    """A week before the race it holds four to seven tenths of the longest; nothing long in the last six days."""
    request, document = plan
    sport = "cycling" if request.sport is PlanSport.TRIATHLON else request.sport.value
    longs = [
        (len(document["days"]) - 1 - n, s["minutes"])
        for n, day in enumerate(document["days"])
        for s in day["sessions"]
        if s["kind"] == "long" and s["sport"] == sport
    ]
    peak = max(minutes for left, minutes in longs if left > 14)
    near = [minutes for left, minutes in longs if left <= 8]
    assert near
    assert all(0.35 * peak <= minutes <= 0.75 * peak for minutes in near)
    assert not [left for left, _ in longs if left <= 6]


def test_the_day_before_the_race_is_short(plan: tuple[PlanRequest, dict[str, Any]]) -> None:
    """Half an hour at most; openers on the bike need their 35 minutes."""
    sessions = plan[1]["days"][-2]["sessions"]
    assert sum(s["minutes"] for s in sessions) <= (35 if any(s["sport"] == "cycling" for s in sessions) else 30)


def test_a_full_last_week_before_the_taper_and_as_many_sessions_in_its_first() -> None:
    """Fourteen weeks with a taper of two: easier weeks are the fourth and the eighth, none runs into the taper.

    Bosquet 2007: a taper takes from the volume, not from the frequency.
    """
    raw = request_for("triathlon", 51_500, ctl=45)
    raw["goal"]["date"] = (START + timedelta(days=97)).isoformat()
    raw["available_minutes"] = dict(zip(WEEK, (45, 60, 60, 60, 45, 120, 150), strict=True))
    document = make_plan(PlanRequest.from_dict(raw)).as_dict()
    found = weeks(document)
    assert [n for n, (_, easier, _) in enumerate(found) if easier] == [3, 7]
    trained = [sum(bool(day["sessions"]) for day in document["days"][7 * n : 7 * n + 7]) for n in range(14)]
    assert trained[12] == max(trained)
    assert all(check["status"] != "fail" for check in document["checks"])


def test_race_pace_agrees_with_the_time_of_the_race() -> None:
    """10 km in 45 min by somebody with 3.8 m/s at threshold is 97 %; a marathon in 4 h by Riegel's exponent 92 %."""
    goal = RaceGoal(PlanSport.RUNNING, 10_000, START, Priority.A, expected_s=2700)
    known = PlanRequest.from_dict(RACES["5 km"])
    assert race_legs(goal, known)[0].intensity_pct == round(100 * 10_000 / 2700 / 3.8) == 97
    unknown = PlanRequest.from_dict(request_for("running", 42_195))
    goal = RaceGoal(PlanSport.RUNNING, 42_195, START, Priority.A, expected_s=4 * 3600)
    assert race_legs(goal, unknown)[0].intensity_pct == round(100 * 4 ** (1 / 1.06 - 1)) == 92


def test_a_stored_session_is_read_again_from_its_name_alone() -> None:
    seen = set()
    for sport in (PlanSport.RUNNING, PlanSport.CYCLING, PlanSport.SWIMMING):
        for minutes in (10, 30, 60, 120, 300):
            for level in Experience:
                for phase in ("build", "peak", "specific", "taper"):
                    for item in race_templates(sport, minutes, 93, level, phase):
                        seen.add(item.template_id)
                        again = template(item.template_id)
                        assert again is not None
                        for length in (item.min_minutes, item.max_minutes):
                            made = workout(item, length)
                            assert workout(again, length) == made
                            assert sum(step.total_s for step in made.steps) == 60 * length
                            assert all(s.duration_s > 0 for block in made.steps for s in block.flat())
    assert len(seen) > 60
    assert race_template(race_brick(94, 25).template_id) == race_brick(94, 25)
    assert race_template("run.race.3x10") is None
    assert race_templates(PlanSport.RUNNING, 60, 99, Experience.BEGINNER, "base") == ()


def test_less_time_leaves_the_kind_and_takes_repetitions() -> None:
    whole = race_template("run.race.5x5+2.99")
    assert whole is not None
    made = workout(whole, whole.min_minutes)
    less = cut_down(made, round(0.8 * made.minutes))
    assert less is not None and less.kind is made.kind
    assert less.minutes <= round(0.8 * made.minutes) + 1
    hard = [sum(s.duration_s for b in item.steps for s in b.flat() if s.low_pct >= 95) for item in (made, less)]
    assert hard[1] < hard[0]
    assert less.load_au < made.load_au
    assert sum(step.total_s for step in less.steps) % 60 == 0
    assert cut_down(made, 5) is None


@pytest.mark.parametrize("whole", ALL_TEMPLATES, ids=lambda whole: whole.template_id)
def test_every_workout_is_cut_down_to_the_minutes_or_left(whole: Template) -> None:
    """An unbroken effort has nothing to leave out."""
    made = workout(whole, whole.max_minutes)
    for share in (0.9, 0.75, 0.5):
        wished = round(share * made.minutes)
        less = cut_down(made, wished)
        assert less is None or (less.minutes <= wished + 1 and all(step.total_s > 0 for step in less.steps))
        if len(made.steps) == 1:
            assert less is None


@pytest.mark.parametrize(
    ("sport", "distance_m", "name"),
    [
        ("running", 21_097.5, "half marathon"),
        ("running", 21_100, "half marathon"),
        ("running", 42_195, "marathon"),
        ("running", 800, "800 m run"),
        ("cycling", 160_934, "century ride"),
        ("cycling", 100_000, "100 km ride"),
        ("swimming", 3800, "3.8 km swim"),
        ("triathlon", 51_500, "Olympic triathlon"),
        ("triathlon", 226_000, "full-distance triathlon"),
    ],
)
def test_a_race_is_called_what_people_call_it(sport: str, distance_m: float, name: str) -> None:
    assert race_name(RaceGoal(PlanSport(sport), distance_m, START, Priority.A)) == name


def test_a_plan_for_a_part_of_the_training_says_what_its_forecast_leaves_out() -> None:
    about = {"sport": "running", "ctl": 50, "recent_longest": {"minutes": 90}, "experience": "intermediate"}
    goal = {"type": "strength_max_reps", "exercise": "push_up", "current": 15, "target": 25, "weeks": 4}
    little = {"athlete": {**about, "sport": "strength"}, "goal": goal, "start": "2027-03-01"}
    document = make_plan(
        PlanRequest.from_dict({**little, "available_minutes": {"mon": 20, "wed": 20, "sat": 20}})
    ).as_dict()
    left_out = document["forecast"]["beside"]
    assert left_out["usual_week_load"] == 350
    ordinary = [week["load"] for week in document["forecast"]["weeks"] if not week["easier"]]
    assert left_out["planned_week_load"] == round(float(np.mean(ordinary)))
    assert "other sports too" in document["forecast"]["note"]
    whole = make_plan(PlanRequest.from_dict(RACES["half marathon"])).as_dict()
    assert "beside" not in whole["forecast"]
