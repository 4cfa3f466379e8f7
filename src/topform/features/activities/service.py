"""What the API does with stored activities."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.activity import Channel, Sport, Streams
from topform.core.arrays import FloatArray
from topform.core.errors import InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.features.activities.events import (
    ACTIVITY_DELETED,
    ACTIVITY_UPDATED,
    FITNESS_CHANGED,
)
from topform.features.activities.exertion import load_with_rating, rating_scale
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.schemas import (
    ActivityChange,
    ActivityChanges,
    ActivityDetail,
    ActivityPage,
    ActivitySource,
    ActivityStreams,
    ActivitySummary,
    ChangedActivities,
    LegDetail,
)
from topform.features.activities.shown import hidden_from_viewer, outside, shown_detail, shown_summary, without_places
from topform.features.activities.tables import ActivityRow, ActivitySourceRow
from topform.features.athletes.public import is_seen_by_others, parameter_history
from topform.platform.database import tell_before_deleting
from topform.platform.events import publish
from topform.platform.objects import ObjectStore
from topform.platform.web.pages import decode_cursor, encode_cursor, split_page
from topform.science.leg_capacity import w_prime_balance_at
from topform.science.places import Circle

STREAM_DECIMALS = {Channel.LATITUDE_DEG: 6, Channel.LONGITUDE_DEG: 6}


LEG_STREAM_POINTS = 5000
RESERVE = "w_prime_balance_j"
"""A computed channel beside the recorded ones."""


async def list_activities(
    session: AsyncSession,
    viewer: AthleteId,
    *,
    sport: Sport | None,
    text_part: str | None,
    first: date | None,
    last: date | None,
    cursor: str | None,
    limit: int,
) -> ActivityPage:
    """Return a page of the viewer's activities of some local days, newest first.

    Raises
    ------
    InvalidInputError
        If the first day comes after the last.
    """
    if first is not None and last is not None and last < first:
        raise InvalidInputError("`from` is after `to`.", remedy="Swap the two dates.")
    rows = await ActivityRepository(session).page(
        viewer,
        sport=sport,
        text_part=text_part.replace("\x00", "") if text_part else None,
        after=decode_cursor(cursor),
        limit=limit + 1,
        first=first,
        last=last,
    )
    shown, has_more = split_page(rows, limit)
    hidden = await hidden_from_viewer(session, viewer)
    return ActivityPage(
        items=[shown_summary(row, hidden) for row in shown],
        next_cursor=encode_cursor(shown[-1].started_at, shown[-1].id) if has_more else None,
    )


async def get_activity(session: AsyncSession, viewer: AthleteId, activity_id: UUID) -> ActivityDetail:
    """Return an activity with its legs and sources."""
    activities = ActivityRepository(session)
    row = await _visible(activities, viewer, activity_id)
    legs = await activities.legs(viewer, activity_id)
    sources = await activities.sources(viewer, activity_id)
    detail = ActivityDetail.model_validate(
        {
            **shown_summary(row, await hidden_from_viewer(session, viewer)).model_dump(),
            "legs": [LegDetail.model_validate(leg.document) for leg in legs],
            "device": row.device,
            "warnings": row.warnings,
            "salvaged": row.salvaged,
            "file_name": sources[0].file_name,
            "format": row.format,
            "notes": row.notes,
            "sources": [ActivitySource.model_validate(source) for source in sources],
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }
    )
    return shown_detail(detail)


async def latest_activity(session: AsyncSession, viewer: AthleteId) -> ActivitySummary | None:
    """Return the newest activity, None when there is none."""
    rows = await ActivityRepository(session).page(viewer, sport=None, text_part=None, after=None, limit=1)
    return shown_summary(rows[0], await hidden_from_viewer(session, viewer)) if rows else None


async def _visible(
    activities: ActivityRepository, viewer: AthleteId, activity_id: UUID, *, lock: bool = False
) -> ActivityRow:
    row = await activities.visible(viewer, activity_id, lock=lock)
    if row is None:
        raise NotFoundError("There is no such activity.")
    return row


async def streams_key(session: AsyncSession, viewer: AthleteId, activity_id: UUID, *, leg: int) -> str:
    """Return where the activity's streams are stored."""
    row = await _visible(ActivityRepository(session), viewer, activity_id)
    if leg >= row.leg_count:
        raise NotFoundError(f"The activity has {row.leg_count} leg(s), numbered from 0.", remedy="Ask for leg 0.")
    return row.streams_key


