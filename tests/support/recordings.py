"""Exact comparison of two recordings."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def difference(one: Any, other: Any, *, at: str = "recording") -> str | None:
    """Return the first place where two recordings differ, None when they say the same to the last bit."""
    if type(one) is not type(other):
        return f"{at}: {type(one).__name__} and {type(other).__name__}"
    if isinstance(one, np.ndarray):
        return None if np.array_equal(one, other, equal_nan=True) else f"{at}: {_unequal(one, other)}"
    if is_dataclass(one):
        pairs = [(item.name, getattr(one, item.name), getattr(other, item.name)) for item in fields(one)]
    elif isinstance(one, dict):
        if one.keys() != other.keys():
            return f"{at}: {sorted(one.keys() ^ other.keys())} in one only"
        pairs = [(name, one[name], other[name]) for name in one]
    elif isinstance(one, tuple | list):
        if len(one) != len(other):
            return f"{at}: {len(one)} and {len(other)} items"
        pairs = [(str(place), *both) for place, both in enumerate(zip(one, other, strict=True))]
    else:
        return None if one == other else f"{at}: {one!r} and {other!r}"
    found = (difference(mine, theirs, at=f"{at}.{name}") for name, mine, theirs in pairs)
    return next((item for item in found if item is not None), None)


def _unequal(one: Any, other: Any) -> str:
    if one.shape != other.shape:
        return f"shapes {one.shape} and {other.shape}"
    places = np.flatnonzero(~((one == other) | (np.isnan(one) & np.isnan(other))))
    return f"{places.size} values, first [{places[0]}] {one[places[0]]!r} and {other[places[0]]!r}"
