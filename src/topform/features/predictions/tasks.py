"""Names under which the queue knows the work on predictions."""

from typing import Final

FEATURE: Final = "predictions"
CLOSE: Final = "close"
CLOSE_TASK: Final = f"{FEATURE}.{CLOSE}"
CLOSE_DUE: Final = "close_due"
