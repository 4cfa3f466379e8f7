"""Which service delivered a file, and which values its terms keep for their owner's eyes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TAGGED = ("activities", "activity_legs", "activity_metrics", "activity_bests")


def upgrade() -> None:
    """Add the columns; what is stored so far came from the athletes themselves."""
    op.add_column("activity_sources", sa.Column("provider", sa.String(), nullable=True))
    for table in TAGGED:
        op.add_column(table, sa.Column("restricted_by", sa.String(), nullable=True))
    op.add_column(
        "activities",
        sa.Column("field_restrictions", postgresql.JSONB(none_as_null=True), server_default="{}", nullable=False),
    )
