"""What other features and entry points may use of activities."""

from topform.features.activities.curves import CurveKind, CurvePoint, best_of_range
from topform.features.activities.delivered import (
    ActivityImporter,
    activity_days,
    activity_importer,
    remove_delivered,
)
from topform.features.activities.evidence import MetricOfDay, SteadyStretches, metrics_by_day, steady_stretches
from topform.features.activities.history import (
    DayLoad,
    FastestStretch,
    PastSession,
    daily_loads,
    fastest_stretches,
    past_sessions,
    trained_since,
)
from topform.features.activities.service import leg_streams
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
    "CurveKind",
    "CurvePoint",
    "DayLoad",
    "FastestStretch",
    "MetricOfDay",
    "PastSession",
    "SteadyStretches",
    "activity_days",
    "activity_importer",
    "best_of_range",
    "daily_loads",
    "fastest_stretches",
    "leg_streams",
    "metrics_by_day",
    "past_sessions",
    "remove_delivered",
    "steady_stretches",
    "trained_since",
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
