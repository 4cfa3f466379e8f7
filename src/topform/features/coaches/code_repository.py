"""The one query for which a code is enough."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.coaches.tables import CoachInvitationRow


class CodeRepository:
    """Invitations by their codes within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def invitation_by_code(self, code_sha256: bytes, *, now: datetime) -> CoachInvitationRow | None:
        """Return the invitation that a code opens, locked; the code is the right to know of it."""
        query = (
            select(CoachInvitationRow)
            .where(CoachInvitationRow.code_sha256 == code_sha256, CoachInvitationRow.expires_at > now)
            .with_for_update()
        )
        return (await self._session.execute(query)).scalar_one_or_none()
