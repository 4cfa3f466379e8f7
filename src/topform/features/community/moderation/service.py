"""Reading and deciding reports; every decision stays in the report with its moderator, reason and time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.community.challenges.reacting import tell_of_challenge, tell_of_place
from topform.features.community.challenges.team_repository import TeamRepository
from topform.features.community.club_members.leaving import tell_club
from topform.features.community.events import POST_CHANGED
from topform.features.community.moderation.repository import ModerationRepository, Reported
from topform.features.community.moderation.schemas import ReportDecision, ReportedKind, ReportedThing, ReportPage
from topform.features.community.names import folded, neutral_name
from topform.features.community.posts.schemas import Author, snapshot_shown
from topform.features.community.removal_repository import AppealRepository
from topform.features.community.removals import RemovedKind, write_down_removal
from topform.features.community.topics import board_topic
from topform.platform.events import announce, publish
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page


async def reports(session: AsyncSession, *, decided: bool, cursor: str | None, limit: int) -> ReportPage:
    """Return a page of reports, oldest first."""
    rows = await ModerationRepository(session).page(decided=decided, after=decode_cursor(cursor), limit=limit + 1)
    shown, has_more = split_page(rows, limit)
    return ReportPage(
        items=[_shown(reported) for reported in shown],
        next_cursor=encode_cursor(shown[-1].row.created_at, shown[-1].row.id) if has_more else None,
    )


async def decide(
    session: AsyncSession, moderator: AthleteId, report_id: UUID, decision: ReportDecision, *, now: datetime
) -> ReportedThing:
    """Keep or remove what was reported; nobody decides about themselves."""
    repository = ModerationRepository(session)
    reported = await repository.report(report_id)
    if reported is None:
        raise NotFoundError("There is no such report.")
    row = reported.row
    if row.decided_at is not None:
        raise ConflictError("The report was decided already.", remedy="Look at the decided ones.")
    if row.reported_id == moderator:
        raise ConflictError("The report is about you.", remedy="Another moderator has to decide.")
    if decision.decision == "removed":
        await _remove(session, moderator, reported, decision.note, now=now)
    await repository.decide_alike(row, decision=decision.decision, note=decision.note, by=moderator, now=now)
    post_id = reported.comment.post_id if reported.comment is not None else row.post_id
    if post_id is not None:
        await publish(session, row.reported_id, POST_CHANGED, {"id": str(post_id)})
    decided = await repository.report(report_id)
    if decided is None:
        raise NotFoundError("There is no such report.")
    return _shown(decided)


async def _remove(session: AsyncSession, moderator: AthleteId, reported: Reported, note: str, *, now: datetime) -> None:
    """Take away what was reported, write that down, and tell whose it was."""
    kind = _kind(reported)
    if kind in ("club", "team", "segment"):
        await _take_name_away(session, moderator, reported, note, now=now)
        return
    thing = {
        "entry": reported.entry,
        "challenge": reported.challenge,
        "comment": reported.comment,
        "post": reported.post,
    }.get(kind)
    if kind == "person" or thing is None:
        raise InvalidInputError(
            "A person cannot be removed here.", remedy="An administrator can lock the account; or keep it."
        )
    if thing.removed_at is not None:
        return
    thing.removed_at = now
    await session.flush()
    owner = AthleteId(reported.row.reported_id)
    subject = reported.entry.challenge_id if reported.entry is not None else thing.id
    await write_down_removal(session, owner, kind, subject, by=moderator, note=note, now=now)
    if reported.entry is not None:
        await TeamRepository(session).forget_empty(reported.entry.challenge_id)
        await tell_of_place(session, owner, reported.entry.challenge_id)
    elif reported.challenge is not None:
        await tell_of_challenge(session, reported.challenge)


async def _take_name_away(
    session: AsyncSession, moderator: AthleteId, reported: Reported, note: str, *, now: datetime
) -> None:
    """Give a club, a team or a segment a neutral name; its people choose another one, or appeal."""
    row, names = reported.row, AppealRepository(session)
    owner, name = AthleteId(row.reported_id), row.name or ""
    if row.segment_id is not None:
        await write_down_removal(session, owner, "segment", row.segment_id, by=moderator, note=note, now=now, name=name)
        return
    club, team = await names.club(row.club_id), await names.team(row.team_id)
    named = club or team
    if named is None or folded(named.name) != folded(name):
        raise ConflictError("It is called otherwise by now.", remedy="Keep it; report the new name if it is wrong too.")
    kind: RemovedKind = "team" if club is None else "club"
    named.name = neutral_name(kind, named.id)
    await session.flush()
    await write_down_removal(session, owner, kind, named.id, by=moderator, note=note, now=now, name=name)
    if club is not None:
        await tell_club(session, club.id)
    if team is not None:
        await announce(session, board_topic(team.challenge_id))


def _kind(reported: Reported) -> ReportedKind:
    if reported.row.club_id is not None:
        return "club"
    if reported.row.team_id is not None:
        return "team"
    if reported.row.segment_id is not None:
        return "segment"
    if reported.entry is not None:
        return "entry"
    if reported.challenge is not None:
        return "challenge"
    if reported.comment is not None:
        return "comment"
    return "person" if reported.post is None else "post"


def _shown(reported: Reported) -> ReportedThing:
    row, post = reported.row, reported.post
    said = reported.comment or post
    title = "" if reported.challenge is None else reported.challenge.title
    now = title if said is None else said.text
    return ReportedThing(
        id=row.id,
        kind=_kind(reported),
        author=Author(handle=reported.person.handle, name=reported.person.name),
        text=now if row.name is None else row.name,
        snapshot=snapshot_shown(post.snapshot) if post is not None else None,
        reason=row.reason,
        note=row.note,
        created_at=row.created_at,
        decision=row.decision,
        decision_note=row.decision_note,
        decided_at=row.decided_at,
    )
