"""Platform: the event log and the job queue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from topform.platform.migrations.job_queue import apply_job_queue_scripts

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JOB_QUEUE_THROUGH = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def upgrade() -> None:
    """Create the tables of the platform."""
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=True),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_athlete_id_id", "events", ["athlete_id", "id"])
    op.create_index("ix_events_created_at", "events", ["created_at"])
    op.create_table(
        "event_watermark",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("purged_through", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event_watermark"),
        sa.CheckConstraint("id = 1", name="ck_event_watermark_one_row"),
    )
    op.execute("INSERT INTO event_watermark (id, purged_through) VALUES (1, 0)")
    apply_job_queue_scripts(op.get_bind(), after=None, through=JOB_QUEUE_THROUGH)
