"""Disputing, labelling, asking a second person to label."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from topform.features.form_checks import labelling
from topform.features.form_checks.label_schemas import (
    Dispute,
    DisputeOrder,
    Disputes,
    LabelRequests,
    LabelSheet,
    LabelsOrder,
    Opinion,
    OpinionOrder,
    RaterOrder,
)
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.resources import Use

router = APIRouter(prefix="/form-checks", tags=["form checks"])


@router.get("/label-requests")
async def list_label_requests(use: Use, athlete_id: SignedInAthlete) -> LabelRequests:
    """Return recordings that others ask you to label, newest first."""
    async with use.database.transaction() as session:
        return await labelling.label_requests(session, athlete_id)


@router.get("/{form_check_id:uuid}/disputes")
async def list_disputes(form_check_id: UUID, use: Use, athlete_id: SignedInAthlete) -> Disputes:
    """Return what you said is wrong in a form check, oldest first."""
    async with use.database.transaction() as session:
        return await labelling.list_disputes(session, athlete_id, form_check_id)


@router.post("/{form_check_id:uuid}/disputes", status_code=201)
async def add_dispute(
    form_check_id: UUID, order: DisputeOrder, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Dispute:
    """Say that a cue or the count is wrong; what you said before about the same is replaced."""
    return await once.write(
        use,
        athlete_id,
        order,
        lambda session, now: labelling.add_dispute(session, athlete_id, form_check_id, order, now=now),
        Dispute,
    )


@router.delete("/{form_check_id:uuid}/disputes/{dispute_id:uuid}", status_code=204)
async def remove_dispute(
    form_check_id: UUID, dispute_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> None:
    """Take a dispute back."""

    async def work(session: AsyncSession, _: datetime) -> Nothing:
        await labelling.remove_dispute(session, athlete_id, form_check_id, dispute_id)
        return Nothing()

    await once.write(use, athlete_id, None, work, Nothing)


@router.get("/{form_check_id:uuid}/opinion")
async def get_opinion(form_check_id: UUID, use: Use, athlete_id: SignedInAthlete) -> Opinion:
    """Return whether you called the set right or wrong."""
    async with use.database.transaction() as session:
        return await labelling.get_opinion(session, athlete_id, form_check_id)


@router.put("/{form_check_id:uuid}/opinion")
async def set_opinion(
    form_check_id: UUID, order: OpinionOrder, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Opinion:
    """Say whether the set was right or wrong, which confirms the form check or contradicts it."""
    return await once.write(
        use,
        athlete_id,
        order,
        lambda session, now: labelling.set_opinion(session, athlete_id, form_check_id, order, now=now),
        Opinion,
    )


@router.delete("/{form_check_id:uuid}/opinion", status_code=204)
async def remove_opinion(form_check_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Take back what you said of the set."""

    async def work(session: AsyncSession, _: datetime) -> Nothing:
        await labelling.remove_opinion(session, athlete_id, form_check_id)
        return Nothing()

    await once.write(use, athlete_id, None, work, Nothing)


@router.get("/{form_check_id:uuid}/labels")
async def get_labels(form_check_id: UUID, use: Use, athlete_id: SignedInAthlete) -> LabelSheet:
    """Return your labels of a recording, your own or one that you were asked to label."""
    async with use.database.transaction() as session:
        return await labelling.label_sheet(session, athlete_id, form_check_id)


@router.put("/{form_check_id:uuid}/labels")
async def set_labels(
    form_check_id: UUID, order: LabelsOrder, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> LabelSheet:
    """Mark the repetitions and faults that you see; the last marking counts."""
    return await once.write(
        use,
        athlete_id,
        order,
        lambda session, now: labelling.set_labels(session, athlete_id, form_check_id, order, now=now),
        LabelSheet,
    )


@router.put("/{form_check_id:uuid}/rater")
async def ask_rater(
    form_check_id: UUID, order: RaterOrder, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> LabelSheet:
    """Let one other person of this server label this recording: they see its moving skeleton and nothing else."""
    return await once.write(
        use,
        athlete_id,
        order,
        lambda session, now: labelling.ask_rater(session, athlete_id, form_check_id, order, now=now),
        LabelSheet,
    )


@router.delete("/{form_check_id:uuid}/rater", status_code=204)
async def stop_asking(form_check_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Take the permission to label back; labels that were made stay."""

    async def work(session: AsyncSession, _: datetime) -> Nothing:
        await labelling.stop_asking(session, athlete_id, form_check_id)
        return Nothing()

    await once.write(use, athlete_id, None, work, Nothing)
