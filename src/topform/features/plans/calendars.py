"""Private calendar addresses: whoever holds one reads the plan, nothing else; it can be revoked at any time."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.plan_language import in_language
from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import get_athlete
from topform.features.plans.adapting_schemas import CalendarAddress, CalendarAddresses
from topform.features.plans.repository import PlanRepository
from topform.features.plans.tables import CalendarTokenRow
from topform.features.plans.versions import stopped_from, without_stopped
from topform.formats.workouts import calendar

SECRET_BYTES = 24


async def add_address(session: AsyncSession, athlete_id: AthleteId, name: str, *, now: datetime) -> CalendarAddress:
    """Make an address; only its digest is stored, so it is shown now or never."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = CalendarTokenRow(id=new_id(), athlete_id=athlete_id, sha256=_digest(secret), name=name, created_at=now)
    session.add(row)
    await session.flush()
    return CalendarAddress(id=row.id, name=name, created_at=now, path=f"/api/v1/calendar/{secret}.ics")


async def list_addresses(session: AsyncSession, viewer: AthleteId) -> CalendarAddresses:
    """Return the addresses without their secrets."""
    rows = await PlanRepository(session).tokens(viewer)
    return CalendarAddresses(items=[CalendarAddress.model_validate(row) for row in rows])


async def revoke_address(session: AsyncSession, athlete_id: AthleteId, token_id: UUID) -> None:
    """Close an address."""
    if not await PlanRepository(session).remove_token(athlete_id, token_id):
        raise NotFoundError("There is no such calendar address.")


async def feed(session: AsyncSession, secret: str, *, now: datetime) -> bytes:
    """Return the calendar that a secret opens: the current plan as it may be followed, empty when there is none."""
    owner = await PlanRepository(session).token_owner(_digest(secret))
    if owner is None:
        raise NotFoundError("There is no such calendar.", remedy="Make a new address in the plan's settings.")
    plan = await PlanRepository(session).newest(owner)
    if plan is None:
        return calendar([], created_at=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
    language = (await get_athlete(session, owner)).language
    days = without_stopped(plan.document["days"], await stopped_from(session, owner, now=now))
    document = in_language({"days": days}, language)
    return calendar(document["days"], created_at=plan.created_at, language=language)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
