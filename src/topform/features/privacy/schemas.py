"""Export, import and erasure as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from topform.features.accounts.public import Proof


class ErasureRequest(Proof):
    """What has to be said for an account to be deleted: the password or a passkey, and the account's own address."""

    confirm_email: Annotated[str, Field(max_length=320, description="The address of the account, typed again.")]
    at_once: bool = Field(default=False, description="Do not wait the days in which it could be taken back.")


class Erasure(BaseModel):
    """An account that will be deleted; null dates mean that no deletion is waiting.

    From `due_at` on a job deletes it, at once within seconds; when that is done, every token of it answers 401.
    """

    model_config = ConfigDict(from_attributes=True)

    id: UUID | None = None
    requested_at: datetime | None = None
    due_at: datetime | None = Field(default=None, description="Until then it can be taken back.")
