"""One session as a file for another device or service."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.adaptation.edits import find
from topform.coaching.language import known_language
from topform.coaching.plan_language import in_language
from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.athletes.public import get_athlete
from topform.features.plans.repository import PlanRepository
from topform.features.plans.tables import PlanRow
from topform.features.plans.versions import require_unlocked
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
_ASCII, _NOT_LATIN = frozenset({"mrc", "erg"}), frozenset({"zh"})


async def exported(
    session: AsyncSession, viewer: AthleteId, plan_id: UUID, session_id: str, kind: str
) -> tuple[bytes, str, str]:
    """Return the content, its media type and a file name; refused while a red flag stops training."""
    plan = await PlanRepository(session).visible(viewer, plan_id)
    if plan is None:
        raise NotFoundError("There is no such plan.")
    found = find(plan.document, session_id)
    if found is None:
        raise NotFoundError("There is no such session in the plan.")
    await require_unlocked(session, viewer)
    language = (await get_athlete(session, viewer)).language
    said = found[1] if kind in _ASCII and known_language(language) in _NOT_LATIN else in_language(found[1], language)
    content = _content(plan, plan.document["days"][found[0]]["date"], said, kind, language)
    if isinstance(content, bytes):
        return content, _BINARY, f"{session_id}.{kind}"
    return json.dumps(content, ensure_ascii=False).encode(), _JSON, f"{session_id}-{kind}.json"


def _content(plan: PlanRow, day: str, planned: dict[str, Any], kind: str, language: str) -> bytes | dict[str, Any]:
    threshold = (plan.request.get("athlete") or {}).get("threshold") or {}
    match kind:
        case "fit":
            return fit_workout(planned, created_at=plan.created_at, language=language)
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
