"""Queries over what people say about form checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import may_share, visible_to
from topform.features.form_checks.tables import (
    FormCheckRow,
    FormDisputeRow,
    FormLabelsRow,
    FormOpinionRow,
    FormRaterRow,
)

OWNER, SECOND = "owner", "second"
T = TypeVar("T", FormLabelsRow, FormDisputeRow, FormOpinionRow)


@dataclass(slots=True)
class Said:
    """Everything that people say of one form check."""

    labels: list[FormLabelsRow] = field(default_factory=list)
    disputes: list[FormDisputeRow] = field(default_factory=list)
    opinion: FormOpinionRow | None = None


class LabelRepository:
    """Disputes, labels and who may label, within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def labelled_by(self, viewer: AthleteId, form_check_id: UUID) -> tuple[FormCheckRow, str] | None:
        """Return a form check that the viewer may label, and as whom: their own, or one that they were asked for."""
        asked = select(FormRaterRow.form_check_id).where(FormRaterRow.rater_id == viewer, may_share(FormRaterRow))
        query = select(FormCheckRow).where(
            FormCheckRow.id == form_check_id, or_(visible_to(viewer, FormCheckRow), FormCheckRow.id.in_(asked))
        )
        row = (await self._session.execute(query)).scalar_one_or_none()
        return None if row is None else (row, OWNER if row.athlete_id == viewer else SECOND)

    async def labels(self, owner: AthleteId, form_check_id: UUID) -> dict[str, FormLabelsRow]:
        """Return the labels of the owner's form check by who made them."""
        query = select(FormLabelsRow).where(
            visible_to(owner, FormLabelsRow), FormLabelsRow.form_check_id == form_check_id
        )
        return {row.rater: row for row in (await self._session.execute(query)).scalars()}

    async def all_labels(self, owner: AthleteId) -> list[FormLabelsRow]:
        """Return all labels of the owner's form checks."""
        return list(
            (await self._session.execute(select(FormLabelsRow).where(visible_to(owner, FormLabelsRow)))).scalars()
        )

    async def set_labels(self, values: dict[str, Any]) -> None:
        """Store one person's labels; the last ones count."""
        query = insert(FormLabelsRow).values(values)
        query = query.on_conflict_do_update(
            index_elements=["form_check_id", "rater"],
            set_={name: values[name] for name in ("reps", "unjudged", "updated_at")},
        )
        await self._session.execute(query)

    async def forget_labels(self, owner: AthleteId, form_check_id: UUID, rater: str) -> None:
        """Delete one person's labels of the owner's form check."""
        await self._session.execute(
            delete(FormLabelsRow).where(
                visible_to(owner, FormLabelsRow),
                FormLabelsRow.form_check_id == form_check_id,
                FormLabelsRow.rater == rater,
            )
        )

    async def rater(self, owner: AthleteId, form_check_id: UUID) -> FormRaterRow | None:
        """Return whom the owner asked to label a form check."""
        query = select(FormRaterRow).where(visible_to(owner, FormRaterRow), FormRaterRow.form_check_id == form_check_id)
        return (await self._session.execute(query)).scalar_one_or_none()

    async def set_rater(self, values: dict[str, Any]) -> None:
        """Store whom the owner asks; somebody asked before is asked no longer."""
        query = insert(FormRaterRow).values(values)
        query = query.on_conflict_do_update(
            index_elements=["form_check_id"], set_={name: values[name] for name in ("email", "rater_id", "granted_at")}
        )
        await self._session.execute(query)

    async def remove_rater(self, owner: AthleteId, form_check_id: UUID) -> None:
        """Take the permission back."""
        await self._session.execute(
            delete(FormRaterRow).where(visible_to(owner, FormRaterRow), FormRaterRow.form_check_id == form_check_id)
        )

    async def asked(self, rater: AthleteId, *, limit: int) -> list[tuple[FormRaterRow, FormCheckRow, bool]]:
        """Return the form checks that others ask somebody to label, and whether they did; the asking is the right."""
        query = (
            select(FormRaterRow, FormCheckRow, FormLabelsRow.updated_at)
            .join(FormCheckRow, FormCheckRow.id == FormRaterRow.form_check_id)
            .outerjoin(
                FormLabelsRow,
                (FormLabelsRow.form_check_id == FormRaterRow.form_check_id) & (FormLabelsRow.rater == SECOND),
            )
            .where(FormRaterRow.rater_id == rater, may_share(FormRaterRow))
            .order_by(FormRaterRow.granted_at.desc())
            .limit(limit)
        )
        rows = (await self._session.execute(query)).all()
        return [(grant, check, labelled_at is not None) for grant, check, labelled_at in rows]

    async def opinion(self, owner: AthleteId, form_check_id: UUID) -> FormOpinionRow | None:
        """Return what the owner says of a set."""
        query = select(FormOpinionRow).where(
            visible_to(owner, FormOpinionRow), FormOpinionRow.form_check_id == form_check_id
        )
        return (await self._session.execute(query)).scalar_one_or_none()

    async def set_opinion(self, values: dict[str, Any]) -> None:
        """Store what the owner says of a set; the last word counts."""
        query = insert(FormOpinionRow).values(values)
        query = query.on_conflict_do_update(
            index_elements=["form_check_id"], set_={name: values[name] for name in ("form", "updated_at")}
        )
        await self._session.execute(query)

    async def remove_opinion(self, owner: AthleteId, form_check_id: UUID) -> None:
        """Take back what was said of a set."""
        await self._session.execute(
            delete(FormOpinionRow).where(
                visible_to(owner, FormOpinionRow), FormOpinionRow.form_check_id == form_check_id
            )
        )

    async def said_of(self, athlete_ids: Sequence[UUID]) -> dict[UUID, Said]:
        """Return what is said of form checks of athletes who agreed to its use; for work on behalf of the operator."""
        found: dict[UUID, Said] = {}
        for label in await self._of(FormLabelsRow, athlete_ids):
            found.setdefault(label.form_check_id, Said()).labels.append(label)
        for dispute in await self._of(FormDisputeRow, athlete_ids):
            found.setdefault(dispute.form_check_id, Said()).disputes.append(dispute)
        for opinion in await self._of(FormOpinionRow, athlete_ids):
            found.setdefault(opinion.form_check_id, Said()).opinion = opinion
        return found

    async def _of(self, table: type[T], athlete_ids: Sequence[UUID]) -> list[T]:
        query = select(table).where(table.athlete_id.in_(athlete_ids))
        return list((await self._session.execute(query)).scalars())

    async def add_dispute(self, row: FormDisputeRow) -> None:
        """Store a dispute."""
        self._session.add(row)
        await self._session.flush()

    async def disputes(self, owner: AthleteId, form_check_id: UUID | None = None) -> list[FormDisputeRow]:
        """Return the owner's disputes of one form check, or of all, oldest first."""
        query = select(FormDisputeRow).where(visible_to(owner, FormDisputeRow))
        if form_check_id is not None:
            query = query.where(FormDisputeRow.form_check_id == form_check_id)
        query = query.order_by(FormDisputeRow.created_at, FormDisputeRow.id)
        return list((await self._session.execute(query)).scalars())

    async def remove_dispute(self, owner: AthleteId, form_check_id: UUID, dispute_id: UUID) -> bool:
        """Delete a dispute; tell whether there was one."""
        query = delete(FormDisputeRow).where(
            visible_to(owner, FormDisputeRow),
            FormDisputeRow.form_check_id == form_check_id,
            FormDisputeRow.id == dispute_id,
        )
        return (await self._session.execute(query.returning(FormDisputeRow.id))).first() is not None

    async def remove_disputes_of(self, owner: AthleteId, row: FormDisputeRow) -> None:
        """Delete what was said before about the same; the last word counts."""
        await self._session.execute(
            delete(FormDisputeRow).where(
                visible_to(owner, FormDisputeRow),
                FormDisputeRow.form_check_id == row.form_check_id,
                FormDisputeRow.kind == row.kind,
                FormDisputeRow.fault.is_not_distinct_from(row.fault),
                FormDisputeRow.rep_index.is_not_distinct_from(row.rep_index),
            )
        )
