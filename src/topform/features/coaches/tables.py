"""Tables of coaches."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class CoachGrantRow(AthleteOwned, Base):
    """What an athlete lets a coach see, from a yes to its end; another selection is a new row, so rows are a ledger."""

    __tablename__ = "coach_grants"
    __table_args__ = (
        CheckConstraint("asked_by IN ('athlete', 'coach')", name="asker_is_known"),
        CheckConstraint("ended_by IN ('athlete', 'coach', 'change')", name="ender_is_known"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="end_is_whole"),
        CheckConstraint("athlete_id <> coach_id", name="nobody_coaches_themselves"),
        Index(
            "uq_coach_grants_athlete_id_coach_id_open",
            "athlete_id",
            "coach_id",
            unique=True,
            postgresql_where="ended_at IS NULL",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    coach_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    text_version: Mapped[str]
    """Version of the words in which the scopes were explained."""
    asked_by: Mapped[str]
    message: Mapped[str | None]
    created_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    """None while a coach's question waits for the athlete."""
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


class CoachInvitationRow(AthleteOwned, Base):
    """A code with which one person becomes an athlete's coach; it works once and not for long."""

    __tablename__ = "coach_invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    code_sha256: Mapped[bytes | None] = mapped_column(unique=True)
    """None until the letter with the code is written."""
    email: Mapped[str | None]
    """When given, only the account with this address can use the code."""
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class CoachReadRow(AthleteOwned, Base):
    """What a coach looked at or suggested on a day, how often, and when last; the athlete can read it."""

    __tablename__ = "coach_reads"
    __table_args__ = (
        UniqueConstraint("athlete_id", "coach_id", "day", "what", "item", name="uq_coach_reads_of_a_day"),
        Index("ix_coach_reads_athlete_id_last_at", "athlete_id", "last_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    coach_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    what: Mapped[str]
    """Name of the operation."""
    item: Mapped[str]
    """Id of what was opened; empty for lists."""
    times: Mapped[int] = mapped_column(Integer())
    last_at: Mapped[datetime]


class CoachGroupRow(AthleteOwned, Base):
    """A name under which a coach keeps some of their athletes; it is the coach's, and nobody else sees it."""

    __tablename__ = "coach_groups"
    __table_args__ = (UniqueConstraint("athlete_id", "name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_at: Mapped[datetime]


class CoachGroupMemberRow(AthleteOwned, Base):
    """An athlete in a coach's group; without the athlete's grant the row says nothing, and with its end it goes."""

    __tablename__ = "coach_group_members"
    __table_args__ = (Index("ix_coach_group_members_athlete_id_member_id", "athlete_id", "member_id"),)

    group_id: Mapped[UUID] = mapped_column(ForeignKey("coach_groups.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True, index=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))
    """The coach."""
