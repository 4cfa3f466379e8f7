"""Making, sharing, joining and reading segments."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.activity import Channel, Sport, Streams
from topform.core.errors import ConflictError, NotFoundError
from topform.core.ids import AthleteId, new_id
from topform.features.activities.public import RecordedLeg, recorded_legs, recorded_streams
from topform.features.athletes.public import require_may_share
from topform.features.community.public import (
    NewReportOfName,
    Report,
    club_of_member,
    names_of_clubs,
    people_named,
    report_segment,
    require_group_name,
    require_profile,
    shown_segment_names,
)
from topform.features.jobs.public import add_job
from topform.features.privacy_zones.public import hiding_circles, hiding_circles_of
from topform.features.segments.boards import RECENT, board_of, legend_of, lies_hidden
from topform.features.segments.events import SEGMENTS_CHANGED
from topform.features.segments.repository import Kept, Ranked, SegmentRepository
from topform.features.segments.schemas import (
    MembershipWish,
    NewSegment,
    Segment,
    SegmentBoard,
    SegmentChange,
    SegmentEffort,
    SegmentEffortPage,
    SegmentPage,
    SegmentPerson,
    SegmentSummary,
    Trend,
)
from topform.features.segments.tables import SegmentRow
from topform.features.segments.tasks import FILL_TASK, lock_of
from topform.platform.events import publish
from topform.platform.jobs import defer
from topform.platform.objects import ObjectStore
from topform.platform.web.idempotency import Nothing
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page
from topform.science.elevation import climbed_m
from topform.science.route_cells import cells_at
from topform.science.segments import Course, CourseError, cut_course, find_passes

MOST_KEPT: Final = 500
PREVIEW_POINTS: Final = 60
PLACE_DECIMALS: Final = 7
TREND_OF: Final = 5
TREND_LEAST: Final = 3
TOLD_AT_MOST: Final = 500


class SegmentPrivateError(ConflictError):
    """A segment cannot be shown to others."""

    code = "segment_private"


class TooManySegmentsError(ConflictError):
    """One person has made or joined as many segments as can be."""

    code = "too_many_segments"


async def stretch_of(session: AsyncSession, athlete_id: AthleteId, new: NewSegment) -> RecordedLeg:
    """Return the leg that a segment is to be cut out of."""
    legs = {leg.leg: leg for leg in await recorded_legs(session, athlete_id, new.activity_id)}
    if new.leg not in legs:
        raise NotFoundError("There is no such activity, or it has no such leg.")
    return legs[new.leg]


async def cut(store: ObjectStore, leg: RecordedLeg, new: NewSegment) -> tuple[Course, float | None]:
    """Return the course between two moments of a leg and what it climbs, off the event loop."""
    streams = await recorded_streams(store, leg)
    return await asyncio.to_thread(_cut, streams, new)


def _cut(streams: Streams, new: NewSegment) -> tuple[Course, float | None]:
    latitude, longitude = streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG)
    if latitude is None or longitude is None:
        raise CourseError("This part of the activity has no route.", remedy="Choose an activity with positions.")
    course = cut_course(streams.t_s, latitude, longitude, start_s=new.start_s, end_s=new.end_s)
    course = Course(np.round(course.latitude_deg, PLACE_DECIMALS), np.round(course.longitude_deg, PLACE_DECIMALS))
    if not find_passes(course, streams.t_s, latitude, longitude):
        raise CourseError(
            "At the start or at the end it cannot be told when it was passed.",
            remedy="Choose places where you were moving on, a little further along the route.",
        )
    altitude = streams.get(Channel.ALTITUDE_M)
    inside = (streams.t_s >= new.start_s) & (streams.t_s <= new.end_s)
    if altitude is None or not np.isfinite(altitude[inside]).any():
        return course, None
    return course, climbed_m(streams.t_s[inside], altitude[inside])[0]


async def create(
    session: AsyncSession,
    athlete_id: AthleteId,
    new: NewSegment,
    leg: RecordedLeg,
    course: Course,
    ascent_m: float | None,
    *,
    now: datetime,
) -> Segment:
    """Store a segment for its maker alone, and have their history looked through."""
    require_group_name(new.name)
    segments = SegmentRepository(session)
    await segments.lock(athlete_id)
    await _require_room(segments, athlete_id)
    ends = cells_at(course.latitude_deg[[0, -1]], course.longitude_deg[[0, -1]])
    row = SegmentRow(
        id=new_id(),
        athlete_id=athlete_id,
        name=new.name,
        sport=Sport(leg.sport).value,
        course=np.column_stack([course.latitude_deg, course.longitude_deg]).tolist(),
        length_m=course.length_m,
        ascent_m=ascent_m,
        start_cell=int(ends[0]),
        end_cell=int(ends[1]),
        audience="me",
        shared_at=None,
        matched_at=None,
        restricted_by=leg.restricted_by,
        created_at=now,
        updated_at=now,
    )
    await segments.add(row)
    job_id = await _look_through(session, athlete_id, row.id, now=now)
    await publish(session, athlete_id, SEGMENTS_CHANGED, {})
    return await _detail(session, athlete_id, row.id, now=now, job_id=job_id)


async def list_segments(
    session: AsyncSession,
    viewer: AthleteId,
    *,
    joined: bool,
    club_id: UUID | None = None,
    cursor: str | None,
    limit: int,
) -> SegmentPage:
    """Return a page of the viewer's segments, of those of others that they may join, or of those of a club."""
    rows = await SegmentRepository(session).page(
        viewer, joined=joined, club_id=club_id, after=decode_cursor(cursor), limit=limit + 1
    )
    shown, has_more = split_page(rows, limit)
    seen = await _not_hidden(session, viewer, shown)
    shown_to = await _naming(session, viewer, [kept.row for kept in seen])
    return SegmentPage(
        items=[SegmentSummary.model_validate(_summary(kept, viewer, shown_to)) for kept in seen],
        next_cursor=encode_cursor(shown[-1].row.created_at, shown[-1].row.id) if has_more else None,
    )


