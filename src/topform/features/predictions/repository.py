"""Queries over stored race predictions."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.consents.public import ConsentPurpose, agreeing
from topform.features.predictions.tables import RacePredictionRow
from topform.science.prediction import PREDICTOR_VERSION
from topform.science.prediction.models import HALF_MARATHON_M

MOST_OUTCOMES: Final = 1000
"""Of the newest outcomes so many are looked at, so that a prediction costs the same on a server of any size."""


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

    async def waiting(self, *, since: date) -> list[AthleteId]:
        """Return who was shown a prediction of a race from a day on that has no outcome yet; for the worker."""
        row = RacePredictionRow
        query = select(row.athlete_id).where(row.outcome_s.is_(None), row.target_date >= since).distinct()
        return [AthleteId(value) for value in (await self._session.execute(query)).scalars()]

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

    async def held_for_others(
        self, viewer: AthleteId, *, distance_m: float, before: date
    ) -> list[tuple[date, bool, bool]]:
        """Return when each other person who agreed last raced, and whether the 80 % and 90 % interval shown held.

        One race a person, the oldest first; of distances up to the half marathon, or of those beyond it, as asked.
        """
        row = RacePredictionRow
        is_long = row.distance_m > HALF_MARATHON_M * 1.05
        lately = (
            select(
                row.athlete_id,
                row.outcome_date,
                row.outcome_s.between(row.low_80_s, row.high_80_s).label("held_80"),
                row.outcome_s.between(row.low_90_s, row.high_90_s).label("held_90"),
            )
            .where(
                row.outcome_s.is_not(None),
                row.outcome_date < before,
                row.athlete_id != viewer,
                row.predictor_version == PREDICTOR_VERSION,
                is_long if distance_m > HALF_MARATHON_M * 1.05 else ~is_long,
            )
            .order_by(row.outcome_date.desc())
            .limit(MOST_OUTCOMES)
            .subquery()
        )
        query = (
            select(lately.c.outcome_date, lately.c.held_80, lately.c.held_90)
            .where(agreeing(ConsentPurpose.IMPROVE_PREDICTIONS, lately.c.athlete_id))
            .ext(distinct_on(lately.c.athlete_id))
            .order_by(lately.c.athlete_id, lately.c.outcome_date.desc())
        )
        found = [(day, bool(held_80), bool(held_90)) for day, held_80, held_90 in await self._session.execute(query)]
        return sorted(found, key=lambda one: one[0])
