"""Curves of many days from sums of months: always those that the activities themselves give."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import delete, select, text, update
from tests.support.api import Api, Person
from tests.support.workouts import MORNING, Ride

from topform.core.ids import AthleteId, new_id
from topform.core.provenance import Purpose
from topform.features.activities.curve_sums import sum_up_months
from topform.features.activities.curves import CurveKind, best_of_range, last_of_month, pack
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.tables import (
    ActivityLegRow,
    ActivityRow,
    CurveChangeRow,
    CurveSumRow,
)
from topform.science.mean_maximal import CURVE_DURATIONS_S, BestCurve

FIRST_DAY = date(2024, 11, 20)
DAYS = 130
KINDS: dict[CurveKind, str] = {"power_w": "power_curve", "speed_m_s": "speed_curve"}

Leg = tuple[str, str | None, dict[str, BestCurve]]
"""Sport, restriction and curves."""


class Book:
    """What was written, kept beside the database: each activity's day and legs."""

    def __init__(self) -> None:
        self.activities: dict[UUID, tuple[date, list[Leg]]] = {}

    def best(
        self, sport: str, kind: CurveKind, first: date | None, last: date | None, *, free_only: bool
    ) -> list[tuple[int, float, UUID, int, date, int]]:
        """Return the best of each duration by looking at every leg there is."""
        found: dict[int, tuple[float, date, UUID, int, int]] = {}
        for activity_id, (day, legs) in self.activities.items():
            for number, (leg_sport, restricted_by, curves) in enumerate(legs):
                if leg_sport != sport or kind not in curves or (free_only and restricted_by is not None):
                    continue
                if (first is not None and day < first) or (last is not None and day > last):
                    continue
                for at, mean in enumerate(curves[kind].means.tolist()):
                    one = (-mean, day, activity_id, number, int(curves[kind].starts_s[at]))
                    found[at] = min(found.get(at, one), one)
        return [
            (int(CURVE_DURATIONS_S[at]), -one[0], one[2], one[3], one[1], one[4]) for at, one in sorted(found.items())
        ]


def made_curve(chance: random.Random) -> BestCurve:
    """Few whole numbers, so that many are equal."""
    size = chance.randrange(1, 9)
    means = np.array([chance.randrange(200, 206) for _ in range(size)], dtype=np.float64)
    return BestCurve(means, np.array([chance.randrange(1000) for _ in range(size)], dtype=np.int64))


def made_legs(chance: random.Random) -> list[Leg]:
    return [
        (
            chance.choice(("cycling", "cycling", "running")),
            chance.choice((None, None, None, "strava")),
            {kind: made_curve(chance) for kind in KINDS if chance.random() < 0.8},
        )
        for _ in range(chance.randrange(1, 3))
    ]


def made_day(chance: random.Random) -> date:
    return FIRST_DAY + timedelta(days=chance.randrange(DAYS))


def leg_rows(athlete_id: AthleteId, activity_id: UUID, day: date, legs: list[Leg]) -> list[dict[str, Any]]:
    return [
        {
            "activity_id": activity_id,
            "athlete_id": athlete_id,
            "leg": number,
            "sport": sport,
            "started_at": datetime.combine(day, time(8), tzinfo=UTC),
            "document": {},
            "restricted_by": restricted_by,
            **{column: pack(curves[kind]) if kind in curves else None for kind, column in KINDS.items()},
        }
        for number, (sport, restricted_by, curves) in enumerate(legs)
    ]


def activity_row(athlete_id: AthleteId, activity_id: UUID, day: date) -> dict[str, Any]:
    began = datetime.combine(day, time(8), tzinfo=UTC)
    return {
        "id": activity_id,
        "athlete_id": athlete_id,
        "sport": "cycling",
        "started_at": began,
        "local_date": day,
        "elapsed_s": 60.0,
        "timer_s": 60.0,
        "leg_count": 1,
        "warnings_count": 0,
        "format": "fit",
        "device": {},
        "warnings": [],
        "salvaged": False,
        "streams_key": str(activity_id),
        "created_at": began,
        "updated_at": began,
    }


