"""Answers in the reader's language: stored documents stay as they are, their words are made when they are read."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.plan_language import in_language
from topform.core.ids import AthleteId
from topform.features.athletes.service import get_athlete
from topform.features.athletes.visibility import reader_of

Answer = TypeVar("Answer", bound=BaseModel | None)


async def language_for_reader(session: AsyncSession, athlete_id: AthleteId) -> str:
    """Return the BCP 47 tag of a coach's profile where the coach looks at the athlete, otherwise of the athlete's."""
    return (await get_athlete(session, reader_of(athlete_id))).language


async def spoken(session: AsyncSession, athlete_id: AthleteId, answer: Awaitable[Answer] | Answer) -> Answer:
    """Return an answer with its texts in the language of whoever reads it."""
    said = await answer if isinstance(answer, Awaitable) else answer
    if said is None:
        return said
    language = await language_for_reader(session, athlete_id)
    return type(said).model_validate(in_language(said.model_dump(), language))
