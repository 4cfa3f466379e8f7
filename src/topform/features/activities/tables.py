"""Tables of activities: one row an activity, its sources, legs, metrics and best efforts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned, Share, Tagged
from topform.platform.database import Base

IS_FOUND_BY_INDEX = (
    "(notes IS NULL AND field_restrictions = '{}'::jsonb"
    " AND coalesce(octet_length(title), 0) + coalesce(octet_length(sub_sport), 0) <= 1000)"
)
"""Rows whose words an index holds: what it says of a row has a largest size, and notes are longer than that."""


class ActivityRow(AthleteOwned, Tagged, Base):
    """One workout, however many files tell of it; tagged when its numbers come from a restricting source."""

    __tablename__ = "activities"
    share = Share.ACTIVITIES
    __table_args__ = (
        Index("ix_activities_athlete_id_started_at_id", "athlete_id", "started_at", "id"),
        Index("ix_activities_daily_loads", "athlete_id", "local_date", postgresql_include=["load_au"]),
        Index(
            "ix_activities_words",
            "athlete_id",
            "started_at",
            "id",
            postgresql_include=["title", "sub_sport", "sport", "restricted_by"],
            postgresql_where=IS_FOUND_BY_INDEX,
        ),
        Index(
            "ix_activities_more_words",
            "athlete_id",
            "started_at",
            "id",
            postgresql_where=f"NOT {IS_FOUND_BY_INDEX}",
        ),
        Index(
            "ix_activities_elapsed_s_distance_m",
            "elapsed_s",
            "distance_m",
            postgresql_where="route_preview IS NOT NULL",
        ),
        CheckConstraint("rpe_cr10 BETWEEN 0 AND 10", name="rpe_is_on_the_scale"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    is_title_own: Mapped[bool] = mapped_column(server_default="false")
    notes: Mapped[str | None]
    rpe_cr10: Mapped[float | None]
    sport: Mapped[str]
    sub_sport: Mapped[str | None]
    started_at: Mapped[datetime]
    utc_offset_s: Mapped[int | None]
    local_date: Mapped[date]
    elapsed_s: Mapped[float]
    timer_s: Mapped[float]
    moving_s: Mapped[float | None]
    distance_m: Mapped[float | None]
    ascent_m: Mapped[float | None]
    hr_mean_bpm: Mapped[float | None]
    power_mean_w: Mapped[float | None]
    speed_mean_m_s: Mapped[float | None]
    load_au: Mapped[float | None]
    load_source: Mapped[str | None]
    leg_count: Mapped[int]
    warnings_count: Mapped[int]
    route_preview: Mapped[list[Any] | None]
    format: Mapped[str]
    device: Mapped[dict[str, Any]]
    warnings: Mapped[list[Any]]
    salvaged: Mapped[bool]
    field_restrictions: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """The tag of each field that has one; a title may stay behind when better numbers replace the rest."""
    channel_sources: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """Which source gives which quantity: `Quantity` to the source's id."""
    channel_choice: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """What the athlete chose for this activity: `Quantity` to a source's id."""
    streams_key: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ActivitySourceRow(AthleteOwned, Base):
    """A file that tells of an activity, kept byte for byte."""

    __tablename__ = "activity_sources"
    share = Share.ACTIVITIES
    __table_args__ = (
        UniqueConstraint("athlete_id", "sha256"),
        Index("uq_activity_sources_primary", "activity_id", unique=True, postgresql_where="is_primary"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    sha256: Mapped[str]
    file_name: Mapped[str]
    format: Mapped[str]
    size_bytes: Mapped[int]
    object_key: Mapped[str]
    quality: Mapped[float]
    is_primary: Mapped[bool]
    provider: Mapped[str | None]
    """The service that delivered the file; None when the athlete did."""
    device: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    channels: Mapped[list[Any]] = mapped_column(server_default="[]")
    started_at: Mapped[datetime | None]
    elapsed_s: Mapped[float | None]
    shift_s: Mapped[float] = mapped_column(server_default="0")
    """What to add to the source's times to get the activity's. [s]"""
    mapping: Mapped[dict[str, Any] | None]
    """What the athlete said about the columns of a table; without it the file could not be read again."""
    created_at: Mapped[datetime]


class SourcePreferenceRow(AthleteOwned, Base):
    """The devices from which an athlete takes a quantity, the most trusted first."""

    __tablename__ = "activity_source_preferences"

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    quantity: Mapped[str] = mapped_column(primary_key=True)
    devices: Mapped[list[Any]]
    updated_at: Mapped[datetime]


class RatingScaleResetRow(AthleteOwned, Base):
    """When an athlete had what was learned of their ratings forgotten; sessions before it count for it no more."""

    __tablename__ = "rating_scale_resets"
    share = Share.ACTIVITIES

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    reset_at: Mapped[datetime]


class ActivityLegRow(AthleteOwned, Tagged, Base):
    """One sport of an activity: the summary as a document, what is asked across activities as columns."""

    __tablename__ = "activity_legs"
    share = Share.ACTIVITIES
    __table_args__ = (Index("ix_activity_legs_athlete_id_sport", "athlete_id", "sport"),)

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    leg: Mapped[int] = mapped_column(Integer(), primary_key=True)
    sport: Mapped[str]
    sub_sport: Mapped[str | None]
    started_at: Mapped[datetime]
    distance_m: Mapped[float | None]
    moving_s: Mapped[float | None]
    document: Mapped[dict[str, Any]]
    power_curve: Mapped[bytes | None] = mapped_column(LargeBinary(), deferred=True)
    speed_curve: Mapped[bytes | None] = mapped_column(LargeBinary(), deferred=True)
    ga_speed_curve: Mapped[bytes | None] = mapped_column(LargeBinary(), deferred=True)
    """Best means over the grid of durations, packed by `curves.pack`."""


class ActivityMetricRow(AthleteOwned, Tagged, Base):
    """A metric with the version of its formula and the digest of what went in."""

    __tablename__ = "activity_metrics"
    share = Share.ACTIVITIES
    __table_args__ = (Index("ix_activity_metrics_athlete_id_metric", "athlete_id", "metric"),)

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    leg: Mapped[int] = mapped_column(Integer(), primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[float | None]
    unit: Mapped[str]
    coverage: Mapped[float | None]
    n_valid: Mapped[int | None]
    version: Mapped[int] = mapped_column(Integer())
    warnings: Mapped[list[Any]]
    inputs_digest: Mapped[str]


class ActivityMetricHistoryRow(AthleteOwned, Tagged, Base):
    """What a metric was before it was computed again: with another version of the formula, or from other inputs."""

    __tablename__ = "activity_metric_history"
    __table_args__ = (
        Index("ix_activity_metric_history_athlete_id", "athlete_id"),
        CheckConstraint("reason IN ('version', 'inputs')", name="reason_is_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    leg: Mapped[int] = mapped_column(Integer())
    metric: Mapped[str]
    value: Mapped[float | None]
    unit: Mapped[str]
    version: Mapped[int] = mapped_column(Integer())
    inputs_digest: Mapped[str]
    reason: Mapped[str]
    replaced_at: Mapped[datetime]


class AppliedMetricVersionRow(Base):
    """The version of a formula that the stored history was last computed with."""

    __tablename__ = "applied_metric_versions"

    metric: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer())
    applied_at: Mapped[datetime]


class ActivityBestRow(AthleteOwned, Tagged, Base):
    """A best mean over a duration."""

    __tablename__ = "activity_bests"
    share = Share.ACTIVITIES
    __table_args__ = (Index("ix_activity_bests_athlete_id_kind_duration_s", "athlete_id", "kind", "duration_s"),)

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    leg: Mapped[int] = mapped_column(Integer(), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    duration_s: Mapped[int] = mapped_column(Integer(), primary_key=True)
    value: Mapped[float]


class CurveSumRow(AthleteOwned, Tagged, Base):
    """The best of a month's curves of a sport, one for each restriction; it holds while no change is noted."""

    __tablename__ = "curve_sums"
    share = Share.ACTIVITIES
    __table_args__ = (Index("ix_curve_sums_athlete_id_sport_kind_month", "athlete_id", "sport", "kind", "month"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[date]
    """Its first day."""
    sport: Mapped[str]
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    """Days of the first and the last of the activities that have such a curve."""
    holders: Mapped[list[Any]]
    curve: Mapped[bytes] = mapped_column(LargeBinary())
    """Packed by `curves.sum_of`, as the holders are."""


class CurveChangeRow(AthleteOwned, Base):
    """A note that the curves of a month have changed since it was summed up; triggers of the database write it."""

    __tablename__ = "curve_changes"
    share = Share.ACTIVITIES
    __table_args__ = (Index("ix_curve_changes_athlete_id_month", "athlete_id", "month"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    month: Mapped[date]


class ImportOutcomeRow(AthleteOwned, Base):
    """What became of one file of an upload, written with the effect, so that a job that is run again goes on."""

    __tablename__ = "activity_import_outcomes"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer(), primary_key=True)
    document: Mapped[dict[str, Any]]
