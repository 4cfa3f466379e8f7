"""Inviting, asking, granting, taking back, and what coaches looked at."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, NotFoundError, RateLimitedError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import Athlete, Share, TooYoungError, find_athlete, get_athlete, require_may_share
from topform.features.coaches.code_repository import CodeRepository
from topform.features.coaches.codes import digest, new_code
from topform.features.coaches.events import COACHING_CHANGED
from topform.features.coaches.group_repository import GroupRepository
from topform.features.coaches.repository import CoachRepository
from topform.features.coaches.schemas import (
    AccessChange,
    AccessQuestion,
    CoachAccess,
    CoachInvitation,
    CoachRead,
    CoachReads,
    InvitationOrder,
    PastAccess,
    PeopleWithAccess,
    ScopeText,
)
from topform.features.coaches.scopes import SUGGESTED, TEXT_VERSION, TEXTS, ordered
from topform.features.coaches.tables import CoachGrantRow, CoachInvitationRow
from topform.features.coaches.tasks import SEND_INVITATION_TASK
from topform.platform.events import publish
from topform.platform.jobs import defer
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page
from topform.platform.web.rate_limits import RateLimit, RateLimits

INVITATION_LASTS: Final = timedelta(days=14)
MOST_INVITATIONS: Final = 10
MOST_PAST: Final = 100
QUIET_AFTER_NO: Final = timedelta(days=30)
"""So long a coach whom the athlete refused cannot ask again; their questions are swallowed."""
QUESTIONS_PER_COACH: Final = RateLimit("coach_questions", 20, timedelta(days=1))
TRIES_PER_PERSON: Final = RateLimit("coach_codes", 20, timedelta(hours=1))


class InvitationCodeError(InvalidInputError):
    """The code opens nothing."""

    code = "invitation_unknown"


async def people(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> PeopleWithAccess:
    """Return who can see what of the athlete, who asks to, and who could before."""
    repository = CoachRepository(session)
    rows = await repository.grants(athlete_id)
    last_reads = await repository.last_reads(athlete_id)
    known = {row.coach_id: await get_athlete(session, AthleteId(row.coach_id)) for row in rows}
    past = [row for row in rows if row.ended_at is not None]
    return PeopleWithAccess(
        coaches=[
            _access(row, known[row.coach_id], last_reads.get(row.coach_id)) for row in rows if row.ended_at is None
        ],
        invitations=[_invitation(row) for row in await repository.invitations(athlete_id, now=now)],
        past=[
            PastAccess.model_validate(
                {
                    "coach_id": row.coach_id,
                    "name": known[row.coach_id].display_name,
                    "scopes": row.scopes,
                    "accepted_at": row.accepted_at,
                    "ended_at": row.ended_at,
                    "ended_by": row.ended_by,
                }
            )
            for row in past[:MOST_PAST]
        ],
        scopes=[ScopeText(scope=scope, text=text, is_suggested=scope in SUGGESTED) for scope, text in TEXTS.items()],
    )


async def invite(
    session: AsyncSession, athlete_id: AthleteId, order: InvitationOrder, *, now: datetime
) -> CoachInvitation:
    """Make an invitation: its code is in the answer, or in a letter to the address that was named."""
    await require_may_share(session, athlete_id, today=now.date())
    repository = CoachRepository(session)
    if len(await repository.invitations(athlete_id, now=now)) >= MOST_INVITATIONS:
        raise ConflictError(
            f"{MOST_INVITATIONS} invitations wait already.", remedy="Take one back, or wait until one has run out."
        )
    code = None if order.email is not None else new_code()
    row = CoachInvitationRow(
        id=new_id(),
        athlete_id=athlete_id,
        code_sha256=None if code is None else digest(code),
        email=None if order.email is None else order.email.strip().lower(),
        scopes=ordered(order.scopes),
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    await repository.add(row)
    if code is None:
        await defer(session, SEND_INVITATION_TASK, athlete_id=str(athlete_id), invitation_id=str(row.id))
    return _invitation(row).model_copy(update={"code": code})


async def take_invitation_back(session: AsyncSession, athlete_id: AthleteId, invitation_id: UUID) -> None:
    """Delete an invitation; its code opens nothing from now on."""
    if not await CoachRepository(session).remove_invitation(athlete_id, invitation_id):
        raise NotFoundError("There is no such invitation.")


async def count_try(limits: RateLimits, coach_id: AthleteId) -> None:
    """Count a code that somebody tries, and refuse it when there were too many."""
    if not await limits.hit(TRIES_PER_PERSON, str(coach_id)):
        raise RateLimitedError("Too many codes were tried.", remedy="Wait an hour and check the code.")


async def use_invitation(session: AsyncSession, coach_id: AthleteId, code: str, *, now: datetime) -> AthleteId:
    """Become a coach with an athlete's code and return whose; who may not share data may not see others' either."""
    repository = CoachRepository(session)
    row = await CodeRepository(session).invitation_by_code(digest(code), now=now)
    await require_may_share(session, coach_id, today=now.date())
    coach = await get_athlete(session, coach_id)
    if row is None or (row.email is not None and row.email != coach.email):
        raise InvitationCodeError(
            "The code opens nothing: it was used, taken back, has run out, or is for another account.",
            remedy="Check the code, or ask the athlete for a new invitation.",
        )
    athlete_id = AthleteId(row.athlete_id)
    if athlete_id == coach_id:
        raise InvalidInputError("This is your own invitation.", remedy="Hand the code to your coach.")
    await require_may_share(session, athlete_id, today=now.date())
    await repository.remove_invitation(athlete_id, row.id)
    await _grant(session, athlete_id, coach_id, scopes=list(row.scopes), asked_by="athlete", now=now)
    return athlete_id


async def count_question(limits: RateLimits, coach_id: AthleteId) -> None:
    """Count a question of a coach, and refuse it when there were too many."""
    if not await limits.hit(QUESTIONS_PER_COACH, str(coach_id)):
        raise RateLimitedError("You have asked 20 athletes within a day.", remedy="Ask more tomorrow.")


async def ask(session: AsyncSession, coach_id: AthleteId, question: AccessQuestion, *, now: datetime) -> None:
    """Put a coach's question to an athlete; the coach cannot tell whether anybody has the address."""
    scopes = ordered(question.scopes)
    athlete = await find_athlete(session, question.email)
    if athlete is None or athlete.id == coach_id:
        return
    athlete_id, repository = AthleteId(athlete.id), CoachRepository(session)
    try:
        await require_may_share(session, athlete_id, today=now.date())
    except TooYoungError:
        return
    await repository.lock_pair(athlete_id, coach_id)
    if await repository.open_grant(athlete_id, coach_id) is not None:
        return
    if await repository.was_ended_since(athlete_id, coach_id, now - QUIET_AFTER_NO):
        return
    await repository.add(
        CoachGrantRow(
            id=new_id(),
            athlete_id=athlete_id,
            coach_id=coach_id,
            scopes=scopes,
            text_version=TEXT_VERSION,
            asked_by="coach",
            message=question.message,
            created_at=now,
            accepted_at=None,
            ended_at=None,
            ended_by=None,
        )
    )
    await publish(session, athlete_id, COACHING_CHANGED, {"coach_id": str(coach_id)})


