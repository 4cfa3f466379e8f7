"""Queries over stored race predictions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.predictions.tables import RacePredictionRow


class RacePredictionRepository:
    """Predictions within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, values: dict[str, Any]) -> None:
        """Store a prediction in place of an earlier one of the same race; one that was closed stays."""
        statement = insert(RacePredictionRow).values(**values)
        renewed = {name: statement.excluded[name] for name in values if name not in ("id", "athlete_id")}
        await self._session.execute(
            statement.on_conflict_do_update(
                constraint="uq_race_predictions_target",
                set_=renewed,
                where=RacePredictionRow.outcome_s.is_(None)
                & (RacePredictionRow.inputs_digest != statement.excluded.inputs_digest),
            )
        )

    async def all(self, viewer: AthleteId) -> list[RacePredictionRow]:
        """Return the athlete's predictions, the oldest race first."""
        query = (
            select(RacePredictionRow)
            .where(visible_to(viewer, RacePredictionRow))
            .order_by(RacePredictionRow.target_date, RacePredictionRow.distance_m)
        )
        return list((await self._session.execute(query)).scalars())

    async def held_lately(self, races: int) -> tuple[int, int]:
        """Return in how many of the last races of everybody the 80 % interval held, and how many these are."""
        row = RacePredictionRow
        last = (
            select(row.outcome_s.between(row.low_80_s, row.high_80_s).label("held"))
            .where(row.outcome_s.is_not(None))
            .order_by(row.outcome_date.desc())
            .limit(races)
            .subquery()
        )
        query = select(func.count().filter(last.c.held), func.count()).select_from(last)
        held, found = (await self._session.execute(query)).one()
        return held, found
