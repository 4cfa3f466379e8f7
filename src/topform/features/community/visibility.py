"""The one answer to "who may see this" among people; every query of this feature goes through it.

A person sees their own rows. Of others they see a post when neither blocks the other, no moderator took it away, and it
is public, shared with followers of whom they are one, or shared with a club while both are in it; a comment or kudos
when they see the post and neither blocks the other; a challenge when it is meant for them, or they take part, and
neither they nor its maker blocks the other, and one of a club only while they are in the club; a club when they are in
it, ask or were asked, or it is listed, they are not kept out of it, and neither they nor its owner blocks the other;
who is in a club when they are too, and who asks, was asked or is kept out when they run it; a person when they can be
found, follow or are followed, shared something publicly, commented on what the viewer sees, are in a club with them,
ask to join a club that the viewer runs, or own a club that the viewer may see. A coach who looks at an athlete's data
sees nothing of this, and nobody sees posts of people below 16.

Who is not signed in sees nothing, but for public posts of adults who switched their public feed on (`published`). Other
servers see nothing, but for public posts of adults who let them (`federated`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from topform.core.ids import AthleteId
from topform.features.athletes.public import AthleteOwned, Viewer, is_seen_by_others, may_publish, may_share
from topform.features.athletes.public import visible_to as owned_by
from topform.features.community.challenge_tables import ChallengeEntryRow, ChallengeInvitationRow, ChallengeRow
from topform.features.community.club_tables import MEMBERS, RUNNING, WAITING, ClubMemberRow, ClubRow
from topform.features.community.federation_tables import ActorRow
from topform.features.community.tables import BlockRow, CommentRow, FollowRow, KudosRow, PersonRow, PostRow

AthleteColumn = InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None] | ColumnElement[UUID]


def visible_to(viewer: Viewer, table: type[AthleteOwned]) -> ColumnElement[bool]:
    """Return the condition under which the viewer gets a row; of other tables than these only their own."""
    if is_seen_by_others():
        return false()
    if table is PostRow:
        return _post(viewer, PostRow)
    if table is CommentRow or table is KudosRow:
        return _said(viewer, table)
    if table is PersonRow:
        return _person(viewer)
    if table is ChallengeRow:
        return sees_challenge(viewer)
    if table is ClubMemberRow:
        return _fellow(viewer)
    return owned_by(viewer, table)


def publishes() -> ColumnElement[bool]:
    """Return the condition that a person lets what they share with everybody be read without an account."""
    return and_(PersonRow.has_public_feed, may_publish(PersonRow))


def published() -> ColumnElement[bool]:
    """Return the condition under which the whole world gets a post, whoever asks."""
    author = aliased(PersonRow)
    chosen = exists().where(author.athlete_id == PostRow.athlete_id, author.has_public_feed)
    return and_(PostRow.audience == "public", PostRow.removed_at.is_(None), chosen, may_publish(PostRow))


def federates() -> ColumnElement[bool]:
    """Return the condition that a person lets other servers know of them."""
    actor = aliased(ActorRow)
    return and_(exists().where(actor.athlete_id == PersonRow.athlete_id), may_publish(PersonRow))


def federated() -> ColumnElement[bool]:
    """Return the condition under which other servers get a post, whichever asks."""
    actor = aliased(ActorRow)
    chosen = exists().where(actor.athlete_id == PostRow.athlete_id)
    return and_(PostRow.audience == "public", PostRow.removed_at.is_(None), chosen, may_publish(PostRow))


def apart(viewer: AthleteColumn | AthleteId, person: AthleteColumn) -> ColumnElement[bool]:
    """Return the condition that one of the two blocks the other."""
    block = aliased(BlockRow)
    mine = and_(block.athlete_id == viewer, block.blocked_id == person)
    theirs = and_(block.athlete_id == person, block.blocked_id == viewer)
    return or_(exists().where(mine), exists().where(theirs))


def follows(follower: AthleteColumn | AthleteId, followed: AthleteColumn | AthleteId) -> ColumnElement[bool]:
    """Return the condition that the first may see what the second shares with followers."""
    follow = aliased(FollowRow)
    return exists().where(
        follow.athlete_id == follower, follow.followed_id == followed, follow.accepted_at.is_not(None)
    )


def belongs(
    person: AthleteColumn | AthleteId, club_id: AthleteColumn | UUID, standings: Collection[str] = MEMBERS
) -> ColumnElement[bool]:
    """Return the condition that somebody is in a club, or has one of some roles in it."""
    own = aliased(ClubMemberRow)
    return exists().where(own.club_id == club_id, own.athlete_id == person, own.standing.in_(standings), may_share(own))


def sees_club(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that somebody of the community may know of a club."""
    if is_seen_by_others():
        return false()
    profile, own, known = aliased(PersonRow), aliased(ClubMemberRow), aliased(ClubMemberRow)
    owner = aliased(ClubMemberRow)
    is_mine = and_(own.club_id == ClubRow.id, own.athlete_id == viewer)
    is_known = exists().where(known.club_id == ClubRow.id, known.athlete_id == viewer, known.standing != "banned")
    parted = exists().where(owner.club_id == ClubRow.id, owner.standing == "owner", apart(viewer, owner.athlete_id))
    is_new = and_(ClubRow.is_listed, ~exists().where(is_mine), ~parted)
    return and_(exists().where(profile.athlete_id == viewer), or_(is_known, is_new))


