"""What other features may use of plans."""

from topform.features.plans.tables import (
    CalendarTokenRow,
    PlanChangeRow,
    PlanLifeRow,
    PlanProposalRow,
    PlanRow,
    SessionFeedbackRow,
)
from topform.features.plans.technique import ask_for_technique
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["PERSONAL_DATA", "ask_for_technique"]

PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(PlanRow),
        PersonalTable(PlanProposalRow),
        PersonalTable(PlanChangeRow),
        PersonalTable(PlanLifeRow),
        PersonalTable(SessionFeedbackRow),
        PersonalTable(CalendarTokenRow, left_out="secrets of this server; a calendar address is made anew"),
    )
)
