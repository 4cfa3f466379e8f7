"""Why a prediction is what it is, and what makes it uncertain, in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import numpy as np

from topform.core.units import S_PER_MIN
from topform.science.prediction.candidates import Candidate, is_in_tanda_range
from topform.science.prediction.conditions import Adjustment
from topform.science.prediction.history import Race, RunningHistory, TrainingRun, Volume
from topform.science.prediction.models import HALF_MARATHON_M, MARATHON_M
from topform.science.prediction.population import CurveEstimate

OLD_YEARS: Final = 2.0
FAR_RATIO: Final = 4.0
STATED_RANGE_S: Final = (210.0, 13_800.0)
LONGEST_SHARE: Final = 0.5
STALE_TRAINING_YEARS: Final = 8 / 52
NAMES: Final = {
    "riegel_shrunken": "Riegel's law with your own exponent, kept near that of the population",
    "training_volume_and_pace": "the volume and pace of your training",
    "training_run": "your fastest training run",
    "performance_index": "your performance index",
    "logarithmic": "the logarithmic model of your own races",
    "vickers_vertosick": "the marathon model that knows your weekly mileage",
    "critical_speed": "your critical speed",
}
ADJUSTED: Final = {"break": "a break"}
KNOWN_DISTANCES: Final = (
    (1609.344, "a mile"),
    (HALF_MARATHON_M, "a half marathon"),
    (MARATHON_M, "a marathon"),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a prediction rests on."""

    curve: CurveEstimate
    volume: Volume | None
    shown: TrainingRun | None


def distance_words(distance_m: float) -> str:
    """Return a distance as people say it.

    Examples
    --------
    >>> distance_words(42_195), distance_words(10_000), distance_words(1709.15)
    ('a marathon', '10 km', '1709 m')
    """
    for known, name in KNOWN_DISTANCES:
        if abs(distance_m / known - 1) < 0.003:
            return name
    return f"{distance_m:.0f} m" if distance_m < 2000 else f"{distance_m / 1000:.4g} km"


def stretch_words(run: TrainingRun) -> str:
    """Return a stretch of a run as people say it.

    Examples
    --------
    >>> from datetime import date
    >>> stretch_words(TrainingRun(date(2026, 11, 1), 1709.15, 480.0, is_best_effort=True))
    'the fastest 8 minutes of your run of 2026-11-01'
    """
    return f"the fastest {run.time_s / S_PER_MIN:.0f} minutes of your run of {run.day}"


class BaselineCode(StrEnum):
    """What the plain formula starts from."""

    RACE = "race"
    STRETCH = "stretch"
    TRAINING_RUN = "training_run"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class BaselineStart:
    """What the plain formula starts from, for whoever says it in words.

    Parameters
    ----------
    code : BaselineCode
    start : Race, TrainingRun or None
    """

    code: BaselineCode
    start: Race | TrainingRun | None = None

    @property
    def words(self) -> str:
        """In English."""
        match self.start:
            case None:
                return "there is no race to start from"
            case Race():
                return f"the race over {distance_words(self.start.distance_m)}"
            case TrainingRun(is_best_effort=True):
                return stretch_words(self.start)
            case _:
                return f"a training run over {distance_words(self.start.distance_m)}"

    def as_dict(self) -> dict[str, Any]:
        """Return what documents hold."""
        one = self.start
        return {
            "code": self.code.value,
            "from": self.words,
            "distance_m": None if one is None else round(one.distance_m, 1),
            "duration_s": None if one is None else round(one.time_s, 1),
            "date": None if one is None or one.day is None else one.day.isoformat(),
        }


def clock(time_s: float) -> str:
    """Return a time as h:mm:ss or m:ss.

    Examples
    --------
    >>> clock(12_461), clock(1199.7)
    ('3:27:41', '20:00')
    """
    seconds = round(time_s)
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def reasons(
    history: RunningHistory,
    evidence: Evidence,
    candidates: Sequence[tuple[Candidate, float]],
    found: Sequence[Adjustment],
) -> list[str]:
    """Return the sentences that say where the time comes from."""
    said = [_basis(history, evidence)]
    longest = max((race.distance_m for race in history.races), default=0.0)
    if history.target_m > HALF_MARATHON_M * 1.05 and longest < MARATHON_M * 0.8:
        said.append(
            "Beyond the half marathon most runners lose more than Riegel's formula says; the exponent of "
            "recreational runners from there is about 1.14 instead of 1.06."
        )
    leading, share = max(candidates, key=lambda pair: pair[1])
    if len(candidates) > 1:
        said.append(f"{len(candidates)} models answered; most weight ({share * 100:.0f} %) has {NAMES[leading.name]}.")
    if evidence.volume is not None and any(one.name == "vickers_vertosick" for one, _ in candidates):
        said.append(
            f"You ran {evidence.volume.km_per_week:.0f} km a week in the weeks up to {evidence.volume.last_day}, which "
            "went in."
        )
    said += [f"Adjusted for {ADJUSTED.get(one.name, one.name)}: {one.why}." for one in found]
    return said


