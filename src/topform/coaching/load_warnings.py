"""Rules that look at the training done and at how the athlete is, and say what speaks for caution.

Each names its reasons and, where there is one, what was seen in groups of other athletes. None of them is a probability
for this athlete, a diagnosis or a treatment. The acute:chronic ratio is reported as a description and triggers nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

import numpy as np

from topform.coaching.language import sentence
from topform.core.arrays import FloatArray
from topform.core.wellness import WellnessMetric
from topform.science import readiness as signals
from topform.science.fitness import cold_start, load_averages, ramp_7d
from topform.science.readiness import Series
from topform.science.srpe import monotony

SPIKE_DAYS: Final = 30
SPIKE_LIMIT: Final = {"running": 1.10, "cycling": 1.30}
SPIKE_RISK: Final = ((2.0, 2.28), (1.3, 1.52), (1.1, 1.64))
"""Hazard ratio of injury after a run that much longer than the longest of 30 days (Schuster Brandt Frandsen 2025)."""
RUNNERS_HURT_PER_1000_H, RUNNERS_WEEK_H = 7.7, 5.0
"""Injuries of recreational runners, and the hours of the week that the reasons speak of (Videbaek 2015)."""
NEW_RUNNERS_HURT_PER_1000_H, NEW_RUNNERS_WEEK_H = 17.8, 3.0
"""The same of new runners."""
WEEK_JUMP_RISK: Final = 1.59
"""Hazard ratio of new runners whose week grew by over 30 %, against under 10 % (Nielsen 2014); 0.96 to 2.66."""
SHORT_SLEEP_RISK: Final = 1.51
"""Hazard ratio of endurance athletes who sleep less than seven hours (Johnston 2020)."""
TOLD_IN_NUMBERS: Final = frozenset({"R1", "R2", "R3", "R4", "R5"})
"""Rules about load and tiredness, whose reasons say how many it concerned or that nobody counted it."""
ACUTE_DAYS, CHRONIC_DAYS = 7, 28
WEEK_RATIO: Final = 1.3
RAMP_LIMIT: Final = 7.0
MONOTONY_LIMIT: Final = 2.0
HIGH_WEEK_PCT: Final = 75.0
MIN_WEEKS: Final = 4
SHORT_SLEEP_S: Final = 6 * 3600.0
SORE: Final = 7.0
LOW_MOOD_Z: Final = -1.5
HR_ABOVE_BPM: Final = 3.0
SIGNS_NEEDED: Final = 2
EFFORT_DAYS: Final = 14
EFFORT_RISE: Final = 2.0
MIN_RATED: Final = 4
TEST_DROP_FRAC: Final = 0.03
TESTS_COMPARED: Final = 3
TESTS_REACH_DAYS: Final = 183
PAIN_LEVEL: Final = 4
WEIGHT_LOSS_FRAC: Final = 0.03
WEIGHT_DAYS: Final = 28


class Band(StrEnum):
    """How much speaks for caution."""

    USUAL = "usual"
    ELEVATED = "elevated"
    HIGH = "high"


class RedFlag(StrEnum):
    """Symptoms that stop all training until the athlete says that they were looked at."""

    CHEST_PAIN = "chest_pain"
    FAINTING = "fainting"
    PALPITATIONS_WITH_DIZZINESS = "palpitations_with_dizziness"
    BREATHLESS_AT_REST = "breathless_at_rest"
    ONE_SIDED_CALF_SWELLING = "one_sided_calf_swelling"
    CONFUSION_OR_HEAT_ILLNESS = "confusion_or_heat_illness"
    DARK_URINE = "dark_urine"
    NUMBNESS_OR_WEAKNESS = "numbness_or_weakness"
    FEVER = "fever"


class EnergySign(StrEnum):
    """Signs that the body may get too little energy for its training."""

    MISSED_PERIODS = "missed_periods"
    REPEATED_BONE_STRESS = "repeated_bone_stress"
    RAPID_WEIGHT_LOSS = "rapid_weight_loss"


@dataclass(frozen=True, slots=True)
class Session:
    """A session that was done.

    Parameters
    ----------
    day : date
    sport : str
    duration_s : float
        [s]
    distance_m : float or None
        [m]
    load_au : float or None
        [AU]
    rpe_cr10 : float or None
        0..10
    """

    day: date
    sport: str
    duration_s: float
    distance_m: float | None = None
    load_au: float | None = None
    rpe_cr10: float | None = None


@dataclass(frozen=True, slots=True)
class Pain:
    """What an athlete said about pain at one place."""

    day: date
    site: str
    level: int
    changes_movement: bool = False
    is_at_night: bool = False
    is_on_bone: bool = False


@dataclass(frozen=True, slots=True)
class PerformanceTest:
    """What a test of one kind gave, the more the better."""

    day: date
    kind: str
    value: float


@dataclass(frozen=True, slots=True)
class Condition:
    """Everything the rules look at, up to the day.

    Parameters
    ----------
    day : date
    sessions : sequence of Session
        Oldest first.
    series : mapping
        Daily values by metric and date.
    pains : sequence of Pain
        Oldest first.
    tests : sequence of PerformanceTest
    signs : sequence of EnergySign
        Reported and not taken back.
    red_flags : sequence of RedFlag
        Reported and not cleared.
    """

    day: date
    sessions: Sequence[Session] = ()
    series: Mapping[WellnessMetric, Series] = field(default_factory=dict)
    pains: Sequence[Pain] = ()
    signs: Sequence[EnergySign] = ()
    red_flags: Sequence[RedFlag] = ()
    tests: Sequence[PerformanceTest] = ()


@dataclass(frozen=True, slots=True)
class LoadWarning:
    """A rule that speaks for caution.

    Parameters
    ----------
    rule : str
        ``R1`` to ``R8``.
    band : Band
    values : dict
        The numbers in the words.
    seen : str, optional
        What was seen, where the rule looks at several things.
    has_evidence : bool, optional
        Whether something was seen in groups of athletes; not so where the rule is a convention.
    """

    rule: str
    band: Band
    values: Mapping[str, Any]
    seen: str = "message"
    has_evidence: bool = False

    def message(self, *, language: str = "en") -> str:
        """Return what was seen, in one or two sentences."""
        return sentence(f"load.{self.rule}.{self.seen}", self.values, language)

    def advice(self, *, language: str = "en") -> str:
        """Return what can be done."""
        return sentence(f"load.{self.rule}.advice", self.values, language)

    def evidence(self, *, language: str = "en") -> str:
        """Return what was seen in groups of athletes, or that no number is known; empty for R6 to R8."""
        if self.has_evidence:
            return sentence(f"load.{self.rule}.evidence", self.values, language)
        return sentence("load.no_number", {}, language) if self.rule in TOLD_IN_NUMBERS else ""


def load_warnings(condition: Condition) -> list[LoadWarning]:
    """Return the warnings of a day, the most serious first.

    Parameters
    ----------
    condition : Condition

    Returns
    -------
    list of LoadWarning
    """
    tired = tired_signs(condition)
    found = [
        red_flag(condition),
        pain(condition),
        low_energy(condition),
        long_strain(condition, tired),
        accumulated_tiredness(tired),
        session_spike(condition),
        week_jump(condition),
        monotonous_week(condition),
    ]
    order = {Band.HIGH: 0, Band.ELEVATED: 1, Band.USUAL: 2}
    return sorted((one for one in found if one is not None), key=lambda one: order[one.band])


def overall_band(warnings: Sequence[LoadWarning]) -> Band:
    """Return the most serious band of the warnings."""
    bands = {one.band for one in warnings}
    return next((band for band in (Band.HIGH, Band.ELEVATED) if band in bands), Band.USUAL)


def session_spike(condition: Condition) -> LoadWarning | None:
    """R1: a session of the last week was much longer than the longest of the 30 days before it."""
    worst: tuple[float, Session, bool] | None = None
    since = condition.day - timedelta(days=7 + SPIKE_DAYS)
    lately = [one for one in condition.sessions if one.day >= since]
    for session in lately:
        if not timedelta(0) <= condition.day - session.day < timedelta(days=7) or session.sport not in SPIKE_LIMIT:
            continue
        by_distance = session.sport == "running" and session.distance_m is not None
        before = [
            _length(other, by_distance)
            for other in lately
            if other.sport == session.sport and timedelta(0) < session.day - other.day <= timedelta(days=SPIKE_DAYS)
        ]
        longest = max((value for value in before if value is not None), default=None)
        own = _length(session, by_distance)
        if not longest or own is None:
            continue
        ratio = own / longest
        if ratio > SPIKE_LIMIT[session.sport] and (worst is None or ratio > worst[0]):
            worst = (ratio, session, by_distance)
    if worst is None:
        return None
    ratio, session, by_distance = worst
    is_run = session.sport == "running"
    nobody = {"hurt_per_1000_usually": None, "hurt_per_1000_after": None}
    return LoadWarning(
        "R1",
        Band.HIGH if ratio > 2 else Band.ELEVATED,
        {
            "day": session.day.isoformat(),
            "sport": session.sport,
            "excess_pct": round(100 * (ratio - 1), 1),
            **(_runners_hurt(spike_hazard(ratio)) if is_run else nobody),
        },
        has_evidence=is_run,
    )


def spike_hazard(ratio: float) -> float:
    """Return the hazard ratio of injury after a run so many times as long as the longest of the 30 days before it.

    Parameters
    ----------
    ratio : float
        Length over the longest. [1]

    References
    ----------
    .. [1] J. Schuster Brandt Frandsen et al., "How much running is too much? Identifying high-risk running sessions in
       a 5200-person cohort study," Br. J. Sports Med., vol. 59, pp. 1203-1210, 2025.

    Examples
    --------
    >>> [spike_hazard(ratio) for ratio in (1.05, 1.2, 1.8, 2.5)]
    [1.0, 1.64, 1.52, 2.28]
    """
    return next((risk for limit, risk in SPIKE_RISK if ratio > limit), 1.0)


def hurt_in_a_week_frac(*, injuries_per_1000_h: float, hours: float) -> float:
    """Return the share of a group that gets hurt in a week, from its injuries by time of exposure.

    Parameters
    ----------
    injuries_per_1000_h : float
        [1/1000 h]
    hours : float
        Of training in the week. [h]

    Returns
    -------
    float
        At a constant hazard. 0..1

    References
    ----------
    .. [1] S. Videbaek, A. M. Bueno, R. O. Nielsen, S. Rasmussen, "Incidence of running-related injuries per 1000 h of
       running in different types of runners," Sports Med., vol. 45, pp. 1017-1026, 2015.

    Examples
    --------
    >>> round(hurt_in_a_week_frac(injuries_per_1000_h=7.7, hours=5), 4)
    0.0378
    """
    return -math.expm1(-injuries_per_1000_h * hours / 1000)


def _runners_hurt(risk: float) -> dict[str, int]:
    return _per_1000(hurt_in_a_week_frac(injuries_per_1000_h=RUNNERS_HURT_PER_1000_H, hours=RUNNERS_WEEK_H), risk)


def _per_1000(usually_frac: float, risk: float) -> dict[str, int]:
    usually = round(1000 * usually_frac)
    return {"hurt_per_1000_usually": usually, "hurt_per_1000_after": round(usually * risk)}


def _length(session: Session, by_distance: bool) -> float | None:
    return session.distance_m if by_distance else session.duration_s


def week_jump(condition: Condition) -> LoadWarning | None:
    """R2: the load of the week is far above that of the three before, and fitness rises fast."""
    loads = _daily(condition)
    if loads.size < 4 * 7:
        return None
    week, before = float(loads[-7:].sum()), float(loads[-28:-7].sum() / 3)
    start = cold_start(loads)
    ramp = ramp_7d(load_averages(loads, ctl_start=start, atl_start=start).ctl, ctl_start=start)
    if week <= WEEK_RATIO * before or ramp <= RAMP_LIMIT:
        return None
    is_running = _main_sport(condition) == "running"
    values = {"week_au": round(week, 1), "before_au": round(before, 1), "ramp": round(ramp, 1)}
    new = hurt_in_a_week_frac(injuries_per_1000_h=NEW_RUNNERS_HURT_PER_1000_H, hours=NEW_RUNNERS_WEEK_H)
    risk = _per_1000(new, WEEK_JUMP_RISK) if is_running else {}
    return LoadWarning("R2", Band.ELEVATED, {**values, **risk}, has_evidence=is_running)


def _main_sport(condition: Condition) -> str | None:
    """Return the sport of the last seven days that took the most time."""
    took: Counter[str] = Counter()
    for session in condition.sessions:
        if timedelta(0) <= condition.day - session.day < timedelta(days=7):
            took[session.sport] += round(session.duration_s)
    return max(took, key=lambda sport: took[sport], default=None)


def monotonous_week(condition: Condition) -> LoadWarning | None:
    """R3: every day of a heavy week was alike."""
    loads = _daily(condition)
    if loads.size < MIN_WEEKS * 7:
        return None
    week = loads[-7:]
    weekly = loads[loads.size % 7 :].reshape(-1, 7).sum(axis=1)
    heavy = float(np.percentile(weekly[:-1], HIGH_WEEK_PCT))
    alike = monotony(week)
    if week.sum() <= 0 or week.sum() <= heavy or alike <= MONOTONY_LIMIT:
        return None
    return LoadWarning(
        "R3",
        Band.ELEVATED,
        {"week_au": round(float(week.sum()), 1), "monotony": round(alike, 2)},
        has_evidence=True,
    )


def tired_signs(condition: Condition) -> list[str]:
    """Return which signs of tiredness are there today, each against the athlete's own usual."""
    day, series = condition.day, condition.series
    found = []
    hrv = series.get(WellnessMetric.HRV_RMSSD_MS, {})
    below = [
        (term := signals.hrv_term(hrv, day=one)) is not None
        and (band := signals.hrv_band(hrv, day=one)) is not None
        and np.log(term.value) < band.low
        for one in (day, day - timedelta(days=1))
    ]
    if all(below):
        found.append("hrv_low")
    heart = signals.resting_hr_term(series.get(WellnessMetric.RESTING_HR_BPM, {}), day=day)
    if heart is not None and heart.z < -1 and heart.value - heart.usual > HR_ABOVE_BPM:
        found.append("resting_hr_high")
    sleep = series.get(WellnessMetric.SLEEP_S, {})
    nights = [sleep.get(one) for one in (day, day - timedelta(days=1))]
    if all(night is not None and night < SHORT_SLEEP_S for night in nights):
        found.append("sleep_short")
    if series.get(WellnessMetric.SORENESS, {}).get(day, 0.0) >= SORE:
        found.append("soreness_high")
    mood = series.get(WellnessMetric.MOOD, {})
    alone = signals.subjective_term({WellnessMetric.MOOD: mood}, day=day)
    if alone is not None and alone.days >= signals.MIN_REPORTS and alone.z <= LOW_MOOD_Z:
        found.append("mood_low")
    return found


