"""Tables of challenges."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class ChallengeRow(AthleteOwned, Base):
    """Some days on which people compare what they did; it belongs to who made it."""

    __tablename__ = "community_challenges"
    __table_args__ = (
        CheckConstraint("kind IN ('push_ups', 'distance', 'time', 'ascent', 'streak')", name="kind_is_known"),
        CheckConstraint("ranked_by IN ('total', 'own_best')", name="ranking_is_known"),
        CheckConstraint("audience IN ('invited', 'followers', 'public')", name="audience_is_known"),
        CheckConstraint("first_day <= last_day", name="days_are_in_order"),
        CheckConstraint("team_size BETWEEN 2 AND 50", name="team_is_a_team"),
        CheckConstraint("club_id IS NULL OR audience = 'invited'", name="club_is_its_audience"),
        Index(
            "ix_community_challenges_club_id_created_at_id",
            "club_id",
            "created_at",
            "id",
            postgresql_where="club_id IS NOT NULL",
        ),
        Index("ix_community_challenges_athlete_id_created_at_id", "athlete_id", "created_at", "id"),
        Index("ix_community_challenges_audience_created_at_id", "audience", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str]
    kind: Mapped[str]
    ranked_by: Mapped[str] = mapped_column(server_default="total")
    """By how much in all, or by how far above one's own best before the start."""
    sport: Mapped[str | None]
    exercise: Mapped[str | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    audience: Mapped[str]
    club_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_clubs.id", ondelete="SET NULL"))
    """Whose members alone see it and take part, of those whose audience is ``invited``; None when the club is gone."""
    team_size: Mapped[int | None]
    """The most members of a team; None: there are no teams."""
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    """When a moderator took it away; only its maker still sees it."""


class ChallengeTeamRow(Base):
    """A team of a challenge; it belongs to nobody, and is gone with its last member."""

    __tablename__ = "community_challenge_teams"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    challenge_id: Mapped[UUID] = mapped_column(ForeignKey("community_challenges.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    is_open: Mapped[bool]
    created_at: Mapped[datetime]


class ChallengeEntryRow(AthleteOwned, Base):
    """Somebody's place in a challenge: what they show of themselves, and their score as it follows from their data."""

    __tablename__ = "community_challenge_entries"
    __table_args__ = (Index("ix_community_challenge_entries_athlete_id", "athlete_id"),)

    challenge_id: Mapped[UUID] = mapped_column(
        ForeignKey("community_challenges.id", ondelete="CASCADE"), primary_key=True
    )
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    """What names the place to others; it says nothing of who has it."""
    is_named: Mapped[bool]
    age_band: Mapped[str | None]
    sex: Mapped[str | None]
    level: Mapped[str | None]
    """What the athlete let this challenge know; None otherwise."""
    score: Mapped[float]
    reached_at: Mapped[datetime | None]
    base: Mapped[float | None]
    """On a ladder, the best before the start, as high as it ever was since joining."""
    joined_at: Mapped[datetime]
    team_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("community_challenge_teams.id", ondelete="SET NULL"), index=True
    )
    in_team_since: Mapped[datetime | None]
    """None while the team's captain has not answered."""
    removed_at: Mapped[datetime | None]
    """When its maker or a moderator took the place off the board; who has it cannot join again."""


class ChallengeInvitationRow(AthleteOwned, Base):
    """Somebody was asked to take part."""

    __tablename__ = "community_challenge_invitations"
    __table_args__ = (Index("ix_community_challenge_invitations_athlete_id", "athlete_id"),)

    challenge_id: Mapped[UUID] = mapped_column(
        ForeignKey("community_challenges.id", ondelete="CASCADE"), primary_key=True
    )
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime]


class CountedSetRow(AthleteOwned, Base):
    """A form check as challenges count it, with the reason for each repetition; it goes with the form check."""

    __tablename__ = "community_counted_sets"
    __table_args__ = (
        Index("ix_community_counted_sets_athlete_id_at", "athlete_id", "at"),
        Index("ix_community_counted_sets_movement", "exercise", "rep_total", "span_s"),
    )

    form_check_id: Mapped[UUID] = mapped_column(ForeignKey("form_checks.id", ondelete="CASCADE"), primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))
    exercise: Mapped[str]
    at: Mapped[datetime]
    digest: Mapped[str]
    """The same for two form checks of the same repetitions."""
    count: Mapped[int]
    reps: Mapped[list[Any]]
    rep_total: Mapped[int | None]
    span_s: Mapped[float | None]
    """How many repetitions, and from the start of the first to the end of the last: what the same movement shares."""
