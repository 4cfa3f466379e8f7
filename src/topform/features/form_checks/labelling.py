"""What athletes say about a form check: disputes, and labels by them and one person they ask."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.athletes.public import find_athlete, get_athlete, require_may_share
from topform.features.consents.public import ConsentPurpose, has_consent
from topform.features.form_checks.label_repository import OWNER, SECOND, LabelRepository
from topform.features.form_checks.label_schemas import (
    Agreement,
    Dispute,
    DisputeOrder,
    Disputes,
    LabelRequest,
    LabelRequests,
    Labels,
    LabelSheet,
    LabelsOrder,
    Opinion,
    OpinionOrder,
    Rater,
    RaterOrder,
)
from topform.features.form_checks.service import visible_form_check
from topform.features.form_checks.tables import FormCheckRow, FormDisputeRow, FormLabelsRow
from topform.kinematics.exercises.registry import faults_of
from topform.kinematics.form_analysis import Exercise, Fault
from topform.kinematics.rating import MarkedRep, agreement, matched_reps

MOST_REQUESTS = 100
SLACK_S = 1.0
"""How far behind the last frame a repetition may end."""


async def list_disputes(session: AsyncSession, viewer: AthleteId, form_check_id: UUID) -> Disputes:
    """Return what the athlete said is wrong."""
    await visible_form_check(session, viewer, form_check_id)
    rows = await LabelRepository(session).disputes(viewer, form_check_id)
    return Disputes(
        items=[Dispute.model_validate(row) for row in rows],
        used_for_training=await has_consent(session, viewer, ConsentPurpose.IMPROVE_FORM_MODEL),
    )


async def add_dispute(
    session: AsyncSession, athlete_id: AthleteId, form_check_id: UUID, order: DisputeOrder, *, now: datetime
) -> Dispute:
    """Store that a cue or the count is wrong; what was said before about the same is replaced."""
    await visible_form_check(session, athlete_id, form_check_id)
    row = FormDisputeRow(
        id=new_id(),
        athlete_id=athlete_id,
        form_check_id=form_check_id,
        kind=order.kind,
        fault=None if order.fault is None else order.fault.value,
        rep_index=order.rep_index,
        rep_count=order.rep_count,
        created_at=now,
    )
    repository = LabelRepository(session)
    await repository.remove_disputes_of(athlete_id, row)
    await repository.add_dispute(row)
    return Dispute.model_validate(row)


async def remove_dispute(session: AsyncSession, athlete_id: AthleteId, form_check_id: UUID, dispute_id: UUID) -> None:
    """Take a dispute back."""
    if not await LabelRepository(session).remove_dispute(athlete_id, form_check_id, dispute_id):
        raise NotFoundError("There is no such dispute.")


async def get_opinion(session: AsyncSession, viewer: AthleteId, form_check_id: UUID) -> Opinion:
    """Return what the athlete says of the whole set."""
    check = await visible_form_check(session, viewer, form_check_id)
    row = await LabelRepository(session).opinion(viewer, form_check_id)
    said = None if row is None else row.form
    is_sure = check.form_decision in ("correct", "faulty")
    return Opinion.model_validate(
        {
            "form": said,
            "agrees": said == check.form_decision if said is not None and is_sure else None,
            "updated_at": None if row is None else row.updated_at,
            "used_for_training": await has_consent(session, viewer, ConsentPurpose.IMPROVE_FORM_MODEL),
        }
    )


async def set_opinion(
    session: AsyncSession, athlete_id: AthleteId, form_check_id: UUID, order: OpinionOrder, *, now: datetime
) -> Opinion:
    """Store what the athlete says of the whole set; the last word counts."""
    await visible_form_check(session, athlete_id, form_check_id)
    await LabelRepository(session).set_opinion(
        {"athlete_id": athlete_id, "form_check_id": form_check_id, "form": order.form, "updated_at": now}
    )
    session.expire_all()
    return await get_opinion(session, athlete_id, form_check_id)


async def remove_opinion(session: AsyncSession, athlete_id: AthleteId, form_check_id: UUID) -> None:
    """Take back what was said of the set."""
    await visible_form_check(session, athlete_id, form_check_id)
    await LabelRepository(session).remove_opinion(athlete_id, form_check_id)


async def label_sheet(session: AsyncSession, viewer: AthleteId, form_check_id: UUID) -> LabelSheet:
    """Return what the viewer needs to label a recording; only the owner sees the other's part."""
    check, rater = await labelled_form_check(session, viewer, form_check_id)
    owner = AthleteId(check.athlete_id)
    repository = LabelRepository(session)
    labels = await repository.labels(owner, form_check_id)
    sheet = LabelSheet(
        form_check_id=check.id,
        exercise=check.exercise,
        duration_s=check.duration_s,
        is_owner=rater == OWNER,
        labels=Labels.model_validate(labels[rater]) if rater in labels else None,
        faults=[fault.value for fault in _markable(check.exercise)],
        rater=None,
        matched_reps=None,
        agreement=[],
    )
    if rater != OWNER:
        return sheet
    grant = await repository.rater(viewer, form_check_id)
    if grant is not None:
        sheet.rater = Rater(email=grant.email, granted_at=grant.granted_at, has_labelled=SECOND in labels)
    if OWNER in labels and SECOND in labels:
        sheet.matched_reps, sheet.agreement = _agreement(labels[OWNER], labels[SECOND], sheet.faults)
    return sheet


