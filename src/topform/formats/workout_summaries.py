"""Workouts of which a service tells only the summary, each kept as the service's own JSON with the name of its form."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import numpy as np

from topform.core.activity import Leg, Recording, Streams
from topform.core.errors import DamagedFileError, InvalidInputError
from topform.core.units import J_PER_KCAL
from topform.formats.exports.session_document import SUMMARY_ONLY
from topform.formats.sports import sport_of

LONGEST_S: Final = 7 * 86_400.0
LARGEST: Final = 1e9
KJ_PER_KCAL: Final = J_PER_KCAL / 1000
M_PER_MM: Final = 1e-3


@dataclass(frozen=True, slots=True)
class _Told:
    """What a service says about a workout, in our units."""

    maker: str
    sport: str | None
    start: datetime
    end: datetime
    timer_s: float | None = None
    title: str | None = None
    distance_m: float | None = None
    ascent_m: float | None = None
    summary: Mapping[str, float | None] | None = None


def looks_like_summary(content: bytes) -> bool:
    """Say whether the content is a document in which such a workout is kept."""
    return content.startswith(b'{"format":"') and any(f'"{name}"'.encode() in content[:64] for name in _READERS)


def read_summary(content: bytes, *, file: str) -> Recording:
    """Read such a document.

    Raises
    ------
    DamagedFileError
        If it is cut or does not hold what it must.
    """
    try:
        document = json.loads(content)
        told = _READERS[document["format"]](document["workout"])
        leg = _leg(told)
    except (
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        OverflowError,
        InvalidInputError,
        RecursionError,
    ) as failure:
        why = f"it lacks {failure.args[0]}" if isinstance(failure, KeyError) else failure
        raise DamagedFileError(
            f"the workout's summary is damaged ({why})", file=file, remedy="Fetch it from the service again."
        ) from failure
    return Recording(
        format=str(document["format"]),
        legs=(leg,),
        title=told.title,
        device={"manufacturer": told.maker, "product": None, "software_version": None},
        warnings=(SUMMARY_ONLY,),
    )


def _leg(told: _Told) -> Leg:
    elapsed_s = (told.end - told.start).total_seconds()
    if not 0 < elapsed_s <= LONGEST_S:
        raise ValueError("it has no plausible start and end")
    sport, sub_sport = sport_of(told.sport)
    timer_s = told.timer_s if told.timer_s is not None and 0 < told.timer_s <= elapsed_s else elapsed_s
    return Leg(
        sport=sport,
        sub_sport=sub_sport,
        started_at=told.start.astimezone(UTC),
        utc_offset_s=int((told.start.utcoffset() or timedelta()).total_seconds()),
        elapsed_s=elapsed_s,
        timer_s=timer_s,
        distance_m=told.distance_m or None,
        ascent_m=told.ascent_m,
        device_summary={name: value for name, value in (told.summary or {}).items() if value is not None and value > 0},
        streams=Streams(t_s=np.empty(0), channels={}),
    )


def _oura(workout: Mapping[str, Any]) -> _Told:
    return _Told(
        maker="Oura",
        sport=_text(workout.get("activity")),
        start=_instant(workout["start_datetime"]),
        end=_instant(workout["end_datetime"]),
        title=_text(workout.get("label")),
        distance_m=_number(workout.get("distance")),
        summary={"energy_kj": _number(workout.get("calories"), KJ_PER_KCAL)},
    )


def _whoop(workout: Mapping[str, Any]) -> _Told:
    score = workout.get("score")
    score = score if isinstance(score, dict) else {}
    offset = str(workout.get("timezone_offset") or "Z").replace("Z", "+00:00")
    zone = datetime.fromisoformat(f"2000-01-01T00:00:00{offset}").tzinfo
    return _Told(
        maker="WHOOP",
        sport=_text(workout.get("sport_name")),
        start=_instant(workout["start"]).astimezone(zone),
        end=_instant(workout["end"]),
        distance_m=_number(score.get("distance_meter")),
        ascent_m=_number(score.get("altitude_gain_meter")),
        summary={
            "hr_mean_bpm": _number(score.get("average_heart_rate")),
            "hr_max_bpm": _number(score.get("max_heart_rate")),
            "whoop_strain": _number(score.get("strain")),
            "energy_kj": _number(score.get("kilojoule")),
        },
    )


def _google_health(workout: Mapping[str, Any]) -> _Told:
    interval, metrics = workout["interval"], workout.get("metricsSummary") or {}
    zone_s = _duration_s(interval.get("startUtcOffset")) or 0.0
    start = _instant(interval["startTime"])
    return _Told(
        maker="Fitbit",
        sport=_text(workout.get("exerciseType")),
        start=start.astimezone(timezone(timedelta(seconds=zone_s))),
        end=_instant(interval["endTime"]),
        timer_s=_duration_s(workout.get("activeDuration")),
        title=_text(workout.get("displayName")),
        distance_m=_number(metrics.get("distanceMillimeters"), M_PER_MM),
        ascent_m=_number(metrics.get("elevationGainMillimeters"), M_PER_MM),
        summary={
            "hr_mean_bpm": _number(metrics.get("averageHeartRateBeatsPerMinute")),
            "energy_kj": _number(metrics.get("caloriesKcal"), KJ_PER_KCAL),
        },
    )


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], _Told]]] = {
    "oura.workout.v2": _oura,
    "whoop.workout.v2": _whoop,
    "google_health.exercise.v4": _google_health,
}


def _instant(text: Any) -> datetime:
    at = datetime.fromisoformat(text)
    if at.utcoffset() is None:
        raise ValueError("a time has no time zone")
    return at


def _duration_s(value: Any) -> float | None:
    """Return a duration such as ``"1200s"``."""
    return _number(value[:-1]) if isinstance(value, str) and value.endswith("s") else None


def _number(value: Any, factor: float = 1.0) -> float | None:
    """Return a number, also one in quotes; None for what nobody can have done."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value) * factor
    except ValueError:
        return None
    return round(number, 3) if 0 <= number < LARGEST else None


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
