"""How sessions went: step by step against what was recorded, and what the athlete says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.adaptation.edits import find
from topform.coaching.adaptation.matching import Match, match_day
from topform.coaching.adherence import adherence
from topform.core.activity import Channel
from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.activities.public import leg_channels
from topform.features.athletes.public import Share, is_shared_here
from topform.features.consents.public import ConsentPurpose, refuse_withdrawn
from topform.features.plans.adapting_schemas import (
    AdherenceReport,
    Feedback,
    SessionAdherence,
    SessionMark,
    StepAdherence,
    StoredFeedback,
    StoredMark,
)
from topform.features.plans.editing import spoken
from topform.features.plans.events import SESSION_TOLD
from topform.features.plans.life import called_done, done_between, local_today, locked_days
from topform.features.plans.repository import PlanRepository
from topform.features.plans.tables import PlanRow, SessionFeedbackRow, SessionMarkRow
from topform.features.readiness.public import red_flag_is_set
from topform.platform.events import publish
from topform.platform.web.resources import Resources

MOST_DAYS = 31
_CHANNELS = (Channel.POWER_W, Channel.SPEED_M_S, Channel.HR_BPM)
"""What the targets of steps are about."""


class SessionAheadError(InvalidInputError):
    """How a session was can be said from its day on."""

    code = "session_ahead"


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
    """Return how the sessions of some days went; those to come are left out while a red flag stops training."""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise InvalidInputError(f"Ask for 1 to {MOST_DAYS} days.", remedy="Choose a shorter span.")
    plan = await PlanRepository(session).visible(viewer, plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan.")
    done = await done_between(session, viewer, first, last)
    felt = {
        row.session_id: _feedback(row) for row in await PlanRepository(session).feedback(viewer, first=first, last=last)
    }
    marked = {row.session_id: _mark(row) for row in await PlanRepository(session).marks(viewer, first=first, last=last)}
    is_stopped = await red_flag_is_set(session, viewer)
    sessions, extra = [], []
    for day in plan.document["days"]:
        when = date.fromisoformat(day["date"])
        if not first <= when <= last:
            continue
        planned = await planned_on(session, viewer, plan, when)
        matches, more = match_day(
            planned, [item for item in done if item.day == when], told=called_done(marked.values())
        )
        extra += [UUID(item.activity_id) for item in more if not item.is_part]
        sessions += [
            await _session(session, resources, viewer, match, when, today, felt, marked)
            for match in matches
            if match.is_done or when < today or not is_stopped
        ]
    return AdherenceReport(sessions=sessions, extra_activity_ids=extra)


@dataclass(frozen=True, slots=True)
class KeptDay:
    """A day of the plan: how many sessions it had and were done, and whether illness or absence stood above it.

    Of a day that was over when the plan was made only what was done counts as planned.

    Done counts the athlete's word where nothing was recorded; ``told_at`` is when the last such word came. Skipped are
    those that were called so and not done.
    """

    day: date
    planned: int
    done: int
    is_locked: bool
    skipped: int = 0
    told_at: datetime | None = None


async def kept_days(session: AsyncSession, viewer: AthleteId, *, first: date, last: date) -> list[KeptDay] | None:
    """Return how some days of the current plan went; None without a plan."""
    plan = await PlanRepository(session).newest(viewer)
    if plan is None:
        return None
    done = await done_between(session, viewer, first, last)
    locked = await locked_days(session, viewer, first=first, last=last)
    marked = {row.session_id: row for row in await PlanRepository(session).marks(viewer, first=first, last=last)}
    kept = []
    for day in plan.document["days"]:
        when = date.fromisoformat(day["date"])
        if first <= when <= last:
            planned = await planned_on(session, viewer, plan, when)
            recorded = [item for item in done if item.day == when]
            matches, _ = match_day(planned, recorded, told=called_done(marked.values()))
            words = [marked[match.session["id"]] for match in matches if match.session["id"] in marked]
            n_done = sum(match.is_done for match in matches)
            kept.append(
                KeptDay(
                    day=when,
                    planned=len(matches) if day["date"] >= plan.document.get("made_on", "") else n_done,
                    done=n_done,
                    is_locked=when in locked,
                    skipped=sum(not match.is_done and match.session["id"] in marked for match in matches),
                    told_at=max((word.updated_at for word in words if word.mark == "done"), default=None),
                )
            )
    return kept


async def kept_sessions(session: AsyncSession, viewer: AthleteId, *, first: date, last: date) -> tuple[int, int] | None:
    """Return how many sessions the current plan has on some days and how many were done; None without a plan."""
    days = await kept_days(session, viewer, first=first, last=last)
    return None if days is None else (sum(day.planned for day in days), sum(day.done for day in days))


async def planned_on(session: AsyncSession, viewer: AthleteId, plan: PlanRow, when: date) -> list[dict[str, Any]]:
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
    match: Match,
    when: date,
    today: date,
    felt: dict[str, StoredFeedback],
    marked: dict[str, StoredMark],
) -> SessionAdherence:
    planned, done = match.session, match.done
    mark = marked.get(planned["id"])
    about: dict[str, Any] = {
        "session_id": planned["id"],
        "day": when,
        "title": planned["title"],
        "feedback": felt.get(planned["id"]),
        "mark": mark,
    }
    if match.is_told:
        return SessionAdherence(status="done", **about)
    if done is None and mark is not None:
        return SessionAdherence(status="skipped", **about)
    if done is None:
        return SessionAdherence(status="missed" if when < today else "upcoming", **about)
    t_s, recorded = await leg_channels(
        session, resources.store, viewer, UUID(done.activity_id), leg=0, channels=_CHANNELS
    )
    channels = {channel.value: values for channel, values in recorded.items()}
    found = adherence(planned["steps"], t_s, channels)
    return SessionAdherence(
        status="done",
        activity_id=UUID(done.activity_id),
        done_minutes=round(done.minutes, 1),
        share=None if found.share is None else round(found.share, 3),
        by_laps=found.by_laps,
        steps=[StepAdherence.model_validate(item) for item in found.steps],
        **about,
    )


def _feedback(row: SessionFeedbackRow) -> StoredFeedback:
    """Return what was said of a session; notes only to whom they are shared."""
    said = StoredFeedback.model_validate(row)
    return said if is_shared_here(Share.HEALTH_NOTES) else said.model_copy(update={"note": None})


def _mark(row: SessionMarkRow) -> StoredMark:
    """Return what was said to have become of a session; the reason only to whom notes on health are shared."""
    said = StoredMark.model_validate(row)
    return said if is_shared_here(Share.HEALTH_NOTES) else said.model_copy(update={"reason": None})


async def set_feedback(
    session: AsyncSession, athlete_id: AthleteId, plan_id: UUID, session_id: str, feedback: Feedback, *, now: datetime
) -> StoredFeedback:
    """Store how a session was; the last word counts.

    Raises
    ------
    SessionAheadError
        If the session's day is after the athlete's today.
    """
    day = await _lived_day(session, athlete_id, plan_id, session_id, now=now)
    repository = PlanRepository(session)
    said = await repository.feedback(athlete_id, first=day, last=day)
    known = {None, *(row.soreness for row in said if row.session_id == session_id)}
    if feedback.soreness not in known:
        await refuse_withdrawn(session, athlete_id, ConsentPurpose.BODY_AND_WELLNESS)
    values = {
        "athlete_id": athlete_id,
        "session_id": session_id,
        "day": day,
        "updated_at": now,
        **feedback.model_dump(),
    }
    await repository.set_feedback(values)
    await publish(session, athlete_id, SESSION_TOLD, {"id": session_id})
    return StoredFeedback(**{name: value for name, value in values.items() if name != "athlete_id"})


async def set_mark(
    session: AsyncSession, athlete_id: AthleteId, plan_id: UUID, session_id: str, said: SessionMark, *, now: datetime
) -> StoredMark:
    """Store what became of a session without a recording; the last word counts, and None takes it back.

    Raises
    ------
    SessionAheadError
        If the session's day is after the athlete's today.
    """
    day = await _lived_day(session, athlete_id, plan_id, session_id, now=now)
    repository = PlanRepository(session)
    if said.mark is None:
        await repository.remove_mark(athlete_id, session_id)
    else:
        values = {"athlete_id": athlete_id, "session_id": session_id, "day": day, "updated_at": now}
        await repository.set_mark({**values, "mark": said.mark, "reason": said.reason})
    await publish(session, athlete_id, SESSION_TOLD, {"id": session_id})
    return StoredMark(session_id=session_id, day=day, updated_at=now, mark=said.mark, reason=said.reason)


async def _lived_day(
    session: AsyncSession, athlete_id: AthleteId, plan_id: UUID, session_id: str, *, now: datetime
) -> date:
    """Return the day of a planned session, which is today or over; it may stand in a version before the plan's."""
    repository = PlanRepository(session)
    plan = version = await repository.visible(athlete_id, plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan.")
    while version is not None:
        found = find(version.document, session_id)
        if found is not None:
            break
        change = await repository.change_to(athlete_id, version.id)
        version = None if change is None else await repository.visible(athlete_id, change.before_id)
    if version is None or found is None:
        raise NotFoundError("There is no such session in the plan.")
    day = date.fromisoformat(version.document["days"][found[0]]["date"])
    if version is not plan and session_id not in {
        item["id"] for item in await planned_on(session, athlete_id, plan, day)
    }:
        raise NotFoundError("There is no such session in the plan.")
    if day > await local_today(session, athlete_id, now):
        raise SessionAheadError(
            f"This session is on {spoken(day)}.", remedy="Say how it was on that day or later.", day=day.isoformat()
        )
    return day
