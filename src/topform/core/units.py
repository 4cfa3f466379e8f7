"""Conversion factors at the edges. Inside, everything is SI with the unit in the name."""

from typing import Final

KMH_PER_M_S: Final = 3.6
M_PER_KM: Final = 1000.0
M_PER_MILE: Final = 1609.344
S_PER_MIN: Final = 60.0
S_PER_HOUR: Final = 3600.0
S_PER_DAY: Final = 86_400.0
MS_PER_S: Final = 1000.0
DEG_PER_SEMICIRCLE: Final = 180.0 / 2**31
J_PER_KCAL: Final = 4184.0
STEPS_PER_STRIDE: Final = 2


def pace_s_km(speed_m_s: float) -> float:
    """Return the pace of a speed. [s/km]

    Examples
    --------
    >>> pace_s_km(4.0)
    250.0
    """
    return M_PER_KM / speed_m_s
