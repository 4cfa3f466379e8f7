"""Event types of readiness; the data is ``{"red_flag": true or false}``."""

from typing import Final

READINESS_CHANGED: Final = "readiness.changed"
