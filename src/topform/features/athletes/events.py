"""What athletes announce: events for clients (the data is the athlete as the API shows it), work for others."""

from typing import Final

ATHLETE_UPDATED: Final = "athlete.updated"
PARAMETERS_CHANGED_TASK: Final = "activities.recompute"
"""Deferred by name when something the formulas use has changed, since activities build on athletes."""
