"""Garmin's data export: daily summaries as JSON and the uploaded files in archives of their own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from topform.core.errors import TopFormError
from topform.core.exports import ActivityAbout, Found, FoundBroken, FoundNames, FoundValues, Tree
from topform.core.units import J_PER_KCAL
from topform.core.wellness import WellnessMetric
from topform.formats.exports.days import Days, Joining
from topform.formats.exports.fit_kind import ACTIVITY, fit_file_type
from topform.formats.exports.nights import add_bed_times
from topform.formats.exports.reading import day, instant, json_items, number

SOURCE = "garmin"
KINDS = (
    "UDSFile_",
    "_sleepData",
    "_healthStatusData",
    "_userBioMetrics",
    "MetricsMaxMetData_",
    "TrainingReadinessDTO_",
    "_summarizedActivities",
)
BODY_BATTERY = {
    "HIGHEST": WellnessMetric.GARMIN_BODY_BATTERY_MAX,
    "LOWEST": WellnessMetric.GARMIN_BODY_BATTERY_MIN,
}
HEALTH_STATUS = {
    "HRV": WellnessMetric.HRV_RMSSD_MS,
    "HR": WellnessMetric.RESTING_HR_BPM,
    "SPO2": WellnessMetric.SPO2_PCT,
    "RESPIRATION": WellnessMetric.RESPIRATION_BRPM,
}
SLEEP_SECONDS = {
    "deepSleepSeconds": WellnessMetric.SLEEP_DEEP_S,
    "lightSleepSeconds": WellnessMetric.SLEEP_LIGHT_S,
    "remSleepSeconds": WellnessMetric.SLEEP_REM_S,
    "awakeSleepSeconds": WellnessMetric.SLEEP_AWAKE_S,
}

ASLEEP = (WellnessMetric.SLEEP_DEEP_S, WellnessMetric.SLEEP_LIGHT_S, WellnessMetric.SLEEP_REM_S)
BED_TIMES = ("sleepStartTimestampGMT", "sleepEndTimestampGMT")
DAILY_VALUES = "DI_CONNECT"


class Garmin:
    """Reads the JSON of Garmin's export."""

    source = SOURCE

    def __init__(self, tree: Tree, zone: ZoneInfo, files: list[tuple[str, str]]) -> None:
        self._tree, self._zone, self._files = tree, zone, files
        self._nights: dict[date, dict[str, Any]] = {}

    @classmethod
    def of(cls, tree: Tree, *, zone: ZoneInfo) -> Garmin | None:
        """Return the reader when the files are such an export, or a part of one."""
        files = [(kind, name) for kind in KINDS for name in tree.names if name.endswith(".json") and kind in name]
        return cls(tree, zone, files) if files else None

    def claims(self, name: str, head: bytes) -> bool:
        """Say whether a file is one of the documents, or a FIT file of monitoring, whose days the documents tell."""
        return name.endswith(".json") or fit_file_type(head) not in (None, ACTIVITY)

    def about(self, name: str) -> ActivityAbout | None:
        """Return nothing: files bear no name of their activity here, `FoundNames` tells by the start."""
        return None

    def found(self) -> Iterator[Found]:
        """Yield the daily values, joined since several documents speak about a day, then the names of activities."""
        days = Days(SOURCE)
        readers = {
            "UDSFile_": self._daily_summary,
            "_sleepData": self._take_night,
            "_healthStatusData": self._health_status,
            "_userBioMetrics": self._body,
            "MetricsMaxMetData_": self._vo2max,
            "TrainingReadinessDTO_": self._readiness,
        }
        for kind, name in self._files:
            if kind == "_healthStatusData" and self._nights:
                self._add_nights(days)
            if kind in readers:
                try:
                    for item in json_items(self._tree, name):
                        readers[kind](days, item)
                except TopFormError as failure:
                    yield FoundBroken(name, failure)
        self._add_nights(days)
        values = days.values()
        if values or days.implausible:
            yield FoundValues(DAILY_VALUES, values, days.implausible)
        for kind, name in self._files:
            if kind == "_summarizedActivities":
                try:
                    yield FoundNames(name, tuple(self._names(name)))
                except TopFormError as failure:
                    yield FoundBroken(name, failure)

    def _daily_summary(self, days: Days, item: Mapping[str, Any]) -> None:
        on = day(item.get("calendarDate"))
        metric = WellnessMetric
        days.add(metric.STEPS, on, number(item.get("totalSteps")))
        days.add(metric.RESTING_HR_BPM, on, number(item.get("restingHeartRate")) or None)
        energy_kcal = number(item.get("activeKilocalories"))
        days.add(metric.ACTIVE_ENERGY_KJ, on, None if energy_kcal is None else energy_kcal * J_PER_KCAL / 1000)
        for total in _listed(_mapping(item.get("allDayStress")).get("aggregatorList")):
            stress = number(total.get("averageStressLevel"))
            if total.get("type") == "TOTAL" and stress is not None and stress >= 0:
                days.add(metric.GARMIN_STRESS_SCORE, on, stress)
        for statistic in _listed(_mapping(item.get("bodyBattery")).get("bodyBatteryStatList")):
            kind = BODY_BATTERY.get(str(statistic.get("bodyBatteryStatType")))
            if kind is not None:
                days.add(kind, on, number(statistic.get("statsValue")))

    def _take_night(self, _: Days, item: Mapping[str, Any]) -> None:
        """Keep the longest night of each day; `calendarDate` is the day on which it ended."""
        on, asleep_s = day(item.get("calendarDate")), _asleep_s(item)
        if on is not None and asleep_s > 0 and (on not in self._nights or asleep_s > _asleep_s(self._nights[on])):
            kept = (*SLEEP_SECONDS, *BED_TIMES, "sleepScores", "averageRespiration", "spo2SleepSummary")
            self._nights[on] = {key: item[key] for key in kept if key in item}

    def _add_nights(self, days: Days) -> None:
        for on, item in self._nights.items():
            days.add(WellnessMetric.SLEEP_S, on, _asleep_s(item))
            for key, metric in SLEEP_SECONDS.items():
                days.add(metric, on, number(item.get(key)))
            self._bed_times(days, on, item)
            scores = _mapping(item.get("sleepScores"))
            overall = scores.get("overallScore", _mapping(scores.get("overall")).get("value"))
            days.add(WellnessMetric.GARMIN_SLEEP_SCORE, on, number(overall))
            days.add(WellnessMetric.RESPIRATION_BRPM, on, number(item.get("averageRespiration")))
            spo2 = number(_mapping(item.get("spo2SleepSummary")).get("averageSPO2"))
            days.add(WellnessMetric.SPO2_PCT, on, spo2)

    def _bed_times(self, days: Days, on: date, item: Mapping[str, Any]) -> None:
        start, end = (_utc(item.get(key)) for key in BED_TIMES)
        if start is None or end is None or end <= start:
            return
        days.add(WellnessMetric.TIME_IN_BED_S, on, (end - start).total_seconds())
        offset = end.astimezone(self._zone).utcoffset()
        offset_s = 0 if offset is None else int(offset.total_seconds())
        add_bed_times(days, on, start.timestamp(), end.timestamp(), offset_s)

    def _health_status(self, days: Days, item: Mapping[str, Any]) -> None:
        """Take the morning's values; a status of UNKNOWN or a zero means that nothing was measured."""
        on = day(item.get("calendarDate"))
        for entry in _listed(item.get("metrics")):
            metric = HEALTH_STATUS.get(str(entry.get("type")))
            if metric is not None and entry.get("status") != "UNKNOWN":
                days.add(metric, on, number(entry.get("value")) or None)

    def _body(self, days: Days, item: Mapping[str, Any]) -> None:
        weight = item.get("weight")
        if not isinstance(weight, Mapping):
            return
        at = _utc(weight.get("timestampGMT"))
        on = at.astimezone(self._zone).date() if at else day(_mapping(item.get("metaData")).get("calendarDate"))
        at_s = at.timestamp() if at else math.nan
        grams = number(weight.get("weight"))
        days.add(WellnessMetric.BODY_MASS_KG, on, None if not grams else grams / 1000, at_s=at_s)
        days.add(WellnessMetric.BODY_FAT_PCT, on, number(weight.get("bodyFat")) or None, at_s=at_s)

    def _vo2max(self, days: Days, item: Mapping[str, Any]) -> None:
        metric = {
            "RUNNING": WellnessMetric.VO2MAX_EST_RUNNING_ML_KG_MIN,
            "CYCLING": WellnessMetric.VO2MAX_EST_CYCLING_ML_KG_MIN,
        }.get(str(item.get("sport")), WellnessMetric.VO2MAX_EST_ML_KG_MIN)
        at = _utc(item.get("updateTimestamp"))
        at_s = at.timestamp() if at else math.nan
        days.add(metric, day(item.get("calendarDate")), number(item.get("vo2MaxValue")), at_s=at_s)

    def _readiness(self, days: Days, item: Mapping[str, Any]) -> None:
        at = _utc(item.get("timestamp"))
        days.add(
            WellnessMetric.GARMIN_TRAINING_READINESS,
            day(item.get("calendarDate")),
            number(item.get("score")),
            at_s=at.timestamp() if at else math.nan,
            joining=Joining.LAST,
        )

    def _names(self, name: str) -> Iterator[tuple[datetime, ActivityAbout]]:
        for item in json_items(self._tree, name, within="summarizedActivitiesExport"):
            started_at = _utc(item.get("startTimeGmt", item.get("beginTimestamp")))
            title = item.get("name")
            if started_at is not None and isinstance(title, str) and title.strip():
                notes = item.get("description")
                text = notes.strip() or None if isinstance(notes, str) else None
                yield started_at, ActivityAbout(title=title.strip(), notes=text)


def _asleep_s(item: Mapping[str, Any]) -> float:
    """Return the time asleep, 0 when no stage is told. [s]"""
    stages = (number(item.get(key)) for key, metric in SLEEP_SECONDS.items() if metric in ASLEEP)
    return sum(value for value in stages if value is not None)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _utc(value: Any) -> datetime | None:
    """Return the instant of milliseconds since 1970 or of a text in UTC."""
    milliseconds = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if milliseconds is not None:
        try:
            return datetime.fromtimestamp(milliseconds / 1000, UTC)
        except (OverflowError, ValueError, OSError):
            return None
    at = instant(value) if isinstance(value, str) else None
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at