def _basis(history: RunningHistory, evidence: Evidence) -> str:
    shown = ""
    if evidence.shown is not None:
        run = evidence.shown
        shown = (
            stretch_words(run)
            if run.is_best_effort
            else f"your training run of {distance_words(run.distance_m)} in {clock(run.time_s)}"
        )
    if not history.races:
        if evidence.volume is None:
            return f"No race is known, so this rests on {shown} alone."
        base = (
            f"No race is known, so this rests on training: {evidence.volume.km_per_week:.0f} km a week at "
            f"{clock(evidence.volume.pace_s_km)} per km"
        )
        return f"{base}, and {shown}." if shown else f"{base}."
    weights = evidence.curve.weights[: len(history.races)]
    race = history.races[int(np.argmax(weights))]
    count = len(history.races)
    others = "" if count == 1 else f" and {count - 1} other race{'s' if count > 2 else ''}"
    text = f"It rests on your {_noun(race.distance_m)} in {clock(race.time_s)}{others}"
    if evidence.shown is None:
        return f"{text}."
    return f"{text}, and on {shown}, which {'show' if evidence.shown.is_best_effort else 'shows'} more than they do."


def _noun(distance_m: float) -> str:
    words = distance_words(distance_m)
    return words.removeprefix("a ")


def warnings(
    history: RunningHistory,
    evidence: Evidence,
    candidates: Sequence[tuple[Candidate, float]],
    time_s: float,
    *,
    today: date | None = None,
) -> list[dict[str, str]]:
    """Return what makes the prediction less certain than its models say.

    ``today`` is when it is asked for: of the days from then to the race nobody can know the training.
    """
    found = []

    def warn(code: str, message: str) -> None:
        found.append({"code": code, "message": message})

    if not history.races:
        warn("training_only", "No race is known: the interval is wide. A race or a time trial would narrow it most.")
    else:
        youngest = min(history.age_years(race.day) for race in history.races)
        if youngest > OLD_YEARS:
            warn(
                "races_old",
                f"The newest race lies {youngest:.1f} years before this one; fitness changes, so the interval is wide.",
            )
        if history.target_day is None or any(race.day is None for race in history.races):
            warn("dates_unknown", "A race without a date may be of another season: the interval is wider for it.")
        nearest = min(abs(float(np.log(race.distance_m / history.target_m))) for race in history.races)
        if nearest > np.log(FAR_RATIO):
            warn("far_extrapolation", "The nearest race is more than four times shorter or longer than this one.")
        for race, is_slow in zip(history.races, evidence.curve.is_slow, strict=False):
            if is_slow:
                warn(
                    "race_slower_than_others",
                    f"The {_noun(race.distance_m)} in {clock(race.time_s)} is far slower than the others say; it "
                    "was trusted less.",
                )
    _warn_of_training(history, evidence, {one.name for one, _ in candidates}, warn, today=today)
    if not STATED_RANGE_S[0] <= time_s <= STATED_RANGE_S[1]:
        warn("outside_stated_range", "The formulas are stated for efforts of 3.5 to 230 minutes.")
    if history.target_m > MARATHON_M * 1.05:
        warn("ultra_distance", "Beyond the marathon terrain, food and sleep decide; the published evidence is thin.")
    if history.sex is None:
        warn("sex_unknown", "Sex is not stated; the mean of women and men was taken where they differ.")
    return found


def _warn_of_training(
    history: RunningHistory,
    evidence: Evidence,
    names: Collection[str],
    warn: Callable[[str, str], None],
    *,
    today: date | None,
) -> None:
    volume = evidence.volume
    if volume is None:
        if history.target_m > HALF_MARATHON_M * 1.05:
            warn("volume_unknown", "Weekly distance is not known; for a marathon it matters as much as a short race.")
        return
    if "training_volume_and_pace" in names and not is_in_tanda_range(volume):
        warn(
            "training_formula_out_of_range",
            "The formula from weekly distance and pace was found on marathons between 2:47 and 3:36 hours. It gives "
            "you a marathon outside these, so of your weeks of training only the pace counted and the interval is "
            "wide.",
        )
    if history.target_m > HALF_MARATHON_M * 0.95 and volume.longest_m < LONGEST_SHARE * history.target_m:
        warn(
            "longest_run_short",
            f"The longest run of the last weeks is {distance_words(volume.longest_m)}, less than half of the race.",
        )
    unknowable = history.age_years(today)
    if history.age_years(volume.last_day) - unknowable > STALE_TRAINING_YEARS:
        warn("training_old", "The training known ends more than eight weeks before the race.")
