"""Queries over credentials, sessions and what else opens the door."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.accounts.tables import (
    ApiTokenRow,
    CredentialsRow,
    EmailLinkRow,
    InvitationRow,
    RecoveryCodeRow,
    SecondFactorRow,
    SessionRow,
    StandingRow,
)


class StandingSession(NamedTuple):
    """A session that has not expired, with what its account may do."""

    id: UUID
    athlete_id: UUID
    token_sha256: bytes
    last_seen_at: datetime
    generation: int | None
    renewed_at: datetime | None
    role: str
    is_locked: bool


_STANDING_SESSION = select(
    SessionRow.id,
    SessionRow.athlete_id,
    SessionRow.token_sha256,
    SessionRow.last_seen_at,
    SessionRow.generation,
    SessionRow.renewed_at,
    func.coalesce(StandingRow.role, literal_column("'athlete'")),
    StandingRow.locked_at.is_not(None),
).outerjoin(StandingRow, StandingRow.athlete_id == SessionRow.athlete_id)


class AccountRepository:
    """Credentials and sessions within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_credentials(self, athlete_id: AthleteId, password_hash: str, *, now: datetime) -> None:
        """Store a new athlete's password hash."""
        self._session.add(
            CredentialsRow(athlete_id=athlete_id, password_hash=password_hash, failed_attempts=0, updated_at=now)
        )
        await self._session.flush()

    async def credentials(self, athlete_id: AthleteId) -> CredentialsRow | None:
        """Return what verifies the athlete's password."""
        return await self._session.get(CredentialsRow, athlete_id)

    async def count_failure(
        self, athlete_id: AthleteId, *, now: datetime, lock_after: int, lock_for: timedelta
    ) -> bool:
        """Count a wrong password; from `lock_after` in a row on the account is locked for a while: whether it is."""
        attempts = CredentialsRow.failed_attempts + 1
        await self._session.execute(
            update(CredentialsRow)
            .where(CredentialsRow.athlete_id == athlete_id)
            .values(failed_attempts=attempts, updated_at=now)
        )
        locked = await self._session.scalars(
            update(CredentialsRow)
            .where(CredentialsRow.athlete_id == athlete_id, CredentialsRow.failed_attempts >= lock_after)
            .values(locked_until=now + lock_for)
            .returning(CredentialsRow.athlete_id)
        )
        return locked.first() is not None

    async def forget_failures(self, athlete_id: AthleteId, *, now: datetime) -> None:
        """Start counting anew after a right password."""
        await self._session.execute(
            update(CredentialsRow)
            .where(CredentialsRow.athlete_id == athlete_id)
            .values(failed_attempts=0, locked_until=None, updated_at=now)
        )

    async def replace_hash(self, athlete_id: AthleteId, password_hash: str, *, now: datetime) -> None:
        """Store another password, or the same one hashed with newer parameters."""
        await self._session.execute(
            update(CredentialsRow)
            .where(CredentialsRow.athlete_id == athlete_id)
            .values(password_hash=password_hash, updated_at=now)
        )

    async def mark_email_verified(self, athlete_id: AthleteId, *, at: datetime | None) -> None:
        """Note that the athlete reads the e-mail of the account's address, or that nobody knows."""
        await self._session.execute(
            update(CredentialsRow).where(CredentialsRow.athlete_id == athlete_id).values(email_verified_at=at)
        )

    # ---- sessions ---------------------------------------------------------------------------------------------------

    async def add_session(self, row: SessionRow, *, now: datetime) -> None:
        """Store a new session and drop the athlete's expired ones."""
        await self._session.execute(
            delete(SessionRow).where(SessionRow.athlete_id == row.athlete_id, SessionRow.expires_at < now)
        )
        self._session.add(row)
        await self._session.flush()

    async def trim_sessions(self, athlete_id: AthleteId, *, keep: int) -> None:
        """Drop the athlete's longest unused sessions beyond the number to keep."""
        newest = (
            select(SessionRow.token_sha256)
            .where(SessionRow.athlete_id == athlete_id)
            .order_by(SessionRow.last_seen_at.desc())
            .limit(keep)
        )
        await self._session.execute(
            delete(SessionRow).where(SessionRow.athlete_id == athlete_id, SessionRow.token_sha256.not_in(newest))
        )

    async def standing_session(self, token_sha256: bytes, *, now: datetime) -> StandingSession | None:
        """Return the session of a cookie if it has not expired."""
        return await self._standing(SessionRow.token_sha256 == token_sha256, now)

    async def standing_session_by_id(self, session_id: UUID, *, now: datetime) -> StandingSession | None:
        """Return the session of an app if it has not expired."""
        return await self._standing(SessionRow.id == session_id, now)

    async def _standing(self, is_it: ColumnElement[bool], now: datetime) -> StandingSession | None:
        found = await self._session.execute(_STANDING_SESSION.where(is_it, SessionRow.expires_at > now))
        row = found.one_or_none()
        return None if row is None else StandingSession._make(row)

    async def session_by_id(self, session_id: UUID, *, now: datetime, lock: bool = False) -> SessionRow | None:
        """Return the session if it has not expired; locked, nobody else changes it until the transaction ends."""
        query = select(SessionRow).where(SessionRow.id == session_id, SessionRow.expires_at > now)
        return await self._session.scalar(query.with_for_update() if lock else query)

    async def sessions(self, athlete_id: AthleteId, *, now: datetime) -> list[SessionRow]:
        """Return the athlete's sessions, the last used first."""
        rows = await self._session.scalars(
            select(SessionRow)
            .where(SessionRow.athlete_id == athlete_id, SessionRow.expires_at > now)
            .order_by(SessionRow.last_seen_at.desc(), SessionRow.id)
        )
        return list(rows)

    async def touch_session(self, session_id: UUID, *, now: datetime, expires_at: datetime) -> None:
        """Note that the session is in use and extend it."""
        await self._session.execute(
            update(SessionRow)
            .where(SessionRow.id == session_id)
            .values(last_seen_at=now, expires_at=func.greatest(SessionRow.expires_at, expires_at))
        )

    async def end_session_of(self, athlete_id: AthleteId, session_id: UUID) -> bool:
        """Delete one of the athlete's sessions and say whether there was one."""
        ended = await self._session.scalars(
            delete(SessionRow)
            .where(SessionRow.athlete_id == athlete_id, SessionRow.id == session_id)
            .returning(SessionRow.id)
        )
        return ended.first() is not None

    async def end_sessions(self, athlete_id: AthleteId, *, but: UUID | None = None) -> None:
        """Delete the athlete's sessions, except one."""
        query = delete(SessionRow).where(SessionRow.athlete_id == athlete_id)
        await self._session.execute(query if but is None else query.where(SessionRow.id != but))

    # ---- e-mail links -----------------------------------------------------------------------------------------------

    async def add_link(self, row: EmailLinkRow) -> None:
        """Store a link; an older one of the same purpose stops working."""
        await self._session.execute(
            delete(EmailLinkRow).where(EmailLinkRow.athlete_id == row.athlete_id, EmailLinkRow.purpose == row.purpose)
        )
        self._session.add(row)
        await self._session.flush()

    async def newest_link(self, athlete_id: AthleteId, purpose: str) -> EmailLinkRow | None:
        """Return the link that was sent last for a purpose."""
        return await self._session.scalar(
            select(EmailLinkRow).where(EmailLinkRow.athlete_id == athlete_id, EmailLinkRow.purpose == purpose)
        )

    async def use_link(self, token_sha256: bytes, purposes: tuple[str, ...], *, now: datetime) -> EmailLinkRow | None:
        """Take a link out of the table, so that it works once; None when it is unknown or too old."""
        row = await self._session.scalar(
            delete(EmailLinkRow)
            .where(EmailLinkRow.token_sha256 == token_sha256, EmailLinkRow.purpose.in_(purposes))
            .returning(EmailLinkRow)
        )
        return row if row is not None and row.expires_at > now else None

    async def add_invitation(self, token_sha256: bytes, *, now: datetime, expires_at: datetime) -> None:
        """Store an invitation and drop the expired ones."""
        await self._session.execute(delete(InvitationRow).where(InvitationRow.expires_at < now))
        self._session.add(InvitationRow(token_sha256=token_sha256, created_at=now, expires_at=expires_at))
        await self._session.flush()

    async def use_invitation(self, token_sha256: bytes, *, now: datetime) -> bool:
        """Take an invitation out of the table and say whether it was valid."""
        expires_at = await self._session.scalar(
            delete(InvitationRow).where(InvitationRow.token_sha256 == token_sha256).returning(InvitationRow.expires_at)
        )
        return expires_at is not None and expires_at > now

    # ---- second factor ----------------------------------------------------------------------------------------------

    async def second_factor(self, athlete_id: AthleteId) -> SecondFactorRow | None:
        """Return the athlete's authenticator, confirmed or not."""
        return await self._session.get(SecondFactorRow, athlete_id, populate_existing=True)

    async def replace_second_factor(self, row: SecondFactorRow) -> None:
        """Store a new authenticator in the place of an unconfirmed one."""
        await self.remove_second_factor(AthleteId(row.athlete_id))
        self._session.add(row)
        await self._session.flush()

    async def remove_second_factor(self, athlete_id: AthleteId) -> None:
        """Forget the authenticator and the recovery codes."""
        for table in (SecondFactorRow, RecoveryCodeRow):
            await self._session.execute(delete(table).where(table.athlete_id == athlete_id))

    async def confirm_second_factor(self, athlete_id: AthleteId, *, now: datetime) -> None:
        """Have the authenticator count from now on."""
        await self._session.execute(
            update(SecondFactorRow).where(SecondFactorRow.athlete_id == athlete_id).values(confirmed_at=now)
        )

    async def reseal_second_factor(self, athlete_id: AthleteId, before: str, after: str) -> None:
        """Store the shared secret encrypted with the newest key, unless it was replaced meanwhile."""
        await self._session.execute(
            update(SecondFactorRow)
            .where(SecondFactorRow.athlete_id == athlete_id, SecondFactorRow.sealed_secret == before)
            .values(sealed_secret=after)
        )

    async def use_step(self, athlete_id: AthleteId, step: int) -> bool:
        """Note that the code of a time step was used; False when it, or a later one, has been used before."""
        used = await self._session.scalars(
            update(SecondFactorRow)
            .where(SecondFactorRow.athlete_id == athlete_id, SecondFactorRow.last_step < step)
            .values(last_step=step)
            .returning(SecondFactorRow.athlete_id)
        )
        return used.first() is not None

    async def replace_recovery_codes(self, athlete_id: AthleteId, digests: list[bytes]) -> None:
        """Store new recovery codes; the old ones stop working."""
        await self._session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.athlete_id == athlete_id))
        self._session.add_all(RecoveryCodeRow(athlete_id=athlete_id, code_sha256=digest) for digest in digests)
        await self._session.flush()

    async def use_recovery_code(self, athlete_id: AthleteId, code_sha256: bytes) -> bool:
        """Take a recovery code out of the table and say whether there was one."""
        used = await self._session.scalars(
            delete(RecoveryCodeRow)
            .where(RecoveryCodeRow.athlete_id == athlete_id, RecoveryCodeRow.code_sha256 == code_sha256)
            .returning(RecoveryCodeRow.athlete_id)
        )
        return used.first() is not None

    async def recovery_codes_left(self, athlete_id: AthleteId) -> int:
        """Return how many recovery codes still work."""
        found = await self._session.scalar(
            select(func.count()).select_from(RecoveryCodeRow).where(RecoveryCodeRow.athlete_id == athlete_id)
        )
        return found or 0

    # ---- API tokens -------------------------------------------------------------------------------------------------

    async def add_api_token(self, row: ApiTokenRow) -> None:
        """Store a token."""
        self._session.add(row)
        await self._session.flush()

    async def api_tokens(self, athlete_id: AthleteId) -> list[ApiTokenRow]:
        """Return the athlete's tokens, the newest first."""
        rows = await self._session.scalars(
            select(ApiTokenRow)
            .where(ApiTokenRow.athlete_id == athlete_id)
            .order_by(ApiTokenRow.created_at.desc(), ApiTokenRow.id)
        )
        return list(rows)

    async def api_token(self, token_sha256: bytes, *, now: datetime) -> ApiTokenRow | None:
        """Return the token if it has not expired."""
        return await self._session.scalar(
            select(ApiTokenRow).where(
                ApiTokenRow.token_sha256 == token_sha256,
                (ApiTokenRow.expires_at.is_(None)) | (ApiTokenRow.expires_at > now),
            )
        )

    async def touch_api_token(self, token_id: UUID, *, now: datetime) -> None:
        """Note that the token is in use."""
        await self._session.execute(update(ApiTokenRow).where(ApiTokenRow.id == token_id).values(last_used_at=now))

    async def delete_api_token(self, athlete_id: AthleteId, token_id: UUID) -> bool:
        """Delete one of the athlete's tokens and say whether there was one."""
        deleted = await self._session.scalars(
            delete(ApiTokenRow)
            .where(ApiTokenRow.athlete_id == athlete_id, ApiTokenRow.id == token_id)
            .returning(ApiTokenRow.id)
        )
        return deleted.first() is not None
