"""People who let what they share with everybody be read outside of the server."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the choice; nobody has made it yet."""
    op.add_column(
        "community_people", sa.Column("has_public_feed", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    """Drop the choice."""
    op.drop_column("community_people", "has_public_feed")
