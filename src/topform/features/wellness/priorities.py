"""Which source counts when several speak about the same metric of the same day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from topform.core.wellness import MANUAL_SOURCE, STRAP_SOURCE, DailyValue, WellnessMetric

NIGHT_DEVICES = ("oura", "whoop", "garmin", "polar", "withings", "fitbit")
SCALES = ("withings", "garmin", "fitbit")
RETELLERS = ("apple_health", "health_connect", "google_fit", "intervals_icu")
"""They pass on what other devices measured, so they come after the devices themselves."""


def default_order(metric: WellnessMetric) -> tuple[str, ...]:
    """Return the order until the athlete sets another: what was typed, a strap, the devices, those who retell."""
    scales_first = metric in (WellnessMetric.BODY_MASS_KG, WellnessMetric.BODY_FAT_PCT, WellnessMetric.LEAN_MASS_KG)
    devices = dict.fromkeys((*SCALES, *NIGHT_DEVICES) if scales_first else NIGHT_DEVICES)
    return (MANUAL_SOURCE, STRAP_SOURCE, *devices, *RETELLERS)


def full_order(metric: WellnessMetric, own: Sequence[str] | None, present: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the athlete's order, completed by the default one and by further sources in alphabetical order."""
    return tuple(dict.fromkeys((*(own or ()), *default_order(metric), *sorted(present))))


def chosen(values: Sequence[DailyValue], order: Sequence[str]) -> DailyValue:
    """Return the value of the source that comes first; all belong to one metric and day."""
    return values[0] if len(values) == 1 else min(values, key=lambda value: place_of(value.source, order))


def place_of(source: str, order: Sequence[str]) -> tuple[int, str]:
    """Return where a source stands in an order; those that it does not name come last, by their names."""
    return (order.index(source) if source in order else len(order)), source
