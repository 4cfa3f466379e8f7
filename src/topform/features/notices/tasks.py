"""Names under which the queue knows the work on notices."""

from typing import Final

FEATURE: Final = "notices"
DELIVER: Final = "deliver"
DELIVER_TASK: Final = f"{FEATURE}.{DELIVER}"
PUSH: Final = "push"
PUSH_TASK: Final = f"{FEATURE}.{PUSH}"
DUE: Final = "due"
RECEIPTS: Final = "receipts"
