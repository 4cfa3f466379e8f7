"""Android's Health Connect: the SQLite database in the archive that it exports.

Times are milliseconds since 1970 with an offset in seconds, mass is in grams, energy in (small) calories.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from topform.core.activity import Channel, Leg, Streams
from topform.core.errors import DamagedFileError, TopFormError
from topform.core.exports import ActivityAbout, Found, FoundActivity, FoundBroken, FoundValues, Tree
from topform.core.units import J_PER_KCAL
from topform.core.wellness import WellnessMetric
from topform.formats.exports.days import Days, Joining
from topform.formats.exports.nights import Stage, Stretch, add_nights, local_day
from topform.formats.exports.session_document import encode_session
from topform.formats.exports.session_streams import Series, joined_streams
from topform.formats.findings import Findings
from topform.formats.sports import sport_of
from topform.formats.track import build_streams

SOURCE = "health_connect"
SQLITE_MAGIC = b"SQLite format 3\x00"
COPY_BYTES = 1 * 2**20
STEPS_PER_CHECK = 1_000_000
MAX_CHECKS = 20_000
"""The database engine is stopped after this many million instructions: no honest export needs a tenth of it."""

LONGEST_MS = 7 * 86_400_000
_METRIC = WellnessMetric
INSTANTS: Sequence[tuple[str, str, WellnessMetric, float, Joining]] = (
    ("weight_record_table", "weight", _METRIC.BODY_MASS_KG, 0.001, Joining.LAST),
    ("lean_body_mass_record_table", "mass", _METRIC.LEAN_MASS_KG, 0.001, Joining.LAST),
    ("body_fat_record_table", "percentage", _METRIC.BODY_FAT_PCT, 1.0, Joining.LAST),
    ("resting_heart_rate_record_table", "beats_per_minute", _METRIC.RESTING_HR_BPM, 1.0, Joining.LAST),
    (
        "heart_rate_variability_rmssd_record_table",
        "heart_rate_variability_millis",
        _METRIC.HRV_RMSSD_MS,
        1.0,
        Joining.MEAN,
    ),
    ("oxygen_saturation_record_table", "percentage", _METRIC.SPO2_PCT, 1.0, Joining.MEAN),
    ("respiratory_rate_record_table", "rate", _METRIC.RESPIRATION_BRPM, 1.0, Joining.MEAN),
    (
        "vo2_max_record_table",
        "vo2_milliliters_per_minute_kilogram",
        _METRIC.VO2MAX_EST_ML_KG_MIN,
        1.0,
        Joining.LAST,
    ),
    ("blood_pressure_record_table", "systolic", _METRIC.BLOOD_PRESSURE_SYSTOLIC_MMHG, 1.0, Joining.LAST),
    ("blood_pressure_record_table", "diastolic", _METRIC.BLOOD_PRESSURE_DIASTOLIC_MMHG, 1.0, Joining.LAST),
)
INTERVALS: Sequence[tuple[str, str, WellnessMetric, float]] = (
    ("steps_record_table", "count", _METRIC.STEPS, 1.0),
    ("active_calories_burned_record_table", "energy", _METRIC.ACTIVE_ENERGY_KJ, J_PER_KCAL / 1e6),
)
STAGES = {1: Stage.AWAKE, 2: Stage.ASLEEP, 3: Stage.AWAKE, 4: Stage.LIGHT, 5: Stage.DEEP, 6: Stage.REM, 7: Stage.AWAKE}
EXERCISES = {
    4: "cycling", 5: "indoor_cycling", 7: "boxing", 8: "calisthenics", 10: "dancing", 15: "disc_golf", 16: "golf",
    20: "hiit", 21: "hiking", 25: "paddling", 27: "pilates", 29: "rock_climbing", 31: "rowing", 33: "running",
    34: "treadmill_running", 37: "skating", 38: "skiing", 39: "snowboarding", 40: "snowshoeing", 41: "soccer",
    43: "squash", 44: "stair_climbing", 45: "strength_training", 46: "stretching", 48: "open_water_swimming",
    49: "pool_swimming", 50: "table_tennis", 51: "tennis", 52: "volleyball", 53: "walking", 55: "weight_lifting",
    58: "yoga", 61: "indoor_rowing",
}  # fmt: skip


class HealthConnect:
    """Reads the database of Health Connect."""

    source = SOURCE

    def __init__(self, tree: Tree, database: str) -> None:
        self._tree, self._database = tree, database

    @classmethod
    def of(cls, tree: Tree) -> HealthConnect | None:
        """Return the reader when there is such a database."""
        for name in tree.names:
            if PurePosixPath(name).suffix == ".db":
                with tree.open(name) as stream:
                    if stream.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC:
                        return cls(tree, name)
        return None

    def claims(self, name: str, head: bytes) -> bool:
        """Say whether a file is the database."""
        return name == self._database

    def about(self, name: str) -> ActivityAbout | None:
        """Return nothing: the database holds no activity files."""
        return None

    def found(self) -> Iterator[Found]:
        """Yield the daily values, then the workouts."""
        try:
            with self._opened() as tables:
                days = Days(SOURCE)
                _add_records(days, tables)
                yield FoundValues(self._database, days.values(), days.implausible)
                yield from _workouts(tables, self._database)
        except sqlite3.Error as failure:
            yield FoundBroken(
                self._database,
                DamagedFileError(
                    f"the database is damaged or no export of Health Connect ({failure})",
                    file=self._database,
                    remedy="Export your data from Health Connect again.",
                ),
            )
        except TopFormError as failure:
            yield FoundBroken(self._database, failure)

    @contextmanager
    def _opened(self) -> Iterator[_Tables]:
        """Copy the database to a temporary file and open it read-only, trusting nothing in it."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export.db"
            with self._tree.open(self._database) as stream, path.open("wb") as copy:
                while block := stream.read(COPY_BYTES):
                    copy.write(block)
            with closing(
                sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            ) as connection:
                checks = iter(range(MAX_CHECKS))
                connection.set_progress_handler(lambda: int(next(checks, None) is None), STEPS_PER_CHECK)
                connection.execute("PRAGMA trusted_schema = OFF")
                connection.execute("PRAGMA cell_size_check = ON")
                yield _Tables(connection)


