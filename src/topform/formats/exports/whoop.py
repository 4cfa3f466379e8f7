"""WHOOP's data export: ``physiological_cycles.csv``, ``sleeps.csv`` and ``workouts.csv``; times are local."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import PurePosixPath

import numpy as np

from topform.core.activity import Leg, Streams
from topform.core.errors import DamagedFileError, TopFormError
from topform.core.exports import (
    ActivityAbout,
    Found,
    FoundActivity,
    FoundBroken,
    FoundValues,
    Tree,
)
from topform.core.units import J_PER_KCAL
from topform.core.wellness import WellnessMetric
from topform.formats.exports.days import Days
from topform.formats.exports.nights import add_bed_times
from topform.formats.exports.reading import Row, header, instant, is_beside, number, rows
from topform.formats.exports.session_document import encode_session
from topform.formats.sports import snake_case, sport_of

SOURCE = "whoop"
CYCLE_MARKS = {"Cycle start time", "Recovery score %"}
WORKOUT_MARKS = {"Workout start time", "Workout end time", "Activity name"}
_METRIC = WellnessMetric
MORNING = {
    "Recovery score %": _METRIC.WHOOP_RECOVERY_PCT,
    "Resting heart rate (bpm)": _METRIC.RESTING_HR_BPM,
    "Heart rate variability (ms)": _METRIC.HRV_RMSSD_MS,
    "Blood oxygen %": _METRIC.SPO2_PCT,
    "Respiratory rate (rpm)": _METRIC.RESPIRATION_BRPM,
    "Sleep performance %": _METRIC.WHOOP_SLEEP_PERFORMANCE_PCT,
    "Day Strain": _METRIC.WHOOP_DAY_STRAIN,
}
MINUTES = {
    "Asleep duration (min)": _METRIC.SLEEP_S,
    "In bed duration (min)": _METRIC.TIME_IN_BED_S,
    "Light sleep duration (min)": _METRIC.SLEEP_LIGHT_S,
    "Deep (SWS) duration (min)": _METRIC.SLEEP_DEEP_S,
    "REM duration (min)": _METRIC.SLEEP_REM_S,
    "Awake duration (min)": _METRIC.SLEEP_AWAKE_S,
}
_ZONE = re.compile(r"UTC(?:([+-])(\d{1,2}):?(\d{2}))?|Z")


class Whoop:
    """Reads WHOOP's tables; a cycle belongs to the day on which its sleep ended."""

    source = SOURCE

    def __init__(self, tree: Tree, cycles: list[str], workouts: list[str]) -> None:
        self._tree, self._cycles, self._workouts = tree, cycles, workouts

    @classmethod
    def of(cls, tree: Tree) -> Whoop | None:
        """Return the reader when the files are such an export."""
        cycles, workouts = [], []
        for name in tree.names:
            if PurePosixPath(name).suffix.lower() == ".csv" and len(PurePosixPath(name).parts) <= 2:
                columns = set(header(tree, name))
                if columns >= CYCLE_MARKS:
                    cycles.append(name)
                elif columns >= WORKOUT_MARKS:
                    workouts.append(name)
        return cls(tree, cycles, workouts) if cycles or workouts else None

    def claims(self, name: str, head: bytes) -> bool:
        """Say whether a file is one of the tables, or lies among them."""
        return name.lower().endswith(".csv") and is_beside(name, (*self._cycles, *self._workouts))

    def about(self, name: str) -> ActivityAbout | None:
        """Return nothing: the export holds no activity files."""
        return None

    def found(self) -> Iterator[Found]:
        """Yield the daily values and the workouts."""
        for name in self._cycles:
            days = Days(SOURCE)
            try:
                for row in rows(self._tree, name):
                    _add_cycle(days, row)
            except TopFormError as failure:
                yield FoundBroken(name, failure)
            yield FoundValues(name, days.values(), days.implausible)
        for name in self._workouts:
            try:
                for line, row in enumerate(rows(self._tree, name), start=2):
                    yield _workout(row, name=f"{name}/line {line}")
            except TopFormError as failure:
                yield FoundBroken(name, failure)


def _add_cycle(days: Days, row: Row) -> None:
    woke = _at(row, "Wake onset") or _at(row, "Cycle start time")
    if woke is None:
        return
    on, at_s = woke.date(), woke.timestamp()
    for column, metric in MORNING.items():
        days.add(metric, on, number(row.get(column)), at_s=at_s)
    for column, metric in MINUTES.items():
        minutes = number(row.get(column))
        days.add(metric, on, None if minutes is None else minutes * 60, at_s=at_s)
    slept = _at(row, "Sleep onset")
    if slept is not None and _at(row, "Wake onset") is not None:
        offset = woke.utcoffset() or timedelta()
        add_bed_times(days, on, slept.timestamp(), at_s, int(offset.total_seconds()))


def _at(row: Row, column: str) -> datetime | None:
    """Return a local time of the row with the offset that the row names."""
    local = instant(row.get(column, ""))
    if local is None:
        return None
    return local if local.tzinfo is not None else local.replace(tzinfo=timezone(timedelta(seconds=_offset_s(row))))


def _offset_s(row: Row) -> int:
    match = _ZONE.fullmatch(row.get("Cycle timezone", "").strip())
    if match is None or match.group(1) is None:
        return 0
    seconds = int(match.group(2)) * 3600 + int(match.group(3)) * 60
    return -seconds if match.group(1) == "-" else seconds


def _workout(row: Row, *, name: str) -> Found:
    start, end = _at(row, "Workout start time"), _at(row, "Workout end time")
    if start is None or end is None or not 0 < (end - start).total_seconds() <= 7 * 86_400:
        return FoundBroken(name, DamagedFileError("the workout has no plausible start and end", file=name))
    seconds = (end - start).total_seconds()
    sport, sub_sport = sport_of(snake_case(row.get("Activity name", "")))
    summary = {
        key: value
        for key, column, factor in (
            ("hr_mean_bpm", "Average HR (bpm)", 1.0),
            ("hr_max_bpm", "Max HR (bpm)", 1.0),
            ("whoop_strain", "Activity Strain", 1.0),
            ("energy_kj", "Energy burned (cal)", J_PER_KCAL / 1000),
        )
        if (raw := number(row.get(column))) is not None and (value := round(raw * factor, 3)) > 0
    }
    leg = Leg(
        sport=sport,
        sub_sport=sub_sport,
        started_at=start.astimezone(UTC),
        utc_offset_s=int((start.utcoffset() or timedelta()).total_seconds()),
        elapsed_s=seconds,
        timer_s=seconds,
        distance_m=number(row.get("Distance (meters)")) or None,
        ascent_m=number(row.get("Altitude gain (meters)")),
        device_summary=summary,
        streams=Streams(t_s=np.empty(0), channels={}),
    )
    entry = {key: value for key, value in row.items() if value} | {"device": "WHOOP"}
    return FoundActivity(name, encode_session(leg, format="whoop_export", title=None, entry=entry))
