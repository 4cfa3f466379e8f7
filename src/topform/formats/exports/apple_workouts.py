"""Workouts of an Apple Health export: the entry, the series recorded meanwhile, and the route."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from topform.core.activity import Channel, Leg, Pause, Sport, Streams
from topform.core.errors import ActivityFileError, DamagedFileError
from topform.core.units import J_PER_KCAL, M_PER_MILE
from topform.formats.decoding import decode
from topform.formats.exports.apple_time import epoch_s, offset_s
from topform.formats.exports.reading import number
from topform.formats.exports.session_document import encode_session
from topform.formats.exports.session_streams import Series, joined_streams
from topform.formats.sports import snake_case, sport_of

TYPE_PREFIX = "HKWorkoutActivityType"
METRES = {"m": 1.0, "km": 1000.0, "mi": M_PER_MILE, "yd": 0.9144, "ft": 0.3048, "cm": 0.01}
SECONDS = {"s": 1.0, "min": 60.0, "hr": 3600.0}
KILOJOULES = {"kcal": J_PER_KCAL / 1000, "Cal": J_PER_KCAL / 1000, "kJ": 1.0}
OWN_WORDS = {
    "functional_strength_training": "strength_training",
    "traditional_strength_training": "strength_training",
    "cross_country_skiing": "cross_country_skiing",
    "downhill_skiing": "alpine_skiing",
    "swim_bike_run": "multisport",
}
MAX_PARTS = 10_000
LONGEST_S = 7 * 86_400


class AppleWorkout:
    """A ``Workout`` element and what stands in it."""

    def __init__(self, attributes: Mapping[str, str]) -> None:
        self.attributes = dict(attributes)
        self.metadata: dict[str, str] = {}
        self.statistics: dict[str, dict[str, str]] = {}
        self.events: list[tuple[str, str]] = []
        self.route: str | None = None

    def add(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an element that stands in the workout."""
        if tag == "MetadataEntry" and len(self.metadata) < MAX_PARTS:
            self.metadata[attributes.get("key", "")] = attributes.get("value", "")
        elif tag == "WorkoutStatistics" and len(self.statistics) < MAX_PARTS:
            self.statistics[attributes.get("type", "").removeprefix("HKQuantityTypeIdentifier")] = dict(attributes)
        elif tag == "WorkoutEvent" and len(self.events) < MAX_PARTS:
            kind = attributes.get("type", "").removeprefix("HKWorkoutEventType")
            if kind in ("Pause", "Resume"):
                self.events.append((kind, attributes.get("date", "")))
        elif tag == "FileReference" and self.route is None:
            self.route = attributes.get("path")


def workout_document(
    workout: AppleWorkout, series: Mapping[Channel, Series], route: bytes | None, *, name: str
) -> bytes:
    """Return the workout as a session document.

    Raises
    ------
    DamagedFileError
        If it has no start and end.
    """
    start_text = workout.attributes.get("startDate", "")
    start_s, end_s = epoch_s(start_text), epoch_s(workout.attributes.get("endDate", ""))
    if start_s is None or end_s is None or not 0 < end_s - start_s <= LONGEST_S:
        raise DamagedFileError("the workout has no plausible start and end", file=name)
    sport, sub_sport = _sport(workout)
    windows = {channel: one.between(start_s, end_s) for channel, one in series.items() if _fits(channel, sport)}
    streams = joined_streams(
        {channel: window for channel, window in windows.items() if window[0].size},
        start_s=start_s,
        track=None if route is None else _track(route, start_s, end_s, name=name),
    )
    duration_s = _quantity(workout.attributes, "duration", SECONDS)
    zone_offset_s = _zone_offset_s(workout, start_s)
    leg = Leg(
        sport=sport,
        sub_sport=sub_sport,
        started_at=datetime.fromtimestamp(start_s, UTC),
        utc_offset_s=offset_s(start_text) if zone_offset_s is None else zone_offset_s,
        elapsed_s=end_s - start_s,
        timer_s=min(duration_s, end_s - start_s) if duration_s is not None else end_s - start_s,
        distance_m=_distance_m(workout),
        ascent_m=_metadata(workout, "HKElevationAscended", METRES),
        pauses=_pauses(workout, start_s, end_s),
        device_summary=_summary(workout),
        streams=streams,
    )
    device = workout.attributes.get("sourceName")
    entry = {**workout.attributes, **workout.metadata, **({"device": device} if device else {})}
    return encode_session(leg, format="apple_health", title=None, entry=entry)


