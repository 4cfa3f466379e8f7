"""What other features may use of daily values."""

from topform.features.wellness.coverage import source_days
from topform.features.wellness.events import WELLNESS_CHANGED
from topform.features.wellness.service import StoredValues, daily_numbers, daily_series, remove_source, store_values
from topform.features.wellness.tables import WellnessPriorityRow, WellnessValueRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = [
    "PERSONAL_DATA",
    "WELLNESS_CHANGED",
    "StoredValues",
    "daily_numbers",
    "daily_series",
    "remove_source",
    "source_days",
    "store_values",
]

PERSONAL_DATA = PersonalData(tables=(PersonalTable(WellnessValueRow), PersonalTable(WellnessPriorityRow)))
