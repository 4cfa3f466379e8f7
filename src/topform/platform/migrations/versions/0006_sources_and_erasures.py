"""Which recording of a workout gives which quantity, what an athlete prefers, and accounts that are to be deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DOCUMENT = postgresql.JSONB(none_as_null=True)


def upgrade() -> None:
    """Add the columns and tables; stored activities have their sources described when they are computed again."""
    op.add_column("activities", sa.Column("channel_sources", DOCUMENT, server_default="{}", nullable=False))
    op.add_column("activities", sa.Column("channel_choice", DOCUMENT, server_default="{}", nullable=False))
    op.add_column("activity_sources", sa.Column("device", DOCUMENT, server_default="{}", nullable=False))
    op.add_column("activity_sources", sa.Column("channels", DOCUMENT, server_default="[]", nullable=False))
    op.add_column("activity_sources", sa.Column("started_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("activity_sources", sa.Column("elapsed_s", sa.Double(), nullable=True))
    op.add_column("activity_sources", sa.Column("shift_s", sa.Double(), server_default="0", nullable=False))
    op.create_table(
        "activity_source_preferences",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.String(), nullable=False),
        sa.Column("devices", DOCUMENT, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_activity_source_preferences_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "quantity", name="pk_activity_source_preferences"),
    )
    op.create_table(
        "privacy_erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_privacy_erasures_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_privacy_erasures"),
        sa.UniqueConstraint("athlete_id", name="uq_privacy_erasures_athlete_id"),
    )
