"""Tables of clubs."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base

RUNNING: Final = ("owner", "organiser")
MEMBERS: Final = (*RUNNING, "member")
"""Who is in a club."""
WAITING: Final = ("requested", "invited")
"""Who asks to join, or was asked; everybody else with a row is kept out."""


class ClubRow(Base):
    """A group of people; it belongs to its members together and goes with the last of them."""

    __tablename__ = "community_clubs"
    __table_args__ = (
        CheckConstraint("joining IN ('open', 'request', 'invitation')", name="joining_is_known"),
        Index("ix_community_clubs_listed_created_at_id", "created_at", "id", postgresql_where="is_listed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    description: Mapped[str]
    sports: Mapped[list[str]] = mapped_column(ARRAY(Text))
    joining: Mapped[str]
    is_listed: Mapped[bool]
    created_at: Mapped[datetime]


class ClubMemberRow(AthleteOwned, Base):
    """How somebody stands to a club: in it with a role, asking, asked, or kept out."""

    __tablename__ = "community_club_members"
    __table_args__ = (
        CheckConstraint(
            "standing IN ('owner', 'organiser', 'member', 'requested', 'invited', 'banned')", name="standing_is_known"
        ),
        Index("ix_community_club_members_athlete_id", "athlete_id"),
        Index("uq_community_club_members_owner", "club_id", unique=True, postgresql_where="standing = 'owner'"),
    )

    club_id: Mapped[UUID] = mapped_column(ForeignKey("community_clubs.id", ondelete="CASCADE"), primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    standing: Mapped[str]
    since: Mapped[datetime]
    """When they joined; of others, when they asked, were asked, or were kept out."""
