"""Ordering a plan, reading the current one."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from topform.coaching.race_dates import require_race_ahead, require_races_possible
from topform.coaching.request import PlanRequest
from topform.features.athletes.public import spoken
from topform.features.jobs.public import Job, add_job
from topform.features.plans import service
from topform.features.plans.forecasting import forecast
from topform.features.plans.life import local_today
from topform.features.plans.milestones import list_milestones
from topform.features.plans.race_time import get_race_time
from topform.features.plans.schemas import FitnessForecast, Plan, PlanMilestones, PlanOrder, RaceTime
from topform.features.plans.tasks import MAKE_TASK
from topform.features.plans.versions import require_unlocked
from topform.platform.jobs import defer
from topform.platform.web.idempotency import DoOnce
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/plans", tags=["plans"])
forecast_router = APIRouter(prefix="/predictions", tags=["predictions"])


@router.post("", status_code=202)
async def order_plan(order: PlanOrder, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Job:
    """Ask for a plan; an impossible request is refused at once, a possible one becomes a job."""
    now = use.clock.now()
    async with use.database.transaction() as session:

        async def work() -> Job:
            await require_unlocked(session, athlete_id)
            today = await local_today(session, athlete_id, now)
            request = await service.complete_request(session, athlete_id, order.request, today=today)
            read = PlanRequest.from_dict(request)
            require_race_ahead(read, today=today)
            require_races_possible(read)
            job = await add_job(
                session, athlete_id, kind="plan", file_name=None, job_input={"request": request}, now=now
            )
            await defer(session, MAKE_TASK, job_id=str(job.id))
            return job

        return await once.run(
            session, athlete_id, now=now, content=order.model_dump(mode="json"), work=work, answer_type=Job
        )


@router.get("/current")
async def get_current_plan(use: Use, athlete_id: SignedInAthlete) -> Plan | None:
    """Return your newest plan; null when you have none yet."""
    async with use.database.reading() as session:
        return await spoken(session, athlete_id, service.current_plan(session, athlete_id, now=use.clock.now()))


@router.get("/{plan_id:uuid}")
async def get_plan(plan_id: UUID, use: Use, athlete_id: SignedInAthlete) -> Plan:
    """Return one plan."""
    async with use.database.reading() as session:
        return await spoken(session, athlete_id, service.get_plan(session, athlete_id, plan_id, now=use.clock.now()))


@router.get("/{plan_id:uuid}/race-time")
async def get_plan_race_time(plan_id: UUID, use: Use, athlete_id: SignedInAthlete) -> RaceTime | None:
    """Return the time to expect in the plan's race and what it rests on; null without a race.

    Where you have raced or run enough it is the prediction of `/predictions`, else an estimate from your threshold.
    """
    async with use.database.transaction() as session:
        return await spoken(session, athlete_id, get_race_time(session, athlete_id, plan_id))


@router.get("/{plan_id:uuid}/milestones")
async def list_plan_milestones(plan_id: UUID, use: Use, athlete_id: SignedInAthlete) -> PlanMilestones:
    """Return what of a plan is done and could be shared: phases with training in them, races that were run, the plan.

    Only recordings count whose source lets other people learn of them. What was missed is not told.
    """
    async with use.database.reading() as session:
        today = await local_today(session, athlete_id, use.clock.now())
        return await list_milestones(session, athlete_id, plan_id, today=today)


@forecast_router.get("/fitness")
async def get_fitness_forecast(use: Use, athlete_id: SignedInAthlete) -> FitnessForecast:
    """Return fitness, fatigue and form to come if the current plan is done as it stands."""
    async with use.database.transaction() as session:
        today = await local_today(session, athlete_id, use.clock.now())
        return await forecast(session, athlete_id, today=today)
