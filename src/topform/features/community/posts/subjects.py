"""What posts are about: own activities, form checks, bests and milestones, if their source lets others see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.public import activity_facts, best_of_range
from topform.features.athletes.public import get_athlete, parameter_history
from topform.features.community.posts import sharing
from topform.features.community.posts.routes_shown import route_to_show
from topform.features.community.posts.schemas import Best, MilestoneOfPlan, NewPost
from topform.features.community.tables import PostRow
from topform.features.form_checks.public import form_check_facts
from topform.features.plans.public import reached

ACTIVITY_VALUES = (
    "sport",
    "title",
    "distance_m",
    "elapsed_s",
    "moving_s",
    "speed_mean_m_s",
    "ascent_m",
    "load_au",
    "hr_mean_bpm",
    "power_mean_w",
)


class NotShareableError(InvalidInputError):
    """The source of the values keeps them for their owner's eyes."""

    code = "not_shareable"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a post is about, with all that could be shown of it."""

    kind: sharing.Kind
    values: dict[str, Any]
    activity_id: UUID | None = None
    form_check_id: UUID | None = None


async def subject_of(session: AsyncSession, athlete_id: AthleteId, new: NewPost, *, now: datetime) -> Subject:
    """Return what is to be shared.

    Raises
    ------
    NotShareableError
        If the values come from a source whose terms keep them for their owner.
    """
    if new.activity_id is not None:
        values = await _activity(session, athlete_id, new.activity_id)
        return Subject("activity", values, activity_id=new.activity_id)
    if new.form_check_id is not None:
        values = await _form_check(session, athlete_id, new.form_check_id)
        return Subject("form_check", values, form_check_id=new.form_check_id)
    if new.plan_milestone is not None:
        return await _milestone(session, athlete_id, new.plan_milestone, now=now)
    if new.personal_best is None:
        raise InvalidInputError("There is nothing to share.", remedy="Name what the post is about.")
    return await _best(session, athlete_id, new.personal_best)


async def values_of(session: AsyncSession, athlete_id: AthleteId, post: PostRow) -> dict[str, Any]:
    """Return what could be shown of a subject as it is now; bests and milestones stay as they were."""
    if post.activity_id is not None and post.kind == "activity":
        return await _activity(session, athlete_id, post.activity_id)
    if post.form_check_id is not None:
        return await _form_check(session, athlete_id, post.form_check_id)
    return {}


async def _activity(session: AsyncSession, athlete_id: AthleteId, activity_id: UUID) -> dict[str, Any]:
    row = await activity_facts(session, athlete_id, activity_id)
    if row is None:
        raise NotFoundError("There is no such activity.")
    if row.restricted_by is not None:
        raise NotShareableError(
            f"The terms of {row.restricted_by} let nobody but you see this activity.",
            remedy="Import the recording from your device, then it can be shared.",
        )
    values = {name: getattr(row, name) for name in ACTIVITY_VALUES if name not in row.field_restrictions}
    preview = None if "route_preview" in row.field_restrictions else row.route_preview
    route = await route_to_show(session, athlete_id, preview)
    return {
        **values,
        "day": row.local_date.isoformat(),
        "started_at": row.started_at.isoformat(),
        "route": route,
        "mass_kg": await _mass_kg(session, athlete_id, row.local_date),
    }


async def _form_check(session: AsyncSession, athlete_id: AthleteId, form_check_id: UUID) -> dict[str, Any]:
    row = await form_check_facts(session, athlete_id, form_check_id)
    if row is None:
        raise NotFoundError("There is no such form check.")
    zone = ZoneInfo((await get_athlete(session, athlete_id)).time_zone)
    day = row.created_at.astimezone(zone).date()
    return {
        "exercise": row.exercise,
        "day": day.isoformat(),
        "rep_count": row.counted_reps,
        "held_s": row.held_s,
        "step_rate_spm": row.step_rate_spm,
        "form_decision": row.form_decision,
        "duration_s": row.duration_s,
        "mass_kg": await _mass_kg(session, athlete_id, day),
        "video_frame": None if row.thumbnail_key is None else True,
    }


async def _mass_kg(session: AsyncSession, athlete_id: AthleteId, day: date) -> float | None:
    """Return what the athlete weighed on a day, as they said in their profile."""
    return (await parameter_history(session, athlete_id)).on(day).mass_kg


async def _best(session: AsyncSession, athlete_id: AthleteId, best: Best) -> Subject:
    curve = await best_of_range(
        session,
        athlete_id,
        sport=best.sport.value,
        kind=best.kind,
        first=None,
        last=None,
        purpose=Purpose.OTHER_PEOPLE,
    )
    point = next((one for one in curve if one.duration_s == best.duration_s), None)
    if point is None:
        raise NotFoundError("There is no such best that may be shared.", remedy="See GET /api/v1/fitness/curve.")
    values = {
        "sport": best.sport.value,
        "day": point.day.isoformat(),
        "best_kind": best.kind,
        "best_duration_s": best.duration_s,
        "best_value": point.value,
    }
    return Subject("personal_best", values, activity_id=point.activity_id)


async def _milestone(session: AsyncSession, athlete_id: AthleteId, wish: MilestoneOfPlan, *, now: datetime) -> Subject:
    zone = ZoneInfo((await get_athlete(session, athlete_id)).time_zone)
    found = await reached(session, athlete_id, wish.plan_id, today=now.astimezone(zone).date())
    asked = (wish.kind, wish.first_day)
    one = next((one for one in found if (one.milestone.kind, one.milestone.first_day) == asked), None)
    if one is None:
        raise NotFoundError(
            "There is no such milestone that may be shared.", remedy="See GET /api/v1/plans/{plan_id}/milestones."
        )
    values = {
        "milestone": wish.kind,
        "sport": one.milestone.sport,
        "day": one.milestone.last_day.isoformat(),
        "phase": one.milestone.phase,
        "distance_m": one.milestone.distance_m,
        "weeks": one.weeks,
        "session_count": one.sessions,
        "duration_s": one.trained_s,
    }
    if one.activity_id is not None:
        values["duration_s"] = (await _activity(session, athlete_id, one.activity_id)).get("elapsed_s")
    return Subject("plan_milestone", values, activity_id=one.activity_id)
