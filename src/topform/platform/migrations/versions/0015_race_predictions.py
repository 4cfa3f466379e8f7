"""Race predictions as they were shown, and what came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "race_predictions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("target_date", sa.Date(), nullable=False),
        sa.Column("distance_m", sa.Float(), nullable=False),
        sa.Column("predictor_version", sa.BigInteger(), nullable=False),
        sa.Column("inputs_digest", sa.String(), nullable=False),
        sa.Column("time_s", sa.Float(), nullable=False),
        sa.Column("low_80_s", sa.Float(), nullable=False),
        sa.Column("high_80_s", sa.Float(), nullable=False),
        sa.Column("low_90_s", sa.Float(), nullable=False),
        sa.Column("high_90_s", sa.Float(), nullable=False),
        sa.Column("baseline_s", sa.Float(), nullable=True),
        sa.Column("outcome_s", sa.Float(), nullable=True),
        sa.Column("outcome_date", sa.Date(), nullable=True),
        sa.Column("activity_id", sa.Uuid(), nullable=True),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(outcome_s IS NULL) = (outcome_date IS NULL)", name="ck_race_predictions_outcome_is_whole"),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_race_predictions_athlete_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name="fk_race_predictions_activity_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_race_predictions"),
        sa.UniqueConstraint("athlete_id", "target_date", "distance_m", name="uq_race_predictions_target"),
    )


def downgrade() -> None:
    """Forget the predictions, not the races."""
    op.drop_table("race_predictions")
