"""Critical power and W' of athletes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for the two parameters; nobody has them yet."""
    op.add_column("athletes", sa.Column("cp_w", sa.Double(), nullable=True))
    op.add_column("athletes", sa.Column("w_prime_j", sa.Double(), nullable=True))


def downgrade() -> None:
    """Forget them, with what was dated."""
    op.execute("DELETE FROM athlete_parameters WHERE name IN ('cp_w', 'w_prime_j')")
    op.drop_column("athletes", "w_prime_j")
    op.drop_column("athletes", "cp_w")
