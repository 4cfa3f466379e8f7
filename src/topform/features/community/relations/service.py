"""Joining and leaving, finding people, following, blocking and muting."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.athletes.public import require_may_publish, require_may_share, require_plain_name
from topform.features.community.club_members.leaving import TOLD_AT_MOST, leave_all
from topform.features.community.events import RELATIONS_CHANGED
from topform.features.community.names import RESERVED
from topform.features.community.relations.former_handle_repository import KEPT_APART, is_kept_apart
from topform.features.community.relations.repository import Known, RelationRepository
from topform.features.community.relations.schemas import (
    Membership,
    OwnProfile,
    People,
    Person,
    ProfileChange,
)
from topform.features.community.tables import PersonRow
from topform.features.community.topics import RELATIONS
from topform.platform.events import announce, publish
from topform.platform.happenings import Happening, happened
from topform.platform.web.idempotency import Nothing


class HandleTakenError(ConflictError):
    """Another person on this server has the handle."""

    code = "handle_taken"


class NotInCommunityError(ConflictError):
    """What was asked needs a profile."""

    code = "no_community_profile"


class HandleRestingError(ConflictError):
    """The handle was somebody's until not long ago; nobody is to be taken for them."""

    code = "handle_resting"


class HandleReservedError(InvalidInputError):
    """The handle would let its holder speak as the server."""

    code = "handle_reserved"


async def membership(session: AsyncSession, athlete_id: AthleteId) -> Membership:
    """Return where the athlete stands."""
    people = RelationRepository(session)
    row = await people.own(athlete_id)
    requests, followers, following = await people.counts(athlete_id)
    return Membership(
        profile=None if row is None else OwnProfile.model_validate(row, from_attributes=True),
        requests=requests,
        followers=followers,
        following=following,
    )


async def save_profile(
    session: AsyncSession, athlete_id: AthleteId, change: ProfileChange, *, secret: str, now: datetime
) -> Membership:
    """Join, or change how one is seen; ``secret`` is the server's, under which former handles are known."""
    await require_may_share(session, athlete_id, today=now.date())
    if change.has_public_feed:
        await require_may_publish(session, athlete_id, today=now.date())
    before = await RelationRepository(session).own(athlete_id)
    if before is None or before.handle != change.handle:
        _require_free(change.handle)
        if await is_kept_apart(session, change.handle, secret=secret, now=now):
            raise HandleRestingError(
                "Somebody had this handle whose account was deleted not long ago.",
                remedy=f"Choose another one; this one is nobody's for {KEPT_APART.days} days.",
            )
    if before is None or before.name != change.name:
        require_plain_name(change.name)
    names = (change.handle, change.name)
    choices = {"is_findable": change.is_findable, "has_public_feed": change.has_public_feed}
    saved = await RelationRepository(session).save(
        athlete_id, handle=change.handle, name=change.name, choices=choices, now=now
    )
    if not saved:
        raise HandleTakenError("Somebody else has this handle.", remedy="Choose another one.")
    is_renamed = before is not None and (before.handle, before.name) != names
    await tell(session, athlete_id, *(await connected_with(session, athlete_id) if is_renamed else []))
    return await membership(session, athlete_id)


def _require_free(handle: str) -> None:
    if handle.replace("_", "") in RESERVED:
        raise HandleReservedError(
            "This handle is kept for the people who run the server.", remedy="Choose another one."
        )


async def leave(session: AsyncSession, athlete_id: AthleteId) -> Nothing:
    """Leave the community: whatever was shared and said goes, and clubs pass to others."""
    connected = await connected_with(session, athlete_id)
    await leave_all(session, athlete_id)
    await RelationRepository(session).leave(athlete_id)
    await tell(session, athlete_id, *connected)
    return Nothing()


async def require_profile(session: AsyncSession, athlete_id: AthleteId) -> PersonRow:
    """Return the athlete's profile; who has none cannot write to others."""
    row = await profile_of(session, athlete_id)
    if row is None:
        raise NotInCommunityError(
            "You have no profile in the community yet.", remedy="Choose a handle first: PUT /api/v1/community/me."
        )
    return row


async def profile_of(session: AsyncSession, athlete_id: AthleteId) -> PersonRow | None:
    """Return the profile of somebody, if they have one."""
    return await RelationRepository(session).own(athlete_id)


async def people_named(
    session: AsyncSession, viewer: AthleteId, athlete_ids: Collection[UUID]
) -> dict[UUID, PersonRow]:
    """Return those of some people whose names are for the viewer, by their ids."""
    rows = await RelationRepository(session).named(viewer, athlete_ids)
    return {row.athlete_id: row for row in rows}


async def person_of(session: AsyncSession, viewer: AthleteId, handle: str) -> Known:
    """Return a person the viewer may see."""
    known = await RelationRepository(session).find(viewer, handle)
    if known is None:
        raise NotFoundError("There is no such person, or they do not want to be found.")
    return known


async def person_to_report(session: AsyncSession, viewer: AthleteId, handle: str) -> PersonRow:
    """Return a person whom the viewer may see or blocks: who parts from somebody first can still report them."""
    blocks = await RelationRepository(session).blocked(viewer)
    own = next((row for row in blocks if row.handle == handle.lower()), None)
    return (await person_of(session, viewer, handle)).row if own is None else own


