"""Names under which the queue knows the work on plans."""

from typing import Final

FEATURE: Final = "plans"
MAKE: Final = "make"
MAKE_TASK: Final = f"{FEATURE}.{MAKE}"
