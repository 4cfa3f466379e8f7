"""Work that a change of an athlete leaves to others."""

from typing import Final

PARAMETERS_CHANGED_TASK: Final = "activities.recompute"
"""Deferred by name when something the formulas use has changed, since activities build on athletes."""
