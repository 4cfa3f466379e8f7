"""Event types of activities; created and updated carry the summary as the API lists it, deleted the id."""

from typing import Final

ACTIVITY_CREATED: Final = "activity.created"
ACTIVITY_UPDATED: Final = "activity.updated"
ACTIVITY_DELETED: Final = "activity.deleted"
FITNESS_CHANGED: Final = "fitness.changed"