async def get_segment(session: AsyncSession, viewer: AthleteId, segment_id: UUID, *, now: datetime) -> Segment:
    """Return a segment that the viewer may see."""
    return await _detail(session, viewer, segment_id, now=now)


async def change_segment(
    session: AsyncSession, athlete_id: AthleteId, segment_id: UUID, change: SegmentChange, *, now: datetime
) -> Segment:
    """Rename one's own segment, or change who sees it; then everybody else joins anew."""
    segments = SegmentRepository(session)
    row = (await _own(segments, athlete_id, segment_id)).row
    values: dict[str, Any] = {"updated_at": now}
    if change.name is not None:
        require_group_name(change.name)
        values["name"] = change.name
    told = await segments.members(segment_id, other_than=athlete_id, limit=TOLD_AT_MOST)
    if change.audience is not None and (change.audience, change.club_id) != (_chosen(row), row.club_id):
        if change.audience != "me":
            await _require_shareable(session, athlete_id, row, now=now)
        if change.club_id is not None:
            await club_of_member(session, athlete_id, change.club_id)
        values |= {
            "audience": "followers" if change.audience == "followers" else "me",
            "club_id": change.club_id,
            "shared_at": None if change.audience == "me" else now,
        }
        await segments.send_away(segment_id, owner=athlete_id)
    await segments.change(athlete_id, segment_id, values)
    await _tell(session, athlete_id, told)
    return await _detail(session, athlete_id, segment_id, now=now)


async def delete_segment(session: AsyncSession, athlete_id: AthleteId, segment_id: UUID) -> Nothing:
    """Delete one's own segment with all efforts on it."""
    segments = SegmentRepository(session)
    told = await segments.members(segment_id, other_than=athlete_id, limit=TOLD_AT_MOST)
    if not await segments.remove(athlete_id, segment_id):
        raise NotFoundError("There is no such segment of yours.")
    await _tell(session, athlete_id, told)
    return Nothing()


async def join(
    session: AsyncSession, athlete_id: AthleteId, segment_id: UUID, wish: MembershipWish, *, now: datetime
) -> Segment:
    """Keep efforts on a segment, or change whether others see them; the first time the history is looked through."""
    segments = SegmentRepository(session)
    kept = await _seen(session, athlete_id, segment_id)
    if wish.shares_efforts:
        await require_may_share(session, athlete_id, today=now.date())
        await require_profile(session, athlete_id)
    await segments.lock(athlete_id)
    is_new = kept.member is None and kept.row.athlete_id != athlete_id
    if is_new:
        await _require_room(segments, athlete_id)
    await segments.join(athlete_id, segment_id, shares_efforts=wish.shares_efforts, now=now)
    job_id = await _look_through(session, athlete_id, segment_id, now=now) if is_new else None
    await _tell(session, athlete_id, [])
    return await _detail(session, athlete_id, segment_id, now=now, job_id=job_id)


async def leave(session: AsyncSession, athlete_id: AthleteId, segment_id: UUID) -> Nothing:
    """Stand on the board no more; on a segment of somebody else the efforts go too."""
    segments = SegmentRepository(session)
    kept = await segments.visible(athlete_id, segment_id)
    is_own = kept is not None and kept.row.athlete_id == athlete_id
    if not await segments.leave(athlete_id, segment_id, keeps_efforts=is_own):
        raise NotFoundError("You have not joined such a segment.")
    await _tell(session, athlete_id, [])
    return Nothing()


