"""A filmed set as training load: what is said of it, what the day's load becomes, and what the plan sees of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from tests.support.api import Api, Person
from tests.support.fit_writer import FIT_EPOCH_S, FitWriter

from topform.core.ids import AthleteId
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.tables import FormCheckRow
from topform.features.plans.life import done_between

TRAINING, STRENGTH_TRAINING = 10, 20
VELOCITIES_M_S = (0.50, 0.48, 0.45, 0.40, 0.375)
RANGE_M = 0.30
SINKING_S = 1.0


def reps() -> list[dict[str, Any]]:
    """Return five push-ups; the set lasts from 2 s to the end of the last."""
    found, now_s = [], 2.0
    for index, velocity in enumerate(VELOCITIES_M_S, start=1):
        end_s = now_s + SINKING_S + RANGE_M / velocity
        found.append(
            {
                "index": index,
                "start_s": now_s,
                "turn_s": now_s + SINKING_S,
                "end_s": end_s,
                "complete": True,
                "range_m": RANGE_M,
            }
        )
        now_s = end_s
    return found


async def store(api: Api, person: Person, *, exercise: str = "push_up", **changes: Any) -> str:
    form_check_id = uuid4()
    document = {
        "exercise": exercise,
        "duration_s": 20.0,
        "rep_count": 5,
        "reps": reps(),
        "form": {"decision": "unsure", "probability_faulty": None, "faults": []},
        **changes,
    }
    async with api.resources.database.transaction() as session:
        await FormCheckRepository(session).add(
            FormCheckRow(
                id=form_check_id,
                athlete_id=AthleteId(person.athlete["id"]),
                exercise=exercise,
                file_name="set.mp4",
                rep_count=document["rep_count"],
                form_decision="unsure",
                duration_s=20.0,
                document=document,
                created_at=api.resources.clock.now(),
            )
        )
    return str(form_check_id)


async def say(person: Person, form_check_id: str, *, status: int = 200, **said: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await person.call("PUT", f"/form-checks/{form_check_id}/set", status=status, json=said)
    return answer


def today() -> date:
    return datetime.now(UTC).date()


async def load_today(person: Person) -> float:
    day = today().isoformat()
    return float((await person.get("/fitness", params={"from": day, "to": day}))["days"][0]["load_au"])


def gym_file() -> bytes:
    """Return a minute of strength training at noon today, without heart rate, so that only a rating gives its load."""
    noon = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    start, seconds = int(noon.timestamp()) - FIT_EPOCH_S, 60
    writer = FitWriter()
    for second in range(seconds + 1):
        writer.add("record", slot=2, timestamp=start + second, distance=0.0)
    span = {"start_time": start, "total_elapsed_time": seconds, "total_timer_time": seconds}
    writer.add("session", slot=4, timestamp=start + seconds, sport=TRAINING, sub_sport=STRENGTH_TRAINING, **span)
    writer.add("activity", slot=5, timestamp=start + seconds, total_timer_time=seconds, num_sessions=1)
    return writer.finish()


ACTIVE_S = reps()[-1]["end_s"] - 2.0


async def test_a_set_becomes_load_once_it_is_rated(api: Api, person: Person) -> None:
    await person.call("PATCH", "/athletes/me", status=200, json={"time_zone": "UTC"})
    form_check_id = await store(api, person)
    unsaid = (await person.get(f"/form-checks/{form_check_id}"))["filmed_set"]
    assert unsaid["missing"] == ["body_mass", "rir", "rating"]
    assert (unsaid["volume_load_kg"], unsaid["hard_sets"], unsaid["load_au"], unsaid["counts"]) == (None,) * 3 + (
        False,
    )
    assert unsaid["velocity_loss_frac"] == pytest.approx(1 - 0.375 / 0.50, abs=1e-3)
    assert unsaid["active_s"] == pytest.approx(ACTIVE_S, abs=0.01)
    assert await load_today(person) == 0.0

    await person.call("PATCH", "/athletes/me", status=200, json={"mass_kg": 75.0})
    said = (await say(person, form_check_id, rir=2, rpe_cr10=8))["filmed_set"]
    # Ebben: 64 % of 75 kg rest on the hands. An hour at rating 7 is 100.
    assert said["volume_load_kg"] == pytest.approx(5 * 0.64 * 75)
    assert (said["hard_sets"], said["missing"], said["counts"]) == (1.0, [], True)
    load_au = 8 / 7 * 100 * ACTIVE_S / 3600
    assert said["load_au"] == pytest.approx(load_au, abs=1e-3)
    assert await load_today(person) == pytest.approx(load_au, abs=1e-6)

    refused = await say(person, form_check_id, status=422, rir=0, rpe_cr10=1)
    assert (refused["code"], refused["least_rpe"], refused["most_rpe"]) == ("effort_contradiction", 7.0, 10.0)
    assert await load_today(person) == pytest.approx(load_au, abs=1e-6)

    # What is said again replaces what was said, and a second set of the day belongs to the same session.
    await say(person, form_check_id, rir=5, rpe_cr10=4, variant="knees")
    second = await store(api, person)
    await say(person, second, rpe_cr10=4)
    assert await load_today(person) == pytest.approx(load_au, abs=1e-6)
    async with api.resources.database.transaction() as session:
        done = await done_between(session, AthleteId(person.athlete["id"]), today(), today())
    assert [(one.is_part, one.load_au) for one in done] == [(True, pytest.approx(load_au))]
    assert done[0].minutes == pytest.approx(2 * ACTIVE_S / 60)

    await person.call("DELETE", f"/form-checks/{second}", status=204)
    assert await load_today(person) == pytest.approx(load_au / 2, abs=1e-6)


async def test_a_recorded_strength_workout_holds_the_sets_of_its_day(api: Api, person: Person) -> None:
    await person.call("PATCH", "/athletes/me", status=200, json={"time_zone": "UTC"})
    form_check_id = await store(api, person)
    assert (await say(person, form_check_id, rpe_cr10=9))["filmed_set"]["counts"] is True
    filmed_au = await load_today(person)
    await person.upload("gym.fit", gym_file())
    await api.work()
    workout = (await person.get("/activities"))["items"][0]
    assert workout["sport"] == "strength"
    assert await load_today(person) == 0.0
    await person.call("PATCH", f"/activities/{workout['id']}", status=200, json={"rpe_cr10": 6})
    rated_au = (await person.get(f"/activities/{workout['id']}"))["load_au"]
    # One load for the session: not 60 s at 6 plus the filmed seconds at 9.
    assert await load_today(person) == pytest.approx(rated_au)
    assert (await person.get(f"/form-checks/{form_check_id}"))["filmed_set"]["counts"] is False
    await person.call("DELETE", f"/activities/{workout['id']}", status=204)
    assert await load_today(person) == pytest.approx(filmed_au)


async def test_what_makes_no_sense_of_a_set_is_refused(api: Api, person: Person) -> None:
    squat = await store(api, person, exercise="squat")
    assert (await say(person, squat, status=422, variant="knees"))["code"]
    assert (await say(person, squat, status=422, rpe_cr10=11))["code"]
    assert (await say(person, squat, external_kg=60))["filmed_set"]["volume_load_kg"] == pytest.approx(300)
    nothing = await store(api, person, exercise="unknown", rep_count=0, reps=[])
    assert (await person.get(f"/form-checks/{nothing}"))["filmed_set"] is None
    assert (await say(person, nothing, status=409, rpe_cr10=5))["code"]
    stranger = await api.sign_up(email="stranger@example.org")
    assert (await say(stranger, squat, status=404, rpe_cr10=5))["code"]


async def test_a_hold_is_rated_for_the_time_held(api: Api, person: Person) -> None:
    hold = {"start_s": 1.0, "end_s": 61.0, "held_s": 60.0}
    plank = await store(api, person, exercise="plank", rep_count=0, reps=[], hold=hold)
    found = (await say(person, plank, rpe_cr10=7))["filmed_set"]
    assert found["load_au"] == pytest.approx(100 / 60, abs=1e-3)
    assert found["volume_load_kg"] is None
