"""Versions of the labels: the same labels give the same version, and what was withdrawn is in no later one."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.consents.public import ConsentPurpose, consenting_athletes
from topform.features.form_checks.public import ConsentedCheck, consented_checks
from topform.features.improvement.examples import examples_of
from topform.features.improvement.repository import ImprovementRepository
from topform.features.improvement.tables import DatasetRow
from topform.kinematics.verdict_model import MODEL_ID
from topform.kinematics.verdict_training import LabelledExample

KEPT_VERSIONS: Final = 10
"""Versions whose examples are kept; of older ones digest and numbers remain."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """A version of the labels."""

    row: DatasetRow
    examples: list[LabelledExample]
    checks: list[ConsentedCheck]
    is_new: bool


async def build_dataset(session: AsyncSession, *, now: datetime) -> Dataset:
    """Return the version of the labels that holds now; stored if there is none like it."""
    agreed = await consenting_athletes(session, ConsentPurpose.IMPROVE_FORM_MODEL)
    pairs = examples_of(await consented_checks(session))
    pairs.sort(key=lambda pair: pair[1].lineage_sha256)
    examples = [example for _, example in pairs]
    repository = ImprovementRepository(session)
    earlier = await repository.datasets(MODEL_ID)
    await repository.forget_examples(
        MODEL_ID, agreed=agreed, before=(earlier[0].number if earlier else 0) - KEPT_VERSIONS + 2
    )
    digest = hashlib.sha256("\n".join(example.lineage_sha256 for example in examples).encode()).hexdigest()
    checks = [check for check, _ in pairs]
    for row in earlier:
        if row.content_sha256 == digest:
            return Dataset(row, examples, checks, is_new=False)
    parent = earlier[0] if earlier else None
    held = set() if parent is None else await repository.example_digests(MODEL_ID, parent.number)
    now_held = {example.lineage_sha256 for example in examples}
    row = DatasetRow(
        model_id=MODEL_ID,
        number=1 if parent is None else parent.number + 1,
        parent_number=None if parent is None else parent.number,
        content_sha256=digest,
        counts={
            **counts_of(examples),
            "added": len(now_held - held),
            "removed": 0 if parent is None else int(parent.counts["sets"]) - len(now_held & held),
        },
        created_at=now,
    )
    await repository.add_dataset(row, [_stored(row, check, example) for check, example in pairs])
    return Dataset(row, examples, checks, is_new=True)


def counts_of(examples: Sequence[LabelledExample]) -> dict[str, Any]:
    """Return what a version holds, in numbers that name nobody."""
    by_person = Counter(example.person for example in examples)
    return {
        "sets": len(examples),
        "people": len(by_person),
        "most_sets_of_one": max(by_person.values(), default=0),
        "held_out_people": len({example.person for example in examples if example.is_held_out}),
        "wrong": sum(example.is_wrong for example in examples),
        "sources": dict(sorted(Counter(example.source for example in examples).items())),
        "views": dict(sorted(Counter(example.groups["view"] for example in examples).items())),
    }


def _stored(row: DatasetRow, check: ConsentedCheck, example: LabelledExample) -> dict[str, Any]:
    return {
        "model_id": row.model_id,
        "dataset_number": row.number,
        "form_check_id": check.form_check_id,
        "athlete_id": check.athlete_id,
        "sha256": example.lineage_sha256,
        "example": {
            "person": example.person,
            "positions": {fault.value: position for fault, position in example.positions.items()},
            "is_wrong": example.is_wrong,
            "groups": dict(example.groups),
            "source": example.source,
            "content": example.content,
            "held_out": example.is_held_out,
        },
        "consent": check.consent,
    }
