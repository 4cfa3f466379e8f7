"""What other features and entry points may use of segments."""

from topform.features.segments.reacting import match_segments
from topform.features.segments.tables import SegmentEffortRow, SegmentMemberRow, SegmentRouteRow, SegmentRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["PERSONAL_DATA", "match_segments"]

PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(SegmentRow, omit=("audience", "shared_at", "club_id")),
        PersonalTable(SegmentMemberRow, left_out="membership in segments of people of this server"),
        PersonalTable(SegmentEffortRow, left_out="found again from the segments and activities, which are exported"),
        PersonalTable(SegmentRouteRow, left_out="an index that follows from the activities"),
    )
)
