"""Segments: stretches of routes, who keeps them, efforts, and which cells of the map each activity touches."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

SEGMENTS = "segments"
MEMBERS = "segment_members"
EFFORTS = "segment_efforts"
ROUTES = "segment_routes"


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Float(), nullable=nullable)


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        SEGMENTS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sport", sa.String(), nullable=False),
        sa.Column("course", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        _number("length_m"),
        _number("ascent_m", nullable=True),
        sa.Column("start_cell", sa.Integer(), nullable=False),
        sa.Column("end_cell", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(), server_default="me", nullable=False),
        _moment("shared_at", nullable=True),
        _moment("matched_at", nullable=True),
        sa.Column("restricted_by", sa.String(), nullable=True),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint("audience IN ('me', 'followers')", name=f"ck_{SEGMENTS}_audience_is_known"),
        sa.CheckConstraint("audience = 'me' OR shared_at IS NOT NULL", name=f"ck_{SEGMENTS}_sharing_has_a_moment"),
        _refers(SEGMENTS, "athlete_id", "athletes"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{SEGMENTS}"),
    )
    op.create_index(f"ix_{SEGMENTS}_athlete_id_created_at_id", SEGMENTS, ["athlete_id", "created_at", "id"])
    op.create_index(f"ix_{SEGMENTS}_start_cell", SEGMENTS, ["start_cell"])
    op.create_table(
        MEMBERS,
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("shares_efforts", sa.Boolean(), nullable=False),
        _moment("joined_at"),
        _moment("matched_at", nullable=True),
        _refers(MEMBERS, "segment_id", SEGMENTS),
        _refers(MEMBERS, "athlete_id", "athletes"),
        sa.PrimaryKeyConstraint("segment_id", "athlete_id", name=f"pk_{MEMBERS}"),
    )
    op.create_index(f"ix_{MEMBERS}_athlete_id", MEMBERS, ["athlete_id"])
    op.create_table(
        EFFORTS,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        _number("start_s"),
        _number("end_s"),
        _moment("started_at"),
        sa.Column("day", sa.Date(), nullable=False),
        _number("elapsed_s"),
        _number("coverage"),
        _number("hr_mean_bpm", nullable=True),
        _number("power_mean_w", nullable=True),
        _number("ga_speed_m_s", nullable=True),
        sa.Column("restricted_by", sa.String(), nullable=True),
        sa.CheckConstraint("end_s > start_s", name=f"ck_{EFFORTS}_takes_time"),
        _refers(EFFORTS, "segment_id", SEGMENTS),
        _refers(EFFORTS, "athlete_id", "athletes"),
        _refers(EFFORTS, "activity_id", "activities"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{EFFORTS}"),
        sa.UniqueConstraint(
            "segment_id", "activity_id", "leg", "start_s", name=f"uq_{EFFORTS}_segment_id_activity_id_leg_start_s"
        ),
    )
    op.create_index(f"ix_{EFFORTS}_segment_id_athlete_id_elapsed_s", EFFORTS, ["segment_id", "athlete_id", "elapsed_s"])
    op.create_index(f"ix_{EFFORTS}_athlete_id_started_at_id", EFFORTS, ["athlete_id", "started_at", "id"])
    op.create_index(f"ix_{EFFORTS}_activity_id", EFFORTS, ["activity_id"])
    op.create_table(
        ROUTES,
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("leg", sa.Integer(), nullable=False),
        sa.Column("athlete_id", sa.Uuid(), nullable=False),
        sa.Column("sport", sa.String(), nullable=False),
        sa.Column("cells", postgresql.ARRAY(sa.Integer()), nullable=False),
        _moment("seen_at"),
        _refers(ROUTES, "activity_id", "activities"),
        _refers(ROUTES, "athlete_id", "athletes"),
        sa.PrimaryKeyConstraint("activity_id", "leg", name=f"pk_{ROUTES}"),
    )
    op.create_index(f"ix_{ROUTES}_athlete_id", ROUTES, ["athlete_id"])
    op.create_index(f"ix_{ROUTES}_cells", ROUTES, ["cells"], postgresql_using="gin")


def downgrade() -> None:
    """Drop the tables."""
    for table in (ROUTES, EFFORTS, MEMBERS, SEGMENTS):
        op.drop_table(table)
