"""What stored activities say of thresholds, for the feature that weighs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.activities.evidence_repository import EvidenceRepository


@dataclass(frozen=True, slots=True)
class MetricOfDay:
    """A metric of one leg and the day of the activity."""

    day: date
    activity_id: UUID
    leg: int
    metric: str
    value: float
    detail: str


@dataclass(frozen=True, slots=True)
class SteadyStretches:
    """Heart rate and output of the steady stretches of one leg."""

    day: date
    activity_id: UUID
    sport: str
    points: tuple[tuple[float, float], ...]


async def metrics_by_day(session: AsyncSession, viewer: AthleteId, metrics: tuple[str, ...]) -> list[MetricOfDay]:
    """Return the values of these metrics, oldest first."""
    return [
        MetricOfDay(day, activity_id, leg, metric, float(value or 0.0), " ".join(warnings))
        for day, activity_id, leg, metric, value, warnings in await EvidenceRepository(session).metrics(viewer, metrics)
    ]


async def steady_stretches(session: AsyncSession, viewer: AthleteId) -> list[SteadyStretches]:
    """Return the steady stretches of legs that have some, oldest first."""
    return [
        SteadyStretches(day, activity_id, sport, tuple((float(hr), float(output)) for hr, output in found))
        for day, activity_id, sport, found in await EvidenceRepository(session).steady_legs(viewer)
    ]
