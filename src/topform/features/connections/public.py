"""What other features and entry points may use of connected services."""

from typing import Any
from uuid import UUID

from topform.features.connections.events import CONNECTION_DELETED, CONNECTION_UPDATED
from topform.features.connections.tables import AuthorizationRow, ConnectionRow, SyncItemRow, SyncRunRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["CONNECTION_DELETED", "CONNECTION_UPDATED", "PERSONAL_DATA"]


async def _deregister(resources: Any, athlete_id: UUID) -> None:
    from topform.features.connections.disconnecting import deregister_all

    await deregister_all(resources, athlete_id)


PERSONAL_DATA = PersonalData(
    tables=(
        PersonalTable(ConnectionRow, left_out="access to services; connect them again, what they delivered is here"),
        PersonalTable(AuthorizationRow, left_out="permissions under way; they end within ten minutes"),
        PersonalTable(SyncRunRow, left_out="how single fetches went; what they brought is here"),
        PersonalTable(SyncItemRow, left_out="what single fetches found; what they brought is here"),
    ),
    before_erasing=_deregister,
)
