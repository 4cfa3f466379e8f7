"""The wellness table that intervals.icu exports as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from topform.core.errors import TopFormError
from topform.core.exports import ActivityAbout, Found, FoundBroken, FoundValues, Tree
from topform.core.wellness import WellnessMetric
from topform.formats.exports.days import Days
from topform.formats.exports.reading import Row, day, header, number, rows

SOURCE = "intervals_icu"
_METRIC = WellnessMetric
COLUMNS = {
    "weight": _METRIC.BODY_MASS_KG,
    "restingHR": _METRIC.RESTING_HR_BPM,
    "hrv": _METRIC.HRV_RMSSD_MS,
    "hrvSDNN": _METRIC.HRV_SDNN_MS,
    "sleepSecs": _METRIC.SLEEP_S,
    "spO2": _METRIC.SPO2_PCT,
    "respiration": _METRIC.RESPIRATION_BRPM,
    "systolic": _METRIC.BLOOD_PRESSURE_SYSTOLIC_MMHG,
    "diastolic": _METRIC.BLOOD_PRESSURE_DIASTOLIC_MMHG,
    "bodyFat": _METRIC.BODY_FAT_PCT,
    "vo2max": _METRIC.VO2MAX_EST_ML_KG_MIN,
    "steps": _METRIC.STEPS,
    "readiness": _METRIC.INTERVALS_READINESS_SCORE,
}
FELT = {
    "soreness": (_METRIC.SORENESS, False),
    "fatigue": (_METRIC.FATIGUE, False),
    "stress": (_METRIC.STRESS, False),
    "mood": (_METRIC.MOOD, True),
    "motivation": (_METRIC.MOTIVATION, True),
    "sleepQuality": (_METRIC.SLEEP_QUALITY, True),
}
"""Four steps; for those marked True the first step is the best."""

STEPS = 4
MARKS = {"restingHR", "hrv", "hrvSDNN", "sleepSecs", "soreness", "fatigue", "readiness"}


class IntervalsIcu:
    """Reads the wellness table."""

    source = SOURCE

    def __init__(self, tree: Tree, tables: list[str]) -> None:
        self._tree, self._tables = tree, tables

    @classmethod
    def of(cls, tree: Tree) -> IntervalsIcu | None:
        """Return the reader when there is such a table."""
        tables = []
        for name in tree.names:
            if PurePosixPath(name).suffix.lower() == ".csv" and len(PurePosixPath(name).parts) <= 2:
                columns = set(header(tree, name))
                if columns & {"date", "id"} and len(columns & MARKS) >= 2:
                    tables.append(name)
        return cls(tree, tables) if tables else None

    def claims(self, name: str, head: bytes) -> bool:
        """Say whether a file is the table."""
        return name in self._tables

    def about(self, name: str) -> ActivityAbout | None:
        """Return nothing: the table knows no activities."""
        return None

    def found(self) -> Iterator[Found]:
        """Yield the daily values of each table."""
        for name in self._tables:
            days = Days(SOURCE)
            try:
                for row in rows(self._tree, name):
                    _add(days, row)
            except TopFormError as failure:
                yield FoundBroken(name, failure)
            yield FoundValues(name, days.values(), days.implausible)


def _add(days: Days, row: Row) -> None:
    on = day(row.get("date") or row.get("id"))
    for column, metric in COLUMNS.items():
        days.add(metric, on, number(row.get(column)) or None)
    for column, (metric, first_is_best) in FELT.items():
        step = number(row.get(column))
        if step is not None and 1 <= step <= STEPS:
            days.add(metric, on, felt(step, first_is_best=first_is_best))


def felt(step: float, *, first_is_best: bool) -> float:
    """Return one of four steps on our scale of 0 to 10.

    Examples
    --------
    >>> felt(1, first_is_best=False), felt(4, first_is_best=False), felt(1, first_is_best=True)
    (0.0, 10.0, 10.0)
    """
    share = (step - 1) / (STEPS - 1)
    return round(10 * (1 - share if first_is_best else share), 2)
