"""From a file to a stored activity, exactly once: duplicates are recognised, records of one workout are joined."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import TopFormError
from topform.core.ids import AthleteId, new_id
from topform.core.provenance import restriction_of
from topform.features.activities.drafts import ActivityDraft, draft_activity
from topform.features.activities.events import ACTIVITY_CREATED, ACTIVITY_UPDATED
from topform.features.activities.exertion import load_with_rating
from topform.features.activities.matching import START_TOLERANCE, Workout, closest_match
from topform.features.activities.news import ImportNews
from topform.features.activities.removal import remove_objects
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.tables import ActivityRow
from topform.features.athletes.public import get_athlete, parameters_of
from topform.features.jobs.public import FileOutcome
from topform.platform.web.resources import Resources
from topform.science.athlete import AthleteParameters

MERGE_MARGIN = 1e-6
Note = Callable[[AsyncSession, FileOutcome], Awaitable[None]]
"""Writes an outcome down in the transaction that made it."""


@dataclass(slots=True)
class ActivityImport:
    """Imports one athlete's files one after the other."""

    resources: Resources
    athlete_id: AthleteId
    executor: Executor | None = None
    _about: tuple[AthleteParameters, str] | None = field(default=None)

    async def add(
        self, *, file_name: str, content: bytes, note: Note | None = None, provider: str | None = None
    ) -> FileOutcome:
        """Store a file's activity and say what became of it; a file that cannot be read is an outcome too.

        ``provider`` is the service that delivered the file; None when the athlete did.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        known = await self._duplicate(file_name, sha256, note)
        if known is not None:
            return known
        try:
            draft = replace(await self.draft(file_name=file_name, content=content), provider=provider)
        except TopFormError as error:
            return await self.reject(file_name=file_name, error=error, sha256=sha256, note=note)
        return await self.store(draft, content, note=note)

    async def stored_digests(self) -> set[str]:
        """Return the digests of all files that are stored."""
        async with self.resources.database.transaction() as session:
            return await ActivityRepository(session).digests(self.athlete_id)

    async def draft(self, *, file_name: str, content: bytes) -> ActivityDraft:
        """Decode and analyse a file off the event loop."""
        parameters, time_zone = await self._athlete()
        work = partial(draft_activity, content, file_name=file_name, athlete=parameters, time_zone=time_zone)
        return await asyncio.get_running_loop().run_in_executor(self.executor, work)

    async def reject(
        self, *, file_name: str, error: TopFormError, sha256: str | None = None, note: Note | None = None
    ) -> FileOutcome:
        """Say why a file was not stored."""
        outcome = rejection(file_name, error, sha256=sha256)
        if note is not None:
            async with self.resources.database.transaction() as session:
                await note(session, outcome)
        return outcome

    async def store(self, draft: ActivityDraft, content: bytes, *, note: Note | None = None) -> FileOutcome:
        """Store a draft with its file: as a new activity, or as another source of a stored one."""
        return (await self.store_many([(draft, content)], note=note))[0]

    async def store_many(
        self, drafts: Sequence[tuple[ActivityDraft, bytes]], *, note: Note | None = None
    ) -> list[FileOutcome]:
        """Store drafts with their files in one transaction, one after the other; all of them or none."""
        news = ImportNews()
        outcomes: list[FileOutcome] = []
        async with self.resources.database.transaction() as session:
            activities = ActivityRepository(session)
            await activities.lock_athlete(self.athlete_id)
            stored = await activities.activities_by_digest(self.athlete_id, [draft.sha256 for draft, _ in drafts])
            put: list[_Keys] = []
            try:
                for draft, content in drafts:
                    known = stored.get(draft.sha256)
                    if known is not None:
                        outcome = _outcome("duplicate", draft.file_name, known, draft.sha256)
                    else:
                        put.append(keys := _Keys.of(self.athlete_id, draft.sha256))
                        await self.resources.store.put(keys.original, content)
                        outcome = await self._decide(session, draft, keys, news)
                        stored[draft.sha256] = outcome.activity_ids[0]
                    if note is not None:
                        await note(session, outcome)
                    outcomes.append(outcome)
            except BaseException:
                # The athlete's lock is still held: nobody else has come to rely on these objects.
                for keys in put:
                    await self.resources.store.delete(keys.original)
                    await self.resources.store.delete(keys.streams)
                raise
            await news.publish(session, self.athlete_id)
        await remove_objects(self.resources, self.athlete_id, news.replaced_keys)
        return outcomes

    async def recompute(self, activity_id: UUID) -> bool:
        """Compute a stored activity again from its primary file with today's parameters; False when it is gone."""
        async with self.resources.database.transaction() as session:
            sources = await ActivityRepository(session).sources(self.athlete_id, activity_id)
        if not sources:
            return False
        primary = sources[0]
        draft = replace(
            await self.draft(file_name=primary.file_name, content=await self.resources.store.get(primary.object_key)),
            provider=primary.provider,
        )
        async with self.resources.database.transaction() as session:
            activities = ActivityRepository(session)
            await activities.lock_athlete(self.athlete_id)
            before = await activities.visible(self.athlete_id, activity_id, lock=True)
            now_primary = await activities.sources(self.athlete_id, activity_id)
            if before is None or now_primary[0].id != primary.id:
                return False
            loaded_day = before.local_date if before.load_au is not None else None
            row = await self._replace_numbers(session, before, draft, _Keys.of(self.athlete_id, draft.sha256))
            news = ImportNews()
            news.add(row, ACTIVITY_UPDATED, loaded_before=loaded_day)
            await news.publish(session, self.athlete_id)
        return True

    async def _athlete(self) -> tuple[AthleteParameters, str]:
        if self._about is None:
            async with self.resources.database.transaction() as session:
                athlete = await get_athlete(session, self.athlete_id)
            self._about = parameters_of(athlete), athlete.time_zone
        return self._about

    async def _duplicate(self, file_name: str, sha256: str, note: Note | None) -> FileOutcome | None:
        async with self.resources.database.transaction() as session:
            known = await ActivityRepository(session).source_by_digest(self.athlete_id, sha256)
            if known is None:
                return None
            outcome = _outcome("duplicate", file_name, known.activity_id, sha256)
            if note is not None:
                await note(session, outcome)
            return outcome

    async def _decide(self, session: AsyncSession, draft: ActivityDraft, keys: _Keys, news: ImportNews) -> FileOutcome:
        activities = ActivityRepository(session)
        nearby = await activities.around(
            self.athlete_id,
            started_at=draft.values["started_at"],
            ended_at=draft.ended_at,
            margin=START_TOLERANCE + timedelta(seconds=1),
        )
        match = closest_match(_workout(draft), (_stored_workout(row) for row in nearby))
        if match is None:
            row = await self._add(session, draft, keys)
            news.add(row, ACTIVITY_CREATED)
            return _outcome("imported", draft.file_name, row.id, draft.sha256, draft.warnings)
        before = next(row for row in nearby if row.id == match.activity_id)
        primary = (await activities.sources(self.athlete_id, before.id))[0]
        is_better = draft.quality > primary.quality + MERGE_MARGIN
        if is_better:
            news.replaced_keys.append(before.streams_key)
            loaded_day = before.local_date if before.load_au is not None else None
            row = await self._replace(session, before, draft, keys)
            news.add(row, ACTIVITY_UPDATED, loaded_before=loaded_day)
        await activities.add_source_once(self._source(draft, keys, before.id, is_primary=is_better))
        return _outcome("merged", draft.file_name, before.id, draft.sha256, draft.warnings)

    async def _add(self, session: AsyncSession, draft: ActivityDraft, keys: _Keys) -> ActivityRow:
        activities = ActivityRepository(session)
        now = self.resources.clock.now()
        activity_id = new_id()
        await self.resources.store.put(keys.streams, draft.streams)
        row = await activities.add(
            {
                **draft.values,
                "id": activity_id,
                "athlete_id": self.athlete_id,
                **_restrictions(draft, draft.values),
                "streams_key": keys.streams,
                "created_at": now,
                "updated_at": now,
            }
        )
        await self._replace_parts(activities, activity_id, draft, is_new=True)
        await activities.add_source_once(self._source(draft, keys, activity_id, is_primary=True))
        return row

    async def _replace(
        self, session: AsyncSession, before: ActivityRow, draft: ActivityDraft, keys: _Keys
    ) -> ActivityRow:
        """Take the numbers from a better file, which becomes the primary one."""
        await ActivityRepository(session).demote_sources(self.athlete_id, before.id)
        return await self._replace_numbers(session, before, draft, keys)

    async def _replace_numbers(
        self, session: AsyncSession, before: ActivityRow, draft: ActivityDraft, keys: _Keys
    ) -> ActivityRow:
        """Write the draft's numbers; what the athlete wrote stays."""
        activities = ActivityRepository(session)
        await self.resources.store.put(keys.streams, draft.streams)
        values = {**draft.values, "streams_key": keys.streams, "updated_at": self.resources.clock.now()}
        keeps_title = before.is_title_own or values["title"] is None
        if keeps_title:
            values["title"] = before.title
        values["load_au"], values["load_source"] = load_with_rating(
            load_au=values["load_au"],
            load_source=values["load_source"],
            rpe_cr10=before.rpe_cr10,
            elapsed_s=values["elapsed_s"],
        )
        values |= _restrictions(draft, values)
        if keeps_title:
            values["field_restrictions"].pop("title", None)
            if "title" in before.field_restrictions:
                values["field_restrictions"]["title"] = before.field_restrictions["title"]
        row = await activities.change(self.athlete_id, before.id, values)
        assert row is not None
        await self._replace_parts(activities, before.id, draft)
        return row

    async def _replace_parts(
        self, activities: ActivityRepository, activity_id: UUID, draft: ActivityDraft, *, is_new: bool = False
    ) -> None:
        owner = {
            "activity_id": activity_id,
            "athlete_id": self.athlete_id,
            "restricted_by": restriction_of(draft.provider),
        }
        await activities.replace_parts(
            activity_id,
            legs=[{**owner, **leg} for leg in draft.legs],
            metrics=[{**owner, **metric} for metric in draft.metrics],
            bests=[{**owner, **best} for best in draft.bests],
            is_new=is_new,
        )

    def _source(self, draft: ActivityDraft, keys: _Keys, activity_id: UUID, *, is_primary: bool) -> dict[str, Any]:
        return {
            "id": new_id(),
            "activity_id": activity_id,
            "athlete_id": self.athlete_id,
            "sha256": draft.sha256,
            "file_name": draft.file_name,
            "format": draft.values["format"],
            "size_bytes": draft.size_bytes,
            "object_key": keys.original,
            "quality": draft.quality,
            "is_primary": is_primary,
            "provider": draft.provider,
            "created_at": self.resources.clock.now(),
        }


