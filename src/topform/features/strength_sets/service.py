"""Filmed sets as training of a day.

All filmed and rated sets of a day are one session, whose load is the sum of their ratings times minutes. On a day with
a recorded strength workout the sets were part of it: its load counts, and theirs does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.activity import Sport
from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.public import DayLoad, LoadHistory, load_history, past_sessions, rating_scale
from topform.features.athletes.public import parameter_history
from topform.features.strength_sets.repository import StrengthSetRepository
from topform.science.set_load import PerformedSet, SetDetails, SetLoad, set_load
from topform.science.srpe import srpe_load


@dataclass(frozen=True, slots=True)
class KnownSet:
    """A set with what the athlete said of it."""

    details: SetDetails
    load: SetLoad
    is_part_of_activity: bool


@dataclass(frozen=True, slots=True)
class FilmedSession:
    """The filmed and rated sets of a day without a recorded strength workout."""

    id: UUID
    day: date
    sets: int
    active_s: float
    load_au: float


async def known_set(
    session: AsyncSession, viewer: AthleteId, form_check_id: UUID, performed: PerformedSet, *, day: date
) -> KnownSet:
    """Return a set as training: what was seen, and what the athlete said of it."""
    row = await StrengthSetRepository(session).visible(viewer, form_check_id)
    details = (
        SetDetails()
        if row is None
        else SetDetails(variant=row.variant, external_kg=row.external_kg, rir=row.rir, rpe_cr10=row.rpe_cr10)
    )
    mass_kg = (await parameter_history(session, viewer)).on(day).mass_kg
    scale = await rating_scale(session, viewer)
    load = set_load(performed, details, body_mass_kg=mass_kg, scale=scale)
    return KnownSet(details, load, day in await _days_with_workout(session, viewer, day, day))


async def say_of_set(
    session: AsyncSession,
    athlete_id: AthleteId,
    form_check_id: UUID,
    performed: PerformedSet,
    details: SetDetails,
    *,
    day: date,
    now: datetime,
) -> None:
    """Store what the athlete says of a set, with the load that it gives; refuse what contradicts itself."""
    details.require_agreement()
    scale = await rating_scale(session, athlete_id)
    await StrengthSetRepository(session).keep(
        {
            "form_check_id": form_check_id,
            "athlete_id": athlete_id,
            "performed_on": day,
            "exercise": performed.exercise,
            "active_s": performed.active_s,
            "variant": details.variant,
            "external_kg": details.external_kg,
            "rir": details.rir,
            "rpe_cr10": details.rpe_cr10,
            "load_au": set_load(performed, details, body_mass_kg=None, scale=scale).load_au,
            "updated_at": now,
        }
    )


async def weigh_ratings_anew(session: AsyncSession, athlete_id: AthleteId, *, now: datetime) -> date | None:
    """Compute the loads of rated sets again with the athlete's factor of now; return the first day that changed."""
    scale = await rating_scale(session, athlete_id)
    first: date | None = None
    for row in await StrengthSetRepository(session).rated(athlete_id, lock=True):
        if row.rpe_cr10 is None:
            continue
        load_au = srpe_load(rpe_cr10=row.rpe_cr10, duration_s=row.active_s) * scale
        if load_au != row.load_au:
            row.load_au, row.updated_at = load_au, now
            first = first or row.performed_on
    return first


async def filmed_sessions(
    session: AsyncSession, viewer: AthleteId, *, first: date | None = None, last: date | None = None
) -> list[FilmedSession]:
    """Return the sessions of filmed sets that no recorded workout holds, oldest first."""
    rows = await StrengthSetRepository(session).with_load(viewer, first=first, last=last)
    if not rows:
        return []
    recorded = await _days_with_workout(session, viewer, rows[0].performed_on, rows[-1].performed_on)
    by_day: dict[date, FilmedSession] = {}
    for row in rows:
        if row.performed_on in recorded or row.load_au is None:
            continue
        known = by_day.get(row.performed_on)
        by_day[row.performed_on] = FilmedSession(
            id=row.form_check_id if known is None else known.id,
            day=row.performed_on,
            sets=1 if known is None else known.sets + 1,
            active_s=row.active_s + (0.0 if known is None else known.active_s),
            load_au=row.load_au + (0.0 if known is None else known.load_au),
        )
    return list(by_day.values())


async def training_history(
    session: AsyncSession, athlete_id: AthleteId, *, purpose: Purpose = Purpose.OWN_EYES
) -> LoadHistory:
    """Return the days with activities or filmed sets that may serve the purpose, as columns."""
    recorded = await load_history(session, athlete_id, purpose=purpose)
    sets = await filmed_sessions(session, athlete_id)
    return recorded.with_more({one.day: one.load_au for one in sets}) if sets else recorded


async def training_days(
    session: AsyncSession, athlete_id: AthleteId, *, purpose: Purpose = Purpose.OWN_EYES
) -> list[DayLoad]:
    """Return the days with activities or filmed sets that may serve the purpose, oldest first."""
    return (await training_history(session, athlete_id, purpose=purpose)).days()


async def _days_with_workout(session: AsyncSession, viewer: AthleteId, first: date, last: date) -> set[date]:
    return {
        one.day for one in await past_sessions(session, viewer, first=first, last=last) if one.sport == Sport.STRENGTH
    }
