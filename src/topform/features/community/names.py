"""What clubs, teams and segments are called: nothing that speaks for the server, and nothing that was taken away."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from uuid import UUID

from topform.core.errors import InvalidInputError
from topform.features.athletes.public import require_plain_name

RESERVED: Final = frozenset(
    {"admin", "administrator", "moderator", "root", "staff", "support", "system", "topform", "official"}
)
"""Handles and names that would let somebody speak as the server."""


class NameReservedError(InvalidInputError):
    """The name would let a group speak as the server."""

    code = "name_reserved"


class NameTakenAwayError(InvalidInputError):
    """A moderator took this name away."""

    code = "name_taken_away"


def require_group_name(name: str) -> None:
    """Refuse a name of a group with invisible characters, or one that only the people who run the server may use.

    Examples
    --------
    >>> require_group_name("Lake runners")
    >>> require_group_name("TopForm Support")
    Traceback (most recent call last):
    ...
    topform.features.community.names.NameReservedError: This name is kept for the people who run the server.
    """
    require_plain_name(name)
    words = re.findall(r"\w+", folded(name))
    if words and (all(word in RESERVED for word in words) or "".join(words).replace("_", "") in RESERVED):
        raise NameReservedError("This name is kept for the people who run the server.", remedy="Choose another one.")


def folded(name: str) -> str:
    """Return a name as it is compared: without differences of case, width and marks.

    Examples
    --------
    >>> folded("Ｔｏｐ Förm") == folded("top form")
    True
    """
    parts = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(sign for sign in parts if not unicodedata.combining(sign)).split())


def neutral_name(kind: str, row_id: UUID) -> str:
    """Return what a group is called whose name was taken away, until its people choose another one.

    Examples
    --------
    >>> neutral_name("club", UUID("01890a5d-ac96-774b-bcce-b302099a8057"))
    'Club 8057'
    """
    return f"{kind.capitalize()} {row_id.hex[-4:].upper()}"
