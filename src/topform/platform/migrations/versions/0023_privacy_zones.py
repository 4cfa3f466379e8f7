"""Places that nobody but the athlete sees on a route."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NUMBERS = (
    "latitude_deg",
    "longitude_deg",
    "radius_m",
    "hiding_latitude_deg",
    "hiding_longitude_deg",
    "hiding_radius_m",
)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "privacy_zones",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in NUMBERS),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "radius_m > 0 AND hiding_radius_m > radius_m", name=op.f("ck_privacy_zones_hides_more_than_asked")
        ),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_privacy_zones_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_privacy_zones"),
    )
    op.create_index("ix_privacy_zones_athlete_id", "privacy_zones", ["athlete_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("privacy_zones")
