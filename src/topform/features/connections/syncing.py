"""Doing a run: page by page, each page's place written down, so that a killed worker's successor goes on there."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.documents import plain
from topform.core.errors import TopFormError
from topform.core.ids import AthleteId
from topform.features.activities.public import ActivityImporter, activity_days, activity_importer
from topform.features.connections.credentials import Access
from topform.features.connections.events import CONNECTION_UPDATED
from topform.features.connections.repository import STORED_OUTCOMES, ConnectionRepository
from topform.features.connections.tables import SyncRunRow
from topform.features.jobs.public import FileOutcome
from topform.features.wellness.public import store_values
from topform.platform.events import publish
from topform.platform.happenings import Happening, happened
from topform.platform.web.resources import Resources
from topform.providers.errors import (
    ProviderAnswerError,
    ProviderRateLimitedError,
    ProviderUnavailableError,
    RemoteItemMissingError,
    ScopeMissingError,
)
from topform.providers.folder import RejectedFile, unpack
from topform.providers.protocols import DataKind, Provider, RemoteActivity, Window

PARTS: Final = (DataKind.ACTIVITIES, DataKind.WELLNESS)
MAX_FAILURES: Final = 6
FIRST_RETRY: Final = timedelta(minutes=1)
LONGEST_RETRY: Final = timedelta(hours=6)
MAX_ITEM_ATTEMPTS: Final = 5
OUTCOME_RANK: Final = ("imported", "merged", "duplicate", "rejected")


@dataclass(slots=True)
class Sync:
    """One attempt at a run."""

    resources: Resources
    provider: Provider
    run: SyncRunRow
    athlete_id: AthleteId = field(init=False)
    access: Access = field(init=False)
    importing: ActivityImporter = field(init=False)

    def __post_init__(self) -> None:
        self.athlete_id = AthleteId(self.run.athlete_id)
        self.access = Access(self.resources, self.provider, self.athlete_id, self.run.connection_id)
        self.importing = activity_importer(self.resources, self.athlete_id)

    async def work(self) -> timedelta | None:
        """Do what is left of the run; return how long to wait before going on, None when it has ended."""
        try:
            if self.run.activity_ids:
                await self._noticed()
            for part in PARTS:
                if part in self.provider.about.kinds and self._is_ahead(part):
                    await self._part(part)
        except ProviderRateLimitedError as error:
            return await self._wait(error, timedelta(seconds=error.retry_after_s), failures=self.run.failures)
        except ProviderUnavailableError as error:
            failures = self.run.failures + 1
            if failures < MAX_FAILURES:
                return await self._wait(error, _retry_in(failures), failures=failures)
            await self._fail(error)
        except TopFormError as error:
            await self._fail(error)
        else:
            await self._succeed()
        return None

    def _is_ahead(self, part: DataKind) -> bool:
        return self.run.part is None or PARTS.index(part) >= PARTS.index(DataKind(self.run.part))

    async def _part(self, part: DataKind) -> None:
        window = self._window()
        if window is None:
            return
        cursor = self.run.cursor if self.run.part == part else None
        while True:
            if part is DataKind.ACTIVITIES:
                following, reached = await self._activities(window, cursor)
            else:
                following, reached = await self._wellness(window, cursor)
            await self._page_done(part, window, following, reached)
            if following is None:
                return
            cursor = following

    def _window(self) -> Window | None:
        """Return the days to ask for, as far back as the service lets us look."""
        limit = self.provider.about.history_days
        first = self.run.first_day
        if limit is not None:
            first = max(first, self.resources.clock.now().date() - timedelta(days=limit - 1))
        return Window(first, self.run.last_day) if first <= self.run.last_day else None

    # ---- activities ----

    async def _noticed(self) -> None:
        """Look at the activities that a notification named."""
        for external_id in self.run.activity_ids or ():

            async def ask(credentials: Any, one: str = external_id) -> RemoteActivity:
                return await self.provider.activity(credentials, one)

            try:
                activity = await self.access.call(ask)
            except RemoteItemMissingError:
                continue  # deleted meanwhile, or never ours to see
            await self._activity(activity, again=True)

    async def _activities(self, window: Window, cursor: str | None) -> tuple[str | None, date | None]:
        page = await self.access.call(lambda credentials: self.provider.activities(credentials, window, cursor))
        for activity in page.items:
            await self._activity(activity, again=self.run.kind == "range")
        return page.next_cursor, page.reached

    async def _activity(self, activity: RemoteActivity, *, again: bool) -> None:
        """Import an activity unless it is known; asked for again it is fetched in any case."""
        async with self.resources.database.transaction() as session:
            repository = ConnectionRepository(session)
            known = await repository.item(self.athlete_id, self.run.connection_id, activity.external_id)
        if known is not None and not self._is_wanted(known.outcome, known.attempts, known.run_id, again=again):
            return
        if activity.unavailable is not None:
            problem = {"code": "recording_unavailable", "message": activity.unavailable, "remedy": None}
            await self._note(activity, outcome="unavailable", error=problem)
            return
        try:
            original = await self.access.call(lambda credentials: self.provider.original(credentials, activity))
        except (ProviderAnswerError, RemoteItemMissingError, ScopeMissingError) as error:
            await self._note(activity, outcome="failed", error=_document(error))
            return
        files = list(await asyncio.to_thread(lambda: list(unpack(original.file_name, original.content))))
        if not files:
            problem = {"code": "no_activity", "message": "The recording holds no activity.", "remedy": None}
            await self._note(activity, outcome="rejected", error=problem)
        outcomes: list[FileOutcome] = []
        for found in files:

            async def note(session: AsyncSession, outcome: FileOutcome) -> None:
                outcomes.append(outcome)
                await self._put_item(session, activity, outcomes)

            if isinstance(found, RejectedFile):
                await self.importing.reject(file_name=found.name, error=found.error, note=note)
            else:
                await self.importing.add(
                    file_name=found.name, content=found.content, note=note, provider=self.provider.about.id
                )

    def _is_wanted(self, outcome: str, attempts: int, run_id: UUID, *, again: bool) -> bool:
        if outcome == "failed" and attempts < MAX_ITEM_ATTEMPTS:
            return run_id != self.run.id  # once in each run
        return again and run_id != self.run.id

    async def _put_item(self, session: AsyncSession, activity: RemoteActivity, outcomes: list[FileOutcome]) -> None:
        best = min(outcomes, key=lambda outcome: OUTCOME_RANK.index(outcome.outcome))
        error = None
        if best.outcome not in STORED_OUTCOMES:
            error = {"code": best.code or "rejected", "message": best.message or "", "remedy": best.remedy}
        day = activity.local_date
        if day is None and best.activity_ids:
            days = await activity_days(session, self.athlete_id, best.activity_ids)
            day = min(days, default=None)
        await ConnectionRepository(session).put_item(
            self._item(activity, best.outcome, error)
            | {"local_date": day}
            | {"files": [outcome.model_dump(mode="json") for outcome in outcomes]}
        )

    async def _note(self, activity: RemoteActivity, *, outcome: str, error: dict[str, Any]) -> None:
        async with self.resources.database.transaction() as session:
            await ConnectionRepository(session).put_item(self._item(activity, outcome, error))

    def _item(self, activity: RemoteActivity, outcome: str, error: dict[str, Any] | None) -> dict[str, Any]:
        return {
            "connection_id": self.run.connection_id,
            "external_id": activity.external_id,
            "athlete_id": self.athlete_id,
            "run_id": self.run.id,
            "local_date": activity.local_date,
            "title": activity.title,
            "outcome": outcome,
            "files": [],
            "error": error,
            "fetched_at": self.resources.clock.now(),
        }

    # ---- daily values ----

    async def _wellness(self, window: Window, cursor: str | None) -> tuple[str | None, date | None]:
        page = await self.access.call(lambda credentials: self.provider.wellness(credentials, window, cursor))
        if page.values or page.implausible:
            async with self.resources.database.transaction() as session:
                now = self.resources.clock.now()
                stored = await store_values(session, self.athlete_id, page.values, now=now)
                self.run.values_stored += stored.changed
                self.run.values_refused += page.implausible
                counted = {"values_stored": self.run.values_stored, "values_refused": self.run.values_refused}
                await ConnectionRepository(session).change_run(self.athlete_id, self.run.id, counted, now=now)
        return page.next_cursor, page.reached

    # ---- the run itself ----

    async def _page_done(self, part: DataKind, window: Window, cursor: str | None, reached: date | None) -> None:
        self.run.pages += 1
        self.run.part, self.run.cursor = part.value, cursor
        parts = [one for one in PARTS if one in self.provider.about.kinds]
        share = 1.0 if cursor is None else _covered(window, reached)
        self.run.progress = max(self.run.progress, min((parts.index(part) + share) / len(parts), 0.99))
        if cursor is None and part is not parts[-1]:
            self.run.part = parts[parts.index(part) + 1].value
        await self._write(
            {
                "pages": self.run.pages,
                "part": self.run.part,
                "cursor": cursor,
                "progress": self.run.progress,
                "failures": 0,
            }
        )
        self.run.failures = 0

    async def _write(self, values: dict[str, Any], connection_values: dict[str, Any] | None = None) -> None:
        """Write the run and what it means for the connection, and tell the athlete's clients to look.

        A service that delivers nothing any more until the athlete signs in is something to be told of, once a day.
        """
        now = self.resources.clock.now()
        async with self.resources.database.transaction() as session:
            repository = ConnectionRepository(session)
            await repository.change_run(self.athlete_id, self.run.id, values, now=now)
            if connection_values is not None:
                await repository.change(self.athlete_id, self.run.connection_id, connection_values, now=now)
                if connection_values.get("state") == "needs_sign_in":
                    happened(session, self._stopped(now))
            await publish(session, self.athlete_id, CONNECTION_UPDATED, {"id": str(self.run.connection_id)})

    def _stopped(self, now: datetime) -> Happening:
        return Happening(
            "source_stopped",
            self.athlete_id,
            f"source_stopped:{self.run.connection_id}:{now.date()}",
            now,
            connection_id=self.run.connection_id,
            detail=self.provider.about.name,
        )

    async def _wait(self, error: TopFormError, wait: timedelta, *, failures: int) -> timedelta:
        now = self.resources.clock.now()
        await self._write(
            {"state": "waiting", "retry_at": now + wait, "failures": failures, "error": _document(error)},
            {"last_attempt_at": now, "error": _document(error)},
        )
        return wait

    async def _fail(self, error: TopFormError) -> None:
        await self._write(
            {"state": "failed", "retry_at": None, "error": _document(error), "ended_at": self.resources.clock.now()},
            connection_after(error, now=self.resources.clock.now()),
        )

    async def _succeed(self) -> None:
        now = self.resources.clock.now()
        values: dict[str, Any] = {"last_attempt_at": now, "last_success_at": now, "error": None}
        if self.run.kind in ("back_fill", "incremental"):
            values["synced_through"] = min(self.run.last_day, now.date())
        await self._write(
            {"state": "succeeded", "progress": 1.0, "retry_at": None, "error": None, "ended_at": now}, values
        )


def connection_after(error: TopFormError, *, now: datetime) -> dict[str, Any]:
    """Return what a failed run means for its connection."""
    values: dict[str, Any] = {"last_attempt_at": now, "error": _document(error)}
    if error.code in ("provider_sign_in_needed", "stored_secret_unreadable"):
        values["state"] = "needs_sign_in"
    return values


def _document(error: TopFormError) -> dict[str, Any]:
    document: dict[str, Any] = plain({"code": error.code, "message": error.message, "remedy": error.remedy})
    return document


def _retry_in(failures: int) -> timedelta:
    wait: timedelta = FIRST_RETRY * (4 ** (failures - 1))
    return min(wait, LONGEST_RETRY)


def _covered(window: Window, reached: date | None) -> float:
    """Return which part of the days is done, going back from the newest."""
    if reached is None:
        return 0.0
    days = (window.last - window.first).days + 1
    return min(max((window.last - reached).days / days, 0.0), 1.0)
