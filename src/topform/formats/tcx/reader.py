"""TCX documents to a recording: one leg for each activity element."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from lxml import etree

from topform.core.activity import Channel, Lap, Leg, Pause, Recording, Sport
from topform.core.arrays import FloatArray
from topform.core.errors import NoActivityError
from topform.formats.clock_jumps import note_clock_jumps
from topform.formats.findings import Findings
from topform.formats.repeats import without_repeats
from topform.formats.sports import counts_steps, snake_case, sport_of
from topform.formats.time_zone import offset_of_track
from topform.formats.track import build_streams, cadence_channel, pauses_from_gaps, plausible_instants
from topform.formats.xml_reader import epoch_s, local_name, number, observed

CADENCE = "cadence"
FIELDS: tuple[Channel | str, ...] = (
    Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG, Channel.ALTITUDE_M, Channel.DISTANCE_M, Channel.SPEED_M_S,
    Channel.HR_BPM, Channel.POWER_W, CADENCE,
)  # fmt: skip
FIELD_BY_NAME: dict[str, Channel | str] = {
    "LatitudeDegrees": Channel.LATITUDE_DEG,
    "LongitudeDegrees": Channel.LONGITUDE_DEG,
    "AltitudeMeters": Channel.ALTITUDE_M,
    "DistanceMeters": Channel.DISTANCE_M,
    "Speed": Channel.SPEED_M_S,
    "Watts": Channel.POWER_W,
    "Cadence": CADENCE,
    "RunCadence": CADENCE,
}
TRACK_BREAK_S = 3.0
RESET_SHARE = 0.1
"""A distance that falls below this share of the one before was counted from zero again."""


@dataclass(slots=True)
class _Activity:
    sport: str | None
    is_transition: bool = False
    laps: list[dict[str, float | str | None]] = field(default_factory=list)
    rows: list[list[float]] = field(default_factory=list)
    instants: list[float] = field(default_factory=list)
    tracks: list[int] = field(default_factory=list)
    notes: str | None = None


class TcxReader:
    """Collects the activities of a TCX document."""

    def __init__(self, findings: Findings, *, file: str) -> None:
        self._findings = findings
        self._file = file
        self._activities: list[_Activity] = []
        self._is_open = False
        self._track = 0
        self._other: str | None = None
        self._device: str | None = None
        self._software: str | None = None

    def start(self, name: str, element: etree._Element) -> None:
        """Open an activity, lap or track."""
        if name == "Activity":
            self._activities.append(_Activity(element.get("Sport")))
            self._is_open = True
        elif name == "Transition":
            self._activities.append(_Activity(None, is_transition=True))
            self._is_open = True
            self._activities[-1].laps.append({"StartTime": element.get("StartTime")})
        elif name == "Lap" and self._is_open:
            self._activities[-1].laps.append({"StartTime": element.get("StartTime")})
        elif name == "Track":
            self._track += 1
        elif name in ("Courses", "Workouts") and not self._is_open:
            self._other = self._other or name

    def end(self, name: str, element: etree._Element) -> bool:
        """Take a complete trackpoint, lap or text."""
        if name == "Trackpoint":
            if self._is_open:
                self._add_point(element)
            return True
        if name in ("Lap", "Transition") and self._is_open:
            self._close_lap(element)
            return True
        if name in ("Activity", "Transition"):
            self._is_open = False
        elif name == "Creator" and self._device is None:
            self._take_creator(element)
        elif name == "Notes" and self._is_open:
            parent = element.getparent()
            if parent is not None and local_name(parent) == "Activity":
                self._activities[-1].notes = (element.text or "").strip() or None
        return False

    def _take_creator(self, element: etree._Element) -> None:
        for item in element.iter():
            text = (item.text or "").strip()
            if local_name(item) == "Name" and text:
                self._device = text
            elif local_name(item) == "VersionMajor" and text:
                self._software = text
            elif local_name(item) == "VersionMinor" and text and self._software is not None:
                self._software = f"{self._software}.{text}"

    def _add_point(self, element: etree._Element) -> None:
        instant = np.nan
        values: dict[Channel | str, float] = {}
        for item in element.iter():
            name = local_name(item)
            if name == "Time":
                instant = epoch_s(item.text)
            elif name == "Value":
                parent = item.getparent()
                if parent is not None and local_name(parent) == "HeartRateBpm":
                    values[Channel.HR_BPM] = number(item.text)
            elif name in FIELD_BY_NAME:
                values[FIELD_BY_NAME[name]] = number(item.text)
        activity = self._activities[-1]
        activity.instants.append(instant)
        activity.rows.append([values.get(name, np.nan) for name in FIELDS])
        activity.tracks.append(self._track)

    def _close_lap(self, element: etree._Element) -> None:
        """Keep the lap's own summary."""
        if not self._activities[-1].laps:
            return
        lap = self._activities[-1].laps[-1]
        for child in element:
            name = local_name(child)
            if name in ("TotalTimeSeconds", "DistanceMeters", "MaximumSpeed", "Calories"):
                lap[name] = number(child.text)
            elif name in ("AverageHeartRateBpm", "MaximumHeartRateBpm"):
                lap[name] = next((number(item.text) for item in child if local_name(item) == "Value"), np.nan)
            elif name == "TriggerMethod":
                lap[name] = (child.text or "").strip() or None
            elif name == "Extensions":
                for item in child.iter():
                    if local_name(item) in ("AvgWatts", "AvgSpeed"):
                        lap[local_name(item)] = number(item.text)

    def finish(self) -> Recording:
        """Return the recording.

        Raises
        ------
        NoActivityError
            If the document holds a course, a workout, or nothing.
        """
        legs = [leg for activity in self._activities if (leg := self._leg(activity)) is not None]
        if not legs:
            kinds = {"Courses": "a course (a planned route)", "Workouts": "a planned workout"}
            raise NoActivityError(
                f"the TCX document holds {kinds.get(self._other or '', 'no activity with a time')}",
                file=self._file,
                remedy="Choose the recording of a finished activity.",
            )
        legs = without_repeats(sorted(legs, key=lambda leg: leg.started_at), self._findings)
        return Recording(
            format="tcx",
            legs=tuple(legs),
            title=next((activity.notes for activity in self._activities if activity.notes), None),
            device={"manufacturer": None, "product": self._device, "software_version": self._software},
            warnings=self._findings.warnings(),
            salvaged=self._findings.salvaged,
        )

    def _leg(self, activity: _Activity) -> Leg | None:
        instants = plausible_instants(np.array(activity.instants, dtype=np.float64), self._findings)
        note_clock_jumps(instants, self._findings)
        lap_starts = [epoch_s(str(lap["StartTime"])) for lap in activity.laps if lap.get("StartTime")]
        candidates = [*instants[np.isfinite(instants)].tolist(), *(start for start in lap_starts if np.isfinite(start))]
        if not candidates:
            return None
        start = min(candidates)
        if instants.size and np.isfinite(instants).any():
            start = max(start, float(np.nanmin(instants)) - max(60.0, _total(activity, "TotalTimeSeconds") or 0.0))
        started_at = datetime.fromtimestamp(start, UTC)
        sport, sub_sport = (Sport.TRANSITION, None) if activity.is_transition else sport_of(activity.sport)
        table = np.array(activity.rows, dtype=np.float64).reshape(len(activity.rows), len(FIELDS))
        columns = dict(zip(FIELDS, table.T, strict=True))
        columns[Channel.DISTANCE_M] = _without_resets(columns[Channel.DISTANCE_M])
        cadence = columns.pop(CADENCE)
        channels = {Channel(name): values for name, values in columns.items()}
        name, values = cadence_channel(cadence, sport, on_foot=counts_steps(sport), findings=self._findings)
        channels[name] = values
        streams = build_streams(instants - start, channels, self._findings)
        pauses = pauses_from_gaps(streams, _track_breaks(instants - start, np.array(activity.tracks)), self._findings)
        elapsed_s, timer_s = _durations(activity, float(streams.t_s[-1]) if len(streams) else 0.0, start, pauses)
        return Leg(
            sport=sport,
            sub_sport=sub_sport,
            started_at=started_at,
            utc_offset_s=offset_of_track(
                started_at, streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG)
            ),
            elapsed_s=elapsed_s,
            timer_s=timer_s,
            streams=streams,
            distance_m=_total(activity, "DistanceMeters"),
            laps=tuple(_laps(activity, start)),
            pauses=pauses,
            device_summary=_device_summary(activity),
        )


