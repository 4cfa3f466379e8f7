"""Share cards as the API shows them."""

from __future__ import annotations

from pydantic import BaseModel, Field


class CardLine(BaseModel):
    """One figure of a card, in the athlete's language and units."""

    label: str
    value: str


class Card(BaseModel):
    """What a picture of a post, an activity or a form check says; the app draws it."""

    title: str
    caption: str | None = Field(description="What was done and when, where the title does not say it.")
    lines: list[CardLine]
    route: list[list[tuple[float, float]]] | None = Field(
        description="The shape of the way, right and down from its corner, the longer side 1: it does not say where "
        "on earth it lies, and parts in privacy zones are missing."
    )
    alt: str = Field(description="All of it as text, for those who do not see the picture.")