class _Tables:
    """The real tables of a database; views and virtual tables do not count."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        listed = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        real = [str(name) for name, sql in listed if not str(sql).upper().lstrip().startswith("CREATE VIRTUAL")]
        self._columns = {name: self._columns_of(name) for name in real if name.isidentifier()}
        self.apps: dict[Any, str] = {}
        for app in self.rows("application_info_table", ("row_id", "app_name", "package_name")):
            name = app["app_name"] or app["package_name"]
            if isinstance(name, str):
                self.apps[app["row_id"]] = name

    def _columns_of(self, table: str) -> set[str]:
        return {str(row[1]) for row in self._connection.execute(f'PRAGMA table_info("{table}")')}

    def rows(
        self, table: str, columns: Sequence[str], *, where: str = "", values: Sequence[Any] = ()
    ) -> Iterator[dict[str, Any]]:
        """Yield rows with the columns; a column that the table lacks is None, a table that is missing has no rows."""
        present = [column for column in columns if column in self._columns.get(table, ())]
        if not present:
            return
        names = ", ".join(f'"{column}"' for column in present)
        for row in self._connection.execute(f'SELECT {names} FROM "{table}" {where}', tuple(values)):  # noqa: S608
            yield dict.fromkeys(columns) | dict(zip(present, row, strict=True))

    def app(self, row: dict[str, Any]) -> str | None:
        """Return the name of the app that wrote a row."""
        return self.apps.get(row["app_info_id"])


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _offset_s(value: Any) -> int:
    return int(value) if isinstance(value, int) and abs(value) <= 18 * 3600 else 0


def _add_records(days: Days, tables: _Tables) -> None:
    for table, column, metric, factor, joining in INSTANTS:
        for row in tables.rows(table, ("time", "zone_offset", "app_info_id", column)):
            value, at_ms = _number(row[column]), _number(row["time"])
            if value is not None and _is_instant(at_ms) and at_ms is not None:
                on = local_day(at_ms / 1000, _offset_s(row["zone_offset"]))
                days.add(metric, on, value * factor, at_s=at_ms / 1000, device=tables.app(row), joining=joining)
    for table, column, metric, factor in INTERVALS:
        for row in tables.rows(table, ("start_time", "start_zone_offset", "end_time", "app_info_id", column)):
            value, start_ms, end_ms = (_number(row[name]) for name in (column, "start_time", "end_time"))
            if value is not None and _is_instant(start_ms) and start_ms is not None:
                on = local_day(start_ms / 1000, _offset_s(row["start_zone_offset"]))
                at_s = (end_ms if _is_instant(end_ms) and end_ms is not None else start_ms) / 1000
                days.add(metric, on, value * factor, at_s=at_s, device=tables.app(row), joining=Joining.SUM)
    add_nights(days, _stretches(tables))


def _is_instant(at_ms: float | None) -> bool:
    return at_ms is not None and 0 < at_ms < 4_102_444_800_000


def _stretches(tables: _Tables) -> Iterator[Stretch]:
    sessions: dict[Any, tuple[int, str | None]] = {}
    columns = ("row_id", "start_time", "end_time", "end_zone_offset", "start_zone_offset", "app_info_id")
    for row in tables.rows("sleep_session_record_table", columns):
        start_ms, end_ms = _number(row["start_time"]), _number(row["end_time"])
        if not (_is_instant(start_ms) and _is_instant(end_ms)) or start_ms is None or end_ms is None:
            continue
        offset = row["end_zone_offset"] if row["end_zone_offset"] is not None else row["start_zone_offset"]
        sessions[row["row_id"]] = (_offset_s(offset), tables.app(row))
        yield Stretch(start_ms / 1000, end_ms / 1000, Stage.IN_BED, *sessions[row["row_id"]])
    for row in tables.rows("sleep_stages_table", ("parent_key", "stage_start_time", "stage_end_time", "stage_type")):
        session, stage = sessions.get(row["parent_key"]), STAGES.get(row["stage_type"])
        start_ms, end_ms = _number(row["stage_start_time"]), _number(row["stage_end_time"])
        if session is not None and stage is not None and start_ms is not None and end_ms is not None:
            yield Stretch(start_ms / 1000, end_ms / 1000, stage, *session)


def _workouts(tables: _Tables, database: str) -> Iterator[Found]:
    columns = (
        "row_id",
        "start_time",
        "end_time",
        "start_zone_offset",
        "exercise_type",
        "title",
        "notes",
        "app_info_id",
    )
    heart = _heart_rate(tables)
    for row in tables.rows("exercise_session_record_table", columns, where="ORDER BY start_time"):
        name = f"{database}/exercise {row['row_id']}"
        start_ms, end_ms = _number(row["start_time"]), _number(row["end_time"])
        plausible = _is_instant(start_ms) and start_ms is not None and end_ms is not None
        if not plausible or start_ms is None or end_ms is None or not 0 < end_ms - start_ms <= LONGEST_MS:
            damage = DamagedFileError("the workout has no plausible start and end", file=name)
            yield FoundBroken(name, damage)
            continue
        sport, sub_sport = sport_of(EXERCISES.get(row["exercise_type"], "other"))
        leg = Leg(
            sport=sport,
            sub_sport=sub_sport,
            started_at=datetime.fromtimestamp(start_ms / 1000, UTC),
            utc_offset_s=None if row["start_zone_offset"] is None else _offset_s(row["start_zone_offset"]),
            elapsed_s=(end_ms - start_ms) / 1000,
            timer_s=(end_ms - start_ms) / 1000,
            streams=_streams(tables, heart, row["row_id"], start_ms, end_ms),
        )
        title, notes = (row[key].strip() or None if isinstance(row[key], str) else None for key in ("title", "notes"))
        app = tables.app(row)
        entry = {"exercise_type": row["exercise_type"], **({"device": app} if app else {})}
        content = encode_session(leg, format="health_connect", title=title, entry=entry)
        yield FoundActivity(name, content, ActivityAbout(title=title, notes=notes))


def _heart_rate(tables: _Tables) -> Series:
    """Return the pulse of the whole history: read once, since the table has no index by time."""
    heart = Series()
    for row in tables.rows("heart_rate_record_series_table", ("epoch_millis", "beats_per_minute")):
        at_ms, hr_bpm = _number(row["epoch_millis"]), _number(row["beats_per_minute"])
        if at_ms is not None and hr_bpm is not None:
            heart.add(at_ms / 1000, hr_bpm)
    return heart


def _streams(tables: _Tables, heart: Series, key: Any, start_ms: float, end_ms: float) -> Streams:
    at_s, hr_bpm = heart.between(start_ms / 1000, end_ms / 1000)
    series = {Channel.HR_BPM: (at_s, hr_bpm)} if at_s.size else {}
    route = _samples(
        tables.rows(
            "exercise_route_table",
            ("timestamp_millis", "latitude", "longitude", "altitude"),
            where="WHERE parent_key = ? ORDER BY timestamp_millis",
            values=(key,),
        ),
        ("timestamp_millis", "latitude", "longitude", "altitude"),
    )
    track = None
    if route.size:
        channels = dict(
            zip((Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG, Channel.ALTITUDE_M), route.T[1:], strict=True)
        )
        track = build_streams((route[:, 0] - start_ms) / 1000, channels, Findings())
    return joined_streams(series, start_s=start_ms / 1000, track=track)


def _samples(rows: Iterator[dict[str, Any]], columns: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the rows that have an instant as an array; what is missing is NaN."""
    taken = [[_nan_if_none(_number(row[column])) for column in columns] for row in rows if _number(row[columns[0]])]
    return np.array(taken, dtype=np.float64)


def _nan_if_none(value: float | None) -> float:
    return float("nan") if value is None else value
