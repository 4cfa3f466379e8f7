"""Several recordings of one workout as one: each quantity from the source that tells it best, or that was chosen.

Pure: the same sources, choices and preferences always give the same recording. Nothing of a source is lost, since the
sources themselves stay as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from topform.core.activity import Channel, Leg, Recording, RRIntervals, Streams
from topform.core.arrays import FloatArray
from topform.core.provenance import restriction_of
from topform.science.same_session import compare_sessions, fine_shift_s, sports_agree
from topform.science.session_trace import Trace, trace_of

VERSION: Final = 1
"""Of the rules below; a change makes merged activities be computed again."""

WHOLE_FRAC: Final = 0.97
"""A recording this long, measured by the longest, may give the frame; a shorter one only fills it."""

COVERAGE_STEP: Final = 0.1
MIN_COVERAGE: Final = 0.05
HOLD_S: Final = 1.5
NO_MAKER: Final = "development"
"""What programs write that have no number of their own."""

BRIDGE_S: Final = 30.0
SAME_DISTANCE_FRAC: Final = 0.95


class Quantity(StrEnum):
    """What is taken from one source as a whole."""

    POSITION = "position"
    DISTANCE = "distance"
    ALTITUDE = "altitude"
    HEART_RATE = "heart_rate"
    HEART_BEATS = "heart_beats"
    POWER = "power"
    CADENCE = "cadence"
    RUNNING_FORM = "running_form"
    RESPIRATION = "respiration"
    TEMPERATURE = "temperature"
    CORE_TEMPERATURE = "core_temperature"


CHANNELS: Final[dict[Quantity, tuple[Channel, ...]]] = {
    Quantity.POSITION: (Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG),
    Quantity.DISTANCE: (Channel.DISTANCE_M, Channel.SPEED_M_S),
    Quantity.ALTITUDE: (Channel.ALTITUDE_M,),
    Quantity.HEART_RATE: (Channel.HR_BPM,),
    Quantity.HEART_BEATS: (),
    Quantity.POWER: (Channel.POWER_W, Channel.LEFT_BALANCE_FRAC),
    Quantity.CADENCE: (Channel.CADENCE_RPM, Channel.CADENCE_SPM),
    Quantity.RUNNING_FORM: (
        Channel.GROUND_CONTACT_MS, Channel.VERTICAL_OSCILLATION_M, Channel.STEP_LENGTH_M, Channel.STRIDE_LENGTH_M,
    ),
    Quantity.RESPIRATION: (Channel.RESPIRATION_RPM,),
    Quantity.TEMPERATURE: (Channel.TEMPERATURE_C,),
    Quantity.CORE_TEMPERATURE: (Channel.CORE_TEMPERATURE_C,),
}  # fmt: skip
CONTINUOUS: Final = frozenset({*CHANNELS[Quantity.POSITION], Channel.DISTANCE_M, Channel.ALTITUDE_M})
"""Interpolated between samples; what is counted or averaged by the sensor is taken from the nearest sample."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One recording of the workout; the order of sources is that in which they came."""

    key: str
    recording: Recording
    quality: float
    device: str
    provider: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """The workout as one recording, and what came from where.

    ``given_by`` names the source of each quantity, ``available`` the quantities that each source could give,
    ``shift_s`` what to add to each source's times.
    """

    recording: Recording
    base: str
    given_by: Mapping[Quantity, str]
    available: Mapping[str, tuple[Quantity, ...]]
    shift_s: Mapping[str, float]
    provider: str | None

    @property
    def digest(self) -> str:
        """What the recording was made from, as a digest; the source's own where only one is used."""
        if set(self.given_by.values()) <= {self.base}:
            return self.base
        used = {quantity.value: [key, round(self.shift_s[key], 3)] for quantity, key in self.given_by.items()}
        return hashlib.sha256(json.dumps([VERSION, self.base, used], sort_keys=True).encode()).hexdigest()


def device_name(device: Mapping[str, object], *, file_format: str, provider: str | None = None) -> str:
    """Return what the athlete knows a source by: maker and product, else the service, else the format."""
    parts = [str(device.get(name) or "").strip() for name in ("manufacturer", "product")]
    if parts[1] and parts[0] == NO_MAKER:
        parts = parts[1:]
    name = " ".join(dict.fromkeys(part for part in parts if part))
    return name or provider or file_format.upper()


