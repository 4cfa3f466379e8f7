"""The power and pace curve: best efforts over any days, with a model and the day of each best."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import numpy as np
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.activity import Sport
from topform.core.arrays import FloatArray
from topform.core.errors import InvalidInputError, ShapeError
from topform.core.ids import AthleteId
from topform.features.activities.public import CurveKind, CurvePoint, best_of_range
from topform.science.mean_maximal import envelope
from topform.science.power_duration import EFFORT_MAX_S, EFFORT_MIN_S, critical_power

CurveMetric = Literal["power", "pace"]
MODEL_DURATIONS_S = (120, 180, 240, 300, 360, 480, 600, 720, 900, 1200)
PACE_EFFORTS_S = (120, 1200)
MIN_SPREAD = 1.3


class CurveBest(BaseModel):
    """The best mean over a duration, and where it was reached."""

    duration_s: int
    value: float = Field(description="[W] or [m/s]")
    envelope: float = Field(description="Best of this or any longer duration, so that the curve only falls.")
    activity_id: UUID
    date: date
    start_s: int = Field(description="Second of timer time of the leg.")


class CurveModel(BaseModel):
    """A model of critical power or speed, fitted to efforts of 2 to 20 min."""

    name: Literal["critical_power", "critical_speed"]
    critical: float = Field(description="[W] or [m/s]")
    reserve: float = Field(description="Work above critical power [J], or distance above critical speed [m].")
    low: float = Field(description="Lowest critical value of the usual regressions.")
    high: float
    valid_from_s: int
    valid_to_s: int
    warnings: list[str]


class Curve(BaseModel):
    """Best efforts over a stretch of days."""

    sport: Sport
    metric: CurveMetric
    unit: Annotated[str, Field(description="W or m/s")]
    points: list[CurveBest]
    model: CurveModel | None = Field(description="Null where the efforts hold no model.")


async def curve(
    session: AsyncSession,
    athlete_id: AthleteId,
    *,
    sport: Sport,
    metric: CurveMetric,
    first: date | None,
    last: date | None,
) -> Curve:
    """Return the athlete's curve; pace on foot is grade-adjusted."""
    if first is not None and last is not None and last < first:
        raise InvalidInputError("`from` is after `to`.", remedy="Swap the two dates.")
    points = await best_of_range(
        session, athlete_id, sport=sport.value, kind=_kind(sport, metric), first=first, last=last
    )
    return curve_of(points, sport=sport, metric=metric)


def _kind(sport: Sport, metric: CurveMetric) -> CurveKind:
    if metric == "power":
        return "power_w"
    return "ga_speed_m_s" if sport is Sport.RUNNING else "speed_m_s"


def curve_of(points: Sequence[CurvePoint], *, sport: Sport, metric: CurveMetric) -> Curve:
    """Return the curve of the best points with its model."""
    values = np.array([point.value for point in points])
    falling = envelope(values) if values.size else values
    return Curve(
        sport=sport,
        metric=metric,
        unit="W" if metric == "power" else "m/s",
        points=[
            CurveBest(
                duration_s=point.duration_s,
                value=point.value,
                envelope=float(level),
                activity_id=point.activity_id,
                date=point.day,
                start_s=point.start_s,
            )
            for point, level in zip(points, falling, strict=True)
        ],
        model=_model(points, metric),
    )


def _model(points: Sequence[CurvePoint], metric: CurveMetric) -> CurveModel | None:
    chosen = [point for point in points if EFFORT_MIN_S <= point.duration_s <= EFFORT_MAX_S]
    known = np.array([point.duration_s for point in chosen])
    nearest = {int(np.argmin(np.abs(known - wanted))) for wanted in MODEL_DURATIONS_S} if chosen else set[int]()
    distinct = {chosen[at].duration_s: chosen[at].value for at in sorted(nearest) if chosen[at].value > 0}
    time_s, value = np.array(list(distinct), dtype=np.float64), np.array(list(distinct.values()))
    try:
        return _critical_power(value, time_s) if metric == "power" else _critical_speed(value, time_s)
    except ShapeError:
        return None


def _critical_power(power_w: FloatArray, time_s: FloatArray) -> CurveModel | None:
    found = critical_power(power_w=power_w, time_s=time_s)
    if found.best.w_prime_j <= 0 or found.best.cp_w <= 0:
        return None
    low, high = found.cp_range_w
    return CurveModel(
        name="critical_power",
        critical=found.best.cp_w,
        reserve=found.best.w_prime_j,
        low=low,
        high=high,
        valid_from_s=int(EFFORT_MIN_S),
        valid_to_s=int(EFFORT_MAX_S),
        warnings=list(found.warnings),
    )


def _critical_speed(speed_m_s: FloatArray, time_s: FloatArray) -> CurveModel | None:
    """Fit distance on time, and speed on inverse time; efforts that fall nowhere hold no model."""
    if time_s.size < 3 or time_s.max() < MIN_SPREAD * time_s.min():
        return None
    slope, reserve = (float(x) for x in np.polyfit(time_s, speed_m_s * time_s, 1))
    _, inverse = (float(x) for x in np.polyfit(1 / time_s, speed_m_s, 1))
    if reserve <= 0 or slope <= 0:
        return None
    return CurveModel(
        name="critical_speed",
        critical=slope,
        reserve=reserve,
        low=min(slope, inverse),
        high=max(slope, inverse),
        valid_from_s=PACE_EFFORTS_S[0],
        valid_to_s=PACE_EFFORTS_S[1],
        warnings=[],
    )