async def change_access(
    session: AsyncSession, athlete_id: AthleteId, coach_id: AthleteId, change: AccessChange, *, now: datetime
) -> CoachAccess:
    """Say yes to a coach's question, or share something else with them from now on."""
    scopes = ordered(change.scopes)
    await require_may_share(session, athlete_id, today=now.date())
    repository = CoachRepository(session)
    await repository.lock_pair(athlete_id, coach_id)
    row = await repository.open_grant(athlete_id, coach_id, lock=True)
    if row is None:
        raise NotFoundError("This person neither sees your data nor asks to.")
    if row.accepted_at is None or list(row.scopes) != scopes:
        asked_by = row.asked_by
        row = await _grant(session, athlete_id, coach_id, scopes=scopes, asked_by=asked_by, now=now)
    last_read = (await repository.last_reads(athlete_id)).get(coach_id)
    return _access(row, await get_athlete(session, coach_id), last_read)


async def end_access(
    session: AsyncSession, athlete_id: AthleteId, coach_id: AthleteId, *, by: str, now: datetime
) -> None:
    """Take the access back, refuse a question, or step back as a coach; it holds from the next read on."""
    repository = CoachRepository(session)
    await repository.lock_pair(athlete_id, coach_id)
    row = await repository.open_grant(athlete_id, coach_id, lock=True)
    if row is None or (by == "coach" and row.accepted_at is None):
        raise NotFoundError(
            "This person neither sees your data nor asks to."
            if by == "athlete"
            else "There is no such athlete among those you coach."
        )
    await repository.end(row, by=by, now=now)
    await GroupRepository(session).take_out(coach_id, athlete_id)
    await _tell(session, athlete_id, coach_id)


