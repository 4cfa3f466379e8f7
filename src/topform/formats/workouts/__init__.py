"""Planned sessions as files for calendars, watches, trainers and services, from the plan's plain documents."""

from topform.formats.workouts.erg import erg, mrc
from topform.formats.workouts.fit import fit_workout
from topform.formats.workouts.health_connect import health_connect_session
from topform.formats.workouts.ics import calendar
from topform.formats.workouts.intervals_icu import intervals_event
from topform.formats.workouts.workoutkit import workoutkit_composition
from topform.formats.workouts.zwo import zwo

__all__ = [
    "calendar",
    "erg",
    "fit_workout",
    "health_connect_session",
    "intervals_event",
    "mrc",
    "workoutkit_composition",
    "zwo",
]
