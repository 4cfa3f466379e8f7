"""Names under which the queue knows the work on activities."""

from typing import Final

FEATURE: Final = "activities"
IMPORT_UPLOAD: Final = "import_upload"
IMPORT_UPLOAD_TASK: Final = f"{FEATURE}.{IMPORT_UPLOAD}"
RECOMPUTE: Final = "recompute"
