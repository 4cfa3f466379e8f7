"""Queries over form checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.form_checks.tables import FormCheckRow


class FormCheckRepository:
    """Form checks within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: FormCheckRow) -> None:
        """Store a new form check."""
        self._session.add(row)
        await self._session.flush()

    async def visible(self, viewer: AthleteId, form_check_id: UUID) -> FormCheckRow | None:
        """Return the form check if the viewer may see it."""
        query = select(FormCheckRow).where(FormCheckRow.id == form_check_id, visible_to(viewer, FormCheckRow))
        return (await self._session.execute(query)).scalar_one_or_none()

    async def counts_of(self, athlete_ids: Sequence[UUID]) -> dict[UUID, int]:
        """Return how many form checks athletes have; for administrators, who get the number and nothing else."""
        query = (
            select(FormCheckRow.athlete_id, func.count())
            .where(FormCheckRow.athlete_id.in_(athlete_ids))
            .group_by(FormCheckRow.athlete_id)
        )
        return {athlete_id: count for athlete_id, count in await self._session.execute(query)}

    async def page(self, viewer: AthleteId, *, after: tuple[datetime, UUID] | None, limit: int) -> list[FormCheckRow]:
        """Return the viewer's form checks, newest first, beginning after the position."""
        query = select(FormCheckRow).where(visible_to(viewer, FormCheckRow))
        if after is not None:
            query = query.where(tuple_(FormCheckRow.created_at, FormCheckRow.id) < tuple_(*after))
        query = query.order_by(FormCheckRow.created_at.desc(), FormCheckRow.id.desc()).limit(limit)
        return list((await self._session.execute(query)).scalars())

    async def comparable(
        self, viewer: AthleteId, *, exercise: str, view: str, limit: int
    ) -> list[tuple[UUID, list[dict[str, Any]]]]:
        """Return the repetitions of the viewer's newest form checks of an exercise seen from one side."""
        query = (
            select(FormCheckRow.id, FormCheckRow.rep_curves)
            .where(
                visible_to(viewer, FormCheckRow),
                FormCheckRow.exercise == exercise,
                FormCheckRow.rep_curves.is_not(None),
                FormCheckRow.document["view"]["name"].astext == view,
            )
            .order_by(FormCheckRow.created_at.desc(), FormCheckRow.id.desc())
            .limit(limit)
        )
        return [(found_id, curves) for found_id, curves in (await self._session.execute(query)).all()]

    async def has_good_rep(self, viewer: AthleteId, *, exercise: str, view: str) -> bool:
        """Return whether the viewer has a repetition without fault of an exercise from one side."""
        query = select(FormCheckRow.id).where(
            visible_to(viewer, FormCheckRow),
            FormCheckRow.exercise == exercise,
            FormCheckRow.document["view"]["name"].astext == view,
            FormCheckRow.rep_curves.contains([{"is_good": True}]),
        )
        return (await self._session.execute(query.limit(1))).first() is not None

    async def with_poses(self, viewer: AthleteId) -> list[FormCheckRow]:
        """Return the viewer's form checks whose body points are kept, oldest first."""
        query = select(FormCheckRow).where(visible_to(viewer, FormCheckRow), FormCheckRow.poses_key.is_not(None))
        query = query.order_by(FormCheckRow.created_at, FormCheckRow.id)
        return list((await self._session.execute(query)).scalars())

    async def between(self, viewer: AthleteId, exercise: str, first: datetime, last: datetime) -> list[UUID]:
        """Return the ids of the viewer's form checks of an exercise from a moment to before another."""
        query = select(FormCheckRow.id).where(
            visible_to(viewer, FormCheckRow),
            FormCheckRow.exercise == exercise,
            FormCheckRow.created_at >= first,
            FormCheckRow.created_at < last,
        )
        return list((await self._session.execute(query)).scalars())

    async def with_reps_of(
        self, athlete_ids: Sequence[UUID], *, exercise: str, since: datetime | None
    ) -> list[FormCheckRow]:
        """Return sets with repetitions of athletes who agreed to their use; for work on behalf of the operator."""
        query = select(FormCheckRow).where(
            FormCheckRow.athlete_id.in_(athlete_ids), FormCheckRow.exercise == exercise, FormCheckRow.rep_count > 0
        )
        if since is not None:
            query = query.where(FormCheckRow.created_at > since)
        return list((await self._session.execute(query)).scalars())

    async def remove(self, viewer: AthleteId, form_check_id: UUID) -> None:
        """Delete the form check."""
        await self._session.execute(
            delete(FormCheckRow).where(FormCheckRow.id == form_check_id, visible_to(viewer, FormCheckRow))
        )
