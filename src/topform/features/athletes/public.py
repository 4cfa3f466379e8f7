"""What other features may use of athletes."""

from topform.features.athletes.schemas import (
    Athlete,
    DisplayName,
    LanguageTag,
    PlainText,
    TimeZoneName,
    Units,
)
from topform.features.athletes.service import (
    add_athlete,
    find_athlete,
    first_athletes,
    get_athlete,
    has_athletes,
    local_date,
    parameters_of,
)
from topform.features.athletes.visibility import AthleteOwned, Tagged, usable_for, visible_to

__all__ = [
    "Athlete",
    "AthleteOwned",
    "DisplayName",
    "LanguageTag",
    "PlainText",
    "Tagged",
    "TimeZoneName",
    "Units",
    "add_athlete",
    "find_athlete",
    "first_athletes",
    "get_athlete",
    "has_athletes",
    "local_date",
    "parameters_of",
    "usable_for",
    "visible_to",
]
