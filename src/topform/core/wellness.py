"""What a body did on a day outside training: sleep, heart, weight, and how the athlete felt.

Every value belongs to one calendar day of the athlete. A night belongs to the day on which it ended. Quantities that
only sound alike are different metrics: RMSSD and SDNN, or the scores that vendors compute by formulas of their own.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from topform.core.errors import InvalidInputError, OutOfRangeError

MANUAL_SOURCE: Final = "manual"
"""The source of values that the athlete typed."""

STRAP_SOURCE: Final = "strap"
"""The source of what a heart-rate strap measured in the app, lying and awake."""

_SOURCE = re.compile(r"[a-z0-9_]{1,40}")


class MetricKind(StrEnum):
    """Where a metric's numbers come from by their nature."""

    MEASURED = "measured"
    """A physical quantity; values of two sources can be compared."""
    ESTIMATED = "estimated"
    """A physical quantity that a vendor's model estimates."""
    VENDOR_SCORE = "vendor_score"
    """A vendor's own score; only comparable with itself."""
    SELF_REPORT = "self_report"
    """How it felt, 0 = none or worst imaginable, 10 = most."""


class WellnessMetric(StrEnum):
    """A daily quantity; the value is the identifier in the database and the API."""

    BODY_MASS_KG = "body_mass_kg"
    BODY_FAT_PCT = "body_fat_pct"
    LEAN_MASS_KG = "lean_mass_kg"
    RESTING_HR_BPM = "resting_hr_bpm"
    HRV_RMSSD_MS = "hrv_rmssd_ms"
    HRV_SDNN_MS = "hrv_sdnn_ms"
    SLEEP_S = "sleep_s"
    """Asleep, without the time awake in bed."""
    TIME_IN_BED_S = "time_in_bed_s"
    SLEEP_DEEP_S = "sleep_deep_s"
    SLEEP_LIGHT_S = "sleep_light_s"
    SLEEP_REM_S = "sleep_rem_s"
    SLEEP_AWAKE_S = "sleep_awake_s"
    SLEEP_START_S = "sleep_start_s"
    """From the local midnight that begins the day; negative = the evening before."""
    SLEEP_END_S = "sleep_end_s"
    """From the local midnight that begins the day."""
    STEPS = "steps"
    ACTIVE_ENERGY_KJ = "active_energy_kj"
    SPO2_PCT = "spo2_pct"
    RESPIRATION_BRPM = "respiration_brpm"
    SKIN_TEMPERATURE_DEVIATION_C = "skin_temperature_deviation_c"
    """Difference to the person's own baseline, as the device states it."""
    BLOOD_PRESSURE_SYSTOLIC_MMHG = "blood_pressure_systolic_mmhg"
    BLOOD_PRESSURE_DIASTOLIC_MMHG = "blood_pressure_diastolic_mmhg"
    VO2MAX_EST_ML_KG_MIN = "vo2max_est_ml_kg_min"
    """A device's estimate over all sports or without saying which."""
    VO2MAX_EST_RUNNING_ML_KG_MIN = "vo2max_est_running_ml_kg_min"
    VO2MAX_EST_CYCLING_ML_KG_MIN = "vo2max_est_cycling_ml_kg_min"
    GARMIN_STRESS_SCORE = "garmin_stress_score"
    """Mean over the day."""
    GARMIN_BODY_BATTERY_MAX = "garmin_body_battery_max"
    GARMIN_BODY_BATTERY_MIN = "garmin_body_battery_min"
    GARMIN_TRAINING_READINESS = "garmin_training_readiness"
    GARMIN_SLEEP_SCORE = "garmin_sleep_score"
    OURA_READINESS_SCORE = "oura_readiness_score"
    OURA_SLEEP_SCORE = "oura_sleep_score"
    WHOOP_RECOVERY_PCT = "whoop_recovery_pct"
    WHOOP_SLEEP_PERFORMANCE_PCT = "whoop_sleep_performance_pct"
    WHOOP_DAY_STRAIN = "whoop_day_strain"
    FITBIT_READINESS_SCORE = "fitbit_readiness_score"
    FITBIT_SLEEP_SCORE = "fitbit_sleep_score"
    FITBIT_STRESS_MANAGEMENT_SCORE = "fitbit_stress_management_score"
    POLAR_NIGHTLY_RECHARGE = "polar_nightly_recharge"
    """The nightly recharge status, 1..6."""
    POLAR_SLEEP_SCORE = "polar_sleep_score"
    WITHINGS_SLEEP_SCORE = "withings_sleep_score"
    INTERVALS_READINESS_SCORE = "intervals_readiness_score"
    """The free readiness field of intervals.icu."""
    SORENESS = "soreness"
    FATIGUE = "fatigue"
    STRESS = "stress"
    """As felt; a device's stress score is a metric of its own."""
    MOOD = "mood"
    """10 = best."""
    SLEEP_QUALITY = "sleep_quality"
    """As felt, 10 = best."""
    MOTIVATION = "motivation"

    @property
    def kind(self) -> MetricKind:
        """Where the numbers come from."""
        return _SPECS[self].kind

    @property
    def unit(self) -> str:
        """Unit of the value; ``"1"`` for counts and scores."""
        return _SPECS[self].unit

    @property
    def low(self) -> float:
        """Smallest value a person can have; anything below is a damaged record."""
        return _SPECS[self].low

    @property
    def high(self) -> float:
        """Largest value a person can have; anything above is a damaged record."""
        return _SPECS[self].high

    def is_plausible(self, value: float) -> bool:
        """Say whether the value can be an observation of this metric.

        Examples
        --------
        >>> WellnessMetric.RESTING_HR_BPM.is_plausible(48), WellnessMetric.RESTING_HR_BPM.is_plausible(0)
        (True, False)
        """
        return math.isfinite(value) and self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class _Spec:
    unit: str
    low: float
    high: float
    kind: MetricKind = MetricKind.MEASURED


