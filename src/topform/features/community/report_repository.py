"""Queries over what of challenges, clubs and teams somebody may report."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.community.challenge_tables import ChallengeEntryRow, ChallengeRow, ChallengeTeamRow
from topform.features.community.club_tables import ClubMemberRow, ClubRow
from topform.features.community.tables import ReportRow
from topform.features.community.visibility import apart, sees_club, visible_to


class ReportRepository:
    """Challenges, places in them, clubs and teams within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def whose_challenge(self, viewer: AthleteId, challenge_id: UUID) -> tuple[UUID, str] | None:
        """Return who made a challenge that the viewer sees, and its title."""
        query = select(ChallengeRow.athlete_id, ChallengeRow.title).where(
            visible_to(viewer, ChallengeRow), ChallengeRow.id == challenge_id
        )
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else (found[0], found[1])

    async def whose_club(self, viewer: AthleteId, club_id: UUID) -> tuple[UUID, str] | None:
        """Return who owns a club that the viewer may know of, and what it is called."""
        query = (
            select(ClubMemberRow.athlete_id, ClubRow.name)
            .join(ClubRow, ClubRow.id == ClubMemberRow.club_id)
            .where(ClubRow.id == club_id, ClubMemberRow.standing == "owner", sees_club(viewer))
        )
        found = (await self._session.execute(query)).one_or_none()
        return None if found is None else (found[0], found[1])

    async def whose_team(self, viewer: AthleteId, team_id: UUID) -> tuple[UUID, str] | None:
        """Return the captain of a team in a challenge that the viewer sees, and what it is called."""
        query = (
            select(ChallengeEntryRow.athlete_id, ChallengeTeamRow.name)
            .join(ChallengeTeamRow, ChallengeTeamRow.id == ChallengeEntryRow.team_id)
            .join(ChallengeRow, ChallengeRow.id == ChallengeTeamRow.challenge_id)
            .where(
                visible_to(viewer, ChallengeRow),
                ChallengeTeamRow.id == team_id,
                ChallengeEntryRow.in_team_since.is_not(None),
                ChallengeEntryRow.removed_at.is_(None),
            )
            .order_by(ChallengeEntryRow.in_team_since, ChallengeEntryRow.id)
        )
        found = (await self._session.execute(query.limit(1))).one_or_none()
        return None if found is None else (found[0], found[1])

    async def add_report(self, row: ReportRow) -> None:
        """Store a report."""
        self._session.add(row)
        await self._session.flush()

    async def whose_place(self, viewer: AthleteId, entry_id: UUID) -> UUID | None:
        """Return whose place it is, if it stands on a board that the viewer sees and for them too."""
        query = (
            select(ChallengeEntryRow.athlete_id)
            .join(ChallengeRow, ChallengeRow.id == ChallengeEntryRow.challenge_id)
            .where(
                visible_to(viewer, ChallengeRow),
                ChallengeEntryRow.id == entry_id,
                ChallengeEntryRow.removed_at.is_(None),
                ~apart(viewer, ChallengeEntryRow.athlete_id),
            )
        )
        return (await self._session.execute(query)).scalar_one_or_none()