async def act(api: Api, athlete_id: AthleteId, book: Book, chance: random.Random) -> None:
    """One thing that happens to activities; now and then it is taken back in the middle."""
    known = sorted(book.activities)
    kind = chance.choice(("add", "add", "replace", "move", "delete", "join", "sum", "sum"))
    if kind == "sum":
        await sum_up_months(api.resources.database)
        return
    after = dict(book.activities)
    async with api.resources.database.transaction() as session:
        activities = ActivityRepository(session)
        if kind == "add" or len(known) < 2:
            one, day, legs = new_id(), made_day(chance), made_legs(chance)
            await activities.add(activity_row(athlete_id, one, day))
            await activities.replace_parts(
                one, legs=leg_rows(athlete_id, one, day, legs), metrics=[], bests=[], is_new=True
            )
            after[one] = (day, legs)
        else:
            one, other = chance.sample(known, 2)
            day, legs = after[one]
            if kind == "move":
                day = made_day(chance)
                await activities.change(athlete_id, one, {"local_date": day})
            elif kind == "delete":
                await activities.remove(athlete_id, one)
            else:  # new numbers of its own, or those of another activity that goes into it
                legs = made_legs(chance) if kind == "replace" else after.pop(other)[1]
                if kind == "join":
                    await activities.remove(athlete_id, other)
                await activities.replace_parts(one, legs=leg_rows(athlete_id, one, day, legs), metrics=[], bests=[])
            after[one] = (day, legs)
            if kind == "delete":
                del after[one]
        if chance.random() < 0.2:
            await session.rollback()
            return
    book.activities = after


async def read(
    api: Api,
    athlete_id: AthleteId,
    sport: str,
    kind: CurveKind,
    first: date | None,
    last: date | None,
    purpose: Purpose,
) -> list[tuple[int, float, UUID, int, date, int]]:
    async with api.resources.database.reading() as session:
        points = await best_of_range(
            session, athlete_id, sport=sport, kind=kind, first=first, last=last, purpose=purpose
        )
    return [(one.duration_s, one.value, one.activity_id, one.leg, one.day, one.start_s) for one in points]


async def months_waiting(api: Api) -> set[date]:
    async with api.resources.database.transaction() as session:
        return set(await session.scalars(select(CurveChangeRow.month)))


@pytest.mark.parametrize("seed", range(3))
async def test_any_span_gives_what_its_activities_give_whatever_was_done(api: Api, person: Person, seed: int) -> None:
    chance = random.Random(seed)
    other = await api.sign_up()
    ids = [AthleteId(UUID(one.athlete["id"])) for one in (person, other)]
    books = [Book(), Book()]
    for _ in range(60):
        which = chance.randrange(2)
        await act(api, ids[which], books[which], chance)
        first, last = (chance.choice((None, made_day(chance))) for _ in range(2))
        if first is not None and last is not None and last < first:
            first, last = last, first
        sport, kind = chance.choice(("cycling", "running")), chance.choice(tuple(KINDS))
        purpose = chance.choice((Purpose.OWN_EYES, Purpose.MODEL))
        found = await read(api, ids[which], sport, kind, first, last, purpose)
        wanted = books[which].best(sport, kind, first, last, free_only=purpose is Purpose.MODEL)
        assert found == wanted
    await sum_up_months(api.resources.database)
    assert await months_waiting(api) == set()
    for athlete_id, book in zip(ids, books, strict=True):
        for sport in ("cycling", "running"):
            wanted = book.best(sport, "power_w", None, None, free_only=False)
            assert await read(api, athlete_id, sport, "power_w", None, None, Purpose.OWN_EYES) == wanted
        assert book.activities


async def test_a_summed_month_is_read_from_its_sum_alone(api: Api, person: Person) -> None:
    """Marked rows tell where the answer comes from: legs whose curve is taken away behind the triggers' back."""
    athlete_id, chance = AthleteId(UUID(person.athlete["id"])), random.Random(1)
    book = Book()
    while len(book.activities) < 12:
        await act(api, athlete_id, book, chance)
    await sum_up_months(api.resources.database)
    async with api.resources.database.transaction() as session:
        await session.execute(text("ALTER TABLE activity_legs DISABLE TRIGGER USER"))
        await session.execute(update(ActivityLegRow).values(power_curve=None))
        await session.execute(text("ALTER TABLE activity_legs ENABLE TRIGGER USER"))
    wanted = book.best("cycling", "power_w", None, None, free_only=False)
    assert wanted
    assert await read(api, athlete_id, "cycling", "power_w", None, None, Purpose.OWN_EYES) == wanted
    # A span that begins and ends with whole months takes them from the sums too, one that cuts a month does not.
    holders = sorted({one[4] for one in wanted})
    begin, end = holders[0].replace(day=1), last_of_month(holders[-1].replace(day=1))
    assert await read(api, athlete_id, "cycling", "power_w", begin, end, Purpose.OWN_EYES) == wanted
    days = sorted(day for day, _ in book.activities.values())
    cut = await read(api, athlete_id, "cycling", "power_w", days[-1], days[-1], Purpose.OWN_EYES)
    assert cut == []


