"""Streams of an activity as one Parquet object, without loss.

A channel whose values are multiples of its device's step (whole beats, semicircles, millimetres) is stored as
integers with delta encoding and its step; what is not is stored as it is. One column tells legs apart, and
beat-to-beat intervals are rows of their own kind.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from topform.core.activity import Channel, Leg, RRIntervals, Streams
from topform.core.arrays import FloatArray

STEPS: Final = (
    *(Fraction(1, parts) for parts in (1, 2, 5, 10, 100, 128, 256, 1000)),
    Fraction(180, 2**31),
    *(Fraction(1, 10**digits) for digits in (5, 6, 7)),
)
SAMPLE: Final = 0
BEAT: Final = 1
RR_COLUMN: Final = "rr_ms"
LARGEST_INTEGER: Final = 2**53


@dataclass(frozen=True, slots=True, eq=False)
class StoredLeg:
    """What the object holds of one leg."""

    streams: Streams
    rr: RRIntervals | None


def encode_streams(legs: Sequence[Leg]) -> bytes:
    """Return the legs' streams and beat-to-beat intervals as Parquet."""
    names = [channel for channel in Channel if any(channel in leg.streams for leg in legs)]
    has_beats = any(leg.rr is not None and len(leg.rr) > 0 for leg in legs)
    columns: dict[str, list[FloatArray]] = {"t_s": [], **{name.value: [] for name in names}}
    if has_beats:
        columns[RR_COLUMN] = []
    leg_of_row: list[np.ndarray[Any, np.dtype[np.int16]]] = []
    kind_of_row: list[np.ndarray[Any, np.dtype[np.int8]]] = []
    for index, leg in enumerate(legs):
        parts: list[tuple[int, dict[str, FloatArray], int]] = [
            (
                SAMPLE,
                {"t_s": leg.streams.t_s, **{name.value: values for name, values in leg.streams.channels.items()}},
                len(leg.streams),
            )
        ]
        if leg.rr is not None and len(leg.rr) > 0:
            parts.append((BEAT, {"t_s": leg.rr.t_s, RR_COLUMN: leg.rr.rr_ms}, len(leg.rr)))
        for kind, present, size in parts:
            leg_of_row.append(np.full(size, index, dtype=np.int16))
            kind_of_row.append(np.full(size, kind, dtype=np.int8))
            for name, pieces in columns.items():
                pieces.append(present[name] if name in present else np.full(size, np.nan))
    arrays: dict[str, Any] = {
        "leg": pa.array(np.concatenate(leg_of_row)),
        "kind": pa.array(np.concatenate(kind_of_row)),
    }
    fields = [pa.field("leg", pa.int16(), nullable=False), pa.field("kind", pa.int8(), nullable=False)]
    encodings = {"leg": "DELTA_BINARY_PACKED", "kind": "DELTA_BINARY_PACKED"}
    for name, pieces in columns.items():
        array, step = _column(np.concatenate(pieces))
        arrays[name] = array
        fields.append(pa.field(name, array.type, metadata={} if step is None else {"step": str(step)}))
        encodings[name] = "BYTE_STREAM_SPLIT" if step is None else "DELTA_BINARY_PACKED"
    table = pa.Table.from_arrays(list(arrays.values()), schema=pa.schema(fields))
    target = io.BytesIO()
    pq.write_table(
        table, target, compression="zstd", compression_level=9, use_dictionary=False, column_encoding=encodings
    )
    return target.getvalue()


def _column(values: FloatArray) -> tuple[Any, Fraction | None]:
    """Return the values as integers with their step when that loses nothing, else as they are."""
    observed = np.isfinite(values)
    known = values[observed]
    largest = np.abs(known).max(initial=0.0)
    for step in STEPS:
        if largest >= LARGEST_INTEGER / step.denominator:
            continue
        counts = np.rint(known * step.denominator / step.numerator)
        if np.array_equal(counts * step.numerator / step.denominator, known) and not np.any(
            np.signbit(known) & (known == 0)
        ):
            whole = np.zeros(values.shape, dtype=np.int64)
            whole[observed] = counts.astype(np.int64)
            return pa.array(whole, mask=~observed), step
    return pa.array(values, mask=~observed), None


def decode_streams(content: bytes, *, leg: int, channels: Sequence[str] | None = None) -> StoredLeg:
    """Return one leg's streams; with `channels` only those are read."""
    source = pq.ParquetFile(io.BytesIO(content))
    schema = source.schema_arrow
    wanted = None if channels is None else [n for n in schema.names if n in ("leg", "kind", "t_s", *channels)]
    table = source.read(columns=wanted, use_threads=False)
    of_leg = table.column("leg").to_numpy() == leg
    kind = table.column("kind").to_numpy()
    samples, beats = of_leg & (kind == SAMPLE), of_leg & (kind == BEAT)
    values = {
        name: _values(table.column(name), schema.field(name))
        for name in table.column_names
        if name not in ("leg", "kind")
    }
    observed = {
        Channel(name): column[samples]
        for name, column in values.items()
        if name not in ("t_s", RR_COLUMN) and np.isfinite(column[samples]).any()
    }
    rr = RRIntervals(values["t_s"][beats], values[RR_COLUMN][beats]) if RR_COLUMN in values and beats.any() else None
    return StoredLeg(streams=Streams(values["t_s"][samples], observed), rr=rr)


def _values(column: Any, field: Any) -> FloatArray:
    values: FloatArray = column.cast(pa.float64()).to_numpy(zero_copy_only=False).astype(np.float64)
    step = (field.metadata or {}).get(b"step")
    if step is None:
        return values
    exact = Fraction(step.decode())
    scaled: FloatArray = values * exact.numerator / exact.denominator
    return scaled


def thin_out(streams: Streams, points: int) -> tuple[FloatArray, dict[Channel, FloatArray]]:
    """Return at most `points` points: means over equal stretches of time, NaN where nothing was observed.

    A stretch without samples gives no point, so a pause stays a gap. Positions are taken, not averaged, since a
    mean of longitudes means nothing at the antimeridian; the running distance is the stretch's last.
    """
    if len(streams) <= points:
        return streams.t_s, dict(streams.channels)
    t_s = streams.t_s
    edges = np.linspace(t_s[0], t_s[-1], points + 1)
    stretch = np.clip(np.searchsorted(edges, t_s, side="right") - 1, 0, points - 1)
    _, first, counts = np.unique(stretch, return_index=True, return_counts=True)
    last = first + counts - 1
    thinned: dict[Channel, FloatArray] = {}
    for name, values in streams.channels.items():
        if name in (Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG):
            thinned[name] = values[first]
        elif name is Channel.DISTANCE_M:
            thinned[name] = values[last]
        else:
            observed = np.isfinite(values)
            n_observed = np.add.reduceat(observed.astype(np.float64), first)
            totals = np.add.reduceat(np.where(observed, values, 0.0), first)
            thinned[name] = np.divide(totals, n_observed, out=np.full(first.size, np.nan), where=n_observed > 0)
    return np.add.reduceat(t_s, first) / counts, thinned
