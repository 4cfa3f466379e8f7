"""Disconnecting: the permission is withdrawn at the service, then the connection goes, and its data if so wished."""

from __future__ import annotations

from uuid import UUID

from topform.core.errors import TopFormError
from topform.core.ids import AthleteId
from topform.features.activities.public import remove_delivered
from topform.features.connections.catalog import about_of, open_provider
from topform.features.connections.credentials import open_credentials, sealer_of
from topform.features.connections.events import CONNECTION_DELETED
from topform.features.connections.repository import ConnectionRepository
from topform.features.connections.tables import ConnectionRow
from topform.features.wellness.public import remove_source
from topform.platform.events import publish
from topform.platform.logs import get_logger
from topform.platform.web.resources import Resources
from topform.providers.errors import ProviderUnavailableError

log = get_logger(__name__)


async def disconnect_now(resources: Resources, connection_id: UUID, *, delete_data: bool, insist: bool) -> bool:
    """Do it; run twice it does nothing the second time.

    While ``insist``, False says that the service is down and that nothing was done yet; otherwise it goes without.
    """
    async with resources.database.transaction() as session:
        row = await ConnectionRepository(session).for_worker(connection_id)
    if row is None:
        return True
    athlete_id = AthleteId(row.athlete_id)
    try:
        await _deregister(resources, row)
    except ProviderUnavailableError as error:
        if insist:
            return False
        log.warning("deregistration_failed", provider=row.provider, code=error.code)
    if delete_data:
        await remove_delivered(resources, athlete_id, row.provider)
    async with resources.database.transaction() as session:
        if delete_data:
            await remove_source(session, athlete_id, row.provider)
        await ConnectionRepository(session).remove(athlete_id, connection_id)
        await publish(session, athlete_id, CONNECTION_DELETED, {"id": str(connection_id)})
    return True


async def deregister_all(resources: Resources, athlete_id: UUID) -> None:
    """Withdraw every permission of an athlete whose account is about to go; a service that is down stops nothing."""
    async with resources.database.transaction() as session:
        rows = await ConnectionRepository(session).of_athlete(AthleteId(athlete_id))
    for row in rows:
        try:
            await _deregister(resources, row)
        except ProviderUnavailableError as error:
            log.warning("deregistration_failed", provider=row.provider, code=error.code)


async def _deregister(resources: Resources, row: ConnectionRow) -> None:
    """Withdraw the permission; one that has ended already is no failure."""
    if not about_of(row.provider).can_deregister or row.sealed_credentials is None:
        return
    async with open_provider(resources, row.provider) as provider:
        try:
            credentials = open_credentials(sealer_of(resources.settings), row)
            if credentials.is_stale(resources.clock.now()) and credentials.refresh_token is not None:
                credentials = await provider.refresh(credentials)
            await provider.deregister(credentials)
        except ProviderUnavailableError:
            raise
        except TopFormError as error:
            log.warning("deregistration_refused", provider=row.provider, code=error.code)
