"""Telling moderators of a segment, which another feature has found to be there for who reports it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import InvalidInputError
from topform.core.ids import AthleteId, new_id
from topform.features.community.evidence import evidence
from topform.features.community.posts.schemas import Reason, Report
from topform.features.community.relations.service import profile_of, require_profile
from topform.features.community.report_repository import ReportRepository
from topform.features.community.tables import ReportRow


async def report_segment(
    session: AsyncSession,
    athlete_id: AthleteId,
    segment_id: UUID,
    *,
    owner: UUID,
    name: str,
    reason: Reason,
    note: str,
    now: datetime,
) -> Report:
    """Tell the moderators of the name of a segment that one sees."""
    await require_profile(session, athlete_id)
    if owner == athlete_id:
        raise InvalidInputError("That is your own.", remedy="Rename it, or delete it yourself.")
    row = ReportRow(
        id=new_id(),
        athlete_id=athlete_id,
        reported_id=owner,
        segment_id=segment_id,
        name=name,
        kept=evidence("segment", await profile_of(session, AthleteId(owner))),
        reason=reason,
        note=note,
        created_at=now,
    )
    await ReportRepository(session).add_report(row)
    return Report(id=row.id, created_at=now)
