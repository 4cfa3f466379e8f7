"""Challenges in which everybody is compared with their own best before the start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

CHALLENGES = "community_challenges"
ENTRIES = "community_challenge_entries"
RANKING = f"ck_{CHALLENGES}_ranking_is_known"


def upgrade() -> None:
    """Add the columns; so far every challenge counts totals."""
    known = sa.CheckConstraint("ranked_by IN ('total', 'own_best')", name=op.f(RANKING))
    op.add_column(CHALLENGES, sa.Column("ranked_by", sa.String(), known, server_default="total", nullable=False))
    op.add_column(ENTRIES, sa.Column("base", sa.Float(), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column(ENTRIES, "base")
    op.drop_constraint(op.f(RANKING), CHALLENGES, type_="check")
    op.drop_column(CHALLENGES, "ranked_by")
