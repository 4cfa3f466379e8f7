"""Whether the response to training can be told from an athlete's own tests: shown only where it earned its place."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import OutOfRangeError
from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.predictions.record_schemas import ResponseModel, ResponseModels
from topform.features.predictions.service import running_history
from topform.features.strength_sets.public import training_days
from topform.features.thresholds.public import tests_by_day
from topform.science.impulse_response import model_verdict, prior_averaged_forecast
from topform.science.performance_index import run_index
from topform.science.prediction import Conditions, Race
from topform.science.prediction.models import HALF_MARATHON_M

MOST_TESTS: Final = 24
MOST_DAYS: Final = 4 * 366

Sport = Literal["running", "cycling"]


async def responses(session: AsyncSession, viewer: AthleteId, *, today: date) -> ResponseModels:
    """Return for running and cycling whether the model beat last value and mean of three on the athlete's own past."""
    history, _ = await running_history(
        session, viewer, distance_m=HALF_MARATHON_M, day=today + timedelta(days=1), conditions=Conditions()
    )
    loads = {one.day: one.load_au for one in await training_days(session, viewer, purpose=Purpose.MODEL)}
    found: list[tuple[Sport, str, Mapping[date, float]]] = [
        ("running", "ml/kg/min", _indices(history.races)),
        ("cycling", "W", (await tests_by_day(session, viewer))["ftp_w"]),
    ]
    return ResponseModels(
        items=[await asyncio.to_thread(response_of, *known, loads, today) for known in found if known[2]]
    )


def _indices(races: Sequence[Race]) -> dict[date, float]:
    """Return the performance index of each day with a race, the best where there were two."""
    found: dict[date, float] = {}
    for race in races:
        if race.day is None:
            continue
        try:
            index = run_index(distance_m=race.distance_m, time_s=race.time_s)
        except OutOfRangeError:
            continue
        if index > 0:
            found[race.day] = max(index, found.get(race.day, 0.0))
    return found


def response_of(
    sport: Sport, unit: str, tests: Mapping[date, float], loads: Mapping[date, float], today: date
) -> ResponseModel:
    """Return the verdict over the newest tests, with a forecast for today where the model earned it."""
    days = sorted(day for day in tests if day <= today)[-MOST_TESTS:]
    first = max(min([*days, *loads]), days[-1] - timedelta(days=MOST_DAYS)) if days else today
    days = [day for day in days if day >= first]
    daily = np.array([loads.get(first + timedelta(days=index), 0.0) for index in range((today - first).days + 1)])
    at = np.array([(day - first).days for day in days], dtype=np.int64)
    values = np.array([tests[day] for day in days])
    verdict = model_verdict(daily, at, values)
    forecast = None
    if verdict.is_shown and days[-1] < today:
        forecast = prior_averaged_forecast(daily, at, values, target_day=(today - first).days)
    return ResponseModel(
        sport=sport,
        unit=unit,
        tests=len(days),
        predicted=verdict.tests,
        model_mae_pct=_known(verdict.model_mae_pct),
        last_value_mae_pct=_known(verdict.last_value_mae_pct),
        mean_of_three_mae_pct=_known(verdict.mean_of_three_mae_pct),
        reason=verdict.reason,
        forecast=_known(forecast),
        last_value=_known(float(values[-1])) if days else None,
    )


def _known(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else round(value, 3)
