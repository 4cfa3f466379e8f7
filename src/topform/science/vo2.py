"""Estimates of oxygen uptake and of maximal heart rate; every one of them is an estimate and says how far off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from topform.core.arrays import require_range
from topform.core.errors import OutOfRangeError
from topform.core.units import S_PER_MIN

REST_ML_KG_MIN: Final = 3.5
WEARABLE_LIMITS_ML_KG_MIN: Final = 10.0
"""Limits of agreement of the best published exercise-based wearables (INTERLIVE 2022: -9.92 to 9.74)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number that was not measured: value, the half-width that holds 95 % of people, and the method."""

    value: float
    plus_minus: float
    method: str


def running_uptake_ml_kg_min(*, speed_m_s: float, slope: float = 0.0) -> float:
    """Oxygen uptake of steady running after the ACSM equation. [ml/kg/min]

    References
    ----------
    .. [1] American College of Sports Medicine, "Guidelines for Exercise Testing and Prescription," 10th ed., 2018.

    Examples
    --------
    >>> round(running_uptake_ml_kg_min(speed_m_s=200 / 60, slope=0.01), 1)
    45.3
    """
    speed = speed_m_s * S_PER_MIN
    return REST_ML_KG_MIN + 0.2 * speed + 0.9 * speed * slope


def walking_uptake_ml_kg_min(*, speed_m_s: float, slope: float = 0.0) -> float:
    """Oxygen uptake of steady walking after the ACSM equation. [ml/kg/min]"""
    speed = speed_m_s * S_PER_MIN
    return REST_ML_KG_MIN + 0.1 * speed + 1.8 * speed * slope


def cycling_uptake_ml_kg_min(*, power_w: float, mass_kg: float) -> float:
    """Oxygen uptake of steady cycling after the ACSM equation. [ml/kg/min]

    Raises
    ------
    OutOfRangeError
        If the mass is not positive.
    """
    if mass_kg <= 0:
        raise OutOfRangeError("mass_kg must be above 0")
    return 2 * REST_ML_KG_MIN + 10.8 * power_w / mass_kg


def vo2max_from_reserve(*, uptake_ml_kg_min: float, hr_bpm: float, hr_rest_bpm: float, hr_max_bpm: float) -> Estimate:
    """Maximal uptake from a steady effort: the share of heart-rate reserve is that of uptake reserve.

    Raises
    ------
    OutOfRangeError
        If the heart rate is not between rest and max, or below half of the reserve.

    References
    ----------
    .. [1] D. P. Swain, B. C. Leutholtz, "Heart rate reserve is equivalent to %VO2 reserve, not to %VO2max," Med. Sci.
       Sports Exerc., vol. 29, pp. 410-414, 1997.
    """
    if not hr_rest_bpm < hr_bpm <= hr_max_bpm:
        raise OutOfRangeError("hr_bpm must lie between rest and max")
    reserve = (hr_bpm - hr_rest_bpm) / (hr_max_bpm - hr_rest_bpm)
    require_range("share of the heart-rate reserve", reserve, low=0.5, high=1.0)
    value = (uptake_ml_kg_min - REST_ML_KG_MIN) / reserve + REST_ML_KG_MIN
    return Estimate(value, WEARABLE_LIMITS_ML_KG_MIN, "heart-rate reserve")


def vo2max_from_ratio(*, hr_max_bpm: float, hr_rest_bpm: float) -> Estimate:
    """Maximal uptake from the ratio of maximal and resting heart rate; within 20 % at best.

    References
    ----------
    .. [1] N. Uth, H. Sorensen, K. Overgaard, P. K. Pedersen, "Estimation of VO2max from the ratio between HRmax and
       HRrest," Eur. J. Appl. Physiol., vol. 91, pp. 111-115, 2004.
    """
    if not 0 < hr_rest_bpm < hr_max_bpm:
        raise OutOfRangeError("hr_rest_bpm must be below hr_max_bpm")
    value = 15.3 * hr_max_bpm / hr_rest_bpm
    return Estimate(value, 0.2 * value, "heart-rate ratio")


def vo2max_from_five_minutes(*, power_w: float, mass_kg: float) -> Estimate:
    """Maximal uptake from the best five minutes on the bike.

    References
    ----------
    .. [1] S. Sitko et al., "Estimation of VO2max from a maximal five-minute effort in cycling," 2021.
    """
    if mass_kg <= 0:
        raise OutOfRangeError("mass_kg must be above 0")
    return Estimate(16.6 + 8.87 * power_w / mass_kg, WEARABLE_LIMITS_ML_KG_MIN, "five-minute power")


HR_MAX_SEE_BPM: Final = 10.8


def hr_max_from_age(age_years: float) -> dict[str, Estimate]:
    """Return what the published equations say of maximal heart rate; half of all people are further off than 7 bpm.

    Never used in place of a measured one without telling.

    References
    ----------
    .. [1] H. Tanaka, K. D. Monahan, D. R. Seals, "Age-predicted maximal heart rate revisited," J. Am. Coll. Cardiol.,
       vol. 37, pp. 153-156, 2001.
    .. [2] B. M. Nes et al., "Age-predicted maximal heart rate in healthy subjects: The HUNT fitness study," Scand. J.
       Med. Sci. Sports, vol. 23, pp. 697-704, 2013.
    """
    require_range("age_years", age_years, low=10, high=100)
    half_width = 1.96 * HR_MAX_SEE_BPM
    return {
        "tanaka_2001": Estimate(208 - 0.7 * age_years, half_width, "208 - 0.7 age"),
        "nes_2013": Estimate(211 - 0.64 * age_years, half_width, "211 - 0.64 age"),
        "fox_1971": Estimate(220 - age_years, half_width, "220 - age"),
    }
