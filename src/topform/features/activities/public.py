"""What other features and entry points may use of activities."""

from topform.features.activities.curves import CurveKind, CurvePoint, best_of_range
from topform.features.activities.delivered import (
    ActivityImporter,
    activity_days,
    activity_importer,
    remove_delivered,
)
from topform.features.activities.effort_facts import EffortFacts, as_long_as, effort_facts
from topform.features.activities.events import FITNESS_CHANGED
from topform.features.activities.evidence import MetricOfDay, SteadyStretches, metrics_by_day, steady_stretches
from topform.features.activities.exertion import LearnedScale, learned_scale, rating_scale, reset_learned_scale
from topform.features.activities.history import (
    DayLoad,
    LoadHistory,
    PastSession,
    SharedEffort,
    activity_counts,
    activity_facts,
    daily_loads,
    efforts_for_others,
    load_history,
    past_sessions,
    trained_since,
)
from topform.features.activities.recorded import RecordedLeg, activity_changes, recorded_legs, recorded_streams
from topform.features.activities.service import latest_activity, leg_channels
from topform.features.activities.shown import shown_route
from topform.features.activities.tables import (
    ActivityBestRow,
    ActivityLegRow,
    ActivityMetricHistoryRow,
    ActivityMetricRow,
    ActivityRow,
    ActivitySourceRow,
    CurveChangeRow,
    CurveSumRow,
    ImportOutcomeRow,
    RatingScaleResetRow,
    SourcePreferenceRow,
)
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = [
    "FITNESS_CHANGED",
    "PERSONAL_DATA",
    "ActivityImporter",
    "CurveKind",
    "CurvePoint",
    "DayLoad",
    "EffortFacts",
    "LearnedScale",
    "LoadHistory",
    "MetricOfDay",
    "PastSession",
    "RecordedLeg",
    "SharedEffort",
    "SteadyStretches",
    "activity_changes",
    "activity_counts",
    "activity_days",
    "activity_facts",
    "activity_importer",
    "as_long_as",
    "best_of_range",
    "daily_loads",
    "effort_facts",
    "efforts_for_others",
    "latest_activity",
    "learned_scale",
    "leg_channels",
    "load_history",
    "metrics_by_day",
    "past_sessions",
    "rating_scale",
    "recorded_legs",
    "recorded_streams",
    "remove_delivered",
    "reset_learned_scale",
    "shown_route",
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
        PersonalTable(CurveSumRow, left_out="made again from the activities' curves"),
        PersonalTable(CurveChangeRow, left_out="which sums have to be made again"),
        PersonalTable(SourcePreferenceRow),
        PersonalTable(RatingScaleResetRow),
        PersonalTable(ImportOutcomeRow, left_out="what became of single uploads; the activities are what they left"),
    ),
    folders=("originals", "streams"),
)
