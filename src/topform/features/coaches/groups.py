"""Groups in which a coach keeps the athletes who let them in; they change nothing of what the coach may see."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import require_plain_name
from topform.features.coaches.access import coached_athlete
from topform.features.coaches.events import COACHING_CHANGED
from topform.features.coaches.group_repository import GroupRepository
from topform.features.coaches.schemas import CoachGroup, CoachGroups, GroupName
from topform.features.coaches.tables import CoachGroupRow
from topform.platform.events import publish
from topform.platform.web.idempotency import Nothing

MOST_GROUPS: Final = 50


class GroupNameTakenError(ConflictError):
    """The coach has a group of this name."""

    code = "group_name_taken"


async def groups_of(session: AsyncSession, coach_id: AthleteId) -> CoachGroups:
    """Return a coach's groups by name."""
    found = await GroupRepository(session).groups(coach_id)
    return CoachGroups(items=[CoachGroup(id=row.id, name=row.name, athletes=count) for row, count in found])


async def make_group(session: AsyncSession, coach_id: AthleteId, wish: GroupName, *, now: datetime) -> CoachGroup:
    """Make a group."""
    require_plain_name(wish.name)
    groups = GroupRepository(session)
    if len(await groups.groups(coach_id)) >= MOST_GROUPS:
        raise ConflictError(f"You have {MOST_GROUPS} groups.", remedy="Delete one of them first.")
    row = CoachGroupRow(id=new_id(), athlete_id=coach_id, created_at=now)
    return await _saved(session, coach_id, row, wish.name)


async def rename_group(session: AsyncSession, coach_id: AthleteId, group_id: UUID, wish: GroupName) -> CoachGroup:
    """Give a group another name."""
    row = await _own(session, coach_id, group_id)
    if row.name != wish.name:
        require_plain_name(wish.name)
    return await _saved(session, coach_id, row, wish.name)


async def delete_group(session: AsyncSession, coach_id: AthleteId, group_id: UUID) -> Nothing:
    """Delete a group; its athletes stay the coach's."""
    if not await GroupRepository(session).remove(coach_id, group_id):
        raise _unknown()
    await _tell(session, coach_id)
    return Nothing()


async def put_in(session: AsyncSession, coach_id: AthleteId, group_id: UUID, athlete_id: AthleteId) -> CoachGroup:
    """Put an athlete who lets the coach in into a group."""
    await _own(session, coach_id, group_id)
    await coached_athlete(session, coach_id, athlete_id)
    await GroupRepository(session).put_in(coach_id, group_id, athlete_id)
    await _tell(session, coach_id)
    return await _group(session, coach_id, group_id)


async def take_out(session: AsyncSession, coach_id: AthleteId, group_id: UUID, athlete_id: AthleteId) -> Nothing:
    """Take an athlete out of a group."""
    await _own(session, coach_id, group_id)
    await coached_athlete(session, coach_id, athlete_id)
    await GroupRepository(session).take_out(coach_id, athlete_id, group_id=group_id)
    await _tell(session, coach_id)
    return Nothing()


async def members_of(session: AsyncSession, coach_id: AthleteId, group_id: UUID) -> set[UUID]:
    """Return who is in a coach's group."""
    await _own(session, coach_id, group_id)
    return await GroupRepository(session).members(coach_id, group_id)


async def _saved(session: AsyncSession, coach_id: AthleteId, row: CoachGroupRow, name: str) -> CoachGroup:
    group_id = row.id
    if not await GroupRepository(session).save(row, name):
        raise GroupNameTakenError("You have a group of this name.", remedy="Choose another name.")
    await _tell(session, coach_id)
    return await _group(session, coach_id, group_id)


async def _group(session: AsyncSession, coach_id: AthleteId, group_id: UUID) -> CoachGroup:
    found = next((one for one in (await groups_of(session, coach_id)).items if one.id == group_id), None)
    if found is None:
        raise _unknown()
    return found


async def _own(session: AsyncSession, coach_id: AthleteId, group_id: UUID) -> CoachGroupRow:
    row = await GroupRepository(session).group(coach_id, group_id)
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NotFoundError:
    return NotFoundError("There is no such group of yours.")


async def _tell(session: AsyncSession, coach_id: AthleteId) -> None:
    await publish(session, coach_id, COACHING_CHANGED, {"coach_id": str(coach_id)})
