"""Queries over passkeys and the challenges that they answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.accounts.tables import PasskeyChallengeRow, PasskeyRow


class PasskeyRepository:
    """Passkeys within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_challenge(self, row: PasskeyChallengeRow, *, now: datetime) -> None:
        """Store a challenge and drop the expired ones of everybody."""
        await self._session.execute(delete(PasskeyChallengeRow).where(PasskeyChallengeRow.expires_at < now))
        self._session.add(row)
        await self._session.flush()

    async def use_challenge(
        self, challenge_sha256: bytes, purpose: str, *, now: datetime
    ) -> PasskeyChallengeRow | None:
        """Take a challenge out of the table, so that it is answered once; None when it is unknown or too old."""
        row = await self._session.scalar(
            delete(PasskeyChallengeRow)
            .where(PasskeyChallengeRow.challenge_sha256 == challenge_sha256, PasskeyChallengeRow.purpose == purpose)
            .returning(PasskeyChallengeRow)
        )
        return row if row is not None and row.expires_at > now else None

    async def add(self, row: PasskeyRow) -> None:
        """Store a passkey."""
        self._session.add(row)
        await self._session.flush()

    async def of_athlete(self, athlete_id: AthleteId) -> list[PasskeyRow]:
        """Return the athlete's passkeys, the newest first."""
        rows = await self._session.scalars(
            select(PasskeyRow)
            .where(PasskeyRow.athlete_id == athlete_id)
            .order_by(PasskeyRow.created_at.desc(), PasskeyRow.id)
        )
        return list(rows)

    async def by_credential(self, credential_id: bytes) -> PasskeyRow | None:
        """Return the passkey that an authenticator names; locked, so that its counter rises use by use."""
        return await self._session.scalar(
            select(PasskeyRow).where(PasskeyRow.credential_id == credential_id).with_for_update()
        )

    async def note_use(self, passkey_id: UUID, *, sign_count: int, is_backed_up: bool, now: datetime) -> None:
        """Note that the passkey was used."""
        await self._session.execute(
            update(PasskeyRow)
            .where(PasskeyRow.id == passkey_id)
            .values(sign_count=sign_count, is_backed_up=is_backed_up, last_used_at=now)
        )

    async def remove(self, athlete_id: AthleteId, passkey_id: UUID) -> str | None:
        """Delete one of the athlete's passkeys and return its name; None when there was none."""
        return await self._session.scalar(
            delete(PasskeyRow)
            .where(PasskeyRow.athlete_id == athlete_id, PasskeyRow.id == passkey_id)
            .returning(PasskeyRow.name)
        )
