"""Months summed up: the best efforts of each month, written beside its activities once they have changed.

Whatever adds, changes, moves or deletes an activity leaves a note of its month, in its own transaction; triggers of the
database write it, whoever the writer is. A month with a note is read activity by activity. Summing up strikes out just
the notes that it saw before it read the activities: a change that comes meanwhile keeps its own, so nobody has to wait.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, Final

from topform.core.ids import AthleteId, new_id
from topform.features.activities.curve_repository import CurveRepository
from topform.features.activities.curves import COLUMNS, HeldCurve, held_curve, last_of_month, sum_of
from topform.platform.database import Database

MONTHS_AT_ONCE: Final = 24


async def sum_up_months(database: Database) -> int:
    """Sum up the months that have changed; return how many there were."""
    async with database.transaction() as session:
        waiting = await CurveRepository(session).athletes_waiting()
    count = 0
    for athlete_id in waiting:
        months = MONTHS_AT_ONCE
        while months == MONTHS_AT_ONCE:
            months = await _sum_up_some(database, AthleteId(athlete_id))
            count += months
    return count


async def _sum_up_some(database: Database, athlete_id: AthleteId) -> int:
    """Sum up some of an athlete's changed months, in one transaction; return how many."""
    async with database.transaction() as session:
        curves = CurveRepository(session)
        await curves.lock_sums(athlete_id)
        changes = await curves.changes(athlete_id, months=MONTHS_AT_ONCE)
        if changes:
            spans = [(month, last_of_month(month)) for month in changes]
            sums = [
                one
                for kind, column in COLUMNS.items()
                for one in _sums(athlete_id, kind, await _by_sum(curves, athlete_id, column, spans))
            ]
            await curves.replace_sums(athlete_id, changes, sums)
    return len(changes)


SumKey = tuple[date, str, str | None]


async def _by_sum(
    curves: CurveRepository, athlete_id: AthleteId, column: str, spans: list[tuple[date, date]]
) -> dict[SumKey, list[HeldCurve]]:
    """Return the curves of each sum: of a month, a sport and a restriction."""
    found: dict[SumKey, list[HeldCurve]] = defaultdict(list)
    for one in await curves.curves(athlete_id, column, spans):
        key = (one.day.replace(day=1), one.sport, one.restricted_by)
        found[key].append(held_curve(one.activity_id, one.leg, one.day, one.curve))
    return found


def _sums(athlete_id: AthleteId, kind: str, found: dict[SumKey, list[HeldCurve]]) -> list[dict[str, Any]]:
    rows = []
    for (month, sport, restricted_by), curves in found.items():
        holders, curve = sum_of(curves)
        days = [day for one in curves for day, _, _ in one.holders]
        rows.append(
            {
                "id": new_id(),
                "athlete_id": athlete_id,
                "month": month,
                "sport": sport,
                "kind": kind,
                "first_day": min(days),
                "last_day": max(days),
                "holders": holders,
                "curve": curve,
                "restricted_by": restricted_by,
            }
        )
    return rows