def _zone_offset_s(workout: AppleWorkout, start_s: float) -> int | None:
    """Return local time minus UTC where the workout was, when it names its zone: the dates carry the phone's. [s]"""
    try:
        offset = datetime.fromtimestamp(start_s, ZoneInfo(workout.metadata.get("HKTimeZone", ""))).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return None if offset is None else int(offset.total_seconds())


def _fits(channel: Channel, sport: Sport) -> bool:
    """Say whether a series may belong to a workout of the sport: power of the bike is not power of the run."""
    return channel is not Channel.CADENCE_RPM or sport is Sport.CYCLING


def _sport(workout: AppleWorkout) -> tuple[Sport, str | None]:
    word = snake_case(workout.attributes.get("workoutActivityType", "").removeprefix(TYPE_PREFIX))
    sport, sub_sport = sport_of(OWN_WORDS.get(word, word))
    if sub_sport is None and workout.metadata.get("HKIndoorWorkout") == "1":
        sub_sport = {Sport.RUNNING: "treadmill", Sport.CYCLING: "indoor_cycling"}.get(sport)
    if sub_sport is None and sport is Sport.SWIMMING:
        sub_sport = {"1": "lap_swimming", "2": "open_water"}.get(workout.metadata.get("HKSwimmingLocationType", ""))
    return sport, sub_sport


def _quantity(attributes: Mapping[str, str], name: str, units: Mapping[str, float], unit: str = "Unit") -> float | None:
    value, factor = number(attributes.get(name)), units.get(attributes.get(f"{name}{unit}", ""))
    return None if value is None or factor is None else value * factor


def _distance_m(workout: AppleWorkout) -> float | None:
    told = _quantity(workout.attributes, "totalDistance", METRES)
    if told is None:
        for kind, statistics in workout.statistics.items():
            value, factor = number(statistics.get("sum")), METRES.get(statistics.get("unit", ""))
            if kind.startswith("Distance") and value is not None and factor is not None:
                told = value * factor
    return told if told is not None and told > 0 else None


def _metadata(workout: AppleWorkout, key: str, units: Mapping[str, float]) -> float | None:
    """Read an entry such as ``2345 cm``."""
    text, _, unit = workout.metadata.get(key, "").partition(" ")
    value = number(text) if text else None
    return None if value is None or unit not in units else round(value * units[unit], 3)


def _summary(workout: AppleWorkout) -> dict[str, float]:
    summary: dict[str, float] = {}
    energy = _quantity(workout.attributes, "totalEnergyBurned", KILOJOULES)
    if energy is not None:
        summary["energy_kj"] = round(energy, 3)
    for name, key in (("average", "hr_mean_bpm"), ("maximum", "hr_max_bpm")):
        value = number(workout.statistics.get("HeartRate", {}).get(name))
        if value is not None:
            summary[key] = value
    return summary


def _pauses(workout: AppleWorkout, start_s: float, end_s: float) -> tuple[Pause, ...]:
    pauses: list[Pause] = []
    since: float | None = None
    for kind, text in workout.events:
        at_s = epoch_s(text)
        if at_s is None or not start_s <= at_s <= end_s:
            continue
        if kind == "Pause" and since is None:
            since = at_s
        elif kind == "Resume" and since is not None:
            if at_s > since:
                pauses.append(Pause(since - start_s, at_s - start_s))
            since = None
    if since is not None and end_s > since:
        pauses.append(Pause(since - start_s, end_s - start_s))
    return tuple(pauses)


def _track(route: bytes, start_s: float, end_s: float, *, name: str) -> Streams | None:
    """Return the route on the workout's time axis; None when it cannot be read or lies elsewhere in time."""
    try:
        recording = decode(route, file=name)
    except ActivityFileError:
        return None
    leg = recording.legs[0]
    t_s = leg.streams.t_s + (leg.started_at.timestamp() - start_s)
    inside = (t_s >= 0) & (t_s <= end_s - start_s + 1)
    if not np.any(inside):
        return None
    wanted = (Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG, Channel.ALTITUDE_M, Channel.SPEED_M_S)
    return Streams(
        t_s=t_s[inside],
        channels={channel: values[inside] for channel, values in leg.streams.channels.items() if channel in wanted},
    )
