"""Identifiers: time-ordered random UUIDs, distinct types for distinct things."""

from __future__ import annotations

import secrets
import time
from typing import NewType
from uuid import UUID

AthleteId = NewType("AthleteId", UUID)
ActivityId = NewType("ActivityId", UUID)
FormCheckId = NewType("FormCheckId", UUID)
PlanId = NewType("PlanId", UUID)


def new_id() -> UUID:
    """Return a version 7 UUID (RFC 9562): 48 bits of milliseconds, then random bits.

    Examples
    --------
    >>> first, second = new_id(), new_id()
    >>> first.version, first.time_low <= second.time_low
    (7, True)
    """
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80
    value |= 0x7 << 76
    value |= secrets.randbits(12) << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return UUID(int=value)
