"""Groups in which coaches keep the athletes who let them in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

GROUPS = "coach_groups"
MEMBERS = "coach_group_members"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        GROUPS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _refers(GROUPS, "athlete_id", "athletes"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{GROUPS}"),
        sa.UniqueConstraint("athlete_id", "name", name=f"uq_{GROUPS}_athlete_id_name"),
    )
    op.create_table(
        MEMBERS,
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        _refers(MEMBERS, "group_id", GROUPS),
        _refers(MEMBERS, "member_id", "athletes"),
        _refers(MEMBERS, "athlete_id", "athletes"),
        sa.PrimaryKeyConstraint("group_id", "member_id", name=f"pk_{MEMBERS}"),
    )
    op.create_index(f"ix_{MEMBERS}_athlete_id_member_id", MEMBERS, ["athlete_id", "member_id"])
    op.create_index(f"ix_{MEMBERS}_member_id", MEMBERS, ["member_id"])


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table(MEMBERS)
    op.drop_table(GROUPS)
