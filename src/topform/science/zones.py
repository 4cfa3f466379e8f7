"""Training zones: published borders as multiples of a threshold, time in zone, distribution of intensity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from topform.core.arrays import FloatArray, require_shape
from topform.core.errors import NotFoundError, OutOfRangeError, ShapeError

Quantity = Literal["power_w", "hr_bpm", "speed_m_s"]
Threshold = Literal[
    "ftp_w", "lthr_bpm", "threshold_speed_m_s", "css_m_s", "run_power_watch_w", "run_power_foot_pod_w",
    "run_power_app_w",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ZoneSystem:
    """A published set of borders.

    Parameters
    ----------
    id : str
    quantity : Quantity
        What is compared with the borders.
    threshold : Threshold
        What the borders are fractions of.
    sports : tuple of str
        Sports that it is meant for.
    borders_frac : tuple of float
        Rising; one zone more than borders.
    names : tuple of str
        Stable words, one a zone.
    source : str
    """

    id: str
    quantity: Quantity
    threshold: Threshold
    sports: tuple[str, ...]
    borders_frac: tuple[float, ...]
    names: tuple[str, ...]
    source: str

    def __post_init__(self) -> None:
        if len(self.names) != len(self.borders_frac) + 1 or list(self.borders_frac) != sorted(self.borders_frac):
            raise ShapeError(f"the borders of {self.id} must rise, with one name more than borders")


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone of a person: from `low` (None: open) to `high` (None: open)."""

    number: int
    name: str
    low: float | None
    high: float | None


SEVEN = ("recovery", "endurance", "tempo", "threshold", "vo2max", "anaerobic", "neuromuscular")
FIVE = ("recovery", "endurance", "tempo", "threshold", "vo2max")
SIX = ("recovery", "endurance", "tempo", "threshold", "vo2max", "anaerobic")
HEART_SEVEN = ("recovery", "aerobic", "tempo", "subthreshold", "superthreshold", "aerobic_capacity", "anaerobic")
RUN_POWER_FIVE = ("endurance", "tempo", "threshold", "vo2max", "anaerobic")
RUN_POWER_BORDERS = (0.80, 0.90, 1.00, 1.15)
"""Of the customary zones of foot pods; what lies below 65 and above 130 % has no name of its own there."""

THREE = ("below_first", "between", "above_second")
ON_FOOT = ("running", "walking", "hiking")

SYSTEMS: Final[tuple[ZoneSystem, ...]] = (
    ZoneSystem("power_7", "power_w", "ftp_w", ("cycling",), (0.55, 0.75, 0.90, 1.05, 1.20, 1.50), SEVEN, "Coggan"),
    ZoneSystem("power_3", "power_w", "ftp_w", ("cycling",), (0.78, 1.0), THREE, "Seiler"),
    ZoneSystem(
        "heart_rate_5", "hr_bpm", "lthr_bpm", ("cycling", *ON_FOOT, "other"), (0.68, 0.83, 0.94, 1.05), FIVE, "Coggan"
    ),
    ZoneSystem(
        "heart_rate_7_bike", "hr_bpm", "lthr_bpm", ("cycling",), (0.81, 0.89, 0.93, 0.99, 1.02, 1.06), HEART_SEVEN,
        "Friel",
    ),
    ZoneSystem(
        "heart_rate_7_run", "hr_bpm", "lthr_bpm", ("running",), (0.85, 0.89, 0.94, 0.99, 1.02, 1.06), HEART_SEVEN,
        "Friel",
    ),
    ZoneSystem("heart_rate_3", "hr_bpm", "lthr_bpm", ("cycling", "running", "other"), (0.83, 1.0), THREE, "Seiler"),
    ZoneSystem(
        "pace_6", "speed_m_s", "threshold_speed_m_s", ("running",), (0.80, 0.87, 0.95, 1.05, 1.19), SIX,
        "percent of critical speed",
    ),
    ZoneSystem("pace_3", "speed_m_s", "threshold_speed_m_s", ("running",), (0.823, 1.0), THREE, "Muniz-Pumares 2025"),
    ZoneSystem(
        "swim_6", "speed_m_s", "css_m_s", ("swimming",), (0.93, 0.97, 0.99, 1.02, 1.09), SIX,
        "percent of critical swim speed",
    ),
    ZoneSystem(
        "run_power_5_watch", "power_w", "run_power_watch_w", ("running",), RUN_POWER_BORDERS, RUN_POWER_FIVE,
        "percent of critical power",
    ),
    ZoneSystem(
        "run_power_5_foot_pod", "power_w", "run_power_foot_pod_w", ("running",), RUN_POWER_BORDERS, RUN_POWER_FIVE,
        "percent of critical power",
    ),
    ZoneSystem(
        "run_power_5_app", "power_w", "run_power_app_w", ("running",), RUN_POWER_BORDERS, RUN_POWER_FIVE,
        "percent of critical power",
    ),
)  # fmt: skip
"""The first of a sport and quantity is the default. [percentages of SCIENCE tables; see docs/science/zones]"""


