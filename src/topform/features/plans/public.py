"""What other features may use of plans."""

from topform.features.plans.adapting import list_proposals
from topform.features.plans.adapting_schemas import ChangeWish, ProposalCard
from topform.features.plans.following import KeptDay, kept_days, kept_sessions
from topform.features.plans.milestones import Reached, reached
from topform.features.plans.reminding import is_kept_from_training, proposal_is_open, sessions_to_do
from topform.features.plans.request_schemas import PlanChangeWish
from topform.features.plans.schemas import MilestoneKind
from topform.features.plans.tables import (
    CalendarTokenRow,
    PlanChangeRow,
    PlanLifeRow,
    PlanProposalRow,
    PlanRow,
    SessionFeedbackRow,
    SessionMarkRow,
)
from topform.features.plans.technique import ask_for_technique
from topform.features.plans.trying import propose_what_if
from topform.features.plans.versions import PlanLockedError
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = [
    "PERSONAL_DATA",
    "ChangeWish",
    "KeptDay",
    "MilestoneKind",
    "PlanChangeWish",
    "PlanLockedError",
    "ProposalCard",
    "Reached",
    "ask_for_technique",
    "is_kept_from_training",
    "kept_days",
    "kept_sessions",
    "list_proposals",
    "proposal_is_open",
    "propose_what_if",
    "reached",
    "sessions_to_do",
]

PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(PlanRow),
        PersonalTable(PlanProposalRow),
        PersonalTable(PlanChangeRow),
        PersonalTable(PlanLifeRow),
        PersonalTable(SessionFeedbackRow),
        PersonalTable(SessionMarkRow),
        PersonalTable(CalendarTokenRow, left_out="secrets of this server; a calendar address is made anew"),
    )
)
