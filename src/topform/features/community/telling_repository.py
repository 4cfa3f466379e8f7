"""Whether what people did may still be told to somebody: it is still so, and neither blocks nor mutes the other."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from topform.core.ids import AthleteId
from topform.features.community.challenge_tables import ChallengeEntryRow, ChallengeInvitationRow, ChallengeRow
from topform.features.community.club_tables import RUNNING, ClubMemberRow
from topform.features.community.tables import CommentRow, FollowRow, KudosRow, MuteRow, PersonRow, PostRow
from topform.features.community.visibility import apart, belongs, sees_challenge, visible_to

IdColumn = InstrumentedAttribute[UUID | None]


def is_told(
    viewer: AthleteId,
    *,
    kind: InstrumentedAttribute[str],
    actor: IdColumn,
    post: IdColumn,
    comment: IdColumn,
    challenge: IdColumn,
    club: IdColumn,
) -> ColumnElement[bool]:
    """Return the condition that somebody may be told what another did, for rows that name it by these columns.

    Who left, is blocked by either side, or is muted is heard of no more; nor is what was taken back, answered,
    deleted or hidden since.
    """
    person = aliased(PersonRow)
    asked = exists().where(
        FollowRow.athlete_id == actor, FollowRow.followed_id == viewer, FollowRow.accepted_at.is_(None)
    )
    liked = exists().where(KudosRow.post_id == post, KudosRow.athlete_id == actor)
    said = exists().where(CommentRow.id == comment, visible_to(viewer, CommentRow))
    shared = exists().where(PostRow.id == post, visible_to(viewer, PostRow))
    invited = exists().where(
        ChallengeInvitationRow.challenge_id == challenge, ChallengeInvitationRow.athlete_id == viewer
    )
    open_to = exists().where(ChallengeRow.id == challenge, sees_challenge(viewer))
    is_in = exists().where(ChallengeEntryRow.challenge_id == challenge, ChallengeEntryRow.athlete_id == viewer)
    return and_(
        exists().where(person.athlete_id == actor),
        ~apart(viewer, actor),
        ~exists().where(MuteRow.athlete_id == viewer, MuteRow.muted_id == actor),
        or_(
            and_(kind == "follow_request", asked),
            and_(kind == "kudos", liked, shared),
            and_(kind.in_(("comment", "mention")), comment.is_not(None), said),
            and_(kind == "mention", comment.is_(None), shared),
            and_(kind == "challenge", invited, open_to, ~is_in),
            and_(kind == "club_request", _stands(actor, club, "requested"), belongs(viewer, club, RUNNING)),
            and_(kind == "club_invitation", _stands(viewer, club, "invited")),
            and_(kind == "club_accepted", belongs(viewer, club)),
            and_(kind == "team_request", _asks_into_team(viewer, actor, challenge)),
            and_(kind == "team_accepted", _is_in_team(viewer, challenge)),
        ),
    )


def _stands(person: IdColumn | AthleteId, club: IdColumn, standing: str) -> ColumnElement[bool]:
    row = aliased(ClubMemberRow)
    return exists().where(row.club_id == club, row.athlete_id == person, row.standing == standing)


def _asks_into_team(viewer: AthleteId, actor: IdColumn, challenge: IdColumn) -> ColumnElement[bool]:
    asking, own = aliased(ChallengeEntryRow), aliased(ChallengeEntryRow)
    return exists().where(
        asking.challenge_id == challenge,
        asking.athlete_id == actor,
        asking.in_team_since.is_(None),
        asking.team_id == own.team_id,
        own.challenge_id == challenge,
        own.athlete_id == viewer,
        own.in_team_since.is_not(None),
    )


def _is_in_team(viewer: AthleteId, challenge: IdColumn) -> ColumnElement[bool]:
    own = aliased(ChallengeEntryRow)
    return exists().where(
        own.challenge_id == challenge,
        own.athlete_id == viewer,
        own.in_team_since.is_not(None),
        own.removed_at.is_(None),
    )


def handle_of(person: IdColumn) -> ColumnElement[str | None]:
    """Return the handle of somebody as a column."""
    return select(PersonRow.handle).where(PersonRow.athlete_id == person).scalar_subquery()


def name_of(person: IdColumn) -> ColumnElement[str | None]:
    """Return the name of somebody as a column."""
    return select(PersonRow.name).where(PersonRow.athlete_id == person).scalar_subquery()
