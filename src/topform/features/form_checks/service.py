"""What the API does with form checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from topform.coaching.filmed_set import performed_set
from topform.coaching.form_feedback import in_language
from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.activities.public import FITNESS_CHANGED
from topform.features.athletes.public import get_athlete, is_seen_by_others, language_for_reader
from topform.features.form_checks.events import FORM_CHECK_DELETED
from topform.features.form_checks.repository import FormCheckRepository
from topform.features.form_checks.schemas import (
    AskedPlan,
    FilmedSet,
    FormCheck,
    FormCheckPage,
    FormCheckSummary,
    FormDocument,
    Reference,
    SetSaid,
)
from topform.features.form_checks.tables import FormCheckRow
from topform.features.plans.public import ask_for_technique
from topform.features.strength_sets.public import known_set, say_of_set
from topform.kinematics.form_analysis import ViewName
from topform.kinematics.references import reference_execution
from topform.platform.database import tell_before_deleting
from topform.platform.events import publish
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page
from topform.science.set_load import PUSH_UP, SetDetails


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
    """Return a form check with its analysis, in the reader's language."""
    row = await visible_form_check(session, viewer, form_check_id)
    language = await language_for_reader(session, viewer)
    return FormCheck.model_validate(
        {
            **FormCheckSummary.model_validate(row).model_dump(),
            "analysis": FormDocument.model_validate(in_language(row.document, language)),
            "video_url": f"/api/v1/form-checks/{row.id}/video" if row.video_key and not is_seen_by_others() else None,
            "has_track": row.track_key is not None and not is_seen_by_others(),
            "references": await _references(session, viewer, row),
            "filmed_set": await _filmed_set(session, viewer, row),
        }
    )


async def say_of_set_filmed(
    session: AsyncSession, athlete_id: AthleteId, form_check_id: UUID, said: SetSaid, *, now: datetime
) -> FormCheck:
    """Store what the athlete says of the set, which may change the load of its day; return the form check."""
    row = await visible_form_check(session, athlete_id, form_check_id)
    performed = performed_set(row.document)
    if performed is None:
        raise ConflictError("No set was recognised in the video.", remedy="Film the whole body from the side.")
    details = SetDetails(**said.model_dump())
    if details.variant is not None and performed.exercise != PUSH_UP:
        raise InvalidInputError("Only push-ups have these variants.", remedy="Leave `variant` out.")
    day = await _day_of(session, athlete_id, row)
    await say_of_set(session, athlete_id, form_check_id, performed, details, day=day, now=now)
    await publish(session, athlete_id, FITNESS_CHANGED, {"from": day.isoformat()})
    return await get_form_check(session, athlete_id, form_check_id)


async def _day_of(session: AsyncSession, athlete_id: AthleteId, row: FormCheckRow) -> date:
    zone = ZoneInfo((await get_athlete(session, athlete_id)).time_zone)
    return row.created_at.astimezone(zone).date()


async def _filmed_set(session: AsyncSession, viewer: AthleteId, row: FormCheckRow) -> FilmedSet | None:
    performed = performed_set(row.document)
    if performed is None:
        return None
    day = await _day_of(session, viewer, row)
    known = await known_set(session, viewer, row.id, performed, day=day)
    return FilmedSet.model_validate(
        {
            **known.load.as_dict(),
            "reps": performed.reps,
            "said": asdict(known.details),
            "counts": known.load.load_au is not None and not known.is_part_of_activity,
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
    day = await _day_of(session, viewer, row)
    await tell_before_deleting(session, viewer, "form_check", [form_check_id])
    await FormCheckRepository(session).remove(viewer, form_check_id)
    await publish(session, viewer, FORM_CHECK_DELETED, {"id": str(form_check_id)})
    await publish(session, viewer, FITNESS_CHANGED, {"from": day.isoformat()})
    return [key for key in (row.video_key, row.thumbnail_key, row.poses_key, row.track_key) if key is not None]


async def form_check_counts(session: AsyncSession, athlete_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many form checks each athlete has, for administrators."""
    return await FormCheckRepository(session).counts_of(athlete_ids)
