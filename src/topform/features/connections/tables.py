"""Tables of connected services: the connection, its runs, and what each run found."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class ConnectionRow(AthleteOwned, Base):
    """One athlete's access to one service; the credentials are encrypted."""

    __tablename__ = "connections"
    __table_args__ = (
        UniqueConstraint("athlete_id", "provider"),
        Index("ix_connections_provider_account_id", "provider", "account_id"),
        CheckConstraint("state IN ('active', 'needs_sign_in', 'disconnecting')", name="state_is_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    provider: Mapped[str]
    state: Mapped[str]
    sign_in: Mapped[str]
    account_id: Mapped[str | None]
    account_name: Mapped[str | None]
    scopes: Mapped[list[Any]]
    sealed_credentials: Mapped[str | None]
    import_from: Mapped[date]
    synced_through: Mapped[date | None]
    last_attempt_at: Mapped[datetime | None]
    last_success_at: Mapped[datetime | None]
    error: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class AuthorizationRow(AthleteOwned, Base):
    """A permission that was asked for on the service's page and has not come back yet."""

    __tablename__ = "connection_authorizations"
    __table_args__ = (Index("ix_connection_authorizations_expires_at", "expires_at"),)

    state_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    provider: Mapped[str]
    sealed_verifier: Mapped[str]
    redirect_uri: Mapped[str]
    import_from: Mapped[date]
    expires_at: Mapped[datetime]


class SyncRunRow(AthleteOwned, Base):
    """One pass over a range of days at a service; the cursor says where it goes on."""

    __tablename__ = "connection_runs"
    __table_args__ = (
        Index("ix_connection_runs_connection_id_created_at", "connection_id", "created_at"),
        CheckConstraint("state IN ('queued', 'running', 'waiting', 'succeeded', 'failed')", name="state_is_known"),
        CheckConstraint("kind IN ('back_fill', 'incremental', 'range', 'notice')", name="kind_is_known"),
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress_is_a_fraction"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"))
    kind: Mapped[str]
    state: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    activity_ids: Mapped[list[Any] | None]
    part: Mapped[str | None]
    cursor: Mapped[str | None]
    pages: Mapped[int]
    values_stored: Mapped[int]
    values_refused: Mapped[int]
    failures: Mapped[int]
    progress: Mapped[float] = mapped_column(Double())
    error: Mapped[dict[str, Any] | None]
    retry_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SyncItemRow(AthleteOwned, Base):
    """What became of one activity of a service, written with the effect."""

    __tablename__ = "connection_items"
    __table_args__ = (
        Index("ix_connection_items_connection_id_local_date", "connection_id", "local_date"),
        Index("ix_connection_items_run_id", "run_id"),
        CheckConstraint(
            "outcome IN ('imported', 'merged', 'duplicate', 'rejected', 'unavailable', 'failed')",
            name="outcome_is_known",
        ),
    )

    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connections.id", ondelete="CASCADE"), primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[UUID]
    local_date: Mapped[date | None]
    title: Mapped[str | None]
    outcome: Mapped[str]
    files: Mapped[list[Any]]
    error: Mapped[dict[str, Any] | None]
    attempts: Mapped[int]
    fetched_at: Mapped[datetime]
