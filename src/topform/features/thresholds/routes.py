"""Your thresholds: what is in use since when, what the evidence says, tests, zones."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from topform.core.activity import Sport
from topform.features.thresholds import service
from topform.features.thresholds.schemas import (
    NewThresholdTest,
    Quantity,
    ThresholdChange,
    Thresholds,
    ThresholdTest,
    ThresholdTests,
    Zones,
)
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/athletes/me", tags=["thresholds and zones"])


@router.get("/thresholds")
async def get_thresholds(use: Use, athlete_id: SignedInAthlete) -> Thresholds:
    """Return your thresholds: what is in use, what the evidence says with its age, and both over time."""
    async with use.database.reading() as session:
        return await service.get_thresholds(session, athlete_id, now=use.clock.now())


@router.put("/thresholds/{quantity}/{valid_from}")
async def set_threshold(
    quantity: Quantity,
    valid_from: date,
    change: ThresholdChange,
    use: Use,
    athlete_id: SignedInAthlete,
    once: DoOnce,
) -> Thresholds:
    """Let a threshold hold from a day on; activities since then are computed again."""
    now = use.clock.now()
    async with use.database.transaction() as session:
        return await once.run(
            session,
            athlete_id,
            now=now,
            content=change.model_dump(mode="json"),
            work=lambda: service.set_in_use(
                session,
                athlete_id,
                quantity,
                valid_from=valid_from,
                value=change.value,
                origin=change.origin,
                now=now,
            ),
            answer_type=Thresholds,
        )


@router.delete("/thresholds/{quantity}/{valid_from}")
async def unset_threshold(
    quantity: Quantity, valid_from: date, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Thresholds:
    """Take back what was to hold from a day on; what held before goes on."""
    return await once.write(
        use,
        athlete_id,
        None,
        lambda session, now: service.unset_in_use(session, athlete_id, quantity, valid_from=valid_from, now=now),
        Thresholds,
    )


@router.get("/threshold-tests")
async def list_threshold_tests(use: Use, athlete_id: SignedInAthlete) -> ThresholdTests:
    """Return your tests, oldest first."""
    async with use.database.reading() as session:
        return await service.list_tests(session, athlete_id)


@router.post("/threshold-tests", status_code=201)
async def add_threshold_test(
    test: NewThresholdTest, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> ThresholdTest:
    """Store a test; it counts as evidence and holds as a threshold once you put it in use."""
    return await once.write(
        use, athlete_id, test, lambda session, now: service.add_test(session, athlete_id, test, now=now), ThresholdTest
    )


@router.delete("/threshold-tests/{test_id}", status_code=204)
async def delete_threshold_test(test_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Delete a test."""
    async with use.database.transaction() as session:

        async def work() -> Nothing:
            await service.remove_test(session, athlete_id, test_id)
            return Nothing()

        await once.run(session, athlete_id, now=use.clock.now(), content=None, work=work, answer_type=Nothing)


@router.get("/zones")
async def get_zones(
    use: Use,
    athlete_id: SignedInAthlete,
    sport: Annotated[Sport, Query(description="Whose zones: each sport has its own.")] = Sport.CYCLING,
    on: Annotated[date | None, Query(description="The day; today when absent.")] = None,
) -> Zones:
    """Return your zones of a sport as they were on a day, at the thresholds that held then."""
    async with use.database.reading() as session:
        return await service.get_zones(session, athlete_id, sport=sport.value, on=on, now=use.clock.now())
