"""Where a value comes from, and what its source allows to be done with it.

Some services let an athlete see their data in TopForm but forbid its use in models, in assistants and in what other
people see. A value from such a service carries the service's name as a tag, and everything computed from it inherits
the tag.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

RESTRICTED_SOURCES: Final = frozenset({"strava"})
"""Sources whose terms allow their data to be shown to its owner and nothing else."""


class Purpose(StrEnum):
    """What values are wanted for."""

    OWN_EYES = "own_eyes"
    """The athlete looks at their own data."""
    OTHER_PEOPLE = "other_people"
    """Somebody else looks: followers, a club, the public."""
    COACH = "coach"
    """A coach looks, within what the athlete shares with them."""
    MODEL = "model"
    """A model is trained, evaluated or run on them."""
    ASSISTANT = "assistant"
    """They reach a language model."""
    RESEARCH = "research"
    """They are studied by others. Nobody is asked for this, so no read for it gets anything."""

    @property
    def takes_restricted(self) -> bool:
        """Whether values with a tag may serve this purpose."""
        return self is Purpose.OWN_EYES


def restriction_of(source: str | None) -> str | None:
    """Return the tag of values from this source, None when they may be used freely.

    Examples
    --------
    >>> restriction_of("strava"), restriction_of("polar"), restriction_of(None)
    ('strava', None, None)
    """
    return source if source in RESTRICTED_SOURCES else None


def inherited(tags: Iterable[str | None]) -> str | None:
    """Return the tag of a value computed from values with these tags: one tagged input tags the result.

    Examples
    --------
    >>> inherited([None, "strava", None]), inherited([None, None])
    ('strava', None)
    """
    return min((tag for tag in tags if tag is not None), default=None)
