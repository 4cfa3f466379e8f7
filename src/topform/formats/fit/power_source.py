"""What measured the power of a run in a FIT file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from topform.core.activity import PowerSource
from topform.formats.fit.messages import FitMessage

FOOT_PODS: Final = frozenset({"stryd", 95})
"""Makers of pods that measure power; the numbers are those of the FIT profile."""

APPS: Final = frozenset({"zwift", 260, "strava", 265, "the_sufferfest", 282, "peloton", 281})
"""Makers of programs that compute power without a watch."""

NOBODY: Final = frozenset({"development", 255, None})
POWER_SENSORS: Final = frozenset({"bike_power", 11})
"""Pods announce themselves as a power meter of a bike, for want of another kind."""


def running_power_source(
    file_ids: Sequence[FitMessage], devices: Sequence[FitMessage], *, of_app: bool, with_cycling: bool
) -> PowerSource | None:
    """Return what measured the power of a run; None when the file does not tell.

    Parameters
    ----------
    file_ids, devices : sequence of FitMessage
        Who made the file, and what was connected.
    of_app : bool
        Whether the power is that of a field which an app on the device declared.
    with_cycling : bool
        Whether the file holds a ride as well, to which a power meter of a bike belongs.
    """
    makers = {_maker(message) for message in (*file_ids, *devices)}
    if makers & FOOT_PODS:
        return PowerSource.FOOT_POD
    if of_app:
        return PowerSource.APP
    sensors = {message.values.get("antplus_device_type", message.values.get("device_type")) for message in devices}
    if not with_cycling and any(sensor in POWER_SENSORS for sensor in sensors if isinstance(sensor, str | int)):
        return PowerSource.FOOT_POD
    recorder = next((_maker(message) for message in file_ids), None)
    if recorder in APPS:
        return PowerSource.APP
    return None if recorder in NOBODY else PowerSource.WATCH


def _maker(message: FitMessage) -> str | int | None:
    value = message.values.get("manufacturer")
    return value if isinstance(value, str | int) else None
