"""Daily values out of what the health store of a phone holds.

The phone sends single records, since which record of a day counts and what is one night is decided here, in the same
way as for an export of the store: what came by a file and what comes from the phone are the same values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError
from topform.core.ids import AthleteId
from topform.core.wellness import DailyValue, WellnessMetric
from topform.features.wellness.repository import WellnessRepository
from topform.features.wellness.schemas import HealthRecords, HealthSource, RecordKind, StoredRecords
from topform.features.wellness.service import announce, store_values
from topform.formats.exports.days import Days, Joining
from topform.formats.exports.nights import Stage, Stretch, add_nights, local_day

MOST_DAYS: Final = 31
AHEAD: Final = timedelta(days=1)
"""Where the athlete is may already have another day than where they live."""

METRICS: Final[dict[RecordKind, tuple[WellnessMetric, ...]]] = {
    RecordKind.BODY_MASS: (WellnessMetric.BODY_MASS_KG,),
    RecordKind.RESTING_HR: (WellnessMetric.RESTING_HR_BPM,),
    RecordKind.HRV_RMSSD: (WellnessMetric.HRV_RMSSD_MS,),
    RecordKind.HRV_SDNN: (WellnessMetric.HRV_SDNN_MS,),
    RecordKind.SLEEP: (
        WellnessMetric.SLEEP_S,
        WellnessMetric.TIME_IN_BED_S,
        WellnessMetric.SLEEP_DEEP_S,
        WellnessMetric.SLEEP_LIGHT_S,
        WellnessMetric.SLEEP_REM_S,
        WellnessMetric.SLEEP_AWAKE_S,
        WellnessMetric.SLEEP_START_S,
        WellnessMetric.SLEEP_END_S,
    ),
}
MEANS: Final = frozenset({RecordKind.HRV_RMSSD, RecordKind.HRV_SDNN})
"""Of which a day has many records that are one value together; of the others the last one counts."""

NOT_KEPT: Final = {HealthSource.APPLE_HEALTH: RecordKind.HRV_RMSSD, HealthSource.HEALTH_CONNECT: RecordKind.HRV_SDNN}
"""Apple's store keeps SDNN, Android's keeps RMSSD: a record of the other kind would be one under a wrong name."""


def daily_values(records: HealthRecords) -> tuple[list[DailyValue], int]:
    """Return the values of the days that were read whole, and how many records no person can have."""
    measured = [(RecordKind(one.kind), one) for one in records.measurements]
    refused = NOT_KEPT[records.source]
    if refused in (*records.gone, *(kind for kind, _ in measured)):
        raise InvalidInputError(
            f"{records.source} holds no {refused}.",
            remedy="Send each kind of heart-rate variability under its own name.",
        )
    days = Days(records.source)
    for kind, one in measured:
        days.add(
            METRICS[kind][0],
            local_day(one.at.timestamp(), one.utc_offset_s),
            one.value,
            at_s=one.at.timestamp(),
            device=one.device,
            joining=Joining.MEAN if kind in MEANS else Joining.LAST,
        )
    add_nights(
        days,
        [
            Stretch(one.start.timestamp(), one.end.timestamp(), Stage[one.stage.upper()], one.utc_offset_s, one.device)
            for one in records.sleep
        ],
    )
    kept = [value for value in days.values() if records.first <= value.local_date <= records.last]
    return kept, days.implausible


async def store_records(
    session: AsyncSession, athlete_id: AthleteId, records: HealthRecords, *, today: date, now: datetime
) -> StoredRecords:
    """Store the values of some days, and delete those whose records the phone says are gone."""
    if records.last < records.first:
        raise InvalidInputError("`first` is after `last`.", remedy="Swap the two dates.")
    if (records.last - records.first).days >= MOST_DAYS:
        raise InvalidInputError(f"More than {MOST_DAYS} days at once.", remedy="Send shorter stretches.")
    if records.last > today + AHEAD:
        raise InvalidInputError("The days have not come yet.", remedy="Check the date of the phone.")
    values, implausible = daily_values(records)
    removed: list[date] = []
    for day, metrics in (await _gone(session, athlete_id, records, values)).items():
        removed += await WellnessRepository(session).remove(athlete_id, source=records.source, day=day, metrics=metrics)
    await announce(session, athlete_id, removed)
    stored = await store_values(session, athlete_id, values, now=now)
    return StoredRecords(values=stored.given, changed=stored.changed, removed=len(removed), implausible=implausible)


async def _gone(
    session: AsyncSession, athlete_id: AthleteId, records: HealthRecords, values: Iterable[DailyValue]
) -> dict[date, list[WellnessMetric]]:
    """Return which stored values of the days no longer hold; only of kinds of which the phone saw records deleted.

    A newer measurement is never replaced by an older one, so the value of a deleted record has to go first.
    """
    metrics = [metric for kind in records.gone for metric in METRICS[kind]]
    if not metrics:
        return {}
    new = {(value.local_date, value.metric): value.measured_at for value in values}
    found: dict[date, list[WellnessMetric]] = defaultdict(list)
    held = await WellnessRepository(session).between(
        athlete_id, first=records.first, last=records.last, metrics=metrics
    )
    for value in held:
        if value.source == records.source and not _holds(value, new.get((value.local_date, value.metric))):
            found[value.local_date].append(value.metric)
    return found


def _holds(stored: DailyValue, measured_at: datetime | None) -> bool:
    """Say whether the newest record that the phone still has is as new as the stored one."""
    return measured_at is not None and (stored.measured_at is None or measured_at >= stored.measured_at)
