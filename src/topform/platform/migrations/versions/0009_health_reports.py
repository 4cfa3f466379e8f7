"""What athletes say about their health."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "health_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("symptoms", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("pain_site", sa.String(), nullable=True),
        sa.Column("pain_level", sa.BigInteger(), nullable=True),
        sa.Column("changes_movement", sa.Boolean(), nullable=False),
        sa.Column("is_at_night", sa.Boolean(), nullable=False),
        sa.Column("is_on_bone", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('red_flag', 'pain', 'energy')", name="ck_health_reports_kind_is_known"),
        sa.CheckConstraint("pain_level BETWEEN 0 AND 10", name="ck_health_reports_pain_is_on_the_scale"),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_health_reports_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_health_reports"),
    )
    op.create_index("ix_health_reports_athlete_id_local_date", "health_reports", ["athlete_id", "local_date"])
    op.create_index(
        "uq_health_reports_open_red_flag",
        "health_reports",
        ["athlete_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'red_flag' AND cleared_at IS NULL"),
    )