def _device_summary(activity: _Activity) -> dict[str, float]:
    energy_kcal = _total(activity, "Calories")
    return {} if energy_kcal is None else {"energy_kcal": energy_kcal}


def _total(activity: _Activity, name: str) -> float | None:
    """Return the sum over laps, None when no lap has the number."""
    values = [value for lap in activity.laps if isinstance(value := lap.get(name), float) and np.isfinite(value)]
    return sum(values) if values else None


def _durations(activity: _Activity, span_s: float, start: float, pauses: tuple[Pause, ...]) -> tuple[float, float]:
    """Return elapsed and timer time; laps state the timer's, samples and lap starts the rest."""
    stated_s = _total(activity, "TotalTimeSeconds")
    last_lap_end = 0.0
    for lap in activity.laps:
        began, lasted = epoch_s(str(lap.get("StartTime"))), lap.get("TotalTimeSeconds")
        if isinstance(lasted, float) and np.isfinite(began + lasted):
            last_lap_end = max(last_lap_end, began + lasted - start)
    measured_s = span_s - sum(pause.end_s - pause.start_s for pause in pauses)
    is_sane = stated_s is not None and 0 < stated_s <= max(span_s, last_lap_end) * 1.5 + 60
    timer_s = stated_s if stated_s is not None and is_sane else max(0.0, measured_s)
    return max(span_s, timer_s), timer_s


