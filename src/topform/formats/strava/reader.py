"""Strava API document -> recording: an activity with its streams, as the API sends them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from topform.core.activity import Channel, Lap, Leg, Pause, Recording
from topform.core.arrays import FloatArray
from topform.core.errors import DamagedFileError, NoActivityError
from topform.formats.findings import Findings
from topform.formats.sports import counts_steps, sport_of
from topform.formats.time_zone import offset_of_track
from topform.formats.track import build_streams, cadence_channel, pauses_from_gaps

FORMAT: Final = "strava.activity.v3"
MARK: Final = b'"format":"strava.activity.v3"'
MAX_SAMPLES: Final = 1_000_000
LARGEST: Final = 1e12
CHANNEL_BY_STREAM: Final[Mapping[str, Channel]] = {
    "distance": Channel.DISTANCE_M,
    "altitude": Channel.ALTITUDE_M,
    "velocity_smooth": Channel.SPEED_M_S,
    "heartrate": Channel.HR_BPM,
    "watts": Channel.POWER_W,
    "temp": Channel.TEMPERATURE_C,
}


def looks_like_strava(content: bytes) -> bool:
    """Say whether the content is the document in which a Strava activity is kept."""
    return content[:1] == b"{" and MARK in content


def read_strava(content: bytes, *, file: str) -> Recording:
    """Decode an activity with its streams.

    Raises
    ------
    DamagedFileError
        If the document is not what it says.
    NoActivityError
        If it has no samples.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _damaged(file, "it is not JSON") from error
    activity, streams = document.get("activity"), document.get("streams")
    if document.get("format") != FORMAT or not isinstance(activity, dict) or not isinstance(streams, dict):
        raise _damaged(file, "it holds no activity")
    t_s = _column(streams, "time")
    if t_s is None or not np.isfinite(t_s).any():
        raise NoActivityError(
            "the activity has no samples", file=file, remedy="Import the file that your device recorded."
        )
    findings = Findings()
    leg = _leg(activity, streams, t_s, findings, file)
    title = activity.get("name")
    return Recording(
        format="strava",
        legs=(leg,),
        title=title if isinstance(title, str) and title else None,
        device={"manufacturer": None, "product": _text(activity.get("device_name")), "software_version": None},
        warnings=findings.warnings(),
    )


