"""The registry of models, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from topform.features.models import device, showing
from topform.features.models.schemas import Decided, DeviceModel, ModelVersionDetails, RegisteredModels
from topform.platform.web.identity import Administrator, SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/admin/models", tags=["administration"])
device_models_router = APIRouter(prefix="/device-models", tags=["form checks"])

ModelId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
VersionNumber = Annotated[int, Path(ge=1, le=1_000_000)]
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


@router.get("")
async def list_registered_models(use: Use, _admin: Administrator) -> RegisteredModels:
    """Return the models that this server keeps versions of, and which version of each decides."""
    async with use.database.transaction() as session:
        return await showing.registered_models(session, use)


@router.get("/{model_id}/versions/{number}")
async def get_model_version(
    model_id: ModelId, number: VersionNumber, use: Use, _admin: Administrator
) -> ModelVersionDetails:
    """Return a version with its card, whether its file and signature are right, and every change of its state."""
    async with use.database.transaction() as session:
        return await showing.version_details(session, use, model_id, number, now=use.clock.now())


@router.post("/{model_id}/versions/{number}/promote")
async def promote_model_version(
    model_id: ModelId, number: VersionNumber, decided: Decided, use: Use, _admin: Administrator
) -> ModelVersionDetails:
    """Let a version decide that passed its gates, or decided before."""
    async with use.database.transaction() as session:
        return await showing.promote_version(
            session, use, model_id, number, reason=decided.reason, by="administrator", now=use.clock.now()
        )


@router.post("/{model_id}/rollback")
async def roll_back_model(model_id: ModelId, decided: Decided, use: Use, _admin: Administrator) -> ModelVersionDetails:
    """Give the decision back to the version before; the answer is that version."""
    async with use.database.transaction() as session:
        return await showing.roll_back(
            session, use, model_id, reason=decided.reason, by="administrator", now=use.clock.now()
        )


@device_models_router.get("/{model_id}")
async def get_device_model(model_id: ModelId, use: Use, _athlete: SignedInAthlete) -> DeviceModel:
    """Return which version of a model the app shall run on the device, signed; `push_up_form` is the one there is."""
    async with use.database.transaction() as session:
        return await device.device_model(session, use, model_id, now=use.clock.now())


@device_models_router.get(
    "/{model_id}/files/{sha256}",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def get_device_model_file(model_id: ModelId, sha256: Sha256, use: Use, _athlete: SignedInAthlete) -> Response:
    """Return the `.tflite` file of a version that decides or has decided."""
    async with use.database.transaction() as session:
        content = await device.device_model_file(session, use, model_id, sha256, now=use.clock.now())
    return Response(
        content,
        media_type="application/octet-stream",
        headers={"Cache-Control": "private, max-age=31536000, immutable"},
    )
