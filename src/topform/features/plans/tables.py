"""Tables of plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned, Share
from topform.platform.database import Base


class PlanRow(AthleteOwned, Base):
    """A plan as it was made; the newest is the current one."""

    __tablename__ = "plans"
    share = Share.PLAN
    __table_args__ = (Index("ix_plans_athlete_id_created_at_id", "athlete_id", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    request: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class PlanProposalRow(AthleteOwned, Base):
    """A change of a plan that waits for a yes, or had its answer; nothing of it is in the plan before."""

    __tablename__ = "plan_proposals"
    share = Share.PLAN
    __table_args__ = (
        Index("ix_plan_proposals_athlete_id_created_at_id", "athlete_id", "created_at", "id"),
        UniqueConstraint("plan_id", "code", "day", name="uq_plan_proposals_plan_id_code_day"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    """The morning for which it was made; one question of a kind a day and plan."""
    code: Mapped[str]
    params: Mapped[dict[str, Any]]
    reason: Mapped[str]
    request: Mapped[dict[str, Any]]
    document: Mapped[dict[str, Any]]
    diff: Mapped[list[Any]]
    effect: Mapped[dict[str, Any]]
    is_lock: Mapped[bool]
    status: Mapped[str]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class PlanChangeRow(AthleteOwned, Base):
    """One change of a plan in its history: from which version to which, why, and by what."""

    __tablename__ = "plan_changes"
    share = Share.PLAN
    __table_args__ = (Index("ix_plan_changes_athlete_id_created_at_id", "athlete_id", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    before_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    after_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), index=True)
    proposal_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_proposals.id", ondelete="SET NULL"), index=True)
    code: Mapped[str]
    params: Mapped[dict[str, Any]]
    reason: Mapped[str]
    diff: Mapped[list[Any]]
    created_at: Mapped[datetime]


class PlanLifeRow(AthleteOwned, Base):
    """What an athlete has told about illness, pain and absence, what they do not want to be asked, the last review."""

    __tablename__ = "plan_life"
    share = Share.HEALTH_NOTES

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    told: Mapped[dict[str, Any]]
    silenced: Mapped[list[Any]]
    reviewed_on: Mapped[date | None]
    reviewed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class SessionFeedbackRow(AthleteOwned, Base):
    """How a planned session was."""

    __tablename__ = "session_feedback"
    share = Share.PLAN
    __table_args__ = (
        CheckConstraint("rpe_cr10 BETWEEN 0 AND 10", name="rpe_is_on_the_scale"),
        CheckConstraint("soreness BETWEEN 0 AND 10", name="soreness_is_on_the_scale"),
    )

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    session_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    rpe_cr10: Mapped[float | None]
    soreness: Mapped[float | None]
    note: Mapped[str | None]
    updated_at: Mapped[datetime]


class SessionMarkRow(AthleteOwned, Base):
    """What the athlete says became of a planned session that nothing was recorded of."""

    __tablename__ = "session_marks"
    share = Share.PLAN
    __table_args__ = (CheckConstraint("mark IN ('done', 'skipped')", name="mark_is_a_word"),)

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    session_id: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date]
    mark: Mapped[str]
    reason: Mapped[str | None]
    updated_at: Mapped[datetime]


class CalendarTokenRow(AthleteOwned, Base):
    """A private calendar address; only the digest of its secret is kept."""

    __tablename__ = "calendar_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    sha256: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
