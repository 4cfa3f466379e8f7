"""Tables of form checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned, Share, is_seen_by_others
from topform.kinematics.exercises.registry import UNCOUNTED
from topform.platform.database import Base


class FormCheckRow(AthleteOwned, Base):
    """An analysed set; the filmed original is not kept."""

    __tablename__ = "form_checks"
    share = Share.FORM_CHECKS
    __table_args__ = (Index("ix_form_checks_athlete_id_created_at_id", "athlete_id", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    exercise: Mapped[str]
    file_name: Mapped[str]
    rep_count: Mapped[int]
    form_decision: Mapped[str]
    duration_s: Mapped[float]
    document: Mapped[dict[str, Any]]
    video_key: Mapped[str | None]
    video_bytes: Mapped[int | None]
    thumbnail_key: Mapped[str | None]
    """One picture out of the annotated video; form checks of old and those without a video have none."""
    poses_key: Mapped[str | None]
    """The body points as the analysis found them."""
    track_key: Mapped[str | None]
    """The same, reduced to what a moving skeleton needs."""
    rep_curves: Mapped[list[Any] | None]
    """Each repetition's joint angles at equal shares of its time, for comparisons."""
    created_at: Mapped[datetime]

    @property
    def held_s(self) -> float | None:
        """How long the posture was held, of an exercise without repetitions."""
        hold = self.document.get("hold")
        return None if hold is None else float(hold["held_s"])

    @property
    def step_rate_spm(self) -> float | None:
        """Steps of both feet a minute, of running."""
        gait = self.document.get("gait")
        return None if gait is None else float(gait["step_rate_spm"])

    @property
    def thumbnail_url(self) -> str | None:
        """Where its athlete gets the picture; nobody else who looks at the form check does."""
        is_theirs = self.thumbnail_key is not None and not is_seen_by_others()
        return f"/api/v1/form-checks/{self.id}/thumbnail" if is_theirs else None

    @property
    def counted_reps(self) -> int | None:
        """Repetitions; None of an exercise that is held or has steps instead."""
        return None if self.exercise in UNCOUNTED else self.rep_count


class FormDisputeRow(AthleteOwned, Base):
    """What the athlete says is wrong in an analysis."""

    __tablename__ = "form_check_disputes"
    __table_args__ = (
        CheckConstraint("kind IN ('cue_wrong', 'count_wrong')", name="kind_is_known"),
        Index("ix_form_check_disputes_form_check_id_created_at", "form_check_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    form_check_id: Mapped[UUID] = mapped_column(ForeignKey("form_checks.id", ondelete="CASCADE"))
    kind: Mapped[str]
    fault: Mapped[str | None]
    rep_index: Mapped[int | None]
    """The repetition meant; None for the whole set."""
    rep_count: Mapped[int | None]
    created_at: Mapped[datetime]


class FormOpinionRow(AthleteOwned, Base):
    """Whether the athlete calls the set right or wrong, beside what the form check says; the last word counts."""

    __tablename__ = "form_check_opinions"
    __table_args__ = (CheckConstraint("form IN ('correct', 'faulty')", name="form_is_known"),)

    form_check_id: Mapped[UUID] = mapped_column(ForeignKey("form_checks.id", ondelete="CASCADE"), primary_key=True)
    form: Mapped[str]
    updated_at: Mapped[datetime]


class FormLabelsRow(AthleteOwned, Base):
    """Repetitions and faults of a form check as one of two people saw them; it belongs to whoever was filmed."""

    __tablename__ = "form_check_labels"
    __table_args__ = (CheckConstraint("rater IN ('owner', 'second')", name="rater_is_known"),)

    form_check_id: Mapped[UUID] = mapped_column(ForeignKey("form_checks.id", ondelete="CASCADE"), primary_key=True)
    rater: Mapped[str] = mapped_column(primary_key=True)
    reps: Mapped[list[Any]]
    unjudged: Mapped[list[Any]]
    """Codes of the faults that this person could not judge."""
    updated_at: Mapped[datetime]


class FormRaterRow(AthleteOwned, Base):
    """Whom the owner of a form check asked to label it too; one person at a time, until it is taken back."""

    __tablename__ = "form_check_raters"

    form_check_id: Mapped[UUID] = mapped_column(ForeignKey("form_checks.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str]
    rater_id: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    """None when nobody here had the address: the owner is not told who has an account."""
    granted_at: Mapped[datetime]
