"""Tables of segments: what they are, who keeps them, efforts, and which cells of the map each activity touches."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned, Tagged
from topform.platform.database import Base


class SegmentRow(AthleteOwned, Tagged, Base):
    """A stretch of a route; tagged when it was cut out of an activity whose source restricts it."""

    __tablename__ = "segments"
    __table_args__ = (
        CheckConstraint("audience IN ('me', 'followers')", name="audience_is_known"),
        CheckConstraint("audience = 'me' OR shared_at IS NOT NULL", name="sharing_has_a_moment"),
        Index("ix_segments_athlete_id_created_at_id", "athlete_id", "created_at", "id"),
        Index("ix_segments_start_cell", "start_cell"),
        Index("ix_segments_club_id", "club_id", postgresql_where="club_id IS NOT NULL"),
        CheckConstraint("club_id IS NULL OR audience = 'me'", name="club_is_its_audience"),
        CheckConstraint("club_id IS NULL OR shared_at IS NOT NULL", name="sharing_with_a_club_has_a_moment"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))
    name: Mapped[str]
    sport: Mapped[str]
    course: Mapped[list[Any]]
    """Its points, each latitude and longitude. [deg]"""
    length_m: Mapped[float]
    ascent_m: Mapped[float | None]
    start_cell: Mapped[int] = mapped_column(Integer())
    end_cell: Mapped[int] = mapped_column(Integer())
    audience: Mapped[str] = mapped_column(server_default="me")
    club_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_clubs.id", ondelete="SET NULL"))
    """Which club sees it besides its owner, of segments whose audience is ``me``; None when the club is gone."""
    shared_at: Mapped[datetime | None]
    matched_at: Mapped[datetime | None]
    """When its owner's history was last looked through for it; None: that is still to be done."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SegmentMemberRow(AthleteOwned, Base):
    """Somebody keeps efforts on a segment; who shares them stands on its board."""

    __tablename__ = "segment_members"
    __table_args__ = (Index("ix_segment_members_athlete_id", "athlete_id"),)

    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segments.id", ondelete="CASCADE"), primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    shares_efforts: Mapped[bool]
    joined_at: Mapped[datetime]
    matched_at: Mapped[datetime | None]


class SegmentEffortRow(AthleteOwned, Tagged, Base):
    """One pass of a segment; tagged as the activity is."""

    __tablename__ = "segment_efforts"
    __table_args__ = (
        UniqueConstraint("segment_id", "activity_id", "leg", "start_s"),
        Index("ix_segment_efforts_segment_id_athlete_id_elapsed_s", "segment_id", "athlete_id", "elapsed_s"),
        Index("ix_segment_efforts_athlete_id_started_at_id", "athlete_id", "started_at", "id"),
        Index("ix_segment_efforts_activity_id", "activity_id"),
        CheckConstraint("end_s > start_s", name="takes_time"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    segment_id: Mapped[UUID] = mapped_column(ForeignKey("segments.id", ondelete="CASCADE"))
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"))
    leg: Mapped[int] = mapped_column(Integer())
    start_s: Mapped[float]
    end_s: Mapped[float]
    """On the time axis of the leg. [s]"""
    started_at: Mapped[datetime]
    day: Mapped[date]
    elapsed_s: Mapped[float]
    coverage: Mapped[float]
    hr_mean_bpm: Mapped[float | None]
    power_mean_w: Mapped[float | None]
    ga_speed_m_s: Mapped[float | None]


class SegmentRouteRow(AthleteOwned, Base):
    """Which cells of the map a leg touches, as of a version of its activity; one without a route touches none."""

    __tablename__ = "segment_routes"
    __table_args__ = (
        Index("ix_segment_routes_athlete_id", "athlete_id"),
        Index("ix_segment_routes_cells", "cells", postgresql_using="gin"),
    )

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    leg: Mapped[int] = mapped_column(Integer(), primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))
    sport: Mapped[str]
    cells: Mapped[list[int]] = mapped_column(ARRAY(Integer()))
    seen_at: Mapped[datetime]
    """When the activity had last changed as it was looked at."""
