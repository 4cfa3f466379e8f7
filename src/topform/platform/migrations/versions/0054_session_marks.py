"""What athletes say became of planned sessions that nothing was recorded of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "session_marks",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("mark IN ('done', 'skipped')", name="ck_session_marks_mark_is_a_word"),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_session_marks_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "session_id", name="pk_session_marks"),
    )
