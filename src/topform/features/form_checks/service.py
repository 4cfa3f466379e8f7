"""What the API does with form checks."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.form_feedback import in_language
from topform.core.errors import NotFoundError
from topform.core.ids import AthleteId
from topform.features.athletes.public import get_athlete
from topform.features.form_checks.events import FORM_CHECK_DELETED
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.schemas import (
    AskedPlan,
    FormCheck,
    FormCheckPage,
    FormCheckSummary,
    FormDocument,
    Reference,
)
from topform.features.form_checks.tables import FormCheckRow
from topform.features.plans.public import ask_for_technique
from topform.kinematics.form_analysis import ViewName
from topform.kinematics.references import reference_execution
from topform.platform.events import publish
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page


async def list_form_checks(
    session: AsyncSession, viewer: AthleteId, *, cursor: str | None, limit: int
) -> FormCheckPage:
    """Return a page of the viewer's form checks, newest first."""
    rows = await FormCheckRepository(session).page(viewer, after=decode_cursor(cursor), limit=limit + 1)
    shown, has_more = split_page(rows, limit)
    return FormCheckPage(
        items=[FormCheckSummary.model_validate(row) for row in shown],
        next_cursor=encode_cursor(shown[-1].created_at, shown[-1].id) if has_more else None,
    )


async def visible_form_check(session: AsyncSession, viewer: AthleteId, form_check_id: UUID) -> FormCheckRow:
    """Return the stored form check."""
    row = await FormCheckRepository(session).visible(viewer, form_check_id)
    if row is None:
        raise NotFoundError("There is no such form check.")
    return row


async def get_form_check(session: AsyncSession, viewer: AthleteId, form_check_id: UUID) -> FormCheck:
    """Return a form check with its analysis, in the athlete's language."""
    row = await visible_form_check(session, viewer, form_check_id)
    language = (await get_athlete(session, viewer)).language
    return FormCheck.model_validate(
        {
            **FormCheckSummary.model_validate(row).model_dump(),
            "analysis": FormDocument.model_validate(in_language(row.document, language)),
            "video_url": f"/api/v1/form-checks/{row.id}/video" if row.video_key else None,
            "has_track": row.track_key is not None,
            "references": await _references(session, viewer, row),
        }
    )


def view_of(row: FormCheckRow) -> ViewName:
    """Return from where a stored form check was filmed."""
    return ViewName((row.document.get("view") or {}).get("name", ViewName.UNKNOWN))


async def _references(session: AsyncSession, viewer: AthleteId, row: FormCheckRow) -> list[Reference]:
    found: list[Reference] = []
    if not row.rep_curves:
        return found
    view = view_of(row)
    if reference_execution(row.exercise, view) is not None:
        found.append("standard")
    if any(rep["is_good"] for rep in row.rep_curves):
        found.append("best_of_set")
    if await FormCheckRepository(session).has_good_rep(viewer, exercise=row.exercise, view=view.value):
        found.append("best_ever")
    return found


async def take_recommendation(
    session: AsyncSession, athlete_id: AthleteId, form_check_id: UUID, fault: str, *, now: datetime
) -> AskedPlan:
    """Turn a recommendation into a question about the plan; the plan changes when that is answered."""
    row = await visible_form_check(session, athlete_id, form_check_id)
    found = next((item for item in row.document.get("recommendations") or () if item["fault"] == fault), None)
    if found is None:
        raise NotFoundError("The form check holds no recommendation for that.")
    proposal_id = await ask_for_technique(
        session,
        athlete_id,
        exercise=row.exercise,
        fault=fault,
        drill=found["drill"],
        next_set=found["next_set"],
        now=now,
    )
    return AskedPlan(proposal_id=proposal_id)


async def delete_form_check(session: AsyncSession, viewer: AthleteId, form_check_id: UUID) -> list[str]:
    """Delete a form check and return the keys of its objects, to be removed once the transaction holds."""
    row = await visible_form_check(session, viewer, form_check_id)
    await FormCheckRepository(session).remove(viewer, form_check_id)
    await publish(session, viewer, FORM_CHECK_DELETED, {"id": str(form_check_id)})
    return [key for key in (row.video_key, row.poses_key, row.track_key) if key is not None]
