"""What can be done with daily values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.core.wellness import DailyValue, MetricKind, WellnessMetric
from topform.features.consents.public import ConsentPurpose, refuse_withdrawn
from topform.features.wellness.events import WELLNESS_CHANGED
from topform.features.wellness.priorities import chosen, full_order, place_of
from topform.features.wellness.repository import WellnessRepository
from topform.features.wellness.schemas import (
    ManualValues,
    OwnSource,
    PriorityOrder,
    Wellness,
    WellnessDay,
    WellnessMetricInfo,
    WellnessPriorities,
    WellnessPriority,
    WellnessSource,
    WellnessValue,
)
from topform.platform.events import publish

MAX_DAYS = 366 * 30
STRAP_METRICS = frozenset({WellnessMetric.HRV_RMSSD_MS})
TYPED_KINDS = frozenset({MetricKind.MEASURED, MetricKind.SELF_REPORT, MetricKind.ESTIMATED})


@dataclass(frozen=True, slots=True)
class StoredValues:
    """What became of a batch of values."""

    given: int
    changed: int


async def store_values(
    session: AsyncSession, athlete_id: AthleteId, values: Iterable[DailyValue], *, now: datetime
) -> StoredValues:
    """Store daily values and tell the athlete's clients which days changed; the same values again change nothing."""
    given = list(values)
    await refuse_withdrawn(session, athlete_id, ConsentPurpose.BODY_AND_WELLNESS)
    changed = await WellnessRepository(session).put(athlete_id, given, now=now)
    await announce(session, athlete_id, changed)
    return StoredValues(len(given), len(changed))


async def daily_series(
    session: AsyncSession, athlete_id: AthleteId, metrics: Sequence[WellnessMetric], first: date, last: date
) -> dict[WellnessMetric, list[DailyValue]]:
    """Return each metric's values from first to last, one a day where there is one, from the source that counts.

    Each value names its source; a series may change from one device to another.
    """
    values = WellnessRepository(session)
    orders = await values.priorities(athlete_id)
    found = await values.between(athlete_id, first=first, last=last, metrics=metrics)
    series: dict[WellnessMetric, list[DailyValue]] = {metric: [] for metric in metrics}
    full_orders = {metric: full_order(metric, orders.get(metric.value)) for metric in metrics}
    for (_, metric), group in groupby(found, key=attrgetter("local_date", "metric")):
        series[metric].append(chosen(list(group), full_orders[metric]))
    return series


async def daily_numbers(
    session: AsyncSession, athlete_id: AthleteId, metrics: Sequence[WellnessMetric], first: date, last: date
) -> dict[WellnessMetric, dict[date, float]]:
    """Return the numbers of `daily_series` by day."""
    repository = WellnessRepository(session)
    numbers: dict[str, dict[date, float]] = {metric.value: {} for metric in metrics}
    said_by: dict[tuple[str, date], str] = {}
    contested: list[tuple[str, date, str, float]] = []
    for told in await repository.numbers(athlete_id, metrics, first=first, last=last):
        metric, day, source, value = told
        if day in numbers[metric]:
            contested.append(told)
        else:
            numbers[metric][day] = value
            said_by[metric, day] = source
    if contested:
        orders = await repository.priorities(athlete_id)
        order_of = {metric.value: full_order(metric, orders.get(metric.value)) for metric in metrics}
        for metric, day, source, value in contested:
            if place_of(source, order_of[metric]) < place_of(said_by[metric, day], order_of[metric]):
                numbers[metric][day] = value
                said_by[metric, day] = source
    return {metric: numbers[metric.value] for metric in metrics}


async def wellness(
    session: AsyncSession,
    viewer: AthleteId,
    *,
    first: date,
    last: date,
    metrics: Sequence[WellnessMetric] | None,
    all_sources: bool,
) -> Wellness:
    """Return the days with values, the chosen ones or those of every source, and what the metrics are."""
    if last < first:
        raise InvalidInputError("`from` is after `to`.", remedy="Swap the two dates.")
    if (last - first).days >= MAX_DAYS:
        raise InvalidInputError("The range is longer than 30 years.", remedy="Ask for a shorter range.")
    repository = WellnessRepository(session)
    orders = await repository.priorities(viewer)
    found = await repository.between(viewer, first=first, last=last, metrics=metrics)
    described = {value.metric for value in found} | set(metrics or ())
    return Wellness(
        days=[
            WellnessDay(date=day, values=_values_out(list(group), orders, all_sources=all_sources))
            for day, group in groupby(found, key=lambda value: value.local_date)
        ],
        metrics=[metric_info(metric) for metric in WellnessMetric if metric in described],
    )


def metric_info(metric: WellnessMetric) -> WellnessMetricInfo:
    """Return what a metric is."""
    return WellnessMetricInfo(metric=metric, unit=metric.unit, kind=metric.kind, low=metric.low, high=metric.high)


