"""What other features may use of plans."""

from topform.features.plans.tables import PlanRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["PERSONAL_DATA"]

PERSONAL_DATA = PersonalData(tables=(PersonalTable(PlanRow),))
