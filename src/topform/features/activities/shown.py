"""Activities as the person who asks may see them: the athlete sees all, everybody else less."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.activity import Channel, Streams
from topform.core.arrays import BoolArray, FloatArray
from topform.core.ids import AthleteId
from topform.features.activities.schemas import ActivityDetail, ActivitySummary
from topform.features.activities.tables import ActivityRow
from topform.features.athletes.public import Share, is_seen_by_others, is_shared_here
from topform.features.privacy_zones.public import hiding_circles
from topform.science.places import Circle, is_hidden

ABOUT_THE_DEVICE: Final = ("manufacturer", "product")
TELL_THE_PLACE: Final = (
    Channel.LATITUDE_DEG,
    Channel.LONGITUDE_DEG,
    Channel.ALTITUDE_M,
    Channel.DISTANCE_M,
    Channel.SPEED_M_S,
)
"""From these and the way around a zone one could work out where in it somebody was."""


async def hidden_from_viewer(session: AsyncSession, athlete_id: AthleteId) -> list[Circle]:
    """Return the circles inside which whoever asks may not see where the athlete was; none for the athlete."""
    return await hiding_circles(session, athlete_id) if is_seen_by_others() else []


def shown_summary(row: ActivityRow, hidden: list[Circle]) -> ActivitySummary:
    """Return an activity in a list; others get no field whose source forbids it, and no hidden place."""
    summary = ActivitySummary.model_validate(row)
    if not is_seen_by_others():
        return summary
    kept_back: dict[str, Any] = {name: None for name in row.field_restrictions if name in ("title", "rpe_cr10")}
    return summary.model_copy(update={**kept_back, "route_preview": shown_route(summary.route_preview, hidden)})


def shown_route(route: list[tuple[float, float]] | None, hidden: list[Circle]) -> list[tuple[float, float]] | None:
    """Return a route without the points that are hidden; None when fewer than two are left."""
    if route is None or not hidden:
        return route
    points = np.array(route, dtype=np.float64)
    lies_hidden = is_hidden(hidden, points[:, 0], points[:, 1])
    left = [point for point, gone in zip(route, lies_hidden, strict=True) if not gone]
    return left if len(left) > 1 else None


def shown_detail(detail: ActivityDetail) -> ActivityDetail:
    """Return an activity; others get neither files nor what identifies a device, notes only where they are shared."""
    if not is_seen_by_others():
        return detail
    return detail.model_copy(
        update={
            "notes": detail.notes if is_shared_here(Share.HEALTH_NOTES) else None,
            "device": {name: detail.device[name] for name in ABOUT_THE_DEVICE if name in detail.device},
            "file_name": "",
            "sources": [],
        }
    )


def without_places(streams: Streams) -> Streams:
    """Return streams that do not tell where somebody was."""
    places = (Channel.LATITUDE_DEG, Channel.LONGITUDE_DEG)
    return Streams(streams.t_s, {name: values for name, values in streams.channels.items() if name not in places})


def outside(streams: Streams, hidden: list[Circle]) -> Streams:
    """Return streams without what tells a place, wherever it is hidden; distance counts from the first seen sample."""
    latitude, longitude = streams.get(Channel.LATITUDE_DEG), streams.get(Channel.LONGITUDE_DEG)
    if not hidden or latitude is None or longitude is None:
        return streams
    gone = _around_too(is_hidden(hidden, latitude, longitude), np.isfinite(latitude) & np.isfinite(longitude))
    if not gone.any():
        return streams
    channels: dict[Channel, FloatArray] = {}
    for name, values in streams.channels.items():
        seen = np.where(gone, np.nan, values) if name in TELL_THE_PLACE else values
        if np.isfinite(seen).any():
            channels[name] = seen - seen[np.isfinite(seen)][0] if name is Channel.DISTANCE_M and gone[0] else seen
    return Streams(streams.t_s, channels)


def _around_too(hidden: BoolArray, observed: BoolArray) -> BoolArray:
    """Hide samples without a position as well, when the last position before or the next one after them is hidden."""
    places = np.flatnonzero(observed)
    if places.size == 0:
        return hidden
    index = np.arange(hidden.size)
    following = np.searchsorted(places, index)
    before = places[np.clip(following - 1, 0, None)]
    after = places[np.clip(following, None, places.size - 1)]
    around: BoolArray = hidden | (~observed & (hidden[before] | hidden[after]))
    return around