async def put_own(
    session: AsyncSession,
    athlete_id: AthleteId,
    day: date,
    given: ManualValues,
    *,
    source: OwnSource,
    today: date,
    now: datetime,
) -> WellnessDay:
    """Store or delete what the athlete typed or measured for a day, and return the day with every source."""
    if day > today:
        raise InvalidInputError("The day has not come yet.", remedy="Choose today or an earlier day.")
    values = [_own(metric, value, day=day, source=source) for metric, value in given.root.items() if value is not None]
    removed = [metric for metric, value in given.root.items() if value is None]
    repository = WellnessRepository(session)
    if values:
        await refuse_withdrawn(session, athlete_id, ConsentPurpose.BODY_AND_WELLNESS)
    changed = await repository.put(athlete_id, values, now=now)
    if removed:
        changed += await repository.remove(athlete_id, source=source.value, day=day, metrics=removed)
    await announce(session, athlete_id, changed)
    orders = await repository.priorities(athlete_id)
    found = await repository.between(athlete_id, first=day, last=day)
    return WellnessDay(date=day, values=_values_out(found, orders, all_sources=True))


async def remove_source(session: AsyncSession, athlete_id: AthleteId, source: str) -> int:
    """Delete everything that a source said and return how many values there were."""
    removed = await WellnessRepository(session).remove(athlete_id, source=source)
    await announce(session, athlete_id, removed)
    return len(removed)


async def delete_source(session: AsyncSession, athlete_id: AthleteId, source: str) -> None:
    """Delete everything that a source said; one that said nothing is not there."""
    if not await remove_source(session, athlete_id, source):
        raise NotFoundError(
            "You have no values of such a source.", remedy="GET /api/v1/wellness/priorities names them."
        )


async def priorities(session: AsyncSession, viewer: AthleteId) -> WellnessPriorities:
    """Return the order of sources of each metric with values."""
    repository = WellnessRepository(session)
    orders, sources = await repository.priorities(viewer), await repository.sources(viewer)
    shown = [metric for metric in WellnessMetric if metric.value in sources or metric.value in orders]
    return WellnessPriorities(
        priorities=[_priority(metric, orders.get(metric.value), sources.get(metric.value, [])) for metric in shown]
    )


async def set_priority(
    session: AsyncSession, athlete_id: AthleteId, metric: WellnessMetric, order: PriorityOrder, *, now: datetime
) -> WellnessPriority:
    """Set the order of a metric's sources; it counts for the whole history at once."""
    if len(set(order.sources)) != len(order.sources):
        raise InvalidInputError("A source is named twice.", remedy="Name each source once.")
    repository = WellnessRepository(session)
    await repository.set_priority(athlete_id, metric, order.sources, now=now)
    sources = (await repository.sources(athlete_id)).get(metric.value, [])
    if sources:
        first = min(last for _, _, last in sources)
        await announce(session, athlete_id, [first, *(last for _, _, last in sources)])
    return _priority(metric, order.sources or None, sources)


def _priority(
    metric: WellnessMetric, own: Sequence[str] | None, sources: Sequence[tuple[str, int, date]]
) -> WellnessPriority:
    """Show the sources with values and those that the athlete named, in the order that holds."""
    days = {source: (count, last) for source, count, last in sources}
    order = full_order(metric, own, days)
    return WellnessPriority(
        metric=metric,
        sources=[
            WellnessSource(source=source, days=days.get(source, (0, None))[0], last_date=days.get(source, (0, None))[1])
            for source in order
            if source in days or source in (own or ())
        ],
        is_own=own is not None,
    )


def _own(metric: WellnessMetric, value: float, *, day: date, source: OwnSource) -> DailyValue:
    if source is OwnSource.STRAP and metric not in STRAP_METRICS:
        raise InvalidInputError(
            f"A heart-rate strap does not measure {metric.value}.",
            remedy="Leave `source` out for what was typed.",
            metric=metric.value,
        )
    if metric.kind not in TYPED_KINDS:
        raise InvalidInputError(
            f"{metric.value} is a vendor's own score and cannot be typed.", remedy="Leave it out.", metric=metric.value
        )
    return DailyValue.of(metric, value, local_date=day, source=source.value)


def _values_out(
    of_day: Sequence[DailyValue], orders: Mapping[str, Sequence[str]], *, all_sources: bool
) -> list[WellnessValue]:
    shown: list[WellnessValue] = []
    for metric, group in groupby(of_day, key=lambda value: value.metric):
        values = list(group)
        best = chosen(values, full_order(metric, orders.get(metric.value)))
        shown += [_value_out(value, is_chosen=value is best) for value in values if all_sources or value is best]
    return shown


def _value_out(value: DailyValue, *, is_chosen: bool) -> WellnessValue:
    return WellnessValue(
        metric=value.metric,
        value=value.value,
        unit=value.unit,
        source=value.source,
        measured_at=value.measured_at,
        device=value.device,
        is_chosen=is_chosen,
    )


async def announce(session: AsyncSession, athlete_id: AthleteId, days: Sequence[date]) -> None:
    """Tell the athlete's clients between which days something changed."""
    if days:
        stretch = {"from": min(days).isoformat(), "to": max(days).isoformat()}
        await publish(session, athlete_id, WELLNESS_CHANGED, stretch)
