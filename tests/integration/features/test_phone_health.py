"""What a phone's health store holds becomes the same values and activities as the export of the store, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.api import Api, Person

GOLDEN = Path(__file__).parents[2] / "golden" / "phone_workouts"
DAYS = {"first": "2026-03-01", "last": "2026-03-03"}
RANGE = {"from": "2026-02-20", "to": "2026-03-10"}
WATCH = "Ada's Apple Watch"


def measured(kind: str, value: float, at: str, *, offset_s: int = 3600, device: str = WATCH) -> dict[str, Any]:
    """A record with a value."""
    return {"kind": kind, "value": value, "at": at, "utc_offset_s": offset_s, "device": device}


def slept(start: str, end: str, stage: str, *, offset_s: int = 3600) -> dict[str, Any]:
    """A stretch of a night."""
    return {"start": start, "end": end, "stage": stage, "utc_offset_s": offset_s, "device": WATCH}


async def send(person: Person, *, status: int = 200, **records: Any) -> Any:
    """Send the records of some days."""
    body = {"source": "apple_health", **DAYS, **records}
    return await person.call("POST", "/wellness/records", status=status, json=body)


async def values(person: Person) -> dict[str, dict[str, float]]:
    """What is stored, by day and metric."""
    days = (await person.get("/wellness", params=RANGE))["days"]
    return {day["date"]: {one["metric"]: one["value"] for one in day["values"]} for day in days}


async def test_records_become_the_values_of_their_local_days_and_nothing_is_there_twice(person: Person) -> None:
    measurements = [
        measured("body_mass", 70.4, "2026-03-01T06:00:00Z"),
        measured("body_mass", 70.9, "2026-03-01T18:00:00Z"),
        measured("hrv_sdnn", 50.0, "2026-03-01T02:00:00Z"),
        measured("hrv_sdnn", 70.0, "2026-03-01T05:00:00Z"),
        # Half past midnight in Berlin is the next day; in New York at the same instant it is not.
        measured("resting_hr", 48.0, "2026-03-01T23:30:00Z"),
        measured("resting_hr", 52.0, "2026-03-01T23:31:00Z", offset_s=-18_000, device="Another"),
        measured("resting_hr", 7.0, "2026-03-03T08:00:00Z"),
        measured("body_mass", 80.0, "2026-03-05T08:00:00Z"),
    ]
    sleep = [
        slept("2026-03-01T22:00:00Z", "2026-03-02T05:30:00Z", "in_bed"),
        slept("2026-03-01T22:15:00Z", "2026-03-02T01:15:00Z", "light"),
        slept("2026-03-02T01:15:00Z", "2026-03-02T02:15:00Z", "deep"),
        slept("2026-03-02T02:15:00Z", "2026-03-02T02:30:00Z", "awake"),
        slept("2026-03-02T02:30:00Z", "2026-03-02T05:30:00Z", "rem"),
    ]
    records = {"measurements": measurements, "sleep": sleep}
    stored = await send(person, **records)
    assert (stored["removed"], stored["implausible"]) == (0, 1)
    assert stored["values"] == stored["changed"] == 12
    found = await values(person)
    assert found["2026-03-01"] == {"body_mass_kg": 70.9, "hrv_sdnn_ms": 60.0, "resting_hr_bpm": 52.0}
    assert found["2026-03-02"] == {
        "resting_hr_bpm": 48.0,
        "sleep_s": 7 * 3600,
        "time_in_bed_s": 7.5 * 3600,
        "sleep_deep_s": 3600,
        "sleep_light_s": 3 * 3600,
        "sleep_rem_s": 3 * 3600,
        "sleep_awake_s": 900,
        "sleep_start_s": -3600,
        "sleep_end_s": 6.5 * 3600,
    }
    assert set(found) == {"2026-03-01", "2026-03-02"}, "what lies outside of the days is left for its own days"
    assert (await send(person, **records))["changed"] == 0
    priorities = (await person.get("/wellness/priorities"))["priorities"]
    assert {source["source"] for one in priorities for source in one["sources"]} == {"apple_health"}


async def test_what_was_deleted_on_the_phone_goes_and_nothing_else_does(person: Person) -> None:
    morning = measured("body_mass", 70.4, "2026-03-01T06:00:00Z")
    evening = measured("body_mass", 70.9, "2026-03-01T18:00:00Z")
    await send(person, measurements=[morning, evening, measured("body_mass", 71.0, "2026-03-02T06:00:00Z")])
    await person.call("PUT", "/wellness/2026-03-02", status=200, json={"body_mass_kg": 72.0})
    # A read that finds nothing, as when the permission was taken back, deletes nothing.
    assert (await send(person))["removed"] == 0
    # The evening's weighing and that of the next day were deleted on the phone.
    assert (await send(person, measurements=[morning], gone=["body_mass"]))["removed"] == 2
    assert await values(person) == {"2026-03-01": {"body_mass_kg": 70.4}, "2026-03-02": {"body_mass_kg": 72.0}}


async def test_the_two_kinds_of_variability_are_never_mixed(person: Person) -> None:
    rmssd = measured("hrv_rmssd", 44.0, "2026-03-01T05:00:00Z")
    await send(person, status=422, measurements=[rmssd])
    await send(person, source="health_connect", measurements=[rmssd])
    await send(person, status=422, source="health_connect", gone=["hrv_sdnn"])
    await send(person, status=422, source="garmin")
    await send(person, measurements=[measured("hrv_sdnn", 60.0, "2026-03-01T05:00:00Z")])
    assert await values(person) == {"2026-03-01": {"hrv_rmssd_ms": 44.0, "hrv_sdnn_ms": 60.0}}


async def test_stretches_of_days_are_bounded_and_consent_is_respected(person: Person) -> None:
    await send(person, status=422, first="2026-03-04")
    await send(person, status=422, first="2026-01-01")
    await send(person, status=422, first="2999-01-01", last="2999-01-02")
    await send(person, status=422, measurements=[measured("body_mass", 70.0, "2026-03-01T06:00:00")])
    consents = {one["purpose"]: one for one in (await person.get("/consents"))["items"]}
    wellness = consents["body_and_wellness"]["text_version"]
    for is_given in (True, False):
        said = {"is_given": is_given, "text_version": wellness}
        await person.call("PUT", "/consents/body_and_wellness", status=200, json=said)
    await send(person, status=403, measurements=[measured("body_mass", 70.0, "2026-03-01T06:00:00Z")])
    assert await values(person) == {}


async def test_workouts_of_a_phone_become_activities_once(api: Api, person: Person) -> None:
    for name in ("apple_health.json", "health_connect.json", "apple_health.json"):
        await person.upload(name, (GOLDEN / name).read_bytes().strip())
        await api.work()
    ride, run = sorted((await person.get("/activities"))["items"], key=lambda one: one["started_at"])
    assert (run["sport"], ride["sport"]) == ("running", "cycling")
    assert (run["started_at"], run["utc_offset_s"]) == ("2026-03-29T06:00:00Z", 7200)
    assert ride["title"] == "Commute"
