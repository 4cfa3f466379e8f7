"""Names under which the queue knows the work on activities."""

from typing import Final

IMPORT_UPLOAD: Final = "activities.import_upload"