def merge_recordings(
    sources: Sequence[Source],
    *,
    choice: Mapping[Quantity, str] | None = None,
    preferences: Mapping[Quantity, Sequence[str]] | None = None,
) -> Merged:
    """Return the workout that the sources tell of together.

    The longest and richest source gives the frame: sport, times, laps, lengths, sets. Each quantity comes from the
    source chosen for this activity; else from the athlete's preferred device; else from the one that may be used
    freely, observed it for the most of the time, and recorded it most densely.
    """
    base = _base(sources)
    traces = [trace_of(leg) for leg in base.recording.legs]
    parts = {source.key: _aligned(source, base, traces) for source in sources}
    available = {key: _available(part) for key, part in parts.items()}
    given_by: dict[Quantity, str] = {}
    for quantity in Quantity:
        able = [source for source in sources if quantity in available[source.key]]
        if able:
            chosen = (choice or {}).get(quantity)
            liked = list((preferences or {}).get(quantity, ()))
            best = min(
                able, key=lambda source: _rank(source, parts[source.key], quantity, base, chosen=chosen, liked=liked)
            )
            given_by[quantity] = best.key
    used = [source for source in sources if source.key in {base.key, *given_by.values()}]
    restricted = next((source.provider for source in used if restriction_of(source.provider) is not None), None)
    return Merged(
        recording=_joined(base, parts, given_by, sources),
        base=base.key,
        given_by=given_by,
        available=available,
        shift_s={key: part.shift_s for key, part in parts.items()},
        provider=restricted or base.provider,
    )


def _base(sources: Sequence[Source]) -> Source:
    longest_s = max(_timer_s(source.recording) for source in sources)
    order = {source.key: place for place, source in enumerate(sources)}

    def rank(source: Source) -> tuple[bool, bool, bool, int, float, int]:
        recording = source.recording
        return (
            recording.salvaged,
            restriction_of(source.provider) is not None,
            _timer_s(recording) < WHOLE_FRAC * longest_s,
            -len(recording.legs),
            -source.quality,
            order[source.key],
        )

    return min(sources, key=rank)


