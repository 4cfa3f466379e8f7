"""B and C races: planned with their load, with room before and after them, and guarded by the checker."""

from __future__ import annotations

import copy
import math
from datetime import date, timedelta
from typing import Any

import pytest
from tests.support.plan_documents import HALF_MARATHON, changed, easy_run, failed_rules

from topform.coaching import rules
from topform.coaching.adaptation import Illness, Life, continued, propose
from topform.coaching.adaptation.lived import recorded_session
from topform.coaching.checker import check
from topform.coaching.goals import PlanSport
from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest
from topform.core.errors import PlanRequestError

B_DAY, C_DAY = date(2027, 4, 18), date(2027, 3, 28)
ON_THE_WAY: dict[str, Any] = {
    **HALF_MARATHON,
    "other_races": [
        {"date": C_DAY.isoformat(), "sport": "running", "distance_m": 5000, "priority": "C"},
        {"date": B_DAY.isoformat(), "sport": "running", "distance_m": 10_000, "priority": "B"},
    ],
}
REQUEST = PlanRequest.from_dict(ON_THE_WAY)
DOCUMENT = make_plan(REQUEST).as_dict()


def on(document: dict[str, Any], when: date) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = next(day for day in document["days"] if day["date"] == when.isoformat())["sessions"]
    return found


def around(when: date, first: int, last: int) -> list[list[dict[str, Any]]]:
    return [on(DOCUMENT, when + timedelta(days=shift)) for shift in range(first, last + 1) if shift]


def test_a_race_on_the_way_stands_with_its_time_and_load() -> None:
    """Riegel from an hour at 3.8 m/s: 10 km in 3600 * (10000/13680)^1.06 s = 43 min, 101 % for so long: 73.9 AU."""
    (race,) = on(DOCUMENT, B_DAY)
    ratio = 1.05 - 0.05 * math.log(43 / 20) / math.log(3)
    assert (race["kind"], race["minutes"]) == ("race", round(60 * (10_000 / 13_680) ** 1.06))
    assert race["load"] == pytest.approx(43 / 60 * ratio**2 * 100, abs=0.1)
    assert race["race"] == {
        "date": "2027-04-18",
        "sport": "running",
        "priority": "B",
        "distance_m": 10_000,
        "minutes": 43,
        "load": race["load"],
        # 43 min, give or take 1.2816 times four percent.
        "interval_80_minutes": [40.8, 45.2],
        "based_on": "threshold",
        "missing": [],
    }
    day = next(day for day in DOCUMENT["days"] if day["date"] == "2027-04-18")
    eve = next(day for day in DOCUMENT["days"] if day["date"] == "2027-04-17")
    assert day["ctl"] == pytest.approx(eve["ctl"] + (race["load"] - eve["ctl"]) * (1 - math.exp(-1 / 42)), abs=0.02)


def test_a_stated_time_is_the_time_of_the_race() -> None:
    races = [{**ON_THE_WAY["other_races"][1], "expected_s": 2700}]
    plan = make_plan(PlanRequest.from_dict({**HALF_MARATHON, "other_races": races})).as_dict()
    assert on(plan, B_DAY)[0]["race"]["minutes"] == 45
    assert on(plan, B_DAY)[0]["race"]["based_on"] == "prediction"


def test_before_a_b_race_it_gets_lighter_and_before_a_c_race_it_does_not() -> None:
    assert on(DOCUMENT, B_DAY - timedelta(days=1)) == []
    assert not any(item["hard"] for day in around(B_DAY, -3, -1) for item in day)
    assert on(DOCUMENT, C_DAY - timedelta(days=1)) != []
    assert not any(item["hard"] for item in on(DOCUMENT, C_DAY - timedelta(days=1)))
    weeks = {week["start"]: week for week in DOCUMENT["forecast"]["weeks"]}
    training = weeks["2027-04-12"]["load"] - on(DOCUMENT, B_DAY)[0]["load"]
    assert training < 0.75 * weeks["2027-04-05"]["load"]


@pytest.mark.parametrize(("when", "free", "easy"), [(C_DAY, 1, 2), (B_DAY, 1, 4)])
def test_after_a_race_recovery_follows_its_distance(when: date, free: int, easy: int) -> None:
    assert all(day == [] for day in around(when, 1, free))
    assert not any(item["hard"] for day in around(when, 1, easy) for item in day)


