"""Daily values in FIT files that are no activity: monitoring, weighings, nights."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import fitdecode

from topform.core.errors import DamagedFileError
from topform.core.exports import FoundValues
from topform.core.wellness import WellnessMetric
from topform.formats.exports.days import Days, Joining
from topform.formats.exports.nights import Stage, Stretch, add_nights, local_day
from topform.formats.exports.scale_users import ScaleUser, the_athlete

FIT_EPOCH_S: Final = 631_065_600
MANUFACTURERS: Final = {"garmin": "garmin", "polar_electro": "polar", "withings": "withings", "fitbit": "fitbit"}
OTHER_SOURCE: Final = "fit_file"
_METRIC = WellnessMetric
STEP_KINDS: Final = frozenset({1, 6})
"""Running and walking: there the count is steps, elsewhere strokes or revolutions."""

MAY_BE_NEGATIVE: Final = frozenset({_METRIC.SKIN_TEMPERATURE_DEVIATION_C})
WEIGHED: Final = frozenset({_METRIC.BODY_MASS_KG, _METRIC.BODY_FAT_PCT, _METRIC.LEAN_MASS_KG})
SEXES: Final[dict[int | None, str]] = {0: "f", 1: "m"}
LEVELS: Final = {1: Stage.AWAKE, 2: Stage.LIGHT, 3: Stage.DEEP, 4: Stage.REM}
NIGHTLY: Final = {
    ("hrv_status_summary", "last_night_average"): (_METRIC.HRV_RMSSD_MS, Joining.LAST),
    ("sleep_assessment", "overall_sleep_score"): (_METRIC.GARMIN_SLEEP_SCORE, Joining.LAST),
    ("monitoring_hr_data", "current_day_resting_heart_rate"): (_METRIC.RESTING_HR_BPM, Joining.LAST),
    ("skin_temp_overnight", "average_deviation"): (_METRIC.SKIN_TEMPERATURE_DEVIATION_C, Joining.LAST),
    ("weight_scale", "weight"): (_METRIC.BODY_MASS_KG, Joining.LAST),
    ("weight_scale", "percent_fat"): (_METRIC.BODY_FAT_PCT, Joining.LAST),
    ("weight_scale", "muscle_mass"): (_METRIC.LEAN_MASS_KG, Joining.LAST),
    ("spo2_data", "reading_spo2"): (_METRIC.SPO2_PCT, Joining.MEAN),
    ("respiration_rate", "respiration_rate"): (_METRIC.RESPIRATION_BRPM, Joining.MEAN),
    ("stress_level", "stress_level_value"): (_METRIC.GARMIN_STRESS_SCORE, Joining.MEAN),
    ("max_met_data", "vo2_max"): (_METRIC.VO2MAX_EST_ML_KG_MIN, Joining.LAST),
}
DAMAGE = (
    fitdecode.FitError, AssertionError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError,
    struct.error,
)  # fmt: skip
"""What the decoder raises on damaged bytes; it checks its own state by assertions."""


def fit_daily_values(
    content: bytes, *, file: str, zone: ZoneInfo, athlete: ScaleUser | None = None, scale_user: int | None = None
) -> FoundValues:
    """Return the daily values of a FIT file; none when it holds nothing of the kind.

    Parameters
    ----------
    content : bytes
    file : str
        Name for errors.
    zone : ZoneInfo
        The athlete's zone, for files that do not tell local time.
    athlete : ScaleUser or None
        What is known of the athlete, to tell them from others who use the scale.
    scale_user : int or None
        Which user of a scale the athlete says to be.

    Raises
    ------
    DamagedFileError
        If the bytes are no sound FIT file.
    ScaleUserError
        If several people use the scale and nothing tells which of them the athlete is.
    """
    reading = _Reading(zone)
    try:
        with fitdecode.FitReader(io.BytesIO(content), check_crc=fitdecode.CrcCheck.RAISE) as frames:
            for frame in frames:
                if isinstance(frame, fitdecode.FitDataMessage):
                    reading.take(frame.name, {field.name: field for field in frame.fields})
    except DAMAGE as failure:
        raise DamagedFileError(
            f"the FIT file is damaged ({failure})", file=file, remedy="Copy it from the device again."
        ) from failure
    days = reading.days(reading.scale_user(file, athlete, scale_user))
    return FoundValues(file, days.values(), days.implausible)


class _Reading:
    """What has been read of a file."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._offset_s: int | None = None
        self._source = OTHER_SOURCE
        self._now_s: float | None = None
        self._records: list[tuple[WellnessMetric, Joining, float, float, int | None]] = []
        self._steps: dict[tuple[float, int], int] = {}
        self._levels: list[tuple[float, int]] = []
        self._users: dict[int, ScaleUser] = {}
        self._weighed: dict[int, list[float]] = {}

    def take(self, name: str, fields: Mapping[str, Any]) -> None:
        """Take a message."""
        self._keep_time(name, fields)
        if name == "file_id":
            maker = str(fields["manufacturer"].value) if "manufacturer" in fields else ""
            self._source = MANUFACTURERS.get(maker, OTHER_SOURCE)
        user = self._take_user(name, fields)
        if self._now_s is None:
            return
        if name == "monitoring":
            self._take_steps(fields)
        elif name == "sleep_level" and isinstance(fields["sleep_level"].raw_value, int):
            self._levels.append((self._now_s, fields["sleep_level"].raw_value))
        for (message, key), (metric, joining) in NIGHTLY.items():
            value = fields[key].value if message == name and key in fields else None
            if isinstance(value, int | float) and (value > 0 or metric in MAY_BE_NEGATIVE):
                self._records.append((metric, joining, self._now_s, float(value), user))

    def _take_user(self, name: str, fields: Mapping[str, Any]) -> int | None:
        """Note who uses a scale, and return the number of the one who was weighed."""
        if name == "user_profile" and (number := _whole(fields, "message_index")) is not None:
            self._users[number] = ScaleUser(
                sex=SEXES.get(_whole(fields, "gender")),
                mass_kg=_positive(fields, "weight"),
                age=_whole(fields, "age"),
                height_m=_positive(fields, "height"),
            )
        if name != "weight_scale" or (number := _whole(fields, "user_profile_index")) is None:
            return None
        if (mass_kg := _positive(fields, "weight")) is not None:
            self._weighed.setdefault(number, []).append(mass_kg)
        return number

    def scale_user(self, file: str, athlete: ScaleUser | None, chosen: int | None) -> int | None:
        """Return which user of a scale the athlete is; None where one person uses it."""
        weighed = {user for metric, _, _, _, user in self._records if metric in WEIGHED and user is not None}
        if len(weighed) < 2:
            return None
        users = {number: self._users.get(number, ScaleUser()) for number in sorted(weighed)}
        return the_athlete(users, self._weighed, file=file, athlete=athlete, chosen=chosen)

    def _keep_time(self, name: str, fields: Mapping[str, Any]) -> None:
        """Keep the clock: full times, and the last 16 bits of them that monitoring uses."""
        for key in ("timestamp", "stress_level_time", "update_time"):
            at = fields[key].value if key in fields else None
            if isinstance(at, datetime):
                self._now_s = at.timestamp()
        if "timestamp_16" in fields and self._now_s is not None and isinstance(fields["timestamp_16"].value, int):
            fit_s = int(self._now_s) - FIT_EPOCH_S
            self._now_s += (fields["timestamp_16"].value - fit_s) & 0xFFFF
        local = fields["local_timestamp"].value if "local_timestamp" in fields else None
        if name == "monitoring_info" and isinstance(local, datetime) and self._now_s is not None:
            self._offset_s = round(local.timestamp() - self._now_s)

    def _take_steps(self, fields: Mapping[str, Any]) -> None:
        """Take a count of steps since midnight; the one at midnight itself ends the day before."""
        kind = fields["activity_type"].raw_value if "activity_type" in fields else None
        count = next((fields[key].raw_value for key in ("steps", "cycles") if key in fields), None)
        if kind in STEP_KINDS and isinstance(count, int) and self._now_s is not None:
            self._steps[(self._now_s, kind)] = count

    def days(self, scale_user: int | None) -> Days:
        """Return the values by day; of a scale that several people use, those of one of them."""
        days = Days(self._source)
        for metric, joining, at_s, value, user in self._records:
            if metric in WEIGHED and scale_user is not None and user != scale_user:
                continue
            days.add(metric, self._day(at_s), value, at_s=at_s, joining=joining)
        self._add_steps(days)
        stretches = zip(self._levels, self._levels[1:], strict=False)
        add_nights(
            days,
            [
                Stretch(start_s, end_s, LEVELS[level], self._offset(end_s))
                for (start_s, level), (end_s, _) in stretches
                if level in LEVELS
            ],
        )
        return days

    def _add_steps(self, days: Days) -> None:
        most: dict[date, dict[int, int]] = {}
        last: dict[date, float] = {}
        for (at_s, kind), count in self._steps.items():
            day = self._day(at_s - 1)
            kinds = most.setdefault(day, {})
            kinds[kind] = max(kinds.get(kind, 0), count)
            last[day] = max(last.get(day, at_s), at_s)
        for day, kinds in most.items():
            days.add(_METRIC.STEPS, day, float(sum(kinds.values())), at_s=last[day])

    def _offset(self, at_s: float) -> int:
        if self._offset_s is not None:
            return self._offset_s
        offset = datetime.fromtimestamp(at_s, UTC).astimezone(self._zone).utcoffset()
        return 0 if offset is None else int(offset.total_seconds())

    def _day(self, at_s: float) -> date:
        return local_day(at_s, self._offset(at_s))


def _whole(fields: Mapping[str, Any], key: str) -> int | None:
    value = fields[key].raw_value if key in fields else None
    return value if isinstance(value, int) else None


def _positive(fields: Mapping[str, Any], key: str) -> float | None:
    value = fields[key].value if key in fields else None
    return float(value) if isinstance(value, int | float) and value > 0 else None