def _timer_s(recording: Recording) -> float:
    return sum(leg.timer_s for leg in recording.legs)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What a source has for one leg of the base, on that leg's time axis."""

    t_s: FloatArray
    channels: Mapping[Channel, FloatArray]
    rr: RRIntervals | None
    leg: Leg | None

    def coverage(self, channels: Sequence[Channel], elapsed_s: float) -> float:
        """Return for how much of the leg any of the channels was observed."""
        known = np.zeros(self.t_s.size, dtype=np.bool_)
        for name in channels:
            if name in self.channels:
                known |= np.isfinite(self.channels[name])
        if not known.any() or elapsed_s <= 0:
            return 0.0
        gaps = np.clip(np.diff(self.t_s[known], append=self.t_s[known][-1] + 1.0), 0.0, BRIDGE_S)
        return min(float(gaps.sum()) / elapsed_s, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class _Aligned:
    """A source brought onto the base's clock; without parts when no single shift does that."""

    shift_s: float
    parts: tuple[_Part, ...]
    weights_s: tuple[float, ...]

    def coverage(self, quantity: Quantity) -> float:
        """Return for how much of the whole workout the quantity was observed."""
        total = sum(self.weights_s)
        if quantity is Quantity.HEART_BEATS:
            beats = sum(float(part.rr.rr_ms.sum()) / 1000.0 for part in self.parts if part.rr is not None)
            return min(beats / total, 1.0) if total > 0 else 0.0
        seen = sum(
            part.coverage(CHANNELS[quantity], weight) * weight
            for part, weight in zip(self.parts, self.weights_s, strict=True)
        )
        return seen / total if total > 0 else 0.0

    def samples(self, quantity: Quantity) -> int:
        """Return how many samples of the quantity there are."""
        if quantity is Quantity.HEART_BEATS:
            return sum(len(part.rr) for part in self.parts if part.rr is not None)
        names = CHANNELS[quantity]
        return max((sum(_count(part.channels.get(name)) for part in self.parts) for name in names), default=0)


def _count(values: FloatArray | None) -> int:
    return 0 if values is None else int(np.isfinite(values).sum())


def _aligned(source: Source, base: Source, traces: Sequence[Trace]) -> _Aligned:
    weights = tuple(max(leg.elapsed_s, 1.0) for leg in base.recording.legs)
    if source is base:
        own = tuple(_Part(leg.streams.t_s, leg.streams.channels, leg.rr, leg) for leg in base.recording.legs)
        return _Aligned(0.0, own, weights)
    theirs = [trace_of(leg) for leg in source.recording.legs]
    verdict = compare_sessions(traces, theirs)
    shift_s = verdict.shift_s if verdict is not None and verdict.is_same else 0.0
    if verdict is not None and verdict.is_same and verdict.lost_pauses:
        return _Aligned(shift_s, tuple(_nothing() for _ in weights), weights)
    if verdict is not None and verdict.is_same:
        one, other = _longest_pair(traces, theirs, shift_s)
        shift_s = fine_shift_s(one, other, around_s=shift_s)
    parts = tuple(_part(leg, source.recording.legs, shift_s) for leg in base.recording.legs)
    return _Aligned(float(shift_s), parts, weights)


def _longest_pair(first: Sequence[Trace], second: Sequence[Trace], shift_s: float) -> tuple[Trace, Trace]:
    """Return the legs that share the most time."""

    def shared(pair: tuple[Trace, Trace]) -> float:
        one, other = pair
        return min(one.ends_s, other.ends_s + shift_s) - max(one.begins_s, other.begins_s + shift_s)

    return max(((one, other) for one in first for other in second), key=shared)


def _nothing() -> _Part:
    return _Part(np.empty(0), {}, None, None)


def _part(base: Leg, legs: Sequence[Leg], shift_s: float) -> _Part:
    """Return the samples that fall into a leg of the base."""
    begins, last_s = base.started_at.timestamp(), max(base.elapsed_s, _last_s(base))
    pieces: list[tuple[FloatArray, Leg]] = []
    beats: list[tuple[FloatArray, FloatArray]] = []
    for leg in legs:
        if not sports_agree(base.sport, leg.sport):
            continue
        offset_s = leg.started_at.timestamp() + shift_s - begins
        t_s = leg.streams.t_s + offset_s
        if ((t_s >= -1.0) & (t_s <= last_s + 1.0)).any():
            pieces.append((t_s, leg))
        if leg.rr is not None:
            at = leg.rr.t_s + offset_s
            inside = (at >= 0) & (at <= last_s)
            beats.append((at[inside], leg.rr.rr_ms[inside]))
    times = [t_s[(t_s >= -1.0) & (t_s <= last_s + 1.0)] for t_s, _ in pieces]
    axis = np.unique(np.concatenate(times)) if times else np.empty(0)
    channels: dict[Channel, FloatArray] = {}
    for t_s, leg in pieces:
        inside = (t_s >= -1.0) & (t_s <= last_s + 1.0)
        place = np.searchsorted(axis, t_s[inside])
        for name, values in leg.streams.channels.items():
            channels.setdefault(name, np.full(axis.size, np.nan))[place] = values[inside]
    joined = [np.concatenate(columns) for columns in zip(*beats, strict=True)] if beats else []
    rr = RRIntervals(*joined) if joined and joined[0].size else None
    return _Part(axis, channels, rr, pieces[0][1] if len(pieces) == 1 else None)


def _last_s(leg: Leg) -> float:
    return float(leg.streams.t_s[-1]) if len(leg.streams) else 0.0


def _available(part: _Aligned) -> tuple[Quantity, ...]:
    return tuple(quantity for quantity in Quantity if part.coverage(quantity) >= MIN_COVERAGE)


def _rank(
    source: Source, part: _Aligned, quantity: Quantity, base: Source, *, chosen: str | None, liked: Sequence[str]
) -> tuple[bool, int, bool, bool, float, float, bool, float, str]:
    """Return the order of preference, the best first."""
    total_s = sum(part.weights_s)
    return (
        source.key != chosen,
        liked.index(source.device) if source.device in liked else len(liked),
        restriction_of(source.provider) is not None,
        source.recording.salvaged,
        -round(part.coverage(quantity) / COVERAGE_STEP),
        -round(min(part.samples(quantity) / max(total_s, 1.0), 1.0), 1),
        source is not base,
        -source.quality,
        source.key,
    )


def _joined(
    base: Source, parts: Mapping[str, _Aligned], given_by: Mapping[Quantity, str], sources: Sequence[Source]
) -> Recording:
    title = base.recording.title or next((one.recording.title for one in sources if one.recording.title), None)
    if set(given_by.values()) <= {base.key}:
        return base.recording if title == base.recording.title else replace(base.recording, title=title)
    legs = tuple(
        _joined_leg(leg, {key: part.parts[index] for key, part in parts.items()}, given_by, base.key)
        for index, leg in enumerate(base.recording.legs)
    )
    return replace(base.recording, legs=legs, title=title)


def _joined_leg(leg: Leg, parts: Mapping[str, _Part], given_by: Mapping[Quantity, str], base: str) -> Leg:
    chosen = {quantity: parts[key] for quantity, key in given_by.items()}
    axis = _axis(leg, [parts[base], *chosen.values()])
    channels: dict[Channel, FloatArray] = {}
    for quantity, part in chosen.items():
        for name in CHANNELS[quantity]:
            if name in part.channels:
                values = _onto(axis, part.t_s, part.channels[name], is_continuous=name in CONTINUOUS)
                if np.isfinite(values).any():
                    channels[name] = values
    changes: dict[str, object] = {}
    if (given := given_by.get(Quantity.DISTANCE)) is not None and given != base:
        if Channel.DISTANCE_M in channels:
            channels[Channel.DISTANCE_M] = _from_zero(channels[Channel.DISTANCE_M])
        changes["distance_m"] = _stated(parts[given].leg, leg, "distance_m")
    if (given := given_by.get(Quantity.ALTITUDE)) is not None and given != base:
        changes["ascent_m"] = _stated(parts[given].leg, leg, "ascent_m")
        changes["descent_m"] = _stated(parts[given].leg, leg, "descent_m")
    if (given := given_by.get(Quantity.POWER)) is not None and given != base:
        theirs = parts[given].leg
        changes["power_source"] = None if theirs is None else theirs.power_source
    if Quantity.HEART_BEATS in given_by:
        changes["rr"] = chosen[Quantity.HEART_BEATS].rr
    ordered = {name: channels[name] for name in Channel if name in channels}
    return replace(leg, streams=Streams(axis, ordered), **changes)  # type: ignore[arg-type]


def _axis(leg: Leg, parts: Sequence[_Part]) -> FloatArray:
    """Return the times of the densest source, and the base's own where that one was not recording."""
    own = leg.streams.t_s
    densest = max(parts, key=lambda part: part.t_s.size)
    if densest.t_s.size <= own.size or not densest.t_s.size:
        return own
    inside = densest.t_s[densest.t_s >= 0]
    if not inside.size:
        return own
    outside = own[(own < inside[0] - HOLD_S) | (own > inside[-1] + HOLD_S)]
    return np.unique(np.concatenate([outside, inside]))


def _onto(axis: FloatArray, t_s: FloatArray, values: FloatArray, *, is_continuous: bool) -> FloatArray:
    """Return the values at other times: NaN where the source has a gap."""
    known = np.isfinite(values)
    result = np.full(axis.size, np.nan)
    t_s, values = t_s[known], values[known]
    if not t_s.size or not axis.size:
        return result
    if t_s.size == axis.size and np.array_equal(t_s, axis):
        return values
    after = np.clip(np.searchsorted(t_s, axis), 0, t_s.size - 1)
    before = np.clip(after - 1, 0, t_s.size - 1)
    nearest = np.where(np.abs(axis - t_s[before]) <= np.abs(axis - t_s[after]), before, after)
    gap_s = t_s[after] - t_s[before]
    apart_s = np.abs(axis - t_s[nearest])
    is_near = apart_s <= HOLD_S
    is_bridged = (gap_s <= BRIDGE_S) & (axis >= t_s[0]) & (axis <= t_s[-1])
    usable = is_near | is_bridged
    filled = np.interp(axis, t_s, values) if is_continuous else values[nearest]
    result[usable] = filled[usable]
    return result


def _from_zero(distance_m: FloatArray) -> FloatArray:
    known = distance_m[np.isfinite(distance_m)]
    result: FloatArray = distance_m - known[0]
    return result


def _stated(theirs: Leg | None, ours: Leg, name: str) -> float | None:
    """Return what the other device stated, if it recorded as long; else the samples tell."""
    if theirs is None or theirs.timer_s < SAME_DISTANCE_FRAC * ours.timer_s:
        return None
    value: float | None = getattr(theirs, name)
    return value