def accumulated_tiredness(signs: Sequence[str]) -> LoadWarning | None:
    """R4: at least two signs of tiredness at once."""
    if len(signs) < SIGNS_NEEDED:
        return None
    slept_little = "sleep_short" in signs
    risk = _runners_hurt(SHORT_SLEEP_RISK) if slept_little else {}
    return LoadWarning("R4", Band.ELEVATED, {"signs": list(signs), **risk}, has_evidence=slept_little)


def long_strain(condition: Condition, signs: Sequence[str]) -> LoadWarning | None:
    """R5: a test fell by 3 %, or sessions of the same load feel much harder for two weeks; either together with R4."""
    if len(signs) < SIGNS_NEEDED:
        return None
    return _test_fell(condition) or _felt_harder(condition)


def _test_fell(condition: Condition) -> LoadWarning | None:
    """Compare the last test of two weeks with the mean of up to three of its kind in the half year before."""
    worst = 0.0
    for kind in {one.kind for one in condition.tests}:
        done = sorted((one for one in condition.tests if one.kind == kind), key=lambda one: one.day)
        known = [one for one in done if one.day <= condition.day]
        if not known or (condition.day - known[-1].day).days >= EFFORT_DAYS:
            continue
        reach = known[-1].day - timedelta(days=TESTS_REACH_DAYS)
        before = [one.value for one in known[:-1] if one.day >= reach][-TESTS_COMPARED:]
        if before:
            worst = max(worst, 1 - known[-1].value / float(np.mean(before)))
    if worst < TEST_DROP_FRAC:
        return None
    return LoadWarning(
        "R5",
        Band.HIGH,
        {"drop_pct": round(100 * worst, 1)},
        seen="test_fell",
    )


