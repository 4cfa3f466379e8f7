"""What of a plan is done: phases, races that were run, the plan itself; what was missed is no part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.adaptation.matching import Done, match_day
from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.core.units import S_PER_MIN
from topform.features.plans.following import planned_on
from topform.features.plans.life import done_between
from topform.features.plans.repository import PlanRepository
from topform.features.plans.schemas import MilestoneKind, PlanMilestone, PlanMilestones
from topform.features.plans.tables import PlanRow

DAYS_A_WEEK: Final = 7
RACE: Final = "race"


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone with what was recorded for it. [s]

    ``activity_id`` is the recording of a race. Nothing is told of days without training, nor of what was planned.
    """

    milestone: PlanMilestone
    weeks: int | None
    sessions: int | None
    trained_s: float | None
    activity_id: UUID | None


async def list_milestones(session: AsyncSession, viewer: AthleteId, plan_id: UUID, *, today: date) -> PlanMilestones:
    """Return what of a plan is done, the newest first."""
    found = await reached(session, viewer, plan_id, today=today)
    return PlanMilestones(items=[one.milestone for one in found])


async def reached(session: AsyncSession, viewer: AthleteId, plan_id: UUID, *, today: date) -> list[Reached]:
    """Return what of a plan is done, the newest first, from recordings that other people may learn of.

    Raises
    ------
    NotFoundError
        If there is no such plan.
    """
    plan = await PlanRepository(session).visible(viewer, plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan.")
    days = plan.document["days"]
    first, last = (date.fromisoformat(days[place]["date"]) for place in (0, -1))
    done = await done_between(session, viewer, first, min(last, today), purpose=Purpose.OTHER_PEOPLE)
    found = [
        *(_span(plan, "phase", one, done, phase=one["name"]) for one in _phases(plan.document, today)),
        *[await _race(session, viewer, plan, race, done) for race in _races(plan.request, first, min(last, today))],
    ]
    if last < today:
        found.append(_span(plan, "plan", {"start": days[0]["date"], "end": days[-1]["date"]}, done))
    reached = [one for one in found if one is not None]
    return sorted(reached, key=lambda one: (one.milestone.last_day, one.milestone.first_day), reverse=True)


def _phases(document: dict[str, Any], today: date) -> list[dict[str, Any]]:
    """Return the phases that are over; one that is the whole plan is no phase."""
    phases = document.get("phases", [])
    return [one for one in phases if len(phases) > 1 and date.fromisoformat(one["end"]) < today]


def _races(request: dict[str, Any], first: date, last: date) -> list[dict[str, Any]]:
    goal = request.get("goal", {})
    races = [*request.get("other_races", []), *([goal] if goal.get("type") == RACE else [])]
    return [race for race in races if first <= date.fromisoformat(race["date"]) <= last]


def _span(
    plan: PlanRow, kind: MilestoneKind, span: dict[str, Any], done: Sequence[Done], *, phase: str | None = None
) -> Reached | None:
    first, last = date.fromisoformat(span["start"]), date.fromisoformat(span["end"])
    inside = [one for one in done if first <= one.day <= last and not one.is_part]
    if not inside:
        return None
    goal = plan.request.get("goal", {})
    milestone = PlanMilestone(
        kind=kind,
        first_day=first,
        last_day=last,
        sport=_sport(plan.request),
        phase=phase,
        distance_m=goal.get("distance_m") if kind == "plan" and goal.get("type") == RACE else None,
    )
    weeks = max(1, round((last - first + timedelta(days=1)).days / DAYS_A_WEEK))
    trained_s = round(sum(one.minutes for one in inside) * S_PER_MIN, 1)
    return Reached(milestone, weeks, len(inside), trained_s, None)


async def _race(
    session: AsyncSession, viewer: AthleteId, plan: PlanRow, race: dict[str, Any], done: Sequence[Done]
) -> Reached | None:
    """Return a race if a recording of its day is the one that the plan had there."""
    day = date.fromisoformat(race["date"])
    planned = [one for one in await planned_on(session, viewer, plan, day) if one.get("kind") == RACE]
    matches, _ = match_day(planned, [one for one in done if one.day == day])
    run = next((match.done for match in matches if match.done is not None), None)
    if run is None:
        return None
    sport = race.get("sport") or _sport(plan.request)
    milestone = PlanMilestone(
        kind="race", first_day=day, last_day=day, sport=sport, phase=None, distance_m=race.get("distance_m")
    )
    return Reached(milestone, None, None, None, UUID(run.activity_id))


def _sport(request: dict[str, Any]) -> str:
    return str(request["athlete"]["sport"])
