"""What athletes say of filmed sets, and the load these give."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "strength_sets",
        sa.Column("form_check_id", sa.Uuid(), nullable=False),
        sa.Column("performed_on", sa.Date(), nullable=False),
        sa.Column("exercise", sa.String(), nullable=False),
        sa.Column("active_s", sa.Float(), nullable=False),
        sa.Column("variant", sa.String(), nullable=True),
        sa.Column("external_kg", sa.Float(), nullable=True),
        sa.Column("rir", sa.Integer(), nullable=True),
        sa.Column("rpe_cr10", sa.Float(), nullable=True),
        sa.Column("load_au", sa.Float(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rpe_cr10 BETWEEN 0 AND 10", name="ck_strength_sets_rpe_is_on_the_scale"),
        sa.CheckConstraint("rir BETWEEN 0 AND 30", name="ck_strength_sets_rir_is_possible"),
        sa.CheckConstraint("external_kg BETWEEN 0 AND 600", name="ck_strength_sets_external_mass_is_possible"),
        sa.ForeignKeyConstraint(
            ["form_check_id"], ["form_checks.id"], name="fk_strength_sets_form_check_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_strength_sets_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("form_check_id", name="pk_strength_sets"),
    )
    op.create_index("ix_strength_sets_athlete_id_performed_on", "strength_sets", ["athlete_id", "performed_on"])


def downgrade() -> None:
    """Forget what was said."""
    op.drop_table("strength_sets")
