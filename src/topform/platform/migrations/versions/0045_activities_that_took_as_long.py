"""Find recordings of routes that took as long and went as far as another without reading all of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

CONTRACTS = "nothing that a program reads: only what an interrupted attempt left behind is dropped"
INDEX = "ix_activities_elapsed_s_distance_m"


def upgrade() -> None:
    """Make the index while the program runs on."""
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, "activities", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            INDEX,
            "activities",
            ["elapsed_s", "distance_m"],
            postgresql_where=sa.text("route_preview IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index(INDEX, "activities", if_exists=True)
