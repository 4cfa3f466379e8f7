"""Wishes to be deleted: stored, taken back, fulfilled when they are due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.accounts.public import AccountHappening, require_other_admin, write_down
from topform.features.athletes.public import get_athlete
from topform.features.privacy.errors import NotConfirmedError
from topform.features.privacy.events import ERASURE_CHANGED
from topform.features.privacy.repository import ErasureRepository
from topform.features.privacy.schemas import Erasure
from topform.features.privacy.tasks import ERASE_TASK
from topform.platform.events import publish
from topform.platform.jobs import defer

TIME_TO_THINK: Final = timedelta(days=7)


async def request_erasure(
    session: AsyncSession, athlete_id: AthleteId, *, confirm_email: str, at_once: bool, now: datetime
) -> Erasure:
    """Store the wish and the work that fulfils it; a second wish changes nothing but the day."""
    athlete = await get_athlete(session, athlete_id)
    if confirm_email.strip().lower() != athlete.email:
        raise NotConfirmedError(
            "The address is not that of the account.", remedy="Type the address that you sign in with."
        )
    await require_other_admin(session, athlete_id)
    wait = timedelta(0) if at_once else TIME_TO_THINK
    erasures = ErasureRepository(session)
    waiting = await erasures.of(athlete_id)
    if waiting is not None:
        if not at_once:
            return Erasure.model_validate(waiting)
        await erasures.take_back(athlete_id)
    erasure_id = new_id()
    row = await erasures.add_once(erasure_id, athlete_id, now=now, due_at=now + wait)
    if row is None:
        raise NotConfirmedError("The account is being deleted already.", remedy="Wait for it.")
    await defer(session, ERASE_TASK, delay=wait, erasure_id=str(erasure_id))
    await write_down(session, athlete_id, AccountHappening.DELETION_ORDERED, now=now)
    erasure = Erasure.model_validate(row)
    await publish(session, athlete_id, ERASURE_CHANGED, erasure.model_dump(mode="json"))
    return erasure


async def current_erasure(session: AsyncSession, athlete_id: AthleteId) -> Erasure:
    """Return the wish that waits, or an empty one."""
    row = await ErasureRepository(session).of(athlete_id)
    return Erasure() if row is None else Erasure.model_validate(row)


async def take_back_erasure(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> None:
    """Forget the wish; its work then finds nothing to do."""
    if not await ErasureRepository(session).take_back(athlete_id):
        raise NotFoundError("No deletion of the account is waiting.")
    await write_down(session, athlete_id, AccountHappening.DELETION_TAKEN_BACK, now=now)
    await publish(session, athlete_id, ERASURE_CHANGED, Erasure().model_dump(mode="json"))
