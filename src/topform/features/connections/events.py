"""Event types of connected services; updated carries the connection as the API lists it, deleted its id."""

from typing import Final

CONNECTION_UPDATED: Final = "connection.updated"
CONNECTION_DELETED: Final = "connection.deleted"
