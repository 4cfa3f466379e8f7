"""Say of a signal whose earlier recording shows the same route."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

SIGNALS = "community_signals"
COLUMN = "other_activity_id"


def upgrade() -> None:
    """Add the reference; it is empty for what was raised before."""
    refers = sa.ForeignKey("activities.id", name=op.f(f"fk_{SIGNALS}_{COLUMN}"), ondelete="SET NULL")
    op.add_column(SIGNALS, sa.Column(COLUMN, sa.Uuid(), refers, nullable=True))
    op.create_index(f"ix_{SIGNALS}_{COLUMN}", SIGNALS, [COLUMN])


def downgrade() -> None:
    """Forget it."""
    op.drop_column(SIGNALS, COLUMN)
