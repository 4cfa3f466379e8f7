"""What the record of sent letters keeps."""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

FORGET_ADDRESS: Final = text("UPDATE procrastinate_jobs SET args = args - 'email' WHERE id = :id")


async def forget_address(session: AsyncSession, job_id: int | None) -> None:
    """Take the address out of the job that sent a letter."""
    await session.execute(FORGET_ADDRESS, {"id": job_id})