async def reserve_of(
    session: AsyncSession, viewer: AthleteId, activity_id: UUID, *, leg: int
) -> tuple[float, float] | None:
    """Return critical power and W' as they held on the day of a ride, None when it is none or they are not known."""
    activities = ActivityRepository(session)
    row = await _visible(activities, viewer, activity_id)
    sports = [one.sport for one in await activities.legs(viewer, activity_id)]
    if leg >= len(sports) or sports[leg] != Sport.CYCLING.value:
        return None
    known = (await parameter_history(session, viewer)).on(row.local_date)
    return None if known.cp_w is None or known.w_prime_j is None else (known.cp_w, known.w_prime_j)


async def read_streams(
    store: ObjectStore,
    key: str,
    *,
    leg: int,
    points: int,
    channels: list[str] | None,
    reserve: tuple[float, float] | None = None,
    hidden: list[Circle] | None = None,
) -> ActivityStreams:
    """Read one leg's streams and thin them out, off the event loop; with CP and W' the reserve is added.

    Others than the athlete get places only when it is said what to hide of them.
    """
    content = await store.get(key)
    return await asyncio.to_thread(_streams_answer, content, leg, points, channels, reserve, hidden)


async def leg_channels(
    session: AsyncSession,
    store: ObjectStore,
    viewer: AthleteId,
    activity_id: UUID,
    *,
    leg: int,
    channels: Sequence[Channel],
) -> tuple[FloatArray, dict[Channel, FloatArray]]:
    """Return the times and those of the channels that one leg has, about one value each two seconds of three hours."""
    key = await streams_key(session, viewer, activity_id, leg=leg)
    return await asyncio.to_thread(_thinned, await store.get(key), leg, [channel.value for channel in channels])


def _thinned(content: bytes, leg: int, channels: list[str]) -> tuple[FloatArray, dict[Channel, FloatArray]]:
    from topform.features.activities.streams import decode_streams, thin_out

    t_s, thinned = thin_out(decode_streams(content, leg=leg, channels=channels).streams, LEG_STREAM_POINTS)
    return np.round(t_s, 3), {name: np.round(values, 3) for name, values in thinned.items()}


def _streams_answer(
    content: bytes,
    leg: int,
    points: int,
    channels: list[str] | None,
    reserve: tuple[float, float] | None,
    hidden: list[Circle] | None,
) -> ActivityStreams:
    from topform.features.activities.streams import decode_streams, thin_out

    if hidden:
        everything = outside(decode_streams(content, leg=leg).streams, hidden)
        wanted = None if channels is None else {Channel(name) for name in channels}
        seen = {name: values for name, values in everything.channels.items() if wanted is None or name in wanted}
        streams = Streams(everything.t_s, seen)
    else:
        streams = decode_streams(content, leg=leg, channels=channels).streams
        if hidden is None and is_seen_by_others():
            streams = without_places(streams)
    t_s, thinned = thin_out(streams, points)
    shown = {name.value: _rounded(name, values) for name, values in thinned.items()}
    power_w = streams.get(Channel.POWER_W)
    if reserve is not None and power_w is not None and len(streams) > 1:
        cp_w, w_prime_j = reserve
        balance = w_prime_balance_at(t_s, streams.t_s, power_w, cp_w=cp_w, w_prime_j=w_prime_j)
        shown[RESERVE] = [value if math.isfinite(value) else None for value in np.round(balance).tolist()]
    return ActivityStreams(leg=leg, t_s=np.round(t_s, 3).tolist(), channels=shown, samples=len(streams))


