"""People, their relations, posts and what is said to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "community_blocks",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("blocked_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("athlete_id <> blocked_id", name="ck_community_blocks_not_oneself"),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_community_blocks_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["blocked_id"], ["athletes.id"], name="fk_community_blocks_blocked_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "blocked_id", name="pk_community_blocks"),
    )
    op.create_index("ix_community_blocks_blocked_id", "community_blocks", ["blocked_id"])
    op.create_table(
        "community_follows",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("followed_id", sa.Uuid(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("athlete_id <> followed_id", name="ck_community_follows_not_oneself"),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_community_follows_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["followed_id"], ["athletes.id"], name="fk_community_follows_followed_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "followed_id", name="pk_community_follows"),
    )
    op.create_index(
        "ix_community_follows_followed_id_accepted_at",
        "community_follows",
        ["followed_id", "accepted_at"],
    )
    op.create_table(
        "community_mutes",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("muted_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("athlete_id <> muted_id", name="ck_community_mutes_not_oneself"),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_community_mutes_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["muted_id"], ["athletes.id"], name="fk_community_mutes_muted_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("athlete_id", "muted_id", name="pk_community_mutes"),
    )
    op.create_index("ix_community_mutes_muted_id", "community_mutes", ["muted_id"])
    op.create_table(
        "community_people",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_findable", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_community_people_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", name="pk_community_people"),
        sa.UniqueConstraint("handle", name="uq_community_people_handle"),
    )
    op.create_table(
        "community_posts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("form_check_id", sa.Uuid(), nullable=True),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("shown", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("audience IN ('me', 'followers', 'public')", name="ck_community_posts_audience_is_known"),
        sa.CheckConstraint(
            "kind IN ('activity', 'form_check', 'personal_best')", name="ck_community_posts_kind_is_known"
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name="fk_community_posts_activity_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_community_posts_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["form_check_id"], ["form_checks.id"], name="fk_community_posts_form_check_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_community_posts"),
    )
    op.create_index("ix_community_posts_activity_id", "community_posts", ["activity_id"])
    op.create_index(
        "ix_community_posts_athlete_id_created_at_id",
        "community_posts",
        ["athlete_id", "created_at", "id"],
    )
    op.create_index("ix_community_posts_form_check_id", "community_posts", ["form_check_id"])
    op.create_table(
        "community_comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_community_comments_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["community_posts.id"], name="fk_community_comments_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_community_comments"),
    )
    op.create_index("ix_community_comments_athlete_id_created_at", "community_comments", ["athlete_id", "created_at"])
    op.create_index(
        "ix_community_comments_post_id_created_at_id",
        "community_comments",
        ["post_id", "created_at", "id"],
    )
    op.create_table(
        "community_kudos",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_community_kudos_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["community_posts.id"], name="fk_community_kudos_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "athlete_id", name="pk_community_kudos"),
    )
    op.create_index("ix_community_kudos_athlete_id_created_at", "community_kudos", ["athlete_id", "created_at"])
    op.create_table(
        "community_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("reported_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("comment_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decision_note", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("decision IN ('kept', 'removed')", name="ck_community_reports_decision_is_known"),
        sa.CheckConstraint("num_nonnulls(post_id, comment_id) <= 1", name="ck_community_reports_one_subject"),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_community_reports_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["community_comments.id"], name="fk_community_reports_comment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["athletes.id"], name="fk_community_reports_decided_by", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["community_posts.id"], name="fk_community_reports_post_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reported_id"], ["athletes.id"], name="fk_community_reports_reported_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_community_reports"),
    )
    op.create_index("ix_community_reports_athlete_id", "community_reports", ["athlete_id"])
    op.create_index("ix_community_reports_comment_id", "community_reports", ["comment_id"])
    op.create_index(
        "ix_community_reports_decided_at_created_at_id",
        "community_reports",
        ["decided_at", "created_at", "id"],
    )
    op.create_index("ix_community_reports_decided_by", "community_reports", ["decided_by"])
    op.create_index("ix_community_reports_post_id", "community_reports", ["post_id"])
    op.create_index("ix_community_reports_reported_id", "community_reports", ["reported_id"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("community_reports")
    op.drop_table("community_comments")
    op.drop_table("community_kudos")
    op.drop_table("community_posts")
    op.drop_table("community_mutes")
    op.drop_table("community_blocks")
    op.drop_table("community_follows")
    op.drop_table("community_people")
