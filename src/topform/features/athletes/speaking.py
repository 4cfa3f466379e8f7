"""Answers in the athlete's language: stored documents stay as they are, their words are made when they are read."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.language import known_language
from topform.coaching.plan_language import in_language
from topform.core.ids import AthleteId
from topform.features.athletes.service import get_athlete

Answer = TypeVar("Answer", bound=BaseModel | None)


async def spoken(session: AsyncSession, athlete_id: AthleteId, answer: Awaitable[Answer] | Answer) -> Answer:
    """Return an answer with its texts in the language of the athlete's profile."""
    said = await answer if isinstance(answer, Awaitable) else answer
    language = (await get_athlete(session, athlete_id)).language
    if said is None or known_language(language) == "en":
        return said
    return type(said).model_validate(in_language(said.model_dump(), language))
