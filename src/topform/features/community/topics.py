"""Topics that whoever watches a board is woken by; they carry no data and are no events."""

from typing import Final
from uuid import UUID

RELATIONS: Final = "community.relations"
"""Who may see whom has changed."""


def board_topic(challenge_id: UUID) -> str:
    """Return the topic of a challenge's board."""
    return f"community.board:{challenge_id}"
