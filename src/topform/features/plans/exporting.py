"""One session as a file for another device or service."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.adaptation.edits import find
from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.plans.repository import PlanRepository
from topform.features.plans.tables import PlanRow
from topform.formats.workouts import (
    erg,
    fit_workout,
    health_connect_session,
    intervals_event,
    mrc,
    workoutkit_composition,
    zwo,
)

_BINARY, _JSON = "application/octet-stream", "application/json"


async def exported(
    session: AsyncSession, viewer: AthleteId, plan_id: UUID, session_id: str, kind: str
) -> tuple[bytes, str, str]:
    """Return the content, its media type and a file name."""
    plan = await PlanRepository(session).visible(viewer, plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan.")
    found = find(plan.document, session_id)
    if found is None:
        raise NotFoundError("There is no such session in the plan.")
    content = _content(plan, plan.document["days"][found[0]]["date"], found[1], kind)
    if isinstance(content, bytes):
        return content, _BINARY, f"{session_id}.{kind}"
    return json.dumps(content, ensure_ascii=False).encode(), _JSON, f"{session_id}-{kind}.json"


def _content(plan: PlanRow, day: str, planned: dict[str, Any], kind: str) -> bytes | dict[str, Any]:
    threshold = (plan.request.get("athlete") or {}).get("threshold") or {}
    match kind:
        case "fit":
            return fit_workout(planned, created_at=plan.created_at)
        case "zwo":
            return zwo(planned)
        case "mrc":
            return mrc(planned)
        case "erg":
            return erg(planned, ftp_w=threshold.get("power_w"))
        case "workoutkit":
            return workoutkit_composition(planned)
        case "health_connect":
            return health_connect_session(planned, day=day)
        case _:
            return intervals_event(planned, day=day)
