"""The learned step model in the same loop as the verdict: trained on marked repetitions, judged, shadowed, watched."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ModelUnavailableError, NotFoundError
from topform.features.form_checks.public import ConsentedCheck, consented_checks
from topform.features.improvement.datasets import Dataset, build_dataset
from topform.features.improvement.examples import Judged
from topform.features.improvement.repository import ImprovementRepository
from topform.features.improvement.training import (
    Comparison,
    Judging,
    comparison_of,
    judge_candidates,
    noting_what_hinders,
    registry_of,
)
from topform.features.improvement.watching import Said, Watching, watch_model
from topform.features.models.public import (
    CANDIDATE,
    CHAMPION,
    GOLDEN,
    SHADOW,
    SHIPPED_CARD,
    ModelRegistry,
    ModelVersionRow,
    NewVersion,
)
from topform.kinematics.form_analysis import PUSH_UP_FAULTS, Fault
from topform.kinematics.learned_form import MODEL_ID
from topform.kinematics.step_training import LabelledSequence, MarkedRep, StepTrainer
from topform.kinematics.verdict import CONSTANTS, VerdictConstants
from topform.kinematics.verdict_model import MODEL_ID as VERDICT_ID
from topform.kinematics.verdict_model import read_constants
from topform.kinematics.verdict_training import GateReport
from topform.platform.logs import get_logger
from topform.platform.objects import ObjectStore
from topform.platform.web.resources import Resources

log = get_logger(__name__)

MOST_SEQUENCES: Final = 2000
ASKED_AT_ONCE: Final = 200
"""Sets that one version is asked about in one run; the next run takes the next ones."""

USE: Final = "Weighs the faults of push-ups frame by frame, on this server and on devices, for training at home."
MISUSE: Final = "No medical statement, no selection of people, no other exercise."
WHOSE: Final = "Made-up athletes, and repetitions that people who agreed marked in their own sets, on this server only."


async def step_registry(session: AsyncSession, use: Resources, trainer: StepTrainer) -> ModelRegistry:
    """Return the registry; the step model that ships with the program becomes its first version."""
    registry = ModelRegistry(session, use.store, use.settings, now=use.clock.now())
    if not await registry.has_versions(MODEL_ID):
        shipped = await asyncio.to_thread(trainer.shipped)
        card = {"use": USE, "misuse": MISUSE, "whose": "Made-up athletes.", GOLDEN: shipped.golden, SHIPPED_CARD: True}
        await registry.register(
            NewVersion(MODEL_ID, shipped.content, card), reason="ships with the program", state=CHAMPION
        )
    return registry


async def retrain_steps(use: Resources, trainer: StepTrainer) -> dict[str, Any]:
    """Train a challenger if there are new labels, judge every candidate; return what came of it."""
    async with use.database.transaction() as session:
        registry = await step_registry(session, use, trainer)
        dataset = await build_dataset(session, now=use.clock.now())
        last = await registry.newest_trained(MODEL_ID)
        is_new = last is None or last.dataset_number != dataset.row.number
        waits = bool(await registry.all_in_state(MODEL_ID, CANDIDATE))
        constants = await _verdict_in_force(session, use)
    outcome: dict[str, Any] = {"dataset": dataset.row.number, "sequences": 0, "trained": None, "judged": {}}
    if not is_new and not waits:
        return outcome
    sequences = await sequences_of(use.store, dataset)
    outcome["sequences"] = len(sequences)
    if is_new:
        async with noting_what_hinders(use, dataset, MODEL_ID, outcome):
            outcome["trained"] = await _train(use, trainer, dataset, sequences)

    @cache
    def judge(asked: Comparison) -> GateReport:
        against = trainer.shipped().content if asked.champion is None else asked.champion
        return trainer.judge(asked.challenger, against, sequences, asked.seen, asked.limits, constants)

    # Running two models over all sets takes minutes: no transaction is open meanwhile.
    for comparison in await _comparisons(use, trainer):
        with suppress(ModelUnavailableError):
            await asyncio.to_thread(judge, comparison)
    async with use.database.transaction() as session:
        registry = await step_registry(session, use, trainer)
        outcome["judged"] = await judge_candidates(registry, Judging(MODEL_ID, judge), use.settings)
    log.info("step_model_improvement_ran", **outcome)
    return outcome


async def _comparisons(use: Resources, trainer: StepTrainer) -> list[Comparison]:
    async with use.database.transaction() as session:
        registry = await step_registry(session, use, trainer)
        found: list[Comparison] = []
        for row in await registry.all_in_state(MODEL_ID, CANDIDATE):
            # A candidate whose file is not right is refused with its reason when it is judged.
            with suppress(ModelUnavailableError):
                found.append(await comparison_of(registry, row, use.settings))
        return found


async def _train(use: Resources, trainer: StepTrainer, dataset: Dataset, sequences: Sequence[LabelledSequence]) -> int:
    challenger = await asyncio.to_thread(trainer.fit, sequences)
    async with use.database.transaction() as session:
        registry = await step_registry(session, use, trainer)
        champion = await registry.in_state(MODEL_ID, CHAMPION)
        card = {
            "use": USE,
            "misuse": MISUSE,
            "whose": WHOSE,
            "labels": dataset.row.counts,
            "labels_sha256": dataset.row.content_sha256,
            "champion_then": None if champion is None else champion.number,
            "training": dict(challenger.file.notes),
            GOLDEN: dict(challenger.file.golden),
        }
        row = await registry.register(
            NewVersion(
                MODEL_ID,
                challenger.file.content,
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


async def sequences_of(store: ObjectStore, dataset: Dataset) -> list[LabelledSequence]:
    """Return the labelled sets whose body points are kept, `MOST_SEQUENCES` of them at most."""
    found: list[LabelledSequence] = []
    for check, example in zip(dataset.checks, dataset.examples, strict=True):
        if check.poses_key is None or len(found) == MOST_SEQUENCES:
            continue
        try:
            poses = await store.get(check.poses_key)
        except NotFoundError:
            continue
        found.append(LabelledSequence(example, poses, marked_reps(check)))
    return found


def marked_reps(check: ConsentedCheck) -> tuple[MarkedRep, ...]:
    """Return what people said of single repetitions: what all of them marked, or that none had a fault."""
    if check.marked:
        return _agreed(check)
    if check.is_wrong is False:
        return tuple(
            MarkedRep(float(rep["start_s"]), float(rep["end_s"]), frozenset(), frozenset(PUSH_UP_FAULTS))
            for rep in check.document["reps"]
            if rep["complete"]
        )
    # Wrong, but not in which repetition and how: nothing of that teaches a model of single repetitions.
    return ()


def _agreed(check: ConsentedCheck) -> tuple[MarkedRep, ...]:
    """Return the first one's repetitions, with the faults that nobody who saw as many contradicts."""
    reps, unjudged = check.marked[0]
    second = next((other for other in check.marked[1:] if len(other[0]) == len(reps)), (reps, unjudged))
    found = []
    for one, other in zip(reps, second[0], strict=True):
        said, also = frozenset(map(Fault, one["faults"])), frozenset(map(Fault, other["faults"]))
        unclear = (said ^ also) | {Fault(code) for code in unjudged | second[1]}
        if one["complete"]:
            judged = frozenset(PUSH_UP_FAULTS) - unclear
            found.append(MarkedRep(float(one["start_s"]), float(one["end_s"]), said & judged, judged))
    return tuple(found)


