"""Race predictions and the fitness forecast from what people uploaded."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.support.api import Api, Person
from tests.support.runs import gpx_run
from tests.support.workouts import MORNING, Ride

from topform.core.ids import new_id
from topform.features.predictions.jobs import ask_for_outcomes
from topform.features.predictions.tables import RacePredictionRow
from topform.science.performance_index import equivalent_time_s
from topform.science.prediction import PREDICTOR_VERSION

PLAN = {
    "athlete": {"sport": "cycling", "experience": "intermediate"},
    "goal": {"type": "general_fitness", "weeks": 2},
    "available_minutes": {"tue": 60, "thu": 60, "sat": 90, "sun": 120},
}


async def test_a_named_race_is_found_and_predicted_from(api: Api, person: Person) -> None:
    """A half of 1:45:00 and some easy runs: the marathon lies where recreational runners end, beside Riegel."""
    race = gpx_run("City Half Marathon", MORNING, distance_m=21_180, time_s=6300)
    await person.upload("race.gpx", race)
    for week in range(4):
        easy = gpx_run("Easy", MORNING - timedelta(days=4 + 7 * week), distance_m=10_000, time_s=3700)
        await person.upload("easy.gpx", easy)
    await api.work()
    query = {"distance_m": 42_195, "date": "2026-04-12"}
    answer = await person.get("/predictions", params=query)
    (found,) = answer["races"]
    assert (found["title"], found["distance_m"]) == ("City Half Marathon", 21_097.5)
    assert found["time_s"] == pytest.approx(6300, abs=1)
    assert answer["baseline"]["time_s"] == pytest.approx(found["time_s"] * 2**1.06, abs=0.1)
    assert answer["baseline"]["time_s"] < answer["time_s"]
    assert answer["baseline"]["code"] == "race"
    assert answer["baseline"]["distance_m"] == found["distance_m"]
    assert answer["interval_90_s"][0] < answer["interval_80_s"][0] < answer["time_s"] < answer["interval_80_s"][1]
    assert "vickers_vertosick" in {model["name"] for model in answer["models"]}
    hot = await person.get("/predictions", params=query | {"temperature_c": 26})
    assert hot["time_s"] > hot["neutral_time_s"] == answer["time_s"]
    assert [one["name"] for one in hot["adjustments"]] == ["heat"]
    before = await person.get("/predictions", params={"distance_m": 10_000, "date": "2026-03-01"})
    assert before["races"] == []
    stranger = await api.sign_up()
    assert (await stranger.get("/predictions", params=query, status=404))["remedy"]


async def test_the_best_of_training_decides_without_a_race_and_is_named(api: Api, person: Person) -> None:
    """Half an hour shows more than 8 fast minutes: no prediction says less than its performance index."""
    best = gpx_run("Steady", MORNING - timedelta(days=12), distance_m=6714, time_s=1800)
    short = gpx_run("Session", MORNING - timedelta(days=2), distance_m=1820, time_s=485)
    for content in (best, short):
        await person.upload("run.gpx", content)
    await api.work()
    activities = {one["title"]: one for one in (await person.get("/activities"))["items"]}
    metrics = (await person.get(f"/activities/{activities['Steady']['id']}"))["legs"][0]["metrics"]
    query = {"distance_m": 21_097.5, "date": str((MORNING + timedelta(days=1)).date())}
    answer = await person.get("/predictions", params=query)
    assert answer["time_s"] <= equivalent_time_s(distance_m=21_097.5, index=metrics["run_index"]["value"]) + 0.1
    day = (MORNING - timedelta(days=12)).date()
    shown = answer["training"]
    assert (shown["activity_id"], shown["date"]) == (activities["Steady"]["id"], str(day))
    minutes = round(shown["duration_s"] / 60)
    assert answer["reasons"][0] == (
        f"No race is known, so this rests on the fastest {minutes} minutes of your run of 17 February 2026 alone."
    )
    await person.call("PATCH", "/athletes/me", status=200, json={"language": "de"})
    spoken = (await person.get("/predictions", params=query))["reasons"][0]
    assert f"auf den schnellsten {minutes} Minuten deines Laufs vom " in spoken


async def test_senseless_questions_are_refused(person: Person) -> None:
    """Distances and days that are none."""
    for query in (
        {},
        {"distance_m": 0},
        {"distance_m": "nan"},
        {"distance_m": 1e9},
        {"distance_m": 10_000, "date": "0001-01-01"},
        {"distance_m": 10_000, "date": "9999-12-31"},
        {"distance_m": 10_000, "temperature_c": 500},
    ):
        await person.get("/predictions", params=query, status=422)


async def test_the_forecast_follows_the_plan(api: Api, person: Person) -> None:
    """From today's fitness with the loads of the plan; nothing without a plan."""
    assert (await person.get("/predictions/fitness"))["days"] == []
    await person.call("PATCH", "/athletes/me", status=200, json={"ftp_w": 200})
    now = datetime.now(MORNING.tzinfo)
    await person.upload("ride.fit", Ride(started_at=now - timedelta(days=3), seconds=3600).as_fit())
    start = (now + timedelta(days=1)).date().isoformat()
    await person.call("POST", "/plans", status=202, json={"request": PLAN | {"start": start}})
    await api.work()
    plan = await person.get("/plans/current")
    loads = {day["date"]: sum(item["load"] for item in day["sessions"]) for day in plan["document"]["days"]}
    answer = await person.get("/predictions/fitness")
    assert {day["date"]: day["load_au"] for day in answer["days"] if day["load_au"]} == pytest.approx(
        {day: load for day, load in loads.items() if load and day >= answer["days"][0]["date"]}
    )
    for earlier, later in zip(answer["days"], answer["days"][1:], strict=False):
        grown = earlier["ctl"] + (later["load_au"] - earlier["ctl"]) * (1 - math.exp(-1 / 42))
        assert later["ctl"] == pytest.approx(grown)
        assert later["tsb"] == pytest.approx(later["ctl"] - later["atl"])


