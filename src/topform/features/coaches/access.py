"""The door of coaches: a grant is looked up, what is looked at is written down, and the one rule does the rest."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError, PermissionDeniedError
from topform.core.ids import AthleteId
from topform.features.athletes.public import Share, get_athlete, looking_at, restricting_sources
from topform.features.coaches.repository import CoachRepository
from topform.features.coaches.tables import CoachGrantRow
from topform.platform.web.identity import Caller, answer_about
from topform.platform.web.resources import Resources, Use


class CoachScopeError(PermissionDeniedError):
    """The athlete does not share this with the coach."""

    code = "coach_scope_missing"


class WithheldError(PermissionDeniedError):
    """An answer rests on data whose source allows them to be shown to their owner only."""

    code = "withheld_from_coaches"


async def coached_athlete(
    session: AsyncSession, coach_id: AthleteId, athlete_id: AthleteId, *needs: Share
) -> CoachGrantRow:
    """Return what the athlete grants the coach now; who has no grant learns nothing, not even that they exist."""
    found = await CoachRepository(session).granted_to(coach_id, athlete_id)
    if not found:
        raise NotFoundError("There is no such athlete among those you coach.")
    missing = [share for share in needs if share.value not in found[0].scopes]
    if missing:
        raise CoachScopeError(
            f"The athlete does not share this with you: {missing[0].value}.",
            remedy="Ask the athlete to share it, on the page of people who can see their data.",
            scope=missing[0].value,
        )
    return found[0]


@asynccontextmanager
async def looking(
    use: Resources, coach_id: AthleteId, athlete_id: AthleteId, *needs: Share, what: str, item: str = ""
) -> AsyncIterator[frozenset[Share]]:
    """Check the grant, write the look down, and let everything read inside be what the coach may see."""
    now = use.clock.now()
    async with use.database.transaction() as session:
        grant = await coached_athlete(session, coach_id, athlete_id, *needs)
        day = now.astimezone(ZoneInfo((await get_athlete(session, athlete_id)).time_zone)).date()
        await CoachRepository(session).note_read(athlete_id, coach_id, day=day, what=what, item=item, now=now)
    shares = frozenset(Share(scope) for scope in grant.scopes)
    with looking_at(athlete_id, coach=coach_id, shares=shares):
        yield shares


async def require_unrestricted(use: Resources, athlete_id: AthleteId) -> None:
    """Refuse what was computed from all of an athlete's rows while the source of some forbids other people's eyes."""
    async with use.database.transaction() as session:
        kept = await restricting_sources(session, athlete_id)
    if kept:
        raise WithheldError(
            f"This rests on data of a service that allows only the athlete to see them: {', '.join(sorted(kept))}.",
            remedy="The athlete can import the same activities from another source.",
        )


def coached(*needs: Share, rests_on_all: bool = False) -> Callable[..., AsyncIterator[None]]:
    """Return the dependency that lets an operation of the athlete's own answer a coach.

    ``rests_on_all``: the answer was computed from all rows of the athlete, so it is withheld when some are restricted.
    """

    async def look(request: Request, athlete_id: UUID, use: Use, caller: Caller) -> AsyncIterator[None]:
        athlete = AthleteId(athlete_id)
        route: Any = request.scope["route"]
        what = str(route.name).removeprefix("coached_")
        item = next((str(value) for name, value in request.path_params.items() if name != "athlete_id"), "")
        async with looking(use, caller.athlete_id, athlete, *needs, what=what, item=item):
            answer_about(request, athlete)
            yield

    async def look_at_all(request: Request, athlete_id: UUID, use: Use, caller: Caller) -> AsyncIterator[None]:
        athlete = AthleteId(athlete_id)
        async with use.database.transaction() as session:
            await coached_athlete(session, caller.athlete_id, athlete, *needs)
        await require_unrestricted(use, athlete)
        async for _ in look(request, athlete_id, use, caller):
            yield

    return look_at_all if rests_on_all else look
