"""The handle of an account that was deleted is nobody's for a while: kept as a digest that names nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "community_former_handles",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("freed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_community_former_handles"),
    )
    op.create_index("ix_community_former_handles_freed_at", "community_former_handles", ["freed_at"])