async def list_efforts(
    session: AsyncSession, viewer: AthleteId, segment_id: UUID, *, cursor: str | None, limit: int
) -> SegmentEffortPage:
    """Return a page of the viewer's efforts on a segment, newest first."""
    await _seen(session, viewer, segment_id)
    rows = await SegmentRepository(session).efforts(
        viewer, segment_id=segment_id, after=decode_cursor(cursor), limit=limit + 1
    )
    shown, has_more = split_page(rows, limit)
    names = await shown_segment_names(session, [(one.segment.id, one.segment.name) for one in shown])
    return SegmentEffortPage(
        items=[_effort(one, names) for one in shown],
        next_cursor=encode_cursor(shown[-1].effort.started_at, shown[-1].effort.id) if has_more else None,
    )


async def efforts_in(session: AsyncSession, viewer: AthleteId, activity_id: UUID, *, limit: int) -> SegmentEffortPage:
    """Return the viewer's efforts in one of their activities, the last first."""
    rows = await SegmentRepository(session).efforts(viewer, activity_id=activity_id, limit=limit)
    names = await shown_segment_names(session, [(one.segment.id, one.segment.name) for one in rows])
    return SegmentEffortPage(items=[_effort(one, names) for one in rows], next_cursor=None)


async def report(
    session: AsyncSession, viewer: AthleteId, segment_id: UUID, said: NewReportOfName, *, now: datetime
) -> Report:
    """Tell the moderators of the name of a segment that the viewer sees."""
    row = (await _seen(session, viewer, segment_id)).row
    return await report_segment(
        session, viewer, row.id, owner=row.athlete_id, name=row.name, reason=said.reason, note=said.note, now=now
    )


async def get_board(session: AsyncSession, viewer: AthleteId, segment_id: UUID, *, now: datetime) -> SegmentBoard:
    """Return who shares their efforts on a segment that the viewer may see."""
    return await board_of(session, viewer, (await _seen(session, viewer, segment_id)).row, now=now)


async def _detail(
    session: AsyncSession, viewer: AthleteId, segment_id: UUID, *, now: datetime, job_id: UUID | None = None
) -> Segment:
    kept = await _seen(session, viewer, segment_id)
    row, segments = kept.row, SegmentRepository(session)
    naming = await _naming(session, viewer, [row])
    times = await segments.latest_times(viewer, segment_id, limit=2 * TREND_OF)
    is_own = row.athlete_id == viewer
    can_share = is_own and row.restricted_by is None and not lies_hidden(row, await hiding_circles(session, viewer))
    return Segment.model_validate(
        {
            **_summary(kept, viewer, naming),
            "course": row.course,
            "can_share": can_share,
            "efforts_90_days": await segments.count_since(viewer, segment_id, (now - RECENT).date()),
            "trend": _trend(times),
            "legend": await legend_of(session, viewer, row, now=now),
            "matching_job_id": job_id,
        }
    )


def _chosen(row: SegmentRow) -> str:
    """Return with whom the owner of a segment shares it."""
    return row.audience if row.club_id is None else "club"


