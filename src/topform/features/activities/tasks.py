"""Names under which the queue knows the work on activities."""

from typing import Final

FEATURE: Final = "activities"
IMPORT_UPLOAD: Final = "import_upload"
IMPORT_UPLOAD_TASK: Final = f"{FEATURE}.{IMPORT_UPLOAD}"
RECOMPUTE: Final = "recompute"
"""Begins a job that computes an athlete's activities again; other features defer it by name."""

RUN_RECOMPUTE: Final = "run_recompute"
RUN_RECOMPUTE_TASK: Final = f"{FEATURE}.{RUN_RECOMPUTE}"
SUM_UP: Final = "sum_up"
"""Sums up the months whose best efforts have changed, every minute."""