def _leg(
    activity: Mapping[str, Any], streams: Mapping[str, Any], t_s: FloatArray, findings: Findings, file: str
) -> Leg:
    try:
        started_at = datetime.fromisoformat(str(activity.get("start_date"))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _damaged(file, "it does not say when the activity began") from error
    sport, sub_sport = sport_of(_text(activity.get("sport_type")) or _text(activity.get("type")))
    on_axis = build_streams(t_s, _channels(streams, t_s, activity, findings), findings)
    begin_s, end_s = float(on_axis.t_s[0]), float(on_axis.t_s[-1])
    pauses = _marked_pauses(streams, t_s) or pauses_from_gaps(on_axis, (), findings)
    stated_s = _number(activity.get("elapsed_time"))
    elapsed_s = end_s if stated_s is None else max(stated_s, end_s)
    paused_s = sum(pause.end_s - pause.start_s for pause in pauses)
    return Leg(
        sport=sport,
        sub_sport=sub_sport,
        started_at=started_at,
        utc_offset_s=_offset(activity, started_at, on_axis),
        elapsed_s=elapsed_s,
        timer_s=max(end_s - begin_s - paused_s, 0.0),
        streams=on_axis,
        distance_m=_number(activity.get("distance")),
        ascent_m=_number(activity.get("total_elevation_gain")),
        laps=_laps(activity, started_at),
        pauses=pauses,
    )


def _channels(
    streams: Mapping[str, Any], t_s: FloatArray, activity: Mapping[str, Any], findings: Findings
) -> dict[Channel, FloatArray]:
    channels: dict[Channel, FloatArray] = {}
    for name, channel in CHANNEL_BY_STREAM.items():
        values = _column(streams, name)
        if values is None:
            continue
        if values.size != t_s.size:
            findings.add("stream_length_differs", f"the stream {name} does not fit the time axis and was left out")
        elif name == "watts" and activity.get("device_watts") is False:
            findings.add("power_estimated", "power was estimated by Strava, not measured, and was left out")
        else:
            channels[channel] = values
    places = _places(streams, t_s.size)
    if places is not None:
        channels[Channel.LATITUDE_DEG], channels[Channel.LONGITUDE_DEG] = places[:, 0], places[:, 1]
    cadence = _column(streams, "cadence")
    if cadence is not None and cadence.size == t_s.size:
        sport, _ = sport_of(_text(activity.get("sport_type")) or _text(activity.get("type")))
        channel, values = cadence_channel(cadence, sport, on_foot=counts_steps(sport), findings=findings)
        channels[channel] = values
    return channels


def _rows(streams: Mapping[str, Any], name: str) -> list[Any] | None:
    stream = streams.get(name)
    rows = stream.get("data") if isinstance(stream, dict) else None
    return rows if isinstance(rows, list) and 0 < len(rows) <= MAX_SAMPLES else None


def _column(streams: Mapping[str, Any], name: str) -> FloatArray | None:
    rows = _rows(streams, name)
    if rows is None:
        return None
    return np.array([np.nan if (value := _number(row)) is None else value for row in rows], dtype=np.float64)


def _places(streams: Mapping[str, Any], size: int) -> FloatArray | None:
    rows = _rows(streams, "latlng")
    if rows is None or len(rows) != size:
        return None
    pairs = [row if isinstance(row, list) and len(row) == 2 else (None, None) for row in rows]
    places: FloatArray = np.array(
        [[np.nan if (value := _number(part)) is None else value for part in pair] for pair in pairs], dtype=np.float64
    )
    return places


def _marked_pauses(streams: Mapping[str, Any], t_s: FloatArray) -> tuple[Pause, ...]:
    """Return the gaps between samples that end a stretch without motion: there the timer stood still."""
    rows = _rows(streams, "moving")
    if rows is None or len(rows) != t_s.size:
        return ()
    moving = np.array([row is True for row in rows])
    gaps = np.diff(t_s)
    usual_s = float(np.median(gaps)) if gaps.size else 0.0
    stopped = np.flatnonzero((gaps > max(10.0 * usual_s, 10.0)) & ~moving[1:])
    return tuple(Pause(start_s=float(t_s[place]), end_s=float(t_s[place + 1])) for place in stopped)


def _laps(activity: Mapping[str, Any], started_at: datetime) -> tuple[Lap, ...]:
    laps = activity.get("laps")
    found = []
    for lap in laps if isinstance(laps, list) else []:
        if not isinstance(lap, dict):
            continue
        try:
            begins = datetime.fromisoformat(str(lap.get("start_date"))).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        elapsed_s = _number(lap.get("elapsed_time"))
        if elapsed_s is None:
            continue
        found.append(
            Lap(
                start_s=(begins - started_at).total_seconds(),
                elapsed_s=elapsed_s,
                distance_m=_number(lap.get("distance")),
                hr_mean_bpm=_number(lap.get("average_heartrate")),
                hr_max_bpm=_number(lap.get("max_heartrate")),
                speed_mean_m_s=_number(lap.get("average_speed")),
            )
        )
    return tuple(found)


def _offset(activity: Mapping[str, Any], started_at: datetime, streams: Any) -> int | None:
    stated = _number(activity.get("utc_offset"))
    if stated is not None and abs(stated) <= 18 * 3600:
        return int(stated)
    return offset_of_track(started_at, streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG))


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < LARGEST else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _damaged(file: str, what: str) -> DamagedFileError:
    return DamagedFileError(
        f"the Strava document is damaged: {what}", file=file, remedy="Fetch the activity from Strava again."
    )