def _laps(activity: _Activity, start: float) -> list[Lap]:
    laps = []
    for lap in activity.laps:
        began = epoch_s(str(lap.get("StartTime")))
        timer_s = lap.get("TotalTimeSeconds")
        if not np.isfinite(began) or not isinstance(timer_s, float) or not np.isfinite(timer_s):
            continue
        trigger = lap.get("TriggerMethod")
        laps.append(
            Lap(
                start_s=max(0.0, began - start),
                elapsed_s=timer_s,
                timer_s=timer_s,
                distance_m=_lap_number(lap, "DistanceMeters"),
                hr_mean_bpm=_lap_number(lap, "AverageHeartRateBpm"),
                hr_max_bpm=_lap_number(lap, "MaximumHeartRateBpm"),
                power_mean_w=_lap_number(lap, "AvgWatts"),
                speed_mean_m_s=_lap_number(lap, "AvgSpeed"),
                trigger=snake_case(trigger) if isinstance(trigger, str) else None,
            )
        )
    return laps


def _lap_number(lap: dict[str, float | str | None], name: str) -> float | None:
    value = lap.get(name)
    return observed(value) if isinstance(value, float) else None


def _track_breaks(t_s: FloatArray, track: FloatArray) -> tuple[Pause, ...]:
    """Return the stretches between one track's last and the next one's first point."""
    timed = np.isfinite(t_s)
    t_s, track = t_s[timed], track[timed]
    return tuple(
        Pause(start_s=float(t_s[end]), end_s=float(t_s[end + 1]))
        for end in np.flatnonzero(np.diff(track))
        if t_s[end + 1] - t_s[end] > TRACK_BREAK_S
    )


def _without_resets(distance_m: FloatArray) -> FloatArray:
    """Return a distance that grows through laps counted from zero each."""
    seen = np.flatnonzero(np.isfinite(distance_m))
    values = distance_m[seen]
    is_reset = (values[1:] < RESET_SHARE * values[:-1]) & (values[:-1] > 10)
    carried = np.concatenate([[0.0], np.cumsum(np.where(is_reset, values[:-1], 0.0))]) if values.size else values
    continued = distance_m.copy()
    continued[seen] = values + carried
    return continued
