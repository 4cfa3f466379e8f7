"""Find the last races that were predicted, of everybody, without reading all predictions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

CONTRACTS = "nothing that a program reads: only what an interrupted attempt left behind is dropped"
INDEX = "ix_race_predictions_outcome_date"


def upgrade() -> None:
    """Make the index while the program runs on."""
    with op.get_context().autocommit_block():
        op.drop_index(INDEX, "race_predictions", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            INDEX,
            "race_predictions",
            ["outcome_date"],
            postgresql_where=sa.text("outcome_s IS NOT NULL"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index(INDEX, "race_predictions", if_exists=True)