async def reads(
    session: AsyncSession, athlete_id: AthleteId, *, coach_id: AthleteId | None, cursor: str | None, limit: int
) -> CoachReads:
    """Return what coaches looked at, the latest first."""
    rows = await CoachRepository(session).reads(
        athlete_id, coach_id=coach_id, after=decode_cursor(cursor), limit=limit + 1
    )
    shown, has_more = split_page(rows, limit)
    names = {row.coach_id: (await get_athlete(session, AthleteId(row.coach_id))).display_name for row in shown}
    return CoachReads(
        items=[
            CoachRead(
                coach_id=row.coach_id,
                coach_name=names[row.coach_id],
                day=row.day,
                what=row.what,
                item=row.item or None,
                times=row.times,
                last_at=row.last_at,
            )
            for row in shown
        ],
        next_cursor=encode_cursor(shown[-1].last_at, shown[-1].id) if has_more else None,
    )


async def _grant(
    session: AsyncSession,
    athlete_id: AthleteId,
    coach_id: AthleteId,
    *,
    scopes: list[str],
    asked_by: str,
    now: datetime,
) -> CoachGrantRow:
    repository = CoachRepository(session)
    await repository.lock_pair(athlete_id, coach_id)
    before = await repository.open_grant(athlete_id, coach_id, lock=True)
    message = None
    if before is not None:
        message = before.message
        await repository.end(before, by="change", now=now)
    row = CoachGrantRow(
        id=new_id(),
        athlete_id=athlete_id,
        coach_id=coach_id,
        scopes=scopes,
        text_version=TEXT_VERSION,
        asked_by=asked_by,
        message=message,
        created_at=now,
        accepted_at=now,
        ended_at=None,
        ended_by=None,
    )
    await repository.add(row)
    await _tell(session, athlete_id, coach_id)
    return row


async def _tell(session: AsyncSession, athlete_id: AthleteId, coach_id: AthleteId) -> None:
    for person in (athlete_id, coach_id):
        await publish(session, person, COACHING_CHANGED, {"coach_id": str(coach_id)})


def _access(row: CoachGrantRow, coach: Athlete, last_read_at: datetime | None) -> CoachAccess:
    return CoachAccess.model_validate(
        {
            "coach_id": row.coach_id,
            "name": coach.display_name,
            "email": coach.email,
            "scopes": [Share(scope) for scope in row.scopes],
            "state": "asked" if row.accepted_at is None else "active",
            "asked_by": row.asked_by,
            "message": row.message,
            "since": row.accepted_at or row.created_at,
            "last_read_at": last_read_at,
        }
    )


def _invitation(row: CoachInvitationRow) -> CoachInvitation:
    return CoachInvitation(
        id=row.id,
        email=row.email,
        scopes=[Share(scope) for scope in row.scopes],
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
