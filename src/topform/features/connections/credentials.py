"""An athlete's credentials for a service: sealed in the row, refreshed by one process at a time."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from topform.core.ids import AthleteId
from topform.features.connections.repository import ConnectionRepository
from topform.features.connections.tables import ConnectionRow
from topform.platform.sealed_secrets import SecretSealer
from topform.platform.settings import Settings
from topform.platform.web.resources import Resources
from topform.providers.errors import AccessRefusedError, SignInNeededError
from topform.providers.protocols import Credentials, Provider, SignInWay

T = TypeVar("T")


def sealer_of(settings: Settings) -> SecretSealer:
    """Return what encrypts this server's stored credentials."""
    return SecretSealer(settings.sealing_keys())


def seal_credentials(sealer: SecretSealer, connection_id: UUID, credentials: Credentials) -> str:
    """Return the credentials encrypted for their row."""
    document = {
        "access_token": credentials.access_token,
        "refresh_token": credentials.refresh_token,
        "expires_at": None if credentials.expires_at is None else credentials.expires_at.isoformat(),
    }
    return sealer.seal(json.dumps(document), place=_place(connection_id))


def open_credentials(sealer: SecretSealer, row: ConnectionRow) -> Credentials:
    """Return the credentials of a connection."""
    if row.sealed_credentials is None:
        return Credentials(access_token="", sign_in=SignInWay(row.sign_in), account_id=row.account_id)
    document = json.loads(sealer.open(row.sealed_credentials, place=_place(row.id)))
    expires_at = document["expires_at"]
    return Credentials(
        access_token=document["access_token"],
        sign_in=SignInWay(row.sign_in),
        refresh_token=document["refresh_token"],
        expires_at=None if expires_at is None else datetime.fromisoformat(expires_at),
        scopes=tuple(row.scopes),
        account_id=row.account_id,
        account_name=row.account_name,
    )


@dataclass(slots=True)
class Access:
    """Calls of a service on behalf of one connection, with fresh credentials."""

    resources: Resources
    provider: Provider
    athlete_id: AthleteId
    connection_id: UUID

    async def call(self, use: Callable[[Credentials], Awaitable[T]]) -> T:
        """Call with valid credentials; once more with fresh ones when the service does not accept them."""
        credentials = await self.current()
        try:
            return await use(credentials)
        except AccessRefusedError:
            fresh = await self.current(refused=credentials.access_token)
        try:
            return await use(fresh)
        except AccessRefusedError as error:
            raise SignInNeededError(
                f"{self.provider.about.name} no longer gives access.",
                provider=self.provider.about.id,
                remedy="Connect it again.",
            ) from error

    async def current(self, *, refused: str | None = None) -> Credentials:
        """Return credentials that have not ended.

        The row stays locked while they are refreshed: where refresh tokens serve once, two processes would otherwise
        spend the same one. Who waited finds the fresh ones.
        """
        sealer = sealer_of(self.resources.settings)
        async with self.resources.database.transaction() as session:
            repository = ConnectionRepository(session)
            row = await repository.visible(self.athlete_id, self.connection_id, lock=True)
            if row is None or row.state != "active":
                raise SignInNeededError(
                    "The service is not connected any more.",
                    provider=self.provider.about.id,
                    remedy="Connect it again.",
                )
            credentials = open_credentials(sealer, row)
            if credentials.access_token == refused or credentials.is_stale(self.resources.clock.now()):
                credentials = await self.provider.refresh(credentials)
                await self._store(session, sealer, credentials)
            elif row.sealed_credentials is not None and not sealer.is_current(row.sealed_credentials):
                await self._store(session, sealer, credentials)
            return credentials

    async def _store(self, session: AsyncSession, sealer: SecretSealer, credentials: Credentials) -> None:
        await ConnectionRepository(session).change(
            self.athlete_id,
            self.connection_id,
            {
                "sealed_credentials": seal_credentials(sealer, self.connection_id, credentials),
                "scopes": list(credentials.scopes),
            },
            now=self.resources.clock.now(),
        )


def _place(connection_id: UUID) -> str:
    return f"connections/{connection_id}"
