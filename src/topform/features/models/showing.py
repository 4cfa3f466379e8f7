"""The registry as administrators see it, in the API and on the command line."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, ModelUnavailableError
from topform.features.models.repository import ModelRepository
from topform.features.models.schemas import (
    ModelTransition,
    ModelVersion,
    ModelVersionDetails,
    RegisteredModel,
    RegisteredModels,
)
from topform.features.models.service import CANDIDATE, CHAMPION, SHADOW, DecidedBy, ModelRegistry
from topform.platform.model_signing import ModelSigner
from topform.platform.web.resources import Resources


async def registered_models(session: AsyncSession, use: Resources) -> RegisteredModels:
    """Return every model with its versions."""
    repository = ModelRepository(session)
    models = []
    for model_id in await repository.model_ids():
        rows = await repository.versions(model_id)
        models.append(
            RegisteredModel(
                model_id=model_id,
                champion=next((row.number for row in rows if row.state == CHAMPION), None),
                shadow=next((row.number for row in rows if row.state == SHADOW), None),
                versions=[ModelVersion.model_validate(row) for row in rows],
            )
        )
    return RegisteredModels(models=models, public_keys=ModelSigner(use.settings.sealing_keys()).public_keys)


async def version_numbers(session: AsyncSession, model_id: str) -> dict[UUID, int]:
    """Return the number of every version of a model, by id."""
    return {row.id: row.number for row in await ModelRepository(session).versions(model_id)}


async def version_details(
    session: AsyncSession, use: Resources, model_id: str, number: int, *, now: datetime
) -> ModelVersionDetails:
    """Return one version with its history, its file checked."""
    registry = ModelRegistry(session, use.store, use.settings, now=now)
    row = await registry.version(model_id, number)
    problem = None
    try:
        await registry.read(row)
    except ModelUnavailableError as error:
        problem = error.message
    history = await ModelRepository(session).transitions([row.id])
    return ModelVersionDetails(
        **ModelVersion.model_validate(row).model_dump(),
        card=row.card,
        is_verified=problem is None,
        problem=problem,
        transitions=[ModelTransition.model_validate(one) for one in history],
    )


async def promote_version(
    session: AsyncSession,
    use: Resources,
    model_id: str,
    number: int,
    *,
    reason: str,
    by: DecidedBy,
    now: datetime,
) -> ModelVersionDetails:
    """Let a version decide that passed its gates or decided before; what was refused, or never judged, cannot."""
    registry = ModelRegistry(session, use.store, use.settings, now=now)
    row = await registry.version(model_id, number)
    if row.state == CANDIDATE:
        raise ConflictError(
            f"Version {number} has not passed its gates.", remedy="Wait until it was held against the champion."
        )
    await registry.promote(row, reason=reason, by=by)
    return await version_details(session, use, model_id, number, now=now)


async def roll_back(
    session: AsyncSession, use: Resources, model_id: str, *, reason: str, by: DecidedBy, now: datetime
) -> ModelVersionDetails:
    """Give the decision back to the champion before; return that one."""
    registry = ModelRegistry(session, use.store, use.settings, now=now)
    row = await registry.rollback(model_id, reason=reason, by=by)
    return await version_details(session, use, model_id, row.number, now=now)
