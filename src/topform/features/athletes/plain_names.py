"""Names and titles that others read: no character that shows nothing or turns the text around."""

from __future__ import annotations

import unicodedata
from typing import Final

from topform.core.errors import InvalidInputError

INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of characters that show nothing, or turn what stands beside them around."""

JOINERS: Final = frozenset("\u200c\u200d")
"""Needed to write Persian, the languages of India, and some emoji."""


class NameNotPlainError(InvalidInputError):
    """The name holds characters that show nothing or turn the text around."""

    code = "name_not_plain"


def require_plain_name(text: str, *, what: str = "name") -> None:
    """Refuse a name or title with an invisible character."""
    for place, sign in enumerate(text, start=1):
        if unicodedata.category(sign) in INVISIBLE and sign not in JOINERS:
            raise NameNotPlainError(
                f"Character {place} of the {what} is invisible (U+{ord(sign):04X}).", remedy=f"Type the {what} again."
            )
