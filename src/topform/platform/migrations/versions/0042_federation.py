"""People of this server can be followed from others, and follow people there (ActivityPub)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

ACTORS = "community_actors"
REMOTE = "community_remote_actors"
OWN = ("athlete_id", f"{ACTORS}.athlete_id")
THEIRS = ("remote_actor_id", f"{REMOTE}.id")


def _id(name: str = "id", *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, postgresql.JSONB(none_as_null=True), nullable=False)


def _table(
    name: str,
    *columns: sa.Column[Any],
    key: tuple[str, ...] = ("id",),
    refers: tuple[tuple[str, str], ...] = (),
    unique: tuple[str, ...] = (),
    indexed: tuple[tuple[str, ...], ...] = (),
) -> None:
    op.create_table(
        name,
        *columns,
        *[
            sa.ForeignKeyConstraint([column], [to], name=f"fk_{name}_{column}", ondelete="CASCADE")
            for column, to in refers
        ],
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        *[sa.UniqueConstraint(column, name=f"uq_{name}_{column}") for column in unique],
    )
    for found in indexed:
        op.create_index(f"ix_{name}_{'_'.join(found)}", name, list(found))


def upgrade() -> None:
    """Add the tables of federation."""
    _table(
        ACTORS,
        _id("athlete_id"),
        _id(),
        _text("address"),
        _text("public_key"),
        _text("sealed_private_key"),
        _text("told_handle"),
        _text("told_name"),
        _moment("created_at"),
        key=("athlete_id",),
        refers=(("athlete_id", "community_people.athlete_id"),),
        unique=("id",),
    )
    _table(
        "community_announced_posts",
        _id(),
        _id("athlete_id"),
        _id("post_id"),
        _moment("version_at"),
        _json("sent_to"),
        _moment("announced_at"),
        refers=(OWN,),
        unique=("post_id",),
        indexed=(("athlete_id", "announced_at", "id"),),
    )
    _table(
        REMOTE,
        _id(),
        *[_text(name) for name in ("address", "host", "handle", "name", "url", "inbox")],
        _text("shared_inbox", nullable=True),
        _text("key_id"),
        _text("public_key"),
        _moment("fetched_at"),
        unique=("address", "key_id"),
        indexed=(("host",), ("handle",)),
    )
    _table(
        "community_remote_followers",
        _id("athlete_id"),
        _id("remote_actor_id"),
        _text("activity"),
        _moment("requested_at"),
        _moment("accepted_at", nullable=True),
        key=("athlete_id", "remote_actor_id"),
        refers=(OWN, THEIRS),
        indexed=(("remote_actor_id",),),
    )
    _table(
        "community_remote_follows",
        _id("athlete_id"),
        _id("remote_actor_id"),
        _id(),
        _moment("requested_at"),
        _moment("accepted_at", nullable=True),
        key=("athlete_id", "remote_actor_id"),
        refers=(OWN, THEIRS),
        unique=("id",),
        indexed=(("remote_actor_id",),),
    )
    _table(
        "community_remote_blocks",
        _id("athlete_id"),
        _id("remote_actor_id"),
        _moment("created_at"),
        key=("athlete_id", "remote_actor_id"),
        refers=(("athlete_id", "athletes.id"), THEIRS),
        indexed=(("remote_actor_id",),),
    )
    _table(
        "community_remote_posts",
        _id(),
        _id("remote_actor_id"),
        _text("address"),
        _text("url"),
        _text("text"),
        _moment("received_at"),
        _moment("edited_at", nullable=True),
        refers=(THEIRS,),
        unique=("address",),
        indexed=(("remote_actor_id", "received_at", "id"),),
    )
    _table("community_blocked_hosts", _text("host"), _text("reason"), _moment("created_at"), key=("host",))
    _table(
        "community_deliveries",
        _id(),
        _id("athlete_id", nullable=True),
        _id("actor_id"),
        _text("actor_address"),
        _text("sealed_key", nullable=True),
        _text("inbox"),
        _id("note_id", nullable=True),
        _json("document"),
        _moment("created_at"),
        refers=(("athlete_id", "athletes.id"),),
        indexed=(("athlete_id",),),
    )
    _table(
        "community_seen_activities",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _moment("received_at"),
        key=("digest",),
        indexed=(("received_at",),),
    )


def downgrade() -> None:
    """Drop them again."""
    for name in (
        "community_seen_activities",
        "community_deliveries",
        "community_blocked_hosts",
        "community_remote_posts",
        "community_remote_blocks",
        "community_remote_follows",
        "community_remote_followers",
        REMOTE,
        "community_announced_posts",
        ACTORS,
    ):
        op.drop_table(name)
