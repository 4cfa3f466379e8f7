"""The improvement of models, for administrators; the sets to ask about, for athletes."""

from __future__ import annotations

from fastapi import APIRouter

from topform.features.improvement import service
from topform.features.improvement.schemas import Improvement, LabelQueue, TrainingAsked
from topform.platform.web.identity import Administrator, SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/admin/improvement", tags=["administration"])
label_queue_router = APIRouter(prefix="/label-queue", tags=["form checks"])


@router.get("")
async def get_improvement(use: Use, _admin: Administrator) -> Improvement:
    """Return the versions of the labels, what hinders a training, shadows, alarms and decisions; numbers only."""
    async with use.database.transaction() as session:
        return await service.improvement(session, use)


@router.post("/training", status_code=202)
async def ask_for_training(use: Use, _admin: Administrator) -> TrainingAsked:
    """Queue one training: labels, a challenger, its gates. What is no better is refused."""
    async with use.database.transaction() as session:
        return await service.ask_for_training(session)


@label_queue_router.get("")
async def get_label_queue(use: Use, athlete_id: SignedInAthlete) -> LabelQueue:
    """Return the sets of yours that it would help most to hear about: were they right or wrong?"""
    async with use.database.transaction() as session:
        return await service.questions_to(session, athlete_id)