async def labelled_form_check(
    session: AsyncSession, viewer: AthleteId, form_check_id: UUID
) -> tuple[FormCheckRow, str]:
    """Return a form check that the viewer may label, and as whom."""
    found = await LabelRepository(session).labelled_by(viewer, form_check_id)
    if found is None:
        raise NotFoundError("There is no such form check.")
    return found


async def set_labels(
    session: AsyncSession, viewer: AthleteId, form_check_id: UUID, order: LabelsOrder, *, now: datetime
) -> LabelSheet:
    """Store the viewer's labels."""
    check, rater = await labelled_form_check(session, viewer, form_check_id)
    if order.reps and order.reps[-1].end_s > check.duration_s + SLACK_S:
        raise InvalidInputError(
            f"The last repetition ends after the recording, which lasts {check.duration_s:.1f} s.",
            remedy="Mark repetitions within the recording.",
        )
    said = order.model_dump(mode="json")
    await LabelRepository(session).set_labels(
        {
            "athlete_id": check.athlete_id,
            "form_check_id": form_check_id,
            "rater": rater,
            "reps": said["reps"],
            "unjudged": said["unjudged"],
            "updated_at": now,
        }
    )
    session.expire_all()
    return await label_sheet(session, viewer, form_check_id)


async def ask_rater(
    session: AsyncSession, athlete_id: AthleteId, form_check_id: UUID, order: RaterOrder, *, now: datetime
) -> LabelSheet:
    """Let one other person of this server label the recording; the answer does not tell who has an account."""
    await require_may_share(session, athlete_id, today=now.date())
    await visible_form_check(session, athlete_id, form_check_id)
    email = order.email.lower()
    found = await find_athlete(session, email)
    if found is not None and AthleteId(found.id) == athlete_id:
        raise InvalidInputError("That is you.", remedy="Ask somebody else; two people see more than one.")
    repository = LabelRepository(session)
    before = await repository.rater(athlete_id, form_check_id)
    if before is not None and before.email != email:
        await repository.forget_labels(athlete_id, form_check_id, SECOND)
    await repository.set_rater(
        {
            "athlete_id": athlete_id,
            "form_check_id": form_check_id,
            "email": email,
            "rater_id": None if found is None else found.id,
            "granted_at": now,
        }
    )
    session.expire_all()
    return await label_sheet(session, athlete_id, form_check_id)


async def stop_asking(session: AsyncSession, athlete_id: AthleteId, form_check_id: UUID) -> None:
    """Take the permission back; labels that were made stay with the recording."""
    await visible_form_check(session, athlete_id, form_check_id)
    await LabelRepository(session).remove_rater(athlete_id, form_check_id)


async def label_requests(session: AsyncSession, viewer: AthleteId) -> LabelRequests:
    """Return what others ask the viewer to label."""
    items = []
    for grant, check, has_labelled in await LabelRepository(session).asked(viewer, limit=MOST_REQUESTS):
        owner = await get_athlete(session, AthleteId(grant.athlete_id))
        items.append(
            LabelRequest(
                form_check_id=check.id,
                asked_by=owner.display_name,
                exercise=check.exercise,
                duration_s=check.duration_s,
                granted_at=grant.granted_at,
                has_labelled=has_labelled,
            )
        )
    return LabelRequests(items=items)


def _markable(exercise: str) -> tuple[Fault, ...]:
    return faults_of(Exercise(exercise)) or tuple(Fault)


def _agreement(first: FormLabelsRow, second: FormLabelsRow, faults: list[str]) -> tuple[int, list[Agreement]]:
    pairs = matched_reps(_marked(first), _marked(second))
    found = agreement(pairs, faults, unjudged=frozenset({*first.unjudged, *second.unjudged}))
    return len(pairs), [Agreement.model_validate(one.as_dict()) for one in found]


def _marked(row: FormLabelsRow) -> list[MarkedRep]:
    return [MarkedRep(rep["start_s"], rep["end_s"], frozenset(rep["faults"])) for rep in row.reps]
