"""What can be done with an athlete's profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.events import AGE_CHANGED, ATHLETE_UPDATED
from topform.features.athletes.languages import require_spoken
from topform.features.athletes.minors import ages_reached, require_changeable, require_old_enough
from topform.features.athletes.plain_names import require_plain_name
from topform.features.athletes.repository import AthleteRepository
from topform.features.athletes.schemas import Athlete, AthleteChange
from topform.features.athletes.tasks import PARAMETERS_CHANGED_TASK
from topform.platform.events import publish
from topform.platform.jobs import defer
from topform.science.athlete import DATED, AthleteParameters, ParameterHistory, value_on

SINCE_ALWAYS = date(1900, 1, 1)
"""From this day on holds what was never dated."""

REQUIRED = ("display_name", "time_zone", "units", "language")


async def add_athlete(
    session: AsyncSession,
    *,
    email: str,
    display_name: str,
    time_zone: str,
    units: str,
    language: str,
    now: datetime,
    birth_date: date | None = None,
) -> Athlete | None:
    """Add an athlete with nothing known but preferences; None when the address is taken."""
    require_old_enough(birth_date, today=now.date())
    row = await AthleteRepository(session).add_once(
        {
            "id": new_id(),
            "email": email.strip().lower(),
            "display_name": display_name,
            "time_zone": time_zone,
            "units": units,
            "language": language,
            "birth_date": birth_date,
            "created_at": now,
            "updated_at": now,
        }
    )
    return None if row is None else Athlete.model_validate(row)


async def get_athlete(session: AsyncSession, athlete_id: AthleteId) -> Athlete:
    """Return the athlete."""
    row = await AthleteRepository(session).get(athlete_id)
    if row is None:
        raise NotFoundError("There is no such athlete.")
    return Athlete.model_validate(row)


async def find_athlete(session: AsyncSession, email: str) -> Athlete | None:
    """Return the athlete with the address, if any."""
    row = await AthleteRepository(session).by_email(email)
    return None if row is None else Athlete.model_validate(row)


async def first_athletes(session: AsyncSession, limit: int) -> list[Athlete]:
    """Return the oldest athletes, for commands that need to know whether there is exactly one."""
    return [Athlete.model_validate(row) for row in await AthleteRepository(session).first(limit)]


async def athletes_page(
    session: AsyncSession, *, text_part: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[Athlete]:
    """Return athletes for an administrator, the newest first."""
    rows = await AthleteRepository(session).page(text_part=text_part, after=after, limit=limit)
    return [Athlete.model_validate(row) for row in rows]


async def athlete_names(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return what athletes are called, for an administrator; who was deleted is not among them."""
    return await AthleteRepository(session).names(ids)


async def has_athletes(session: AsyncSession) -> bool:
    """Return whether anyone has signed up."""
    return await AthleteRepository(session).count() > 0


async def change_athlete(
    session: AsyncSession, athlete_id: AthleteId, change: AthleteChange, *, now: datetime
) -> Athlete:
    """Apply the fields that were given and return the athlete; changed parameters let the history be recomputed."""
    values: dict[str, Any] = change.model_dump(exclude_unset=True)
    for name in REQUIRED:
        if name in values and values[name] is None:
            raise InvalidInputError(f"{name} cannot be empty.", remedy="Leave the field out to keep it as it is.")
    before = await get_athlete(session, athlete_id)
    if values.get("display_name", before.display_name) != before.display_name:
        require_plain_name(values["display_name"])
    if values.get("language", before.language) != before.language:
        require_spoken(values["language"])
    if "birth_date" in values:
        require_changeable(before.birth_date, values["birth_date"], today=now.date())
        require_old_enough(values["birth_date"], today=now.date())
    parameters_of(before.model_copy(update=values))  # raises when the values contradict each other
    athletes = AthleteRepository(session)
    row = await athletes.change(athlete_id, values, now=now)
    if row is None:
        raise NotFoundError("There is no such athlete.")
    athlete = Athlete.model_validate(row)
    changed = [name for name in DATED if name in values and values[name] != getattr(before, name)]
    dated = await athletes.dated(athlete_id) if changed else []
    for name in changed:
        known = [(row.valid_from, row.created_at) for row in dated if row.name == name]
        day = _holds_from(known, now=now, zone=ZoneInfo(athlete.time_zone))
        await athletes.set_dated(_dated_row(athlete_id, name, day, values[name], "entered", now))
    if parameters_of(athlete) != parameters_of(before):
        await _recompute_later(session, athlete_id)
    await publish(session, athlete_id, ATHLETE_UPDATED, athlete.model_dump(mode="json"))
    await _tell_of_age(session, before, athlete, today=now.date())
    return athlete


async def correct_birth_date(
    session: AsyncSession, athlete_id: AthleteId, birth_date: date | None, *, now: datetime
) -> Athlete:
    """Set what an administrator was shown to be true."""
    require_old_enough(birth_date, today=now.date())
    before = await get_athlete(session, athlete_id)
    row = await AthleteRepository(session).change(athlete_id, {"birth_date": birth_date}, now=now)
    if row is None:
        raise NotFoundError("There is no such athlete.")
    athlete = Athlete.model_validate(row)
    await publish(session, athlete_id, ATHLETE_UPDATED, athlete.model_dump(mode="json"))
    await _tell_of_age(session, before, athlete, today=now.date())
    return athlete


