"""Clocks that jump by hours within a recording: always told, mended where only one reading is possible."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from topform.core.activity import Channel
from topform.core.arrays import FloatArray, IntArray
from topform.core.units import S_PER_HOUR
from topform.formats.findings import Findings
from topform.formats.track import M_PER_DEGREE

JUMP_BACK_AT_LEAST_S = 1800.0
ZONE_STEP_S = 900.0
"""Offsets of time zones are whole quarters of an hour."""

CONTINUES_WITHIN_S = 30.0
"""How long after the last sample before a jump the first one after it may truly come."""

CONTINUES_WITHIN_M = 30.0
CONTINUES_BELOW_M_S = 45.0
"""Further or faster than this between two samples, and the athlete did not simply go on."""

FORWARD_SLACK_S = 5.0
"""A gap of whole hours and no more than this looks like a clock that was put forward."""

FORWARD_BELOW_SPACING_S = 60.0
"""Recordings with fewer samples have such gaps by chance."""

SAME_PLACE_DEG = 1e-6


def note_clock_jumps(instants: FloatArray, findings: Findings) -> None:
    """Tell every jump of the clock; nothing is changed.

    Parameters
    ----------
    instants : FloatArray
        (n,) in the file's order, NaN where a sample has no time. [s]
    findings : Findings
    """
    timed = np.flatnonzero(np.isfinite(instants))
    for place in _backward(instants, timed):
        _tell_backward(instants, timed, place, findings)
    _tell_forward(instants, timed, findings)


def mended_clock(instants: FloatArray, channels: Mapping[Channel | str, FloatArray], findings: Findings) -> FloatArray:
    """Return the instants with the samples before a jump shifted onto the clock after it.

    A step back is mended when a shift by whole quarters of an hour lets the recording go on within half a minute,
    and the samples prove that it went on: the distance counts on, or else the places connect while the athlete
    would otherwise have been at two places at once. Every other jump is told only: a step back can be parts in the
    wrong order, a step forward can be a break.

    Parameters
    ----------
    instants : FloatArray
        (n,) in the file's order, NaN where a sample has no time. [s]
    channels : mapping of Channel or str to FloatArray
        Each (n,).
    findings : Findings

    Returns
    -------
    FloatArray
        (n,) [s]
    """
    timed = np.flatnonzero(np.isfinite(instants))
    mended = instants.copy()
    for place in reversed(_backward(instants, timed)):
        before, after = int(timed[place]), int(timed[place + 1])
        step_s = float(mended[after] - mended[before])
        shift_s = (np.floor(-step_s / ZONE_STEP_S) + 1) * ZONE_STEP_S
        gap_s = step_s + shift_s
        if gap_s > CONTINUES_WITHIN_S or not _goes_on(mended, channels, timed, place, gap_s):
            _tell_backward(instants, timed, place, findings)
            continue
        mended[: before + 1] -= shift_s
        findings.add(
            "clock_jump_mended",
            f"the clock jumps back by {_words(shift_s)} after sample {before + 1}; "
            f"the samples before it were shifted by that",
        )
    _tell_forward(mended, timed, findings)
    return mended


def _backward(instants: FloatArray, timed: IntArray) -> list[int]:
    """Return the places among the timed samples after which time steps back by hours."""
    places: list[int] = np.flatnonzero(np.diff(instants[timed]) <= -JUMP_BACK_AT_LEAST_S).tolist()
    return places


def _tell_backward(instants: FloatArray, timed: IntArray, place: int, findings: Findings) -> None:
    before, after = int(timed[place]), int(timed[place + 1])
    findings.add(
        "clock_jump",
        f"the clock jumps back by {_words(float(instants[before] - instants[after]))} after sample {before + 1}; "
        f"times on one side of it are wrong or parts stand in the wrong order",
    )


def _tell_forward(instants: FloatArray, timed: IntArray, findings: Findings) -> None:
    """Tell gaps of whole hours between samples that are otherwise close."""
    steps_s = np.diff(instants[timed])
    ahead = steps_s[steps_s > 0]
    if not ahead.size or float(np.median(ahead)) >= FORWARD_BELOW_SPACING_S:
        return
    slack_s = min(2 * float(np.median(ahead)), FORWARD_SLACK_S)
    is_jump = (steps_s >= S_PER_HOUR) & (steps_s % S_PER_HOUR <= slack_s)
    for place in np.flatnonzero(is_jump).tolist():
        whole_s = float(steps_s[place] // S_PER_HOUR * S_PER_HOUR)
        findings.add(
            "clock_jump_possible",
            f"the clock goes forward by {_words(whole_s)} after sample {int(timed[place]) + 1}; "
            f"that can be a break or a clock that was put forward",
        )


def _goes_on(
    instants: FloatArray, channels: Mapping[Channel | str, FloatArray], timed: IntArray, place: int, gap_s: float
) -> bool:
    """Say whether the samples prove that the recording went on over the jump."""
    before, after = int(timed[place]), int(timed[place + 1])
    reach_m = CONTINUES_WITHIN_M + CONTINUES_BELOW_M_S * gap_s
    distance_m = channels.get(Channel.DISTANCE_M)
    if distance_m is not None and np.isfinite(distance_m[[before, after]]).all() and distance_m[before] > 0:
        return bool(0 <= distance_m[after] - distance_m[before] <= reach_m)
    latitude, longitude = channels.get(Channel.LATITUDE_DEG), channels.get(Channel.LONGITUDE_DEG)
    if latitude is None or longitude is None:
        return False
    north = latitude[after] - latitude[before]
    east = (longitude[after] - longitude[before]) * np.cos(np.radians(latitude[before]))
    connects = bool(np.hypot(north, east) * M_PER_DEGREE <= reach_m)
    return connects and _is_at_two_places(instants, latitude, longitude, timed, place)


def _is_at_two_places(
    instants: FloatArray, latitude: FloatArray, longitude: FloatArray, timed: IntArray, place: int
) -> bool:
    """Say whether most instants that both sides share have different places; a copy of the track has the same."""
    first, second = timed[: place + 1], timed[place + 1 :]
    _, ours, theirs = np.intersect1d(instants[first], instants[second], return_indices=True)
    ours, theirs = first[ours], second[theirs]
    apart = np.maximum(np.abs(latitude[ours] - latitude[theirs]), np.abs(longitude[ours] - longitude[theirs]))
    apart = apart[np.isfinite(apart)]
    return bool(apart.size and np.count_nonzero(apart > SAME_PLACE_DEG) > apart.size / 2)


def _words(seconds: float) -> str:
    """Return a length of time in hours, minutes and seconds.

    Examples
    --------
    >>> _words(7200), _words(9045)
    ('2 h', '2 h 30 min 45 s')
    """
    minutes, rest_s = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return " ".join(f"{count} {unit}" for count, unit in ((hours, "h"), (minutes, "min"), (rest_s, "s")) if count)
