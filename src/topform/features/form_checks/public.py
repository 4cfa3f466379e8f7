"""What other features may use of form checks."""

from topform.features.form_checks.collecting import (
    ConsentedCheck,
    ConsentedRecording,
    consented_checks,
    consented_recordings,
)
from topform.features.form_checks.facts import form_check_facts, form_check_ids
from topform.features.form_checks.service import form_check_counts
from topform.features.form_checks.stills import still_response
from topform.features.form_checks.tables import (
    FormCheckRow,
    FormDisputeRow,
    FormLabelsRow,
    FormOpinionRow,
    FormRaterRow,
)
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = [
    "PERSONAL_DATA",
    "ConsentedCheck",
    "ConsentedRecording",
    "FormCheckRow",
    "consented_checks",
    "consented_recordings",
    "form_check_counts",
    "form_check_facts",
    "form_check_ids",
    "still_response",
]

PERSONAL_DATA = PersonalData(
    tables=(
        # The picture is one of the video, which the archive holds; others see none that came with an archive.
        PersonalTable(FormCheckRow, objects=("video_key", "poses_key", "track_key"), omit=("thumbnail_key",)),
        PersonalTable(FormDisputeRow),
        PersonalTable(FormOpinionRow),
        PersonalTable(FormLabelsRow),
        PersonalTable(FormRaterRow, left_out="who else may label; access is given anew, to people of the new server"),
    ),
    folders=("form-checks",),
)