async def test_what_was_shown_is_kept_and_closed_by_the_race(api: Api, person: Person) -> None:
    """A prediction shown before a race stands beside its time; a later look at the race replaces an earlier one."""
    now = datetime.now(MORNING.tzinfo)
    for weeks, time_s in ((30, 2520), (20, 2490), (10, 2460)):
        race = gpx_run(f"City race {weeks}", now - timedelta(weeks=weeks), distance_m=10_010, time_s=time_s)
        await person.upload("race.gpx", race)
    await api.work()
    empty = await person.get("/predictions/record")
    assert [one["time_s"] for one in empty["races"]] == pytest.approx([2460, 2490], abs=1)
    assert (empty["shown_races"], empty["scores"]["races"]) == (0, 2)
    assert empty["scores"]["last_value_mae_pct"] == pytest.approx(100 * (30 / 2490 + 30 / 2460) / 2, abs=0.05)
    assert empty["scores"]["mean_of_three_mae_pct"] == pytest.approx(100 * (30 / 2490 + 45 / 2460) / 2, abs=0.05)
    held = [one["held"] for one in empty["races"]]
    expected = 0.2
    for one in reversed(held):
        expected += 0.02 * (0.2 - (not one))
    assert empty["next_miss_rate_80"] == pytest.approx(expected, abs=1e-4)
    target = {"distance_m": 10_000, "date": (now + timedelta(days=3)).date().isoformat()}
    shown = await person.get("/predictions", params=target)
    assert await person.get("/predictions", params=target) == shown
    assert (await person.get("/predictions/record"))["shown_races"] == 0
    other = await person.get("/predictions", params=target | {"temperature_c": 30})
    assert other["inputs_digest"] != shown["inputs_digest"]
    assert other["predictor_version"] == shown["predictor_version"] >= 2
    stranger = await api.sign_up()
    assert (await stranger.get("/predictions/record"))["races"] == []


async def test_a_race_closes_its_prediction_also_when_nobody_looks(api: Api, person: Person) -> None:
    """Others' ranges follow outcomes; they must not wait until the athlete opens the record."""
    now = datetime.now(MORNING.tzinfo)
    ran = now - timedelta(days=1)
    shown = {"distance_m": 10_000, "predictor_version": PREDICTOR_VERSION, "inputs_digest": "", "time_s": 2500}
    ranges = {"low_80_s": 2400, "high_80_s": 2600, "low_90_s": 2350, "high_90_s": 2650, "baseline_s": 2510}
    key = new_id()
    async with api.resources.database.transaction() as session:
        session.add(
            RacePredictionRow(
                id=key,
                athlete_id=UUID(person.athlete["id"]),
                made_at=now - timedelta(days=9),
                made_on=(now - timedelta(days=9)).date(),
                target_date=ran.date(),
                **shown,
                **ranges,
            )
        )
    await person.upload("race.gpx", gpx_run("City race", ran, distance_m=10_010, time_s=2460))
    await api.work()

    async def outcome() -> float | None:
        async with api.resources.database.reading() as session:
            row = await session.get_one(RacePredictionRow, key)
        return row.outcome_s

    assert await outcome() is None
    await ask_for_outcomes(api.resources)
    await api.work()
    assert await outcome() == pytest.approx(2460, abs=1)


