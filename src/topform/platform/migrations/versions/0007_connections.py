"""Connected services: access, runs, and what each activity of a service became."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _create_connections()
    _create_runs()
    _create_items()


def _json(name: str, *, nullable: bool) -> sa.Column[object]:
    return sa.Column(name, postgresql.JSONB(none_as_null=True), nullable=nullable)


def _at(name: str, *, nullable: bool) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_connections() -> None:
    op.create_table(
        "connections",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sign_in", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(), nullable=True),
        sa.Column("account_name", sa.String(), nullable=True),
        _json("scopes", nullable=False),
        sa.Column("sealed_credentials", sa.String(), nullable=True),
        sa.Column("import_from", sa.Date(), nullable=False),
        sa.Column("synced_through", sa.Date(), nullable=True),
        _at("last_attempt_at", nullable=True),
        _at("last_success_at", nullable=True),
        _json("error", nullable=True),
        _at("created_at", nullable=False),
        _at("updated_at", nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'needs_sign_in', 'disconnecting')", name="ck_connections_state_is_known"
        ),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name="fk_connections_athlete_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_connections"),
        sa.UniqueConstraint("athlete_id", "provider", name="uq_connections_athlete_id_provider"),
    )
    op.create_index("ix_connections_provider_account_id", "connections", ["provider", "account_id"])
    op.create_table(
        "connection_authorizations",
        sa.Column("state_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("sealed_verifier", sa.String(), nullable=False),
        sa.Column("redirect_uri", sa.String(), nullable=False),
        sa.Column("import_from", sa.Date(), nullable=False),
        _at("expires_at", nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_connection_authorizations_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("state_sha256", name="pk_connection_authorizations"),
    )
    op.create_index("ix_connection_authorizations_expires_at", "connection_authorizations", ["expires_at"])


def _create_runs() -> None:
    op.create_table(
        "connection_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        _json("activity_ids", nullable=True),
        sa.Column("part", sa.String(), nullable=True),
        sa.Column("cursor", sa.String(), nullable=True),
        sa.Column("pages", sa.BigInteger(), nullable=False),
        sa.Column("values_stored", sa.BigInteger(), nullable=False),
        sa.Column("values_refused", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        _json("error", nullable=True),
        _at("retry_at", nullable=True),
        _at("created_at", nullable=False),
        _at("updated_at", nullable=False),
        _at("ended_at", nullable=True),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'waiting', 'succeeded', 'failed')", name="ck_connection_runs_state_is_known"
        ),
        sa.CheckConstraint(
            "kind IN ('back_fill', 'incremental', 'range', 'notice')", name="ck_connection_runs_kind_is_known"
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name="ck_connection_runs_progress_is_a_fraction"),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_connection_runs_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name="fk_connection_runs_connection_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_connection_runs"),
    )
    op.create_index("ix_connection_runs_connection_id_created_at", "connection_runs", ["connection_id", "created_at"])


def _create_items() -> None:
    op.create_table(
        "connection_items",
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        _json("files", nullable=False),
        _json("error", nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        _at("fetched_at", nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('imported', 'merged', 'duplicate', 'rejected', 'unavailable', 'failed')",
            name="ck_connection_items_outcome_is_known",
        ),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_connection_items_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connections.id"], name="fk_connection_items_connection_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("connection_id", "external_id", name="pk_connection_items"),
    )
    op.create_index("ix_connection_items_connection_id_local_date", "connection_items", ["connection_id", "local_date"])
    op.create_index("ix_connection_items_run_id", "connection_items", ["run_id"])