@dataclass(frozen=True, slots=True)
class _Keys:
    """Where a file's objects lie; the same file always goes to the same place, so that a retry overwrites."""

    original: str
    streams: str

    @classmethod
    def of(cls, athlete_id: AthleteId, sha256: str) -> _Keys:
        return cls(f"originals/{athlete_id}/{sha256}", f"streams/{athlete_id}/{sha256}.parquet")


NEVER_RESTRICTED: Final = frozenset({"is_title_own", "notes", "rpe_cr10", "warnings", "warnings_count", "salvaged"})
"""What the athlete wrote, and what TopForm itself says about the file."""


def _restrictions(draft: ActivityDraft, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tag of the activity and of each of its fields: all that the file says or that is computed from it."""
    tag = restriction_of(draft.provider)
    fields = [] if tag is None else [name for name in draft.values if name not in NEVER_RESTRICTED]
    return {
        "restricted_by": tag,
        "field_restrictions": {name: tag for name in sorted(fields) if values[name] is not None},
    }


def rejection(file_name: str, error: TopFormError, *, sha256: str | None = None) -> FileOutcome:
    """Return the outcome of a file that was not stored."""
    return FileOutcome(
        name=file_name,
        outcome="rejected",
        activity_ids=[],
        code=error.code,
        message=error.message,
        remedy=error.remedy,
        offset_bytes=error.offset_bytes,
        sha256=sha256,
    )


def _outcome(
    outcome: Any, file_name: str, activity_id: UUID, sha256: str, warnings: list[dict[str, Any]] | None = None
) -> FileOutcome:
    return FileOutcome.model_validate(
        {
            "name": file_name,
            "outcome": outcome,
            "activity_ids": [activity_id],
            "warnings": warnings or [],
            "sha256": sha256,
        }
    )


def _workout(draft: ActivityDraft) -> Workout:
    values = draft.values
    return Workout(values["started_at"], values["elapsed_s"], values["sport"], values["distance_m"])


def _stored_workout(row: ActivityRow) -> Workout:
    return Workout(row.started_at, row.elapsed_s, row.sport, row.distance_m, row.id)
