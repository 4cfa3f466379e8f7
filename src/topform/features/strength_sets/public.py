"""What other features may use of filmed sets."""

from topform.features.strength_sets.service import (
    FilmedSession,
    KnownSet,
    filmed_sessions,
    known_set,
    say_of_set,
    training_days,
    training_history,
    weigh_ratings_anew,
)
from topform.features.strength_sets.tables import StrengthSetRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = [
    "PERSONAL_DATA",
    "FilmedSession",
    "KnownSet",
    "filmed_sessions",
    "known_set",
    "say_of_set",
    "training_days",
    "training_history",
    "weigh_ratings_anew",
]

PERSONAL_DATA = PersonalData(tables=(PersonalTable(StrengthSetRow),))
