"""One race time: the prediction from races and training where there is one, else the plan's own estimate."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.goals import PlanSport, RaceGoal
from topform.coaching.race import estimate_race, race_basis
from topform.coaching.request import PlanRequest
from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.core.units import S_PER_MIN
from topform.features.plans.repository import PlanRepository
from topform.features.plans.schemas import RaceTime
from topform.features.plans.tables import PlanRow
from topform.features.predictions.public import race_prediction


async def get_race_time(session: AsyncSession, viewer: AthleteId, plan_id: UUID) -> RaceTime | None:
    """Return the time to expect in the race of a plan; None without a race."""
    plan = await PlanRepository(session).visible(viewer, plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan.")
    return await race_time_of(session, viewer, plan)


async def race_time_of(session: AsyncSession, viewer: AthleteId, plan: PlanRow) -> RaceTime | None:
    """Return the time to expect in the race of a plan as things stand now."""
    request = PlanRequest.from_dict(plan.request)
    goal = request.goal
    if not isinstance(goal, RaceGoal):
        return None
    about: dict[str, Any] = {"date": goal.day, "sport": goal.sport.value, "distance_m": goal.distance_m}
    if goal.sport is PlanSport.RUNNING:
        found = await race_prediction(session, viewer, distance_m=goal.distance_m, day=goal.day)
        if found is not None:
            return RaceTime(
                basis="prediction",
                time_s=found.time_s,
                interval_80_s=found.interval_80_s,
                reasons=found.reasons,
                **about,
            )
    estimate = estimate_race(replace(goal, expected_s=None), request)
    if estimate.interval_80_s is None:
        return RaceTime(
            basis="experience", missing=list(estimate.missing), reasons=[race_basis(goal, estimate)], **about
        )
    return RaceTime(
        basis="threshold",
        time_s=float(estimate.minutes * S_PER_MIN),
        interval_80_s=estimate.interval_80_s,
        reasons=[race_basis(replace(goal, expected_s=None), estimate), *_RUNS_ONLY.get(goal.sport, ())],
        **about,
    )


def with_race_time(effect: Mapping[str, Any], known: RaceTime | None) -> dict[str, Any]:
    """Return what two plans lead to with the one race time: as it is today, and changed by the plans' difference."""
    result = copy.deepcopy(dict(effect))
    sides = [result[name]["race"] for name in ("before", "after") if "race" in (result.get(name) or {})]
    if known is None or known.time_s is None or known.interval_80_s is None or len(sides) < 2:
        return result
    start = sides[0]["gain_pct"]
    for side in sides:
        ratio = (1 + start / 100) / (1 + side["gain_pct"] / 100)
        side["minutes"] = round(known.time_s * ratio / S_PER_MIN, 1)
        side["interval_80_minutes"] = [round(value * ratio / S_PER_MIN, 1) for value in known.interval_80_s]
        side["difference_s"] = round(known.time_s * (ratio - 1))
        side["basis"] = known.basis
    return result


_RUNS_ONLY = {PlanSport.RUNNING: ("There are no races or not enough runs to predict from.",)}
