"""Planned sessions as files for calendars, watches and trainers. Each writer takes the plan's plain documents."""

from topform.formats.workouts.erg import erg, mrc
from topform.formats.workouts.fit import fit_workout
from topform.formats.workouts.ics import calendar
from topform.formats.workouts.zwo import zwo

__all__ = ["calendar", "erg", "fit_workout", "mrc", "zwo"]
