"""The safety rules of planning as numbers, each with its source. Planner and checker read the same law.

Sources: Bosquet 2007 (taper), Schuster Brandt Frandsen 2025 (longest session of 30 days), Foster 1998 (monotony);
where no source is named the number is a convention of TopForm, chosen on the careful side.
"""

from __future__ import annotations

import math
from typing import Final

from topform.coaching.goals import Experience, PlanSport
from topform.science.fitness import ATL_DAYS, CTL_DAYS

CTL_TIME_CONSTANT_DAYS: Final = CTL_DAYS
ATL_TIME_CONSTANT_DAYS: Final = ATL_DAYS

MAX_RAMP_AU: Final = {Experience.BEGINNER: 3.0, Experience.INTERMEDIATE: 5.0, Experience.ADVANCED: 5.0}
"""Largest rise of ctl over seven days. [AU/day]"""

MIN_TSB_AU: Final = {Experience.BEGINNER: -20.0, Experience.INTERMEDIATE: -20.0, Experience.ADVANCED: -30.0}
"""No training may push tsb below this. [AU/day]"""

MAX_HARD_DAYS: Final = {Experience.BEGINNER: 2, Experience.INTERMEDIATE: 3, Experience.ADVANCED: 3}
"""Hard and long days in any seven days."""

MAX_WEEK_RATIO: Final = 1.3
"""Load of any seven days over the mean of the three weeks before. Where one of those weeks was lived already, they are
taken as no less than what held the best ctl of the last `RETURN_DAYS`: a week of illness must not become the measure of
the weeks to come, or a plan never comes back from it. The ramp and the floor of tsb bound the return."""

RETURN_DAYS: Final = 28
"""For so long a load that was carried before counts as known to the body. [d]"""

FREE_WEEK_LOAD_AU: Final = 90.0
"""A week up to this load (about three easy half hours) is allowed whatever came before. [AU]"""

MAX_TRAINING_DAYS_IN_ROW: Final = 6

LONGEST_WINDOW_DAYS: Final = 30
MAX_LONGEST_RATIO: Final = {
    PlanSport.RUNNING: 1.10,
    PlanSport.CYCLING: 1.20,
    PlanSport.SWIMMING: 1.20,
}
"""Session over the longest of the 30 days before, by sport; strength sessions are not limited by time."""

FREE_SESSION_MINUTES: Final = {PlanSport.RUNNING: 20, PlanSport.CYCLING: 30, PlanSport.SWIMMING: 20}
"""A first session after 30 days without that sport may last this long. [min]"""

LONG_SESSION_MINUTES: Final = {PlanSport.RUNNING: 75, PlanSport.CYCLING: 120, PlanSport.SWIMMING: 75}
"""From here on a session counts as long, and so as hard, whatever it is called. [min]"""

MAX_LONG_RUN_MINUTES: Final = 180

HARD_INTENSITY_PCT: Final = {PlanSport.RUNNING: 95.0, PlanSport.CYCLING: 90.0, PlanSport.SWIMMING: 97.0}
"""Steps at or above this percentage of threshold are hard work."""

HARD_WORK_MINUTES: Final = 6.0
"""A session with this much hard work is a hard session; openers and strides stay below. [min]"""

MAX_MONOTONY: Final = 2.0

DELOAD_EVERY_WEEKS: Final = 4
DELOAD_RATIO: Final = 0.7
"""At least every fourth week has at most this share of the heaviest of the three weeks before. In a plan that grows
that is the week before; a week that illness or missed sessions made this light counts as an easier one, too."""

TAPER_LAST_WEEK_RATIO: Final = (0.35, 0.55)
TAPER_WEEK_BEFORE_RATIO: Final = (0.55, 0.75)
"""Load of the last and the last but one week before an A race, over the mean of the four weeks before the taper."""

TAPER_FREE_LOAD_AU: Final = 45.0
"""Load that the last seven days before a race may always hold, however little came before. [AU]"""

RACE_RECOVERY_M: Final = {
    PlanSport.RUNNING: 3_000.0,
    PlanSport.CYCLING: 30_000.0,
    PlanSport.SWIMMING: 1_500.0,
    PlanSport.TRIATHLON: 10_000.0,
}
"""One day without hard work after a race on the way for each such distance of it. Running after Daniels, who counts one
easy day for every three kilometres raced; the others are as long a time of moving. [m]"""

MAX_RACE_RECOVERY_DAYS: Final = 14
RACE_FREE_DAY_SHARE: Final = 0.25
"""Share of those days that are free of training, at least one and at most four."""

MAX_RACE_FREE_DAYS: Final = 4

MAX_DAYS_UP_TO_RACE: Final = 5
"""Days with training or races in the seven days that end with a race on the way."""

STRENGTH_GAP_DAYS: Final = 2
"""Strength sessions lie at least this many days apart."""

MAX_STRENGTH_REPS_GROWTH: Final = 1.10
"""Repetitions of a week over those of the heaviest week before."""

FREE_STRENGTH_REPS: Final = 60
"""Repetitions a week that are allowed whatever came before."""

FREE_STRENGTH_REPS_PER_MAX: Final = 8
"""Repetitions a week for each one of the best set that are allowed whatever came before."""


def race_recovery(*, sport: PlanSport, distance_m: float) -> tuple[int, int]:
    """Return the days after a race on the way that are free, and those without hard or long sessions.

    Parameters
    ----------
    sport : PlanSport
    distance_m : float
        [m]

    Examples
    --------
    >>> race_recovery(sport=PlanSport.RUNNING, distance_m=10_000)
    (1, 4)
    >>> race_recovery(sport=PlanSport.RUNNING, distance_m=42_195)
    (4, 14)
    """
    easy = min(MAX_RACE_RECOVERY_DAYS, max(1, math.ceil(distance_m / RACE_RECOVERY_M[sport])))
    return min(MAX_RACE_FREE_DAYS, max(1, round(RACE_FREE_DAY_SHARE * easy + 1e-9))), easy


def taper_weeks(*, sport: PlanSport, distance_m: float, duration_min: float) -> int:
    """Return the weeks of reduced load before an A race.

    One for races up to about 75 minutes, two beyond; the weeks are those whose load the rules bound.

    Parameters
    ----------
    sport : PlanSport
    distance_m : float
        [m]
    duration_min : float
        Expected duration of the race. [min]

    Examples
    --------
    >>> taper_weeks(sport=PlanSport.RUNNING, distance_m=10_000, duration_min=50)
    1
    >>> taper_weeks(sport=PlanSport.RUNNING, distance_m=42_195, duration_min=230)
    2
    """
    if sport is PlanSport.RUNNING:
        return 1 if distance_m < 15_000 else 2
    return 1 if duration_min < 75 else 2
