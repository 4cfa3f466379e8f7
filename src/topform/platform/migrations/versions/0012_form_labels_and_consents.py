"""Body points, disputes and labels of form checks; consents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and tables."""
    op.add_column("form_checks", sa.Column("poses_key", sa.String(), nullable=True))
    op.add_column("form_checks", sa.Column("track_key", sa.String(), nullable=True))
    op.add_column("form_checks", sa.Column("rep_curves", postgresql.JSONB(none_as_null=True), nullable=True))
    op.create_table(
        "form_check_disputes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_check_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("rep_index", sa.BigInteger(), nullable=True),
        sa.Column("rep_count", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('cue_wrong', 'count_wrong')", name="ck_form_check_disputes_kind_is_known"),
        *_keys("form_check_disputes"),
        sa.PrimaryKeyConstraint("id", name="pk_form_check_disputes"),
    )
    op.create_index(
        "ix_form_check_disputes_form_check_id_created_at", "form_check_disputes", ["form_check_id", "created_at"]
    )
    op.create_table(
        "form_check_labels",
        sa.Column("form_check_id", sa.Uuid(), nullable=False),
        sa.Column("rater", sa.String(), nullable=False),
        sa.Column("reps", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("unjudged", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rater IN ('owner', 'second')", name="ck_form_check_labels_rater_is_known"),
        *_keys("form_check_labels"),
        sa.PrimaryKeyConstraint("form_check_id", "rater", name="pk_form_check_labels"),
    )
    op.create_table(
        "form_check_raters",
        sa.Column("form_check_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("rater_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        *_keys("form_check_raters"),
        sa.ForeignKeyConstraint(
            ["rater_id"], ["athletes.id"], name="fk_form_check_raters_rater_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("form_check_id", name="pk_form_check_raters"),
    )
    op.create_index("ix_form_check_raters_rater_id", "form_check_raters", ["rater_id"])
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_given_here", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR withdrawn_at >= given_at", name="ck_consents_withdrawn_after_given"
        ),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name="fk_consents_athlete_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
    )
    op.create_index(
        "uq_consents_athlete_id_purpose_in_force",
        "consents",
        ["athlete_id", "purpose"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL AND is_given_here"),
    )


def _keys(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name=f"fk_{table}_athlete_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["form_check_id"], ["form_checks.id"], name=f"fk_{table}_form_check_id", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Remove the tables and columns."""
    op.drop_table("consents")
    op.drop_table("form_check_raters")
    op.drop_table("form_check_labels")
    op.drop_table("form_check_disputes")
    op.drop_column("form_checks", "rep_curves")
    op.drop_column("form_checks", "track_key")
    op.drop_column("form_checks", "poses_key")
