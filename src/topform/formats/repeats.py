"""Legs that one file holds more than once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from topform.core.activity import Leg, RRIntervals
from topform.core.arrays import FloatArray
from topform.formats.findings import Findings

PLAIN_FIELDS = tuple(one.name for one in fields(Leg) if one.name not in ("streams", "rr"))


def without_repeats(legs: Sequence[Leg], findings: Findings) -> list[Leg]:
    """Return every leg once; only one that says exactly the same as an earlier one is left out, and that is told.

    Parameters
    ----------
    legs : sequence of Leg
    findings : Findings

    Returns
    -------
    list of Leg
        In the given order.
    """
    kept: list[Leg] = []
    for leg in legs:
        if any(_is_same(leg, other) for other in kept):
            tell_repeated(f"the {leg.sport.value} leg of {leg.started_at:%Y-%m-%d %H:%M:%S} UTC", findings)
        else:
            kept.append(leg)
    return kept


def tell_repeated(what: str, findings: Findings) -> None:
    """Tell that something stood in the file again and was taken once."""
    findings.add("leg_repeated", f"the file holds {what} more than once; it was taken once")


def _is_same(leg: Leg, other: Leg) -> bool:
    if any(getattr(leg, name) != getattr(other, name) for name in PLAIN_FIELDS):
        return False
    if (leg.rr is None) != (other.rr is None):
        return False
    ours, theirs = leg.streams, other.streams
    return (
        ours.channels.keys() == theirs.channels.keys()
        and _equal(ours.t_s, theirs.t_s)
        and all(_equal(values, theirs[name]) for name, values in ours.channels.items())
        and (leg.rr is None or other.rr is None or _is_same_beats(leg.rr, other.rr))
    )


def _is_same_beats(ours: RRIntervals, theirs: RRIntervals) -> bool:
    return _equal(ours.t_s, theirs.t_s) and _equal(ours.rr_ms, theirs.rr_ms)


def _equal(ours: FloatArray, theirs: FloatArray) -> bool:
    return np.array_equal(ours, theirs, equal_nan=True)
