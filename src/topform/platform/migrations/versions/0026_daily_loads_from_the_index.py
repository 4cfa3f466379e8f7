"""Answer the question for daily loads from the index alone: ten years of an athlete lie on thousands of pages."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

CONTRACTS = "the index without the load; programs of all versions ask the same question and find the new one"


def upgrade() -> None:
    """Make the index with the load while the program runs on, then drop the one without."""
    with op.get_context().autocommit_block():
        # What an interrupted attempt left behind is of no use.
        op.drop_index("ix_activities_daily_loads", "activities", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "ix_activities_daily_loads",
            "activities",
            ["athlete_id", "local_date"],
            postgresql_include=["load_au"],
            postgresql_concurrently=True,
        )
        op.drop_index("ix_activities_athlete_id_local_date", "activities", if_exists=True, postgresql_concurrently=True)