def zone_system(system_id: str) -> ZoneSystem:
    """Return the system.

    Raises
    ------
    NotFoundError
        If there is none with this id.
    """
    for system in SYSTEMS:
        if system.id == system_id:
            return system
    raise NotFoundError(f"There are no zones called {system_id}.", remedy=f"Use one of {', '.join(_ids())}.")


def _ids() -> list[str]:
    return [system.id for system in SYSTEMS]


def systems_for(sport: str) -> tuple[ZoneSystem, ...]:
    """Return the systems meant for a sport, the customary one first."""
    return tuple(system for system in SYSTEMS if sport in system.sports)


def zones_at(system: ZoneSystem, threshold: float) -> list[Zone]:
    """Return a person's zones at a threshold.

    Parameters
    ----------
    system : ZoneSystem
    threshold : float
        In the unit of the system's quantity, > 0.

    Raises
    ------
    OutOfRangeError
        If the threshold is not positive.

    Examples
    --------
    >>> [(zone.name, zone.high) for zone in zones_at(zone_system("power_7"), 200.0)][:2]
    [('recovery', 110.0), ('endurance', 150.0)]
    """
    if not threshold > 0:
        raise OutOfRangeError("a threshold must be above 0")
    edges = [None, *(round(border * threshold, 4) for border in system.borders_frac), None]
    return [Zone(place + 1, name, edges[place], edges[place + 1]) for place, name in enumerate(system.names)]


def seconds_in_zones(values: FloatArray, system: ZoneSystem, threshold: float) -> FloatArray:
    """Seconds in each zone; a missing second belongs to none.

    Parameters
    ----------
    values : FloatArray
        (n,) once a second; NaN = not observed.
    system : ZoneSystem
    threshold : float

    Returns
    -------
    FloatArray
        (zones,) [s]
    """
    observed = values[np.isfinite(values)]
    zone = np.digitize(observed, np.array(system.borders_frac) * threshold)
    return np.bincount(zone, minlength=len(system.names)).astype(np.float64)


Distribution = Literal["polarised", "pyramidal", "threshold", "mixed"]


def polarization_index(zones_frac: FloatArray) -> float:
    """Logarithm of how much the outer two of three zones outweigh the middle one.

    Parameters
    ----------
    zones_frac : FloatArray
        (3,) shares below, between and above the thresholds, summing to 1.

    Returns
    -------
    float
        Above 2: polarised. NaN where the middle or upper zone is empty.

    Raises
    ------
    ShapeError
        If it is not three shares.

    References
    ----------
    .. [1] G. Treff, K. Winkert, M. Sareban, J. M. Steinacker, B. Sperlich, "The polarization-index," Front. Physiol.,
       vol. 10, 2019.

    Examples
    --------
    >>> round(polarization_index(np.array([0.75, 0.10, 0.15])), 4)
    2.0512
    """
    require_shape("zones_frac", zones_frac, (3,))
    low, middle, high = (float(share) for share in zones_frac)
    if min(low, middle, high) <= 0:
        return float("nan")
    return float(np.log10(low / middle * high * 100))


def distribution_of(zones_frac: FloatArray) -> Distribution:
    """Name the pattern of three zones; the basis (time in zone, heart rate, session goal) must be told with it.

    Examples
    --------
    >>> distribution_of(np.array([0.75, 0.17, 0.08]))
    'pyramidal'
    """
    low, middle, high = (float(share) for share in zones_frac)
    if low > high > middle and (middle == 0 or polarization_index(zones_frac) > 2):
        return "polarised"
    if low > middle > high:
        return "pyramidal"
    return "threshold" if middle > max(low, high) else "mixed"
