"""Queries over the teams of a challenge and who is in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.community.challenge_tables import ChallengeEntryRow, ChallengeTeamRow
from topform.features.community.visibility import visible_to


class TeamRepository:
    """The teams of challenges within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: ChallengeTeamRow) -> None:
        """Store a new team."""
        self._session.add(row)
        await self._session.flush()

    async def hold(self, challenge_id: UUID) -> None:
        """Let changes of a challenge's teams happen one after the other, so that none gets too many members."""
        await self._session.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"challenge teams {challenge_id}", 0)))
        )

    async def enter(self, athlete_id: AthleteId, challenge_id: UUID, team_id: UUID, *, since: datetime | None) -> None:
        """Put one's own place into a team, or ask to when ``since`` is None."""
        await self._session.execute(
            update(ChallengeEntryRow)
            .where(visible_to(athlete_id, ChallengeEntryRow), ChallengeEntryRow.challenge_id == challenge_id)
            .values(team_id=team_id, in_team_since=since)
            .execution_options(synchronize_session=False)
        )

    async def leave(self, athlete_id: AthleteId, challenge_id: UUID) -> bool:
        """Take one's own place out of its team, or the question back; False when there is neither."""
        gone = await self._session.execute(
            update(ChallengeEntryRow)
            .where(
                visible_to(athlete_id, ChallengeEntryRow),
                ChallengeEntryRow.challenge_id == challenge_id,
                ChallengeEntryRow.team_id.is_not(None),
            )
            .values(team_id=None, in_team_since=None)
            .returning(ChallengeEntryRow.id)
            .execution_options(synchronize_session=False)
        )
        return gone.scalar_one_or_none() is not None

    async def decide(self, team_id: UUID, athlete_id: UUID, *, since: datetime | None) -> None:
        """Let somebody who asks into a team, or put them out when ``since`` is None; its captain has decided."""
        values = {"team_id": team_id, "in_team_since": since} if since else {"team_id": None, "in_team_since": None}
        await self._session.execute(
            update(ChallengeEntryRow)
            .where(ChallengeEntryRow.athlete_id == athlete_id, ChallengeEntryRow.team_id == team_id)
            .values(values)
            .execution_options(synchronize_session=False)
        )

    async def forget_empty(self, challenge_id: UUID | None = None) -> int:
        """Delete teams, of one challenge or of all, in which nobody is any more; return how many."""
        member = exists().where(
            ChallengeEntryRow.team_id == ChallengeTeamRow.id,
            ChallengeEntryRow.in_team_since.is_not(None),
            ChallengeEntryRow.removed_at.is_(None),
        )
        statement = delete(ChallengeTeamRow).where(~member)
        if challenge_id is not None:
            statement = statement.where(ChallengeTeamRow.challenge_id == challenge_id)
        gone = await self._session.execute(
            statement.returning(ChallengeTeamRow.id).execution_options(synchronize_session=False)
        )
        return len(gone.all())