def _felt_harder(condition: Condition) -> LoadWarning | None:
    """Compare the effort of two weeks with the line through effort and intensity of the sessions before."""
    rated = [
        (one.day, one.load_au * 3600 / one.duration_s, one.rpe_cr10)
        for one in condition.sessions
        if one.rpe_cr10 is not None and one.load_au is not None and one.duration_s > 0
    ]
    since = condition.day - timedelta(days=EFFORT_DAYS)
    before = np.array([(rate, rpe) for day, rate, rpe in rated if day <= since])
    lately = np.array([(rate, rpe) for day, rate, rpe in rated if day > since])
    if min(before.shape[0], lately.shape[0]) < MIN_RATED or np.ptp(before[:, 0]) == 0:
        return None
    slope, level = np.polyfit(before[:, 0], before[:, 1], 1)
    rise = float(np.mean(lately[:, 1] - (level + slope * lately[:, 0])))
    if rise < EFFORT_RISE:
        return None
    return LoadWarning(
        "R5",
        Band.HIGH,
        {"rise_rpe": round(rise, 1)},
    )


def pain(condition: Condition) -> LoadWarning | None:
    """R6: the same place hurts again, or pain that changes how one moves, wakes at night or sits on a bone.

    Reports of one day are one: the highest level of the day, and all that was said of it.
    """
    latest: dict[str, dict[date, list[Pain]]] = {}
    for one in condition.pains:
        if condition.day - one.day < timedelta(days=14):
            latest.setdefault(one.site, {}).setdefault(one.day, []).append(one)
    for site, reports in latest.items():
        levels = [max(one.level for one in reports[day]) for day in sorted(reports)]
        repeated = sum(level >= PAIN_LEVEL for level in levels[-3:]) >= 2
        if repeated or any(one.changes_movement or one.is_at_night or one.is_on_bone for one in reports[max(reports)]):
            return LoadWarning("R6", Band.HIGH, {"site": site, "level": levels[-1]})
    return None


