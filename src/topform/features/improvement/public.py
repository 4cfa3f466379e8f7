"""What other features may use of the improvement of models."""

from topform.features.improvement.service import AlarmsOfKind, alarms_by_kind, all_questions
from topform.features.improvement.steps import retrain_steps, watch_steps
from topform.features.improvement.tables import DatasetExampleRow, JudgementRow
from topform.features.improvement.training import retrain
from topform.features.improvement.watching import watch
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = [
    "PERSONAL_DATA",
    "AlarmsOfKind",
    "alarms_by_kind",
    "all_questions",
    "retrain",
    "retrain_steps",
    "watch",
    "watch_steps",
]

PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(DatasetExampleRow, left_out="figures of form checks and what was said of them, both exported"),
        PersonalTable(JudgementRow, left_out="what versions of a model of this server say of form checks"),
    )
)
