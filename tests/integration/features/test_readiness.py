"""Readiness from stored values, warnings from stored activities, and the red flag that stops everything."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from tests.support.api import Api, Person
from tests.support.workouts import MORNING, Ride

from topform.core.wellness import DailyValue, WellnessMetric
from topform.features.readiness.public import red_flag_is_set
from topform.features.readiness.tables import HealthReportRow
from topform.features.wellness.public import store_values

DAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


async def store(api: Api, person: Person, metric: WellnessMetric, values: dict[int, float]) -> None:
    """Store values by days before the day."""
    daily = [
        DailyValue.of(metric, value, local_date=DAY - timedelta(days=back), source="oura")
        for back, value in values.items()
    ]
    async with api.resources.database.transaction() as session:
        await store_values(session, person.athlete["id"], daily, now=NOW)


async def test_missing_terms_are_absent_and_named(api: Api, person: Person) -> None:
    """Heart rate variability and sleep alone: half of the weight, the rest is missing."""
    await store(
        api,
        person,
        WellnessMetric.HRV_RMSSD_MS,
        {back: 60.0 + 2 * (back % 2) for back in range(7, 67)} | dict.fromkeys(range(7), 45.0),
    )
    await store(
        api,
        person,
        WellnessMetric.SLEEP_S,
        {back: 27_000.0 + 600 * (back % 3) for back in range(1, 29)} | {0: 27_600.0},
    )
    answer = await person.get("/readiness", params={"date": DAY.isoformat()})
    assert {term["id"] for term in answer["terms"]} == {"hrv", "sleep"}
    assert set(answer["missing"]) == {"subjective", "resting_hr", "balance"}
    assert answer["coverage"] == 0.5
    assert answer["score"] == pytest.approx(50 + sum(term["points"] for term in answer["terms"]), abs=0.06)
    assert answer["verdict"] == "easy_only"
    assert answer["red_flag"] is None


async def test_nothing_known_gives_no_score(person: Person) -> None:
    """A new account has no readiness and no warnings."""
    answer = await person.get("/readiness")
    assert (answer["score"], answer["verdict"], answer["terms"]) == (None, "unknown", [])
    warnings = await person.get("/readiness/warnings")
    assert (warnings["band"], warnings["warnings"], warnings["acute_chronic"]) == ("usual", [], None)


async def test_a_much_longer_ride_is_pointed_out(api: Api, person: Person) -> None:
    """40 min after 20 min within 30 days: R1 on the day, not a month later."""
    await person.upload("short.fit", Ride(started_at=MORNING - timedelta(days=9), seconds=1200).as_fit())
    await person.upload("long.fit", Ride(started_at=MORNING, seconds=2400).as_fit())
    await api.work()
    answer = await person.get("/readiness/warnings", params={"date": DAY.isoformat()})
    assert [warning["rule"] for warning in answer["warnings"]] == ["R1"]
    assert answer["warnings"][0]["values"]["excess_pct"] == pytest.approx(100, abs=1)
    assert answer["band"] == "elevated"
    later = await person.get("/readiness/warnings", params={"date": "2026-04-15"})
    assert later["warnings"] == []


async def test_a_red_flag_stays_until_it_is_cleared(api: Api, person: Person) -> None:
    """Set, added to, seen by other features, cleared on the athlete's word only; a stranger sees nothing of it."""
    state = await person.call("POST", "/readiness/red-flag", status=200, json={"symptoms": ["chest_pain"]})
    assert state["is_set"]
    assert "medical care" in state["red_flag"]["advice"]
    state = await person.call("POST", "/readiness/red-flag", status=200, json={"symptoms": ["fever"]})
    assert state["red_flag"]["symptoms"] == ["chest_pain", "fever"]
    assert (await person.get("/readiness"))["red_flag"]["symptoms"] == ["chest_pain", "fever"]
    warnings = await person.get("/readiness/warnings")
    assert (warnings["band"], warnings["warnings"][0]["rule"]) == ("high", "R7")
    async with api.resources.database.transaction() as session:
        assert await red_flag_is_set(session, person.athlete["id"])
    stranger = await api.sign_up()
    assert not (await stranger.get("/readiness/red-flag"))["is_set"]
    await stranger.call("POST", "/readiness/red-flag/clear", status=200, json={"was_looked_at": True})
    await person.call("POST", "/readiness/red-flag/clear", status=422, json={"was_looked_at": False})
    assert (await person.get("/readiness/red-flag"))["is_set"]
    cleared = await person.call("POST", "/readiness/red-flag/clear", status=200, json={"was_looked_at": True})
    assert cleared == {"is_set": False, "red_flag": None}
    again = await person.call("POST", "/readiness/red-flag/clear", status=200, json={"was_looked_at": True})
    assert again == cleared
    async with api.resources.database.transaction() as session:
        assert not await red_flag_is_set(session, person.athlete["id"])


