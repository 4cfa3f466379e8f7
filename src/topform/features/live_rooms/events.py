"""Events of rooms; a room itself goes to who is inside, by topic and not by person.

`community.rooms_changed`: ``{}`` to whom a room is open, when it opens or closes and when somebody comes or goes.
"""

from typing import Final
from uuid import UUID

ROOMS_CHANGED: Final = "community.rooms_changed"


def room_topic(room_id: UUID) -> str:
    """Return the topic by which those inside are woken; it carries no data."""
    return f"community.room:{room_id}"
