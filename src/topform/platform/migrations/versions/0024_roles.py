"""Roles and locks of accounts, and what administrators did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "account_standing",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('athlete', 'moderator', 'admin')", name=op.f("ck_account_standing_role_is_known")),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_account_standing_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", name="pk_account_standing"),
    )
    op.create_table(
        "account_admin_actions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_account_admin_actions_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["athletes.id"], name="fk_account_admin_actions_actor_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_account_admin_actions"),
    )
    for name in ("athlete_id", "actor_id", "created_at"):
        op.create_index(f"ix_account_admin_actions_{name}", "account_admin_actions", [name])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("account_admin_actions")
    op.drop_table("account_standing")
