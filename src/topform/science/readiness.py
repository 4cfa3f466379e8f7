"""Readiness for today's training as a sum of terms that can each be seen; a convention, not a measurement.

No gold standard exists to hold such a score against. It says how today compares with the athlete's own usual days; it
is no statement about health.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import numpy as np

from topform.core.arrays import FloatArray
from topform.core.wellness import WellnessMetric
from topform.science.hrv import NormalBand, normal_band, weekly_mean

BASELINE_DAYS: Final = 60
WEEK_DAYS: Final = 7
MIN_BASELINE_DAYS: Final = 14
SLEEP_BASELINE_DAYS: Final = 28
MIN_SLEEP_DAYS: Final = 7
MIN_REPORTS: Final = 7
Z_LIMIT: Final = 2.0
MIN_COVERAGE: Final = 0.25
HR_SD_FLOOR_BPM: Final = 1.0
HRV_SD_FLOOR: Final = 0.03
SLEEP_SD_FLOOR_S: Final = 1200.0
REPORT_SD_FLOOR: Final = 1.0
SCALE_MIDDLE: Final = 5.0
SCALE_SD: Final = 2.0
BALANCE_SHARE: Final = 0.3
MIN_CTL: Final = 30.0
SATURATION_Z: Final = 1.5
RAISED_BPM: Final = 3.0
RAISED_DAYS: Final = 3
SHORT_SLEEP_S: Final = 7 * 3600.0
SHORT_SLEEP_DAYS: Final = 14

Series = Mapping[date, float]


class TermId(StrEnum):
    """What goes into the score."""

    HRV = "hrv"
    SUBJECTIVE = "subjective"
    SLEEP = "sleep"
    RESTING_HR = "resting_hr"
    BALANCE = "balance"


class Note(StrEnum):
    """What is worth knowing beside the score."""

    RESTING_HR_RAISED = "resting_hr_raised"
    SLEEP_SHORT = "sleep_short"


class Verdict(StrEnum):
    """What the score means for today's session."""

    UNKNOWN = "unknown"
    EASY_ONLY = "easy_only"
    EASE_OFF = "ease_off"
    AS_USUAL = "as_usual"
    FRESH = "fresh"


WEIGHTS: Final = {
    TermId.HRV: 0.30,
    TermId.SUBJECTIVE: 0.25,
    TermId.SLEEP: 0.20,
    TermId.RESTING_HR: 0.15,
    TermId.BALANCE: 0.10,
}
"""Defaults of this project; no study fixes them."""

VERDICTS: Final = ((30.0, Verdict.EASY_ONLY), (40.0, Verdict.EASE_OFF), (60.0, Verdict.AS_USUAL))
IS_BAD_WHEN_HIGH: Final = {
    WellnessMetric.FATIGUE: True,
    WellnessMetric.SORENESS: True,
    WellnessMetric.STRESS: True,
    WellnessMetric.MOOD: False,
}


@dataclass(frozen=True, slots=True)
class Term:
    """One part of the score.

    Parameters
    ----------
    id : TermId
    z : float
        Difference to the usual in standard deviations, positive = good. -2..2
    value, usual : float
        What was seen and what is usual, in ``unit``.
    unit : str
    days : int
        Days behind the value that is called usual.
    """

    id: TermId
    z: float
    value: float
    usual: float
    unit: str
    days: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """The score with its terms; None where too little is known.

    Parameters
    ----------
    score : float or None
        0..100, 50 = as usual.
    coverage : float
        Share of the weights for which something is known. 0..1
    points : dict
        By term, in points of the score; they sum to score - 50.
    terms : sequence of Term
    missing : sequence of TermId
        Absent from the score; never counted as zero.
    verdict : Verdict
    is_saturated : bool
        Heart rate variability far above its band together with fatigue, which may also speak of tiredness.
    """

    score: float | None
    coverage: float
    points: Mapping[TermId, float]
    terms: Sequence[Term]
    missing: Sequence[TermId]
    verdict: Verdict
    is_saturated: bool = False


