"""What other features and entry points may use of notices."""

from topform.features.notices.events import NOTICES_CHANGED
from topform.features.notices.tables import NoticeRow, NoticeSettingsRow, PushDeviceRow, PushTicketRow
from topform.features.notices.writing import write_notices
from topform.platform.personal_data import KeptFor, PersonalData, PersonalTable

__all__ = ["NOTICES_CHANGED", "PERSONAL_DATA", "write_notices"]

PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(NoticeRow, left_out="points at what happened on this server; the things themselves are here"),
        PersonalTable(NoticeSettingsRow, omit=("remind_at",)),
        PersonalTable(PushDeviceRow, left_out="secrets of single devices; allow notices again where they are wanted"),
        PersonalTable(PushTicketRow, left_out="numbers of messages on their way; kept for two days at most"),
    ),
    kept_for=(KeptFor(NoticeRow, since="created_at", days=90), KeptFor(PushTicketRow, since="sent_at", days=2)),
)
