"""Appeals: what was taken away can come back once another has looked; who decided, when and why stays written down."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.accounts.public import has_other_moderator
from topform.features.community.challenges.reacting import tell_of_challenge, tell_of_place
from topform.features.community.club_members.leaving import tell_club
from topform.features.community.events import REMOVAL_CHANGED
from topform.features.community.moderation.appeal_schemas import (
    Appeal,
    AppealAnswer,
    AppealPage,
    NewAppeal,
    Removal,
    RemovalPage,
)
from topform.features.community.moderation_tables import RemovalRow
from topform.features.community.names import neutral_name
from topform.features.community.posts.schemas import Author, snapshot_shown
from topform.features.community.posts.telling import tell_of_changed_post
from topform.features.community.removal_repository import AppealRepository, RemovalRepository, Removed
from topform.features.community.topics import board_topic
from topform.platform.events import announce, publish
from topform.platform.happenings import Happening, happened
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page


class AlreadyAppealedError(ConflictError):
    """A decision can be appealed once."""

    code = "already_appealed"


class NotYoursToAnswerError(ConflictError):
    """Whoever decided does not answer the appeal while another can."""

    code = "another_moderator_answers"


async def removals(session: AsyncSession, athlete_id: AthleteId, *, cursor: str | None, limit: int) -> RemovalPage:
    """Return what was taken from an athlete, the latest first."""
    rows = await RemovalRepository(session).own_page(athlete_id, after=decode_cursor(cursor), limit=limit + 1)
    shown, has_more = split_page(rows, limit)
    return RemovalPage(
        items=[_own(removed) for removed in shown],
        next_cursor=encode_cursor(shown[-1].row.decided_at, shown[-1].row.id) if has_more else None,
    )


async def appeal(
    session: AsyncSession, athlete_id: AthleteId, removal_id: UUID, new: NewAppeal, *, now: datetime
) -> Removal:
    """Say why something should come back; once."""
    removed = await RemovalRepository(session).own(athlete_id, removal_id)
    if removed is None:
        raise NotFoundError("Nothing of yours was taken away with this id.")
    if removed.row.appealed_at is not None:
        raise AlreadyAppealedError("You appealed already.", remedy="Wait for the answer, or read it.")
    removed.row.appeal, removed.row.appealed_at = new.reason, now
    await session.flush()
    await publish(session, athlete_id, REMOVAL_CHANGED, {"id": str(removal_id)})
    return _own(removed)


async def appeals(
    session: AsyncSession, moderator: AthleteId, *, answered: bool, cursor: str | None, limit: int
) -> AppealPage:
    """Return a page of appeals for moderators, oldest first."""
    rows = await AppealRepository(session).page(answered=answered, after=decode_cursor(cursor), limit=limit + 1)
    shown, has_more = split_page(rows, limit)
    last = shown[-1].row if shown else None
    return AppealPage(
        items=[await _appeal(session, moderator, removed) for removed in shown],
        next_cursor=encode_cursor(last.appealed_at, last.id) if has_more and last and last.appealed_at else None,
    )


async def answer_appeal(
    session: AsyncSession, moderator: AthleteId, removal_id: UUID, said: AppealAnswer, *, now: datetime
) -> Appeal:
    """Let a decision stand or give back what was taken away; another than who decided, where there is one."""
    removed = await AppealRepository(session).appeal(removal_id)
    if removed is None:
        raise NotFoundError("There is no such appeal.")
    row = removed.row
    if row.answered_at is not None:
        raise ConflictError("The appeal was answered already.", remedy="Look at the answered ones.")
    if not await _may_answer(session, moderator, row):
        raise NotYoursToAnswerError("The appeal is not yours to answer.", remedy="Another moderator has to answer it.")
    row.answer, row.answer_note, row.answered_by, row.answered_at = said.answer, said.note, moderator, now
    if said.answer == "restored":
        await _give_back(session, removed)
    await session.flush()
    await publish(session, row.athlete_id, REMOVAL_CHANGED, {"id": str(row.id)})
    happened(session, Happening("appeal_answered", row.athlete_id, f"appeal:{row.id}", now, removal_id=row.id))
    return await _appeal(session, moderator, removed)


async def _give_back(session: AsyncSession, removed: Removed) -> None:
    row = removed.row
    if row.kind in ("club", "team"):
        await _give_name_back(session, row)
    elif row.kind == "entry":
        entry = await AppealRepository(session).entry(row.athlete_id, row.challenge_id) if row.challenge_id else None
        if entry is None or row.challenge_id is None:
            raise ConflictError("The place is not there any more.", remedy="Let the decision stand.")
        entry.removed_at = None
        await session.flush()
        await tell_of_place(session, AthleteId(row.athlete_id), row.challenge_id)
    elif removed.challenge is not None:
        removed.challenge.removed_at = None
        await session.flush()
        await tell_of_challenge(session, removed.challenge)
    elif removed.comment is not None or removed.post is not None:
        thing = removed.comment or removed.post
        if thing is not None:
            thing.removed_at = None
        await session.flush()
        post_id = removed.comment.post_id if removed.comment is not None else row.post_id
        await tell_of_changed_post(session, post_id, also=[row.athlete_id])


async def _give_name_back(session: AsyncSession, row: RemovalRow) -> None:
    """Call a club or a team again as it was called, unless its people have chosen another name since."""
    names = AppealRepository(session)
    club, team = await names.club(row.club_id), await names.team(row.team_id)
    for kind, named in (("club", club), ("team", team)):
        if named is not None and row.name is not None and named.name == neutral_name(kind, named.id):
            named.name = row.name
    await session.flush()
    if club is not None:
        await tell_club(session, club.id)
    if team is not None:
        await announce(session, board_topic(team.challenge_id))


async def _may_answer(session: AsyncSession, moderator: AthleteId, row: RemovalRow) -> bool:
    if row.athlete_id == moderator:
        return False
    if row.decided_by != moderator:
        return True
    return not await has_other_moderator(session, besides=[moderator, row.athlete_id])


def _own(removed: Removed) -> Removal:
    return Removal.model_validate(
        {
            "id": removed.row.id,
            "kind": removed.row.kind,
            "text": removed.text,
            "may_appeal": removed.row.appealed_at is None,
            **_decision(removed.row),
        }
    )


async def _appeal(session: AsyncSession, moderator: AthleteId, removed: Removed) -> Appeal:
    row = removed.row
    may = row.answered_at is None and await _may_answer(session, moderator, row)
    return Appeal.model_validate(
        {
            "id": row.id,
            "kind": row.kind,
            "author": Author(handle=removed.person.handle, name=removed.person.name),
            "text": removed.text,
            "snapshot": None if removed.post is None else snapshot_shown(removed.post.snapshot),
            "may_answer": may,
            **_decision(row),
        }
    )


def _decision(row: RemovalRow) -> dict[str, object]:
    names = ("is_by_maker", "note", "decided_at", "appeal", "appealed_at", "answer", "answer_note", "answered_at")
    return {name: getattr(row, name) for name in names}
