"""Event types of daily values; the data is the stretch of days that changed: ``{"from", "to"}``."""

from typing import Final

WELLNESS_CHANGED: Final = "wellness.changed"
