"""Tables of notices: what an athlete is told of, how they want to be told, and the devices that are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class NoticeRow(AthleteOwned, Base):
    """Something an athlete is told of; what it is about is named by its id, so that it goes with it."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("athlete_id", "key"),
        Index("ix_notices_athlete_id_created_at_id", "athlete_id", "created_at", "id"),
        Index("ix_notices_push_at", "push_at", postgresql_where="push_at IS NOT NULL AND pushed_at IS NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))
    kind: Mapped[str]
    key: Mapped[str]
    """What is the same thing: nobody is told of it twice."""
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_posts.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_comments.id", ondelete="CASCADE"), index=True)
    challenge_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("community_challenges.id", ondelete="CASCADE"), index=True
    )
    club_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_clubs.id", ondelete="CASCADE"), index=True)
    removal_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_removals.id", ondelete="CASCADE"), index=True)
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_proposals.id", ondelete="CASCADE"), index=True)
    connection_id: Mapped[UUID | None] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"), index=True)
    detail: Mapped[str | None]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    push_at: Mapped[datetime | None]
    """When the devices are told; None when they are not."""
    pushed_at: Mapped[datetime | None]


class NoticeSettingsRow(AthleteOwned, Base):
    """How an athlete wants to be told; who has no such row has changed nothing."""

    __tablename__ = "notice_settings"
    __table_args__ = (
        CheckConstraint("digest IN ('at_once', 'daily')", name="digest_is_known"),
        CheckConstraint("(quiet_from_min IS NULL) = (quiet_to_min IS NULL)", name="quiet_hours_are_whole"),
        CheckConstraint("quiet_from_min BETWEEN 0 AND 1439", name="quiet_from_is_a_minute"),
        CheckConstraint("quiet_to_min BETWEEN 0 AND 1439", name="quiet_to_is_a_minute"),
        CheckConstraint("digest_min BETWEEN 0 AND 1439", name="digest_is_a_minute"),
        CheckConstraint("reminder_min BETWEEN 0 AND 1439", name="reminder_is_a_minute"),
    )

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    off: Mapped[list[Any]]
    """Kinds that the athlete does not want at all."""
    hides_text: Mapped[bool]
    quiet_from_min: Mapped[int | None]
    quiet_to_min: Mapped[int | None]
    digest: Mapped[str]
    digest_min: Mapped[int]
    reminder_min: Mapped[int | None]
    """Minute of the athlete's day at which they are reminded of a session; None: never."""
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    updated_at: Mapped[datetime]


class PushDeviceRow(AthleteOwned, Base):
    """A browser or an app on a phone that asked to be told; it goes with the session in which it asked."""

    __tablename__ = "notice_devices"
    __table_args__ = (UniqueConstraint("address_sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("account_sessions.id", ondelete="CASCADE"), index=True)
    address_sha256: Mapped[bytes]
    sealed_address: Mapped[str]
    """Where messages go and what they are encrypted with; who has it could write to the device."""
    is_phone: Mapped[bool] = mapped_column(server_default="false")
    """Told through Expo's push service; a browser otherwise."""
    name: Mapped[str | None]
    created_at: Mapped[datetime]
    last_sent_at: Mapped[datetime | None]


class PushTicketRow(AthleteOwned, Base):
    """A message that Expo's push service took, until it says what became of it."""

    __tablename__ = "notice_tickets"

    id: Mapped[str] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("notice_devices.id", ondelete="CASCADE"), index=True)
    sent_at: Mapped[datetime] = mapped_column(index=True)


class PushKeyRow(Base):
    """The server's own key, by which push services tell it from others; one row, made on first use."""

    __tablename__ = "notice_push_key"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_key: Mapped[str]
    sealed_private_key: Mapped[str]
    created_at: Mapped[datetime]
