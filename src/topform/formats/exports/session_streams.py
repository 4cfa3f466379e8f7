"""Bringing series that were recorded apart onto one time axis."""

from __future__ import annotations

from array import array
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from topform.core.activity import Channel, Streams
from topform.core.arrays import FloatArray
from topform.formats.findings import Findings
from topform.formats.track import build_streams

HOLD_S = 15.0
"""For how long a value counts until the next one: wrist sensors save the pulse about every five seconds."""


class Series:
    """Instants and values of one quantity, 12 bytes a sample."""

    def __init__(self) -> None:
        self._at_s, self._values = array("d"), array("f")
        self._sorted: tuple[FloatArray, NDArray[np.float32]] | None = None

    def __len__(self) -> int:
        return len(self._at_s)

    def add(self, at_s: float, value: float) -> None:
        """Take a sample."""
        self._at_s.append(at_s)
        self._values.append(value)

    def between(self, start_s: float, end_s: float) -> tuple[FloatArray, FloatArray]:
        """Return the samples of a stretch in order of time."""
        at_s, values = self._in_order()
        first, last = np.searchsorted(at_s, [start_s, end_s + 1e-6])
        return at_s[first:last].copy(), values[first:last].astype(np.float64)

    def _in_order(self) -> tuple[FloatArray, NDArray[np.float32]]:
        if self._sorted is None:
            at_s = np.frombuffer(self._at_s, dtype=np.float64) if self._at_s else np.empty(0)
            values = np.frombuffer(self._values, dtype=np.float32) if self._values else np.empty(0, np.float32)
            if at_s.size > 1 and np.any(at_s[1:] < at_s[:-1]):
                order = np.argsort(at_s, kind="stable")
                at_s, values = at_s[order], values[order]
            self._sorted = at_s, values
        return self._sorted


def joined_streams(
    series: Mapping[Channel, tuple[FloatArray, FloatArray]], *, start_s: float, track: Streams | None
) -> Streams:
    """Return streams on the track's axis, or on the instants of all series; values hold until the next one.

    Parameters
    ----------
    series : mapping of Channel to (instants, values)
        Instants in seconds since 1970, in order of time.
    start_s : float
        Start of the leg. [s since 1970]
    track : Streams or None
        A recorded route on the leg's own time axis.
    """
    axis = track.t_s if track is not None and len(track) else _axis(series, start_s)
    channels = dict(track.channels) if track is not None and len(track) else {}
    for name, (at_s, values) in series.items():
        held = _held(axis, at_s - start_s, values)
        if np.isfinite(held).any():
            channels[name] = held
    return build_streams(axis, channels, Findings())


def _axis(series: Mapping[Channel, tuple[FloatArray, FloatArray]], start_s: float) -> FloatArray:
    instants = [np.round(at_s - start_s) for at_s, _ in series.values()]
    joined: FloatArray = np.unique(np.concatenate(instants)) if instants else np.empty(0)
    return joined[joined >= 0]


def _held(axis: FloatArray, t_s: FloatArray, values: FloatArray) -> FloatArray:
    held = np.full(axis.size, np.nan)
    if not t_s.size:
        return held
    place = np.searchsorted(t_s, axis + 0.5, side="right") - 1
    known = place >= 0
    known[known] = axis[known] - t_s[place[known]] <= HOLD_S
    held[known] = values[place[known]]
    return held
