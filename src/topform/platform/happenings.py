"""What a person may want to be told of: written down by whoever causes it, read at the end of the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.platform.database import HAPPENED


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that concerns an athlete; only ids and names of ours, never what is shown of them.

    ``key`` says what is the same thing: an athlete is told of it once, however often it happens.
    """

    kind: str
    athlete_id: UUID
    key: str
    at: datetime
    actor_id: UUID | None = None
    post_id: UUID | None = None
    comment_id: UUID | None = None
    challenge_id: UUID | None = None
    club_id: UUID | None = None
    removal_id: UUID | None = None
    proposal_id: UUID | None = None
    connection_id: UUID | None = None
    detail: str | None = None


def happened(session: AsyncSession, happening: Happening) -> None:
    """Write down what happened in this transaction; nobody learns of it unless it commits."""
    session.info.setdefault(HAPPENED, []).append(happening)


def happenings(session: AsyncSession) -> list[Happening]:
    """Return what was written down in this transaction so far, and forget it."""
    found: list[Happening] = session.info.pop(HAPPENED, [])
    return found
