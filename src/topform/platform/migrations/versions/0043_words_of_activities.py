"""Search in titles by an index that holds them: ten years of an athlete lie on thousands of pages."""

from __future__ import annotations

from typing import Any

from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

CONTRACTS = "nothing that a program reads: only what an interrupted attempt left behind is dropped"
HELD = (
    "(notes IS NULL AND field_restrictions = '{}'::jsonb"
    " AND coalesce(octet_length(title), 0) + coalesce(octet_length(sub_sport), 0) <= 1000)"
)


def upgrade() -> None:
    """Make one index with the words, and one of the activities whose words are too many, while the program runs on."""
    with op.get_context().autocommit_block():
        _make("ix_activities_words", HELD, postgresql_include=["title", "sub_sport", "sport", "restricted_by"])
        _make("ix_activities_more_words", f"NOT {HELD}")


def _make(name: str, rows: str, **options: Any) -> None:
    op.drop_index(name, "activities", if_exists=True, postgresql_concurrently=True)
    op.create_index(
        name,
        "activities",
        ["athlete_id", "started_at", "id"],
        postgresql_where=rows,
        postgresql_concurrently=True,
        **options,
    )
