"""Best-effort curves as they are stored, and the best of many of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.curve_repository import CurveRepository
from topform.science.mean_maximal import CURVE_DURATIONS_S, BestCurve

CurveKind = Literal["power_w", "speed_m_s", "ga_speed_m_s"]
COLUMNS: Final = {"power_w": "power_curve", "speed_m_s": "speed_curve", "ga_speed_m_s": "ga_speed_curve"}
MEAN: Final = np.dtype("<f4")
START: Final = np.dtype("<i4")


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The best mean over a duration, and where it was reached."""

    duration_s: int
    value: float
    activity_id: UUID
    leg: int
    day: date
    start_s: int


def pack(curve: BestCurve) -> bytes:
    """Return the means as 32-bit floats, then the seconds at which they start."""
    return curve.means.astype(MEAN).tobytes() + curve.starts_s.astype(START).tobytes()


def unpack(content: bytes) -> BestCurve:
    """Return a stored curve."""
    size = len(content) // (MEAN.itemsize + START.itemsize)
    means = np.frombuffer(content, dtype=MEAN, count=size)
    starts = np.frombuffer(content, dtype=START, offset=size * MEAN.itemsize, count=size)
    return BestCurve(means.astype(np.float64), starts.astype(np.int64))


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
    rows = await CurveRepository(session).of_range(
        viewer, sport=sport, column=COLUMNS[kind], first=first, last=last, purpose=purpose
    )
    return best_of(rows)


def best_of(rows: Sequence[tuple[Any, ...]]) -> list[CurvePoint]:
    """Return the best of curves; of equal ones the earliest."""
    sizes = [len(content) // (MEAN.itemsize + START.itemsize) for *_, content in rows]
    longest = max(sizes, default=0)
    if longest == 0:
        return []
    best = np.full(longest, -np.inf, dtype=MEAN)
    holder = np.zeros(longest, dtype=np.int64)
    for place, ((*_, content), size) in enumerate(zip(rows, sizes, strict=True)):
        means = np.frombuffer(content, dtype=MEAN, count=size)
        is_better = means > best[:size]
        best[:size][is_better] = means[is_better]
        holder[:size][is_better] = place
    points = []
    for at, place in enumerate(holder.tolist()):
        activity_id, leg, day, content = rows[place]
        start = np.frombuffer(content, dtype=START, offset=sizes[place] * MEAN.itemsize)[at]
        points.append(CurvePoint(int(CURVE_DURATIONS_S[at]), float(best[at]), activity_id, leg, day, int(start)))
    return points
