"""What other features may use of readiness."""

from topform.features.readiness.events import READINESS_CHANGED
from topform.features.readiness.service import readiness, red_flag_is_set, red_flag_spans, warnings
from topform.features.readiness.tables import HealthReportRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["PERSONAL_DATA", "READINESS_CHANGED", "readiness", "red_flag_is_set", "red_flag_spans", "warnings"]

PERSONAL_DATA = PersonalData(tables=(PersonalTable(HealthReportRow),))
