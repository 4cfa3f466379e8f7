"""Writes that can be repeated: the answer to an ``Idempotency-Key`` is stored in the transaction that did the work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from topform.core.errors import ConflictError
from topform.core.ids import AthleteId
from topform.platform.database import Base
from topform.platform.web.resources import Resources

KEPT_FOR = timedelta(days=2)

Answer = TypeVar("Answer", bound=BaseModel)
KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=100,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text that you make for one thing to do, such as a random UUID. Within two days the same "
        "request with it is done once, and the first answer comes back again; another request with it is refused "
        "(`idempotency_key_reused`), and one that was refused may be corrected and sent with it again.",
    ),
]


class IdempotencyKeyReusedError(ConflictError):
    """The key was already used for another request."""

    code = "idempotency_key_reused"


class IdempotencyKeyRow(Base):
    """An answered write."""

    __tablename__ = "idempotency_keys"

    athlete_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[str]
    answer: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


class Once:
    """Does a write at most once for each key."""

    def __init__(self, method: str, path: str, key: str | None) -> None:
        self._method, self._path, self._key = method, path, key

    async def run(
        self,
        session: AsyncSession,
        athlete_id: AthleteId,
        *,
        now: datetime,
        content: Any,
        work: Callable[[], Awaitable[Answer]],
        answer_type: type[Answer],
    ) -> Answer:
        """Return the stored answer of an earlier request with this key, or do the work and store its answer.

        Two requests at the same time: the second waits for the first one's transaction, then sees its answer.
        """
        if self._key is None:
            return await work()
        digest = hashlib.sha256(
            json.dumps([self._method, self._path, content], sort_keys=True, default=str).encode()
        ).hexdigest()
        claimed = await session.execute(
            insert(IdempotencyKeyRow)
            .values(athlete_id=athlete_id, key=self._key, request_digest=digest, answer=None, created_at=now)
            .on_conflict_do_nothing()
            .returning(IdempotencyKeyRow.key)
        )
        if claimed.scalar_one_or_none() is None:
            return await self._earlier_answer(session, athlete_id, digest, answer_type)
        answer = await work()
        await session.execute(
            update(IdempotencyKeyRow)
            .where(IdempotencyKeyRow.athlete_id == athlete_id, IdempotencyKeyRow.key == self._key)
            .values(answer=answer.model_dump(mode="json"))
        )
        return answer

    async def write(
        self,
        resources: Resources,
        athlete_id: AthleteId,
        said: BaseModel | Mapping[str, Any] | None,
        work: Callable[[AsyncSession, datetime], Awaitable[Answer]],
        answer_type: type[Answer],
    ) -> Answer:
        """Do the work at most once in a transaction of its own; ``said`` is what the request asks for."""
        now = resources.clock.now()
        async with resources.database.transaction() as session:
            return await self.run(
                session,
                athlete_id,
                now=now,
                content=said.model_dump(mode="json") if isinstance(said, BaseModel) else said,
                work=lambda: work(session, now),
                answer_type=answer_type,
            )

    async def _earlier_answer(
        self, session: AsyncSession, athlete_id: AthleteId, digest: str, answer_type: type[Answer]
    ) -> Answer:
        row = (
            await session.execute(
                select(IdempotencyKeyRow).where(
                    IdempotencyKeyRow.athlete_id == athlete_id, IdempotencyKeyRow.key == self._key
                )
            )
        ).scalar_one()
        if row.request_digest != digest or row.answer is None:
            raise IdempotencyKeyReusedError(
                "The idempotency key was already used for another request.", remedy="Use a new key for a new request."
            )
        return answer_type.model_validate(row.answer)


async def forget_old_keys(session: AsyncSession, *, now: datetime) -> None:
    """Delete the keys that nobody will repeat any more."""
    await session.execute(delete(IdempotencyKeyRow).where(IdempotencyKeyRow.created_at < now - KEPT_FOR))


async def _once(request: Request, key: KeyHeader = None) -> Once:
    return Once(request.method, request.url.path, key)


DoOnce = Annotated[Once, Depends(_once)]


class Nothing(BaseModel):
    """The answer of a write that answers nothing."""
