"""What the API does with connected services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.errors import ConflictError, InvalidInputError, NotFoundError
from topform.core.ids import AthleteId
from topform.core.provenance import restriction_of
from topform.features.athletes.public import get_athlete
from topform.features.connections.catalog import about_of, all_about, folder_of, offered_sign_in, scopes_of
from topform.features.connections.events import CONNECTION_UPDATED
from topform.features.connections.habits import habit_of, judge_days
from topform.features.connections.repository import ConnectionRepository
from topform.features.connections.runs import queue_run
from topform.features.connections.schemas import (
    CalendarDay,
    Connection,
    ConnectionCalendar,
    ConnectionDetail,
    Connections,
    FetchRequest,
    MissedActivity,
    ProviderNotSetUp,
    ProviderOffer,
    SyncCounts,
    SyncProblem,
    SyncRun,
)
from topform.features.connections.tables import ConnectionRow, SyncRunRow
from topform.features.connections.tasks import DISCONNECT_TASK
from topform.features.wellness.public import source_days
from topform.platform.events import publish
from topform.platform.jobs import defer
from topform.platform.settings import Settings
from topform.providers.protocols import SignInWay

SHOWN_RUNS: Final = 10
SHOWN_MISSED: Final = 100
MAX_CALENDAR_DAYS: Final = 800
HABIT_LOOK_BACK: Final = timedelta(days=200)
EARLIEST: Final = date(1990, 1, 1)


async def list_connections(session: AsyncSession, viewer: AthleteId, settings: Settings) -> Connections:
    """Return the services that this server offers, with the viewer's connections."""
    connected = {one.provider: one for one in await connections_of(session, viewer, settings)}
    offers, not_set_up = [], []
    for about in all_about():
        ways = offered_sign_in(settings, about.id)
        connection = connected.get(about.id)
        if ways or connection is not None:
            offers.append(
                ProviderOffer(
                    provider=about.id,
                    name=about.name,
                    sign_in=list(ways),
                    kinds=sorted(about.kinds),
                    history_days=about.history_days,
                    is_restricted=restriction_of(about.id) is not None,
                    connection=connection,
                )
            )
        else:
            not_set_up.append(ProviderNotSetUp(provider=about.id, name=about.name))
    return Connections(providers=offers, not_set_up=not_set_up)


async def connections_of(
    session: AsyncSession, viewer: AthleteId, settings: Settings, *, only: UUID | None = None
) -> list[Connection]:
    """Return the viewer's connections, or the one asked for."""
    repository = ConnectionRepository(session)
    rows = [row for row in await repository.of_athlete(viewer) if only in (None, row.id)]
    counts = await repository.outcome_counts(viewer, connection_ids=[row.id for row in rows])
    under_way: dict[UUID, SyncRunRow] = {}
    for run in await repository.open_runs(viewer):
        before = under_way.get(run.connection_id)
        if before is None or (before.state == "queued" and run.state != "queued"):
            under_way[run.connection_id] = run
    shown = []
    for row in rows:
        current = under_way.get(row.id)
        shown_run = None if current is None else await _run(repository, viewer, current)
        shown.append(
            Connection.model_validate(await _fields(session, row, counts.get(row.id, {}), shown_run, settings))
        )
    return shown


async def get_connection(
    session: AsyncSession, viewer: AthleteId, connection_id: UUID, settings: Settings
) -> ConnectionDetail:
    """Return a connection with its last runs and what could not be had."""
    found = await connections_of(session, viewer, settings, only=connection_id)
    if not found:
        raise _no_such()
    repository = ConnectionRepository(session)
    runs = await repository.runs(viewer, connection_id, limit=SHOWN_RUNS)
    missed = await repository.problems(viewer, connection_id, limit=SHOWN_MISSED)
    return ConnectionDetail(
        **found[0].model_dump(),
        runs=[await _run(repository, viewer, run) for run in runs],
        missed=[
            MissedActivity.model_validate(
                {
                    "external_id": item.external_id,
                    "local_date": item.local_date,
                    "title": item.title,
                    "outcome": item.outcome,
                    "problem": item.error,
                    "attempts": item.attempts,
                    "fetched_at": item.fetched_at,
                }
            )
            for item in missed
        ],
    )


async def _fields(
    session: AsyncSession, row: ConnectionRow, counts: Mapping[str, int], run: SyncRun | None, settings: Settings
) -> dict[str, Any]:
    about = about_of(row.provider)
    granted = set(row.scopes)
    asked = scopes_of(row.provider) if row.sign_in == SignInWay.OAUTH and granted else ()
    folder = None
    if row.sign_in == SignInWay.FOLDER:
        folder = str(folder_of(settings, await get_athlete(session, AthleteId(row.athlete_id))))
    return {
        "id": row.id,
        "provider": row.provider,
        "provider_name": about.name,
        "state": row.state,
        "sign_in": row.sign_in,
        "kinds": sorted(about.kinds),
        "account_name": row.account_name,
        "missing_permissions": [scope.rsplit("/", 1)[-1] for scope in asked if scope not in granted],
        "folder": folder,
        "import_from": row.import_from,
        "last_attempt_at": row.last_attempt_at,
        "last_success_at": row.last_success_at,
        "error": row.error,
        "counts": dict(counts),
        "run": run,
        "created_at": row.created_at,
    }


