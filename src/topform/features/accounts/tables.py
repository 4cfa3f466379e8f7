"""Tables of credentials and sessions; neither passwords nor tokens are stored, only what verifies them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from topform.platform.database import Base


class CredentialsRow(Base):
    """An athlete's password hash and the count of wrong attempts."""

    __tablename__ = "account_credentials"

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    password_hash: Mapped[str]
    failed_attempts: Mapped[int] = mapped_column(server_default="0")
    locked_until: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class SessionRow(Base):
    """A signed-in device."""

    __tablename__ = "account_sessions"

    token_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
