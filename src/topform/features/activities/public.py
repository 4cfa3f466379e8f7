"""What other features and entry points may use of activities."""

from topform.features.activities.delivered import (
    ActivityImporter,
    activity_days,
    activity_importer,
    remove_delivered,
)
from topform.features.activities.history import DayLoad, daily_loads
from topform.features.activities.tables import (
    ActivityBestRow,
    ActivityLegRow,
    ActivityMetricHistoryRow,
    ActivityMetricRow,
    ActivityRow,
    ActivitySourceRow,
    ImportOutcomeRow,
    SourcePreferenceRow,
)
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = [
    "PERSONAL_DATA",
    "ActivityImporter",
    "DayLoad",
    "activity_days",
    "activity_importer",
    "daily_loads",
    "remove_delivered",
]

PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(ActivityRow, objects=("streams_key",)),
        PersonalTable(ActivitySourceRow, objects=("object_key",)),
        PersonalTable(ActivityLegRow),
        PersonalTable(ActivityMetricRow),
        PersonalTable(ActivityMetricHistoryRow),
        PersonalTable(ActivityBestRow),
        PersonalTable(SourcePreferenceRow),
        PersonalTable(ImportOutcomeRow, left_out="what became of single uploads; the activities are what they left"),
    ),
    folders=("originals", "streams"),
)