def _rounded(name: Channel, values: FloatArray) -> list[float | None]:
    decimals = STREAM_DECIMALS.get(name, 3)
    return [value if math.isfinite(value) else None for value in np.round(values, decimals).tolist()]


async def primary_source(session: AsyncSession, viewer: AthleteId, activity_id: UUID) -> ActivitySourceRow:
    """Return the file that gave the activity's numbers."""
    activities = ActivityRepository(session)
    await _visible(activities, viewer, activity_id)
    return (await activities.sources(viewer, activity_id))[0]


async def change_activity(
    session: AsyncSession, viewer: AthleteId, activity_id: UUID, change: ActivityChange, *, now: datetime
) -> ActivitySummary:
    """Apply a person's corrections."""
    activities = ActivityRepository(session)
    before = await _visible(activities, viewer, activity_id, lock=True)
    old_load_au, local_day = before.load_au, before.local_date
    values = change.model_dump(exclude_unset=True)
    if "title" in values:
        values["field_restrictions"] = {name: tag for name, tag in before.field_restrictions.items() if name != "title"}
    if "rpe_cr10" in values:
        values["load_au"], values["load_source"] = load_with_rating(
            load_au=before.load_au,
            load_source=before.load_source,
            rpe_cr10=values["rpe_cr10"],
            elapsed_s=before.elapsed_s,
            scale=await rating_scale(session, viewer),
        )
    if "title" in values:
        values["title"] = values["title"] or None
        values["is_title_own"] = values["title"] is not None
    row = await activities.change(viewer, activity_id, {**values, "updated_at": now})
    if row is None:
        raise NotFoundError("There is no such activity.")
    summary = ActivitySummary.model_validate(row)
    await publish(session, viewer, ACTIVITY_UPDATED, summary.model_dump(mode="json"))
    if summary.load_au != old_load_au:
        await publish(session, viewer, FITNESS_CHANGED, {"from": local_day.isoformat()})
    return summary


async def change_activities(
    session: AsyncSession, viewer: AthleteId, changes: ActivityChanges, *, now: datetime
) -> ChangedActivities:
    """Apply a person's corrections to several activities, or to none when one is not theirs."""
    changed = {}
    # In one order, so that two requests about the same activities wait for each other and do not lock each other out.
    for one in sorted(changes.items, key=lambda one: one.id):
        change = ActivityChange.model_validate(one.model_dump(exclude={"id"}, exclude_unset=True))
        changed[one.id] = await change_activity(session, viewer, one.id, change, now=now)
    return ChangedActivities(items=[changed[one.id] for one in changes.items])


async def delete_activities(session: AsyncSession, viewer: AthleteId, activity_ids: Collection[UUID]) -> list[str]:
    """Delete activities, or none when one is not the athlete's; return the keys of their objects as for one."""
    await tell_before_deleting(session, viewer, "activity", activity_ids)
    return [key for one in sorted(activity_ids) for key in await _delete(session, viewer, one)]


async def delete_activity(session: AsyncSession, viewer: AthleteId, activity_id: UUID) -> list[str]:
    """Delete an activity and return the keys of its objects, to be removed once the transaction holds."""
    return await delete_activities(session, viewer, [activity_id])


async def _delete(session: AsyncSession, viewer: AthleteId, activity_id: UUID) -> list[str]:
    activities = ActivityRepository(session)
    row = await _visible(activities, viewer, activity_id, lock=True)
    keys = [row.streams_key, *(source.object_key for source in await activities.sources(viewer, activity_id))]
    await activities.remove(viewer, activity_id)
    await publish(session, viewer, ACTIVITY_DELETED, {"id": str(activity_id)})
    if row.load_au is not None:
        await publish(session, viewer, FITNESS_CHANGED, {"from": row.local_date.isoformat()})
    return keys
