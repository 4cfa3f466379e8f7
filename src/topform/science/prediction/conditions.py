"""What a break, heat, hills and altitude do to a time; separate factors with wide ranges, never hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from topform.science.prediction.history import Break, Conditions
from topform.science.running import grade_factor
from topform.science.threshold import DECAY_FRAC_PER_D, IDLE_AFTER_D, LOWEST_SHARE

COOL_C: Final = 10.0
HEAT_PER_DEGREE_HOUR: Final = (0.0018, 0.0036)
"""Loss for each degree above 10 C in races of one hour and of four: marathon runners around 3:00 lose 4 to 5 % at 25 C,
elite runners half of that (Ely et al. 2007, El Helou et al. 2012)."""

ALTITUDE_FROM_M: Final = 300.0
ALTITUDE_VO2_PER_KM: Final = 0.063
ALTITUDE_TIME_SHARE: Final = 0.5
"""VO2max falls by 6.3 % for each 1000 m above 300 m (Wehrlin & Hallen 2006); times over 5 to 10 km slow by about half
of that, as at Mexico City 1968."""

_COURSE_SLOPE: Final = 0.04
_RELATIVE_SD: Final = 0.5
"""Standard deviation of a factor's excess over its size: people differ that much. A default of this project."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One multiplicative change of a time.

    Parameters
    ----------
    name : str
        ``break``, ``heat``, ``hills`` or ``altitude``.
    factor : float
        1.03 = 3 % slower.
    sd : float
        Standard deviation of ln factor.
    why : str
    """

    name: str
    factor: float
    sd: float
    why: str


def adjustments(conditions: Conditions, *, distance_m: float, time_s: float) -> list[Adjustment]:
    """Return the factors of the stated conditions; without any the list is empty.

    Parameters
    ----------
    conditions : Conditions
    distance_m : float
        [m], > 0
    time_s : float
        Time expected without them. [s], > 0

    Examples
    --------
    >>> [one.name for one in adjustments(Conditions(temperature_c=24), distance_m=42_195, time_s=10_800)]
    ['heat']
    """
    found = []
    if conditions.temperature_c is not None and conditions.temperature_c > COOL_C:
        per_degree = float(np.interp(time_s, [3600.0, 14_400.0], HEAT_PER_DEGREE_HOUR))
        excess = per_degree * (conditions.temperature_c - COOL_C)
        found.append(_adjustment("heat", excess, f"{conditions.temperature_c:g} °C instead of {COOL_C:g} °C or less"))
    if conditions.ascent_m is not None or conditions.descent_m is not None:
        ascent, descent = conditions.ascent_m or 0.0, conditions.descent_m or 0.0
        up = (float(grade_factor(_COURSE_SLOPE)) - 1) / _COURSE_SLOPE
        down = (1 - float(grade_factor(-_COURSE_SLOPE))) / _COURSE_SLOPE
        excess = (up * ascent - down * descent) / distance_m
        found.append(_adjustment("hills", excess, f"{ascent:g} m up and {descent:g} m down"))
    if conditions.altitude_m is not None and conditions.altitude_m > ALTITUDE_FROM_M:
        loss = ALTITUDE_VO2_PER_KM * (conditions.altitude_m - ALTITUDE_FROM_M) / 1000
        found.append(
            _adjustment(
                "altitude", loss * ALTITUDE_TIME_SHARE, f"{conditions.altitude_m:g} m above the sea, unacclimatised"
            )
        )
    return found


def break_adjustment(rest: Break) -> list[Adjustment]:
    """Return what a break from running still costs; empty once as many days were trained as it lasted.

    The loss is that of a threshold without hard efforts (0.1 % a day after three weeks, a fifth at most), and it is
    taken as won back evenly over as many days as the break lasted: defaults of this project.

    Examples
    --------
    >>> [round(one.factor, 3) for one in break_adjustment(Break(days=121, trained_days=0))]
    [1.1]
    >>> break_adjustment(Break(days=121, trained_days=121))
    []
    """
    lost = min(DECAY_FRAC_PER_D * (rest.days - IDLE_AFTER_D), 1 - LOWEST_SHARE)
    left = lost * max(1 - rest.trained_days / rest.days, 0.0)
    if left <= 0:
        return []
    return [_adjustment("break", left, f"{rest.days} days without running, {rest.trained_days} days since then")]


def _adjustment(name: str, excess: float, what: str) -> Adjustment:
    factor = max(1.0 + excess, 0.8)
    change = f"{abs(excess) * 100:.1f} % {'slower' if excess >= 0 else 'faster'}"
    return Adjustment(name, factor, abs(float(np.log(factor))) * _RELATIVE_SD, f"{what}: about {change}")
