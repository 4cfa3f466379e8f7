"""Which version of the verdict decides on this server, and the verdict by it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.form_feedback import feedback_for, recommendations_for, what_to_say
from topform.features.models.public import SHIPPED_CARD, ModelRegistry
from topform.kinematics.form_analysis import Exercise, FormAnalysis
from topform.kinematics.learned_form import MODEL_ID as FORM_MODEL_ID
from topform.kinematics.learned_form import PromotedModel
from topform.kinematics.verdict import CONSTANTS, VerdictConstants, verdict_of
from topform.kinematics.verdict_model import MODEL_ID, read_constants
from topform.platform.objects import ObjectStore
from topform.platform.settings import Settings


@dataclass(frozen=True, slots=True)
class Deciding:
    """The constants in force; ``version`` is None for those that ship with the program."""

    constants: VerdictConstants
    version: int | None = None
    sha256: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what a form check says about the version that decided."""
        return {"id": MODEL_ID, "version": self.version, "sha256": self.sha256}


SHIPPED: Final = Deciding(CONSTANTS)


async def deciding_verdict(session: AsyncSession, store: ObjectStore, settings: Settings, *, now: datetime) -> Deciding:
    """Return the champion, its signature and digest checked; the shipped constants where there is none."""
    found = await ModelRegistry(session, store, settings, now=now).champion(MODEL_ID)
    if found is None:
        return SHIPPED
    row, content = found
    return Deciding(_constants(content), row.number, row.sha256)


async def deciding_form_model(
    session: AsyncSession, store: ObjectStore, settings: Settings, *, now: datetime
) -> PromotedModel | None:
    """Return the champion of the step model, checked; None where the one that ships with the program decides."""
    found = await ModelRegistry(session, store, settings, now=now).champion(FORM_MODEL_ID)
    if found is None or found[0].card.get(SHIPPED_CARD):
        return None
    row, content = found
    return PromotedModel(row.number, row.sha256, content)


@lru_cache(maxsize=8)
def _constants(content: bytes) -> VerdictConstants:
    return read_constants(content)


def decided(analysis: FormAnalysis, deciding: Deciding) -> FormAnalysis:
    """Return the analysis of push-ups as the deciding version judges it, in its words; other exercises as they are."""
    if analysis.exercise is not Exercise.PUSH_UP:
        return analysis
    models = {**analysis.models, "verdict": deciding.as_dict()}
    if deciding.version is None:
        return replace(analysis, models=models)
    result = replace(analysis, form=verdict_of(analysis.reps, deciding.constants), models=models)
    return replace(
        result,
        feedback=feedback_for(result),
        recommendations=recommendations_for(result),
        feedback_codes=tuple(said.as_dict() for said in what_to_say(result)),
    )
