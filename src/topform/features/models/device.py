"""The model that the app runs on the device: which version, signed so that a device can tell, and its file."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.features.models.repository import ModelRepository
from topform.features.models.schemas import DeviceModel
from topform.features.models.service import CHAMPION, GOLDEN, RETIRED, SHIPPED_CARD, ModelRegistry
from topform.kinematics.learned_form import MODEL_ID
from topform.platform.model_signing import ModelSigner
from topform.platform.web.resources import Resources

DEVICE_MODELS: Final = frozenset({MODEL_ID})
FORMAT: Final = "topform-device-model"
VERSION: Final = 1


async def device_model(session: AsyncSession, use: Resources, model_id: str, *, now: datetime) -> DeviceModel:
    """Return what decides on devices, as one signed statement; no version: the one that ships with the app.

    ``release`` grows with every change of what decides, also with a rollback to an earlier version: a device that has
    seen a release refuses what was said before it.
    """
    if model_id not in DEVICE_MODELS:
        raise NotFoundError("No model of this name runs on devices.")
    registry = ModelRegistry(session, use.store, use.settings, now=now)
    found = await registry.champion(model_id)
    signer = ModelSigner(use.settings.sealing_keys())
    said: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "model": model_id,
        "release": await ModelRepository(session).changes_of_champion(model_id),
        "keys": signer.public_keys,
        "file": None,
    }
    # The app has the program's own file already.
    if found is not None and not found[0].card.get(SHIPPED_CARD):
        row = found[0]
        said["file"] = {
            "number": row.number,
            "sha256": row.sha256,
            "size_bytes": row.size_bytes,
            "golden": row.card.get(GOLDEN),
        }
    statement = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return DeviceModel(statement=statement, signatures=signer.signatures(statement.encode()))


async def device_model_file(
    session: AsyncSession, use: Resources, model_id: str, sha256: str, *, now: datetime
) -> bytes:
    """Return the file of a version that decides or has decided, checked; all others are nobody's to fetch."""
    found = None if model_id not in DEVICE_MODELS else await ModelRepository(session).with_digest(model_id, sha256)
    if found is None or found.state not in (CHAMPION, RETIRED):
        raise NotFoundError("There is no such file.", remedy="Ask again which version decides.")
    return await ModelRegistry(session, use.store, use.settings, now=now).read(found)
