"""Event types of consents; the data is ``{}``: what the athlete agrees to, and what follows, is to be fetched again."""

from typing import Final

CONSENTS_CHANGED: Final = "consents.changed"
