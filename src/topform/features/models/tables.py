"""Tables of model versions. Nothing in them is about one athlete."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topform.platform.database import Base


class ModelVersionRow(Base):
    """One version of a model; only its state ever changes."""

    __tablename__ = "model_versions"
    __table_args__ = (
        CheckConstraint("state IN ('candidate', 'shadow', 'champion', 'retired', 'refused')", name="state_is_known"),
        UniqueConstraint("model_id", "number"),
        Index("uq_model_versions_champion", "model_id", unique=True, postgresql_where="state = 'champion'"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    model_id: Mapped[str]
    number: Mapped[int]
    state: Mapped[str]
    object_key: Mapped[str]
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    card: Mapped[dict[str, Any]]
    signature: Mapped[str]
    """Of model, number, digest and card together."""
    trained_on: Mapped[dict[str, Any]]
    """Digests of the examples and codes of their people; they lead nowhere once an account is gone."""
    dataset_number: Mapped[int | None]
    created_at: Mapped[datetime]


class ModelTransitionRow(Base):
    """One change of a version's state, with the reason and the numbers that decided; never changed."""

    __tablename__ = "model_transitions"
    __table_args__ = (
        CheckConstraint("decided_by IN ('server', 'administrator', 'command')", name="decided_by_is_known"),
        Index("ix_model_transitions_version_id_created_at", "version_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("model_versions.id", ondelete="CASCADE"))
    before: Mapped[str | None]
    after: Mapped[str]
    reason: Mapped[str]
    numbers: Mapped[dict[str, Any]]
    decided_by: Mapped[str]
    created_at: Mapped[datetime]
