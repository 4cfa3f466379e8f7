"""What other features may use of thresholds."""

from topform.features.thresholds.service import tests_by_day
from topform.features.thresholds.tables import ThresholdTestRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["PERSONAL_DATA", "tests_by_day"]

PERSONAL_DATA = PersonalData(tables=(PersonalTable(ThresholdTestRow),))
