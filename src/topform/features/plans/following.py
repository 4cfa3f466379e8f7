"""How sessions went: step by step against what was recorded, and what the athlete says about them."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.adaptation.edits import find
from topform.coaching.adaptation.matching import Done, match_day
from topform.coaching.adherence import adherence
from topform.core.arrays import FloatArray
from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.activities.public import leg_streams
from topform.features.plans.adapting_schemas import (
    AdherenceReport,
    Feedback,
    SessionAdherence,
    StepAdherence,
    StoredFeedback,
)
from topform.features.plans.life import done_between
from topform.features.plans.repository import PlanRepository
from topform.features.plans.tables import PlanRow
from topform.platform.web.resources import Resources

MOST_DAYS = 31
_CHANNELS = {"power_w": "power_w", "speed_m_s": "speed_m_s", "hr_bpm": "hr_bpm"}


async def report(
    session: AsyncSession,
    resources: Resources,
    viewer: AthleteId,
    plan_id: UUID,
    *,
    first: date,
    last: date,
    today: date,
) -> AdherenceReport:
    """Return how the sessions of some days went."""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise InvalidInputError(f"Ask for 1 to {MOST_DAYS} days.", remedy="Choose a shorter span.")
    plan = await PlanRepository(session).visible(viewer, plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan.")
    done = await done_between(session, viewer, first, last)
    felt = {
        row.session_id: StoredFeedback.model_validate(row)
        for row in await PlanRepository(session).feedback(viewer, first=first, last=last)
    }
    sessions, extra = [], []
    for day in plan.document["days"]:
        when = date.fromisoformat(day["date"])
        if not first <= when <= last:
            continue
        planned = await _planned_on(session, viewer, plan, when)
        matches, more = match_day(planned, [item for item in done if item.day == when])
        extra += [UUID(item.activity_id) for item in more]
        sessions += [
            await _session(session, resources, viewer, match.session, match.done, when, today, felt)
            for match in matches
        ]
    return AdherenceReport(sessions=sessions, extra_activity_ids=extra)


async def _planned_on(session: AsyncSession, viewer: AthleteId, plan: PlanRow, when: date) -> list[dict[str, Any]]:
    """Return what was planned for a day: a version of the plan that was changed later holds what was recorded."""
    for _ in range(MOST_DAYS):
        day = next((item for item in plan.document["days"] if item["date"] == when.isoformat()), None)
        sessions = [] if day is None else list(day["sessions"])
        if sessions and not any(item.get("workout") == "recorded" for item in sessions):
            return sessions
        change = await PlanRepository(session).change_to(viewer, plan.id)
        before = None if change is None else await PlanRepository(session).visible(viewer, change.before_id)
        if before is None or (change is not None and change.created_at.date() <= when):
            return [item for item in sessions if item.get("workout") != "recorded"]
        plan = before
    return []


async def _session(
    session: AsyncSession,
    resources: Resources,
    viewer: AthleteId,
    planned: dict[str, Any],
    done: Done | None,
    when: date,
    today: date,
    felt: dict[str, StoredFeedback],
) -> SessionAdherence:
    about: dict[str, Any] = {
        "session_id": planned["id"],
        "day": when,
        "title": planned["title"],
        "feedback": felt.get(planned["id"]),
    }
    if done is None:
        return SessionAdherence(status="missed" if when < today else "upcoming", **about)
    streams = await leg_streams(session, resources.store, viewer, UUID(done.activity_id), leg=0)
    t_s: FloatArray = np.array(streams.t_s, dtype=np.float64)
    channels = {
        name: np.array([np.nan if value is None else value for value in streams.channels[stream]], dtype=np.float64)
        for name, stream in _CHANNELS.items()
        if stream in streams.channels
    }
    found = await asyncio.to_thread(adherence, planned["steps"], t_s, channels)
    return SessionAdherence(
        status="done",
        activity_id=UUID(done.activity_id),
        done_minutes=round(done.minutes, 1),
        share=None if found.share is None else round(found.share, 3),
        by_laps=found.by_laps,
        steps=[StepAdherence.model_validate(item) for item in found.steps],
        **about,
    )


async def set_feedback(
    session: AsyncSession, athlete_id: AthleteId, plan_id: UUID, session_id: str, feedback: Feedback, *, now: datetime
) -> StoredFeedback:
    """Store how a session was; the last word counts."""
    plan = await PlanRepository(session).visible(athlete_id, plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan.")
    found = find(plan.document, session_id)
    if found is None:
        raise NotFoundError("There is no such session in the plan.")
    values = {
        "athlete_id": athlete_id,
        "session_id": session_id,
        "day": date.fromisoformat(plan.document["days"][found[0]]["date"]),
        "updated_at": now,
        **feedback.model_dump(),
    }
    await PlanRepository(session).set_feedback(values)
    return StoredFeedback(**{name: value for name, value in values.items() if name != "athlete_id"})
