"""Features: athletes, accounts, activities, jobs, form checks, plans."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of the features."""
    _create_accounts()
    _create_activities()
    _create_activity_parts()
    _create_work()


def _create_accounts() -> None:
    op.create_table(
        "athletes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("units", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("mass_kg", sa.Double(), nullable=True),
        sa.Column("hr_rest_bpm", sa.Double(), nullable=True),
        sa.Column("hr_max_bpm", sa.Double(), nullable=True),
        sa.Column("lthr_bpm", sa.Double(), nullable=True),
        sa.Column("ftp_w", sa.Double(), nullable=True),
        sa.Column("threshold_speed_m_s", sa.Double(), nullable=True),
        sa.Column("css_m_s", sa.Double(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name="ck_athletes_email_is_lower_case"),
        sa.PrimaryKeyConstraint("id", name="pk_athletes"),
        sa.UniqueConstraint("email", name="uq_athletes_email"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_digest", sa.String(), nullable=False),
        sa.Column("answer", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("athlete_id", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.create_table(
        "account_credentials",
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("failed_attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_account_credentials_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("athlete_id", name="pk_account_credentials"),
    )
    op.create_table(
        "account_sessions",
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_account_sessions_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_sha256", name="pk_account_sessions"),
    )
    op.create_index("ix_account_sessions_athlete_id", "account_sessions", ["athlete_id"])
    op.create_index("ix_account_sessions_expires_at", "account_sessions", ["expires_at"])


def _create_activities() -> None:
    op.create_table(
        "activities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("is_title_own", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("rpe_cr10", sa.Double(), nullable=True),
        sa.Column("sport", sa.String(), nullable=False),
        sa.Column("sub_sport", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("utc_offset_s", sa.BigInteger(), nullable=True),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("elapsed_s", sa.Double(), nullable=False),
        sa.Column("timer_s", sa.Double(), nullable=False),
        sa.Column("moving_s", sa.Double(), nullable=True),
        sa.Column("distance_m", sa.Double(), nullable=True),
        sa.Column("ascent_m", sa.Double(), nullable=True),
        sa.Column("hr_mean_bpm", sa.Double(), nullable=True),
        sa.Column("power_mean_w", sa.Double(), nullable=True),
        sa.Column("speed_mean_m_s", sa.Double(), nullable=True),
        sa.Column("load_au", sa.Double(), nullable=True),
        sa.Column("load_source", sa.String(), nullable=True),
        sa.Column("leg_count", sa.BigInteger(), nullable=False),
        sa.Column("warnings_count", sa.BigInteger(), nullable=False),
        sa.Column("route_preview", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("device", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("warnings", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("salvaged", sa.Boolean(), nullable=False),
        sa.Column("streams_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rpe_cr10 BETWEEN 0 AND 10", name="ck_activities_rpe_is_on_the_scale"),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name="fk_activities_athlete_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_activities"),
    )
    op.create_index("ix_activities_athlete_id_local_date", "activities", ["athlete_id", "local_date"])
    op.create_index("ix_activities_athlete_id_started_at_id", "activities", ["athlete_id", "started_at", "id"])


def _create_activity_parts() -> None:
    op.create_table(
        "activity_sources",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("object_key", sa.String(), nullable=False),
        sa.Column("quality", sa.Double(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name="fk_activity_sources_activity_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_activity_sources_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_activity_sources"),
        sa.UniqueConstraint("athlete_id", "sha256", name="uq_activity_sources_athlete_id_sha256"),
    )
    op.create_index("ix_activity_sources_activity_id", "activity_sources", ["activity_id"])
    op.create_index(
        "uq_activity_sources_primary", "activity_sources", ["activity_id"], unique=True, postgresql_where="is_primary"
    )
    op.create_table(
        "activity_legs",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("sport", sa.String(), nullable=False),
        sa.Column("sub_sport", sa.String(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("distance_m", sa.Double(), nullable=True),
        sa.Column("moving_s", sa.Double(), nullable=True),
        sa.Column("document", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name="fk_activity_legs_activity_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_activity_legs_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "leg", name="pk_activity_legs"),
    )
    op.create_index("ix_activity_legs_athlete_id_sport", "activity_legs", ["athlete_id", "sport"])
    op.create_table(
        "activity_metrics",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("coverage", sa.Double(), nullable=True),
        sa.Column("n_valid", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("warnings", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("inputs_digest", sa.String(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name="fk_activity_metrics_activity_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_activity_metrics_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "leg", "metric", name="pk_activity_metrics"),
    )
    op.create_index("ix_activity_metrics_athlete_id_metric", "activity_metrics", ["athlete_id", "metric"])
    op.create_table(
        "activity_bests",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("duration_s", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name="fk_activity_bests_activity_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["athlete_id"], ["athletes.id"], name="fk_activity_bests_athlete_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("activity_id", "leg", "kind", "duration_s", name="pk_activity_bests"),
    )
    op.create_index(
        "ix_activity_bests_athlete_id_kind_duration_s", "activity_bests", ["athlete_id", "kind", "duration_s"]
    )


def _create_work() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("stage", sa.String(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("input", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("error", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("result", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'running', 'succeeded', 'failed')", name="ck_jobs_state_is_known"),
        sa.CheckConstraint("progress BETWEEN 0 AND 1", name="ck_jobs_progress_is_a_fraction"),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name="fk_jobs_athlete_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_athlete_id_created_at_id", "jobs", ["athlete_id", "created_at", "id"])
    op.create_table(
        "activity_import_outcomes",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["athlete_id"],
            ["athletes.id"],
            name="fk_activity_import_outcomes_athlete_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_activity_import_outcomes_job_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "position", name="pk_activity_import_outcomes"),
    )
    op.create_table(
        "form_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exercise", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("rep_count", sa.BigInteger(), nullable=False),
        sa.Column("form_decision", sa.String(), nullable=False),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("document", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("video_key", sa.String(), nullable=True),
        sa.Column("video_bytes", sa.BigInteger(), nullable=True),
        sa.Column("thumbnail_key", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name="fk_form_checks_athlete_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_form_checks"),
    )
    op.create_index("ix_form_checks_athlete_id_created_at_id", "form_checks", ["athlete_id", "created_at", "id"])
    op.create_table(
        "plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("document", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["athlete_id"], ["athletes.id"], name="fk_plans_athlete_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_index("ix_plans_athlete_id_created_at_id", "plans", ["athlete_id", "created_at", "id"])
