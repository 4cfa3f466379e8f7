"""Where scores come from: the athlete's own activities, form checks and plan, as far as others may learn of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.public import SharedEffort, efforts_for_others
from topform.features.athletes.public import get_athlete, reading_for
from topform.features.community.challenge_tables import ChallengeRow, CountedSetRow
from topform.features.community.challenges.ladders import (
    LOOKED_BACK,
    MEASURES,
    Ladder,
    best_before,
    climbed,
    highest,
)
from topform.features.community.challenges.repository import ChallengeRepository
from topform.features.community.challenges.scoring import (
    NOTHING,
    CountedSet,
    Entry,
    PlannedDay,
    Standing,
    Window,
    counted_reps,
    each_set_once,
    longest_streak,
    total_of,
)
from topform.features.form_checks.public import form_check_facts, form_check_ids
from topform.features.plans.public import kept_days

PUSH_UP: Final = "push_up"
ZONES: Final = timedelta(hours=14)
"""No place on Earth is further from coordinated universal time."""


async def standing_of(
    session: AsyncSession, athlete_id: AthleteId, challenge: ChallengeRow, *, base: float | None = None
) -> Standing:
    """Return what an athlete has reached in a challenge, counted from what is stored now.

    On a ladder ``base`` is what they started from so far.
    """
    if challenge.ranked_by == "own_best":
        ladder, before = await ladder_of(session, athlete_id, challenge, base=base)
        return replace(ladder.standing, base=before)
    window = window_of(challenge)
    if challenge.kind == "streak":
        return await _streak(session, athlete_id, window)
    return total_of(await _entries(session, athlete_id, challenge, first=window.first), window)


async def ladder_of(
    session: AsyncSession, athlete_id: AthleteId, challenge: ChallengeRow, *, base: float | None
) -> tuple[Ladder, float | None]:
    """Return how an athlete climbed, and their best before the start as high as it ever was since they joined."""
    window = window_of(challenge)
    entries = await _entries(session, athlete_id, challenge, first=window.first - LOOKED_BACK)
    before = highest(base, best_before(entries, window))
    return climbed(entries, window, before=before, measure=MEASURES[challenge.kind]), before


async def _entries(
    session: AsyncSession, athlete_id: AthleteId, challenge: ChallengeRow, *, first: date
) -> list[Entry]:
    """Return the athlete's sets or activities from a day to the last day of a challenge."""
    if challenge.kind == "push_ups":
        found = await sets_of(session, athlete_id, challenge, first=first)
        return each_set_once([_counted(row, day) for row, day in found])
    efforts = await efforts_for_others(session, athlete_id, first=first, last=challenge.last_day)
    return [
        Entry(one.day, one.arrived_at, _amount(one, challenge.kind))
        for one in efforts
        if challenge.sport in (None, one.sport)
    ]


def window_of(challenge: ChallengeRow) -> Window:
    """Return the days of a challenge."""
    return Window(challenge.first_day, challenge.last_day)


async def sets_of(
    session: AsyncSession, athlete_id: AthleteId, challenge: ChallengeRow, *, first: date | None = None
) -> list[tuple[CountedSetRow, date]]:
    """Return the athlete's sets around the days of a challenge, each with its day where the athlete lives."""
    begin = datetime.combine(first or challenge.first_day, time(), tzinfo=UTC) - ZONES
    end = datetime.combine(challenge.last_day, time(), tzinfo=UTC) + timedelta(days=1) + ZONES
    ids = await form_check_ids(session, athlete_id, exercise=challenge.exercise or PUSH_UP, first=begin, last=end)
    if not ids:
        return []
    challenges = ChallengeRepository(session)
    known = {row.form_check_id for row in await challenges.known_sets(athlete_id, ids)}
    for form_check_id in sorted(set(ids) - known):
        row = await form_check_facts(session, athlete_id, form_check_id)
        if row is not None:
            await challenges.add_set(
                {
                    "form_check_id": form_check_id,
                    "athlete_id": athlete_id,
                    "exercise": row.exercise,
                    "at": row.created_at,
                    **count_set(row.document),
                }
            )
    zone = ZoneInfo((await get_athlete(session, athlete_id)).time_zone)
    rows = await challenges.known_sets(athlete_id, ids)
    return [(row, row.at.astimezone(zone).date()) for row in rows]


def count_set(document: dict[str, Any]) -> dict[str, Any]:
    """Return how an analysed set is counted: digest, count and the reason for each repetition."""
    reps = [*document.get("reps", ())]
    counted = counted_reps(sorted(reps, key=lambda rep: float(rep["start_s"])))
    times = [[round(rep.start_s, 2), round(rep.end_s, 2)] for rep in counted]
    return {
        "digest": hashlib.sha256(json.dumps(times).encode()).hexdigest(),
        "count": sum(rep.counts for rep in counted),
        "reps": [asdict(rep) for rep in counted],
        "rep_total": len(counted),
        "span_s": counted[-1].end_s - counted[0].start_s if counted else None,
    }


def counted_ids(sets: Sequence[tuple[CountedSetRow, date]], window: Window) -> set[Any]:
    """Return which sets are part of a score."""
    seen: set[str] = set()
    found = set()
    for row, day in sorted(sets, key=lambda one: one[0].at):
        if row.digest not in seen and row.count > 0 and window.takes(_counted(row, day).entry):
            found.add(row.form_check_id)
        seen.add(row.digest)
    return found


def _counted(row: CountedSetRow, day: date) -> CountedSet:
    return CountedSet(row.digest, Entry(day, row.at, float(row.count)))


def _amount(effort: SharedEffort, kind: str) -> float:
    if kind == "distance":
        return effort.distance_m or 0.0
    return effort.moving_s if kind == "time" else effort.ascent_m or 0.0


async def _streak(session: AsyncSession, athlete_id: AthleteId, window: Window) -> Standing:
    with reading_for(Purpose.OTHER_PEOPLE):
        days = await kept_days(session, athlete_id, first=window.first, last=window.last)
    if not days:
        return NOTHING
    arrived: dict[date, datetime] = {}
    for effort in await efforts_for_others(session, athlete_id, first=window.first, last=window.last):
        arrived[effort.day] = max(arrived.get(effort.day, effort.arrived_at), effort.arrived_at)
    return longest_streak(
        [
            PlannedDay(
                day=one.day,
                planned=one.planned,
                done=one.done,
                is_locked=one.is_locked,
                arrived_at=max(
                    (moment for moment in (arrived.get(one.day), one.told_at) if moment is not None),
                    default=datetime.combine(one.day, time(), tzinfo=UTC) + timedelta(days=1),
                ),
            )
            for one in days
        ],
        window,
    )
