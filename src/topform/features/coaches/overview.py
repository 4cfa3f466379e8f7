"""How a coach's athletes are doing, from what each of them shares."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.activities.public import latest_activity
from topform.features.athletes.public import Athlete, Share, get_athlete
from topform.features.coaches.access import looking
from topform.features.coaches.group_repository import GroupRepository
from topform.features.coaches.groups import members_of
from topform.features.coaches.repository import CoachRepository
from topform.features.coaches.schemas import CoachedAthlete, CoachedAthletes, CoachedStatus, LastSession
from topform.features.coaches.tables import CoachGrantRow
from topform.features.plans.public import kept_sessions, list_proposals
from topform.features.readiness.public import warnings
from topform.features.training_load.public import fitness
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page
from topform.platform.web.resources import Resources

STATUS_DAYS = 6
WHAT = "get_coached_athlete"


async def athletes_of(
    use: Resources, coach_id: AthleteId, *, group_id: UUID | None, cursor: str | None, limit: int
) -> CoachedAthletes:
    """Return a page of the athletes who let the coach in, or of those in a group, with how they are doing."""
    after = decode_cursor(cursor)
    async with use.database.transaction() as session:
        members = None if group_id is None else await members_of(session, coach_id, group_id)
        grants = await CoachRepository(session).granted_to(coach_id)
    if members is not None:
        grants = [grant for grant in grants if grant.athlete_id in members]
    waiting = [grant for grant in grants if after is None or (_since(grant), grant.id) > after]
    shown, has_more = split_page(waiting[: limit + 1], limit)
    items = []
    for grant in shown:
        with suppress(NotFoundError):  # Access that ended since the list was read.
            items.append(await athlete_of(use, coach_id, AthleteId(grant.athlete_id)))
    return CoachedAthletes(
        items=items,
        next_cursor=encode_cursor(_since(shown[-1]), shown[-1].id) if has_more else None,
    )


async def athlete_of(use: Resources, coach_id: AthleteId, athlete_id: AthleteId) -> CoachedAthlete:
    """Return one athlete with how they are doing; what they do not share is null."""
    async with looking(use, coach_id, athlete_id, what=WHAT) as shares, use.database.transaction() as session:
        grants = await CoachRepository(session).granted_to(coach_id, athlete_id)
        if not grants:
            raise NotFoundError("There is no such athlete among those you coach.")
        athlete = await get_athlete(session, athlete_id)
        groups = await GroupRepository(session).groups_of(coach_id, athlete_id)
        status = await _status(session, athlete, shares, now=use.clock.now())
    return CoachedAthlete(
        athlete_id=athlete_id,
        name=athlete.display_name,
        time_zone=athlete.time_zone,
        units=athlete.units,
        scopes=[share for share in Share if share in shares],
        since=_since(grants[0]),
        groups=groups,
        status=status,
    )


async def _status(session: AsyncSession, athlete: Athlete, shares: frozenset[Share], *, now: datetime) -> CoachedStatus:
    athlete_id, today = AthleteId(athlete.id), now.astimezone(ZoneInfo(athlete.time_zone)).date()
    last = form = level = kept = None
    found: list[str] | None = None
    if Share.ACTIVITIES in shares:
        last = await _last_session(session, athlete_id)
        level, form = await _fitness(session, athlete_id, today)
    if Share.NUMBERS in shares:
        found = [one.message for one in (await warnings(session, athlete_id, day=today)).warnings]
    if {Share.PLAN, Share.ACTIVITIES} <= shares:
        yesterday = today - timedelta(days=1)
        kept = await kept_sessions(session, athlete_id, first=today - timedelta(days=STATUS_DAYS), last=yesterday)
    return CoachedStatus(
        form=form,
        fitness=level,
        last_session=last,
        planned_sessions=None if kept is None else kept[0],
        done_sessions=None if kept is None else kept[1],
        warnings=found,
        open_proposals=len((await list_proposals(session, athlete_id, status="open")).items)
        if Share.PLAN in shares
        else None,
    )


async def _fitness(session: AsyncSession, athlete_id: AthleteId, today: date) -> tuple[float | None, float | None]:
    """Return fitness by this evening and form of this morning, nothing when nothing was recorded yet."""
    day = (await fitness(session, athlete_id, first=today, last=today)).days[-1]
    return (round(day.ctl, 1), round(day.tsb_morning, 1)) if day.ctl > 0 else (None, None)


async def _last_session(session: AsyncSession, athlete_id: AthleteId) -> LastSession | None:
    found = await latest_activity(session, athlete_id)
    if found is None:
        return None
    return LastSession(
        id=found.id,
        title=found.title,
        sport=found.sport,
        day=found.local_date,
        timer_s=found.timer_s,
        load_au=found.load_au,
    )


def _since(grant: CoachGrantRow) -> datetime:
    return grant.accepted_at or grant.created_at
