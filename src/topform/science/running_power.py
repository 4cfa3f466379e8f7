"""Running power and the spring-mass model of a step; for comparison only.

Devices and models differ by more than 20 %: powers of different sources are never mixed, and a threshold belongs to its
source.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from topform.core.errors import OutOfRangeError
from topform.core.units import S_PER_MIN
from topform.science.running import FLAT_COST, running_cost_j_kg_m

GRAVITY_M_S2: Final = 9.80665
AIR_DENSITY, DRAG = 1.2, 0.9
SPECIFIC_COST_J_KG_M: Final = 1.04
"""Foot pods report about this much power per speed and mass on the flat."""


def frontal_area_m2(*, height_m: float, mass_kg: float) -> float:
    """Return the area that a runner shows to the air: 26.6 % of the body surface after Du Bois."""
    return float(0.2025 * height_m**0.725 * mass_kg**0.425 * 0.266)


def metabolic_power_w(*, speed_m_s: float, mass_kg: float, slope: float = 0.0) -> float:
    """Return the metabolic power of running on a slope, after Minetti. [W]"""
    return float(running_cost_j_kg_m(slope)) * speed_m_s * mass_kg


def mechanical_power_w(*, speed_m_s: float, mass_kg: float, height_m: float, slope: float = 0.0) -> float:
    """Mechanical power of running after Skiba.

    Parameters
    ----------
    speed_m_s : float
        [m/s], > 0, below 16.66
    mass_kg, height_m : float
        [kg], [m], > 0
    slope : float
        Rise over run, default 0.0

    Returns
    -------
    float
        [W]

    Raises
    ------
    OutOfRangeError
        If speed, mass or height are not positive.

    References
    ----------
    .. [1] P. F. Skiba, "Calculation of power output and quantification of training stress in distance runners,"
       PhysFarm Training Systems, 2006.

    Examples
    --------
    >>> round(mechanical_power_w(speed_m_s=4, mass_kg=70, height_m=1.75), 2)
    373.94
    """
    if min(speed_m_s, mass_kg, height_m) <= 0:
        raise OutOfRangeError("speed, mass and height must be above 0")
    area = frontal_area_m2(height_m=height_m, mass_kg=mass_kg)
    aero = 0.5 * AIR_DENSITY * DRAG * area * speed_m_s**2 / mass_kg
    efficiency = (0.25 + 0.054 * speed_m_s) * (1 - 0.5 * speed_m_s / 8.33)
    return (aero + float(running_cost_j_kg_m(slope)) * efficiency) * speed_m_s * mass_kg


def simple_power_w(*, speed_m_s: float, mass_kg: float) -> float:
    """Return mass times speed times 1.04, close to what foot pods show on the flat. [W]"""
    return SPECIFIC_COST_J_KG_M * mass_kg * speed_m_s


def climbing_power_w(*, speed_m_s: float, mass_kg: float, slope: float) -> float:
    """Power that a climb adds to the simple form, with an efficiency that rises with the slope.

    References
    ----------
    .. [1] H. van Dijk, R. van Megen, "The Secret of Running," Meyer & Meyer Sport, 2017.

    Examples
    --------
    >>> round(climbing_power_w(speed_m_s=4, mass_kg=70, slope=0.05), 1)
    70.6
    """
    efficiency = 0.456 + 0.011622 * slope * 100
    return mass_kg * GRAVITY_M_S2 * speed_m_s * slope * efficiency


@dataclass(frozen=True, slots=True)
class SpringMassStep:
    """One running step as a bouncing mass.

    Parameters
    ----------
    peak_force_bw : float
        Largest vertical force. [body weights]
    contact_drop_m : float
        Fall of the centre of mass during contact. [m]
    oscillation_m : float
        Whole rise and fall, flight included. [m]
    cadence_spm : float
        [steps/min]
    duty_factor : float
        Share of the step spent on the ground.
    """

    peak_force_bw: float
    contact_drop_m: float
    oscillation_m: float
    cadence_spm: float
    duty_factor: float


def spring_mass_step(*, contact_s: float, flight_s: float) -> SpringMassStep:
    """Derive force and oscillation from contact and flight time.

    Raises
    ------
    OutOfRangeError
        If the contact is not positive or the flight negative.

    References
    ----------
    .. [1] J.-B. Morin, G. Dalleau, H. Kyrolainen, T. Jeannin, A. Belli, "A simple method for measuring stiffness during
       running," J. Appl. Biomech., vol. 21, pp. 167-180, 2005.

    Examples
    --------
    >>> round(spring_mass_step(contact_s=0.25, flight_s=0.1).oscillation_m, 4)
    0.0722
    """
    if contact_s <= 0 or flight_s < 0:
        raise OutOfRangeError("contact_s must be above 0 and flight_s not negative")
    force_bw = math.pi / 2 * (flight_s / contact_s + 1)
    drop = force_bw * GRAVITY_M_S2 * contact_s**2 / math.pi**2 - GRAVITY_M_S2 * contact_s**2 / 8
    return SpringMassStep(
        force_bw,
        drop,
        drop + GRAVITY_M_S2 * flight_s**2 / 8,
        S_PER_MIN / (contact_s + flight_s),
        contact_s / (2 * (contact_s + flight_s)),
    )


def flat_equivalent_m(*, distance_m: float, slope: float) -> float:
    """Return the distance on the flat that costs as much as one on a slope. [m]"""
    return distance_m * float(running_cost_j_kg_m(slope)) / FLAT_COST
