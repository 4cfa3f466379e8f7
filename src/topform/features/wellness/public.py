"""What other features may use of daily values."""

from topform.features.wellness.events import WELLNESS_CHANGED
from topform.features.wellness.service import StoredValues, daily_series, remove_source, store_values

__all__ = ["WELLNESS_CHANGED", "StoredValues", "daily_series", "remove_source", "store_values"]
