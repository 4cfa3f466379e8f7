"""What a formula may need to know about a person; nothing here is ever guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from topform.core.activity import PowerSource
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
    cp_w, w_prime_j : float or None
        Critical power of cycling and the work above it; parameters of one model, only together. [W] 20..800,
        [J] 1000..60 000
    run_power_watch_w, run_power_foot_pod_w, run_power_app_w : float or None
        Running threshold power as a watch, a foot pod or an app shows it. Brands differ by more than a fifth, so that
        each is compared with the power of its own source only. [W], 20..800

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
    cp_w: float | None = None
    w_prime_j: float | None = None
    run_power_watch_w: float | None = None
    run_power_foot_pod_w: float | None = None
    run_power_app_w: float | None = None

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

    def on(self, day: date) -> AthleteParameters:
        """Return these, whatever the day."""
        return self

    def running_power_threshold_w(self, source: PowerSource) -> float | None:
        """Return the running threshold power of a source. [W]"""
        value: float | None = getattr(self, RUN_POWER[source])
        return value


@dataclass(frozen=True, slots=True)
class ParameterHistory:
    """What was known of an athlete from which day on.

    Parameters
    ----------
    sex : "m", "f" or None
        Not dated.
    entries : mapping of str to tuple of (date, float or None)
        By parameter, oldest first; None where it became unknown. Before the first entry, the first one holds.
    """

    sex: Sex | None
    entries: Mapping[str, tuple[tuple[date, float | None], ...]]

    def on(self, day: date) -> AthleteParameters:
        """Return what held on a day; heart rates of one day that contradict each other are left out.

        Examples
        --------
        >>> history = ParameterHistory(None, {"ftp_w": ((date(2025, 1, 1), 250.0), (date(2026, 1, 1), 270.0))})
        >>> [history.on(date(year, 6, 1)).ftp_w for year in (2024, 2025, 2026)]
        [250.0, 250.0, 270.0]
        """
        values = {name: value_on(entries, day) for name, entries in self.entries.items()}
        try:
            return AthleteParameters(sex=self.sex, **values)
        except OutOfRangeError:
            return AthleteParameters(
                sex=self.sex, **{name: value for name, value in values.items() if name not in HEART_RATES}
            )


Known = AthleteParameters | ParameterHistory
"""What is known of an athlete; ``on(day)`` gives what held on that day."""

HEART_RATES = ("hr_rest_bpm", "lthr_bpm", "hr_max_bpm")
RUN_POWER = {source: f"run_power_{source.value}_w" for source in PowerSource}
"""The running threshold power of each source."""

DATED = (
    "mass_kg", *HEART_RATES, "ftp_w", "threshold_speed_m_s", "css_m_s", "cp_w", "w_prime_j", *RUN_POWER.values(),
)  # fmt: skip
"""The parameters that change over the years."""


def value_on(entries: Sequence[tuple[date, float | None]], day: date) -> float | None:
    """Return the value that held on a day: of the last entry until then, else of the first."""
    if not entries:
        return None
    earlier = [value for since, value in entries if since <= day]
    return earlier[-1] if earlier else entries[0][1]


RUN_POWER_RANGE_W = (20, 800)
_RANGES = (
    ("mass_kg", 20, 400),
    ("hr_rest_bpm", 20, 150),
    ("hr_max_bpm", 80, 240),
    ("lthr_bpm", 60, 230),
    ("ftp_w", 20, 800),
    ("threshold_speed_m_s", 0.5, 8),
    ("css_m_s", 0.2, 2.5),
    ("cp_w", 20, 800),
    ("w_prime_j", 1000, 60_000),
    *((name, *RUN_POWER_RANGE_W) for name in RUN_POWER.values()),
)
