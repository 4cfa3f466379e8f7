"""Queries over what was taken away and the appeals against it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.community.challenge_tables import ChallengeEntryRow, ChallengeRow, ChallengeTeamRow
from topform.features.community.club_tables import ClubRow
from topform.features.community.moderation_tables import RemovalRow
from topform.features.community.names import folded
from topform.features.community.tables import CommentRow, PersonRow, PostRow
from topform.features.community.visibility import visible_to


@dataclass(frozen=True, slots=True)
class Removed:
    """A removal with what it is about."""

    row: RemovalRow
    person: PersonRow
    post: PostRow | None
    comment: CommentRow | None
    challenge: ChallengeRow | None

    @property
    def text(self) -> str:
        """The words of it."""
        if self.post is not None:
            return self.post.text
        if self.comment is not None:
            return self.comment.text
        if self.row.name is not None:
            return self.row.name
        return "" if self.challenge is None else self.challenge.title


SUBJECTS: Final = (RemovalRow, PersonRow, PostRow, CommentRow, ChallengeRow)


class RemovalRepository:
    """Removals within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: RemovalRow) -> None:
        """Store a removal."""
        self._session.add(row)
        await self._session.flush()

    async def own_page(
        self, athlete_id: AthleteId, *, after: tuple[datetime, UUID] | None, limit: int
    ) -> list[Removed]:
        """Return what was taken from an athlete, the latest first."""
        query = _removals().where(visible_to(athlete_id, RemovalRow))
        if after is not None:
            query = query.where(tuple_(RemovalRow.decided_at, RemovalRow.id) < tuple_(*after))
        query = query.order_by(RemovalRow.decided_at.desc(), RemovalRow.id.desc()).limit(limit)
        return [Removed(*row) for row in (await self._session.execute(query)).all()]

    async def own(self, athlete_id: AthleteId, removal_id: UUID) -> Removed | None:
        """Return something that was taken from an athlete, locked."""
        query = _removals().where(visible_to(athlete_id, RemovalRow), RemovalRow.id == removal_id)
        found = (await self._session.execute(query.with_for_update(of=RemovalRow))).one_or_none()
        return None if found is None else Removed(*found)

    async def was_given_back(self, athlete_id: UUID, challenge_id: UUID) -> bool:
        """Tell whether a moderator gave somebody their place in a challenge back."""
        query = select(RemovalRow.id).where(
            RemovalRow.athlete_id == athlete_id,
            RemovalRow.challenge_id == challenge_id,
            RemovalRow.kind == "entry",
            RemovalRow.answer == "restored",
        )
        return (await self._session.execute(query.limit(1))).first() is not None

    async def words_taken(self, athlete_id: AthleteId) -> list[tuple[str, str | None]]:
        """Return the words of what was taken from an athlete and not given back, with what each post was about."""
        query = select(RemovalRow.name, RemovalRow.about).where(
            visible_to(athlete_id, RemovalRow),
            RemovalRow.kind.in_(("post", "comment", "challenge")),
            RemovalRow.name.is_not(None),
            RemovalRow.answer.is_distinct_from("restored"),
        )
        return [(name or "", about) for name, about in (await self._session.execute(query)).all()]

    async def segment_names_taken(self, segment_ids: Collection[UUID]) -> dict[UUID, set[str]]:
        """Return which names of segments moderators took away, as names are compared."""
        query = select(RemovalRow.segment_id, RemovalRow.name).where(
            RemovalRow.kind == "segment",
            RemovalRow.segment_id.in_(segment_ids),
            RemovalRow.answer.is_distinct_from("restored"),
        )
        found: dict[UUID, set[str]] = {}
        for segment_id, name in (await self._session.execute(query)).all():
            if segment_id is not None:
                found.setdefault(segment_id, set()).add(folded(name or ""))
        return found

    async def club_names_taken(self, club_id: UUID) -> set[str]:
        """Return which names of a club moderators took away, as names are compared."""
        query = select(RemovalRow.name).where(
            RemovalRow.kind == "club", RemovalRow.club_id == club_id, RemovalRow.answer.is_distinct_from("restored")
        )
        return {folded(name or "") for name in (await self._session.execute(query)).scalars()}


class AppealRepository:
    """Appeals of everybody within one transaction; callers have checked the role."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def page(self, *, answered: bool, after: tuple[datetime, UUID] | None, limit: int) -> list[Removed]:
        """Return appeals for moderators, oldest first."""
        answer = RemovalRow.answered_at.is_not(None) if answered else RemovalRow.answered_at.is_(None)
        query = _removals().where(RemovalRow.appealed_at.is_not(None), answer)
        if after is not None:
            query = query.where(tuple_(RemovalRow.appealed_at, RemovalRow.id) > tuple_(*after))
        query = query.order_by(RemovalRow.appealed_at, RemovalRow.id).limit(limit)
        return [Removed(*row) for row in (await self._session.execute(query)).all()]

    async def appeal(self, removal_id: UUID) -> Removed | None:
        """Return an appeal for moderators, locked."""
        query = _removals().where(RemovalRow.id == removal_id, RemovalRow.appealed_at.is_not(None))
        found = (await self._session.execute(query.with_for_update(of=RemovalRow))).one_or_none()
        return None if found is None else Removed(*found)

    async def entry(self, athlete_id: UUID, challenge_id: UUID) -> ChallengeEntryRow | None:
        """Return the place that an appeal is about, for a moderator, locked."""
        query = select(ChallengeEntryRow).where(
            ChallengeEntryRow.athlete_id == athlete_id, ChallengeEntryRow.challenge_id == challenge_id
        )
        return (await self._session.execute(query.with_for_update())).scalar_one_or_none()

    async def club(self, club_id: UUID | None) -> ClubRow | None:
        """Return the club that an appeal is about, for a moderator, locked."""
        query = select(ClubRow).where(ClubRow.id == club_id).with_for_update()
        return (await self._session.execute(query)).scalar_one_or_none()

    async def team(self, team_id: UUID | None) -> ChallengeTeamRow | None:
        """Return the team that an appeal is about, for a moderator, locked."""
        query = select(ChallengeTeamRow).where(ChallengeTeamRow.id == team_id).with_for_update()
        return (await self._session.execute(query)).scalar_one_or_none()


def _removals() -> Select[RemovalRow, PersonRow, PostRow, CommentRow, ChallengeRow]:
    return (
        select(*SUBJECTS)
        .join(PersonRow, PersonRow.athlete_id == RemovalRow.athlete_id)
        .outerjoin(PostRow, PostRow.id == RemovalRow.post_id)
        .outerjoin(CommentRow, CommentRow.id == RemovalRow.comment_id)
        .outerjoin(ChallengeRow, ChallengeRow.id == RemovalRow.challenge_id)
        .execution_options(populate_existing=True)
    )
