"""Reading and deciding reports; every decision stays in the report with its moderator, reason and time."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.community.challenge_tables import ChallengeEntryRow, ChallengeRow
from topform.features.community.challenges.reacting import tell_of_challenge, tell_of_place
from topform.features.community.challenges.team_repository import TeamRepository
from topform.features.community.club_members.leaving import tell_club
from topform.features.community.evidence import about_of
from topform.features.community.moderation.repository import ModerationRepository, Reported
from topform.features.community.moderation.schemas import ReportDecision, ReportedKind, ReportedThing, ReportPage
from topform.features.community.names import folded, neutral_name
from topform.features.community.posts.schemas import Author, snapshot_shown
from topform.features.community.posts.telling import readers_of, tell_of_changed_post
from topform.features.community.removal_repository import AppealRepository
from topform.features.community.removals import RemovedKind, write_down_removal
from topform.features.community.tables import CommentRow, PostRow
from topform.features.community.topics import board_topic
from topform.platform.events import announce
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page

OUTLASTING: Final[tuple[Literal["post", "comment", "challenge"], ...]] = ("post", "comment", "challenge")
"""What can be taken away after it was deleted, so that it does not come back."""

SUBJECTS: Final = ("post", "comment", "challenge", "entry", "club", "team", "segment")


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
    decided = await repository.report(report_id)
    if decided is None:
        raise NotFoundError("There is no such report.")
    return _shown(decided)


async def _remove(session: AsyncSession, moderator: AthleteId, reported: Reported, note: str, *, now: datetime) -> None:
    """Take away what was reported, write that down, and tell whose it was."""
    kind = _kind(reported)
    if kind == "person":
        raise InvalidInputError(
            "A person cannot be removed here.", remedy="An administrator can lock the account; or keep it."
        )
    if _is_deleted(reported) and kind not in OUTLASTING:
        raise ConflictError("It is not there any more.", remedy="Keep it; nothing of it is left to take away.")
    if kind in ("club", "team", "segment"):
        await _take_name_away(session, moderator, reported, note, now=now)
    elif kind == "entry" and reported.entry is not None:
        await _take_place_away(session, moderator, reported.entry, note, now=now)
    else:
        await _take_words_away(session, moderator, reported, note, now=now)


async def _take_place_away(
    session: AsyncSession, moderator: AthleteId, entry: ChallengeEntryRow, note: str, *, now: datetime
) -> None:
    if entry.removed_at is not None:
        return
    entry.removed_at = now
    await session.flush()
    owner = AthleteId(entry.athlete_id)
    await write_down_removal(session, owner, "entry", entry.challenge_id, by=moderator, note=note, now=now)
    await TeamRepository(session).forget_empty(entry.challenge_id)
    await tell_of_place(session, owner, entry.challenge_id)


async def _take_words_away(
    session: AsyncSession, moderator: AthleteId, reported: Reported, note: str, *, now: datetime
) -> None:
    """Take a post, a comment or a challenge away, and posts that say the same again.

    What was deleted is written down all the same, so that it is refused when it is shared again.
    """
    row, things = reported.row, [reported.post or reported.comment or reported.challenge]
    owner, kept = AthleteId(row.reported_id), row.kept or {}
    kind: RemovedKind = next(one for one in OUTLASTING if one == _kind(reported))
    if kind == "post":
        again = await ModerationRepository(session).said_again(row.reported_id, row.name or "", kept.get("about"))
        things = [*(thing for thing in things if thing is not None), *(post for post in again if post not in things)]
    for thing in things or [None]:
        if thing is not None and thing.removed_at is not None:
            continue
        about = kept.get("about")
        told: set[UUID] = set()
        if isinstance(thing, PostRow):
            about = about_of(thing.kind, thing.snapshot, thing.activity_id, thing.form_check_id)
            told = await readers_of(session, thing)
        if thing is not None:
            thing.removed_at = now
            await session.flush()
        is_reported = thing in (None, reported.post, reported.comment, reported.challenge)
        words = row.name if is_reported and row.name is not None else _words(thing)
        subject = None if thing is None else thing.id
        await write_down_removal(
            session, owner, kind, subject, by=moderator, note=note, now=now, name=words, about=about
        )
        if isinstance(thing, PostRow):
            await tell_of_changed_post(session, thing.id, also=told)
        elif isinstance(thing, CommentRow):
            await tell_of_changed_post(session, thing.post_id, also=[owner])
    if reported.challenge is not None:
        await tell_of_challenge(session, reported.challenge)


def _words(thing: PostRow | CommentRow | ChallengeRow | None) -> str:
    if thing is None:
        return ""
    return thing.title if isinstance(thing, ChallengeRow) else thing.text


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


def _is_deleted(reported: Reported) -> bool:
    row = reported.row
    return _kind(reported) != "person" and not any(getattr(row, f"{name}_id") for name in SUBJECTS)


def _kind(reported: Reported) -> ReportedKind:
    if reported.row.kept is not None:
        kind: ReportedKind = reported.row.kept["kind"]
        return kind
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
    row, post, kept = reported.row, reported.post, reported.row.kept or {}
    said = reported.comment or post
    title = "" if reported.challenge is None else reported.challenge.title
    now = title if said is None else said.text
    person = kept if reported.person is None else {"handle": reported.person.handle, "name": reported.person.name}
    shown = kept if post is None else post.snapshot
    return ReportedThing(
        id=row.id,
        kind=_kind(reported),
        author=Author(handle=person.get("handle", ""), name=person.get("name", "")),
        text=now if row.name is None else row.name,
        snapshot=snapshot_shown(shown) if _kind(reported) == "post" else None,
        is_deleted=_is_deleted(reported),
        said_at=kept.get("said_at"),
        reason=row.reason,
        note=row.note,
        created_at=row.created_at,
        decision=row.decision,
        decision_note=row.decision_note,
        decided_at=row.decided_at,
    )
