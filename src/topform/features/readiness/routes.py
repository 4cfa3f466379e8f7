"""Readiness of a day, warnings, and symptoms that stop training."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import get_athlete
from topform.features.readiness import service
from topform.features.readiness.schemas import (
    DayReadiness,
    HealthReport,
    HealthReports,
    LoadWarnings,
    NewHealthReport,
    RedFlagCleared,
    RedFlagReport,
    RedFlagState,
)
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/readiness", tags=["readiness"])

Day = Annotated[date | None, Query(alias="date", description="Today in your time zone when absent.")]


@router.get("")
async def get_readiness(use: Use, athlete_id: SignedInAthlete, day: Day = None) -> DayReadiness:
    """Return how a day compares with your own usual days, with every term."""
    async with use.database.reading() as session:
        return await service.readiness(session, athlete_id, day=day or await _today(session, use, athlete_id))


@router.get("/warnings")
async def get_load_warnings(use: Use, athlete_id: SignedInAthlete, day: Day = None) -> LoadWarnings:
    """Return what speaks for caution on a day, with reasons."""
    async with use.database.reading() as session:
        return await service.warnings(session, athlete_id, day=day or await _today(session, use, athlete_id))


@router.get("/red-flag")
async def get_red_flag(use: Use, athlete_id: SignedInAthlete) -> RedFlagState:
    """Return whether a symptom stops all sessions."""
    async with use.database.reading() as session:
        return await service.red_flag_state(session, athlete_id)


@router.post("/red-flag")
async def report_red_flag(report: RedFlagReport, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> RedFlagState:
    """Report a symptom that must be looked at; all sessions stop until you clear it."""
    now = use.clock.now()
    async with use.database.transaction() as session:
        today = await _today(session, use, athlete_id)
        return await once.run(
            session,
            athlete_id,
            now=now,
            content=report.model_dump(mode="json"),
            work=lambda: service.report_red_flag(session, athlete_id, report.symptoms, day=today, now=now),
            answer_type=RedFlagState,
        )


@router.post("/red-flag/clear")
async def clear_red_flag(word: RedFlagCleared, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> RedFlagState:
    """Say that the symptoms were looked at; sessions are shown again."""
    return await once.write(
        use,
        athlete_id,
        word,
        lambda session, now: service.clear_red_flag(session, athlete_id, was_looked_at=word.was_looked_at, now=now),
        RedFlagState,
    )


@router.get("/reports")
async def list_health_reports(use: Use, athlete_id: SignedInAthlete) -> HealthReports:
    """Return what you reported in the last four weeks."""
    async with use.database.reading() as session:
        return await service.reports(session, athlete_id, day=await _today(session, use, athlete_id))


@router.post("/reports", status_code=201)
async def add_health_report(
    report: NewHealthReport, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> HealthReport:
    """Report pain at one place, or signs that fit too little energy for the training."""
    now = use.clock.now()
    async with use.database.transaction() as session:
        today = await _today(session, use, athlete_id)
        return await once.run(
            session,
            athlete_id,
            now=now,
            content=report.model_dump(mode="json"),
            work=lambda: service.add_report(session, athlete_id, report, today=today, now=now),
            answer_type=HealthReport,
        )


@router.delete("/reports/{report_id:uuid}", status_code=204)
async def delete_health_report(report_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Take a report back."""
    async with use.database.transaction() as session:

        async def work() -> Nothing:
            await service.remove_report(session, athlete_id, report_id)
            return Nothing()

        await once.run(session, athlete_id, now=use.clock.now(), content=str(report_id), work=work, answer_type=Nothing)


async def _today(session: AsyncSession, use: Use, athlete_id: AthleteId) -> date:
    athlete = await get_athlete(session, athlete_id)
    return use.clock.now().astimezone(ZoneInfo(athlete.time_zone)).date()