async def _tell_of_age(session: AsyncSession, before: Athlete, after: Athlete, *, today: date) -> None:
    """Say that other rules for minors hold, if they do."""
    if ages_reached(before.birth_date, today=today) != ages_reached(after.birth_date, today=today):
        await publish(session, AthleteId(after.id), AGE_CHANGED, {})


async def change_email(session: AsyncSession, athlete_id: AthleteId, email: str, *, now: datetime) -> bool:
    """Give the athlete another address; False when it is someone else's."""
    athletes = AthleteRepository(session)
    if await athletes.is_taken(email, by_other_than=athlete_id):
        return False
    row = await athletes.change(athlete_id, {"email": email}, now=now)
    if row is not None:
        await publish(session, athlete_id, ATHLETE_UPDATED, Athlete.model_validate(row).model_dump(mode="json"))
    return row is not None


def _holds_from(known: Sequence[tuple[date, datetime]], *, now: datetime, zone: ZoneInfo) -> date:
    """Return from which day on a value of the profile holds: today, but the first one since always.

    Whoever corrects the first value on the day it was entered means that one.
    """
    today = now.astimezone(zone).date()
    if not known:
        return SINCE_ALWAYS
    is_fresh = len(known) == 1 and known[0][0] == SINCE_ALWAYS and known[0][1].astimezone(zone).date() == today
    return SINCE_ALWAYS if is_fresh else today


def _dated_row(
    athlete_id: AthleteId, name: str, valid_from: date, value: float | None, origin: str, now: datetime
) -> dict[str, Any]:
    return {
        "athlete_id": athlete_id,
        "name": name,
        "valid_from": valid_from,
        "value": value,
        "origin": origin,
        "created_at": now,
    }


async def _recompute_later(session: AsyncSession, athlete_id: AthleteId) -> None:
    await defer(
        session,
        PARAMETERS_CHANGED_TASK,
        lock=f"recompute:{athlete_id}",
        queueing_lock=f"recompute:{athlete_id}",
        athlete_id=athlete_id,
    )


@dataclass(frozen=True, slots=True)
class DatedParameter:
    """What was true of an athlete from a day on."""

    name: str
    valid_from: date
    value: float | None
    origin: str
    said_on: date


async def dated_parameters(session: AsyncSession, athlete_id: AthleteId) -> list[DatedParameter]:
    """Return everything that was ever true, by name and oldest first."""
    rows = await AthleteRepository(session).dated(athlete_id)
    return [
        DatedParameter(row.name, row.valid_from, row.value, row.origin, row.created_at.astimezone(UTC).date())
        for row in rows
    ]


async def parameter_history(session: AsyncSession, athlete_id: AthleteId) -> ParameterHistory:
    """Return what the formulas need to know about the athlete on any day."""
    athlete = await get_athlete(session, athlete_id)
    entries: dict[str, list[tuple[date, float | None]]] = {}
    for one in await dated_parameters(session, athlete_id):
        entries.setdefault(one.name, []).append((one.valid_from, one.value))
    return ParameterHistory(athlete.sex, {name: tuple(values) for name, values in entries.items()})


async def set_parameter(
    session: AsyncSession,
    athlete_id: AthleteId,
    name: str,
    *,
    valid_from: date,
    value: float | None,
    origin: str,
    now: datetime,
) -> None:
    """Say what is true from a day on; activities since then are computed again."""
    athlete = await get_athlete(session, athlete_id)
    if valid_from > now.astimezone(ZoneInfo(athlete.time_zone)).date():
        raise InvalidInputError("valid_from lies in the future.", remedy="Take today or an earlier day.")
    parameters_of(athlete.model_copy(update={name: value}))
    await AthleteRepository(session).set_dated(_dated_row(athlete_id, name, valid_from, value, origin, now))
    await _follow_history(session, athlete, name, now=now)


async def remove_parameter(
    session: AsyncSession, athlete_id: AthleteId, name: str, *, valid_from: date, now: datetime
) -> None:
    """Take back what was said to be true from a day on; what was true before holds on."""
    athlete = await get_athlete(session, athlete_id)
    if not await AthleteRepository(session).remove_dated(athlete_id, name, valid_from):
        raise NotFoundError("There is no entry of that day.")
    await _follow_history(session, athlete, name, now=now)


async def _follow_history(session: AsyncSession, athlete: Athlete, name: str, *, now: datetime) -> None:
    """Bring the profile in line with what holds today, tell clients, and have the history computed again."""
    athlete_id = AthleteId(athlete.id)
    history = await parameter_history(session, athlete_id)
    today = now.astimezone(ZoneInfo(athlete.time_zone)).date()
    current = value_on(history.entries.get(name, ()), today)
    row = await AthleteRepository(session).change(athlete_id, {name: current}, now=now)
    if row is not None:
        await publish(session, athlete_id, ATHLETE_UPDATED, Athlete.model_validate(row).model_dump(mode="json"))
    await _recompute_later(session, athlete_id)


def parameters_of(athlete: Athlete) -> AthleteParameters:
    """Return what the formulas need to know about the athlete."""
    return AthleteParameters(**{field.name: getattr(athlete, field.name) for field in fields(AthleteParameters)})


def local_date(started_at: datetime, *, utc_offset_s: int | None, time_zone: str) -> date:
    """Return the calendar day on which something started: by its own offset, else in the athlete's zone."""
    zone = ZoneInfo(time_zone) if utc_offset_s is None else timezone(timedelta(seconds=utc_offset_s))
    return started_at.astimezone(zone).date()
