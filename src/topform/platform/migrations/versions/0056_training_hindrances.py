"""Why no version of a model could be trained from the labels, for administrators to read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "model_datasets",
        sa.Column(
            "hindrances", postgresql.JSONB(none_as_null=True), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_column("model_datasets", "hindrances")