def readiness(terms: Sequence[Term], *, is_saturated: bool = False) -> Readiness:
    """Return 50 + 25 times the weighted mean of the terms that are known.

    Parameters
    ----------
    terms : sequence of Term
        Each at most once.
    is_saturated : bool

    Returns
    -------
    Readiness

    Examples
    --------
    >>> known = [Term(TermId.HRV, -1.2, 3.9, 4.1, "1", 60), Term(TermId.SLEEP, -0.5, 25_000, 27_000, "s", 28)]
    >>> today = readiness(known)
    >>> round(today.score, 1), today.coverage, today.verdict.value
    (27.0, 0.5, 'easy_only')
    """
    total = sum(WEIGHTS[term.id] for term in terms)
    missing = [term_id for term_id in WEIGHTS if term_id not in {term.id for term in terms}]
    if total < MIN_COVERAGE:
        return Readiness(None, round(total, 4), {}, list(terms), missing, Verdict.UNKNOWN)
    points = {term.id: 25 * WEIGHTS[term.id] * float(np.clip(term.z, -Z_LIMIT, Z_LIMIT)) / total for term in terms}
    score = 50 + sum(points.values())
    verdict = next((verdict for limit, verdict in VERDICTS if score < limit), Verdict.FRESH)
    return Readiness(score, round(total, 4), points, list(terms), missing, verdict, is_saturated)


def terms_of_day(
    series: Mapping[WellnessMetric, Series], *, day: date, ctl: float | None, tsb_morning: float | None
) -> tuple[list[Term], bool]:
    """Return the terms that a day's values support, and whether heart rate variability is suspiciously high.

    Parameters
    ----------
    series : mapping
        Daily values by metric and date, up to the day.
    day : date
    ctl, tsb_morning : float or None
        Fitness and form of the evening before; None = unknown. [AU/day]

    Returns
    -------
    terms : list of Term
    is_saturated : bool
    """
    hrv = hrv_term(series.get(WellnessMetric.HRV_RMSSD_MS, {}), day=day)
    subjective = subjective_term(series, day=day)
    found = [
        hrv,
        subjective,
        sleep_term(series.get(WellnessMetric.SLEEP_S, {}), day=day),
        resting_hr_term(series.get(WellnessMetric.RESTING_HR_BPM, {}), day=day),
        balance_term(ctl=ctl, tsb_morning=tsb_morning),
    ]
    fatigue = subjective_term({WellnessMetric.FATIGUE: series.get(WellnessMetric.FATIGUE, {})}, day=day)
    is_saturated = hrv is not None and hrv.z > SATURATION_Z and fatigue is not None and fatigue.z < 0
    return [term for term in found if term is not None], is_saturated


def notes_of_day(series: Mapping[WellnessMetric, Series], *, day: date) -> list[Note]:
    """Return what a day's values say beside the score.

    The resting heart rate is raised when its mean of seven days was more than a standard deviation and more than 3 bpm
    above the 60 days before, three days in a row. Sleep is short when the nights of the last 14 days that are known,
    seven at least, last less than seven hours on average (Johnston et al. 2020 followed athletes who slept so little).

    Parameters
    ----------
    series : mapping
        Daily values by metric and date, up to the day.
    day : date

    Returns
    -------
    list of Note

    Examples
    --------
    >>> nights = {date(2026, 5, number): 6.5 * 3600 for number in range(1, 8)}
    >>> notes_of_day({WellnessMetric.SLEEP_S: nights}, day=date(2026, 5, 7))
    [<Note.SLEEP_SHORT: 'sleep_short'>]
    """
    found = []
    resting = series.get(WellnessMetric.RESTING_HR_BPM, {})
    if all(_is_raised(resting, day=day - timedelta(days=back)) for back in range(RAISED_DAYS)):
        found.append(Note.RESTING_HR_RAISED)
    nights = _observed(series.get(WellnessMetric.SLEEP_S, {}), end=day, days=SHORT_SLEEP_DAYS)
    if nights.size >= MIN_SLEEP_DAYS and float(np.mean(nights)) < SHORT_SLEEP_S:
        found.append(Note.SLEEP_SHORT)
    return found


def _is_raised(resting_bpm: Series, *, day: date) -> bool:
    before = _observed(resting_bpm, end=day - timedelta(days=WEEK_DAYS), days=BASELINE_DAYS)
    week = weekly_mean(_days(resting_bpm, end=day, days=WEEK_DAYS))
    if before.size < MIN_BASELINE_DAYS or not np.isfinite(week):
        return False
    above = week - float(np.mean(before))
    return above > max(float(np.std(before, ddof=1)), RAISED_BPM)


