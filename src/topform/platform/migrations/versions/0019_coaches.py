"""What athletes let coaches see, invitations, and what coaches looked at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "coach_grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("asked_by IN ('athlete', 'coach')", name=op.f("ck_coach_grants_asker_is_known")),
        sa.CheckConstraint("ended_by IN ('athlete', 'coach', 'change')", name=op.f("ck_coach_grants_ender_is_known")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_coach_grants_end_is_whole")),
        sa.CheckConstraint("athlete_id <> coach_id", name=op.f("ck_coach_grants_nobody_coaches_themselves")),
        _person("coach_grants", "athlete_id"),
        _person("coach_grants", "coach_id"),
        sa.PrimaryKeyConstraint("id", name="pk_coach_grants"),
    )
    op.create_index("ix_coach_grants_coach_id", "coach_grants", ["coach_id"])
    op.create_index(
        "uq_coach_grants_athlete_id_coach_id_open",
        "coach_grants",
        ["athlete_id", "coach_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "coach_invitations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _person("coach_invitations", "athlete_id"),
        sa.PrimaryKeyConstraint("id", name="pk_coach_invitations"),
        sa.UniqueConstraint("code_sha256", name="uq_coach_invitations_code_sha256"),
    )
    for name in ("athlete_id", "expires_at"):
        op.create_index(f"ix_coach_invitations_{name}", "coach_invitations", [name])
    op.create_table(
        "coach_reads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("coach_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        _person("coach_reads", "athlete_id"),
        _person("coach_reads", "coach_id"),
        sa.PrimaryKeyConstraint("id", name="pk_coach_reads"),
        sa.UniqueConstraint("athlete_id", "coach_id", "day", "what", "item", name="uq_coach_reads_of_a_day"),
    )
    op.create_index("ix_coach_reads_coach_id", "coach_reads", ["coach_id"])
    op.create_index("ix_coach_reads_athlete_id_last_at", "coach_reads", ["athlete_id", "last_at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("coach_reads", "coach_invitations", "coach_grants"):
        op.drop_table(table)


def _person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["athletes.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")
