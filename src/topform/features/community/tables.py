"""Tables of the community: people, their relations, posts and what is said to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class PersonRow(AthleteOwned, Base):
    """An athlete as others see them; who has no such row is not in the community at all."""

    __tablename__ = "community_people"

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    handle: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    is_findable: Mapped[bool]
    has_public_feed: Mapped[bool] = mapped_column(server_default=false())
    """Whether what is shared with everybody may be read without an account, too."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class FormerHandleRow(Base):
    """A handle that was somebody's until their account was deleted: a digest, by which nobody can be named."""

    __tablename__ = "community_former_handles"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    freed_at: Mapped[datetime] = mapped_column(index=True)


class FollowRow(AthleteOwned, Base):
    """One person asks to see, or sees, what another shares with followers."""

    __tablename__ = "community_follows"
    __table_args__ = (
        CheckConstraint("athlete_id <> followed_id", name="not_oneself"),
        Index("ix_community_follows_followed_id_accepted_at", "followed_id", "accepted_at"),
    )

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    followed_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    requested_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    """None while the other has not answered."""


class BlockRow(AthleteOwned, Base):
    """Two people do not exist for each other, because one of them wanted it so."""

    __tablename__ = "community_blocks"
    __table_args__ = (CheckConstraint("athlete_id <> blocked_id", name="not_oneself"),)

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    blocked_id: Mapped[UUID] = mapped_column(
        ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime]


class MuteRow(AthleteOwned, Base):
    """What a person shares does not appear in the other's feed; the person does not learn of it."""

    __tablename__ = "community_mutes"
    __table_args__ = (CheckConstraint("athlete_id <> muted_id", name="not_oneself"),)

    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    muted_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True, index=True)
    created_at: Mapped[datetime]


class PostRow(AthleteOwned, Base):
    """Something shared by choice: the snapshot holds exactly what is shown, so nothing hidden can be read from it."""

    __tablename__ = "community_posts"
    __table_args__ = (
        CheckConstraint("audience IN ('me', 'followers', 'public')", name="audience_is_known"),
        CheckConstraint("kind IN ('activity', 'form_check', 'personal_best', 'plan_milestone')", name="kind_is_known"),
        Index("ix_community_posts_athlete_id_created_at_id", "athlete_id", "created_at", "id"),
        Index(
            "ix_community_posts_club_id_created_at_id",
            "club_id",
            "created_at",
            "id",
            postgresql_where="club_id IS NOT NULL",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    form_check_id: Mapped[UUID | None] = mapped_column(ForeignKey("form_checks.id", ondelete="CASCADE"), index=True)
    audience: Mapped[str]
    club_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_clubs.id", ondelete="SET NULL"))
    """Which club sees it besides its author, of posts whose audience is ``me``; None when the club is gone."""
    text: Mapped[str]
    shown: Mapped[list[Any]]
    """Names of the fields that were chosen to be shown."""
    snapshot: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    """When a moderator took it away; only its author still sees it."""


class KudosRow(AthleteOwned, Base):
    """Somebody liked a post."""

    __tablename__ = "community_kudos"
    __table_args__ = (Index("ix_community_kudos_athlete_id_created_at", "athlete_id", "created_at"),)

    post_id: Mapped[UUID] = mapped_column(ForeignKey("community_posts.id", ondelete="CASCADE"), primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime]


class CommentRow(AthleteOwned, Base):
    """What somebody said to a post."""

    __tablename__ = "community_comments"
    __table_args__ = (
        Index("ix_community_comments_post_id_created_at_id", "post_id", "created_at", "id"),
        Index("ix_community_comments_athlete_id_created_at", "athlete_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_posts.id", ondelete="CASCADE"))
    """None for comments that came back with an archive: the post stayed where it was."""
    text: Mapped[str]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class ReportRow(Base):
    """Somebody says that something should not be here; it stays when that is deleted, or the account of who says so."""

    __tablename__ = "community_reports"
    __table_args__ = (
        CheckConstraint(
            "num_nonnulls(post_id, comment_id, challenge_id, entry_id, club_id, team_id, segment_id) <= 1",
            name="one_subject",
        ),
        CheckConstraint("decision IN ('kept', 'removed')", name="decision_is_known"),
        Index("ix_community_reports_decided_at_created_at_id", "decided_at", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="SET NULL"), index=True)
    """Who says so; None when their account is deleted, and their note with it."""
    reported_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"), index=True)
    """Whom it is about; the person alone when nothing else is named."""
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_posts.id", ondelete="SET NULL"), index=True)
    comment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("community_comments.id", ondelete="SET NULL"), index=True
    )
    challenge_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("community_challenges.id", ondelete="SET NULL"), index=True
    )
    entry_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("community_challenge_entries.id", ondelete="SET NULL"), index=True
    )
    club_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_clubs.id", ondelete="SET NULL"), index=True)
    team_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("community_challenge_teams.id", ondelete="SET NULL"), index=True
    )
    segment_id: Mapped[UUID | None] = mapped_column(ForeignKey("segments.id", ondelete="SET NULL"), index=True)
    name: Mapped[str | None]
    """What the club, team, segment or challenge was called, or the post or comment said, when it was reported."""
    kept: Mapped[dict[str, Any] | None]
    """Whom and what it is about, when that is deleted; see `topform.features.community.evidence`."""
    reason: Mapped[str]
    note: Mapped[str]
    created_at: Mapped[datetime]
    decision: Mapped[str | None]
    decision_note: Mapped[str | None]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None]
