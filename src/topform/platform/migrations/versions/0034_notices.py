"""Notices: what athletes are told of, how they want to be told, their devices, and the server's key for them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

NOTICES = "notices"
SETTINGS = "notice_settings"
DEVICES = "notice_devices"
KEY = "notice_push_key"
SUBJECTS = {
    "actor_id": "athletes",
    "post_id": "community_posts",
    "comment_id": "community_comments",
    "challenge_id": "community_challenges",
    "proposal_id": "plan_proposals",
    "connection_id": "connections",
}
MINUTES = {
    "quiet_from": "quiet_from_min",
    "quiet_to": "quiet_to_min",
    "digest": "digest_min",
    "reminder": "reminder_min",
}


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        NOTICES,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=True) for column in SUBJECTS),
        sa.Column("detail", sa.String(), nullable=True),
        _moment("created_at"),
        _moment("read_at", nullable=True),
        _moment("push_at", nullable=True),
        _moment("pushed_at", nullable=True),
        _refers(NOTICES, "athlete_id", "athletes"),
        *(_refers(NOTICES, column, to) for column, to in SUBJECTS.items()),
        sa.PrimaryKeyConstraint("id", name=f"pk_{NOTICES}"),
        sa.UniqueConstraint("athlete_id", "key", name=f"uq_{NOTICES}_athlete_id_key"),
    )
    op.create_index(f"ix_{NOTICES}_athlete_id_created_at_id", NOTICES, ["athlete_id", "created_at", "id"])
    op.create_index(
        f"ix_{NOTICES}_push_at",
        NOTICES,
        ["push_at"],
        postgresql_where=sa.text("push_at IS NOT NULL AND pushed_at IS NULL"),
    )
    for column in SUBJECTS:
        op.create_index(f"ix_{NOTICES}_{column}", NOTICES, [column])
    op.create_table(
        SETTINGS,
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("off", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hides_text", sa.Boolean(), nullable=False),
        sa.Column("quiet_from_min", sa.BigInteger(), nullable=True),
        sa.Column("quiet_to_min", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("digest_min", sa.BigInteger(), nullable=False),
        sa.Column("reminder_min", sa.BigInteger(), nullable=True),
        _moment("remind_at", nullable=True),
        _moment("updated_at"),
        sa.CheckConstraint("digest IN ('at_once', 'daily')", name=f"ck_{SETTINGS}_digest_is_known"),
        sa.CheckConstraint(
            "(quiet_from_min IS NULL) = (quiet_to_min IS NULL)", name=f"ck_{SETTINGS}_quiet_hours_are_whole"
        ),
        *(
            sa.CheckConstraint(f"{column} BETWEEN 0 AND 1439", name=f"ck_{SETTINGS}_{name}_is_a_minute")
            for name, column in MINUTES.items()
        ),
        _refers(SETTINGS, "athlete_id", "athletes"),
        sa.PrimaryKeyConstraint("athlete_id", name=f"pk_{SETTINGS}"),
    )
    op.create_index(f"ix_{SETTINGS}_remind_at", SETTINGS, ["remind_at"])
    op.create_table(
        DEVICES,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("address_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_address", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        _moment("created_at"),
        _moment("last_sent_at", nullable=True),
        _refers(DEVICES, "athlete_id", "athletes"),
        _refers(DEVICES, "session_id", "account_sessions"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{DEVICES}"),
        sa.UniqueConstraint("address_sha256", name=f"uq_{DEVICES}_address_sha256"),
    )
    for column in ("athlete_id", "session_id"):
        op.create_index(f"ix_{DEVICES}_{column}", DEVICES, [column])
    op.create_table(
        KEY,
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("sealed_private_key", sa.String(), nullable=False),
        _moment("created_at"),
        sa.CheckConstraint("id = 1", name=f"ck_{KEY}_one_row"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{KEY}"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in (KEY, DEVICES, SETTINGS, NOTICES):
        op.drop_table(table)
