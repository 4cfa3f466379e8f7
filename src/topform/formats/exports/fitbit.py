"""Fitbit's data, as Google Takeout and Fitbit's own export hold it: folders of JSON documents and tables.

Steps and workouts are written in UTC, sleep in local time without a zone, weight in pounds whatever the account shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from topform.core.activity import Leg, Streams
from topform.core.errors import DamagedFileError, TopFormError
from topform.core.exports import ActivityAbout, Found, FoundActivity, FoundBroken, FoundValues, Tree
from topform.core.units import J_PER_KCAL, M_PER_MILE
from topform.core.wellness import WellnessMetric
from topform.formats.exports.days import Days, Joining
from topform.formats.exports.nights import add_bed_times
from topform.formats.exports.reading import Row, day, instant, json_items, number, rows
from topform.formats.exports.session_document import encode_session
from topform.formats.sports import snake_case, sport_of

SOURCE = "fitbit"
KG_PER_POUND = 0.45359237
DATE_FORMAT = "%m/%d/%y %H:%M:%S"
METRES = {"Kilometer": 1000.0, "Mile": M_PER_MILE, "Meter": 1.0}
_METRIC = WellnessMetric
DOCUMENTS = {
    "resting_heart_rate": re.compile(r"resting_heart_rate-\d{4}-\d{2}-\d{2}\.json"),
    "sleep": re.compile(r"sleep-\d{4}-\d{2}-\d{2}\.json"),
    "weight": re.compile(r"weight-\d{4}-\d{2}-\d{2}\.json"),
    "steps": re.compile(r"steps-\d{4}-\d{2}-\d{2}\.json"),
    "vo2max": re.compile(r"demographic_vo2_max-\d{4}-\d{2}-\d{2}\.json"),
    "exercise": re.compile(r"exercise-\d+\.json"),
}
TABLES = {
    "hrv": re.compile(r"Daily Heart Rate Variability Summary.*\.csv"),
    "spo2": re.compile(r"Daily SpO2.*\.csv"),
    "respiration": re.compile(r"Daily Respiratory Rate Summary.*\.csv"),
    "readiness": re.compile(r"Daily Readiness Score.*\.csv"),
    "sleep_score": re.compile(r"sleep_score\.csv"),
    "stress": re.compile(r"Stress Score\.csv"),
}
STAGES = {
    "deep": _METRIC.SLEEP_DEEP_S,
    "light": _METRIC.SLEEP_LIGHT_S,
    "rem": _METRIC.SLEEP_REM_S,
    "wake": _METRIC.SLEEP_AWAKE_S,
}


FOLDER = "Fitbit/"


class Fitbit:
    """Reads Fitbit's documents and tables."""

    source = SOURCE

    def __init__(self, tree: Tree, zone: ZoneInfo, files: list[tuple[str, str]]) -> None:
        self._tree, self._zone, self._files = tree, zone, files
        self._nights: dict[date, dict[str, Any]] = {}

    @classmethod
    def of(cls, tree: Tree, *, zone: ZoneInfo) -> Fitbit | None:
        """Return the reader when the files are such an export."""
        files = [
            (kind, name)
            for kind, pattern in (DOCUMENTS | TABLES).items()
            for name in tree.names
            if pattern.fullmatch(PurePosixPath(name).name)
        ]
        return cls(tree, zone, files) if files else None

    def claims(self, name: str, head: bytes) -> bool:
        """Say whether a file is one of the documents and tables, or lies in the folder of a Takeout that holds them."""
        folders = {file.partition(FOLDER)[0] for _, file in self._files if FOLDER in file}
        is_within = len(folders) != 1 or name.startswith(f"{folders.pop()}{FOLDER}")
        return is_within and PurePosixPath(name).suffix.lower() in (".json", ".csv")

    def about(self, name: str) -> ActivityAbout | None:
        """Return nothing: what Fitbit calls a workout is its sport."""
        return None

    def found(self) -> Iterator[Found]:
        """Yield the daily values, joined over all files, then the workouts."""
        days = Days(SOURCE)
        for kind, name in self._files:
            try:
                if kind in TABLES:
                    for row in rows(self._tree, name):
                        self._row(kind)(days, row)
                elif kind != "exercise":
                    for item in json_items(self._tree, name):
                        self._item(kind)(days, item)
            except TopFormError as failure:
                yield FoundBroken(name, failure)
        self._add_nights(days)
        values = days.values()
        if values or days.implausible:
            yield FoundValues("Fitbit", values, days.implausible)
        for kind, name in self._files:
            if kind == "exercise":
                yield from self._workouts(name)

    def _item(self, kind: str) -> Callable[[Days, Mapping[str, Any]], None]:
        return {
            "resting_heart_rate": _resting_hr,
            "sleep": self._take_night,
            "weight": self._weight,
            "steps": self._steps,
            "vo2max": _vo2max,
        }[kind]

    def _row(self, kind: str) -> Callable[[Days, Row], None]:
        return {
            "hrv": _hrv,
            "spo2": _spo2,
            "respiration": _respiration,
            "readiness": _readiness,
            "sleep_score": self._sleep_score,
            "stress": _stress,
        }[kind]

    def _take_night(self, _: Days, item: Mapping[str, Any]) -> None:
        """Keep the longest sleep of each day; the others are naps."""
        on, minutes = day(item.get("dateOfSleep")), number(item.get("minutesAsleep"))
        if on is None or minutes is None or minutes <= 0:
            return
        known = self._nights.get(on)
        if known is None or minutes > known["minutesAsleep"]:
            kept = ("startTime", "endTime", "timeInBed", "minutesAwake")
            levels = _mapping(_mapping(item.get("levels")).get("summary"))
            stages = {name: number(_mapping(levels.get(name)).get("minutes")) for name in STAGES if name in levels}
            self._nights[on] = {key: item.get(key) for key in kept} | {"minutesAsleep": minutes, "stages": stages}

    def _add_nights(self, days: Days) -> None:
        for on, night in self._nights.items():
            start, end = instant(night["startTime"]), instant(night["endTime"])
            offset_s, at_s = 0, float("nan")
            if end is not None:
                aware = end.replace(tzinfo=self._zone)
                at_s, offset = aware.timestamp(), aware.utcoffset()
                offset_s = 0 if offset is None else int(offset.total_seconds())
            days.add(_METRIC.SLEEP_S, on, night["minutesAsleep"] * 60, at_s=at_s)
            in_bed = number(night["timeInBed"])
            days.add(_METRIC.TIME_IN_BED_S, on, None if in_bed is None else in_bed * 60, at_s=at_s)
            for name, minutes in night["stages"].items():
                days.add(STAGES[name], on, None if minutes is None else minutes * 60, at_s=at_s)
            if start is not None and end is not None and end > start:
                add_bed_times(days, on, at_s - (end - start).total_seconds(), at_s, offset_s)

    def _weight(self, days: Days, item: Mapping[str, Any]) -> None:
        at = _moment(f"{item.get('date')} {item.get('time')}")
        if at is None:
            return
        on, at_s = at.date(), at.replace(tzinfo=self._zone).timestamp()
        pounds = number(item.get("weight"))
        device = item.get("source") if isinstance(item.get("source"), str) else None
        kilograms = None if pounds is None else pounds * KG_PER_POUND
        days.add(_METRIC.BODY_MASS_KG, on, kilograms, at_s=at_s, device=device)
        days.add(_METRIC.BODY_FAT_PCT, on, number(item.get("fat")) or None, at_s=at_s, device=device)

    def _steps(self, days: Days, item: Mapping[str, Any]) -> None:
        at = _moment(str(item.get("dateTime")))
        if at is not None:
            local = at.replace(tzinfo=UTC).astimezone(self._zone)
            days.add(_METRIC.STEPS, local.date(), number(item.get("value")), joining=Joining.SUM)

    def _sleep_score(self, days: Days, row: Row) -> None:
        at = instant(row.get("timestamp"))
        on = at.astimezone(self._zone).date() if at is not None and at.tzinfo is not None else day(row.get("timestamp"))
        days.add(_METRIC.FITBIT_SLEEP_SCORE, on, number(row.get("overall_score")))

    def _workouts(self, name: str) -> Iterator[Found]:
        try:
            for index, item in enumerate(json_items(self._tree, name), start=1):
                yield self._workout(item, name=f"{name}/entry {index}")
        except TopFormError as failure:
            yield FoundBroken(name, failure)

    def _workout(self, item: Mapping[str, Any], *, name: str) -> Found:
        at, milliseconds = _moment(str(item.get("startTime"))), number(item.get("duration"))
        if at is None or milliseconds is None or not 0 < milliseconds <= 7 * 86_400_000:
            return FoundBroken(name, DamagedFileError("the workout has no plausible start and duration", file=name))
        started_at, elapsed_s = at.replace(tzinfo=UTC), milliseconds / 1000
        offset = started_at.astimezone(self._zone).utcoffset()
        sport, sub_sport = sport_of(snake_case(str(item.get("activityName", ""))))
        active_ms = number(item.get("activeDuration"))
        distance, factor = number(item.get("distance")), METRES.get(str(item.get("distanceUnit")))
        hr_mean, energy = number(item.get("averageHeartRate")), number(item.get("calories"))
        leg = Leg(
            sport=sport,
            sub_sport=sub_sport,
            started_at=started_at,
            utc_offset_s=None if offset is None else int(offset.total_seconds()),
            elapsed_s=elapsed_s,
            timer_s=min(active_ms / 1000, elapsed_s) if active_ms else elapsed_s,
            distance_m=None if not distance or factor is None else round(distance * factor, 1),
            ascent_m=number(item.get("elevationGain")),
            device_summary={
                **({"hr_mean_bpm": hr_mean} if hr_mean else {}),
                **({"energy_kj": round(energy * J_PER_KCAL / 1000, 3)} if energy else {}),
            },
            streams=Streams(t_s=np.empty(0), channels={}),
        )
        device = _mapping(item.get("source")).get("name")
        entry = {key: value for key, value in item.items() if isinstance(value, str | int | float)}
        entry |= {"device": device} if isinstance(device, str) else {}
        return FoundActivity(name, encode_session(leg, format="fitbit_export", title=None, entry=entry))


