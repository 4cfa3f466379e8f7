"""Oura's exports: the tables of the account's data export, and the trends table of Oura on the web."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import PurePosixPath

from topform.core.errors import TopFormError
from topform.core.exports import ActivityAbout, Found, FoundBroken, FoundValues, Tree
from topform.core.units import J_PER_KCAL
from topform.core.wellness import WellnessMetric
from topform.formats.exports.days import Days
from topform.formats.exports.nights import add_bed_times
from topform.formats.exports.reading import Row, day, header, instant, is_beside, number, rows

SOURCE = "oura"
_METRIC = WellnessMetric
NIGHT = {
    "total_sleep_duration": _METRIC.SLEEP_S,
    "time_in_bed": _METRIC.TIME_IN_BED_S,
    "deep_sleep_duration": _METRIC.SLEEP_DEEP_S,
    "light_sleep_duration": _METRIC.SLEEP_LIGHT_S,
    "rem_sleep_duration": _METRIC.SLEEP_REM_S,
    "awake_time": _METRIC.SLEEP_AWAKE_S,
    "average_hrv": _METRIC.HRV_RMSSD_MS,
    "lowest_heart_rate": _METRIC.RESTING_HR_BPM,
    "average_breath": _METRIC.RESPIRATION_BRPM,
}
TRENDS = {
    "Total Sleep Duration": _METRIC.SLEEP_S,
    "Total Bedtime": _METRIC.TIME_IN_BED_S,
    "Deep Sleep Duration": _METRIC.SLEEP_DEEP_S,
    "Light Sleep Duration": _METRIC.SLEEP_LIGHT_S,
    "REM Sleep Duration": _METRIC.SLEEP_REM_S,
    "Awake Time": _METRIC.SLEEP_AWAKE_S,
    "Average HRV": _METRIC.HRV_RMSSD_MS,
    "Lowest Resting Heart Rate": _METRIC.RESTING_HR_BPM,
    "Respiratory Rate": _METRIC.RESPIRATION_BRPM,
    "Temperature Deviation (°C)": _METRIC.SKIN_TEMPERATURE_DEVIATION_C,
    "Readiness Score": _METRIC.OURA_READINESS_SCORE,
    "Sleep Score": _METRIC.OURA_SLEEP_SCORE,
    "Steps": _METRIC.STEPS,
}
MAIN_SLEEP = "long_sleep"
TABLES = ("sleepmodel", "dailyreadiness", "dailysleep", "dailyactivity", "dailyspo2")


class Oura:
    """Reads Oura's tables; a night belongs to the day that Oura gives it, on which it ended."""

    source = SOURCE

    def __init__(self, tree: Tree, files: list[tuple[str, Callable[[Days, Row], None]]]) -> None:
        self._tree, self._files = tree, files

    @classmethod
    def of(cls, tree: Tree) -> Oura | None:
        """Return the reader when the files are such an export."""
        readers = {
            "sleepmodel": _add_night,
            "dailyreadiness": _add_readiness,
            "dailysleep": _add_sleep_score,
            "dailyactivity": _add_activity,
            "dailyspo2": _add_spo2,
        }
        files: list[tuple[str, Callable[[Days, Row], None]]] = []
        for name in tree.names:
            path = PurePosixPath(name)
            if path.suffix.lower() != ".csv":
                continue
            kind = path.stem.lower().replace("_", "")
            columns = set(header(tree, name))
            if kind in readers and "day" in columns:
                files.append((name, readers[kind]))
            elif "date" in columns and len(columns & TRENDS.keys()) >= 3:
                files.append((name, _add_trends))
        return cls(tree, files) if files else None

    def claims(self, name: str, head: bytes) -> bool:
        """Say whether a file is one of the tables, or lies among them."""
        return name.lower().endswith(".csv") and is_beside(name, (file for file, _ in self._files))

    def about(self, name: str) -> ActivityAbout | None:
        """Return nothing: the export holds no activity files."""
        return None

    def found(self) -> Iterator[Found]:
        """Yield the daily values; the tables speak about the same days, so they are joined first."""
        days = Days(SOURCE)
        for name, add in self._files:
            try:
                for row in rows(self._tree, name):
                    add(days, row)
            except TopFormError as failure:
                yield FoundBroken(name, failure)
        yield FoundValues(" + ".join(name for name, _ in self._files), days.values(), days.implausible)


def _add_night(days: Days, row: Row) -> None:
    """Take a main sleep; naps have rows of their own and are left out."""
    if row.get("type") != MAIN_SLEEP:
        return
    on = day(row.get("day"))
    end = instant(row.get("bedtime_end"))
    start = instant(row.get("bedtime_start"))
    at_s = end.timestamp() if _is_aware(end) and end is not None else float("nan")
    for column, metric in NIGHT.items():
        days.add(metric, on, number(row.get(column)), at_s=at_s)
    if on is not None and start is not None and end is not None and _is_aware(start) and _is_aware(end):
        offset = end.utcoffset()
        add_bed_times(days, on, start.timestamp(), end.timestamp(), int(offset.total_seconds()) if offset else 0)


def _is_aware(at: datetime | None) -> bool:
    return at is not None and at.utcoffset() is not None


def _add_readiness(days: Days, row: Row) -> None:
    on = day(row.get("day"))
    days.add(_METRIC.OURA_READINESS_SCORE, on, number(row.get("score")))
    days.add(_METRIC.SKIN_TEMPERATURE_DEVIATION_C, on, number(row.get("temperature_deviation")))


def _add_sleep_score(days: Days, row: Row) -> None:
    days.add(_METRIC.OURA_SLEEP_SCORE, day(row.get("day")), number(row.get("score")))


def _add_activity(days: Days, row: Row) -> None:
    on = day(row.get("day"))
    days.add(_METRIC.STEPS, on, number(row.get("steps")))
    energy_kcal = number(row.get("active_calories"))
    days.add(_METRIC.ACTIVE_ENERGY_KJ, on, None if energy_kcal is None else energy_kcal * J_PER_KCAL / 1000)


def _add_spo2(days: Days, row: Row) -> None:
    """Take the night's mean, which stands in a small JSON document."""
    try:
        told = json.loads(row.get("spo2_percentage", "") or "null")
    except (ValueError, RecursionError):
        return
    value = told.get("average") if isinstance(told, dict) else told
    days.add(_METRIC.SPO2_PCT, day(row.get("day")), number(value) or None)


def _add_trends(days: Days, row: Row) -> None:
    for column, metric in TRENDS.items():
        days.add(metric, day(row.get("date")), number(row.get(column)))