def _specs() -> dict[WellnessMetric, _Spec]:
    metric = WellnessMetric
    day_s = 86_400.0
    specs = {
        metric.BODY_MASS_KG: _Spec("kg", 20, 400),
        metric.BODY_FAT_PCT: _Spec("%", 1, 75),
        metric.LEAN_MASS_KG: _Spec("kg", 10, 250),
        metric.RESTING_HR_BPM: _Spec("bpm", 20, 150),
        metric.HRV_RMSSD_MS: _Spec("ms", 1, 400),
        metric.HRV_SDNN_MS: _Spec("ms", 1, 500),
        metric.SLEEP_START_S: _Spec("s", -25 * 3600, 25 * 3600),
        metric.SLEEP_END_S: _Spec("s", 0, 25 * 3600),
        metric.STEPS: _Spec("1", 0, 250_000),
        metric.ACTIVE_ENERGY_KJ: _Spec("kJ", 0, 100_000),
        metric.SPO2_PCT: _Spec("%", 50, 100),
        metric.RESPIRATION_BRPM: _Spec("1/min", 3, 60),
        metric.SKIN_TEMPERATURE_DEVIATION_C: _Spec("°C", -15, 15),
        metric.BLOOD_PRESSURE_SYSTOLIC_MMHG: _Spec("mmHg", 50, 300),
        metric.BLOOD_PRESSURE_DIASTOLIC_MMHG: _Spec("mmHg", 20, 200),
        metric.WHOOP_DAY_STRAIN: _Spec("1", 0, 21, MetricKind.VENDOR_SCORE),
        metric.POLAR_NIGHTLY_RECHARGE: _Spec("1", 1, 6, MetricKind.VENDOR_SCORE),
        metric.WHOOP_RECOVERY_PCT: _Spec("%", 0, 100, MetricKind.VENDOR_SCORE),
        metric.WHOOP_SLEEP_PERFORMANCE_PCT: _Spec("%", 0, 100, MetricKind.VENDOR_SCORE),
    }
    for name in ("SLEEP_S", "TIME_IN_BED_S", "SLEEP_DEEP_S", "SLEEP_LIGHT_S", "SLEEP_REM_S", "SLEEP_AWAKE_S"):
        specs[metric[name]] = _Spec("s", 0, day_s)
    for name in ("SORENESS", "FATIGUE", "STRESS", "MOOD", "SLEEP_QUALITY", "MOTIVATION"):
        specs[metric[name]] = _Spec("1", 0, 10, MetricKind.SELF_REPORT)
    for one in metric:
        if one.value.startswith("vo2max_est"):
            specs[one] = _Spec("ml/kg/min", 5, 100, MetricKind.ESTIMATED)
        elif one not in specs:
            specs[one] = _Spec("1", 0, 100, MetricKind.VENDOR_SCORE)
    return specs


_SPECS: Final = _specs()

SELF_REPORTS: Final = tuple(one for one in WellnessMetric if one.kind is MetricKind.SELF_REPORT)


@dataclass(frozen=True, slots=True)
class DailyValue:
    """One metric of one day from one source.

    Parameters
    ----------
    local_date : date
        The athlete's calendar day; a night belongs to the day on which it ended.
    metric : WellnessMetric
    value : float
        In the metric's own unit and within what a person can have.
    unit : str
        Unit of the value; always the metric's, written down so that nobody has to know the table.
    source : str
        Who says so, in snake case and the same for export and interface of one vendor: ``"garmin"``,
        ``"apple_health"``, ``"oura"``; ``"manual"`` for what the athlete typed.
    measured_at : datetime or None
        Aware instant of the measurement; None when the source tells only the day.
    device : str or None
        The device or app as the source names it.

    Raises
    ------
    OutOfRangeError
        If no person can have the value.
    InvalidInputError
        If unit, source or instant are malformed.
    """

    local_date: date
    metric: WellnessMetric
    value: float
    unit: str
    source: str
    measured_at: datetime | None = None
    device: str | None = None

    def __post_init__(self) -> None:
        if not self.metric.is_plausible(self.value):
            low, high = self.metric.low, self.metric.high
            raise OutOfRangeError(f"{self.metric} is {self.value:g}, expected {low:g}..{high:g}")
        if self.unit != self.metric.unit:
            raise InvalidInputError(f"{self.metric} is given in {self.unit!r}, expected {self.metric.unit!r}")
        if not _SOURCE.fullmatch(self.source):
            raise InvalidInputError(f"the source {self.source!r} is not in snake case")
        if self.measured_at is not None and self.measured_at.utcoffset() is None:
            raise InvalidInputError("measured_at must carry a time zone")

    @classmethod
    def of(
        cls,
        metric: WellnessMetric,
        value: float,
        *,
        local_date: date,
        source: str,
        measured_at: datetime | None = None,
        device: str | None = None,
    ) -> DailyValue:
        """Return the value in the metric's own unit.

        Examples
        --------
        >>> DailyValue.of(WellnessMetric.BODY_MASS_KG, 70.5, local_date=date(2026, 1, 31), source="withings").unit
        'kg'
        """
        return cls(local_date, metric, float(value), metric.unit, source, measured_at, device)
