"""What other servers know of a person, brought in line with what the person shares now.

Whatever the reason is that a post is no longer public (its author, a moderator, the activity behind it, the author's
age), it is found by comparing, so that none can be forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.community.federation.addresses import Place
from topform.features.community.federation.documents import ACTOR_CONTEXT, activity, actor_document, gone_note
from topform.features.community.federation.remote_repository import RemoteRepository
from topform.features.community.federation.repository import ActorRepository
from topform.features.community.federation.sending import say_farewell, send_later
from topform.features.community.federation.tasks import ANNOUNCE_TASK
from topform.features.community.federation_tables import ActorRow, AnnouncedPostRow
from topform.features.community.tables import PersonRow
from topform.platform.jobs import defer
from topform.platform.web.resources import Resources

AT_A_TIME: Final = 100
CHANGING: Final = ("community.", "activity.deleted", "form_check.deleted", "athlete.")
"""Events after which other servers may have to be told something."""


async def keep_announced(session: AsyncSession, published: Sequence[tuple[UUID, str]]) -> None:
    """Have what other servers know of those looked at whose posts or profile changed in this transaction."""
    people = {athlete for athlete, event in published if event.startswith(CHANGING)}
    if not people:
        return
    for athlete_id in sorted(await ActorRepository(session).among(people)):
        await announce_later(session, AthleteId(athlete_id))


async def announce_later(session: AsyncSession, athlete_id: AthleteId) -> None:
    """Queue the comparison; one that waits already will see this change, too."""
    await defer(session, ANNOUNCE_TASK, queueing_lock=f"announce {athlete_id}", athlete_id=athlete_id)


async def announce(resources: Resources, athlete_id: AthleteId) -> None:
    """Tell other servers what is new, what changed, and what is gone."""
    try:
        place = Place.of(resources.settings)
    except NotFoundError:
        return
    now = resources.clock.now()
    async with resources.database.transaction() as session:
        actors = ActorRepository(session)
        actor = await actors.locked(athlete_id)
        if actor is None:
            return
        known = await actors.known(actor.id)
        if known is None:
            await say_farewell(session, athlete_id, now=now)
            return
        inboxes = await RemoteRepository(session).follower_inboxes(athlete_id)
        await _tell_of_profile(session, *known, inboxes, place, resources)
        withdrawn = await actors.withdrawn(athlete_id, limit=AT_A_TIME)
        for note in withdrawn:
            document = gone_note(actor.address, place.note(note.id))
            await send_later(session, actor, {*inboxes, *note.sent_to}, document, now=now)
            await actors.drop_note(note)
        changed = await actors.unannounced(athlete_id, limit=AT_A_TIME)
        for post, earlier in changed:
            version = post.edited_at or post.created_at
            told = sorted({*inboxes, *(earlier.sent_to if earlier is not None else ())})
            if earlier is None:
                row = AnnouncedPostRow(
                    id=new_id(),
                    athlete_id=athlete_id,
                    post_id=post.id,
                    version_at=version,
                    sent_to=told,
                    announced_at=now,
                )
                await actors.add_note(row)
            else:
                row = earlier
                row.version_at, row.sent_to = version, told
            kind = "Create" if earlier is None else "Update"
            await send_later(session, actor, told, {"type": kind}, now=now, note_id=row.id)
        if AT_A_TIME in (len(withdrawn), len(changed)):
            await announce_later(session, athlete_id)


async def _tell_of_profile(
    session: AsyncSession,
    actor: ActorRow,
    person: PersonRow,
    inboxes: list[str],
    place: Place,
    resources: Resources,
) -> None:
    if (actor.told_handle, actor.told_name) == (person.handle, person.name):
        return
    actor.told_handle, actor.told_name = person.handle, person.name
    described = actor_document(actor, person, place)
    told = activity("Update", actor.address, described, address=f"{actor.address}#updates/{new_id()}")
    await send_later(session, actor, inboxes, {**told, "@context": ACTOR_CONTEXT}, now=resources.clock.now())


async def announce_everybody(resources: Resources) -> None:
    """Queue the comparison for everybody, so that nothing that was missed stays known."""
    async with resources.database.transaction() as session:
        for athlete_id in sorted(await ActorRepository(session).everybody()):
            await announce_later(session, AthleteId(athlete_id))
