"""Queries over connected services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.athletes.public import visible_to
from topform.features.connections.tables import AuthorizationRow, ConnectionRow, SyncItemRow, SyncRunRow

OPEN_STATES = ("queued", "running", "waiting")
STORED_OUTCOMES = ("imported", "merged", "duplicate")


class ConnectionRepository:
    """Connections, their runs and items within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    # ---- permissions under way ----

    async def add_authorization(self, row: AuthorizationRow) -> None:
        """Store a permission that was asked for."""
        self._session.add(row)
        await self._session.flush()

    async def take_authorization(
        self, viewer: AthleteId, state_sha256: bytes, *, now: datetime
    ) -> AuthorizationRow | None:
        """Return the athlete's own open permission and remove it, so that it serves once."""
        query = (
            delete(AuthorizationRow)
            .where(
                AuthorizationRow.state_sha256 == state_sha256,
                visible_to(viewer, AuthorizationRow),
                AuthorizationRow.expires_at > now,
            )
            .returning(AuthorizationRow)
        )
        return (await self._session.execute(query)).scalar_one_or_none()

    async def forget_old_authorizations(self, *, now: datetime) -> None:
        """Delete permissions of anybody who will not come back with them; tidying up that acts for nobody."""
        await self._session.execute(delete(AuthorizationRow).where(AuthorizationRow.expires_at <= now))

    # ---- connections ----

    async def put(self, values: Mapping[str, Any]) -> ConnectionRow:
        """Store the athlete's connection to a service; a new permission replaces the old one."""
        kept = ("id", "athlete_id", "provider", "created_at", "import_from")
        new = insert(ConnectionRow).values(**values)
        result = await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[ConnectionRow.athlete_id, ConnectionRow.provider],
                set_={name: new.excluded[name] for name in values if name not in kept}
                | {"import_from": func.least(ConnectionRow.import_from, new.excluded.import_from)},
            )
            .returning(ConnectionRow)
            .execution_options(populate_existing=True)
        )
        return result.scalar_one()

    async def of_athlete(self, viewer: AthleteId) -> list[ConnectionRow]:
        """Return the viewer's connections."""
        query = select(ConnectionRow).where(visible_to(viewer, ConnectionRow)).order_by(ConnectionRow.created_at)
        return list((await self._session.execute(query)).scalars())

    async def visible(self, viewer: AthleteId, connection_id: UUID, *, lock: bool = False) -> ConnectionRow | None:
        """Return the connection if it is the viewer's."""
        query = select(ConnectionRow).where(ConnectionRow.id == connection_id, visible_to(viewer, ConnectionRow))
        if lock:
            query = query.with_for_update().execution_options(populate_existing=True)
        return (await self._session.execute(query)).scalar_one_or_none()

    async def for_worker(self, connection_id: UUID) -> ConnectionRow | None:
        """Return the connection, and so whose it is; for the worker whose job names nothing else."""
        query = select(ConnectionRow).where(ConnectionRow.id == connection_id)
        return (await self._session.execute(query)).scalar_one_or_none()

    async def of_account(self, provider: str, account_id: str) -> list[ConnectionRow]:
        """Return the active connections to an account of a service; for its notifications, which know no athlete."""
        query = select(ConnectionRow).where(
            ConnectionRow.provider == provider, ConnectionRow.account_id == account_id, ConnectionRow.state == "active"
        )
        return list((await self._session.execute(query)).scalars())

    async def due(self, *, folders_before: datetime, others_before: datetime) -> list[ConnectionRow]:
        """Return the active connections that were not looked at for a while and nothing is under way for.

        For the worker, who looks for everybody.
        """
        busy = select(SyncRunRow.connection_id).where(SyncRunRow.state.in_(OPEN_STATES))
        query = (
            select(ConnectionRow)
            .where(
                ConnectionRow.state == "active",
                ConnectionRow.id.not_in(busy),
                or_(
                    ConnectionRow.last_attempt_at.is_(None),
                    ConnectionRow.last_attempt_at < others_before,
                    and_(ConnectionRow.sign_in == "folder", ConnectionRow.last_attempt_at < folders_before),
                ),
            )
            .with_for_update(skip_locked=True)
        )
        return list((await self._session.execute(query)).scalars())

    async def change(
        self, viewer: AthleteId, connection_id: UUID, values: Mapping[str, Any], *, now: datetime
    ) -> ConnectionRow | None:
        """Write the values and return the connection as it is now."""
        result = await self._session.execute(
            update(ConnectionRow)
            .where(ConnectionRow.id == connection_id, visible_to(viewer, ConnectionRow))
            .values(**values, updated_at=now)
            .returning(ConnectionRow)
            .execution_options(populate_existing=True)
        )
        return result.scalar_one_or_none()

    async def remove(self, viewer: AthleteId, connection_id: UUID) -> None:
        """Delete the connection with its runs and items."""
        await self._session.execute(
            delete(ConnectionRow).where(ConnectionRow.id == connection_id, visible_to(viewer, ConnectionRow))
        )

    # ---- runs ----

    async def add_run(self, row: SyncRunRow) -> None:
        """Store a run."""
        self._session.add(row)
        await self._session.flush()

    async def run_for_worker(self, run_id: UUID, *, lock: bool = False) -> SyncRunRow | None:
        """Return the run, and so whose it is; for the worker whose job names nothing else."""
        query = select(SyncRunRow).where(SyncRunRow.id == run_id).execution_options(populate_existing=True)
        if lock:
            query = query.with_for_update()
        return (await self._session.execute(query)).scalar_one_or_none()

    async def change_run(self, viewer: AthleteId, run_id: UUID, values: Mapping[str, Any], *, now: datetime) -> None:
        """Write the values of a run."""
        await self._session.execute(
            update(SyncRunRow)
            .where(SyncRunRow.id == run_id, visible_to(viewer, SyncRunRow))
            .values(**values, updated_at=now)
        )

    async def queued_run(self, viewer: AthleteId, connection_id: UUID, kind: str) -> SyncRunRow | None:
        """Return a run of this kind that has not begun, locked."""
        query = (
            select(SyncRunRow)
            .where(
                SyncRunRow.connection_id == connection_id,
                visible_to(viewer, SyncRunRow),
                SyncRunRow.kind == kind,
                SyncRunRow.state == "queued",
            )
            .order_by(SyncRunRow.created_at)
            .limit(1)
            .with_for_update()
        )
        return (await self._session.execute(query)).scalar_one_or_none()

    async def runs(self, viewer: AthleteId, connection_id: UUID, *, limit: int) -> list[SyncRunRow]:
        """Return the connection's runs, newest first."""
        query = (
            select(SyncRunRow)
            .where(SyncRunRow.connection_id == connection_id, visible_to(viewer, SyncRunRow))
            .order_by(SyncRunRow.created_at.desc(), SyncRunRow.id.desc())
            .limit(limit)
        )
        return list((await self._session.execute(query)).scalars())

    async def open_runs(self, viewer: AthleteId) -> list[SyncRunRow]:
        """Return the viewer's runs that are under way, oldest first."""
        query = (
            select(SyncRunRow)
            .where(visible_to(viewer, SyncRunRow), SyncRunRow.state.in_(OPEN_STATES))
            .order_by(SyncRunRow.created_at)
        )
        return list((await self._session.execute(query)).scalars())

    # ---- items ----

    async def item(self, viewer: AthleteId, connection_id: UUID, external_id: str) -> SyncItemRow | None:
        """Return what became of an activity of the service."""
        query = select(SyncItemRow).where(
            SyncItemRow.connection_id == connection_id,
            SyncItemRow.external_id == external_id,
            visible_to(viewer, SyncItemRow),
        )
        return (await self._session.execute(query)).scalar_one_or_none()

    async def put_item(self, values: Mapping[str, Any]) -> None:
        """Write down what became of an activity of the service."""
        new = insert(SyncItemRow).values(**values, attempts=1)
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[SyncItemRow.connection_id, SyncItemRow.external_id],
                set_={name: new.excluded[name] for name in values if name not in ("connection_id", "external_id")}
                | {"attempts": SyncItemRow.attempts + 1},
            )
        )

    async def outcome_counts(
        self, viewer: AthleteId, *, connection_ids: Sequence[UUID] | None = None, run_id: UUID | None = None
    ) -> dict[UUID, dict[str, int]]:
        """Return for each connection how many activities had which outcome."""
        query = (
            select(SyncItemRow.connection_id, SyncItemRow.outcome, func.count())
            .where(visible_to(viewer, SyncItemRow))
            .group_by(SyncItemRow.connection_id, SyncItemRow.outcome)
        )
        if connection_ids is not None:
            query = query.where(SyncItemRow.connection_id.in_(connection_ids))
        if run_id is not None:
            query = query.where(SyncItemRow.run_id == run_id)
        counts: dict[UUID, dict[str, int]] = {}
        for connection_id, outcome, count in await self._session.execute(query):
            counts.setdefault(connection_id, {})[outcome] = count
        return counts

    async def problems(self, viewer: AthleteId, connection_id: UUID, *, limit: int) -> list[SyncItemRow]:
        """Return the activities that could not be had, newest first."""
        query = (
            select(SyncItemRow)
            .where(
                SyncItemRow.connection_id == connection_id,
                visible_to(viewer, SyncItemRow),
                SyncItemRow.outcome.not_in(STORED_OUTCOMES),
            )
            .order_by(SyncItemRow.local_date.desc().nulls_last(), SyncItemRow.external_id)
            .limit(limit)
        )
        return list((await self._session.execute(query)).scalars())

    async def activity_days(
        self, viewer: AthleteId, connection_id: UUID, *, first: date, last: date
    ) -> dict[date, int]:
        """Return how many stored activities of the connection fall on each day."""
        query = (
            select(SyncItemRow.local_date, func.count())
            .where(
                SyncItemRow.connection_id == connection_id,
                visible_to(viewer, SyncItemRow),
                SyncItemRow.local_date.between(first, last),
                SyncItemRow.outcome.in_(STORED_OUTCOMES),
            )
            .group_by(SyncItemRow.local_date)
        )
        return {day: count for day, count in await self._session.execute(query) if day is not None}
