"""Find the posts of a club without reading those of everybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

CONTRACTS = "nothing that a program reads: only what an interrupted attempt left behind is dropped"
INDEX = "ix_community_posts_club_id_created_at_id"


def upgrade() -> None:
    """Make the index while the program runs on."""
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, "community_posts", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            INDEX,
            "community_posts",
            ["club_id", "created_at", "id"],
            postgresql_where=sa.text("club_id IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index(INDEX, "community_posts", if_exists=True)
