"""Names under which the queue knows the work on form checks."""

from typing import Final

FEATURE: Final = "form_checks"
ANALYZE: Final = "analyze"
ANALYZE_TASK: Final = f"{FEATURE}.{ANALYZE}"
