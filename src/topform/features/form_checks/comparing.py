"""A form check beside a reference: the standard execution, or a repetition of the athlete's own."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.schemas import FormComparison, JointDifference, Reference, ReferencePoses
from topform.features.form_checks.service import view_of, visible_form_check
from topform.kinematics.comparison import RepCurve, best_rep, compare_curves
from topform.kinematics.form_analysis import ViewName
from topform.kinematics.references import reference_execution

MOST_FORM_CHECKS = 20
FILM_REMEDY = "Film a set from the side, with the whole body in the picture."


async def compare_with(
    session: AsyncSession,
    viewer: AthleteId,
    form_check_id: UUID,
    *,
    reference: Reference,
    rep_index: int | None,
) -> FormComparison:
    """Compare a form check, or one of its repetitions, with a reference."""
    row = await visible_form_check(session, viewer, form_check_id)
    view = view_of(row)
    reps = [RepCurve.from_dict(stored) for stored in row.rep_curves or ()]
    if not reps:
        raise NotFoundError("The form check holds no repetition to compare.", remedy=FILM_REMEDY)
    others = await FormCheckRepository(session).comparable(
        viewer, exercise=row.exercise, view=view.value, limit=MOST_FORM_CHECKS
    )
    return await asyncio.to_thread(
        _compared, row.id, row.exercise, view, reps, others, reference=reference, rep_index=rep_index
    )


def _compared(
    form_check_id: UUID,
    exercise: str,
    view: ViewName,
    reps: list[RepCurve],
    others: list[tuple[UUID, list[dict[str, Any]]]],
    *,
    reference: Reference,
    rep_index: int | None,
) -> FormComparison:
    chosen = reps if rep_index is None else [rep for rep in reps if rep.index == rep_index]
    if not chosen:
        raise NotFoundError("There is no such repetition.", remedy="Name one of the counted repetitions.")
    own = [(other_id, RepCurve.from_dict(stored)) for other_id, curves in others for stored in curves]
    good = [rep for _, rep in own if rep.is_good]
    found_id: UUID | None = None
    poses: ReferencePoses | None = None
    if reference == "standard":
        execution = reference_execution(exercise, view)
        if execution is None:
            raise InvalidInputError(
                "There is no reference execution for this exercise from this side.", remedy=FILM_REMEDY
            )
        held = execution.rep
        poses = ReferencePoses(joints=execution.joints, bones=execution.bones, xy=execution.xy)
    else:
        among = reps if reference == "best_of_set" else [rep for _, rep in own]
        best = best_rep(among)
        if best is None:
            raise NotFoundError(
                "No repetition of yours was free of faults yet.", remedy="Compare with the standard execution."
            )
        held = best
        found_id = next((other_id for other_id, rep in own if rep is best), form_check_id)
        good = [rep for rep in good if rep is not best]
    result = compare_curves(chosen, [held], good=good, view=view)
    return FormComparison(
        reference=reference,
        reference_form_check_id=found_id,
        reference_rep_index=None if found_id is None else held.index,
        reference_poses=poses,
        reps=result.reps,
        distance=result.distance,
        similarity=result.similarity,
        good_reps=len(good),
        tempo_ratio=result.tempo_ratio,
        joints=[JointDifference.model_validate(joint.as_dict()) for joint in result.joints],
    )
