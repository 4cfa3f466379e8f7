"""Tables of data sets, of what versions would have said, and of alarms."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class DatasetRow(Base):
    """One version of the labels of a model: its digest and its numbers outlive the examples."""

    __tablename__ = "model_datasets"
    __table_args__ = (UniqueConstraint("model_id", "content_sha256"),)

    model_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    parent_number: Mapped[int | None]
    content_sha256: Mapped[str]
    counts: Mapped[dict[str, Any]]
    hindrances: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """Why no version could be trained from it when that was tried last: ``code`` and ``message`` by model."""
    created_at: Mapped[datetime]


class DatasetExampleRow(AthleteOwned, Base):
    """One example of a data set; it goes with its form check, its account and its consent."""

    __tablename__ = "model_dataset_examples"
    __table_args__ = (
        ForeignKeyConstraint(
            ["model_id", "dataset_number"], ["model_datasets.model_id", "model_datasets.number"], ondelete="CASCADE"
        ),
        Index("ix_model_dataset_examples_athlete_id", "athlete_id"),
        Index("ix_model_dataset_examples_form_check_id", "form_check_id"),
    )

    model_id: Mapped[str] = mapped_column(primary_key=True)
    dataset_number: Mapped[int] = mapped_column(primary_key=True)
    form_check_id: Mapped[UUID] = mapped_column(ForeignKey("form_checks.id", ondelete="CASCADE"), primary_key=True)
    sha256: Mapped[str]
    example: Mapped[dict[str, Any]]
    consent: Mapped[str]
    """The words that were agreed to, and when."""


class JudgementRow(AthleteOwned, Base):
    """What one version says of one form check; only the one that decided then was ever shown."""

    __tablename__ = "model_judgements"
    __table_args__ = (Index("ix_model_judgements_athlete_id", "athlete_id"),)

    form_check_id: Mapped[UUID] = mapped_column(ForeignKey("form_checks.id", ondelete="CASCADE"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("model_versions.id", ondelete="CASCADE"), primary_key=True)
    decision: Mapped[str]
    probability: Mapped[float | None]
    created_at: Mapped[datetime]


class AlarmRow(Base):
    """Something that drifted while a version decided; one of a kind for each version."""

    __tablename__ = "model_alarms"
    __table_args__ = (
        CheckConstraint("kind IN ('disputes', 'inputs')", name="kind_is_known"),
        UniqueConstraint("version_id", "kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("model_versions.id", ondelete="CASCADE"))
    kind: Mapped[str]
    numbers: Mapped[dict[str, Any]]
    outcome: Mapped[str]
    """What was done about it."""
    created_at: Mapped[datetime]