@pytest.mark.parametrize(
    ("sport", "distance_m", "expected"),
    [
        (PlanSport.RUNNING, 21_097.5, (2, 8)),
        (PlanSport.RUNNING, 100_000, (4, 14)),
        (PlanSport.CYCLING, 40_000, (1, 2)),
        (PlanSport.CYCLING, 180_000, (2, 6)),
        (PlanSport.SWIMMING, 3800, (1, 3)),
        (PlanSport.TRIATHLON, 51_500, (2, 6)),
    ],
)
def test_recovery_by_sport_and_distance(sport: PlanSport, distance_m: float, expected: tuple[int, int]) -> None:
    """One day for 3 km of running, 30 of riding, 1.5 of swimming, 10 of triathlon; a quarter of them free."""
    assert rules.race_recovery(sport=sport, distance_m=distance_m) == expected


def test_the_race_is_no_licence_for_a_longer_session() -> None:
    """A training run is measured against training runs, not against a race far longer than any of them."""
    races = [{"date": "2027-04-04", "sport": "running", "distance_m": 42_195, "priority": "B"}]
    request = PlanRequest.from_dict({**HALF_MARATHON, "other_races": races})
    plan = make_plan(request).as_dict()
    assert failed_rules(plan, request) == set()
    longest = max(item["minutes"] for day in plan["days"] for item in day["sessions"] if item["kind"] != "race")
    assert longest <= 120


def test_the_checker_guards_the_race_and_its_days() -> None:
    assert failed_rules(DOCUMENT, REQUEST) == set()

    def with_run(when: date, **about: Any) -> set[str]:
        run = easy_run("x", 30, **about)
        return failed_rules(changed(DOCUMENT, lambda days: on({"days": days}, when).append(run), REQUEST), REQUEST)

    assert "other_races" in with_run(B_DAY)
    assert "other_races" in with_run(B_DAY - timedelta(days=1))
    assert "other_races" in with_run(B_DAY + timedelta(days=1))
    assert "other_races" in with_run(B_DAY + timedelta(days=3), pct=98, kind="threshold")

    def broken(change: Any) -> set[str]:
        result = copy.deepcopy(DOCUMENT)
        change(on(result, B_DAY))
        return failed_rules(changed(result, lambda _: None, REQUEST), REQUEST)

    assert "other_races" in broken(lambda held: held[0].update(sport="cycling"))
    assert "other_races" in broken(lambda held: held[0].update(load=0.0))
    assert "other_races" in broken(lambda held: held.append({**held[0], "id": "again"}))
    # An athlete may leave the race out.
    assert "other_races" not in broken(lambda held: held.clear())
    alone = {item["rule"]: item for item in check(DOCUMENT, PlanRequest.from_dict(HALF_MARATHON))}
    assert alone["race_day"]["status"] == "fail" and "nobody asked" in alone["race_day"]["detail"]


def test_an_illness_takes_the_race_on_the_way_and_leaves_the_goal() -> None:
    today = B_DAY - timedelta(days=1)
    done = {
        date.fromisoformat(day["date"]): tuple(
            recorded_session(
                day=date.fromisoformat(day["date"]),
                number=1,
                sport=item["sport"],
                minutes=item["minutes"],
                load_au=item["load"],
                planned=item,
            )
            for item in day["sessions"]
        )
        for day in DOCUMENT["days"]
        if day["date"] < today.isoformat()
    }
    ill = propose(ON_THE_WAY, DOCUMENT, Life(today, done, illness=Illness(today)))
    assert ill is not None and ill.code == "ill"
    rested = continued(ON_THE_WAY, DOCUMENT, today=today, lived=done, rest=frozenset({B_DAY}))
    for document in (rested, ill.document):
        assert on(document, B_DAY) == []
        assert on(document, date(2027, 5, 23))[0]["kind"] == "race"


@pytest.mark.parametrize(
    ("race", "field"),
    [
        ({"sport": "strength", "distance_m": 5000}, "other_races[0].sport"),
        ({"sport": "running", "distance_m": 300_000}, "other_races[0].distance_m"),
        ({"sport": "swimming", "distance_m": 60_000}, "other_races[0].distance_m"),
        ({"distance_m": 5000, "expected_s": 0}, "other_races[0].expected_s"),
    ],
)
def test_an_impossible_race_is_refused_by_name(race: dict[str, Any], field: str) -> None:
    with pytest.raises(PlanRequestError) as caught:
        PlanRequest.from_dict({**HALF_MARATHON, "other_races": [{"date": "2027-04-18", **race}]})
    assert caught.value.fields["field"] == field and caught.value.remedy