def _trend(times: Sequence[float]) -> Trend | None:
    """Return the medians of the last times and of those before them, newest first."""
    of = min(len(times) // 2, TREND_OF)
    if of < TREND_LEAST:
        return None
    return Trend(efforts=of, recent_s=median(times[:of]), before_s=median(times[of : 2 * of]))


@dataclass(frozen=True, slots=True)
class _Naming:
    """What is called how for a viewer: segments, their owners and clubs; and which of one's own are hidden by now."""

    names: Mapping[UUID, str]
    people: Mapping[UUID, Any]
    clubs: Mapping[UUID, str]
    hidden: Collection[UUID]


async def _naming(session: AsyncSession, viewer: AthleteId, rows: Sequence[SegmentRow]) -> _Naming:
    zones = await hiding_circles(session, viewer)
    return _Naming(
        names=await shown_segment_names(session, [(row.id, row.name) for row in rows]),
        people=await people_named(session, viewer, {row.athlete_id for row in rows} - {viewer}),
        clubs=await names_of_clubs(session, viewer, {row.club_id for row in rows if row.club_id is not None}),
        hidden={row.id for row in rows if row.athlete_id == viewer and lies_hidden(row, zones)},
    )


def _summary(kept: Kept, viewer: AthleteId, naming: _Naming) -> dict[str, Any]:
    row, member = kept.row, kept.member
    is_own, is_hidden = row.athlete_id == viewer, row.id in naming.hidden
    owner = naming.people.get(row.athlete_id)
    club = None if row.club_id is None or is_hidden else naming.clubs.get(row.club_id)
    every = max(len(row.course) // PREVIEW_POINTS, 1)
    matched_at = row.matched_at if is_own else None if member is None else member.matched_at
    return {
        "id": row.id,
        "name": naming.names[row.id],
        "sport": row.sport,
        "length_m": row.length_m,
        "ascent_m": row.ascent_m,
        "audience": "me" if is_hidden else "club" if club is not None else row.audience,
        "club": None if club is None else {"id": row.club_id, "name": club},
        "is_own": is_own,
        "owner": None if owner is None else SegmentPerson(handle=owner.handle, name=owner.name),
        "is_joined": is_own or member is not None,
        "shares_efforts": member is not None and member.shares_efforts,
        "is_matched": matched_at is not None or not (is_own or member is not None),
        "preview": [*row.course[:-1:every], row.course[-1]],
        "efforts": kept.efforts,
        "best_s": kept.best_s,
        "last_on": kept.last_on,
        "created_at": row.created_at,
    }


def _effort(ranked: Ranked, names: Mapping[UUID, str]) -> SegmentEffort:
    one = ranked.effort
    return SegmentEffort(
        id=one.id,
        segment_id=one.segment_id,
        segment_name=names[ranked.segment.id],
        activity_id=one.activity_id,
        leg=one.leg,
        start_s=one.start_s,
        end_s=one.end_s,
        started_at=one.started_at,
        day=one.day,
        elapsed_s=one.elapsed_s,
        rank=ranked.rank,
        of=ranked.of,
        speed_mean_m_s=ranked.segment.length_m / one.elapsed_s,
        coverage=one.coverage,
        hr_mean_bpm=one.hr_mean_bpm,
        power_mean_w=one.power_mean_w,
        ga_speed_m_s=one.ga_speed_m_s,
    )


async def _seen(session: AsyncSession, viewer: AthleteId, segment_id: UUID) -> Kept:
    """Return a segment that the viewer may see, with no place of its owner's that is hidden by now."""
    kept = await SegmentRepository(session).visible(viewer, segment_id)
    if kept is None or not await _not_hidden(session, viewer, [kept]):
        raise NotFoundError("There is no such segment.")
    return kept


async def _not_hidden(session: AsyncSession, viewer: AthleteId, found: Sequence[Kept]) -> list[Kept]:
    """Leave out segments of others that touch a privacy zone which their owner has drawn since."""
    owners = {kept.row.athlete_id for kept in found} - {viewer}
    zones = await hiding_circles_of(session, owners) if owners else {}
    return [
        kept
        for kept in found
        if kept.row.athlete_id == viewer or not lies_hidden(kept.row, zones.get(kept.row.athlete_id, ()))
    ]


async def _own(segments: SegmentRepository, athlete_id: AthleteId, segment_id: UUID) -> Kept:
    kept = await segments.visible(athlete_id, segment_id)
    if kept is None or kept.row.athlete_id != athlete_id:
        raise NotFoundError("There is no such segment of yours.")
    return kept


async def _require_shareable(session: AsyncSession, athlete_id: AthleteId, row: SegmentRow, *, now: datetime) -> None:
    await require_may_share(session, athlete_id, today=now.date())
    await require_profile(session, athlete_id)
    if row.restricted_by is not None:
        raise SegmentPrivateError(
            "The route came from a service whose terms keep it for you alone.",
            remedy="Make the segment from an activity that you recorded or uploaded yourself.",
        )
    if lies_hidden(row, await hiding_circles(session, athlete_id)):
        raise SegmentPrivateError(
            "The segment touches one of your privacy zones.", remedy="Make a segment that lies outside of them."
        )


async def _require_room(segments: SegmentRepository, athlete_id: AthleteId) -> None:
    if await segments.count_kept(athlete_id) >= MOST_KEPT:
        raise TooManySegmentsError(f"You have {MOST_KEPT} segments.", remedy="Delete or leave one first.")


async def _look_through(session: AsyncSession, athlete_id: AthleteId, segment_id: UUID, *, now: datetime) -> UUID:
    job = await add_job(
        session,
        athlete_id,
        kind="segment_match",
        file_name=None,
        job_input={"segment_id": str(segment_id)},
        now=now,
    )
    await defer(session, FILL_TASK, lock=lock_of(athlete_id), job_id=job.id)
    return job.id


async def _tell(session: AsyncSession, athlete_id: AthleteId, others: Sequence[AthleteId]) -> None:
    for one in sorted({athlete_id, *others}):
        await publish(session, one, SEGMENTS_CHANGED, {})
