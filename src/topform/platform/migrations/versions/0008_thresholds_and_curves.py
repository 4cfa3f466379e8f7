"""Dated thresholds and tests, curves of best efforts, and what metrics were before their formula changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CURVES = ("power_curve", "speed_curve", "ga_speed_curve")
DOCUMENT = postgresql.JSONB(none_as_null=True)
DATED = (
    "mass_kg", "hr_rest_bpm", "hr_max_bpm", "lthr_bpm", "ftp_w", "threshold_speed_m_s", "css_m_s",
)  # fmt: skip


def upgrade() -> None:
    """Add the columns and tables; what a profile says today is taken as true since always."""
    for name in CURVES:
        op.add_column("activity_legs", sa.Column(name, sa.LargeBinary(), nullable=True))
    op.create_table(
        "activity_metric_history",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("inputs_digest", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restricted_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], ondelete="CASCADE", name="fk_activity_metric_history_athlete_id_athletes"
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            ondelete="CASCADE",
            name="fk_activity_metric_history_activity_id_activities",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_activity_metric_history"),
        sa.CheckConstraint("reason IN ('version', 'inputs')", name="ck_activity_metric_history_reason_is_known"),
    )
    op.create_index("ix_activity_metric_history_activity_id", "activity_metric_history", ["activity_id"], unique=False)
    op.create_index("ix_activity_metric_history_athlete_id", "activity_metric_history", ["athlete_id"], unique=False)
    op.create_table(
        "applied_metric_versions",
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("metric", name="pk_applied_metric_versions"),
    )
    op.create_table(
        "athlete_parameters",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], ondelete="CASCADE", name="fk_athlete_parameters_athlete_id_athletes"
        ),
        sa.PrimaryKeyConstraint("athlete_id", "name", "valid_from", name="pk_athlete_parameters"),
        sa.CheckConstraint("origin IN ('entered', 'test', 'estimate')", name="ck_athlete_parameters_origin_is_known"),
    )
    op.create_table(
        "threshold_tests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("inputs", DOCUMENT, nullable=False),
        sa.Column("quantity", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("sd_frac", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], ondelete="CASCADE", name="fk_threshold_tests_athlete_id_athletes"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_threshold_tests"),
    )
    op.create_index(
        "ix_threshold_tests_athlete_id_measured_on", "threshold_tests", ["athlete_id", "measured_on"], unique=False
    )
    for name in DATED:
        op.execute(
            f"INSERT INTO athlete_parameters (athlete_id, name, valid_from, value, origin, created_at) "  # noqa: S608
            f"SELECT id, '{name}', DATE '1900-01-01', {name}, 'entered', updated_at FROM athletes "
            f"WHERE {name} IS NOT NULL"
        )


def downgrade() -> None:
    """Take them away again."""
    for table in ("threshold_tests", "athlete_parameters", "applied_metric_versions", "activity_metric_history"):
        op.drop_table(table)
    for name in CURVES:
        op.drop_column("activity_legs", name)
