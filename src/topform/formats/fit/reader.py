"""FIT messages to a recording: one leg for each session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np

from topform.core.activity import Channel, Leg, Pause, PowerSource, Recording, Sport, Streams
from topform.core.arrays import BoolArray, FloatArray
from topform.core.errors import DamagedFileError, NoActivityError
from topform.formats.clock_jumps import note_clock_jumps
from topform.formats.findings import Findings, counted
from topform.formats.fit import heart_beats, parts
from topform.formats.fit.body import FitPart
from topform.formats.fit.container import COPY_AGAIN, read_parts
from topform.formats.fit.fields import Columns
from topform.formats.fit.messages import FitMessage
from topform.formats.fit.power_source import running_power_source
from topform.formats.repeats import tell_repeated, without_repeats
from topform.formats.sports import counts_steps, sport_of
from topform.formats.time_zone import offset_of_track
from topform.formats.track import EARLIEST_EPOCH_S, build_streams, cadence_channel, plausible_instants

FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
FIRST_ABSOLUTE_S = 0x10000000
"""Below this, FIT time counts from when the device was switched on."""

SESSION_IDENTITY = ("sport", "sub_sport", "total_elapsed_time", "total_timer_time", "total_distance")
"""What two summaries of one start have in common when they describe one leg."""

OFFSET_STEP_S = 900
MAX_OFFSET_S = 14 * 3600

DEVICE_NUMBERS = {
    "normalized_power": "weighted_power_w",
    "training_stress_score": "power_load",
    "intensity_factor": "intensity_ratio",
    "threshold_power": "ftp_w",
    "total_work": "work_j",
    "avg_power": "power_mean_w",
    "max_power": "power_max_w",
    "avg_heart_rate": "hr_mean_bpm",
    "max_heart_rate": "hr_max_bpm",
    "enhanced_avg_speed": "speed_mean_m_s",
    "enhanced_max_speed": "speed_max_m_s",
    "total_calories": "energy_kcal",
    "total_moving_time": "moving_s",
    "total_training_effect": "training_effect",
    "total_anaerobic_training_effect": "anaerobic_training_effect",
    "training_load_peak": "training_load_peak",
}
"""Session fields kept for comparison, and our name for the same notion."""

KIND_BY_FILE_TYPE = {
    "device": "device capabilities",
    "settings": "device settings",
    "sport": "sport settings",
    "workout": "a planned workout",
    "course": "a course (a planned route)",
    "schedules": "a schedule",
    "weight": "weight-scale readings",
    "totals": "lifetime totals",
    "goals": "goals",
    "blood_pressure": "blood-pressure readings",
    "monitoring_a": "daily monitoring",
    "monitoring_b": "daily monitoring",
    "monitoring_daily": "daily monitoring",
    "activity_summary": "an activity summary without samples",
    "segment": "a segment",
    "segment_list": "a list of segments",
}


@dataclass(frozen=True, slots=True)
class _Window:
    """A leg's stretch on the device's clock, and the session message that described it."""

    start_s: float
    end_s: float
    session: FitMessage | None
    until_s: float


def read_fit(content: bytes, *, file: str) -> Recording:
    """Decode a FIT file, chained files included.

    Raises
    ------
    NoActivityError
        If the file is sound and holds something else.
    DamagedFileError
        If nothing could be salvaged.
    """
    findings = Findings()
    found = read_parts(content, file=file, findings=findings)
    legs: list[Leg] = []
    holders: list[FitPart] = []
    for part in found:
        own = _legs_of(part, findings)
        legs += own
        holders += [part] * bool(own)
    if not legs:
        raise _nothing_found(found, findings, file=file)
    legs = without_repeats(sorted(legs, key=lambda leg: leg.started_at), findings)
    _note_overlaps(legs, findings)
    return Recording(
        format="fit",
        legs=tuple(legs),
        device=_device(holders[0]),
        warnings=findings.warnings(),
        salvaged=findings.salvaged,
    )


def _nothing_found(found: Sequence[FitPart], findings: Findings, *, file: str) -> DamagedFileError | NoActivityError:
    """Say why there is no leg: another kind of file, or too much damage."""
    kinds = [part.file_type for part in found if part.file_type is not None]
    named = [KIND_BY_FILE_TYPE[kind] for kind in kinds if kind in KIND_BY_FILE_TYPE]
    if named:
        return NoActivityError(
            f"the file holds {named[0]}, not an activity",
            file=file,
            remedy="Choose the activity file; watches keep them in the folder ACTIVITY.",
        )
    if findings.salvaged:
        place = next((item.offset_bytes for item in findings.warnings() if item.offset_bytes is not None), None)
        return DamagedFileError(
            "the FIT file is damaged before its first sample", file=file, offset_bytes=place, remedy=COPY_AGAIN
        )
    return NoActivityError(
        "the FIT file holds no session and no sample with a time",
        file=file,
        remedy="Choose a file of a finished activity.",
    )


def _legs_of(part: FitPart, findings: Findings) -> list[Leg]:
    """Build the legs of one FIT file."""
    if part.file_type in KIND_BY_FILE_TYPE:
        return []
    columns = part.columns
    shift_s = _shift_to_absolute(part, columns, findings)
    untimed = int(np.count_nonzero(np.isnan(columns.timestamp)))
    instants = plausible_instants(columns.timestamp + EARLIEST_EPOCH_S + shift_s, findings) - EARLIEST_EPOCH_S - shift_s
    columns = replace(columns, timestamp=instants)
    note_clock_jumps(instants, findings)
    if untimed and part.all("session"):
        findings.add("samples_without_time", f"{counted(untimed, 'sample')} without a time left out")
    beats = heart_beats.stored_beats(part.messages)
    if beats is not None and instants.size:
        hr_bpm = heart_beats.fill_heart_rate(instants, columns.channels.get(Channel.HR_BPM), beats)
        columns.channels[Channel.HR_BPM] = hr_bpm
    windows = _windows(part, instants, findings)
    return [_leg(part, window, columns, beats, shift_s, findings) for window in windows]


def _shift_to_absolute(part: FitPart, columns: Columns, findings: Findings) -> float:
    """Return what to add to a clock that counts from power-on; 0 for an absolute clock.

    Such files tell the date only by the local time of the activity message.
    """
    observed = columns.timestamp[np.isfinite(columns.timestamp)]
    stamps = [stamp for message in part.all("session") if (stamp := message.number("timestamp", "start_time"))]
    typical = float(np.median(observed)) if observed.size else (stamps[0] if stamps else None)
    if typical is None or typical >= FIRST_ABSOLUTE_S:
        return 0.0
    for activity in part.all("activity"):
        local, relative = activity.number("local_timestamp"), activity.number("timestamp")
        if local is not None and relative is not None and local >= FIRST_ABSOLUTE_S > relative:
            findings.add("clock_relative", "the device kept time since power-on; the date is its local time")
            return local - relative
    findings.add("clock_relative", "the device kept time since power-on and no date; the date is unknown")
    return 0.0


def _windows(part: FitPart, instants: FloatArray, findings: Findings) -> list[_Window]:
    """Return the stretch of each session; without sessions, one stretch over all samples."""
    observed = instants[np.isfinite(instants)]
    starts: list[tuple[float, FitMessage]] = []
    for session in part.all("session"):
        start = session.number("start_time")
        if start is None and len(part.all("session")) == 1:
            start = _likely_start(part, observed, findings)
        if start is None:
            findings.add("session_without_start", "a session without a start time was left out")
        elif any(start == known and _is_same_session(session, other) for known, other in starts):
            tell_repeated("the summary of a leg", findings)
        else:
            starts.append((start, session))
    if not starts:
        if not observed.size:
            return []
        findings.add_damage("no_session", "the summary is missing; totals come from the samples")
        return [_Window(float(observed.min()), float(observed.max()), None, np.inf)]
    starts.sort(key=lambda item: item[0])
    windows = []
    for place, (start, session) in enumerate(starts):
        is_last = place == len(starts) - 1
        until = np.inf if is_last else starts[place + 1][0]
        inside = observed[(observed >= start) & (observed < until)]
        elapsed = parts.duration(session, "total_elapsed_time", "total_timer_time") or 0.0
        end = max(start + elapsed, float(inside.max()) if inside.size else start)
        first = float(observed.min()) if place == 0 and observed.size else start
        windows.append(_Window(min(start, first), end, session, until))
    return windows


def _is_same_session(session: FitMessage, other: FitMessage) -> bool:
    return all(session.values.get(name) == other.values.get(name) for name in SESSION_IDENTITY)


def _likely_start(part: FitPart, observed: FloatArray, findings: Findings) -> float | None:
    """Return when the only session began, from its samples, else from when the file was made."""
    if observed.size:
        return float(observed.min())
    for name, value in (("lap", "start_time"), ("file_id", "time_created"), ("activity", "timestamp")):
        for message in part.all(name):
            if (instant := message.number(value)) is not None:
                findings.add("session_without_start", "the session states no start; the file's own date is taken")
                return instant
    return None


def _leg(
    part: FitPart,
    window: _Window,
    columns: Columns,
    beats: heart_beats.StoredBeats | None,
    shift_s: float,
    findings: Findings,
) -> Leg:
    """Build one leg from the messages within its window."""
    session = window.session or FitMessage("session", {})
    sport, sub_sport = _sport(part, session)
    streams = _streams(columns, window, sport, findings)
    started_at = FIT_EPOCH + timedelta(seconds=window.start_s + shift_s)
    own_pauses = parts.pauses(part.all("event"), start_fit_s=window.start_s, end_fit_s=window.end_s)
    elapsed_s, timer_s = _durations(session, window, streams, own_pauses)
    pool_length_m = parts.positive(session, "pool_length")
    own = {name: _inside(part.all(name), window) for name in ("lap", "length", "set")}
    rr = heart_beats.rr_intervals(part.beat_intervals, part.columns, start_fit_s=window.start_s, end_fit_s=window.end_s)
    if rr is None and beats is not None:
        rr = heart_beats.rr_of_stored(beats, start_fit_s=window.start_s, end_fit_s=window.end_s)
    has_running_power = sport is Sport.RUNNING and Channel.POWER_W in streams
    return Leg(
        sport=sport,
        sub_sport=sub_sport,
        started_at=started_at,
        utc_offset_s=_utc_offset_s(part, started_at, streams, is_absolute=shift_s == 0),
        elapsed_s=elapsed_s,
        timer_s=timer_s,
        streams=streams,
        distance_m=session.number("total_distance"),
        ascent_m=session.number("total_ascent"),
        descent_m=session.number("total_descent"),
        pool_length_m=pool_length_m,
        laps=parts.laps(own["lap"], start_fit_s=window.start_s),
        lengths=parts.lengths(own["length"], start_fit_s=window.start_s, pool_length_m=pool_length_m),
        sets=parts.strength_sets(
            own["set"], parts.exercise_titles(part.all("exercise_title")), start_fit_s=window.start_s
        ),
        pauses=own_pauses,
        rr=rr,
        power_source=_power_source(part, window, columns) if has_running_power else None,
        device_summary={ours: value for theirs, ours in DEVICE_NUMBERS.items() if (value := session.number(theirs))},
    )


def _inside(messages: Sequence[FitMessage], window: _Window) -> list[FitMessage]:
    """Return the laps, lengths or sets that began in the window."""
    inside = []
    for message in messages:
        began = message.number("start_time")
        if began is None:
            began = message.number("timestamp")
        if began is None or window.start_s <= began < window.until_s:
            inside.append(message)
    return inside


def _sport(part: FitPart, session: FitMessage) -> tuple[Sport, str | None]:
    """Return the session's sport; without a session, what another message says."""
    if session.values:
        return sport_of(session.word("sport"), session.word("sub_sport"))
    for name in ("sport", "lap", "workout"):
        for message in part.all(name):
            if (word := message.word("sport")) is not None:
                return sport_of(word, message.word("sub_sport"))
    return Sport.OTHER, None


