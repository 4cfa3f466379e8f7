"""What a formula may need to know about a person; nothing here is ever guessed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from topform.core.arrays import require_range
from topform.core.errors import OutOfRangeError

Sex = Literal["m", "f"]


@dataclass(frozen=True, slots=True)
class AthleteParameters:
    """Measured facts about an athlete; None means unknown, and what needs it is then not computed.

    Parameters
    ----------
    sex : "m", "f" or None
        Chooses the published coefficients of sex-specific formulas.
    mass_kg : float or None
        Body mass. [kg], 20..400
    hr_rest_bpm, hr_max_bpm, lthr_bpm : float or None
        Resting, maximal and threshold heart rate. [bpm], rest < threshold <= max
    ftp_w : float or None
        Cycling threshold power. [W], 20..800
    threshold_speed_m_s : float or None
        Running threshold speed. [m/s], 0.5..8
    css_m_s : float or None
        Critical swim speed. [m/s], 0.2..2.5

    Raises
    ------
    OutOfRangeError
        If a number is outside its range or the heart rates are out of order.
    """

    sex: Sex | None = None
    mass_kg: float | None = None
    hr_rest_bpm: float | None = None
    hr_max_bpm: float | None = None
    lthr_bpm: float | None = None
    ftp_w: float | None = None
    threshold_speed_m_s: float | None = None
    css_m_s: float | None = None

    def __post_init__(self) -> None:
        if self.sex not in ("m", "f", None):
            raise OutOfRangeError(f"sex is {self.sex!r}, expected 'm', 'f' or nothing")
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if value is not None:
                require_range(name, value, low=low, high=high)
        ordered = [
            (name, value)
            for name in ("hr_rest_bpm", "lthr_bpm", "hr_max_bpm")
            if (value := getattr(self, name)) is not None
        ]
        for (low_name, low), (high_name, high) in pairwise(ordered):
            if low > high or (low == high and low_name == "hr_rest_bpm"):
                raise OutOfRangeError(f"{low_name} ({low:g}) must be below {high_name} ({high:g})")


_RANGES = (
    ("mass_kg", 20, 400),
    ("hr_rest_bpm", 20, 150),
    ("hr_max_bpm", 80, 240),
    ("lthr_bpm", 60, 230),
    ("ftp_w", 20, 800),
    ("threshold_speed_m_s", 0.5, 8),
    ("css_m_s", 0.2, 2.5),
)
