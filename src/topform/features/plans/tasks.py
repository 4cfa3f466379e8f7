"""Names under which the queue knows the work on plans."""

from typing import Final

FEATURE: Final = "plans"
MAKE: Final = "make"
MAKE_TASK: Final = f"{FEATURE}.{MAKE}"
REVIEW: Final = "review"
REVIEW_TASK: Final = f"{FEATURE}.{REVIEW}"
REVIEW_DUE: Final = "review_due"
