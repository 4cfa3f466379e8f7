"""Queries over model versions."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.models.tables import ModelTransitionRow, ModelVersionRow

LOCK = text("SELECT pg_advisory_xact_lock(hashtext('topform.models.' || :model_id))")


class ModelRepository:
    """Model versions within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, model_id: str) -> None:
        """Let nobody else change versions of the model until this transaction ends."""
        await self._session.execute(LOCK, {"model_id": model_id})

    async def model_ids(self) -> list[str]:
        """Return the models that have versions."""
        return list(
            (await self._session.execute(select(ModelVersionRow.model_id).distinct().order_by("model_id"))).scalars()
        )

    async def versions(self, model_id: str) -> list[ModelVersionRow]:
        """Return all versions, the newest first."""
        query = select(ModelVersionRow).where(ModelVersionRow.model_id == model_id)
        return list((await self._session.execute(query.order_by(ModelVersionRow.number.desc()))).scalars())

    async def version(self, model_id: str, number: int) -> ModelVersionRow | None:
        """Return one version."""
        query = select(ModelVersionRow).where(ModelVersionRow.model_id == model_id, ModelVersionRow.number == number)
        return (await self._session.execute(query)).scalar_one_or_none()

    async def in_state(self, model_id: str, state: str) -> ModelVersionRow | None:
        """Return the newest version in a state."""
        query = select(ModelVersionRow).where(ModelVersionRow.model_id == model_id, ModelVersionRow.state == state)
        return (
            await self._session.execute(query.order_by(ModelVersionRow.number.desc()).limit(1))
        ).scalar_one_or_none()

    async def with_digest(self, model_id: str, sha256: str) -> ModelVersionRow | None:
        """Return the version with this file, of several the one that decides or else the newest."""
        query = select(ModelVersionRow).where(ModelVersionRow.model_id == model_id, ModelVersionRow.sha256 == sha256)
        query = query.order_by((ModelVersionRow.state == "champion").desc(), ModelVersionRow.number.desc()).limit(1)
        return (await self._session.execute(query)).scalar_one_or_none()

    async def changes_of_champion(self, model_id: str) -> int:
        """Return how often a version began or ceased to decide; it only ever grows."""
        query = (
            select(func.count())
            .join(ModelVersionRow, ModelVersionRow.id == ModelTransitionRow.version_id)
            .where(ModelVersionRow.model_id == model_id)
            .where((ModelTransitionRow.after == "champion") | (ModelTransitionRow.before == "champion"))
        )
        return int((await self._session.execute(query.select_from(ModelTransitionRow))).scalar_one())

    async def next_number(self, model_id: str) -> int:
        """Return the number that no version has yet."""
        query = select(func.coalesce(func.max(ModelVersionRow.number), 0)).where(ModelVersionRow.model_id == model_id)
        return int((await self._session.execute(query)).scalar_one()) + 1

    async def add(self, row: ModelVersionRow | ModelTransitionRow) -> None:
        """Store a version or a change of state."""
        self._session.add(row)
        await self._session.flush()

    async def set_state(self, version_id: UUID, state: str) -> None:
        """Change the state of a version."""
        await self._session.execute(update(ModelVersionRow).where(ModelVersionRow.id == version_id).values(state=state))

    async def transitions(self, version_ids: Sequence[UUID]) -> list[ModelTransitionRow]:
        """Return the changes of state of versions, oldest first."""
        query = select(ModelTransitionRow).where(ModelTransitionRow.version_id.in_(version_ids))
        query = query.order_by(ModelTransitionRow.created_at, ModelTransitionRow.id)
        return list((await self._session.execute(query)).scalars())

    async def former_champions(self, model_id: str) -> list[ModelVersionRow]:
        """Return versions that were champion and can be again, the one that was it last first."""
        last = (
            select(ModelTransitionRow.version_id, func.max(ModelTransitionRow.created_at).label("at"))
            .where(ModelTransitionRow.after == "champion")
            .group_by(ModelTransitionRow.version_id)
            .subquery()
        )
        query = (
            select(ModelVersionRow)
            .join(last, last.c.version_id == ModelVersionRow.id)
            .where(ModelVersionRow.model_id == model_id, ModelVersionRow.state == "retired")
            .order_by(last.c.at.desc(), ModelVersionRow.number.desc())
        )
        return list((await self._session.execute(query)).scalars())
