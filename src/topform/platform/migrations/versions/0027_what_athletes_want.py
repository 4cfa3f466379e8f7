"""What athletes want: the sports they train and what for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; nobody was asked yet."""
    op.add_column("athletes", sa.Column("sports", postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column("athletes", sa.Column("aim", sa.String(), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("athletes", "aim")
    op.drop_column("athletes", "sports")