def hrv_term(rmssd_ms: Series, *, day: date) -> Term | None:
    """Return the mean ln RMSSD of the last seven days against the 60 days before them; None with too few days."""
    band = hrv_band(rmssd_ms, day=day)
    week = weekly_mean(np.log(_days(rmssd_ms, end=day, days=WEEK_DAYS)))
    if band is None or not np.isfinite(week):
        return None
    z = (week - band.mean) / max(band.sd, HRV_SD_FLOOR)
    before = _observed(rmssd_ms, end=day - timedelta(days=WEEK_DAYS), days=BASELINE_DAYS)
    return Term(TermId.HRV, _clipped(z), float(np.exp(week)), float(np.exp(band.mean)), "ms", before.size)


def hrv_band(rmssd_ms: Series, *, day: date) -> NormalBand | None:
    """Return the usual band of ln RMSSD, mean and half a standard deviation, from the 60 days before the last week."""
    before = _observed(rmssd_ms, end=day - timedelta(days=WEEK_DAYS), days=BASELINE_DAYS)
    return normal_band(np.log(before)) if before.size >= MIN_BASELINE_DAYS else None


def resting_hr_term(resting_bpm: Series, *, day: date) -> Term | None:
    """Return the mean resting heart rate of the last seven days against the 60 days before them; higher is worse."""
    before = _observed(resting_bpm, end=day - timedelta(days=WEEK_DAYS), days=BASELINE_DAYS)
    week = weekly_mean(_days(resting_bpm, end=day, days=WEEK_DAYS))
    if before.size < MIN_BASELINE_DAYS or not np.isfinite(week):
        return None
    usual = float(np.mean(before))
    z = (usual - week) / max(float(np.std(before, ddof=1)), HR_SD_FLOOR_BPM)
    return Term(TermId.RESTING_HR, _clipped(z), week, usual, "bpm", before.size)


def sleep_term(sleep_s: Series, *, day: date) -> Term | None:
    """Return last night's sleep against the mean of the 28 nights before."""
    if day not in sleep_s:
        return None
    before = _observed(sleep_s, end=day - timedelta(days=1), days=SLEEP_BASELINE_DAYS)
    if before.size < MIN_SLEEP_DAYS:
        return None
    usual, night = float(np.mean(before)), sleep_s[day]
    z = (night - usual) / max(float(np.std(before, ddof=1)), SLEEP_SD_FLOOR_S)
    return Term(TermId.SLEEP, _clipped(z), night, usual, "s", before.size)


def subjective_term(series: Mapping[WellnessMetric, Series], *, day: date) -> Term | None:
    """Return the mean difference of fatigue, soreness, mood and stress to one's own usual answers.

    With fewer than seven earlier answers the middle of the scale stands for the usual.
    """
    scores, today, usual, days = [], [], [], 0
    for metric, is_bad in IS_BAD_WHEN_HIGH.items():
        answers = series.get(metric, {})
        if day not in answers:
            continue
        before = _observed(answers, end=day - timedelta(days=1), days=SLEEP_BASELINE_DAYS)
        has_usual = before.size >= MIN_REPORTS
        middle = float(np.mean(before)) if has_usual else SCALE_MIDDLE
        sd = max(float(np.std(before, ddof=1)), REPORT_SD_FLOOR) if has_usual else SCALE_SD
        sign = -1.0 if is_bad else 1.0
        scores.append(_clipped(sign * (answers[day] - middle) / sd))
        today.append(10 - answers[day] if is_bad else answers[day])
        usual.append(10 - middle if is_bad else middle)
        days = max(days, before.size)
    if not scores:
        return None
    return Term(TermId.SUBJECTIVE, float(np.mean(scores)), float(np.mean(today)), float(np.mean(usual)), "1", days)


def balance_term(*, ctl: float | None, tsb_morning: float | None) -> Term | None:
    """Return the form one woke up with, in units of three tenths of one's fitness."""
    if ctl is None or tsb_morning is None:
        return None
    return Term(
        TermId.BALANCE, _clipped(tsb_morning / (BALANCE_SHARE * max(ctl, MIN_CTL))), tsb_morning, 0.0, "AU/day", 42
    )


def _clipped(z: float) -> float:
    return float(np.clip(z, -Z_LIMIT, Z_LIMIT))


def _days(series: Series, *, end: date, days: int) -> FloatArray:
    return np.array([series.get(end - timedelta(days=back), np.nan) for back in range(days)])


def _observed(series: Series, *, end: date, days: int) -> FloatArray:
    values = _days(series, end=end, days=days)
    return np.asarray(values[np.isfinite(values)])
