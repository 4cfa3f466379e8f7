"""What athletes have at hand for strength training, so that every plan counts on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody was asked yet."""
    op.add_column("athletes", sa.Column("equipment", postgresql.ARRAY(sa.Text()), nullable=True))
