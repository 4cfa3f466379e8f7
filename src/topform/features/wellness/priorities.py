"""Which source counts when several speak about the same metric of the same day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from topform.core.wellness import MANUAL_SOURCE, DailyValue, WellnessMetric

NIGHT_DEVICES = ("oura", "whoop", "garmin", "polar", "withings", "fitbit")
SCALES = ("withings", "garmin", "fitbit")
RETELLERS = ("apple_health", "health_connect", "google_fit", "intervals_icu")
"""They pass on what other devices measured, so they come after the devices themselves."""


def default_order(metric: WellnessMetric) -> tuple[str, ...]:
    """Return the order that holds until the athlete sets another: what was typed, the devices, those who retell."""
    scales_first = metric in (WellnessMetric.BODY_MASS_KG, WellnessMetric.BODY_FAT_PCT, WellnessMetric.LEAN_MASS_KG)
    devices = dict.fromkeys((*SCALES, *NIGHT_DEVICES) if scales_first else NIGHT_DEVICES)
    return (MANUAL_SOURCE, *devices, *RETELLERS)


def full_order(metric: WellnessMetric, own: Sequence[str] | None, present: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the athlete's order, completed by the default one and by further sources in alphabetical order."""
    return tuple(dict.fromkeys((*(own or ()), *default_order(metric), *sorted(present))))


def chosen(values: Sequence[DailyValue], order: Sequence[str]) -> DailyValue:
    """Return the value of the source that comes first; all belong to one metric and day."""
    rank = {source: place for place, source in enumerate(order)}
    return min(values, key=lambda value: (rank.get(value.source, len(rank)), value.source))
