"""Names under which the queue knows the work of federation."""

from typing import Final

FEATURE: Final = "federation"
ANNOUNCE: Final = "announce"
ANNOUNCE_TASK: Final = f"{FEATURE}.{ANNOUNCE}"
DELIVER: Final = "deliver"
DELIVER_TASK: Final = f"{FEATURE}.{DELIVER}"
TIDY: Final = "tidy"
