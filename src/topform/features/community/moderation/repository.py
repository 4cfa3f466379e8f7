"""Queries of moderators: over what was reported, whoever it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.community.challenge_tables import ChallengeEntryRow, ChallengeRow
from topform.features.community.tables import CommentRow, PersonRow, PostRow, ReportRow
from topform.features.community.visibility import visible_to

MOST_AGAIN: Final = 100
"""So many posts that say the same are taken away with one decision."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A report with whom and what it is about."""

    row: ReportRow
    person: PersonRow | None
    """None when they have left the community."""
    post: PostRow | None
    comment: CommentRow | None
    challenge: ChallengeRow | None
    """The challenge, or that of the place."""
    entry: ChallengeEntryRow | None


class ModerationRepository:
    """Reports within one transaction; callers have checked the role."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, *, decided: bool, after: tuple[datetime, UUID] | None, limit: int) -> list[Reported]:
        """Return reports for moderators, oldest first."""
        query = self._reports().where(ReportRow.decided_at.is_not(None) if decided else ReportRow.decided_at.is_(None))
        if after is not None:
            query = query.where(tuple_(ReportRow.created_at, ReportRow.id) > tuple_(*after))
        query = query.order_by(ReportRow.created_at, ReportRow.id).limit(limit)
        return [Reported(*row) for row in (await self._session.execute(query)).all()]

    async def report(self, report_id: UUID) -> Reported | None:
        """Return a report for moderators, locked."""
        query = self._reports().where(ReportRow.id == report_id).with_for_update(of=ReportRow)
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else Reported(*found)

    async def decide_alike(self, row: ReportRow, *, decision: str, note: str, by: UUID, now: datetime) -> None:
        """Decide all open reports of the same thing, for moderators."""
        await self._session.execute(
            update(ReportRow)
            .where(
                ReportRow.reported_id == row.reported_id,
                ReportRow.post_id.is_not_distinct_from(row.post_id),
                ReportRow.comment_id.is_not_distinct_from(row.comment_id),
                ReportRow.challenge_id.is_not_distinct_from(row.challenge_id),
                ReportRow.entry_id.is_not_distinct_from(row.entry_id),
                ReportRow.club_id.is_not_distinct_from(row.club_id),
                ReportRow.team_id.is_not_distinct_from(row.team_id),
                ReportRow.segment_id.is_not_distinct_from(row.segment_id),
                ReportRow.name.is_not_distinct_from(row.name),
                ReportRow.kept["kind"].astext.is_not_distinct_from((row.kept or {}).get("kind")),
                ReportRow.kept["about"].astext.is_not_distinct_from((row.kept or {}).get("about")),
                ReportRow.decided_at.is_(None),
            )
            .values(decision=decision, decision_note=note, decided_by=by, decided_at=now)
            .execution_options(synchronize_session=False)
        )

    async def said_again(self, author: UUID, words: str, about: str | None) -> list[PostRow]:
        """Return posts of somebody in words that were reported, or about the same without any; for moderators."""
        query = select(PostRow).where(
            visible_to(AthleteId(author), PostRow), PostRow.athlete_id == author, PostRow.removed_at.is_(None)
        )
        if words.strip() != "":
            query = query.where(func.lower(PostRow.text) == words.strip().lower())
        else:
            subject, _, identifier = (about or "").partition(":")
            column = {"activity": PostRow.activity_id, "form_check": PostRow.form_check_id}.get(subject)
            if column is None:
                return []
            query = query.where(PostRow.text == "", column == UUID(identifier))
        query = query.order_by(PostRow.created_at, PostRow.id).limit(MOST_AGAIN).with_for_update()
        return list((await self._session.execute(query)).scalars())

    def _reports(self) -> Select[ReportRow, PersonRow, PostRow, CommentRow, ChallengeRow, ChallengeEntryRow]:
        challenge = func.coalesce(ReportRow.challenge_id, ChallengeEntryRow.challenge_id)
        return (
            select(ReportRow, PersonRow, PostRow, CommentRow, ChallengeRow, ChallengeEntryRow)
            .outerjoin(PersonRow, PersonRow.athlete_id == ReportRow.reported_id)
            .outerjoin(PostRow, PostRow.id == ReportRow.post_id)
            .outerjoin(CommentRow, CommentRow.id == ReportRow.comment_id)
            .outerjoin(ChallengeEntryRow, ChallengeEntryRow.id == ReportRow.entry_id)
            .outerjoin(ChallengeRow, ChallengeRow.id == challenge)
            .execution_options(populate_existing=True)
        )
