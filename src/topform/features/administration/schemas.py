"""Accounts, invitations and the queue as administrators see them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from topform.platform.web.identity import Role
from topform.platform.web.pages import Page


class AccountCounts(BaseModel):
    """How much an account holds; numbers only, nothing of what it is."""

    activities: int
    form_checks: int


class AdministeredAccount(BaseModel):
    """An account."""

    id: UUID
    email: str
    name: str
    role: Role
    locked_at: datetime | None
    created_at: datetime
    last_seen_at: datetime | None = Field(description="To the hour; null when nobody is signed in.")
    counts: AccountCounts


class AdministeredAccounts(Page[AdministeredAccount]):
    """Accounts, the newest first."""


class RoleChange(BaseModel):
    """Another role."""

    model_config = ConfigDict(extra="forbid")

    role: Role


class BirthDateChange(BaseModel):
    """A date of birth that somebody showed to be true; null when it shall be unknown again."""

    model_config = ConfigDict(extra="forbid")

    birth_date: date | None


class LockChange(BaseModel):
    """Lock an account, or open it again."""

    model_config = ConfigDict(extra="forbid")

    is_locked: bool


class SignUpInvitation(BaseModel):
    """Leave for one person to make an account."""

    id: str
    created_at: datetime
    expires_at: datetime
    link: str | None = Field(default=None, description="Only in the answer that makes it.")


class SignUpInvitations(BaseModel):
    """Invitations that can still be used, the newest first."""

    items: list[SignUpInvitation]


class QueueState(BaseModel):
    """How one queue of the worker is doing."""

    queue: str
    waiting: int = Field(description="Due now and not begun.")
    scheduled: int = Field(description="Due later.")
    running: int
    failed: int = Field(description="Given up, since failed jobs were last cleaned away.")
    longest_wait_s: float | None = Field(description="How long the oldest job that is due has waited; null: none does.")


class QueueHealth(BaseModel):
    """How the worker's queues are doing."""

    queues: list[QueueState]


class AdminAction(BaseModel):
    """Something an administrator did."""

    id: UUID
    account_id: UUID | None = Field(description="To whom; null for invitations.")
    account_name: str | None = Field(description="Null for invitations, and when the account is gone.")
    actor_id: UUID | None = Field(description="Who; null for a command on the machine itself.")
    actor_name: str | None = Field(description="Null for a command, and when the account is gone.")
    action: str = Field(description="`role`, `lock`, `unlock`, `birth_date`, `invite` or `withdraw_invitation`.")
    value: str | None
    created_at: datetime


class AdminActions(Page[AdminAction]):
    """What administrators did, the latest first."""