def red_flag(condition: Condition) -> LoadWarning | None:
    """R7: a symptom that must be looked at before any training."""
    if not condition.red_flags:
        return None
    return LoadWarning(
        "R7",
        Band.HIGH,
        {"symptoms": [flag.value for flag in condition.red_flags]},
    )


def low_energy(condition: Condition) -> LoadWarning | None:
    """R8: signs that fit too little energy for the training; neutral information."""
    signs = [sign.value for sign in condition.signs]
    if _lost_weight_fast(condition) and EnergySign.RAPID_WEIGHT_LOSS.value not in signs:
        signs.append(EnergySign.RAPID_WEIGHT_LOSS.value)
    if not signs:
        return None
    return LoadWarning(
        "R8",
        Band.ELEVATED,
        {"signs": signs},
    )


def _lost_weight_fast(condition: Condition) -> bool:
    mass = condition.series.get(WellnessMetric.BODY_MASS_KG, {})
    recent = [value for day, value in mass.items() if timedelta(0) <= condition.day - day < timedelta(days=7)]
    earlier = [
        value
        for day, value in mass.items()
        if timedelta(days=WEIGHT_DAYS - 7) <= condition.day - day < timedelta(days=WEIGHT_DAYS)
    ]
    if min(len(recent), len(earlier)) < 2:
        return False
    return float(np.median(recent)) < (1 - WEIGHT_LOSS_FRAC) * float(np.median(earlier))


