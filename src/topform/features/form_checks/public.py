"""What other features may use of form checks."""

from topform.features.form_checks.collecting import ConsentedRecording, consented_recordings
from topform.features.form_checks.tables import FormCheckRow, FormDisputeRow, FormLabelsRow, FormRaterRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["PERSONAL_DATA", "ConsentedRecording", "consented_recordings"]

PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(FormCheckRow, objects=("video_key", "thumbnail_key", "poses_key", "track_key")),
        PersonalTable(FormDisputeRow),
        PersonalTable(FormLabelsRow),
        PersonalTable(FormRaterRow, left_out="who else may label; access is given anew, to people of the new server"),
    ),
    folders=("form-checks",),
)
