"""Queries over credentials and sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.accounts.tables import CredentialsRow, SessionRow


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
    ) -> None:
        """Count a wrong password; from `lock_after` in a row on the account is locked for a while."""
        attempts = CredentialsRow.failed_attempts + 1
        await self._session.execute(
            update(CredentialsRow)
            .where(CredentialsRow.athlete_id == athlete_id)
            .values(failed_attempts=attempts, updated_at=now)
        )
        await self._session.execute(
            update(CredentialsRow)
            .where(CredentialsRow.athlete_id == athlete_id, CredentialsRow.failed_attempts >= lock_after)
            .values(locked_until=now + lock_for)
        )

    async def forget_failures(self, athlete_id: AthleteId, *, now: datetime) -> None:
        """Start counting anew after a right password."""
        await self._session.execute(
            update(CredentialsRow)
            .where(CredentialsRow.athlete_id == athlete_id)
            .values(failed_attempts=0, locked_until=None, updated_at=now)
        )

    async def replace_hash(self, athlete_id: AthleteId, password_hash: str, *, now: datetime) -> None:
        """Store a hash made with newer parameters."""
        await self._session.execute(
            update(CredentialsRow)
            .where(CredentialsRow.athlete_id == athlete_id)
            .values(password_hash=password_hash, updated_at=now)
        )

    async def add_session(
        self, athlete_id: AthleteId, token_sha256: bytes, *, now: datetime, expires_at: datetime
    ) -> None:
        """Store a new session and drop the athlete's expired ones."""
        await self._session.execute(
            delete(SessionRow).where(SessionRow.athlete_id == athlete_id, SessionRow.expires_at < now)
        )
        self._session.add(
            SessionRow(
                token_sha256=token_sha256,
                athlete_id=athlete_id,
                created_at=now,
                last_seen_at=now,
                expires_at=expires_at,
            )
        )
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

    async def session(self, token_sha256: bytes, *, now: datetime) -> SessionRow | None:
        """Return the session if it has not expired."""
        result = await self._session.execute(
            select(SessionRow).where(SessionRow.token_sha256 == token_sha256, SessionRow.expires_at > now)
        )
        return result.scalar_one_or_none()

    async def touch_session(self, token_sha256: bytes, *, now: datetime, expires_at: datetime) -> None:
        """Note that the session is in use and extend it."""
        await self._session.execute(
            update(SessionRow)
            .where(SessionRow.token_sha256 == token_sha256)
            .values(last_seen_at=now, expires_at=func.greatest(SessionRow.expires_at, expires_at))
        )

    async def end_session(self, token_sha256: bytes) -> None:
        """Delete the session."""
        await self._session.execute(delete(SessionRow).where(SessionRow.token_sha256 == token_sha256))
