"""Names under which the queue knows the work on signals."""

from typing import Final

FEATURE: Final = "signals"
LOOK: Final = "look"
LOOK_TASK: Final = f"{FEATURE}.{LOOK}"
