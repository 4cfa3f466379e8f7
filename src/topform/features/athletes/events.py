"""Event types of athletes; the data is the athlete as the API shows it."""

from typing import Final

ATHLETE_UPDATED: Final = "athlete.updated"
