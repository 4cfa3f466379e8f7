"""What other features and entry points may use of activities."""

from topform.features.activities.history import DayLoad, daily_loads

__all__ = ["DayLoad", "daily_loads"]
