"""What other features may use of athletes."""

from topform.features.athletes.schemas import (
    Athlete,
    AthleteChange,
    DisplayName,
    LanguageTag,
    PlainText,
    TimeZoneName,
    Units,
)
from topform.features.athletes.service import (
    SINCE_ALWAYS,
    DatedParameter,
    add_athlete,
    change_email,
    dated_parameters,
    find_athlete,
    first_athletes,
    get_athlete,
    has_athletes,
    local_date,
    parameter_history,
    parameters_of,
    remove_parameter,
    set_parameter,
)
from topform.features.athletes.tables import AthleteParameterRow, AthleteRow
from topform.features.athletes.visibility import (
    AthleteOwned,
    Tagged,
    reading_for,
    restricting_sources,
    usable_for,
    visible_to,
)
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = [
    "PERSONAL_DATA",
    "PROFILE_COLUMNS",
    "SINCE_ALWAYS",
    "Athlete",
    "AthleteOwned",
    "DatedParameter",
    "DisplayName",
    "LanguageTag",
    "PlainText",
    "Tagged",
    "TimeZoneName",
    "Units",
    "add_athlete",
    "change_email",
    "dated_parameters",
    "find_athlete",
    "first_athletes",
    "get_athlete",
    "has_athletes",
    "local_date",
    "parameter_history",
    "parameters_of",
    "reading_for",
    "remove_parameter",
    "restricting_sources",
    "set_parameter",
    "usable_for",
    "visible_to",
]

PERSONAL_DATA = PersonalData(tables=(PersonalTable(AthleteRow, owner="id"), PersonalTable(AthleteParameterRow)))
PROFILE_COLUMNS = frozenset(AthleteChange.model_fields) | {"created_at", "updated_at"}
"""What an imported archive may write of an athlete's own row: nothing that decides about rights."""
