"""Proposals, history, feedback and calendar addresses of plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "plan_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("params", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("request", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("document", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("diff", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("effect", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("is_lock", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_plan_proposals_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_plan_proposals_plan_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_proposals"),
        sa.UniqueConstraint("plan_id", "code", "day", name="uq_plan_proposals_plan_id_code_day"),
    )
    op.create_index("ix_plan_proposals_athlete_id_created_at_id", "plan_proposals", ["athlete_id", "created_at", "id"])
    op.create_index("ix_plan_proposals_plan_id", "plan_proposals", ["plan_id"])
    op.create_table(
        "plan_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("before_id", sa.Uuid(), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("params", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("diff", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["after_id"], ["plans.id"], name="fk_plan_changes_after_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name="fk_plan_changes_athlete_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["before_id"], ["plans.id"], name="fk_plan_changes_before_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["plan_proposals.id"], name="fk_plan_changes_proposal_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plan_changes"),
    )
    op.create_index("ix_plan_changes_after_id", "plan_changes", ["after_id"])
    op.create_index("ix_plan_changes_athlete_id_created_at_id", "plan_changes", ["athlete_id", "created_at", "id"])
    op.create_index("ix_plan_changes_before_id", "plan_changes", ["before_id"])
    op.create_index("ix_plan_changes_proposal_id", "plan_changes", ["proposal_id"])
    op.create_table(
        "plan_life",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("told", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("silenced", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name="fk_plan_life_athlete_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("athlete_id", name="pk_plan_life"),
    )
    op.create_table(
        "session_feedback",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rpe_cr10", sa.Double(), nullable=True),
        sa.Column("soreness", sa.Double(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rpe_cr10 BETWEEN 0 AND 10", name="ck_session_feedback_ck_session_feedback_rpe_is_on_the_scale"
        ),
        sa.CheckConstraint(
            "soreness BETWEEN 0 AND 10", name="ck_session_feedback_ck_session_feedback_soreness_is_on_the_scale"
        ),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_session_feedback_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "session_id", name="pk_session_feedback"),
    )
    op.create_table(
        "calendar_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_calendar_tokens_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_tokens"),
        sa.UniqueConstraint("sha256", name="uq_calendar_tokens_sha256"),
    )
    op.create_index("ix_calendar_tokens_athlete_id", "calendar_tokens", ["athlete_id"])


def downgrade() -> None:
    """Take them away again."""
    for table in ("calendar_tokens", "session_feedback", "plan_life", "plan_changes", "plan_proposals"):
        op.drop_table(table)
