"""Names under which the queue knows the work on segments."""

from typing import Final

FEATURE: Final = "segments"
MATCH: Final = "match"
MATCH_TASK: Final = f"{FEATURE}.{MATCH}"
FILL: Final = "fill"
FILL_TASK: Final = f"{FEATURE}.{FILL}"
LOOK: Final = "look"
LOOK_TASK: Final = f"{FEATURE}.{LOOK}"


def lock_of(athlete_id: object) -> str:
    """Return the lock under which an athlete's segments are matched one after the other."""
    return f"segments:{athlete_id}"