async def test_a_change_during_the_summing_keeps_its_note(api: Api, person: Person) -> None:
    """What is written but not yet held when a month is summed up is still noted, and read, once it holds."""
    athlete_id, chance = AthleteId(UUID(person.athlete["id"])), random.Random(2)
    database, day, one = api.resources.database, date(2026, 3, 5), new_id()
    legs: list[Leg] = [("cycling", None, {"power_w": made_curve(chance)})]
    async with database.transaction() as session:
        activities = ActivityRepository(session)
        await activities.add(activity_row(athlete_id, one, day))
        rows = leg_rows(athlete_id, one, day, legs)
        await activities.replace_parts(one, legs=rows, metrics=[], bests=[], is_new=True)
        assert await sum_up_months(database) == 0
    assert await months_waiting(api) == {date(2026, 3, 1)}
    second = new_id()
    async with database.transaction() as session:
        activities = ActivityRepository(session)
        await activities.add(activity_row(athlete_id, second, day))
        rows = leg_rows(athlete_id, second, day, legs)
        await activities.replace_parts(second, legs=rows, metrics=[], bests=[], is_new=True)
        assert await sum_up_months(database) == 1
        assert await months_waiting(api) == set()
    assert await months_waiting(api) == {date(2026, 3, 1)}
    async with database.transaction() as session:
        await session.execute(delete(ActivityRow).where(ActivityRow.id == one))
    found = await read(api, athlete_id, "cycling", "power_w", None, None, Purpose.OWN_EYES)
    assert {point[2] for point in found} == {second}


async def test_uploads_recordings_that_are_separated_or_joined_and_deletions_note_their_months(
    api: Api, person: Person
) -> None:
    async def highest_w() -> float:
        """Return the best second, which is the same before and after the months are summed up."""
        before = (await person.get("/fitness/curve?sport=cycling&metric=power"))["points"]
        assert await months_waiting(api) != set()
        await sum_up_months(api.resources.database)
        assert await months_waiting(api) == set()
        assert (await person.get("/fitness/curve?sport=cycling&metric=power"))["points"] == before
        return before[0]["value"] if before else 0.0

    async def call(path: str, **wish: str) -> None:
        await person.call("POST", path, status=202, json=wish)
        await api.work()

    later = MORNING + timedelta(days=40)
    for name, ride in (
        ("first.fit", Ride(power_w=200, seconds=600)),
        ("second.fit", Ride(started_at=later, power_w=210, seconds=600)),
        ("watch.fit", Ride(started_at=later, power_w=230, seconds=590)),
    ):
        await person.upload(name, ride.as_fit())
    await api.work()
    joined, first = (await person.get("/activities"))["items"]
    sources = (await person.get(f"/activities/{joined['id']}/sources"))["items"]
    assert {one["file_name"] for one in sources} == {"second.fit", "watch.fit"}
    kept = await highest_w()
    other = next(one for one in sources if not one["is_primary"])
    await call(f"/activities/{joined['id']}/split", source_id=other["id"])
    assert await highest_w() == 230.0
    (separated,) = {one["id"] for one in (await person.get("/activities"))["items"]} - {joined["id"], first["id"]}
    await call(f"/activities/{joined['id']}/merge", other_id=separated)
    assert await highest_w() == kept
    await person.call("DELETE", f"/activities/{joined['id']}", status=204)
    assert await highest_w() == 200.0
    await person.call("DELETE", f"/activities/{first['id']}", status=204)
    assert await highest_w() == 0.0


async def test_nothing_is_left_of_an_athlete(api: Api, person: Person) -> None:
    await person.upload("ride.fit", Ride(seconds=120).as_fit())
    await api.work()
    await sum_up_months(api.resources.database)
    async with api.resources.database.transaction() as session:
        assert len(list(await session.scalars(select(CurveSumRow)))) > 0
        await session.execute(text("DELETE FROM athletes"))
        assert list(await session.scalars(select(CurveSumRow))) == []
        assert list(await session.scalars(select(CurveChangeRow))) == []
