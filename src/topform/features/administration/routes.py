"""Administration: only people with the role, signed in themselves, get here."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from topform.core.ids import AthleteId
from topform.features.administration import service
from topform.features.administration.repository import QueueRepository
from topform.features.administration.schemas import (
    AdminActions,
    AdministeredAccount,
    AdministeredAccounts,
    BirthDateChange,
    LockChange,
    QueueHealth,
    RoleChange,
    SignUpInvitation,
    SignUpInvitations,
)
from topform.platform.web.identity import Administrator
from topform.platform.web.pages import CursorParameter, Limit
from topform.platform.web.resources import Use

router = APIRouter(prefix="/admin", tags=["administration"])

InvitationId = Annotated[str, Path(min_length=64, max_length=64, pattern=r"^[0-9a-f]{64}$")]


@router.get("/accounts")
async def list_accounts(
    use: Use,
    _admin: Administrator,
    q: Annotated[str | None, Query(max_length=100, description="Part of the name or the address.")] = None,
    limit: Limit = 50,
    cursor: CursorParameter = None,
) -> AdministeredAccounts:
    """Return the accounts of this server with counts, the newest first; nothing of what anybody trained."""
    async with use.database.transaction() as session:
        return await service.list_accounts(session, text_part=q, cursor=cursor, limit=limit)


@router.put("/accounts/{account_id:uuid}/role")
async def set_account_role(account_id: UUID, change: RoleChange, use: Use, admin: Administrator) -> AdministeredAccount:
    """Make somebody an administrator, a moderator, or an athlete like any other; the last administrator stays one."""
    async with use.database.transaction() as session:
        return await service.change_role(session, AthleteId(account_id), change.role, actor=admin, now=use.clock.now())


@router.put("/accounts/{account_id:uuid}/lock")
async def set_account_lock(account_id: UUID, change: LockChange, use: Use, admin: Administrator) -> AdministeredAccount:
    """Lock an account: its sessions end and its tokens stop; nothing is deleted. Or open it again."""
    async with use.database.transaction() as session:
        return await service.change_lock(
            session, AthleteId(account_id), is_locked=change.is_locked, actor=admin, now=use.clock.now()
        )


@router.put("/accounts/{account_id:uuid}/birth-date")
async def set_account_birth_date(
    account_id: UUID, change: BirthDateChange, use: Use, admin: Administrator
) -> AdministeredAccount:
    """Correct a date of birth; people below 16 cannot change their own."""
    async with use.database.transaction() as session:
        return await service.correct_date_of_birth(
            session, AthleteId(account_id), change.birth_date, actor=admin, now=use.clock.now()
        )


@router.get("/invitations")
async def list_sign_up_invitations(use: Use, _admin: Administrator) -> SignUpInvitations:
    """Return invitations to this server that can still be used."""
    async with use.database.transaction() as session:
        return await service.list_invitations(session, now=use.clock.now())


@router.post("/invitations", status_code=201)
async def add_sign_up_invitation(use: Use, admin: Administrator) -> SignUpInvitation:
    """Make an invitation with which one person can sign up; its link is shown only now."""
    async with use.database.transaction() as session:
        return await service.make_invitation(session, use.settings, actor=admin, now=use.clock.now())


@router.delete("/invitations/{sign_up_invitation_id}", status_code=204)
async def withdraw_sign_up_invitation(sign_up_invitation_id: InvitationId, use: Use, admin: Administrator) -> None:
    """Take an invitation back."""
    async with use.database.transaction() as session:
        await service.withdraw_invitation(session, sign_up_invitation_id, actor=admin, now=use.clock.now())


@router.get("/jobs")
async def get_queue_health(use: Use, _admin: Administrator) -> QueueHealth:
    """Return how the worker's queues are doing."""
    async with use.database.transaction() as session:
        return QueueHealth(queues=await QueueRepository(session).states(now=use.clock.now()))


@router.get("/actions")
async def list_admin_actions(
    use: Use, _admin: Administrator, limit: Limit = 50, cursor: CursorParameter = None
) -> AdminActions:
    """Return what administrators did to accounts and invitations, the latest first."""
    async with use.database.transaction() as session:
        return await service.list_actions(session, cursor=cursor, limit=limit)
