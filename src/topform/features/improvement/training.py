"""Training a challenger and holding it against the champion; what does not earn it is refused with reasons."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ModelUnavailableError, TopFormError
from topform.features.improvement.datasets import Dataset, build_dataset
from topform.features.improvement.examples import input_bins
from topform.features.improvement.repository import ImprovementRepository
from topform.features.models.public import (
    CANDIDATE,
    CHAMPION,
    REFUSED,
    RETIRED,
    SHADOW,
    SHIPPED_CARD,
    ModelRegistry,
    ModelVersionRow,
    NewVersion,
)
from topform.kinematics.verdict import CONSTANTS
from topform.kinematics.verdict_model import MODEL_ID, read_constants, write_constants
from topform.kinematics.verdict_training import (
    GateLimits,
    GateReport,
    LabelledExample,
    TrainedOn,
    VerdictTrainer,
)
from topform.platform.logs import get_logger
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources

log = get_logger(__name__)

USE: Final = "Turns the criteria of a set of push-ups into right or wrong and a probability, for training at home."
MISUSE: Final = "No medical statement, no selection of people, no other exercise."
WHOSE: Final = (
    "What people who agreed say of their own sets, on this server only. They are neither all people nor trainers: the "
    "numbers say how often the version agrees with them, and nothing about accuracy."
)


async def registry_of(session: AsyncSession, use: Resources) -> ModelRegistry:
    """Return the registry; the constants that ship with the program become its first version."""
    registry = ModelRegistry(session, use.store, use.settings, now=use.clock.now())
    if not await registry.has_versions(MODEL_ID):
        await registry.register(
            NewVersion(
                MODEL_ID, write_constants(CONSTANTS), {"use": USE, "misuse": MISUSE, "whose": "Published limits."}
            ),
            reason="ships with the program",
            state=CHAMPION,
        )
    return registry


async def retrain(use: Resources, trainer: VerdictTrainer) -> dict[str, Any]:
    """Make a data set, train a challenger if there are new labels, judge every candidate; return what came of it."""
    async with use.database.transaction() as session:
        registry = await registry_of(session, use)
        dataset = await build_dataset(session, now=use.clock.now())
        last = await registry.newest_trained(MODEL_ID)
        is_new = last is None or last.dataset_number != dataset.row.number
    outcome: dict[str, Any] = {"dataset": dataset.row.number, "sets": len(dataset.examples), "trained": None}
    if is_new:
        async with noting_what_hinders(use, dataset, MODEL_ID, outcome):
            outcome["trained"] = await _train(use, trainer, dataset)
    async with use.database.transaction() as session:
        judging = verdict_judging(trainer, dataset.examples)
        outcome["judged"] = await judge_candidates(await registry_of(session, use), judging, use.settings)
    log.info("model_improvement_ran", **outcome)
    return outcome


@asynccontextmanager
async def noting_what_hinders(
    use: Resources, dataset: Dataset, model_id: str, outcome: dict[str, Any]
) -> AsyncIterator[None]:
    """Write down, for administrators and in the outcome, why a model could not be trained, or that it could."""
    found: dict[str, str] | None = None
    try:
        yield
    except TopFormError as error:
        outcome["reason"] = error.message
        found = {"code": error.code, "message": error.message}
    async with use.database.transaction() as session:
        repository = ImprovementRepository(session)
        await repository.note_hindrance(dataset.row.model_id, dataset.row.number, of_model=model_id, found=found)


async def _train(use: Resources, trainer: VerdictTrainer, dataset: Dataset) -> int:
    challenger = await asyncio.to_thread(trainer.fit, dataset.examples, CONSTANTS)
    async with use.database.transaction() as session:
        registry = await registry_of(session, use)
        champion = await registry.in_state(MODEL_ID, CHAMPION)
        card = {
            "use": USE,
            "misuse": MISUSE,
            "whose": WHOSE,
            "labels": dataset.row.counts,
            "labels_sha256": dataset.row.content_sha256,
            "champion_then": None if champion is None else champion.number,
            "inputs": input_bins([check.document for check in dataset.checks]),
        }
        row = await registry.register(
            NewVersion(
                MODEL_ID,
                write_constants(challenger.constants),
                card,
                trained_on={
                    "examples": sorted(challenger.trained_on.examples),
                    "people": sorted(challenger.trained_on.people),
                },
                dataset_number=dataset.row.number,
            ),
            reason=f"trained on version {dataset.row.number} of the labels",
        )
        return row.number


@dataclass(frozen=True, slots=True)
class Judging:
    """How candidates of one model are held against its champion."""

    model_id: str
    judge: Callable[[Comparison], GateReport]


def verdict_judging(trainer: VerdictTrainer, examples: Sequence[LabelledExample]) -> Judging:
    """Return how versions of the verdict are judged."""

    def judge(asked: Comparison) -> GateReport:
        against = CONSTANTS if asked.champion is None else read_constants(asked.champion)
        return trainer.judge(read_constants(asked.challenger), against, examples, asked.seen, asked.limits)

    return Judging(MODEL_ID, judge)


async def judge_candidates(registry: ModelRegistry, judging: Judging, settings: Settings) -> dict[int, str]:
    """Hold every candidate against the champion on people held out: it goes into the shadow, or is refused."""
    return {
        row.number: await _judge(registry, row, judging, settings)
        for row in await registry.all_in_state(judging.model_id, CANDIDATE)
    }


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate and what it is held against; ``champion`` is None for the file that ships with the program."""

    challenger: bytes
    champion: bytes | None
    seen: TrainedOn
    limits: GateLimits
    against: int | None


async def comparison_of(registry: ModelRegistry, row: ModelVersionRow, settings: Settings) -> Comparison:
    """Return what a candidate is judged by now, its file checked."""
    found = await registry.champion(row.model_id)
    looks = 0 if found is None else await registry.judged_against(found[0])
    return Comparison(
        challenger=await registry.read(row),
        champion=None if found is None or found[0].card.get(SHIPPED_CARD) else found[1],
        seen=TrainedOn(frozenset(row.trained_on.get("examples", ())), frozenset(row.trained_on.get("people", ()))),
        limits=GateLimits(min_people=settings.improve_min_people, min_sets=settings.improve_min_sets, looks=looks),
        against=None if found is None else found[0].number,
    )


async def _judge(registry: ModelRegistry, row: ModelVersionRow, judging: Judging, settings: Settings) -> str:
    try:
        comparison = await comparison_of(registry, row, settings)
        report = await asyncio.to_thread(judging.judge, comparison)
    except ModelUnavailableError as error:
        await registry.move(row, REFUSED, reason=error.message)
        return REFUSED
    numbers = {**report.numbers, "against": comparison.against, "reasons": list(report.reasons)}
    if not report.has_passed:
        await registry.move(row, REFUSED, reason=", ".join(report.reasons), numbers=numbers)
        return REFUSED
    before = await registry.in_state(row.model_id, SHADOW)
    if before is not None:
        await registry.move(before, RETIRED, reason=f"version {row.number} took its place in the shadow")
    await registry.move(row, SHADOW, reason="better on people held out", numbers=numbers)
    return SHADOW