def shown(known: Known, viewer: AthleteId) -> Person:
    """Return a person as the API shows them."""
    return Person(
        handle=known.row.handle,
        name=known.row.name,
        is_you=known.row.athlete_id == viewer,
        following="yes" if known.is_following else "requested" if known.is_requested else "no",
        follows_you=known.follows_you,
        is_muted=known.is_muted,
        has_public_feed=known.row.has_public_feed,
    )


async def get_person(session: AsyncSession, viewer: AthleteId, handle: str) -> Person:
    """Return a person the viewer may see, as the API shows them."""
    return shown(await person_of(session, viewer, handle), viewer)


async def search(session: AsyncSession, viewer: AthleteId, words: str) -> People:
    """Return people who can be found."""
    await require_profile(session, viewer)
    return People(items=[shown(one, viewer) for one in await RelationRepository(session).search(viewer, words)])


async def followed(session: AsyncSession, viewer: AthleteId) -> People:
    """Return whom the viewer follows or asked to follow."""
    return People(items=[shown(one, viewer) for one in await RelationRepository(session).followed(viewer)])


async def followers(session: AsyncSession, viewer: AthleteId, *, accepted: bool) -> People:
    """Return who follows the viewer, or asks to."""
    found = await RelationRepository(session).followers(viewer, accepted=accepted)
    return People(items=[shown(one, viewer) for one in found])


async def follow(session: AsyncSession, athlete_id: AthleteId, handle: str, *, now: datetime) -> Person:
    """Ask to follow a person."""
    await require_may_share(session, athlete_id, today=now.date())
    await require_profile(session, athlete_id)
    known = await person_of(session, athlete_id, handle)
    if known.row.athlete_id == athlete_id:
        raise InvalidInputError("You cannot follow yourself.", remedy="Follow somebody else.")
    if await RelationRepository(session).request(athlete_id, known.row.athlete_id, now=now):
        await tell(session, athlete_id, known.row.athlete_id)
        key = f"follow_request:{athlete_id}"
        happened(session, Happening("follow_request", known.row.athlete_id, key, now, actor_id=athlete_id))
    return await get_person(session, athlete_id, handle)


async def unfollow(session: AsyncSession, athlete_id: AthleteId, handle: str) -> Nothing:
    """Stop following, or take the question back."""
    known = await person_of(session, athlete_id, handle)
    if not await RelationRepository(session).end(athlete_id, known.row.athlete_id):
        raise NotFoundError("There is no such person, or they do not want to be found.")
    await tell(session, athlete_id, known.row.athlete_id)
    return Nothing()


async def accept(session: AsyncSession, athlete_id: AthleteId, handle: str, *, now: datetime) -> Person:
    """Let a person follow who asked to."""
    known = await person_of(session, athlete_id, handle)
    if not await RelationRepository(session).accept(athlete_id, known.row.athlete_id, now=now):
        if known.follows_you:
            return shown(known, athlete_id)
        raise NotFoundError("There is no such request.")
    await tell(session, athlete_id, known.row.athlete_id)
    return await get_person(session, athlete_id, handle)


async def remove_follower(session: AsyncSession, athlete_id: AthleteId, handle: str) -> Nothing:
    """Refuse a request, or end that a person follows; they are not told."""
    known = await person_of(session, athlete_id, handle)
    if not await RelationRepository(session).end(known.row.athlete_id, athlete_id):
        raise NotFoundError("There is no such follower.")
    await tell(session, athlete_id, known.row.athlete_id)
    return Nothing()


async def mute(session: AsyncSession, athlete_id: AthleteId, handle: str, *, muted: bool, now: datetime) -> Person:
    """Leave a person out of one's feed, or take them in again."""
    known = await person_of(session, athlete_id, handle)
    if known.row.athlete_id == athlete_id:
        raise InvalidInputError("You cannot mute yourself.", remedy="Mute somebody else.")
    relations = RelationRepository(session)
    if muted:
        await relations.mute(athlete_id, known.row.athlete_id, now=now)
    else:
        await relations.unmute(athlete_id, known.row.athlete_id)
    await tell(session, athlete_id)
    return await get_person(session, athlete_id, handle)


async def connected_with(session: AsyncSession, athlete_id: AthleteId) -> list[UUID]:
    """Return who lists somebody, and who meets them below posts; nobody of either when these are too many.

    Somebody is listed by who follows them, asks to, is followed, or blocks them.
    """
    relations = RelationRepository(session)
    known = [
        *await relations.followers(athlete_id, accepted=True),
        *await relations.followers(athlete_id, accepted=False),
        *await relations.followed(athlete_id),
    ]
    people = {one.row.athlete_id for one in known} | set(await relations.blockers_of(athlete_id))
    answerers = set(await relations.answerers_of(athlete_id))
    return sorted({one for group in (people, answerers) if len(group) <= TOLD_AT_MOST for one in group})


async def tell(session: AsyncSession, *people: UUID) -> None:
    """Have the people's clients fetch again; in one order, so that two transactions never wait for each other."""
    for person in sorted(set(people)):
        await publish(session, person, RELATIONS_CHANGED, {})
    await announce(session, RELATIONS)
