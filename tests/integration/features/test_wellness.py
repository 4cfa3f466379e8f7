"""Daily values: stored once, the right source counts, the athlete types and decides."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.support.api import Api, Person

from topform.core.wellness import DailyValue, WellnessMetric
from topform.features.wellness.public import daily_series, store_values

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 9, 6, tzinfo=UTC)
RANGE = {"from": "2026-03-01", "to": "2026-03-08"}
METRIC = WellnessMetric


def rmssd(value: float, source: str, *, day: date = MONDAY, at: datetime | None = None) -> DailyValue:
    return DailyValue.of(METRIC.HRV_RMSSD_MS, value, local_date=day, source=source, measured_at=at)


async def store(api: Api, person: Person, *values: DailyValue) -> int:
    async with api.resources.database.transaction() as session:
        return (await store_values(session, person.athlete["id"], values, now=NOW)).changed


async def events(api: Api, person: Person) -> list[dict]:
    from sqlalchemy import select

    from topform.platform.events import EventRow

    async with api.resources.database.transaction() as session:
        query = select(EventRow.data).where(
            EventRow.athlete_id == person.athlete["id"], EventRow.type == "wellness.changed"
        )
        return list((await session.execute(query.order_by(EventRow.id))).scalars())


async def test_the_same_values_again_store_nothing_and_say_nothing(api: Api, person: Person) -> None:
    values = [rmssd(50 + day, "oura", day=MONDAY + timedelta(days=day)) for day in range(5)]
    assert await store(api, person, *values) == 5
    assert await store(api, person, *values) == 0
    assert await events(api, person) == [{"from": "2026-03-02", "to": "2026-03-06"}]


async def test_within_a_source_the_newest_measurement_wins(api: Api, person: Person) -> None:
    early, late = datetime(2026, 3, 2, 5, tzinfo=UTC), datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert await store(api, person, rmssd(61, "oura", at=late), rmssd(60, "oura", at=early)) == 1
    assert await store(api, person, rmssd(60, "oura", at=early)) == 0
    assert await store(api, person, rmssd(62, "oura", at=late)) == 1
    (day,) = (await person.get("/wellness", params=RANGE))["days"]
    assert [(value["value"], value["measured_at"]) for value in day["values"]] == [(62, "2026-03-02T07:00:00Z")]


async def test_more_values_than_fit_one_statement_are_stored(api: Api, person: Person) -> None:
    values = [rmssd(40 + day % 20, "oura", day=date(2015, 1, 1) + timedelta(days=day)) for day in range(4100)]
    assert await store(api, person, *values) == 4100
    async with api.resources.database.transaction() as session:
        series = await daily_series(
            session, person.athlete["id"], [METRIC.HRV_RMSSD_MS], date(2015, 1, 1), date(2026, 12, 31)
        )
    assert series == {METRIC.HRV_RMSSD_MS: values}


async def test_the_device_counts_before_who_retells_it_and_the_athlete_can_turn_that_round(
    api: Api, person: Person
) -> None:
    await store(api, person, rmssd(50, "intervals_icu"), rmssd(55, "oura"), rmssd(52, "zzz_ring"))
    (day,) = (await person.get("/wellness", params=RANGE))["days"]
    assert [(value["source"], value["is_chosen"]) for value in day["values"]] == [("oura", True)]
    shown = (await person.get("/wellness/priorities"))["priorities"]
    assert [(entry["metric"], entry["is_own"], [one["source"] for one in entry["sources"]]) for entry in shown] == [
        ("hrv_rmssd_ms", False, ["oura", "intervals_icu", "zzz_ring"])
    ]
    path = "/wellness/priorities/hrv_rmssd_ms"
    answer = await person.call("PUT", path, status=200, json={"sources": ["zzz_ring", "intervals_icu"]})
    assert [one["source"] for one in answer["sources"]] == ["zzz_ring", "intervals_icu", "oura"]
    (day,) = (await person.get("/wellness", params=RANGE | {"all_sources": "true"}))["days"]
    assert {value["source"]: value["is_chosen"] for value in day["values"]} == {
        "intervals_icu": False, "oura": False, "zzz_ring": True,
    }  # fmt: skip
    async with api.resources.database.transaction() as session:
        series = await daily_series(session, person.athlete["id"], [METRIC.HRV_RMSSD_MS], MONDAY, MONDAY)
        (chosen,) = series[METRIC.HRV_RMSSD_MS]
    assert (chosen.source, chosen.value) == ("zzz_ring", 52)
    assert len(await events(api, person)) == 2
    assert not (await person.call("PUT", path, status=200, json={"sources": []}))["is_own"]
    (day,) = (await person.get("/wellness", params=RANGE))["days"]
    assert day["values"][0]["source"] == "oura"
    await person.call("PUT", path, status=422, json={"sources": ["oura", "oura"]})
    await person.call("PUT", "/wellness/priorities/happiness", status=422, json={"sources": []})


async def test_rmssd_and_sdnn_never_share_a_series(api: Api, person: Person) -> None:
    sdnn = DailyValue.of(METRIC.HRV_SDNN_MS, 80, local_date=MONDAY, source="apple_health")
    await store(api, person, rmssd(50, "oura"), sdnn)
    async with api.resources.database.transaction() as session:
        owner = person.athlete["id"]
        series = await daily_series(session, owner, [METRIC.HRV_RMSSD_MS, METRIC.HRV_SDNN_MS], MONDAY, MONDAY)
        values = {metric: [one.value for one in of_metric] for metric, of_metric in series.items()}
        assert values == {METRIC.HRV_RMSSD_MS: [50], METRIC.HRV_SDNN_MS: [80]}


async def test_typed_values_count_first_can_be_changed_and_deleted(api: Api, person: Person) -> None:
    weight = DailyValue.of(METRIC.BODY_MASS_KG, 71.5, local_date=MONDAY, source="withings")
    await store(api, person, weight)
    typed = {"body_mass_kg": 70.9, "soreness": 3, "sleep_s": 27_000}
    day = await person.call("PUT", "/wellness/2026-03-02", status=200, json=typed)
    assert [(value["metric"], value["value"], value["source"], value["is_chosen"]) for value in day["values"]] == [
        ("body_mass_kg", 70.9, "manual", True),
        ("body_mass_kg", 71.5, "withings", False),
        ("sleep_s", 27_000, "manual", True),
        ("soreness", 3, "manual", True),
    ]
    changed = await person.call("PUT", "/wellness/2026-03-02", status=200, json={"soreness": 5, "body_mass_kg": None})
    assert {(value["metric"], value["value"]) for value in changed["values"]} == {
        ("body_mass_kg", 71.5), ("sleep_s", 27_000), ("soreness", 5),
    }  # fmt: skip
    again = await person.call("PUT", "/wellness/2026-03-02", status=200, json={"soreness": 5})
    assert again == changed
    assert await events(api, person) == 3 * [{"from": "2026-03-02", "to": "2026-03-02"}]


@pytest.mark.parametrize(
    ("day", "typed", "code"),
    [
        ("2026-03-02", {"body_mass_kg": 7}, "out_of_range"),
        ("2026-03-02", {"soreness": 11}, "out_of_range"),
        ("2026-03-02", {"oura_readiness_score": 80}, "invalid_input"),
        ("2999-01-01", {"soreness": 1}, "invalid_input"),
        ("2026-03-02", {"happiness": 1}, None),
        ("someday", {"soreness": 1}, None),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_stored(
    api: Api, person: Person, day: str, typed: dict, code: str | None
) -> None:
    problem = await person.call("PUT", f"/wellness/{day}", status=422, json=typed)
    assert code is None or problem["code"] == code
    assert (await person.get("/wellness", params=RANGE))["days"] == []


async def test_values_belong_to_one_athlete_and_a_source_can_be_deleted(api: Api, person: Person) -> None:
    stranger = await api.sign_up()
    await store(api, person, rmssd(50, "oura"), rmssd(51, "whoop"))
    assert (await stranger.get("/wellness", params=RANGE))["days"] == []
    assert (await stranger.get("/wellness/priorities"))["priorities"] == []
    await stranger.call("DELETE", "/wellness/sources/oura", status=404)
    await person.call("DELETE", "/wellness/sources/nonsense", status=404)
    await person.call("DELETE", "/wellness/sources/whoop", status=204)
    await person.call("DELETE", "/wellness/sources/whoop", status=404)
    (day,) = (await person.get("/wellness", params=RANGE | {"all_sources": "true"}))["days"]
    assert [value["source"] for value in day["values"]] == ["oura"]


async def test_the_range_is_checked_and_metrics_can_be_asked_for(api: Api, person: Person) -> None:
    await store(api, person, rmssd(50, "oura"), DailyValue.of(METRIC.STEPS, 9000, local_date=MONDAY, source="oura"))
    await person.get("/wellness", params={"from": "2026-03-08", "to": "2026-03-01"}, status=422)
    await person.get("/wellness", params={"from": "1800-03-08", "to": "2026-03-01"}, status=422)
    answer = await person.get("/wellness", params=RANGE | {"metric": ["steps", "mood"]})
    assert [value["metric"] for value in answer["days"][0]["values"]] == ["steps"]
    assert answer["metrics"] == [
        {"metric": "steps", "unit": "1", "kind": "measured", "low": 0, "high": 250_000},
        {"metric": "mood", "unit": "1", "kind": "self_report", "low": 0, "high": 10},
    ]


async def test_a_strap_is_a_source_of_its_own_and_measures_variability_only(person: Person) -> None:
    path = "/wellness/2026-03-02"
    await person.call("PUT", path, status=200, json={"hrv_rmssd_ms": 48.5}, params={"source": "strap"})
    refused = await person.call("PUT", path, status=422, json={"body_mass_kg": 70}, params={"source": "strap"})
    assert refused["metric"] == "body_mass_kg"
    await person.call("PUT", path, status=422, json={"hrv_rmssd_ms": 48.5}, params={"source": "oura"})
    (day,) = (await person.get("/wellness", params=RANGE))["days"]
    assert [(value["source"], value["value"], value["is_chosen"]) for value in day["values"]] == [("strap", 48.5, True)]
    await person.call("PUT", path, status=200, json={"hrv_rmssd_ms": 50})
    (day,) = (await person.get("/wellness", params=RANGE | {"all_sources": "true"}))["days"]
    assert {value["source"]: value["is_chosen"] for value in day["values"]} == {"manual": True, "strap": False}
    await person.call("PUT", path, status=200, json={"hrv_rmssd_ms": None}, params={"source": "strap"})
    (day,) = (await person.get("/wellness", params=RANGE | {"all_sources": "true"}))["days"]
    assert [value["source"] for value in day["values"]] == ["manual"]
