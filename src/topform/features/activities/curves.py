"""Best-effort curves as they are stored, and the best of many of them.

The best of each month is kept beside the curves of the activities. A span of days is read from the sums of its months,
and activity by activity where a month has changed since, or where the span begins or ends within one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final, Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.curve_repository import CurveRepository, StoredSum
from topform.science.mean_maximal import CURVE_DURATIONS_S, BestCurve

CurveKind = Literal["power_w", "speed_m_s", "ga_speed_m_s"]
COLUMNS: Final[Mapping[CurveKind, str]] = {
    "power_w": "power_curve",
    "speed_m_s": "speed_curve",
    "ga_speed_m_s": "ga_speed_curve",
}
MEAN: Final = np.dtype("<f4")
START: Final = np.dtype("<i4")
HOLDER: Final = np.dtype("<u2")


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The best mean over a duration, and where it was reached."""

    duration_s: int
    value: float
    activity_id: UUID
    leg: int
    day: date
    start_s: int


Holder = tuple[date, UUID, int]
"""Day, activity and leg of a best effort; of equal ones the least of these holds the best."""


@dataclass(frozen=True, slots=True, eq=False)
class HeldCurve:
    """The curve of a leg, or the best of several: for each duration the best mean and where it was reached.

    ``means`` (n,) is -inf where others are better; ``starts_s`` (n,); ``at`` (n,) are the places of who holds each in
    ``holders``, which are in order.
    """

    means: NDArray[np.float32]
    starts_s: NDArray[np.int32]
    holders: tuple[Holder, ...]
    at: NDArray[np.uint16]

    def apart(self) -> list[HeldCurve]:
        """Return the parts of each holder."""
        return [
            replace(
                self,
                means=np.where(self.at == place, self.means, np.float32(-np.inf)),
                holders=(holder,),
                at=np.zeros_like(self.at),
            )
            for place, holder in enumerate(self.holders)
        ]


def pack(curve: BestCurve) -> bytes:
    """Return the means as 32-bit floats, then the seconds at which they start."""
    return curve.means.astype(MEAN).tobytes() + curve.starts_s.astype(START).tobytes()


def unpack(content: bytes) -> BestCurve:
    """Return a stored curve."""
    means, starts = _arrays(content)
    return BestCurve(means.astype(np.float64), starts.astype(np.int64))


def _arrays(content: bytes) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    size = len(content) // (MEAN.itemsize + START.itemsize)
    means = np.frombuffer(content, dtype=MEAN, count=size)
    return means, np.frombuffer(content, dtype=START, offset=size * MEAN.itemsize, count=size)


def curve_columns(curves: Mapping[str, BestCurve]) -> dict[str, bytes | None]:
    """Return the columns of a leg's row that hold its curves."""
    return {column: pack(curves[kind]) if kind in curves else None for kind, column in COLUMNS.items()}


async def best_of_range(
    session: AsyncSession,
    viewer: AthleteId,
    *,
    sport: str,
    kind: CurveKind,
    first: date | None,
    last: date | None,
    purpose: Purpose = Purpose.OWN_EYES,
) -> list[CurvePoint]:
    """Return the athlete's best mean of each duration within the days, with the activity that holds it."""
    first, last = first or date.min, last or date.max
    curves = CurveRepository(session)
    # In this order: a month that changes and is summed up in between is then read as its newer sum tells it.
    unsummed = await curves.changed_months(viewer, since=first.replace(day=1), until=last)
    sums = await curves.sums(viewer, sport=sport, kind=kind, since=first.replace(day=1), until=last, purpose=purpose)
    unsummed |= {one.month for one in sums if not first <= one.first_day <= one.last_day <= last}
    held = curves_of_sums([one for one in sums if one.month not in unsummed])
    spans = [(max(begin, first), min(end, last)) for begin, end in _stretches(unsummed)]
    if spans:
        rows = await curves.of_days(viewer, sport=sport, column=COLUMNS[kind], spans=spans, purpose=purpose)
        held += [held_curve(*row) for row in rows]
    return best_of(held)


