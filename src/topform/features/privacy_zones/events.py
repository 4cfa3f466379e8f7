"""Event types of privacy zones; the data is ``{}``: the zones, and what they hide, are to be fetched again."""

from typing import Final

PRIVACY_ZONES_CHANGED: Final = "privacy_zones.changed"
