"""Names under which the queue knows the work on rooms."""

from typing import Final

FEATURE: Final = "live_rooms"
TIDY: Final = "tidy"
