"""Event types of activities.

Created and updated carry the summary as the API lists it, deleted the id, imported the ids of several activities,
recomputed how many there were.
"""

from typing import Final

ACTIVITY_CREATED: Final = "activity.created"
ACTIVITY_UPDATED: Final = "activity.updated"
ACTIVITIES_IMPORTED: Final = "activities.imported"
ACTIVITIES_RECOMPUTED: Final = "activities.recomputed"
ACTIVITY_DELETED: Final = "activity.deleted"
FITNESS_CHANGED: Final = "fitness.changed"
