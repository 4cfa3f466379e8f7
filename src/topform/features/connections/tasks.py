"""Names under which the queue knows the work on connected services."""

from typing import Final

FEATURE: Final = "connections"
SYNC: Final = "sync"
SYNC_TASK: Final = f"{FEATURE}.{SYNC}"
SYNC_DUE: Final = "sync_due"
DISCONNECT: Final = "disconnect"
DISCONNECT_TASK: Final = f"{FEATURE}.{DISCONNECT}"
