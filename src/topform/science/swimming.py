"""Swimming: critical speed and load."""

from __future__ import annotations

from topform.core.arrays import require_range
from topform.core.errors import OutOfRangeError
from topform.core.units import S_PER_HOUR


def css_m_s(*, t400_s: float, t200_s: float) -> float:
    """Critical swim speed from all-out 400 m and 200 m.

    Raises
    ------
    OutOfRangeError
        If 400 m did not take longer than 200 m.

    References
    ----------
    .. [1] K. Wakayoshi et al., "Determination and validity of critical velocity as an index of swimming performance
       in the competitive swimmer," Eur. J. Appl. Physiol., vol. 64, pp. 153-157, 1992.

    Examples
    --------
    >>> round(css_m_s(t400_s=360, t200_s=168), 5)
    1.04167
    """
    if not 0 < t200_s < t400_s:
        raise OutOfRangeError(f"200 m in {t200_s:g} s and 400 m in {t400_s:g} s are not a pair of efforts")
    return (400 - 200) / (t400_s - t200_s)


def swim_d_prime_m(*, t400_s: float, t200_s: float) -> float:
    """Return the distance that can be swum above critical speed, from the same two efforts. [m]"""
    return 400 - css_m_s(t400_s=t400_s, t200_s=t200_s) * t400_s


def drag_power_w(*, speed_m_s: float, mass_kg: float) -> float:
    """Mechanical power against active drag.

    References
    ----------
    .. [1] P. F. Skiba, "Calculation of power output and quantification of training stress in swimmers," PhysFarm
       Training Systems, 2008; drag after H. M. Toussaint.

    Examples
    --------
    >>> round(drag_power_w(speed_m_s=1.2, mass_kg=70), 2)
    76.32
    """
    if mass_kg <= 0:
        raise OutOfRangeError("mass_kg must be above 0")
    require_range("speed_m_s", speed_m_s, low=0, high=3)
    return (0.35 * mass_kg + 2) / 0.6 * speed_m_s**3


def swim_load(*, distance_m: float, moving_s: float, css_m_s: float) -> float:
    """Swim load: hours times cubed intensity, since drag power grows with the cube of speed; 100 is an hour at CSS.

    Currents, drafting and wetsuits invalidate it in open water.

    Parameters
    ----------
    distance_m : float
        [m], >= 0
    moving_s : float
        Time in motion, rests at the wall left out. [s], > 0
    css_m_s : float
        [m/s], > 0

    Returns
    -------
    float
        [AU]
    """
    if moving_s <= 0 or css_m_s <= 0:
        raise OutOfRangeError("moving_s and css_m_s must be above 0")
    require_range("distance_m", distance_m, low=0, high=float("inf"))
    return moving_s / S_PER_HOUR * (distance_m / moving_s / css_m_s) ** 3 * 100