async def _run(repository: ConnectionRepository, viewer: AthleteId, row: SyncRunRow) -> SyncRun:
    counts = await repository.outcome_counts(viewer, run_id=row.id)
    fields = {name: getattr(row, name) for name in SyncRun.model_fields if name not in ("counts", "error")}
    return SyncRun(
        **fields,
        counts=SyncCounts.model_validate(counts.get(row.connection_id, {})),
        error=None if row.error is None else SyncProblem.model_validate(row.error),
    )


async def fetch_again(
    session: AsyncSession, viewer: AthleteId, connection_id: UUID, request: FetchRequest, *, now: datetime
) -> UUID:
    """Queue a range of days to be fetched again, what is known already included."""
    row = await _connected(session, viewer, connection_id)
    if request.first_day > request.last_day:
        raise InvalidInputError("The range ends before it begins.", remedy="Swap the two days.")
    tomorrow = now.date() + timedelta(days=1)
    if request.first_day > tomorrow or request.last_day < EARLIEST:
        raise InvalidInputError("The range lies in the future or before 1990.", remedy="Choose days that have been.")
    first, last = max(request.first_day, EARLIEST), min(request.last_day, tomorrow)
    run = await queue_run(session, row, kind="range", first=first, last=last, now=now)
    await publish(session, viewer, CONNECTION_UPDATED, {"id": str(connection_id)})
    return run.id


async def look_now(session: AsyncSession, viewer: AthleteId, connection_id: UUID, *, now: datetime) -> None:
    """Queue a look for what is new."""
    row = await _connected(session, viewer, connection_id)
    await queue_run(session, row, kind="incremental", now=now)
    await publish(session, viewer, CONNECTION_UPDATED, {"id": str(connection_id)})


async def disconnect(
    session: AsyncSession, viewer: AthleteId, connection_id: UUID, *, delete_data: bool, now: datetime
) -> None:
    """Stop using the service at once; the worker withdraws the permission there and deletes data if so wished."""
    repository = ConnectionRepository(session)
    row = await repository.visible(viewer, connection_id, lock=True)
    if row is None:
        raise _no_such()
    if row.state == "disconnecting":
        return
    await repository.change(viewer, connection_id, {"state": "disconnecting"}, now=now)
    await defer(session, DISCONNECT_TASK, connection_id=str(connection_id), delete_data=delete_data)
    await publish(session, viewer, CONNECTION_UPDATED, {"id": str(connection_id)})


async def calendar(
    session: AsyncSession, viewer: AthleteId, connection_id: UUID, *, first: date, last: date, now: datetime
) -> ConnectionCalendar:
    """Return the days of a connection and which of them lack data against the athlete's habit."""
    if first < EARLIEST or first > last or (last - first).days >= MAX_CALENDAR_DAYS:
        raise InvalidInputError(
            f"The range is empty, before 1990 or longer than {MAX_CALENDAR_DAYS} days.", remedy="Ask for a shorter one."
        )
    repository = ConnectionRepository(session)
    row = await repository.visible(viewer, connection_id)
    if row is None:
        raise _no_such()
    today = now.astimezone(ZoneInfo((await get_athlete(session, viewer)).time_zone)).date()
    since = min(first, last - HABIT_LOOK_BACK)
    activities = await repository.activity_days(viewer, connection_id, first=since, last=last)
    values = await source_days(session, viewer, row.provider, first=since, last=last)
    present = {*activities, *values}
    judged = judge_days(present, first=first, last=last, known_from=row.import_from, today=today)
    habit = habit_of(present, until=min(last, today))
    return ConnectionCalendar(
        days=[
            CalendarDay(day=day, state=state, activities=activities.get(day, 0), values=values.get(day, 0))
            for day, state in judged
        ],
        usual_pause_days=None if habit is None else habit.usual_pause_days,
    )


async def _connected(session: AsyncSession, viewer: AthleteId, connection_id: UUID) -> ConnectionRow:
    row = await ConnectionRepository(session).visible(viewer, connection_id, lock=True)
    if row is None:
        raise _no_such()
    if row.state != "active":
        raise ConflictError("The service gives no access at the moment.", remedy="Connect it again.")
    return row


def _no_such() -> NotFoundError:
    return NotFoundError("There is no such connection.")
