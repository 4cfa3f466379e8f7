"""Topics that whoever watches a board or a post is woken by; they carry no data and are no events."""

from typing import Final
from uuid import UUID

RELATIONS: Final = "community.relations"
"""Who may see whom has changed."""


def board_topic(challenge_id: UUID) -> str:
    """Return the topic of a challenge's board."""
    return f"community.board:{challenge_id}"


def post_topic(post_id: UUID) -> str:
    """Return the topic of a post and of what is said to it."""
    return f"community.post:{post_id}"
