"""Queries over the outcomes of an upload's files."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.tables import ImportOutcomeRow
from topform.features.athletes.public import visible_to


class OutcomeRepository:
    """Outcomes within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, athlete_id: AthleteId, job_id: UUID, position: int, document: dict[str, Any]) -> None:
        """Write down what became of a file; a second worker on the same job fails here and undoes its own effect."""
        await self._session.execute(
            insert(ImportOutcomeRow).values(athlete_id=athlete_id, job_id=job_id, position=position, document=document)
        )

    async def positions(self, viewer: AthleteId, job_id: UUID) -> set[int]:
        """Return which files of the upload have been dealt with."""
        query = select(ImportOutcomeRow.position).where(
            ImportOutcomeRow.job_id == job_id, visible_to(viewer, ImportOutcomeRow)
        )
        return set((await self._session.execute(query)).scalars())

    async def all(self, viewer: AthleteId, job_id: UUID) -> list[dict[str, Any]]:
        """Return the outcomes in the order of the files."""
        query = (
            select(ImportOutcomeRow.document)
            .where(ImportOutcomeRow.job_id == job_id, visible_to(viewer, ImportOutcomeRow))
            .order_by(ImportOutcomeRow.position)
        )
        return list((await self._session.execute(query)).scalars())
