"""What other features may use of form checks."""

from topform.features.form_checks.tables import FormCheckRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["PERSONAL_DATA"]

PERSONAL_DATA = PersonalData(
    tables=(PersonalTable(FormCheckRow, objects=("video_key", "thumbnail_key")),), folders=("form-checks",)
)
