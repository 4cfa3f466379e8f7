"""The languages that an athlete can choose."""

from __future__ import annotations

from topform.coaching.language import LANGUAGES
from topform.core.errors import InvalidInputError


class LanguageNotSpokenError(InvalidInputError):
    """There are no words in the language."""

    code = "language_not_spoken"


def require_spoken(tag: str) -> None:
    """Refuse a BCP 47 tag whose language has no words here; regions and scripts are free."""
    if tag.partition("-")[0].lower() not in LANGUAGES:
        raise LanguageNotSpokenError(
            f"TopForm does not speak the language {tag}.",
            remedy=f"Choose one of {', '.join(LANGUAGES)}, with a region if you like, such as es-MX.",
            languages=list(LANGUAGES),
        )
