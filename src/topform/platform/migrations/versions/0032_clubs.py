"""Clubs, who is in them, and posts that are for one club."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

CLUBS = "community_clubs"
MEMBERS = "community_club_members"
POSTS = "community_posts"


def upgrade() -> None:
    """Create the tables, and let a post name a club; older programs show such a post to its author alone."""
    op.create_table(
        CLUBS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("sports", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("joining", sa.String(), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("joining IN ('open', 'request', 'invitation')", name=op.f(f"ck_{CLUBS}_joining_is_known")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{CLUBS}"),
    )
    op.create_index(
        f"ix_{CLUBS}_listed_created_at_id", CLUBS, ["created_at", "id"], postgresql_where=sa.text("is_listed")
    )
    op.create_table(
        MEMBERS,
        sa.Column("club_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "standing IN ('owner', 'organiser', 'member', 'requested', 'invited', 'banned')",
            name=op.f(f"ck_{MEMBERS}_standing_is_known"),
        ),
        sa.ForeignKeyConstraint(["club_id"], [f"{CLUBS}.id"], name=f"fk_{MEMBERS}_club_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name=f"fk_{MEMBERS}_athlete_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("club_id", "athlete_id", name=f"pk_{MEMBERS}"),
    )
    op.create_index(f"ix_{MEMBERS}_athlete_id", MEMBERS, ["athlete_id"])
    op.create_index(
        f"uq_{MEMBERS}_owner", MEMBERS, ["club_id"], unique=True, postgresql_where=sa.text("standing = 'owner'")
    )
    club = sa.ForeignKey(f"{CLUBS}.id", name=f"fk_{POSTS}_club_id", ondelete="SET NULL")
    op.add_column(POSTS, sa.Column("club_id", sa.Uuid(), club, nullable=True))


def downgrade() -> None:
    """Drop the tables; what was for a club is for its author alone."""
    op.drop_column(POSTS, "club_id")
    op.drop_table(MEMBERS)
    op.drop_table(CLUBS)
