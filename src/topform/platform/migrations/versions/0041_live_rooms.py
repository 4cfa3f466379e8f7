"""Rooms in which people train together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

ROOMS = "live_rooms"
PEOPLE = "live_room_people"
CHEERS = "live_room_cheers"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        ROOMS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("club_id", sa.Uuid(), nullable=True),
        sa.Column("code_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        _refers(ROOMS, "athlete_id", "athletes"),
        _refers(ROOMS, "club_id", "community_clubs"),
        sa.CheckConstraint(
            "audience IN ('friends', 'club', 'coaching', 'invited')", name=f"ck_{ROOMS}_audience_is_known"
        ),
        sa.CheckConstraint("(audience = 'club') = (club_id IS NOT NULL)", name=f"ck_{ROOMS}_club_is_named"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{ROOMS}"),
    )
    for column in ("athlete_id", "club_id", "expires_at"):
        op.create_index(f"ix_{ROOMS}_{column}", ROOMS, [column])
    op.create_table(
        PEOPLE,
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("shares", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("text_version", sa.String(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_link", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("count", "elapsed_s", "hr_bpm", "zone")),
        sa.Column("speed_m_s", sa.Float(), nullable=True),
        sa.Column("power_w", sa.BigInteger(), nullable=True),
        _refers(PEOPLE, "room_id", ROOMS),
        _refers(PEOPLE, "athlete_id", "athletes"),
        sa.PrimaryKeyConstraint("room_id", "athlete_id", name=f"pk_{PEOPLE}"),
    )
    op.create_index(f"ix_{PEOPLE}_athlete_id", PEOPLE, ["athlete_id"])
    op.create_table(
        CHEERS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        _refers(CHEERS, "room_id", ROOMS),
        _refers(CHEERS, "athlete_id", "athletes"),
        _refers(CHEERS, "to_id", "athletes"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{CHEERS}"),
    )
    op.create_index(f"ix_{CHEERS}_room_id_created_at", CHEERS, ["room_id", "created_at"])
    for column in ("athlete_id", "to_id"):
        op.create_index(f"ix_{CHEERS}_{column}", CHEERS, [column])


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")


def downgrade() -> None:
    """Drop the tables."""
    for table in (CHEERS, PEOPLE, ROOMS):
        op.drop_table(table)
