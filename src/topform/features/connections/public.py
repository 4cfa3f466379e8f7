"""What other features and entry points may use of connected services."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import InstrumentedAttribute

from topform.core.ids import AthleteId
from topform.features.connections.events import CONNECTION_DELETED, CONNECTION_UPDATED
from topform.features.connections.tables import AuthorizationRow, ConnectionRow, SyncItemRow, SyncRunRow
from topform.platform.personal_data import KeptFor, PersonalData, PersonalTable

__all__ = ["CONNECTION_DELETED", "CONNECTION_UPDATED", "PERSONAL_DATA", "sign_in_is_needed"]


def sign_in_is_needed(viewer: AthleteId, connection: InstrumentedAttribute[UUID | None]) -> ColumnElement[bool]:
    """Return the condition that a connection, named by a column, waits for its athlete to sign in again."""
    return exists().where(
        ConnectionRow.id == connection, ConnectionRow.athlete_id == viewer, ConnectionRow.state == "needs_sign_in"
    )


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
    kept_for=(KeptFor(AuthorizationRow, since="expires_at", days=0),),
)
