"""Roles and locks: who decides for the server, and who may not come in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, PermissionDeniedError
from topform.core.ids import AthleteId, new_id
from topform.features.accounts.repository import AccountRepository
from topform.features.accounts.standing_repository import ADMIN, StandingRepository
from topform.features.accounts.tables import AdminActionRow, StandingRow
from topform.platform.web.identity import Role


class LastAdminError(ConflictError):
    """Without this account nobody could administer the server."""

    code = "last_admin"


class LockedByAdminError(PermissionDeniedError):
    """An administrator locked the account."""

    code = "account_locked_by_admin"


async def require_open(session: AsyncSession, athlete_id: AthleteId) -> None:
    """Refuse to let somebody in whose account an administrator locked."""
    row = await StandingRepository(session).of(athlete_id)
    if row is not None and row.locked_at is not None:
        raise LockedByAdminError(
            "This account was locked by the person who runs the server.", remedy="Write to them; your data are kept."
        )


async def set_role(
    session: AsyncSession, athlete_id: AthleteId, role: Role, *, actor: AthleteId | None, now: datetime
) -> StandingRow:
    """Give an account a role; the last administrator stays one."""
    repository = StandingRepository(session)
    await repository.lock()
    before = await repository.of(athlete_id)
    if (before.role if before is not None else "athlete") != role:
        if role != ADMIN:
            await require_other_admin(session, athlete_id)
        await repository.set(athlete_id, {"role": role}, now=now)
        await _write_down(repository, athlete_id, "role", role, actor=actor, now=now)
    elif before is None:
        await repository.set(athlete_id, {"role": role}, now=now)
    return await _standing(repository, athlete_id)


async def set_lock(
    session: AsyncSession, athlete_id: AthleteId, *, is_locked: bool, actor: AthleteId | None, now: datetime
) -> StandingRow:
    """Lock an account, which ends its sessions and stops its tokens, or open it again."""
    repository = StandingRepository(session)
    await repository.lock()
    before = await repository.of(athlete_id)
    if (before is not None and before.locked_at is not None) != is_locked:
        if is_locked:
            await require_other_admin(session, athlete_id)
            await AccountRepository(session).end_sessions(athlete_id)
        await repository.set(athlete_id, {"locked_at": now if is_locked else None}, now=now)
        await _write_down(repository, athlete_id, "lock" if is_locked else "unlock", None, actor=actor, now=now)
    elif before is None:
        await repository.set(athlete_id, {}, now=now)
    return await _standing(repository, athlete_id)


async def has_other_moderator(session: AsyncSession, *, besides: Collection[UUID]) -> bool:
    """Tell whether somebody beside some accounts can decide as a moderator."""
    return await StandingRepository(session).other_moderators(besides) > 0


async def require_other_admin(session: AsyncSession, athlete_id: AthleteId) -> None:
    """Refuse what would leave the server without an administrator."""
    repository = StandingRepository(session)
    row = await repository.of(athlete_id)
    if (
        row is not None
        and row.role == ADMIN
        and row.locked_at is None
        and await repository.other_admins(athlete_id) == 0
    ):
        raise LastAdminError(
            "This is the only administrator of the server.", remedy="Make somebody else an administrator first."
        )


async def write_down_change(
    session: AsyncSession, athlete_id: AthleteId, action: str, *, actor: AthleteId, now: datetime
) -> None:
    """Write down that an administrator changed something of an account."""
    await _write_down(StandingRepository(session), athlete_id, action, None, actor=actor, now=now)


async def write_down_invitation(session: AsyncSession, action: str, *, actor: AthleteId, now: datetime) -> None:
    """Write down that an administrator made an invitation or took one back."""
    await _write_down(StandingRepository(session), None, action, None, actor=actor, now=now)


async def _write_down(
    repository: StandingRepository,
    athlete_id: AthleteId | None,
    action: str,
    value: str | None,
    *,
    actor: AthleteId | None,
    now: datetime,
) -> None:
    await repository.write_down(
        AdminActionRow(id=new_id(), athlete_id=athlete_id, actor_id=actor, action=action, value=value, created_at=now)
    )


async def _standing(repository: StandingRepository, athlete_id: AthleteId) -> StandingRow:
    row = await repository.of(athlete_id)
    assert row is not None
    return row
