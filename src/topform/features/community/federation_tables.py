"""Tables of federation: addresses of people here, what was sent of them, and people of other servers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class ActorRow(AthleteOwned, Base):
    """A person's address for other servers; who has no such row does not exist for them."""

    __tablename__ = "community_actors"

    athlete_id: Mapped[UUID] = mapped_column(
        ForeignKey("community_people.athlete_id", ondelete="CASCADE"), primary_key=True
    )
    id: Mapped[UUID] = mapped_column(unique=True)
    """Part of the address; new each time that it is switched on, and not the athlete's."""
    address: Mapped[str]
    public_key: Mapped[str]
    sealed_private_key: Mapped[str]
    told_handle: Mapped[str]
    told_name: Mapped[str]
    """What other servers were told last."""
    created_at: Mapped[datetime]


class AnnouncedPostRow(AthleteOwned, Base):
    """A post that other servers know of, and who was sent it; stays until they are told that it is gone."""

    __tablename__ = "community_announced_posts"
    __table_args__ = (
        Index("ix_community_announced_posts_athlete_id_announced_at_id", "athlete_id", "announced_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Part of the note's address; a post that comes back gets another."""
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("community_actors.athlete_id", ondelete="CASCADE"))
    post_id: Mapped[UUID] = mapped_column(unique=True)
    """Not bound to the post, which may go first."""
    version_at: Mapped[datetime]
    """When the post was as it was sent."""
    sent_to: Mapped[list[Any]]
    """The inboxes that it was sent to."""
    announced_at: Mapped[datetime]


class RemoteActorRow(Base):
    """Somebody of another server, as that server describes them."""

    __tablename__ = "community_remote_actors"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(unique=True)
    host: Mapped[str] = mapped_column(index=True)
    handle: Mapped[str] = mapped_column(index=True)
    """``name@host``, in lower case."""
    name: Mapped[str]
    url: Mapped[str]
    inbox: Mapped[str]
    shared_inbox: Mapped[str | None]
    key_id: Mapped[str] = mapped_column(unique=True)
    public_key: Mapped[str]
    fetched_at: Mapped[datetime]


class RemoteFollowerRow(AthleteOwned, Base):
    """Somebody of another server asks to follow a person here, or does."""

    __tablename__ = "community_remote_followers"

    athlete_id: Mapped[UUID] = mapped_column(
        ForeignKey("community_actors.athlete_id", ondelete="CASCADE"), primary_key=True
    )
    remote_actor_id: Mapped[UUID] = mapped_column(
        ForeignKey("community_remote_actors.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    activity: Mapped[str]
    """The address of their request, which the answer names."""
    requested_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


class RemoteFollowRow(AthleteOwned, Base):
    """A person here asks to follow somebody of another server, or does."""

    __tablename__ = "community_remote_follows"

    athlete_id: Mapped[UUID] = mapped_column(
        ForeignKey("community_actors.athlete_id", ondelete="CASCADE"), primary_key=True
    )
    remote_actor_id: Mapped[UUID] = mapped_column(
        ForeignKey("community_remote_actors.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    id: Mapped[UUID] = mapped_column(unique=True)
    """Part of the address of our request."""
    requested_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


class RemoteBlockRow(AthleteOwned, Base):
    """A person here wants nothing to do with somebody of another server."""

    __tablename__ = "community_remote_blocks"

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    remote_actor_id: Mapped[UUID] = mapped_column(
        ForeignKey("community_remote_actors.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime]


class RemotePostRow(Base):
    """A public post of another server, as text; only of whom somebody here follows."""

    __tablename__ = "community_remote_posts"
    __table_args__ = (
        Index("ix_community_remote_posts_remote_actor_id_received_at_id", "remote_actor_id", "received_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    remote_actor_id: Mapped[UUID] = mapped_column(ForeignKey("community_remote_actors.id", ondelete="CASCADE"))
    address: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]
    text: Mapped[str]
    received_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]


class BlockedHostRow(Base):
    """A server that this one has nothing to do with, by a moderator's decision."""

    __tablename__ = "community_blocked_hosts"

    host: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    created_at: Mapped[datetime]


class DeliveryRow(Base):
    """A message under way to another server; goes when it has arrived, or after days."""

    __tablename__ = "community_deliveries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    """None for a farewell, which is sent when the person is gone already."""
    actor_id: Mapped[UUID]
    actor_address: Mapped[str]
    sealed_key: Mapped[str | None]
    """The key of a farewell."""
    inbox: Mapped[str]
    note_id: Mapped[UUID | None]
    """The note that it is about: it is written anew when it is sent, or not sent if it is no longer public."""
    document: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class SeenActivityRow(Base):
    """An activity that was handled: the digest of its address."""

    __tablename__ = "community_seen_activities"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    received_at: Mapped[datetime] = mapped_column(index=True)
