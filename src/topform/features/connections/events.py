"""Event types of connected services; both carry the id of the connection."""

from typing import Final

CONNECTION_UPDATED: Final = "connection.updated"
CONNECTION_DELETED: Final = "connection.deleted"
