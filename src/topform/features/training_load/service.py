"""Fitness, fatigue and form, computed on request from the stored loads."""

from __future__ import annotations

from datetime import date

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.language import day_text
from topform.core.arrays import FloatArray
from topform.core.errors import InvalidInputError
from topform.core.ids import AthleteId
from topform.features.activities.public import LoadHistory
from topform.features.strength_sets.public import training_history
from topform.features.training_load.schemas import Fitness, FitnessDay, FitnessWarning, TimeConstants
from topform.science.fitness import ATL_DAYS, COLD_START_DAYS, CTL_DAYS, cold_start, load_averages

MAX_DAYS = 366 * 30
SHORT_HISTORY_DAYS = int(CTL_DAYS)


async def fitness(session: AsyncSession, athlete_id: AthleteId, *, first: date, last: date) -> Fitness:
    """Return the averages for each day from first to last; the history before them counts, days off are zero load."""
    if last < first:
        raise InvalidInputError("`from` is after `to`.", remedy="Swap the two dates.")
    if (last - first).days >= MAX_DAYS:
        raise InvalidInputError("The range is longer than 30 years.", remedy="Ask for a shorter range.")
    history = (await training_history(session, athlete_id)).until(last)
    return fitness_of(history, first=first, last=last)


def fitness_of(history: LoadHistory, *, first: date, last: date) -> Fitness:
    """Return the averages of a history of days.

    They start on the first day with an activity, from the mean load of the first 28 days; before it all is zero.
    """
    began = history.first_day or first
    origin = min(first, began)
    loads = daily_array(history, first=origin, last=last)
    untrained = min((began - origin).days, loads.size)
    trained = loads[untrained:]
    level = cold_start(np.pad(trained, (0, max(COLD_START_DAYS - trained.size, 0))))
    averages = load_averages(trained, ctl_start=level, atl_start=level)
    ctl, atl, tsb, tsb_morning = (
        np.pad(series, (untrained, 0)) for series in (averages.ctl, averages.atl, averages.tsb, averages.tsb_morning)
    )
    shown = (first - origin).days
    dates = map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))
    columns = (series[shown:].tolist() for series in (loads, ctl, atl, tsb, tsb_morning))
    return Fitness(
        days=list(map(FitnessDay, dates, *columns)),
        time_constants=TimeConstants(ctl_days=CTL_DAYS, atl_days=ATL_DAYS),
        warnings=_warnings(history, last=last),
    )


def daily_array(history: LoadHistory, *, first: date, last: date) -> FloatArray:
    """Return one load a day; a day without activities is rest, which is zero load."""
    loads = np.zeros((last - first).days + 1)
    place = history.ordinals - first.toordinal()
    inside = (place >= 0) & (place < loads.size)
    loads[place[inside]] = history.load_au[inside]
    return loads


def _warnings(history: LoadHistory, *, last: date) -> list[FitnessWarning]:
    warnings = []
    without_load = int(history.without_load.sum())
    if without_load:
        warnings.append(
            FitnessWarning(
                code="activities_without_load",
                message=f"{without_load} activities have no load, since the thresholds or heart rates they need "
                "were not known. They count as rest.",
                values={"count": without_load},
            )
        )
    began = history.first_day
    if began is not None and (last - began).days < SHORT_HISTORY_DAYS:
        warnings.append(
            FitnessWarning(
                code="short_history",
                message=f"The history begins on {day_text(began, 'en')}. Fitness starts from the mean of its "
                f"first {COLD_START_DAYS} days and is uncertain until {SHORT_HISTORY_DAYS} days are stored.",
                values={
                    "day": began,
                    "mean_days": COLD_START_DAYS,
                    "needed_days": SHORT_HISTORY_DAYS,
                },
            )
        )
    return warnings
