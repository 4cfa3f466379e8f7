"""The language of what a command says of training."""

from __future__ import annotations

from typing import Annotated

import typer

from topform.coaching.language import LANGUAGES
from topform.core.errors import InvalidInputError

LanguageOption = Annotated[str, typer.Option(help="Of names, reasons and advice: en, de, es, fr or zh.")]


def require_spoken(language: str) -> None:
    """Refuse a language that TopForm does not speak."""
    if language.partition("-")[0].lower() not in LANGUAGES:
        raise InvalidInputError(f"TopForm does not speak {language!r}", remedy=f"Choose one of {', '.join(LANGUAGES)}.")
