"""Event types of notices; they carry nothing, clients fetch what changed."""

from typing import Final

NOTICES_CHANGED: Final = "notices.changed"
