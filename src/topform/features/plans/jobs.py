"""The worker's side of a plan: make it, store it."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from procrastinate import JobContext

from topform.coaching.adaptation import begun
from topform.coaching.planner import make_plan
from topform.coaching.request import PlanRequest
from topform.core.documents import plain
from topform.core.ids import AthleteId, new_id
from topform.features.jobs.public import JobRun, job_failed_for_good, run_job
from topform.features.plans import adapting
from topform.features.plans.events import PLAN_CREATED
from topform.features.plans.life import lived_until, local_today
from topform.features.plans.repository import PlanRepository
from topform.features.plans.schemas import PlanDocument
from topform.features.plans.tables import PlanRow
from topform.features.plans.tasks import FEATURE, MAKE, REVIEW, REVIEW_DUE, REVIEW_TASK
from topform.platform.events import publish
from topform.platform.jobs import Jobs, defer, provided
from topform.platform.web.resources import Resources

jobs = Jobs(FEATURE)


@jobs.task(MAKE)
async def make(context: JobContext, *, job_id: str) -> None:
    """Make the plan that was ordered."""
    resources = provided(context, Resources)
    async with run_job(resources, UUID(job_id)) as run:
        if run is not None:
            await _make(resources, run)


jobs.on_failure(MAKE)(job_failed_for_good)


async def _make(resources: Resources, run: JobRun) -> None:
    await run.report(0.1, "planning", at_once=True)
    request = run.input["request"]
    document = await asyncio.to_thread(_document, request)
    now = resources.clock.now()
    async with resources.database.reading() as session:
        made_on = await local_today(session, run.athlete_id, now)
        today, lived = await lived_until(session, run.athlete_id, document, today=made_on)
    if document["days"][0]["date"] < today.isoformat():
        document = plain(await asyncio.to_thread(begun, request, document, lived, today=today, made_on=made_on))
        PlanDocument.model_validate(document)
    row = PlanRow(id=new_id(), athlete_id=run.athlete_id, request=request, document=document, created_at=now)
    async with resources.database.transaction() as session:
        if not await run.is_open(session):
            return
        await PlanRepository(session).add(row)
        await PlanRepository(session).close_open_proposals(run.athlete_id, now=now)
        await publish(session, run.athlete_id, PLAN_CREATED, {"id": str(row.id), "created_at": now.isoformat()})
        await run.succeed(session, {"plan_id": row.id})


@jobs.task(REVIEW)
async def review(context: JobContext, *, athlete_id: str) -> None:
    """Look at one athlete's plan; what follows is stored as a proposal, once."""
    resources = provided(context, Resources)
    async with resources.database.transaction() as session:
        await adapting.review(session, AthleteId(UUID(athlete_id)), now=resources.clock.now())


@jobs.task(REVIEW_DUE, cron="*/10 * * * *")
async def review_due(context: JobContext, *, timestamp: int) -> None:
    """Look at the plans of everybody for whom a new day began or new training arrived since the last look."""
    resources = provided(context, Resources)
    now = resources.clock.now()
    async with resources.database.transaction() as session:
        athletes = await PlanRepository(session).athletes_with_plans()
        for athlete_id in athletes:
            if await adapting.is_review_due(session, athlete_id, now=now):
                await defer(session, REVIEW_TASK, athlete_id=str(athlete_id))


def _document(request: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = plain(make_plan(PlanRequest.from_dict(request)).as_dict())
    PlanDocument.model_validate(document)
    return document
