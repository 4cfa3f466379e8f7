"""Challenges: what they are, who takes part, who was asked to, and sets as they are counted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

CHALLENGES = "community_challenges"
ENTRIES = "community_challenge_entries"
INVITATIONS = "community_challenge_invitations"
SETS = "community_counted_sets"


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        CHALLENGES,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sport", sa.String(), nullable=True),
        sa.Column("exercise", sa.String(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        _moment("created_at"),
        sa.CheckConstraint(
            "kind IN ('push_ups', 'distance', 'time', 'ascent', 'streak')", name=f"ck_{CHALLENGES}_kind_is_known"
        ),
        sa.CheckConstraint("audience IN ('invited', 'followers', 'public')", name=f"ck_{CHALLENGES}_audience_is_known"),
        sa.CheckConstraint("first_day <= last_day", name=f"ck_{CHALLENGES}_days_are_in_order"),
        _refers(CHALLENGES, "athlete_id", "athletes"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{CHALLENGES}"),
    )
    op.create_index(f"ix_{CHALLENGES}_athlete_id_created_at_id", CHALLENGES, ["athlete_id", "created_at", "id"])
    op.create_index(f"ix_{CHALLENGES}_audience_created_at_id", CHALLENGES, ["audience", "created_at", "id"])
    op.create_table(
        ENTRIES,
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("age_band", sa.String(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        _moment("reached_at", nullable=True),
        _moment("joined_at"),
        _moment("removed_at", nullable=True),
        _refers(ENTRIES, "challenge_id", CHALLENGES),
        _refers(ENTRIES, "athlete_id", "athletes"),
        sa.PrimaryKeyConstraint("challenge_id", "athlete_id", name=f"pk_{ENTRIES}"),
        sa.UniqueConstraint("id", name=f"uq_{ENTRIES}_id"),
    )
    op.create_index(f"ix_{ENTRIES}_athlete_id", ENTRIES, ["athlete_id"])
    op.create_table(
        INVITATIONS,
        sa.Column("challenge_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        _moment("created_at"),
        _refers(INVITATIONS, "challenge_id", CHALLENGES),
        _refers(INVITATIONS, "athlete_id", "athletes"),
        sa.PrimaryKeyConstraint("challenge_id", "athlete_id", name=f"pk_{INVITATIONS}"),
    )
    op.create_index(f"ix_{INVITATIONS}_athlete_id", INVITATIONS, ["athlete_id"])
    op.create_table(
        SETS,
        sa.Column("form_check_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("exercise", sa.String(), nullable=False),
        _moment("at"),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("reps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _refers(SETS, "form_check_id", "form_checks"),
        _refers(SETS, "athlete_id", "athletes"),
        sa.PrimaryKeyConstraint("form_check_id", name=f"pk_{SETS}"),
    )
    op.create_index(f"ix_{SETS}_athlete_id_at", SETS, ["athlete_id", "at"])


def downgrade() -> None:
    """Drop the tables."""
    for table in (SETS, INVITATIONS, ENTRIES, CHALLENGES):
        op.drop_table(table)