def _resting_hr(days: Days, item: Mapping[str, Any]) -> None:
    value, at = _mapping(item.get("value")), _moment(str(item.get("dateTime")))
    days.add(_METRIC.RESTING_HR_BPM, at.date() if at else None, number(value.get("value")) or None)


def _vo2max(days: Days, item: Mapping[str, Any]) -> None:
    value, at = _mapping(item.get("value")), _moment(str(item.get("dateTime")))
    estimate = value.get("filteredDemographicVO2Max", value.get("demographicVO2Max"))
    days.add(_METRIC.VO2MAX_EST_ML_KG_MIN, at.date() if at else None, number(estimate) or None)


def _hrv(days: Days, row: Row) -> None:
    days.add(_METRIC.HRV_RMSSD_MS, day(row.get("timestamp")), number(row.get("rmssd")) or None)


def _spo2(days: Days, row: Row) -> None:
    days.add(_METRIC.SPO2_PCT, day(row.get("timestamp")), number(row.get("average_value")) or None)


def _respiration(days: Days, row: Row) -> None:
    rate = number(row.get("daily_respiratory_rate"))
    days.add(_METRIC.RESPIRATION_BRPM, day(row.get("timestamp")), rate or None)


def _readiness(days: Days, row: Row) -> None:
    days.add(_METRIC.FITBIT_READINESS_SCORE, day(row.get("date")), number(row.get("readiness_score_value")))


def _stress(days: Days, row: Row) -> None:
    """Take the stress management score; 0 or a status of no data means that there is none."""
    if row.get("STATUS") not in ("NO_DATA", "UNKNOWN"):
        score = number(row.get("STRESS_SCORE")) or None
        days.add(_METRIC.FITBIT_STRESS_MANAGEMENT_SCORE, day(row.get("DATE")), score)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _moment(text: str) -> datetime | None:
    """Return the naive time of ``03/01/26 07:30:00``; None when it is none."""
    try:
        return datetime.strptime(text.strip(), DATE_FORMAT)  # noqa: DTZ007 - the zone depends on the kind of file
    except ValueError:
        return None