async def test_unknown_symptoms_are_refused(person: Person) -> None:
    """Only symptoms of the list; the state does not change."""
    for symptoms in ([], ["tired"], None):
        await person.call("POST", "/readiness/red-flag", status=422, json={"symptoms": symptoms})
    assert not (await person.get("/readiness/red-flag"))["is_set"]


async def test_pain_reports_come_back_and_can_be_taken_back(api: Api, person: Person) -> None:
    """At the same place on two days: R6; one taken back: silence. A repeated request stores one."""
    key = {"Idempotency-Key": "pain-report-1"}
    report = {"pain": {"site": "left knee", "level": 5}}
    first = await person.call("POST", "/readiness/reports", status=201, json=report, headers=key)
    assert await person.call("POST", "/readiness/reports", status=201, json=report, headers=key) == first
    assert (await person.get("/readiness/warnings"))["warnings"] == []
    second = await person.call("POST", "/readiness/reports", status=201, json=report)
    assert (await person.get("/readiness/warnings"))["warnings"] == []
    async with api.resources.database.transaction() as session:
        earlier = update(HealthReportRow).values(local_date=HealthReportRow.local_date - 2)
        await session.execute(earlier.where(HealthReportRow.id == UUID(first["id"])))
    assert [one["rule"] for one in (await person.get("/readiness/warnings"))["warnings"]] == ["R6"]
    assert [one["id"] for one in (await person.get("/readiness/reports"))["items"]] == [second["id"], first["id"]]
    stranger = await api.sign_up()
    await stranger.call("DELETE", f"/readiness/reports/{first['id']}", status=404)
    await person.call("DELETE", f"/readiness/reports/{first['id']}", status=204)
    assert (await person.get("/readiness/warnings"))["warnings"] == []


async def test_energy_signs_give_neutral_information(person: Person) -> None:
    """R8 refers to a professional."""
    await person.call("POST", "/readiness/reports", status=201, json={"energy_signs": ["missed_periods"]})
    (warning,) = (await person.get("/readiness/warnings"))["warnings"]
    assert (warning["rule"], warning["values"]) == ("R8", {"signs": ["missed_periods"]})


SENSELESS: tuple[dict, ...] = (
    {},
    {"pain": {"site": "knee", "level": 11}},
    {"pain": {"site": " ", "level": 3}},
    {"pain": {"site": "knee", "level": 3}, "energy_signs": ["missed_periods"]},
    {"pain": {"site": "knee", "level": 3}, "date": "2999-01-01"},
    {"pain": {"site": "knee", "level": 3}, "date": "0001-01-01"},
)


async def test_senseless_reports_and_days_are_refused(person: Person) -> None:
    """Nothing is stored, and a day outside any life is no server error."""
    for report in SENSELESS:
        await person.call("POST", "/readiness/reports", status=422, json=report)
    assert (await person.get("/readiness/reports"))["items"] == []
    for path in ("/readiness", "/readiness/warnings"):
        for day in ("0001-01-01", "9999-12-31", "yesterday"):
            await person.get(path, params={"date": day}, status=422)
