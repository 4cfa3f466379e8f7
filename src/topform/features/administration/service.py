"""Accounts with their counts, and changing who they are to the server."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.accounts.public import (
    INVITATION_LASTS,
    StandingRepository,
    base_address,
    invite,
    set_lock,
    set_role,
    write_down_change,
    write_down_invitation,
)
from topform.features.activities.public import activity_counts
from topform.features.administration.schemas import (
    AccountCounts,
    AdminAction,
    AdminActions,
    AdministeredAccount,
    AdministeredAccounts,
    SignUpInvitation,
    SignUpInvitations,
)
from topform.features.athletes.public import Athlete, athlete_names, athletes_page, correct_birth_date, get_athlete
from topform.features.form_checks.public import form_check_counts
from topform.platform.settings import Settings
from topform.platform.web.identity import Role
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page


async def list_accounts(
    session: AsyncSession, *, text_part: str | None, cursor: str | None, limit: int
) -> AdministeredAccounts:
    """Return a page of accounts, the newest first."""
    found = await athletes_page(session, text_part=text_part, after=decode_cursor(cursor), limit=limit + 1)
    shown, has_more = split_page(found, limit)
    return AdministeredAccounts(
        items=await _described(session, list(shown)),
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if has_more else None,
    )


async def change_role(
    session: AsyncSession, account_id: AthleteId, role: Role, *, actor: AthleteId, now: datetime
) -> AdministeredAccount:
    """Give an account a role."""
    athlete = await _athlete(session, account_id)
    await set_role(session, account_id, role, actor=actor, now=now)
    return (await _described(session, [athlete]))[0]


async def change_lock(
    session: AsyncSession, account_id: AthleteId, *, is_locked: bool, actor: AthleteId, now: datetime
) -> AdministeredAccount:
    """Lock an account or open it again."""
    athlete = await _athlete(session, account_id)
    await set_lock(session, account_id, is_locked=is_locked, actor=actor, now=now)
    return (await _described(session, [athlete]))[0]


async def correct_date_of_birth(
    session: AsyncSession, account_id: AthleteId, birth_date: date | None, *, actor: AthleteId, now: datetime
) -> AdministeredAccount:
    """Correct a date of birth, which its owner cannot where it protects a minor."""
    await _athlete(session, account_id)
    athlete = await correct_birth_date(session, account_id, birth_date, now=now)
    await write_down_change(session, account_id, "birth_date", actor=actor, now=now)
    return (await _described(session, [athlete]))[0]


async def list_invitations(session: AsyncSession, *, now: datetime) -> SignUpInvitations:
    """Return the invitations that wait."""
    rows = await StandingRepository(session).invitations(now=now)
    return SignUpInvitations(
        items=[
            SignUpInvitation(id=row.token_sha256.hex(), created_at=row.created_at, expires_at=row.expires_at)
            for row in rows
        ]
    )


async def make_invitation(
    session: AsyncSession, settings: Settings, *, actor: AthleteId, now: datetime
) -> SignUpInvitation:
    """Make an invitation and return its link, once."""
    before = {row.token_sha256 for row in await StandingRepository(session).invitations(now=now)}
    token = await invite(session, now=now)
    await write_down_invitation(session, "invite", actor=actor, now=now)
    made = next(row for row in await StandingRepository(session).invitations(now=now) if row.token_sha256 not in before)
    return SignUpInvitation(
        id=made.token_sha256.hex(),
        created_at=made.created_at,
        expires_at=now + INVITATION_LASTS,
        link=f"{base_address(settings)}/sign-up?{urlencode({'invitation': token})}",
    )


async def withdraw_invitation(session: AsyncSession, invitation_id: str, *, actor: AthleteId, now: datetime) -> None:
    """Delete an invitation; its link lets nobody in from now on."""
    if not await StandingRepository(session).remove_invitation(bytes.fromhex(invitation_id)):
        raise NotFoundError("There is no such invitation.")
    await write_down_invitation(session, "withdraw_invitation", actor=actor, now=now)


async def list_actions(session: AsyncSession, *, cursor: str | None, limit: int) -> AdminActions:
    """Return what administrators did, the latest first."""
    rows = await StandingRepository(session).actions(after=decode_cursor(cursor), limit=limit + 1)
    shown, has_more = split_page(rows, limit)
    ids = {one for row in shown for one in (row.athlete_id, row.actor_id) if one is not None}
    names = await athlete_names(session, sorted(ids))
    return AdminActions(
        items=[
            AdminAction(
                id=row.id,
                account_id=row.athlete_id,
                account_name=None if row.athlete_id is None else names.get(row.athlete_id),
                actor_id=row.actor_id,
                actor_name=None if row.actor_id is None else names.get(row.actor_id),
                action=row.action,
                value=row.value,
                created_at=row.created_at,
            )
            for row in shown
        ],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if has_more else None,
    )


async def _athlete(session: AsyncSession, account_id: AthleteId) -> Athlete:
    try:
        return await get_athlete(session, account_id)
    except NotFoundError as error:
        raise NotFoundError("There is no such account.") from error


async def _described(session: AsyncSession, athletes: list[Athlete]) -> list[AdministeredAccount]:
    ids: list[UUID] = [athlete.id for athlete in athletes]
    standing = StandingRepository(session)
    special, seen = await standing.of_many(ids), await standing.last_seen(ids)
    activities, form_checks = await activity_counts(session, ids), await form_check_counts(session, ids)
    return [
        AdministeredAccount(
            id=athlete.id,
            email=athlete.email,
            name=athlete.display_name,
            role=Role(special[athlete.id].role) if athlete.id in special else Role.ATHLETE,
            locked_at=special[athlete.id].locked_at if athlete.id in special else None,
            created_at=athlete.created_at,
            last_seen_at=seen.get(athlete.id),
            counts=AccountCounts(activities=activities.get(athlete.id, 0), form_checks=form_checks.get(athlete.id, 0)),
        )
        for athlete in athletes
    ]
