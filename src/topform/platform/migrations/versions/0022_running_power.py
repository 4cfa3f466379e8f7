"""Running threshold power of athletes, one for each source."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NAMES = ("run_power_watch_w", "run_power_foot_pod_w", "run_power_app_w")


def upgrade() -> None:
    """Make room for the thresholds; nobody has them yet."""
    for name in NAMES:
        op.add_column("athletes", sa.Column(name, sa.Double(), nullable=True))


def downgrade() -> None:
    """Forget them, with what was dated."""
    op.execute("DELETE FROM athlete_parameters WHERE name LIKE 'run_power_%'")
    for name in NAMES:
        op.drop_column("athletes", name)
