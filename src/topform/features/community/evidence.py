"""What a report keeps of what it is about, so that deleting that does not end the report.

Whom it is about, of which kind it is, when it was said and in which words; of what a post shows the kind of sport, the
day and the title, and no measured value.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError
from topform.core.ids import AthleteId
from topform.features.community.names import folded
from topform.features.community.removal_repository import RemovalRepository
from topform.features.community.tables import PersonRow, PostRow

SHOWN: Final = ("sport", "exercise", "day", "title")
"""What is kept of what a post shows."""

SAME_AGAIN: Final = 2
"""After how many decisions about one activity or form check it is not shared any more, in whatever words."""


class TakenAwayError(ConflictError):
    """A moderator took the same away before."""

    code = "taken_away"


def evidence(
    kind: str, person: PersonRow | None, *, said_at: datetime | None = None, post: PostRow | None = None
) -> dict[str, Any]:
    """Return what a report keeps besides the words."""
    kept: dict[str, Any] = {"kind": kind}
    if person is not None:
        kept |= {"handle": person.handle, "name": person.name}
    if said_at is not None:
        kept["said_at"] = said_at.isoformat()
    if post is not None:
        kept |= {name: post.snapshot[name] for name in SHOWN if name in post.snapshot}
        kept["about"] = about_of(post.kind, post.snapshot, post.activity_id, post.form_check_id)
    return kept


def about_of(kind: str, values: dict[str, Any], activity_id: UUID | None, form_check_id: UUID | None) -> str:
    """Return what two posts about the same thing have in common.

    Examples
    --------
    >>> about_of("plan_milestone", {"sport": "running", "milestone": "race", "day": "2026-06-07"}, None, None)
    'plan_milestone:running:race:2026-06-07'
    """
    if activity_id is not None:
        return f"activity:{activity_id}"
    if form_check_id is not None:
        return f"form_check:{form_check_id}"
    names = ("sport", "milestone", "best_kind", "best_duration_s", "day")
    return ":".join([kind, *(str(values[name]) for name in names if values.get(name) is not None)])


async def require_not_taken_away(
    session: AsyncSession, athlete_id: AthleteId, words: str, *, about: str | None = None
) -> None:
    """Refuse what a moderator took away from the athlete, unless an appeal gave it back.

    The same words are refused wherever they are said. What a post is about may be shared again in other words, until
    it was taken away twice.

    Raises
    ------
    TakenAwayError
        If it is the same again.
    """
    taken = await RemovalRepository(session).words_taken(athlete_id)
    if is_same_again(words, about, taken):
        raise TakenAwayError("A moderator took this away before.", remedy="Appeal, or say it otherwise.")


def is_same_again(words: str, about: str | None, taken: Collection[tuple[str, str | None]]) -> bool:
    """Tell whether words, or what a post is about, are among what was taken away, as pairs of the two.

    Examples
    --------
    >>> is_same_again("You  CHEAT", "activity:2", [("You cheat", "activity:1")])
    True
    >>> is_same_again("A fine ride", "activity:1", [("You cheat", "activity:1")])
    False
    >>> is_same_again("A fine ride", "activity:1", [("You cheat", "activity:1"), ("Cheat, you", "activity:1")])
    True
    """
    said = folded(words)
    about_this = {folded(text) for text, thing in taken if thing is not None and thing == about}
    if said in about_this or len(about_this) >= SAME_AGAIN:
        return True
    return said != "" and any(folded(text) == said for text, _ in taken)