def _streams(columns: Columns, window: _Window, sport: Sport, findings: Findings) -> Streams:
    inside = (columns.timestamp >= window.start_s) & (columns.timestamp < window.until_s)
    channels = {name: values[inside] for name, values in columns.channels.items()}
    if Channel.DISTANCE_M in channels:
        channels[Channel.DISTANCE_M] = _since_leg_start(columns, inside, window)
    power_w = columns.power_w(inside)
    if power_w is not None:
        channels[Channel.POWER_W] = power_w
    if columns.cadence is not None:
        name, values = cadence_channel(columns.cadence[inside], sport, on_foot=counts_steps(sport), findings=findings)
        channels[name] = values
    return build_streams(columns.timestamp[inside] - window.start_s, channels, findings)


def _power_source(part: FitPart, window: _Window, columns: Columns) -> PowerSource | None:
    """Return what measured the power of a run."""
    inside = (columns.timestamp >= window.start_s) & (columns.timestamp < window.until_s)
    return running_power_source(
        part.all("file_id"),
        part.all("device_info"),
        of_app=columns.is_power_of_app(inside),
        with_cycling=any(_sport(part, session)[0] is Sport.CYCLING for session in part.all("session")),
    )


def _since_leg_start(columns: Columns, inside: BoolArray, window: _Window) -> FloatArray:
    """Return the distance within the leg; most devices count on through a multi-sport recording."""
    distance_m = columns.channels[Channel.DISTANCE_M]
    own: FloatArray = distance_m[inside]
    earlier = distance_m[(columns.timestamp < window.start_s) & np.isfinite(distance_m)]
    known = own[np.isfinite(own)]
    if not earlier.size or not known.size or known[0] < earlier[-1]:
        return own
    since: FloatArray = own - earlier[-1]
    return since


