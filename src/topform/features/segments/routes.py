"""Segments, efforts on them, and boards."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from topform.features.community.public import NewReportOfName, Report, UseLimits
from topform.features.segments import service
from topform.features.segments.schemas import (
    MembershipWish,
    NewSegment,
    Segment,
    SegmentBoard,
    SegmentChange,
    SegmentEffortPage,
    SegmentPage,
)
from topform.platform.web.idempotency import DoOnce, Nothing
from topform.platform.web.identity import SignedInAthlete
from topform.platform.web.pages import MAX_LIMIT, CursorParameter, Limit
from topform.platform.web.resources import Use

router = APIRouter(prefix="/segments", tags=["segments"])
Listed = Literal["mine", "open"]


@router.get("")
async def list_segments(
    use: Use,
    athlete_id: SignedInAthlete,
    state: Annotated[Listed, Query(description="`mine`: made or joined by you; `open`: of others, to join.")] = "mine",
    club_id: Annotated[
        UUID | None,
        Query(description="Instead of `state`: all that are shared with this club of yours, also your own."),
    ] = None,
    cursor: CursorParameter = None,
    limit: Limit = 20,
) -> SegmentPage:
    """Return your segments, or those that people you follow, or share a club with, share with you."""
    async with use.database.reading() as session:
        return await service.list_segments(
            session, athlete_id, joined=state == "mine", club_id=club_id, cursor=cursor, limit=limit
        )


@router.post("", status_code=201)
async def make_segment(new: NewSegment, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> Segment:
    """Make a segment of a stretch of one of your activities; a job then looks through your history for it."""
    async with use.database.transaction() as session:
        leg = await service.stretch_of(session, athlete_id, new)
    course, ascent_m = await service.cut(use.store, leg, new)
    return await once.write(
        use,
        athlete_id,
        new,
        lambda session, now: service.create(session, athlete_id, new, leg, course, ascent_m, now=now),
        Segment,
    )


@router.get("/efforts")
async def list_segment_efforts_of_activity(
    use: Use,
    athlete_id: SignedInAthlete,
    activity_id: Annotated[UUID, Query(description="One of your activities.")],
    limit: Limit = MAX_LIMIT,
) -> SegmentEffortPage:
    """Return your efforts on all segments in one activity, the last first."""
    async with use.database.reading() as session:
        return await service.efforts_in(session, athlete_id, activity_id, limit=limit)


@router.get("/{segment_id:uuid}")
async def get_segment(segment_id: UUID, use: Use, athlete_id: SignedInAthlete) -> Segment:
    """Return a segment with its course, how you do on it, and who was there most often."""
    async with use.database.reading() as session:
        return await service.get_segment(session, athlete_id, segment_id, now=use.clock.now())


@router.patch("/{segment_id:uuid}")
async def change_segment(
    segment_id: UUID, change: SegmentChange, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Segment:
    """Rename your segment, or change who may see it; whoever had joined joins anew after that."""
    return await once.write(
        use,
        athlete_id,
        change.model_dump(mode="json", exclude_unset=True),
        lambda session, now: service.change_segment(session, athlete_id, segment_id, change, now=now),
        Segment,
    )


@router.delete("/{segment_id:uuid}", status_code=204)
async def delete_segment(segment_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Delete your segment with all efforts on it; activities stay as they are."""
    await once.write(
        use, athlete_id, None, lambda session, _: service.delete_segment(session, athlete_id, segment_id), Nothing
    )


@router.get("/{segment_id:uuid}/efforts")
async def list_segment_efforts(
    segment_id: UUID, use: Use, athlete_id: SignedInAthlete, cursor: CursorParameter = None, limit: Limit = 50
) -> SegmentEffortPage:
    """Return your efforts on a segment, newest first, each with its rank among them."""
    async with use.database.reading() as session:
        return await service.list_efforts(session, athlete_id, segment_id, cursor=cursor, limit=limit)


@router.post("/{segment_id:uuid}/reports", status_code=201)
async def report_segment_to_moderators(
    segment_id: UUID, said: NewReportOfName, use: Use, athlete_id: SignedInAthlete, once: DoOnce, limits: UseLimits
) -> Report:
    """Tell the moderators of the name of a segment; its owner does not learn who it was."""
    await limits.count("report", athlete_id)
    return await once.write(
        use,
        athlete_id,
        said,
        lambda session, now: service.report(session, athlete_id, segment_id, said, now=now),
        Report,
    )


@router.get("/{segment_id:uuid}/board")
async def get_segment_board(segment_id: UUID, use: Use, athlete_id: SignedInAthlete) -> SegmentBoard:
    """Return the best times of those who share their efforts here, and who came most often in 90 days."""
    async with use.database.reading() as session:
        return await service.get_board(session, athlete_id, segment_id, now=use.clock.now())


@router.put("/{segment_id:uuid}/membership")
async def join_segment(
    segment_id: UUID, wish: MembershipWish, use: Use, athlete_id: SignedInAthlete, once: DoOnce
) -> Segment:
    """Have your activities matched with a segment, and choose whether your efforts stand on its board."""
    return await once.write(
        use,
        athlete_id,
        wish,
        lambda session, now: service.join(session, athlete_id, segment_id, wish, now=now),
        Segment,
    )


@router.delete("/{segment_id:uuid}/membership", status_code=204)
async def leave_segment(segment_id: UUID, use: Use, athlete_id: SignedInAthlete, once: DoOnce) -> None:
    """Leave the board; of a segment that is not yours, your efforts are deleted too."""
    await once.write(use, athlete_id, None, lambda session, _: service.leave(session, athlete_id, segment_id), Nothing)