@dataclass(frozen=True, slots=True)
class AcuteChronic:
    """Mean daily load of the last week over that of four weeks; a description that predicts nothing.

    Parameters
    ----------
    coupled, uncoupled : float
        Last 7 days over the last 28, and over the 21 days before them; NaN without load.
    smoothed : float
        Of exponentially weighted means with weights 2 / 8 and 2 / 29, which start from the first known day.
    """

    coupled: float
    uncoupled: float
    smoothed: float


def acute_chronic(condition: Condition) -> AcuteChronic | None:
    """Return the acute:chronic ratio in three of its variants, which disagree; None with fewer than four weeks.

    References
    ----------
    .. [1] F. M. Impellizzeri, M. S. Tenan, T. Kempton, A. Novak, A. J. Coutts, "Acute:chronic workload ratio:
       conceptual issues and fundamental pitfalls," Int. J. Sports Physiol. Perform., vol. 15, pp. 907-913, 2020.
    .. [2] S. Williams, S. West, M. J. Cross, K. A. Stokes, "Better way to determine the acute:chronic workload ratio?,"
       Br. J. Sports Med., vol. 51, pp. 209-210, 2017.
    """
    loads = _daily(condition)
    if loads.size < CHRONIC_DAYS or loads[-CHRONIC_DAYS:].sum() <= 0:
        return None
    week, month = loads[-ACUTE_DAYS:].mean(), loads[-CHRONIC_DAYS:].mean()
    before = loads[-CHRONIC_DAYS:-ACUTE_DAYS].mean()
    return AcuteChronic(
        coupled=float(week / month),
        uncoupled=float(week / before) if before > 0 else float("nan"),
        smoothed=_smoothed(loads, ACUTE_DAYS) / _smoothed(loads, CHRONIC_DAYS),
    )


def _smoothed(loads: FloatArray, days: int) -> float:
    level = float(loads[0])
    for load in loads[1:].tolist():
        level += (load - level) * 2 / (days + 1)
    return level


def _daily(condition: Condition) -> FloatArray:
    """Return one load a day from the first session, at most a year; a day without a session is zero."""
    known = [one for one in condition.sessions if one.load_au is not None and one.day <= condition.day]
    if not known:
        return np.zeros(0)
    first = max(min(one.day for one in known), condition.day - timedelta(days=365))
    loads = np.zeros((condition.day - first).days + 1)
    for one in known:
        if one.day >= first and one.load_au is not None:
            loads[(one.day - first).days] += one.load_au
    return loads