def sees_challenge(viewer: AthleteColumn | AthleteId) -> ColumnElement[bool]:
    """Return the condition that somebody of the community may see a challenge, also for many people at once."""
    member, entry, asked = aliased(PersonRow), aliased(ChallengeEntryRow), aliased(ChallengeInvitationRow)
    maker = ChallengeRow.athlete_id
    meant = or_(
        ChallengeRow.audience == "public",
        and_(ChallengeRow.audience == "followers", follows(viewer, maker)),
        exists().where(asked.challenge_id == ChallengeRow.id, asked.athlete_id == viewer),
        exists().where(entry.challenge_id == ChallengeRow.id, entry.athlete_id == viewer, entry.removed_at.is_(None)),
        ChallengeRow.club_id.is_not(None),
    )
    others = and_(meant, ChallengeRow.removed_at.is_(None), may_share(ChallengeRow), ~apart(viewer, maker))
    return and_(exists().where(member.athlete_id == viewer), or_(maker == viewer, others), in_its_club(viewer))


def in_its_club(person: AthleteColumn | AthleteId) -> ColumnElement[bool]:
    """Return the condition that a challenge is not of a club, or that somebody is in its club."""
    return or_(ChallengeRow.club_id.is_(None), belongs(person, ChallengeRow.club_id))


def _post(viewer: Viewer, post: Any) -> ColumnElement[bool]:
    audience = or_(
        post.audience == "public",
        and_(post.audience == "followers", follows(viewer, post.athlete_id)),
        and_(post.club_id.is_not(None), belongs(viewer, post.club_id), belongs(post.athlete_id, post.club_id)),
    )
    shared = and_(audience, may_share(post))
    return or_(
        post.athlete_id == viewer,
        and_(shared, post.removed_at.is_(None), ~apart(viewer, post.athlete_id)),
    )


def _said(viewer: Viewer, table: Any) -> ColumnElement[bool]:
    post = aliased(PostRow)
    on_visible = exists().where(post.id == table.post_id, _post(viewer, post))
    seen = ~apart(viewer, table.athlete_id)
    if table is CommentRow:
        seen = and_(seen, CommentRow.removed_at.is_(None))
    return and_(on_visible, or_(table.athlete_id == viewer, seen))


def _fellow(viewer: Viewer) -> ColumnElement[bool]:
    row = ClubMemberRow
    member = and_(row.standing.in_(MEMBERS), belongs(viewer, row.club_id))
    waiting = and_(~row.standing.in_(MEMBERS), belongs(viewer, row.club_id, RUNNING))
    others = and_(or_(member, waiting), may_share(row), ~apart(viewer, row.athlete_id))
    return or_(row.athlete_id == viewer, others)


def _person(viewer: Viewer) -> ColumnElement[bool]:
    person = PersonRow.athlete_id
    related = aliased(FollowRow)
    post, comment = aliased(PostRow), aliased(CommentRow)
    commented_post, fellow = aliased(PostRow), aliased(ClubMemberRow)
    listed = aliased(ClubRow)
    in_club = or_(
        and_(fellow.standing.in_(MEMBERS), belongs(viewer, fellow.club_id)),
        belongs(viewer, fellow.club_id, RUNNING),
        and_(fellow.standing == "owner", belongs(viewer, fellow.club_id, WAITING)),
        and_(fellow.standing == "owner", exists().where(listed.id == fellow.club_id, listed.is_listed)),
    )
    known = or_(
        and_(PersonRow.is_findable, may_share(PersonRow)),
        exists().where(related.athlete_id == viewer, related.followed_id == person),
        exists().where(related.athlete_id == person, related.followed_id == viewer),
        exists().where(
            post.athlete_id == person, post.audience == "public", post.removed_at.is_(None), may_share(PersonRow)
        ),
        exists(
            select(comment.id)
            .join(commented_post, commented_post.id == comment.post_id)
            .where(comment.athlete_id == person, comment.removed_at.is_(None), _post(viewer, commented_post))
        ),
        exists().where(fellow.athlete_id == person, in_club, may_share(fellow)),
    )
    return or_(person == viewer, and_(known, ~apart(viewer, person)))
