"""Samples as they stand in a file, brought onto one valid time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from topform.core.activity import Channel, Pause, Sport, Streams
from topform.core.arrays import FloatArray, IntArray
from topform.core.units import S_PER_DAY, STEPS_PER_STRIDE
from topform.formats.findings import Findings, counted

EARLIEST_EPOCH_S = 631_065_600.0
"""1989-12-31, the zero of FIT time; nothing this software reads is older."""

MAX_EPOCH_S = 4_102_444_800.0
"""2100-01-01; later dates are damage."""

MAX_DAYS_FROM_MEDIAN = 45.0
"""A sample further than this from the recording's median instant carries a wrong clock."""

CHANNEL_ORDER = {channel: place for place, channel in enumerate(Channel)}

STEPS_NOT_STRIDES_ABOVE = 120.0
"""Median leg-pair cadence nobody holds: above it the file already counts steps. [1/min]"""


def plausible_instants(epoch_s: FloatArray, findings: Findings) -> FloatArray:
    """Return the instants with those of a wrong clock replaced by NaN."""
    epoch_s = np.where((epoch_s >= EARLIEST_EPOCH_S) & (epoch_s <= MAX_EPOCH_S), epoch_s, np.nan)
    if not np.isfinite(epoch_s).any():
        return epoch_s
    far = np.abs(epoch_s - np.nanmedian(epoch_s)) > MAX_DAYS_FROM_MEDIAN * S_PER_DAY
    if far.any():
        findings.add("clock_implausible", f"{counted(int(far.sum()), 'sample')} far from the recording's date left out")
    return np.where(far, np.nan, epoch_s)


def build_streams(t_s: FloatArray, channels: Mapping[Channel, FloatArray], findings: Findings) -> Streams:
    """Sort samples by time, join those of one instant, drop values that cannot be observations.

    Within one instant the later observed value wins, channel by channel, and different ones are told. Channels never
    observed are absent.
    """
    timed = np.isfinite(t_s)
    if not timed.all():
        t_s = t_s[timed]
        channels = {name: values[timed] for name, values in channels.items()}
    t_s = np.round(t_s, 3)
    steps_back = int(np.count_nonzero(np.diff(t_s) < 0))
    if steps_back:
        findings.add(
            "time_not_in_order", f"time runs backwards {counted(steps_back, 'time')}; samples were sorted by time"
        )
    axis, place = np.unique(t_s, return_inverse=True)
    order = np.argsort(t_s, kind="stable")
    joined: dict[Channel, FloatArray] = {}
    plausible = _plausible(channels)
    if axis.size < t_s.size:
        _tell_conflicts(place[order], {name: values[order] for name, values in plausible.items()}, findings)
    for name in sorted(plausible, key=CHANNEL_ORDER.__getitem__):
        values = plausible[name]
        observed = order[np.isfinite(values[order])]
        if observed.size:
            column = np.full(axis.size, np.nan)
            column[place[observed]] = values[observed]
            joined[name] = column
    return Streams(t_s=axis, channels=joined)


def _tell_conflicts(place: IntArray, channels: Mapping[Channel, FloatArray], findings: Findings) -> None:
    """Tell at how many instants a quantity has several values; the places are those of instants, in order."""
    counts: dict[str, int] = {}
    for name in sorted(channels, key=CHANNEL_ORDER.__getitem__):
        observed = np.isfinite(channels[name])
        where, values = place[observed], channels[name][observed]
        differs = (np.diff(where) == 0) & (np.diff(values) != 0)
        if differs.any():
            counts[name.value] = int(np.unique(where[1:][differs]).size)
    if counts:
        places = ", ".join(f"{name} at {counted(count, 'instant')}" for name, count in counts.items())
        findings.add("samples_conflict", f"different values of one instant: {places}; the later ones were taken")


