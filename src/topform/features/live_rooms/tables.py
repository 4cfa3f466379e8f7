"""Tables of rooms. All of a room goes when it closes: what is in here is the present, never a history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, false
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class LiveRoomRow(AthleteOwned, Base):
    """A room that somebody opened."""

    __tablename__ = "live_rooms"
    __table_args__ = (
        CheckConstraint("audience IN ('friends', 'club', 'coaching', 'invited')", name="audience_is_known"),
        CheckConstraint("(audience = 'club') = (club_id IS NOT NULL)", name="club_is_named"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    """Whose room it is."""
    name: Mapped[str | None]
    audience: Mapped[str]
    club_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_clubs.id", ondelete="CASCADE"), index=True)
    code_sha256: Mapped[bytes | None]
    """What is stored of the invitation link that holds now; nobody can read the link from it."""
    code_expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    """When the room is gone unless somebody is heard of before."""


class LiveRoomPersonRow(AthleteOwned, Base):
    """Somebody in a room, what they agreed to show there, and the newest values of it."""

    __tablename__ = "live_room_people"
    __table_args__ = (Index("ix_live_room_people_athlete_id", "athlete_id"),)

    room_id: Mapped[UUID] = mapped_column(ForeignKey("live_rooms.id", ondelete="CASCADE"), primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    shares: Mapped[list[str]] = mapped_column(ARRAY(Text))
    text_version: Mapped[str]
    """Version of the words in which it was asked what to show."""
    agreed_at: Mapped[datetime]
    by_link: Mapped[bool] = mapped_column(server_default=false())
    """Whether a link let them in, which stays so when the link has expired."""
    entered_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    """When the owner put them out; they do not come in again."""
    seq: Mapped[int] = mapped_column(server_default="0")
    """Number of their newest message; older ones that arrive later change nothing."""
    count: Mapped[int | None]
    elapsed_s: Mapped[int | None]
    hr_bpm: Mapped[int | None]
    zone: Mapped[int | None]
    speed_m_s: Mapped[float | None]
    power_w: Mapped[int | None]


class LiveRoomCheerRow(AthleteOwned, Base):
    """Somebody cheered, for one person or for all in the room."""

    __tablename__ = "live_room_cheers"
    __table_args__ = (Index("ix_live_room_cheers_room_id_created_at", "room_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    room_id: Mapped[UUID] = mapped_column(ForeignKey("live_rooms.id", ondelete="CASCADE"))
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    to_id: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    """None: all of them."""
    created_at: Mapped[datetime]
