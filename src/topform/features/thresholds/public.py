"""What other features may use of thresholds."""

from topform.features.thresholds.tables import ThresholdTestRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["PERSONAL_DATA"]

PERSONAL_DATA = PersonalData(tables=(PersonalTable(ThresholdTestRow),))
