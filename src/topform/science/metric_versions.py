"""Every stored metric with its unit, the version of its formula and where it is explained: the one table.

A formula that gives another number for the same input gets a new version here; stored values of an older version are
then computed again, and what they were is kept.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from topform.core.metric import MetricValue


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """A metric.

    Parameters
    ----------
    id : str
    unit : str
        "1" for ratios.
    version : int
        Rises when the same input gives another number.
    page : str
        Page of the documentation's science section.
    changes : tuple of str
        What each version after the first changed, oldest first.
    """

    id: str
    unit: str
    version: int
    page: str
    changes: tuple[str, ...] = ()


SUSTAINED: Final = (
    "only stretches that hold seven tenths of their mean without their highest fifth; version 1 took one with half a "
    "minute of a faulty reading, too"
)

_TABLE: Final = (
    MetricDefinition("work_j", "J", 1, "power"),
    MetricDefinition("weighted_power_w", "W", 1, "power"),
    MetricDefinition("weighted_power_ewma_w", "W", 1, "power"),
    MetricDefinition("variability_index", "1", 1, "power"),
    MetricDefinition("intensity_ratio", "1", 1, "power"),
    MetricDefinition("power_load", "AU", 1, "power"),
    MetricDefinition("trimp_banister", "AU", 1, "heart-rate"),
    MetricDefinition("trimp_edwards", "AU", 1, "heart-rate"),
    MetricDefinition("hr_load", "AU", 1, "heart-rate"),
    MetricDefinition("hr_load_est", "AU", 1, "heart-rate"),
    MetricDefinition(
        "grade_adjusted_speed_m_s",
        "m/s",
        2,
        "running",
        ("over the time in motion, as pace is; version 1 was over the timer time",),
    ),
    MetricDefinition("weighted_speed_m_s", "m/s", 1, "running"),
    MetricDefinition("run_load", "AU", 1, "running"),
    MetricDefinition("swim_load", "AU", 1, "swimming"),
    MetricDefinition("srpe_load", "AU", 1, "effort-rating"),
    MetricDefinition("decoupling_pct", "%", 1, "durability"),
    MetricDefinition("effort_threshold_w", "W", 2, "thresholds", (SUSTAINED,)),
    MetricDefinition("effort_threshold_m_s", "m/s", 2, "thresholds", (SUSTAINED,)),
    MetricDefinition("hr_effort_bpm", "bpm", 1, "thresholds"),
    MetricDefinition("hr_best_20min_bpm", "bpm", 1, "thresholds"),
    MetricDefinition("hr_highest_10s_bpm", "bpm", 1, "thresholds"),
    MetricDefinition("alpha1_first_bpm", "bpm", 1, "beat-to-beat"),
    MetricDefinition("alpha1_second_bpm", "bpm", 1, "beat-to-beat"),
    MetricDefinition("w_prime_balance_min_j", "J", 1, "power-duration"),
    MetricDefinition("run_index", "1", 1, "uptake"),
    MetricDefinition("vo2max_est_ml_kg_min", "ml/kg/min", 1, "uptake"),
    MetricDefinition("rmssd_ms", "ms", 1, "beat-to-beat"),
    MetricDefinition("sdnn_ms", "ms", 1, "beat-to-beat"),
)

METRICS: Final[Mapping[str, MetricDefinition]] = {metric.id: metric for metric in _TABLE}
"""By id."""


def version_of(metric: str) -> int:
    """Return the version of a metric's formula.

    Examples
    --------
    >>> version_of("grade_adjusted_speed_m_s")
    2
    """
    return METRICS[metric].version


def metric_value(
    name: str, value: float | None, *warnings: str, coverage: float | None = None, n_valid: int | None = None
) -> MetricValue:
    """Return a metric with the unit and version of the table; NaN is no value."""
    definition = METRICS[name]
    return MetricValue(
        metric=name,
        value=None if value is None or not math.isfinite(value) else value,
        unit=definition.unit,
        version=definition.version,
        coverage=coverage,
        n_valid=n_valid,
        warnings=warnings,
    )
