"""What happened to an account: written down in the transaction in which it happens, for the athlete to read."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId, new_id
from topform.features.accounts.history_repository import AccountHistoryRepository
from topform.features.accounts.schemas import AccountEvent, AccountHappening, AccountHistory
from topform.features.accounts.tables import AccountEventRow
from topform.features.accounts.tasks import SEND_NOTICE_TASK
from topform.platform.jobs import defer
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page

KEPT_DAYS: Final = 365


async def write_down(
    session: AsyncSession, athlete_id: AthleteId, what: AccountHappening, *, now: datetime, about: str | None = None
) -> None:
    """Write down that something happened; `about` names the device, token, passkey, app or service."""
    await AccountHistoryRepository(session).add(
        AccountEventRow(id=new_id(), athlete_id=athlete_id, what=what.value, about=about, created_at=now)
    )


async def write_down_and_tell(
    session: AsyncSession,
    athlete_id: AthleteId,
    what: AccountHappening,
    *,
    email: str,
    now: datetime,
    about: str | None = None,
) -> None:
    """Write down what has to be told as well, by a letter to an address."""
    await write_down(session, athlete_id, what, now=now, about=about)
    await defer(session, SEND_NOTICE_TASK, athlete_id=athlete_id, kind=what.value, email=email)


async def account_history(
    session: AsyncSession, athlete_id: AthleteId, *, cursor: str | None, limit: int
) -> AccountHistory:
    """Return a page of what happened to the athlete's account, newest first."""
    rows = await AccountHistoryRepository(session).page(athlete_id, after=decode_cursor(cursor), limit=limit + 1)
    shown, has_more = split_page(rows, limit)
    return AccountHistory(
        items=[AccountEvent.model_validate(row) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if has_more else None,
    )
