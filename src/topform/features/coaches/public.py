"""What other features and entry points may use of coaches."""

from topform.features.coaches.access import coached, coached_athlete
from topform.features.coaches.coaching import is_coach_of
from topform.features.coaches.codes import digest, new_code
from topform.features.coaches.events import COACHING_CHANGED
from topform.features.coaches.reacting import keep_coaches_told
from topform.features.coaches.tables import (
    CoachGrantRow,
    CoachGroupMemberRow,
    CoachGroupRow,
    CoachInvitationRow,
    CoachReadRow,
)
from topform.platform.personal_data import KeptFor, PersonalData, PersonalTable

__all__ = [
    "COACHING_CHANGED",
    "PERSONAL_DATA",
    "CoachGrantRow",
    "coached",
    "coached_athlete",
    "digest",
    "is_coach_of",
    "keep_coaches_told",
    "new_code",
]

HERE = "names people of this server; where the archive is imported, access is granted anew"
PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(CoachGrantRow, left_out=HERE),
        PersonalTable(CoachInvitationRow, left_out=HERE),
        PersonalTable(CoachReadRow, left_out=HERE),
        PersonalTable(CoachGroupRow),
        PersonalTable(CoachGroupMemberRow, left_out=HERE),
    ),
    kept_for=(
        KeptFor(CoachInvitationRow, since="expires_at", days=0),
        KeptFor(CoachReadRow, since="last_at", days=365),
        KeptFor(CoachGrantRow, since="ended_at", days=1095),
    ),
)
