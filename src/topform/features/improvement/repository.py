"""Queries over data sets, judgements and alarms. They work for the operator, on data whose athletes agreed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from topform.features.form_checks.public import FormCheckRow
from topform.features.improvement.tables import AlarmRow, DatasetExampleRow, DatasetRow, JudgementRow

ROWS_AT_ONCE = 1000


class ImprovementRepository:
    """Data sets, judgements and alarms within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def datasets(self, model_id: str) -> list[DatasetRow]:
        """Return all versions of the labels, the newest first."""
        query = select(DatasetRow).where(DatasetRow.model_id == model_id).order_by(DatasetRow.number.desc())
        return list((await self._session.execute(query)).scalars())

    async def add_dataset(self, row: DatasetRow, examples: Sequence[dict[str, Any]]) -> None:
        """Store a version with its examples."""
        self._session.add(row)
        await self._session.flush()
        for first in range(0, len(examples), ROWS_AT_ONCE):
            await self._session.execute(insert(DatasetExampleRow).values(examples[first : first + ROWS_AT_ONCE]))

    async def note_hindrance(self, labels_of: str, number: int, *, of_model: str, found: dict[str, str] | None) -> None:
        """Write down what hindered the last training of a model from a version of the labels; None: nothing did."""
        for row in await self.datasets(labels_of):
            others = {name: noted for name, noted in row.hindrances.items() if name != of_model}
            is_this = found is not None and row.number == number
            row.hindrances = {**others, of_model: found} if is_this else others
        await self._session.flush()

    async def shadowed(self, shadow: UUID, champion: UUID, *, since: datetime) -> int:
        """Return how many sets that are newer than a moment both versions have judged, of everybody who agreed."""
        other = aliased(JudgementRow)
        query = (
            select(func.count())
            .select_from(JudgementRow)
            .join(other, other.form_check_id == JudgementRow.form_check_id)
            .join(FormCheckRow, FormCheckRow.id == JudgementRow.form_check_id)
            .where(JudgementRow.version_id == shadow, other.version_id == champion, FormCheckRow.created_at > since)
        )
        return (await self._session.scalar(query)) or 0

    async def example_digests(self, model_id: str, number: int) -> set[str]:
        """Return the digests of the examples that a version still holds, of everybody who agreed."""
        query = select(DatasetExampleRow.sha256).where(
            DatasetExampleRow.model_id == model_id, DatasetExampleRow.dataset_number == number
        )
        return set((await self._session.execute(query)).scalars())

    async def forget_examples(self, model_id: str, *, agreed: Collection[UUID], before: int) -> None:
        """Delete examples of athletes who do not agree any more, and all of versions before a number."""
        await self._session.execute(
            delete(DatasetExampleRow).where(
                DatasetExampleRow.model_id == model_id,
                (DatasetExampleRow.dataset_number < before) | DatasetExampleRow.athlete_id.not_in(list(agreed)),
            )
        )

    async def forget_judgements(self, *, agreed: Collection[UUID]) -> None:
        """Delete judgements on sets of athletes who do not agree any more."""
        await self._session.execute(delete(JudgementRow).where(JudgementRow.athlete_id.not_in(list(agreed))))

    async def judged(self, version_id: UUID) -> set[UUID]:
        """Return the form checks that a version has judged, of everybody who agreed."""
        query = select(JudgementRow.form_check_id).where(JudgementRow.version_id == version_id)
        return set((await self._session.execute(query)).scalars())

    async def judgements(self, version_id: UUID) -> dict[UUID, tuple[str, float | None]]:
        """Return decision and probability by a version, by form check, of everybody who agreed."""
        query = select(JudgementRow.form_check_id, JudgementRow.decision, JudgementRow.probability).where(
            JudgementRow.version_id == version_id
        )
        return {check: (decision, probability) for check, decision, probability in await self._session.execute(query)}

    async def add_judgements(self, rows: Sequence[dict[str, Any]]) -> None:
        """Store what versions say; what is there already stays."""
        for first in range(0, len(rows), ROWS_AT_ONCE):
            query = insert(JudgementRow).values(rows[first : first + ROWS_AT_ONCE])
            await self._session.execute(query.on_conflict_do_nothing())

    async def judgement_counts(self) -> dict[UUID, dict[str, int]]:
        """Return how often each version decided what, over everybody who agreed; numbers only."""
        query = select(JudgementRow.version_id, JudgementRow.decision, func.count()).group_by(
            JudgementRow.version_id, JudgementRow.decision
        )
        found: dict[UUID, dict[str, int]] = {}
        for version_id, decision, count in (await self._session.execute(query)).all():
            found.setdefault(version_id, {})[decision] = count
        return found

    async def alarms(self) -> list[AlarmRow]:
        """Return all alarms, the newest first."""
        query = select(AlarmRow).order_by(AlarmRow.created_at.desc(), AlarmRow.id.desc())
        return list((await self._session.execute(query)).scalars())

    async def alarms_by_kind(self) -> dict[str, tuple[int, datetime]]:
        """Return how many alarms of each kind were raised, and when the last one was."""
        query = select(AlarmRow.kind, func.count(), func.max(AlarmRow.created_at)).group_by(AlarmRow.kind)
        return {kind: (count, last) for kind, count, last in await self._session.execute(query)}

    async def alarm_kinds(self, version_id: UUID) -> set[str]:
        """Return what kinds of alarm were raised over a version."""
        query = select(AlarmRow.kind).where(AlarmRow.version_id == version_id)
        return set((await self._session.execute(query)).scalars())

    async def add_alarm(self, row: AlarmRow) -> None:
        """Store an alarm."""
        self._session.add(row)
        await self._session.flush()
