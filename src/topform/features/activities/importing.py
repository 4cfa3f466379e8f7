"""From a file to a stored activity, exactly once: duplicates are recognised, records of one workout are joined."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import TopFormError
from topform.core.ids import AthleteId, new_id
from topform.core.provenance import restriction_of
from topform.features.activities.combining import (
    Combined,
    LegFacts,
    SourceFile,
    combine,
    compare_stored,
    could_be_one,
    described_device,
    facts_of,
    own_quantities,
)
from topform.features.activities.drafts import ActivityDraft, draft_activity
from topform.features.activities.events import ACTIVITY_CREATED, ACTIVITY_UPDATED
from topform.features.activities.exertion import load_with_rating, rating_scale
from topform.features.activities.matching import MARGIN, Workout, same_workout
from topform.features.activities.news import ImportNews
from topform.features.activities.removal import remove_objects
from topform.features.activities.repository import ActivityRepository
from topform.features.activities.tables import ActivityRow, ActivitySourceRow
from topform.features.athletes.public import get_athlete, parameter_history
from topform.features.consents.public import ConsentPurpose, refuse_withdrawn
from topform.features.jobs.public import FileOutcome
from topform.platform.web.resources import Resources
from topform.science.athlete import Known

Note = Callable[[AsyncSession, FileOutcome], Awaitable[None]]
"""Writes an outcome down in the transaction that made it."""


@dataclass(slots=True)
class ActivityImport:
    """Imports one athlete's files one after the other."""

    resources: Resources
    athlete_id: AthleteId
    executor: Executor | None = None
    mapping: Mapping[str, Any] | None = None
    """What the tables among the files do not say themselves."""
    _about: tuple[Known, str] | None = field(default=None)

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
        work = partial(
            draft_activity,
            content,
            file_name=file_name,
            athlete=parameters,
            time_zone=time_zone,
            mapping=self.mapping,
        )
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
            except BaseException:  # whatever ended it, the transaction is undone and so are its objects
                # The athlete's lock is still held: nobody else has come to rely on these objects.
                for keys in put:
                    await self.resources.store.delete(keys.original)
                    await self.resources.store.delete(keys.streams)
                raise
            await news.publish(session, self.athlete_id)
        await remove_objects(self.resources, self.athlete_id, news.replaced_keys)
        return outcomes

    async def recompute(self, activity_id: UUID, *, is_told: bool = True) -> bool:
        """Compute a stored activity again from its files with its day's parameters; False when it is gone."""
        async with self.resources.database.transaction() as session:
            activities = ActivityRepository(session)
            sources = await activities.sources(self.athlete_id, activity_id)
            row = await activities.visible(self.athlete_id, activity_id)
            choice = {} if row is None else row.channel_choice
        if not sources:
            return False
        combined = await self._combined(sources, choice)
        news = ImportNews()
        async with self.resources.database.transaction() as session:
            activities = ActivityRepository(session)
            await activities.lock_athlete(self.athlete_id)
            before = await activities.visible(self.athlete_id, activity_id, lock=True)
            now = await activities.sources(self.athlete_id, activity_id)
            if before is None or {one.id for one in now} != {one.id for one in sources}:
                return False
            if before.channel_choice != choice:
                combined = await self._combined(now, before.channel_choice)
            await self._take(session, before, now, combined, news)
            if is_told:
                await news.publish(session, self.athlete_id)
        await remove_objects(self.resources, self.athlete_id, news.replaced_keys)
        return True

    async def combine_again(self, session: AsyncSession, activity_id: UUID, news: ImportNews) -> ActivityRow | None:
        """Make an activity anew from the sources it has now, in the caller's transaction that holds the lock."""
        activities = ActivityRepository(session)
        before = await activities.visible(self.athlete_id, activity_id, lock=True)
        sources = await activities.sources(self.athlete_id, activity_id)
        if before is None or not sources:
            return None
        return await self._take(session, before, sources, await self._combined(sources, before.channel_choice), news)

    async def add_from_sources(
        self, session: AsyncSession, sources: Sequence[ActivitySourceRow], news: ImportNews
    ) -> ActivityRow:
        """Make a new activity of sources that were another one's, in the caller's transaction that holds the lock."""
        activities = ActivityRepository(session)
        combined = await self._combined(sources, {})
        await self.resources.store.put(self._streams_key(combined.digest), combined.draft.streams)
        row = await self._insert(activities, new_id(), combined.draft, self._streams_key(combined.digest))
        await activities.move_sources(self.athlete_id, [source.id for source in sources], to=row.id)
        await self._describe_sources(activities, row, sources, combined)
        news.add(row, ACTIVITY_CREATED)
        return row

    async def _combined(self, sources: Sequence[ActivitySourceRow], choice: Mapping[str, str]) -> Combined:
        """Decode, merge and analyse stored files off the event loop."""
        parameters, time_zone = await self._athlete()
        ordered = sorted(sources, key=lambda source: (source.created_at, source.id))
        files = [
            SourceFile(
                source.sha256,
                source.file_name,
                await self.resources.store.get(source.object_key),
                source.provider,
                source.mapping,
            )
            for source in ordered
        ]
        digests = {str(source.id): source.sha256 for source in sources}
        work = partial(
            combine,
            files,
            choice={name: digests[key] for name, key in choice.items() if key in digests},
            preferences=await self._source_preferences(),
            athlete=parameters,
            time_zone=time_zone,
        )
        return await asyncio.get_running_loop().run_in_executor(self.executor, work)

    async def _source_preferences(self) -> dict[str, list[str]]:
        async with self.resources.database.transaction() as session:
            rows = await ActivityRepository(session).source_preferences(self.athlete_id)
        return {row.quantity: list(row.devices) for row in rows}

    async def _take(
        self,
        session: AsyncSession,
        before: ActivityRow,
        sources: Sequence[ActivitySourceRow],
        combined: Combined,
        news: ImportNews,
    ) -> ActivityRow:
        """Write what the sources say together."""
        loaded_day = before.local_date if before.load_au is not None else None
        old_key, new_key = before.streams_key, self._streams_key(combined.digest)
        row = await self._replace_numbers(session, before, combined.draft, new_key)
        if old_key != new_key:
            news.replaced_keys.append(old_key)
        row = await self._describe_sources(ActivityRepository(session), row, sources, combined)
        news.add(row, ACTIVITY_UPDATED, loaded_before=loaded_day)
        return row

    async def _describe_sources(
        self,
        activities: ActivityRepository,
        row: ActivityRow,
        sources: Sequence[ActivitySourceRow],
        combined: Combined,
    ) -> ActivityRow:
        """Note with each source what it has and with the activity which source gives what."""
        ids = {source.sha256: str(source.id) for source in sources}
        await activities.demote_sources(self.athlete_id, row.id)
        for source in sources:
            key = source.sha256
            if key in combined.device:
                await activities.describe_source(
                    self.athlete_id,
                    source.id,
                    {
                        "is_primary": key == combined.base,
                        "device": combined.device[key],
                        "channels": combined.available[key],
                        "started_at": combined.started_at[key],
                        "elapsed_s": combined.elapsed_s[key],
                        "shift_s": combined.shift_s[key],
                    },
                )
        given = {quantity: ids[key] for quantity, key in combined.given_by.items()}
        changed = await activities.change(self.athlete_id, row.id, {"channel_sources": given})
        assert changed is not None
        return changed

    def _streams_key(self, digest: str) -> str:
        return _Keys.of(self.athlete_id, digest).streams

    async def _athlete(self) -> tuple[Known, str]:
        if self._about is None:
            async with self.resources.database.transaction() as session:
                await refuse_withdrawn(session, self.athlete_id, ConsentPurpose.TRAINING_DIARY)
                athlete = await get_athlete(session, self.athlete_id)
                self._about = await parameter_history(session, self.athlete_id), athlete.time_zone
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
        before = await self._match(activities, draft)
        if before is None:
            await self.resources.store.put(keys.streams, draft.streams)
            activity_id = new_id()
            source = self._source(draft, keys, activity_id, is_primary=True)
            given = dict.fromkeys(source["channels"], str(source["id"]))
            row = await self._insert(activities, activity_id, draft, keys.streams, channel_sources=given)
            await activities.add_source_once(source)
            news.add(row, ACTIVITY_CREATED)
            return _outcome("imported", draft.file_name, row.id, draft.sha256, draft.warnings)
        await activities.add_source_once(self._source(draft, keys, before.id, is_primary=False))
        sources = await activities.sources(self.athlete_id, before.id)
        await self._take(session, before, sources, await self._combined(sources, before.channel_choice), news)
        return _outcome("merged", draft.file_name, before.id, draft.sha256, draft.warnings)

    async def _match(self, activities: ActivityRepository, draft: ActivityDraft) -> ActivityRow | None:
        """Return the stored activity of the same workout that the recording agrees with most."""
        nearby = await activities.around(
            self.athlete_id, started_at=draft.values["started_at"], ended_at=draft.ended_at, margin=MARGIN
        )
        facts = facts_of(draft.legs)
        best: tuple[float, ActivityRow] | None = None
        for row in nearby:
            theirs = await self._facts(activities, row)
            if not could_be_one(theirs, facts):
                continue
            streams = await self.resources.store.get(row.streams_key)
            verdict = await asyncio.to_thread(compare_stored, theirs, streams, facts, draft.streams)
            points = float("-inf") if verdict is None or not verdict.is_same else verdict.points
            if points == float("-inf") and same_workout(_stored_workout(row), _workout(draft)) and verdict is None:
                points = 0.0
            if points > float("-inf") and (best is None or points > best[0]):
                best = points, row
        return None if best is None else best[1]

    async def _facts(self, activities: ActivityRepository, row: ActivityRow) -> list[LegFacts]:
        legs = await activities.legs(self.athlete_id, row.id)
        return facts_of(
            [
                {
                    "sport": leg.sport,
                    "started_at": leg.started_at,
                    "distance_m": leg.distance_m,
                    "document": leg.document,
                }
                for leg in legs
            ]
        )

    async def _insert(
        self,
        activities: ActivityRepository,
        activity_id: UUID,
        draft: ActivityDraft,
        streams_key: str,
        **further: Any,
    ) -> ActivityRow:
        now = self.resources.clock.now()
        row = await activities.add(
            {
                **draft.values,
                "id": activity_id,
                "athlete_id": self.athlete_id,
                **_restrictions(draft, draft.values),
                "streams_key": streams_key,
                "created_at": now,
                "updated_at": now,
                **further,
            }
        )
        await self._replace_parts(activities, row.id, draft, is_new=True)
        return row

    async def _replace_numbers(
        self, session: AsyncSession, before: ActivityRow, draft: ActivityDraft, streams_key: str
    ) -> ActivityRow:
        """Write the draft's numbers; what the athlete wrote stays."""
        activities = ActivityRepository(session)
        await self.resources.store.put(streams_key, draft.streams)
        values = {**draft.values, "streams_key": streams_key, "updated_at": self.resources.clock.now()}
        keeps_title = before.is_title_own or values["title"] is None
        if keeps_title:
            values["title"] = before.title
        values["load_au"], values["load_source"] = load_with_rating(
            load_au=values["load_au"],
            load_source=values["load_source"],
            rpe_cr10=before.rpe_cr10,
            elapsed_s=values["elapsed_s"],
            scale=await rating_scale(session, self.athlete_id),
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
            "mapping": draft.mapping,
            "device": described_device(draft.values["device"], draft.values["format"], draft.provider),
            "channels": own_quantities(draft),
            "started_at": draft.values["started_at"],
            "elapsed_s": draft.values["elapsed_s"],
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
