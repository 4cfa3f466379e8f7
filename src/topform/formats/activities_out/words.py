"""What the writers share: instants, XML text, cadence as other programs count it."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from topform.core.activity import Channel, Leg
from topform.core.arrays import FloatArray
from topform.core.units import STEPS_PER_STRIDE

NOT_IN_XML: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def instant(leg: Leg, t_s: float) -> str:
    """Return a time of a leg as ISO 8601 in UTC, with milliseconds only where there are any."""
    at = leg.started_at.astimezone(UTC) + timedelta(milliseconds=round(t_s * 1000))
    return written(at)


def written(at: datetime) -> str:
    """Return an instant as ISO 8601 in UTC, to the millisecond."""
    at = at + timedelta(microseconds=500)
    text = f"{at:%Y-%m-%dT%H:%M:%S}"
    milliseconds = at.microsecond // 1000
    return f"{text}.{milliseconds:03d}Z" if milliseconds else f"{text}Z"


def decimal(value: float, digits: int) -> str:
    """Return a number without exponent and without needless zeros."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def plain_text(text: str) -> str:
    """Return text without characters that XML cannot hold."""
    return NOT_IN_XML.sub("", text)


def cadence_of(leg: Leg) -> tuple[FloatArray | None, bool]:
    """Return the cadence as files count it, and whether it is that of a runner: strides, not steps."""
    steps = leg.streams.get(Channel.CADENCE_SPM)
    if steps is not None:
        return steps / STEPS_PER_STRIDE, True
    return leg.streams.get(Channel.CADENCE_RPM), False


def is_known(value: float | None) -> bool:
    """Tell whether a value was observed."""
    return value is not None and math.isfinite(value)
