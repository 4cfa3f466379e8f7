"""Consents as the API shows them."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, computed_field

from topform.features.consents.purposes import ConsentPurpose


class ConsentEntry(BaseModel):
    """One entry of the ledger."""

    model_config = ConfigDict(from_attributes=True)

    text_version: str
    given_at: datetime
    withdrawn_at: datetime | None
    is_given_here: bool = Field(description="False for entries that came with an imported archive; they are history.")

    @computed_field(description="A no without a yes before it; it ends at the moment at which it begins.")  # type: ignore[prop-decorator]
    @property
    def is_refusal(self) -> bool:
        """Whether the athlete said no at once."""
        return self.withdrawn_at == self.given_at


class Consent(BaseModel):
    """A purpose, the words that apply now, and what the athlete said."""

    purpose: ConsentPurpose
    is_given: bool
    text_version: str = Field(description="Version of the text below; say it when you agree.")
    text: str
    history: list[ConsentEntry] = Field(description="Oldest first.")


class Consents(BaseModel):
    """Every purpose that can be agreed to."""

    items: list[Consent]


class ConsentChange(BaseModel):
    """Yes or no."""

    model_config = ConfigDict(extra="forbid")

    is_given: bool
    text_version: str | None = Field(
        default=None, max_length=20, description="Version of the text that was read; needed to agree."
    )
