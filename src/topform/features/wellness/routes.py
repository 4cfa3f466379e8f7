"""Daily values: reading them, typing them, deciding which source counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query

from topform.core.wellness import WellnessMetric
from topform.features.athletes.public import get_athlete
from topform.features.wellness import phone, service
from topform.features.wellness.schemas import (
    HealthRecords,
    ManualValues,
    OwnSource,
    PriorityOrder,
    SourceName,
    StoredRecords,
    Wellness,
    WellnessDay,
    WellnessPriorities,
    WellnessPriority,
)
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/wellness", tags=["daily values"])

DEFAULT_DAYS = 90


@router.get("")
async def get_wellness(
    use: Use,
    athlete_id: SignedInAthlete,
    first: Annotated[date | None, Query(alias="from", description="90 days before `to` when absent.")] = None,
    last: Annotated[date | None, Query(alias="to", description="Today in your time zone when absent.")] = None,
    metric: Annotated[list[WellnessMetric] | None, Query(description="Only these; all when absent.")] = None,
    all_sources: Annotated[bool, Query(description="Also the values of sources that do not count.")] = False,
) -> Wellness:
    """Return your daily values with their sources."""
    async with use.database.reading() as session:
        athlete = await get_athlete(session, athlete_id)
        end = last or use.clock.now().astimezone(ZoneInfo(athlete.time_zone)).date()
        start = first or end - timedelta(days=min(DEFAULT_DAYS - 1, (end - date.min).days))
        return await service.wellness(
            session, athlete_id, first=start, last=end, metrics=metric, all_sources=all_sources
        )


@router.get("/priorities")
async def get_wellness_priorities(use: Use, athlete_id: SignedInAthlete) -> WellnessPriorities:
    """Return which source counts first for each metric that you have values of."""
    async with use.database.reading() as session:
        return await service.priorities(session, athlete_id)


@router.put("/priorities/{metric}")
async def set_wellness_priority(
    metric: WellnessMetric, order: PriorityOrder, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> WellnessPriority:
    """Set which source counts first for a metric; an empty list restores the default."""
    return await once.write(
        use,
        athlete_id,
        order,
        lambda session, now: service.set_priority(session, athlete_id, metric, order, now=now),
        WellnessPriority,
    )


@router.delete("/sources/{source}", status_code=204)
async def delete_wellness_source(
    source: Annotated[SourceName, Path()], use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> None:
    """Delete every daily value that came from a source."""
    async with use.database.transaction() as session:

        async def work() -> Nothing:
            await service.delete_source(session, athlete_id, source)
            return Nothing()

        await once.run(session, athlete_id, now=use.clock.now(), content=None, work=work, answer_type=Nothing)


@router.post("/records")
async def store_health_records(
    records: HealthRecords, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> StoredRecords:
    """Store what the health store of a phone holds for some days; the same records again change nothing."""
    now = use.clock.now()
    async with use.database.transaction() as session:
        athlete = await get_athlete(session, athlete_id)
        today = now.astimezone(ZoneInfo(athlete.time_zone)).date()
        return await once.run(
            session,
            athlete_id,
            now=now,
            content=records.model_dump(mode="json"),
            work=lambda: phone.store_records(session, athlete_id, records, today=today, now=now),
            answer_type=StoredRecords,
        )


@router.put("/{day}")
async def put_wellness(
    day: Annotated[date, Path(description="Your calendar day.")],
    values: ManualValues,
    use: Use,
    athlete_id: SignedInAthlete,
    once: DoOnce,
    source: Annotated[
        OwnSource, Query(description="`strap` for what a heart-rate strap measured, lying and awake.")
    ] = OwnSource.MANUAL,
) -> WellnessDay:
    """Type values for a day; null deletes what you typed, what you leave out stays."""
    now = use.clock.now()
    async with use.database.transaction() as session:
        athlete = await get_athlete(session, athlete_id)
        today = now.astimezone(ZoneInfo(athlete.time_zone)).date()
        return await once.run(
            session,
            athlete_id,
            now=now,
            content={**values.model_dump(mode="json"), "source": source.value},
            work=lambda: service.put_own(session, athlete_id, day, values, source=source, today=today, now=now),
            answer_type=WellnessDay,
        )