def _stretches(months: Iterable[date]) -> list[tuple[date, date]]:
    """Return the first and the last day of each unbroken row of months."""
    ordered = sorted(months)
    rows = groupby(enumerate(ordered), key=lambda one: 12 * one[1].year + one[1].month - one[0])
    stretches = [[month for _, month in row] for _, row in rows]
    return [(row[0], last_of_month(row[-1])) for row in stretches]


def last_of_month(month: date) -> date:
    """Return the last day of the month that begins on a day."""
    return (month + timedelta(days=31)).replace(day=1) - timedelta(days=1) if month < LAST_MONTH else date.max


LAST_MONTH: Final = date.max.replace(day=1)


def held_curve(activity_id: UUID, leg: int, day: date, content: bytes) -> HeldCurve:
    """Return the curve of a leg as it is stored with it."""
    means, starts = _arrays(content)
    return HeldCurve(means, starts, ((day, activity_id, leg),), np.zeros(means.size, dtype=HOLDER))


def sum_of(curves: Sequence[HeldCurve]) -> tuple[list[Any], bytes]:
    """Return the best of curves as it is stored: day, activity and leg of each that holds something, and the points.

    The points are means, the seconds at which they start, and the place in the list of who holds them.
    """
    best = _best(curves)
    holders = [[day.isoformat(), str(activity_id), leg] for day, activity_id, leg in best.holders]
    return holders, best.means.tobytes() + best.starts_s.tobytes() + best.at.tobytes()


def curves_of_sums(stored: Sequence[StoredSum]) -> list[HeldCurve]:
    """Return the curves of sums; those of one month, which are of several restrictions, come apart into holders."""
    by_month: dict[date, list[HeldCurve]] = {}
    for one in stored:
        by_month.setdefault(one.month, []).append(_of_sum(one))
    found = []
    for curves in by_month.values():
        found += curves if len(curves) == 1 else [part for curve in curves for part in curve.apart()]
    return found


def _of_sum(stored: StoredSum) -> HeldCurve:
    size = len(stored.curve) // (MEAN.itemsize + START.itemsize + HOLDER.itemsize)
    return HeldCurve(
        means=np.frombuffer(stored.curve, dtype=MEAN, count=size),
        starts_s=np.frombuffer(stored.curve, dtype=START, offset=size * MEAN.itemsize, count=size),
        holders=tuple((date.fromisoformat(day), UUID(activity), leg) for day, activity, leg in stored.holders),
        at=np.frombuffer(stored.curve, dtype=HOLDER, offset=size * (MEAN.itemsize + START.itemsize), count=size),
    )


def best_of(curves: Sequence[HeldCurve]) -> list[CurvePoint]:
    """Return the best of curves; of equal ones the first."""
    best = _best(curves)
    points = []
    for duration, mean, start, at in zip(
        CURVE_DURATIONS_S[: best.means.size].tolist(),
        best.means.tolist(),
        best.starts_s.tolist(),
        best.at.tolist(),
        strict=True,
    ):
        day, activity_id, leg = best.holders[at]
        points.append(CurvePoint(duration, mean, activity_id, leg, day, start))
    return points


def _best(curves: Sequence[HeldCurve]) -> HeldCurve:
    """Return the best of curves, of equal ones the first; no two of them may hold the same days in turns."""
    ordered = sorted((curve for curve in curves if curve.means.size), key=lambda curve: curve.holders[0])
    longest = max((curve.means.size for curve in ordered), default=0)
    means, starts = np.full(longest, -np.inf, dtype=MEAN), np.zeros(longest, dtype=START)
    places = np.zeros(longest, dtype=np.int64)
    holders: list[Holder] = []
    for curve in ordered:
        size = curve.means.size
        is_better = curve.means > means[:size]
        means[:size][is_better] = curve.means[is_better]
        starts[:size][is_better] = curve.starts_s[is_better]
        places[:size][is_better] = len(holders) + curve.at[is_better]
        holders += curve.holders
    holding, at = np.unique(places, return_inverse=True)
    return HeldCurve(means, starts, tuple(holders[place] for place in holding.tolist()), at.astype(HOLDER))
