"""What the athlete said about the columns of a table, kept with the file so that it can be read again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("activity_sources", sa.Column("mapping", postgresql.JSONB(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Remove the column."""
    op.drop_column("activity_sources", "mapping")
