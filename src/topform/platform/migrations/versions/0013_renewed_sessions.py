"""Sessions of apps, whose tokens renew each other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say of each session how often its tokens were renewed; those of before are a browser's."""
    op.add_column("account_sessions", sa.Column("generation", sa.BigInteger(), nullable=True))
    op.add_column("account_sessions", sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Forget the sessions with tokens, whose seed opens nothing."""
    op.execute("DELETE FROM account_sessions WHERE generation IS NOT NULL")
    op.drop_column("account_sessions", "renewed_at")
    op.drop_column("account_sessions", "generation")