def _plausible(channels: Mapping[Channel, FloatArray]) -> dict[Channel, FloatArray]:
    """Remove what is no observation: a pulse of zero, a place off the globe, the point 0, 0 of a lost fix."""
    cleaned = dict(channels)
    if (hr_bpm := cleaned.get(Channel.HR_BPM)) is not None:
        cleaned[Channel.HR_BPM] = np.where(hr_bpm > 0, hr_bpm, np.nan)
    latitude, longitude = cleaned.get(Channel.LATITUDE_DEG), cleaned.get(Channel.LONGITUDE_DEG)
    if latitude is not None and longitude is not None:
        on_globe = (np.abs(latitude) <= 90) & (np.abs(longitude) <= 180)
        lost = (latitude == 0) & (longitude == 0)
        cleaned[Channel.LATITUDE_DEG] = np.where(on_globe & ~lost, latitude, np.nan)
        cleaned[Channel.LONGITUDE_DEG] = np.where(on_globe & ~lost, longitude, np.nan)
    return cleaned


def cadence_channel(
    cadence: FloatArray, sport: Sport, *, on_foot: bool, findings: Findings
) -> tuple[Channel, FloatArray]:
    """Name the cadence channel and convert strides to steps on foot.

    Files count strides (one foot) on foot; the few that count steps are recognised by a median nobody reaches
    with one foot.
    """
    if not on_foot:
        return Channel.CADENCE_RPM, cadence
    moving = cadence[cadence > 0]
    if moving.size and float(np.median(moving)) > STEPS_NOT_STRIDES_ABOVE:
        findings.add("cadence_in_steps", f"cadence of this {sport.value} leg already counts steps; it was not doubled")
        return Channel.CADENCE_SPM, cadence
    return Channel.CADENCE_SPM, cadence * STEPS_PER_STRIDE


PAUSE_GAP_S = 60.0
PAUSE_GAP_MEDIANS = 10.0
STANDING_SPEED_M_S = 0.5


def pauses_from_gaps(streams: Streams, breaks: Sequence[Pause], findings: Findings) -> tuple[Pause, ...]:
    """Return the pauses of a format without timer events.

    Breaks that the file marks count, and so does a long gap between samples in which nobody went anywhere.
    """
    found = list(breaks)
    if len(streams) > 1:
        gaps = np.diff(streams.t_s)
        longest_s = max(PAUSE_GAP_S, PAUSE_GAP_MEDIANS * float(np.median(gaps)))
        for place in np.flatnonzero(gaps > longest_s):
            begin, end = float(streams.t_s[place]), float(streams.t_s[place + 1])
            is_known = any(pause.start_s < end and begin < pause.end_s for pause in breaks)
            if not is_known and _progress_m(streams, int(place)) < STANDING_SPEED_M_S * (end - begin):
                found.append(Pause(start_s=begin, end_s=end))
    inferred = len(found) - len(breaks)
    if inferred:
        findings.add("gaps_taken_as_pauses", f"{counted(inferred, 'long gap')} without progress taken as a pause")
    return _merged(found)


def _progress_m(streams: Streams, place: int) -> float:
    """Return the distance made between a sample and the next, 0 where none is known. [m]"""
    distance = streams.get(Channel.DISTANCE_M)
    if distance is not None and np.isfinite(distance[place : place + 2]).all():
        return float(distance[place + 1] - distance[place])
    latitude, longitude = streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG)
    if latitude is None or longitude is None or not np.isfinite([*latitude[place : place + 2]]).all():
        return 0.0
    north, east = np.diff(latitude[place : place + 2])[0], np.diff(longitude[place : place + 2])[0]
    east *= np.cos(np.radians(latitude[place]))
    return float(np.hypot(north, east)) * M_PER_DEGREE


M_PER_DEGREE = 111_195.0


def _merged(pauses: Sequence[Pause]) -> tuple[Pause, ...]:
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda item: item.start_s):
        if merged and pause.start_s <= merged[-1].end_s:
            merged[-1] = Pause(merged[-1].start_s, max(merged[-1].end_s, pause.end_s))
        else:
            merged.append(pause)
    return tuple(merged)
