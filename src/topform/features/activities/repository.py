"""Queries over activities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Float,
    Integer,
    Row,
    Select,
    SQLColumnExpression,
    and_,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    tuple_,
    type_coerce,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.core.provenance import Purpose
from topform.features.activities.tables import (
    IS_FOUND_BY_INDEX,
    ActivityBestRow,
    ActivityLegRow,
    ActivityMetricRow,
    ActivityRow,
    ActivitySourceRow,
    RatingScaleResetRow,
    SourcePreferenceRow,
)
from topform.features.athletes.public import Share, is_seen_by_others, is_shared_here, visible_to

_NEWEST_FIRST = (ActivityRow.started_at.desc(), ActivityRow.id.desc())
_FAR_FROM_UTC: Final = timedelta(days=2)
"""No local day begins or ends further from the same day of universal time."""

_KEPT_WORDS: tuple[SQLColumnExpression[Any], ...] = (ActivityRow.title, ActivityRow.sub_sport)
IMPORT_LOCK = 0x7F0A11
LIKE_ESCAPE = "\\"
PAST_COLUMNS = (
    ActivityRow.id,
    ActivityRow.local_date,
    ActivityRow.title,
    ActivityRow.sport,
    ActivityRow.sub_sport,
    ActivityRow.elapsed_s,
    ActivityRow.timer_s,
    ActivityRow.distance_m,
    ActivityRow.load_au,
    ActivityRow.rpe_cr10,
    ActivityRow.moving_s,
    ActivityRow.ascent_m,
    ActivityRow.created_at,
)
"""What rules and predictions need of an activity; routes and devices of a year would take longer than the answer."""


_LOADS = (
    func.array_agg(type_coerce(ActivityRow.local_date - literal_column("DATE '0001-01-01'"), Integer) + 1),
    func.array_agg(ActivityRow.load_au),
)
"""Two arrays in one row: ten years of activities as rows, or as dates, cost ten times as much to read."""


class ActivityRepository:
    """Activities within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock_athlete(self, athlete_id: AthleteId) -> None:
        """Let the athlete's imports decide one after the other until the transaction ends."""
        await self._session.execute(
            text("SELECT pg_advisory_xact_lock(:room, hashtext(:athlete))"),
            {"room": IMPORT_LOCK, "athlete": str(athlete_id)},
        )

    async def visible(self, viewer: AthleteId, activity_id: UUID, *, lock: bool = False) -> ActivityRow | None:
        """Return the activity if the viewer may see it."""
        query = select(ActivityRow).where(ActivityRow.id == activity_id, visible_to(viewer, ActivityRow))
        if lock:
            query = query.with_for_update()
        return (await self._session.execute(query)).scalar_one_or_none()

    async def page(
        self,
        viewer: AthleteId,
        *,
        sport: str | None,
        text_part: str | None,
        after: tuple[datetime, UUID] | None,
        limit: int,
        first: date | None = None,
        last: date | None = None,
    ) -> list[ActivityRow]:
        """Return the viewer's activities of some local days, newest first, beginning after the position."""
        place = [] if after is None else [tuple_(ActivityRow.started_at, ActivityRow.id) < tuple_(*after)]
        place += _on_days(first, last)
        query = select(ActivityRow).where(visible_to(viewer, ActivityRow), *place)
        if sport is not None or text_part:
            found = self._found(viewer, place, sport=sport, text_part=text_part, limit=limit)
            query = query.where(ActivityRow.id.in_(found))
        query = query.order_by(*_NEWEST_FIRST).limit(limit)
        return list((await self._session.execute(query)).scalars())

    def _found(
        self,
        viewer: AthleteId,
        place: Sequence[ColumnElement[bool]],
        *,
        sport: str | None,
        text_part: str | None,
        limit: int,
    ) -> Select[UUID]:
        """Return the query for the ids of the newest activities that match.

        One index holds nearly all words; the rows, which lie scattered over the whole table, are read only for the few
        activities with notes or more words than usual, and for those that were found.
        """
        pattern = f"%{_escaped(text_part)}%" if text_part else None
        by_index = literal_column(IS_FOUND_BY_INDEX, Boolean())
        parts = []
        for rows, words in ((by_index, _KEPT_WORDS), (~by_index, _all_words())):
            query = select(ActivityRow.id, ActivityRow.started_at).where(visible_to(viewer, ActivityRow), *place, rows)
            if sport is not None:
                query = query.where(ActivityRow.sport == sport)
            if pattern is not None:
                query = query.where(or_(*[word.ilike(pattern, escape=LIKE_ESCAPE) for word in words]))
            parts.append(query.order_by(*_NEWEST_FIRST).limit(limit))
        matching = union_all(*parts).subquery()
        return select(matching.c.id).order_by(matching.c.started_at.desc(), matching.c.id.desc()).limit(limit)

    async def counts_of(self, athlete_ids: Sequence[UUID]) -> dict[UUID, int]:
        """Return how many activities athletes have; for administrators, who get the number and nothing else."""
        query = (
            select(ActivityRow.athlete_id, func.count())
            .where(ActivityRow.athlete_id.in_(athlete_ids))
            .group_by(ActivityRow.athlete_id)
        )
        return {athlete_id: count for athlete_id, count in await self._session.execute(query)}

    async def ids(self, viewer: AthleteId) -> list[UUID]:
        """Return the ids of all the viewer's activities, newest first."""
        query = select(ActivityRow.id).where(visible_to(viewer, ActivityRow)).order_by(ActivityRow.started_at.desc())
        return list((await self._session.execute(query)).scalars())

    async def legs(self, viewer: AthleteId, activity_id: UUID) -> list[ActivityLegRow]:
        """Return the activity's legs in order."""
        query = (
            select(ActivityLegRow)
            .where(ActivityLegRow.activity_id == activity_id, visible_to(viewer, ActivityLegRow))
            .order_by(ActivityLegRow.leg)
        )
        return list((await self._session.execute(query)).scalars())

    async def sources(self, viewer: AthleteId, activity_id: UUID) -> list[ActivitySourceRow]:
        """Return the activity's files, the primary one first."""
        query = (
            select(ActivitySourceRow)
            .where(ActivitySourceRow.activity_id == activity_id, visible_to(viewer, ActivitySourceRow))
            .order_by(ActivitySourceRow.is_primary.desc(), ActivitySourceRow.created_at)
        )
        return list((await self._session.execute(query)).scalars())

    async def source_by_digest(self, viewer: AthleteId, sha256: str) -> ActivitySourceRow | None:
        """Return the file with this content if it is stored."""
        query = select(ActivitySourceRow).where(
            ActivitySourceRow.sha256 == sha256, visible_to(viewer, ActivitySourceRow)
        )
        return (await self._session.execute(query)).scalar_one_or_none()

    async def activities_by_digest(self, viewer: AthleteId, digests: Sequence[str]) -> dict[str, UUID]:
        """Return the activities of those contents that are stored, by digest."""
        query = select(ActivitySourceRow.sha256, ActivitySourceRow.activity_id).where(
            ActivitySourceRow.sha256.in_(digests), visible_to(viewer, ActivitySourceRow)
        )
        return {sha256: activity_id for sha256, activity_id in await self._session.execute(query)}

    async def digests(self, viewer: AthleteId) -> set[str]:
        """Return the digests of all the viewer's files."""
        query = select(ActivitySourceRow.sha256).where(visible_to(viewer, ActivitySourceRow))
        return set((await self._session.execute(query)).scalars())

    async def around(
        self, viewer: AthleteId, *, started_at: datetime, ended_at: datetime, margin: timedelta
    ) -> list[ActivityRow]:
        """Return the activities that overlap the stretch of time or nearly do."""
        end = ActivityRow.started_at + func.make_interval(0, 0, 0, 0, 0, 0, ActivityRow.elapsed_s.cast(Float))
        query = (
            select(ActivityRow)
            .where(
                visible_to(viewer, ActivityRow),
                and_(ActivityRow.started_at <= ended_at + margin, end >= started_at - margin),
            )
            .order_by(ActivityRow.started_at)
        )
        return list((await self._session.execute(query)).scalars())

    async def add(self, values: Mapping[str, Any]) -> ActivityRow:
        """Store a new activity."""
        result = await self._session.execute(insert(ActivityRow).returning(ActivityRow), [dict(values)])
        return result.scalar_one()

    async def add_source_once(self, values: Mapping[str, Any]) -> bool:
        """Store a file of an activity; False when the athlete has this content already."""
        result = await self._session.execute(
            insert(ActivitySourceRow)
            .values(**values)
            .on_conflict_do_nothing(index_elements=["athlete_id", "sha256"])
            .returning(ActivitySourceRow.id)
        )
        return result.scalar_one_or_none() is not None

    async def demote_sources(self, viewer: AthleteId, activity_id: UUID) -> None:
        """Leave the activity without a primary file, so that another can become it."""
        await self._session.execute(
            update(ActivitySourceRow)
            .where(ActivitySourceRow.activity_id == activity_id, visible_to(viewer, ActivitySourceRow))
            .values(is_primary=False)
        )

    async def source(self, viewer: AthleteId, activity_id: UUID, source_id: UUID) -> ActivitySourceRow | None:
        """Return one of the activity's files."""
        query = select(ActivitySourceRow).where(
            ActivitySourceRow.id == source_id,
            ActivitySourceRow.activity_id == activity_id,
            visible_to(viewer, ActivitySourceRow),
        )
        return (await self._session.execute(query)).scalar_one_or_none()

    async def move_sources(self, viewer: AthleteId, source_ids: Sequence[UUID], *, to: UUID) -> None:
        """Give files to another activity, where none of them is the primary one yet."""
        await self._session.execute(
            update(ActivitySourceRow)
            .where(ActivitySourceRow.id.in_(source_ids), visible_to(viewer, ActivitySourceRow))
            .values(activity_id=to, is_primary=False)
        )

    async def with_several_sources(self, viewer: AthleteId) -> list[UUID]:
        """Return the activities of more than one file."""
        query = (
            select(ActivitySourceRow.activity_id)
            .where(visible_to(viewer, ActivitySourceRow))
            .group_by(ActivitySourceRow.activity_id)
            .having(func.count() > 1)
            .order_by(ActivitySourceRow.activity_id)
        )
        return list((await self._session.execute(query)).scalars())

    async def describe_source(self, viewer: AthleteId, source_id: UUID, values: Mapping[str, Any]) -> None:
        """Write what is known of a file's recording."""
        await self._session.execute(
            update(ActivitySourceRow)
            .where(ActivitySourceRow.id == source_id, visible_to(viewer, ActivitySourceRow))
            .values(**values)
        )

    async def devices_by_quantity(self, viewer: AthleteId) -> list[tuple[str, str, int]]:
        """Return which devices recorded which quantity, in how many activities, the most used first."""
        each = func.jsonb_array_elements_text(ActivitySourceRow.channels)
        quantities = each.table_valued("quantity").render_derived(name="channel").lateral()
        name = func.nullif(ActivitySourceRow.device["name"].astext, "")
        device = func.coalesce(name, ActivitySourceRow.provider, func.upper(ActivitySourceRow.format))
        told = (
            select(quantities.c.quantity, device.label("known_by"), ActivitySourceRow.activity_id)
            .select_from(ActivitySourceRow)
            .join(quantities, true())
            .where(visible_to(viewer, ActivitySourceRow))
            .subquery()
        )
        activities = func.count(told.c.activity_id.distinct())
        query = (
            select(told.c.quantity, told.c.known_by, activities)
            .group_by(told.c.quantity, told.c.known_by)
            .order_by(told.c.quantity, activities.desc(), told.c.known_by)
        )
        return [(row[0], row[1], row[2]) for row in await self._session.execute(query)]

    async def source_preferences(self, viewer: AthleteId) -> list[SourcePreferenceRow]:
        """Return the devices from which the athlete takes quantities."""
        query = select(SourcePreferenceRow).where(visible_to(viewer, SourcePreferenceRow))
        return list((await self._session.execute(query.order_by(SourcePreferenceRow.quantity))).scalars())

    async def replace_source_preferences(
        self, viewer: AthleteId, preferences: Mapping[str, Sequence[str]], *, now: datetime
    ) -> None:
        """Write all preferences; a quantity without devices has none."""
        await self._session.execute(delete(SourcePreferenceRow).where(visible_to(viewer, SourcePreferenceRow)))
        rows = [
            {"athlete_id": viewer, "quantity": quantity, "devices": list(devices), "updated_at": now}
            for quantity, devices in preferences.items()
            if devices
        ]
        if rows:
            await self._session.execute(insert(SourcePreferenceRow), rows)

    async def replace_parts(
        self,
        activity_id: UUID,
        *,
        legs: Sequence[Mapping[str, Any]],
        metrics: Sequence[Mapping[str, Any]],
        bests: Sequence[Mapping[str, Any]],
        is_new: bool = False,
    ) -> None:
        """Replace the legs, metrics and best efforts of an activity the caller has just locked or added."""
        parts: tuple[tuple[Any, Sequence[Mapping[str, Any]]], ...] = (
            (ActivityLegRow, legs),
            (ActivityMetricRow, metrics),
            (ActivityBestRow, bests),
        )
        for table, rows in parts:
            if not is_new:
                await self._session.execute(delete(table).where(table.activity_id == activity_id))
            if rows:
                await self._session.execute(insert(table), [dict(row) for row in rows])

    async def change(self, viewer: AthleteId, activity_id: UUID, values: Mapping[str, Any]) -> ActivityRow | None:
        """Write the values and return the activity as it is now."""
        result = await self._session.execute(
            update(ActivityRow)
            .where(ActivityRow.id == activity_id, visible_to(viewer, ActivityRow))
            .values(**values)
            .returning(ActivityRow)
            .execution_options(populate_existing=True)
        )
        return result.scalar_one_or_none()

    async def remove(self, viewer: AthleteId, activity_id: UUID) -> None:
        """Delete the activity with all its rows."""
        await self._session.execute(
            delete(ActivityRow).where(ActivityRow.id == activity_id, visible_to(viewer, ActivityRow))
        )

    async def starts(self, viewer: AthleteId) -> list[tuple[datetime, UUID]]:
        """Return when each activity began, in order of time."""
        query = select(ActivityRow.started_at, ActivityRow.id).where(visible_to(viewer, ActivityRow))
        rows = await self._session.execute(query.order_by(ActivityRow.started_at))
        return [(started_at, activity_id) for started_at, activity_id in rows]

    async def changes(self, viewer: AthleteId) -> dict[UUID, datetime]:
        """Return when each activity last changed, newest activity first."""
        query = select(ActivityRow.id, ActivityRow.updated_at).where(visible_to(viewer, ActivityRow))
        rows = await self._session.execute(query.order_by(ActivityRow.started_at.desc(), ActivityRow.id))
        return {row.id: row.updated_at for row in rows}

    async def keys_in_use(self, viewer: AthleteId, keys: Sequence[str]) -> set[str]:
        """Return those of the object keys that an activity or a source refers to."""
        found: set[str] = set()
        for column, table in (
            (ActivityRow.streams_key, ActivityRow),
            (ActivitySourceRow.object_key, ActivitySourceRow),
        ):
            query = select(column).where(column.in_(keys), visible_to(viewer, table))
            found.update((await self._session.execute(query)).scalars())
        return found

    async def changed_since(self, viewer: AthleteId, moment: datetime, *, first: date) -> bool:
        """Return whether an activity of a day from `first` on arrived or changed since a moment."""
        query = select(ActivityRow.id).where(
            visible_to(viewer, ActivityRow), ActivityRow.updated_at > moment, ActivityRow.local_date >= first
        )
        return (await self._session.execute(query.limit(1))).first() is not None

    async def loads(
        self, viewer: AthleteId, *, purpose: Purpose = Purpose.OWN_EYES
    ) -> tuple[Sequence[int], Sequence[float | None]]:
        """Return day and load of each activity in no order; days are counted as `date.toordinal` does."""
        # Named as an entity, so that what holds for all reading of activities holds for functions of them as well.
        query = select(*_LOADS).select_from(ActivityRow).where(visible_to(viewer, ActivityRow, purpose=purpose))
        days, loads = (await self._session.execute(query)).one()
        return days or [], loads or []

    async def past(
        self, viewer: AthleteId, first: date, last: date, *, purpose: Purpose = Purpose.OWN_EYES
    ) -> Sequence[Row[*tuple[Any, ...]]]:
        """Return the columns of some days' activities that may serve the purpose, oldest first."""
        query = (
            select(*PAST_COLUMNS)
            .where(visible_to(viewer, ActivityRow, purpose=purpose), ActivityRow.local_date.between(first, last))
            .order_by(ActivityRow.started_at, ActivityRow.id)
        )
        return (await self._session.execute(query)).all()

    async def rated(
        self, viewer: AthleteId, *, other_than: str, since: datetime | None, limit: int
    ) -> list[tuple[float, float, float]]:
        """Return load, rating and seconds of the newest activities that have a load of another source and a rating."""
        query = (
            select(ActivityRow.load_au, ActivityRow.rpe_cr10, ActivityRow.elapsed_s)
            .where(
                visible_to(viewer, ActivityRow),
                ActivityRow.load_au.is_not(None),
                ActivityRow.rpe_cr10.is_not(None),
                ActivityRow.load_source != other_than,
            )
            .order_by(ActivityRow.started_at.desc(), ActivityRow.id)
            .limit(limit)
        )
        if since is not None:
            query = query.where(ActivityRow.started_at > since)
        found = await self._session.execute(query)
        return [(load, rpe, seconds) for load, rpe, seconds in found if load is not None and rpe is not None]

    async def rating_scale_reset_at(self, viewer: AthleteId) -> datetime | None:
        """Return since when sessions count for the athlete's own scale; None for always."""
        query = select(RatingScaleResetRow.reset_at).where(visible_to(viewer, RatingScaleResetRow))
        return (await self._session.execute(query)).scalar_one_or_none()

    async def reset_rating_scale(self, athlete_id: AthleteId, *, at: datetime) -> None:
        """Have only later sessions count for the athlete's own scale."""
        statement = insert(RatingScaleResetRow).values(athlete_id=athlete_id, reset_at=at)
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["athlete_id"], set_={"reset_at": statement.excluded.reset_at}
            )
        )

    async def first_day_with_load_from(self, viewer: AthleteId, source: str) -> date | None:
        """Return the day of the oldest activity whose load came from a source."""
        query = select(func.min(ActivityRow.local_date)).where(
            visible_to(viewer, ActivityRow), ActivityRow.load_source == source
        )
        return (await self._session.execute(query)).scalar_one_or_none()


def _all_words() -> list[SQLColumnExpression[Any]]:
    """Return the words the viewer may read of an activity; a search must not tell more."""
    words: list[SQLColumnExpression[Any]] = list(_KEPT_WORDS)
    if is_seen_by_others():
        words[0] = case((ActivityRow.field_restrictions["title"].is_(None), ActivityRow.title))
    if is_shared_here(Share.HEALTH_NOTES):
        words.append(ActivityRow.notes)
    return words


def _on_days(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Return the conditions for local days, with the moments around them, by which the indexes are ordered."""
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        begins = datetime.combine(max(first, date.min + _FAR_FROM_UTC) - _FAR_FROM_UTC, time.min, tzinfo=UTC)
        conditions += [ActivityRow.local_date >= first, ActivityRow.started_at >= begins]
    if last is not None:
        ends = datetime.combine(min(last, date.max - _FAR_FROM_UTC) + _FAR_FROM_UTC, time.max, tzinfo=UTC)
        conditions += [ActivityRow.local_date <= last, ActivityRow.started_at <= ends]
    return conditions


def _escaped(text_part: str) -> str:
    return text_part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
