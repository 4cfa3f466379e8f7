"""What can be agreed to, in the words that athletes are shown. A changed meaning is a new version of the text."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ConsentPurpose(StrEnum):
    """What data is used for, beyond what the athlete asks for themselves."""

    IMPROVE_FORM_MODEL = "improve_form_model"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The words of one version."""

    version: str
    text: str


TEXTS: Final = {
    ConsentPurpose.IMPROVE_FORM_MODEL: ConsentText(
        version="1",
        text="The operator of this server may use the body points of my form checks, and what I said about them, to "
        "train and test the form model. Body points are the places of my joints in each frame; no picture, no name "
        "and no address is used. This holds for the form checks I have and those to come, until I withdraw it; from "
        "then on no new training set holds any of them. Models that were trained before stay as they are.",
    )
}
"""Off by default, and nothing else depends on them."""
