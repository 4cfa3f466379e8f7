"""What administrators see of the improvement of models, and what athletes are asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.form_checks.public import consented_checks
from topform.features.improvement.queueing import Question, questions
from topform.features.improvement.repository import ImprovementRepository
from topform.features.improvement.schemas import (
    Improvement,
    LabelQueue,
    LabelVersion,
    ModelAlarm,
    QuestionToAthlete,
    ShadowRun,
    TrainingAsked,
    TrainingHindrance,
    VersionJudgements,
)
from topform.features.improvement.tasks import RETRAIN_TASK
from topform.features.models.public import CHAMPION, SHADOW, ModelRegistry, version_numbers
from topform.kinematics.learned_form import MODEL_ID as STEP_MODEL_ID
from topform.kinematics.verdict_model import MODEL_ID
from topform.platform.jobs import TRAINING_QUEUE, defer
from topform.platform.web.resources import Resources

ALARM_KINDS: Final = ("disputes", "inputs")

QUESTIONS_AT_ONCE: Final = 2
"""More would be a burden."""


async def improvement(session: AsyncSession, use: Resources) -> Improvement:
    """Return versions of the labels, what hinders a training, shadows, alarms and judgements."""
    repository = ImprovementRepository(session)
    known = {
        version_id: (model_id, number)
        for model_id in (MODEL_ID, STEP_MODEL_ID)
        for version_id, number in (await version_numbers(session, model_id)).items()
    }
    counts, labels = await repository.judgement_counts(), await repository.datasets(MODEL_ID)
    return Improvement(
        is_on=use.settings.improve_models,
        labels=[LabelVersion.model_validate(row, from_attributes=True) for row in labels],
        hindrances=[
            TrainingHindrance(model_id=model_id, labels=row.number, code=noted["code"], message=noted["message"])
            for model_id in (MODEL_ID, STEP_MODEL_ID)
            for row in labels
            if (noted := row.hindrances.get(model_id)) is not None
        ],
        shadows=await _shadows(session, use),
        alarms=[
            ModelAlarm.model_validate(
                {
                    "model_id": known[row.version_id][0],
                    "version": known[row.version_id][1],
                    "kind": row.kind,
                    "numbers": row.numbers,
                    "outcome": row.outcome,
                    "created_at": row.created_at,
                }
            )
            for row in await repository.alarms()
        ],
        judgements=sorted(
            (
                VersionJudgements(model_id=known[version_id][0], version=known[version_id][1], decisions=found)
                for version_id, found in counts.items()
            ),
            key=lambda one: (one.model_id != MODEL_ID, one.version),
        ),
    )


async def _shadows(session: AsyncSession, use: Resources) -> list[ShadowRun]:
    registry = ModelRegistry(session, use.store, use.settings, now=use.clock.now())
    found = []
    for model_id in (MODEL_ID, STEP_MODEL_ID):
        shadow, champion = await registry.in_state(model_id, SHADOW), await registry.in_state(model_id, CHAMPION)
        if shadow is not None and champion is not None:
            since = max(await registry.since(shadow, SHADOW), await registry.since(champion, CHAMPION))
            sets = await ImprovementRepository(session).shadowed(shadow.id, champion.id, since=since)
            wanted = use.settings.improve_shadow_checks
            found.append(ShadowRun(model_id=model_id, version=shadow.number, sets=sets, sets_wanted=wanted))
    return found


async def ask_for_training(session: AsyncSession) -> TrainingAsked:
    """Queue one training."""
    job_id = await defer(session, RETRAIN_TASK, queue=TRAINING_QUEUE, queueing_lock=RETRAIN_TASK)
    return TrainingAsked(is_queued=job_id is not None)


@dataclass(frozen=True, slots=True)
class AlarmsOfKind:
    """How many alarms of a kind there were so far, and when the last one was raised."""

    kind: str
    count: int
    last_at: datetime | None


async def alarms_by_kind(session: AsyncSession) -> list[AlarmsOfKind]:
    """Return what was raised over all versions, of every kind that there is."""
    raised = await ImprovementRepository(session).alarms_by_kind()
    return [AlarmsOfKind(kind, *raised.get(kind, (0, None))) for kind in ALARM_KINDS]


async def all_questions(session: AsyncSession) -> list[Question]:
    """Return the sets of all who agreed that it would help most to hear about."""
    return questions(await consented_checks(session))


async def questions_to(session: AsyncSession, athlete_id: AthleteId) -> LabelQueue:
    """Return the sets of one athlete that it would help most to hear about."""
    own = questions(await consented_checks(session, of=athlete_id))
    return LabelQueue(
        items=[
            QuestionToAthlete.model_validate(
                {
                    "form_check_id": one.check.form_check_id,
                    "reason": one.reason,
                    "decision": one.check.decision,
                    "created_at": one.check.created_at,
                }
            )
            for one in own[:QUESTIONS_AT_ONCE]
        ]
    )
