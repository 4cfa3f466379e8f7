"""Teams in challenges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

CHALLENGES = "community_challenges"
ENTRIES = "community_challenge_entries"
TEAMS = "community_challenge_teams"
SIZE = f"ck_{CHALLENGES}_team_is_a_team"
TEAM = f"fk_{ENTRIES}_team_id"


def upgrade() -> None:
    """Add teams; so far no challenge has any."""
    size = sa.CheckConstraint("team_size BETWEEN 2 AND 50", name=op.f(SIZE))
    op.add_column(CHALLENGES, sa.Column("team_size", sa.BigInteger(), size, nullable=True))
    op.create_table(
        TEAMS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["challenge_id"], [f"{CHALLENGES}.id"], name=f"fk_{TEAMS}_challenge_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TEAMS}"),
    )
    op.create_index(f"ix_{TEAMS}_challenge_id", TEAMS, ["challenge_id"])
    team = sa.ForeignKey(f"{TEAMS}.id", name=op.f(TEAM), ondelete="SET NULL")
    op.add_column(ENTRIES, sa.Column("team_id", sa.Uuid(), team, nullable=True))
    op.add_column(ENTRIES, sa.Column("in_team_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index(f"ix_{ENTRIES}_team_id", ENTRIES, ["team_id"])


def downgrade() -> None:
    """Drop them."""
    op.drop_index(f"ix_{ENTRIES}_team_id", ENTRIES)
    op.drop_constraint(TEAM, ENTRIES, type_="foreignkey")
    op.drop_column(ENTRIES, "in_team_since")
    op.drop_column(ENTRIES, "team_id")
    op.drop_table(TEAMS)
    op.drop_constraint(op.f(SIZE), CHALLENGES, type_="check")
    op.drop_column(CHALLENGES, "team_size")
