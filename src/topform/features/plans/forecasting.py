"""Fitness, fatigue and form to come, if the current plan is done as it stands."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.plans.planned import planned_loads
from topform.features.plans.schemas import FitnessForecast, ForecastDay
from topform.features.training_load.public import fitness
from topform.science.fitness import load_averages


async def forecast(session: AsyncSession, viewer: AthleteId, *, today: date) -> FitnessForecast:
    """Return where fitness, fatigue and form go from today if the plan is done as it stands."""
    plan = await planned_loads(session, viewer)
    if plan is None:
        return FitnessForecast(days=[], race_date=None, race_distance_m=None)
    known = (await fitness(session, viewer, first=today, last=today)).days[-1]
    ahead = sorted(day for day in plan.loads_au if day > today)
    if not ahead:
        return FitnessForecast(days=[], race_date=plan.race_day, race_distance_m=plan.race_distance_m)
    days = [today + timedelta(days=index + 1) for index in range((ahead[-1] - today).days)]
    loads = np.array([plan.loads_au.get(day, 0.0) for day in days])
    averages = load_averages(loads, ctl_start=known.ctl, atl_start=known.atl)
    return FitnessForecast(
        days=[
            ForecastDay(
                date=day,
                load_au=float(load),
                ctl=float(ctl),
                atl=float(atl),
                tsb=float(tsb),
                tsb_morning=float(morning),
            )
            for day, load, ctl, atl, tsb, morning in zip(
                days, loads, averages.ctl, averages.atl, averages.tsb, averages.tsb_morning, strict=True
            )
        ],
        race_date=plan.race_day,
        race_distance_m=plan.race_distance_m,
    )
