"""Whether one recorded route is a copy of another, or two people were out together.

Two receivers never write the same positions. Each has its own noise of metres, which wanders for many seconds, and
people side by side are a metre or more apart and brake, turn and overtake a moment apart. So the routes of two
friends lie on the same road, but at the same moment of the recording they are metres from each other, and how many
metres changes all the time. A copy has the positions of its original, sample by sample: whatever moved its clock as a
whole, left samples out or rounded them, at the same moment of the recording it is at the same place. The width of
that place is what decides, so it is set by what exports round: five decimals of a degree, 0.56 m to each side.

What this cannot find: copies that were cut at the start by more than a few seconds, run at another speed, moved,
blurred, or rounded to four decimals (11 m), which looks like company.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from topform.core.activity import Channel, Streams
from topform.core.arrays import BoolArray, FloatArray
from topform.science.motion import M_PER_DEGREE
from topform.science.resampling import bridged_gap_s

SAME_PLACE_M: Final = 1.0
"""Ahead or behind, and to either side. Positions rounded to five decimals are off by at most 0.56 m each way. Phones
alone are within 4.9 m of the truth in the open [1]_, and two of them are not off in the same way."""

COPIED_FRAC: Final = 0.95
MIN_SAMPLES: Final = 120
MIN_WAY_M: Final = 1000.0
"""Less has too few independent errors of a receiver to tell chance from a copy."""

MIN_COVERED_FRAC: Final = 0.9
MAX_OFFSET_S: Final = 3.0
"""How much the first positions of a copy may be apart on its clock: rounded times, or a first sample left out."""

MOVING_M_S: Final = 0.5
"""Slower, positions say nothing: receivers that stand still often hold the last one."""

SPEED_OVER_S: Final = 5.0
ROUNDED_TIME_S: Final = 0.5
WHOLE_S: Final = 1e-3
FITTED: Final = 5

ComplexArray = NDArray[np.complex128]
"""Places on a plane: metres east, and metres north as the imaginary part."""


@dataclass(frozen=True, slots=True)
class Copied:
    """How near a copy is to its original.

    Parameters
    ----------
    samples : int
        Compared ones, of the recording that has fewer, in motion.
    same_frac : float
        Share of them at the same place. [0..1]
    apart_m : float
        Median distance. [m]
    """

    samples: int
    same_frac: float
    apart_m: float


def copied_track(first: Streams, second: Streams) -> Copied | None:
    """Return how near two routes are when one is a copy of the other, else None.

    Both begin at their first position, and a small difference of clocks is taken out by least squares. Then each
    sample of the recording that has fewer in motion is held against where the other one is at that moment, on a
    straight line between its samples. Where only one of the two has whole seconds, being half a second ahead or
    behind is the rounding of time.

    Parameters
    ----------
    first, second : Streams
        With positions in ``latitude_deg`` and ``longitude_deg``; without them there is nothing to compare.

    Returns
    -------
    Copied or None
        None also for less than a kilometre or two minutes, and when less than nine tenths can be compared.

    References
    ----------
    .. [1] F. van Diggelen, P. Enge, "The world's first GPS MOOC and worldwide laboratory using smartphones," Proc. ION
       GNSS+, pp. 361-369, 2015.
    """
    tracks = sorted((one for one in map(_track, (first, second)) if one is not None), key=lambda one: one[0].size)
    if len(tracks) < 2 or tracks[0][0].size < MIN_SAMPLES:
        return None
    (few_s, few_deg), (many_s, many_deg) = tracks
    few, many = _on_plane(few_deg, few_deg[0]), _on_plane(many_deg, few_deg[0])
    t_s = few_s + _offset_s(few_s, few, many_s, many)
    velocity = _velocity(t_s, many_s, many)
    speed_m_s = np.abs(velocity)
    seen = _is_seen(t_s, many_s)
    compared = seen & (speed_m_s >= MOVING_M_S)
    way_m = float((speed_m_s * np.gradient(few_s))[compared].sum())
    if compared.sum() < MIN_SAMPLES or seen.mean() < MIN_COVERED_FRAC or way_m < MIN_WAY_M:
        return None
    apart = (few - np.interp(t_s, many_s, many))[compared]
    turned = apart * velocity[compared].conj() / speed_m_s[compared]  # ahead, and to the left as the imaginary part
    slack_s = 0.0 if _has_whole_seconds(few_s) == _has_whole_seconds(many_s) else ROUNDED_TIME_S
    is_same = (np.abs(turned.real) <= SAME_PLACE_M + slack_s * speed_m_s[compared]) & (
        np.abs(turned.imag) <= SAME_PLACE_M
    )
    same_frac = float(is_same.mean())
    if same_frac < COPIED_FRAC:
        return None
    return Copied(int(compared.sum()), same_frac, float(np.median(np.abs(apart))))


def _track(streams: Streams) -> tuple[FloatArray, ComplexArray] | None:
    """Return the times since the first position [s], and longitudes with latitudes as imaginary part [deg]."""
    latitude, longitude = streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG)
    if latitude is None or longitude is None:
        return None
    observed = np.isfinite(latitude) & np.isfinite(longitude)
    if not observed.any():
        return None
    t_s = streams.t_s[observed]
    return t_s - t_s[0], longitude[observed] + 1j * latitude[observed]


def _on_plane(positions_deg: ComplexArray, origin_deg: Any) -> ComplexArray:
    east_deg = (positions_deg.real - origin_deg.real + 180.0) % 360.0 - 180.0
    north_deg = positions_deg.imag - origin_deg.imag
    plane: ComplexArray = M_PER_DEGREE * (east_deg * np.cos(np.radians(origin_deg.imag)) + 1j * north_deg)
    return plane


def _offset_s(few_s: FloatArray, few: ComplexArray, many_s: FloatArray, many: ComplexArray) -> float:
    """Return what to add to the times of the one with fewer samples so that both are as near as they can be. [s]"""
    offset_s = 0.0
    for _ in range(FITTED):
        t_s = few_s + offset_s
        velocity = _velocity(t_s, many_s, many)
        used = _is_seen(t_s, many_s) & (np.abs(velocity) >= MOVING_M_S)
        if not used.any():
            return 0.0
        apart = few[used] - np.interp(t_s[used], many_s, many)
        ahead_s = float((apart * velocity[used].conj()).real.sum() / (np.abs(velocity[used]) ** 2).sum())
        offset_s = float(np.clip(offset_s + ahead_s, -MAX_OFFSET_S, MAX_OFFSET_S))
    return offset_s


def _velocity(t_s: FloatArray, track_s: FloatArray, track: ComplexArray) -> ComplexArray:
    """Return the mean velocity around some moments, so that rounded positions give a direction. [m/s]"""
    before_s, after_s = (np.clip(t_s + side * SPEED_OVER_S / 2, track_s[0], track_s[-1]) for side in (-1, 1))
    way: ComplexArray = np.interp(after_s, track_s, track) - np.interp(before_s, track_s, track)
    velocity: ComplexArray = way / np.maximum(after_s - before_s, WHOLE_S)
    return velocity


def _is_seen(t_s: FloatArray, track_s: FloatArray) -> BoolArray:
    """Tell at which moments a track was recorded: within it, and not in a pause."""
    after = np.clip(np.searchsorted(track_s, t_s), 1, track_s.size - 1)
    is_in_gap = track_s[after] - track_s[after - 1] > bridged_gap_s(track_s)
    seen: BoolArray = (t_s >= track_s[0] - MAX_OFFSET_S) & (t_s <= track_s[-1] + MAX_OFFSET_S) & ~is_in_gap
    return seen


def _has_whole_seconds(t_s: FloatArray) -> bool:
    steps_s = np.diff(t_s)
    return bool(np.all(np.abs(steps_s - np.round(steps_s)) <= WHOLE_S))
