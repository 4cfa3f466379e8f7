"""What athletes can be told of; all but what moderators decide they can turn off."""

from __future__ import annotations

from typing import Final, Literal, get_args

Kind = Literal[
    "follow_request",
    "kudos",
    "comment",
    "mention",
    "challenge",
    "club_request",
    "club_invitation",
    "club_accepted",
    "team_request",
    "team_accepted",
    "removal",
    "appeal_answered",
    "plan_proposal",
    "session_reminder",
    "source_stopped",
    "security",
]
KINDS: Final[tuple[str, ...]] = get_args(Kind)

ALWAYS_ON: Final = frozenset({"removal", "appeal_answered"})
"""What nobody can turn off: who loses something learns why, and how to appeal."""

BY_PEOPLE: Final = frozenset(
    {
        "follow_request",
        "kudos",
        "comment",
        "mention",
        "challenge",
        "club_request",
        "club_invitation",
        "club_accepted",
        "team_request",
        "team_accepted",
    }
)
"""What other people cause: nothing of it comes from somebody who is blocked or muted."""

AT_ONCE: Final = frozenset({"security", "session_reminder"})
"""What waits neither for the end of quiet hours nor for the digest: the first must not, the other has its own time."""

ASKS_TO_TRAIN: Final = frozenset({"challenge", "session_reminder"})
"""What no device is told of while a reason of health speaks against training."""
