"""Reading and deciding signals; every decision stays with its moderator, reason and time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.community.challenges.reacting import tell_of_place
from topform.features.community.challenges.repository import ChallengeRepository
from topform.features.community.challenges.team_repository import TeamRepository
from topform.features.community.posts.schemas import Author
from topform.features.community.removals import write_down_removal
from topform.features.community.signals.repository import Raised, SignalRepository
from topform.features.community.signals.schemas import SignalDecision, SignalList, SignalOfEffort
from topform.features.community.tables import PersonRow


async def signals(session: AsyncSession, moderator: AthleteId, *, decided: bool, limit: int) -> SignalList:
    """Return open signals, the strongest first, or decided ones."""
    repository = SignalRepository(session)
    found = await repository.listed(decided=decided, limit=limit)
    return SignalList(items=[_shown(one, moderator) for one in found], open=await repository.open_count())


async def decide(
    session: AsyncSession, moderator: AthleteId, signal_id: UUID, said: SignalDecision, *, now: datetime
) -> SignalOfEffort:
    """Call an effort fine, or take the place off its board; nobody decides about themselves."""
    repository = SignalRepository(session)
    raised = await repository.signal(signal_id)
    if raised is None:
        raise NotFoundError("There is no such signal.")
    row = raised.row
    if row.decided_at is not None:
        raise ConflictError("The signal was decided already.", remedy="Look at the decided ones.")
    if row.athlete_id == moderator:
        raise ConflictError("The effort is yours.", remedy="Another moderator has to decide.")
    if said.decision == "removed":
        await _take_off(session, moderator, raised, said.note, now=now)
    await repository.decide(row, decision=said.decision, note=said.note, by=moderator, now=now)
    decided = await repository.signal(signal_id)
    if decided is None:
        raise NotFoundError("There is no such signal.")
    return _shown(decided, moderator)


async def _take_off(session: AsyncSession, moderator: AthleteId, raised: Raised, note: str, *, now: datetime) -> None:
    owner, challenge_id = AthleteId(raised.row.athlete_id), raised.row.challenge_id
    if raised.row.segment_id is not None:
        await write_down_removal(
            session,
            owner,
            "segment_place",
            raised.row.segment_id,
            by=moderator,
            note=note,
            now=now,
            name=raised.row.name,
        )
        return
    if challenge_id is None:
        return
    entry = await ChallengeRepository(session).place_of(owner, challenge_id)
    if entry is None or entry.removed_at is not None:
        raise ConflictError("The place is not on the board any more.", remedy="Mark the signal as fine.")
    entry.removed_at = now
    await session.flush()
    await write_down_removal(session, owner, "entry", challenge_id, by=moderator, note=note, now=now)
    await TeamRepository(session).forget_empty(challenge_id)
    await tell_of_place(session, owner, challenge_id)


def _shown(raised: Raised, moderator: AthleteId) -> SignalOfEffort:
    row = raised.row
    return SignalOfEffort.model_validate(
        {
            "id": row.id,
            "code": row.code,
            "strength": row.strength,
            "facts": row.facts,
            "author": _author(raised.person),
            "place": "segment" if row.challenge_id is None else "challenge",
            "challenge_id": row.challenge_id,
            "segment_id": row.segment_id,
            "title": row.name or "" if raised.challenge is None else raised.challenge.title,
            "effort": "activity" if row.form_check_id is None else "set",
            "effort_at": row.effort_at,
            "other": None if raised.other is None else _author(raised.other),
            "raised_at": row.raised_at,
            "may_decide": row.decided_at is None and row.athlete_id != moderator,
            "decision": row.decision,
            "decision_note": row.decision_note,
            "decided_at": row.decided_at,
        }
    )


def _author(person: PersonRow) -> Author:
    return Author(handle=person.handle, name=person.name)