async def watch_steps(use: Resources, trainer: StepTrainer) -> dict[str, Any]:
    """Ask champion, former champion and shadow about new sets, then watch as for the verdict."""
    async with use.database.transaction() as session:
        registry = await step_registry(session, use, trainer)
        rows = [
            await registry.in_state(MODEL_ID, CHAMPION),
            await registry.in_state(MODEL_ID, SHADOW),
            await registry.former_champion(MODEL_ID),
        ]
        asked = [(row, await registry.read(row)) for row in rows if row is not None]
        constants = await _verdict_in_force(session, use)
    if len(asked) < 2:
        return {"champion": asked[0][0].number if asked else None}
    for row, content in asked:
        await _ask(use, trainer, row, content, constants)
    async with use.database.transaction() as session:
        return await watch_model(session, await step_registry(session, use, trainer), STEPS, use)


async def _ask(
    use: Resources, trainer: StepTrainer, row: ModelVersionRow, content: bytes, constants: VerdictConstants
) -> None:
    """Store what a version says of the newest sets with body points that it was not asked about."""
    async with use.database.transaction() as session:
        checks = await _checks_with_poses(session)
        known = await ImprovementRepository(session).judged(row.id)
    waiting = [one for one in checks if one.form_check_id not in known][-ASKED_AT_ONCE:]
    poses = []
    for check in waiting:
        try:
            poses.append((check, await use.store.get(str(check.poses_key))))
        except NotFoundError:
            continue
    said = await asyncio.to_thread(trainer.says, content, [points for _, points in poses], constants)
    rows = [
        {
            "form_check_id": check.form_check_id,
            "athlete_id": check.athlete_id,
            "version_id": row.id,
            "decision": one.decision,
            "probability": one.probability,
            "created_at": use.clock.now(),
        }
        for (check, _), one in zip(poses, said, strict=True)
        if one is not None
    ]
    async with use.database.transaction() as session:
        # Who withdrew or deleted a set while the model thought about it is no longer among them.
        still = {one.form_check_id for one in await _checks_with_poses(session)}
        await ImprovementRepository(session).add_judgements([one for one in rows if one["form_check_id"] in still])


async def _checks_with_poses(session: AsyncSession) -> list[ConsentedCheck]:
    return [check for check in await consented_checks(session) if check.poses_key is not None]


async def _stored(
    session: AsyncSession, row: ModelVersionRow, _content: bytes, checks: Sequence[ConsentedCheck]
) -> Said:
    found = await ImprovementRepository(session).judgements(row.id)
    return {
        check.form_check_id: Judged(*found[check.form_check_id]) for check in checks if check.form_check_id in found
    }


STEPS: Final = Watching(MODEL_ID, _stored)


async def _verdict_in_force(session: AsyncSession, use: Resources) -> VerdictConstants:
    found = await (await registry_of(session, use)).champion(VERDICT_ID)
    return CONSTANTS if found is None else read_constants(found[1])
