"""Plain JSON values from numpy values, dates and the types that know their own plain form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

import numpy as np


def plain(value: Any) -> Any:
    """Return the value as JSON can hold it: NaN and infinities become None, dates ISO 8601, arrays lists.

    Raises
    ------
    TypeError
        If a value has no plain form.

    Examples
    --------
    >>> plain({"hr_bpm": np.array([120.0, np.nan]), "on": date(2026, 3, 1)})
    {'hr_bpm': [120.0, None], 'on': '2026-03-01'}
    """
    match value:
        case None | bool() | int():
            return value
        case Enum():
            return plain(value.value)
        case str():
            return str(value).replace("\x00", "")
        case float():
            return float(value) if math.isfinite(value) else None
        case Mapping():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(item) for item in value]
        case np.ndarray():
            return plain(value.tolist())
        case np.generic():
            return plain(value.item())
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _ if hasattr(value, "as_dict"):
            return plain(value.as_dict())
        case _:
            raise TypeError(f"{type(value).__name__} has no plain form")