async def test_the_operator_learns_how_often_intervals_held(api: Api, person: Person) -> None:
    """Over everybody, the last hundred races that were predicted; what was not run yet does not count."""

    async def told() -> dict[str, float]:
        async with api.client() as http:
            lines = [line.split() for line in (await http.get("/metrics")).text.splitlines()]
        return {words[0]: float(words[1]) for words in lines if words[0].startswith("topform_predicted_races")}

    def predicted(owner: Person, number: int, outcome_s: float | None) -> RacePredictionRow:
        day = MORNING.date() + timedelta(days=number)
        return RacePredictionRow(
            id=new_id(), athlete_id=UUID(owner.athlete["id"]), made_at=MORNING, made_on=MORNING.date(),
            target_date=day, distance_m=10_000, predictor_version=2, inputs_digest="", time_s=2400, low_80_s=2300,
            high_80_s=2500, low_90_s=2250, high_90_s=2560, baseline_s=2410,
            outcome_s=outcome_s, outcome_date=None if outcome_s is None else day,
        )  # fmt: skip

    before = await told()
    stranger = await api.sign_up()
    async with api.resources.database.transaction() as session:
        session.add_all(predicted(person, number, outcome_s) for number, outcome_s in enumerate((2300, 2501, 2400)))
        session.add(predicted(stranger, 0, 2500))
        session.add(predicted(stranger, 1, None))
    after = await told()
    assert {name: after[name] - before[name] for name in after} == {
        "topform_predicted_races": 4,
        "topform_predicted_races_held": 3,
    }
    async with api.resources.database.transaction() as session:
        session.add_all(predicted(person, number, 2600) for number in range(9000, 9100))
    assert await told() == {"topform_predicted_races": 100, "topform_predicted_races_held": 0}


async def test_ranges_learn_from_other_people_who_agreed(api: Api, person: Person) -> None:
    """From twenty on, each by the last race; never from one's own, from somebody who said no, nor from races after."""
    await person.upload("race.gpx", gpx_run("City 10 km race", MORNING, distance_m=10_010, time_s=2500))
    await api.work()
    query = {"distance_m": 10_000, "date": str((MORNING + timedelta(days=400)).date())}
    plain = await person.get("/predictions", params=query)
    assert plain["others"] is None

    def outcome(owner: Person, number: int, *, held: bool, distance_m: float = 10_000) -> RacePredictionRow:
        day = MORNING.date() + timedelta(days=number)
        return RacePredictionRow(
            id=new_id(), athlete_id=UUID(owner.athlete["id"]), made_at=MORNING, made_on=MORNING.date(),
            target_date=day, distance_m=distance_m, predictor_version=PREDICTOR_VERSION, inputs_digest="",
            time_s=2400, low_80_s=2300, high_80_s=2500, low_90_s=2250, high_90_s=2560, baseline_s=2410,
            outcome_s=2400 if held else 2600, outcome_date=day,
        )  # fmt: skip

    others = [await api.sign_up(address=f"10.20.0.{number}") for number in range(1, 22)]
    agreed = {"is_given": True, "text_version": "1"}
    for one in (person, *others[:20]):
        await one.call("PUT", "/consents/improve_predictions", status=200, json=agreed)
    async with api.resources.database.transaction() as session:
        session.add_all(outcome(one, 10 + index, held=index >= 8) for index, one in enumerate(others))
        session.add(outcome(others[0], 9, held=True))
        session.add(outcome(others[0], 401, held=True))
        session.add(outcome(others[0], 300, held=True, distance_m=42_195))
        session.add_all(outcome(person, 100 + number, held=False) for number in range(5))
    learned = await person.get("/predictions", params=query)
    assert (learned["others"]["people"], learned["others"]["held_80"]) == (20, 12)
    assert learned["others"]["miss_rate_80"] == pytest.approx(0.2 + 0.02 * (12 * 0.2 - 8 * 0.8), abs=1e-3)
    assert learned["time_s"] == plain["time_s"]
    assert learned["interval_80_s"][1] > plain["interval_80_s"][1]
    assert learned["interval_80_s"][0] < plain["interval_80_s"][0]
    assert learned["inputs_digest"] != plain["inputs_digest"]
    marathon = await person.get("/predictions", params=query | {"distance_m": 42_195})
    assert marathon["others"] is None
    await others[3].call("PUT", "/consents/improve_predictions", status=200, json={"is_given": False})
    assert await person.get("/predictions", params=query) == plain


async def test_the_response_model_stays_hidden_until_it_earned_its_place(api: Api, person: Person) -> None:
    """Three tests are too few; nothing is forecast."""
    for day, watts in (("2026-01-05", 280), ("2026-02-05", 285), ("2026-03-05", 290)):
        test = {"protocol": "power_20min", "measured_on": day, "inputs": {"power_w": watts}}
        await person.call("POST", "/athletes/me/threshold-tests", status=201, json=test)
    (cycling,) = (await person.get("/predictions/response"))["items"]
    assert (cycling["sport"], cycling["unit"], cycling["tests"]) == ("cycling", "W", 3)
    assert (cycling["reason"], cycling["forecast"]) == ("too_few_tests", None)
    assert cycling["last_value"] == pytest.approx(0.95 * 290)