def _durations(session: FitMessage, window: _Window, streams: Streams, pauses: Sequence[Pause]) -> tuple[float, float]:
    """Return elapsed and timer time: the session's own, else from samples and pauses."""
    span_s = float(streams.t_s[-1]) if len(streams) else 0.0
    elapsed_s = parts.duration(session, "total_elapsed_time")
    timer_s = parts.duration(session, "total_timer_time")
    if elapsed_s is None:
        elapsed_s = max(span_s, timer_s or 0.0)
    if timer_s is None:
        stopped_s = sum(pause.end_s - pause.start_s for pause in pauses)
        timer_s = max(0.0, max(elapsed_s, span_s) - stopped_s)
    return max(elapsed_s, timer_s), timer_s


def _utc_offset_s(part: FitPart, started_at: datetime, streams: Streams, *, is_absolute: bool) -> int | None:
    """Return the offset the file states, else that of the first position."""
    for activity in part.all("activity") if is_absolute else ():
        local, utc = activity.number("local_timestamp"), activity.number("timestamp")
        if local is not None and utc is not None and abs(local - utc) <= MAX_OFFSET_S:
            return round((local - utc) / OFFSET_STEP_S) * OFFSET_STEP_S
    return offset_of_track(started_at, streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG))


def _device(part: FitPart) -> dict[str, str | int | None]:
    """Return maker, product and software of the recording device; no serial number."""
    creators = [message for message in part.all("device_info") if message.values.get("device_index") in ("creator", 0)]
    sources = [*part.all("file_id"), *creators]

    def first(*names: str) -> str | int | None:
        for message in sources:
            for name in names:
                value = message.values.get(name)
                if isinstance(value, str | int) and value != "":
                    return value
        return None

    software = next((value for message in creators if (value := message.number("software_version"))), None)
    return {
        "manufacturer": first("manufacturer"),
        "product": first("product_name", "garmin_product", "favero_product", "product"),
        "software_version": None if software is None else f"{software:g}",
    }


def _note_overlaps(legs: Sequence[Leg], findings: Findings) -> None:
    for earlier, later in pairwise(legs):
        if later.started_at < earlier.started_at + timedelta(seconds=earlier.timer_s - 1) and earlier.timer_s > 1:
            findings.add("legs_overlap", "two legs cover the same time; their loads count the same effort twice")
