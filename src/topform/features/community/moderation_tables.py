"""The table of what was taken away from people, with what they say to it and who looked again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from topform.features.athletes.public import AthleteOwned
from topform.platform.database import Base


class RemovalRow(AthleteOwned, Base):
    """Something was taken away from somebody, by whom and why; their one appeal, and its answer.

    It stays when they delete what was taken away.
    """

    __tablename__ = "community_removals"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('post', 'comment', 'challenge', 'entry', 'club', 'team', 'segment', 'segment_place')",
            name="kind_is_known",
        ),
        CheckConstraint("answer IN ('upheld', 'restored')", name="answer_is_known"),
        CheckConstraint(
            "num_nonnulls(post_id, comment_id, challenge_id, club_id, team_id, segment_id) <= 1", name="one_subject"
        ),
        Index("ix_community_removals_athlete_id_decided_at_id", "athlete_id", "decided_at", "id"),
        Index("ix_community_removals_answered_at_appealed_at_id", "answered_at", "appealed_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    athlete_id: Mapped[UUID] = mapped_column(ForeignKey("athletes.id", ondelete="CASCADE"))
    """From whom it was taken."""
    kind: Mapped[str]
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_posts.id", ondelete="SET NULL"), index=True)
    comment_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("community_comments.id", ondelete="SET NULL"), index=True
    )
    challenge_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("community_challenges.id", ondelete="SET NULL"), index=True
    )
    """The challenge, or that in which the person's place was taken away."""
    club_id: Mapped[UUID | None] = mapped_column(ForeignKey("community_clubs.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("community_challenge_teams.id", ondelete="CASCADE"), index=True
    )
    segment_id: Mapped[UUID | None] = mapped_column(ForeignKey("segments.id", ondelete="CASCADE"), index=True)
    """The segment, or that on whose board the person's place was taken away."""
    name: Mapped[str | None]
    """The name that was taken away, of a club, a team or a segment, or the words of a post, comment or challenge."""
    about: Mapped[str | None]
    """What a post was about, so that it is known again; see `topform.features.community.evidence`."""
    is_by_maker: Mapped[bool]
    """Whether the maker of the challenge took a place off its board, and no moderator did."""
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="SET NULL"), index=True)
    note: Mapped[str]
    decided_at: Mapped[datetime]
    appeal: Mapped[str | None]
    appealed_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answer_note: Mapped[str | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("athletes.id", ondelete="SET NULL"), index=True)
    answered_at: Mapped[datetime | None]
