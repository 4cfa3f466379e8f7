"""What other features may use of consents."""

from topform.features.consents.events import CONSENTS_CHANGED
from topform.features.consents.purposes import TEXTS, ConsentPurpose
from topform.features.consents.repository import agreeing
from topform.features.consents.service import (
    ConsentMissingError,
    consenting_athletes,
    has_consent,
    record_consent,
    refuse_withdrawn,
    require_consent,
    withdrawn_by,
)
from topform.features.consents.tables import ConsentRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = [
    "CONSENTS_CHANGED",
    "PERSONAL_DATA",
    "TEXTS",
    "ConsentMissingError",
    "ConsentPurpose",
    "agreeing",
    "consenting_athletes",
    "has_consent",
    "record_consent",
    "refuse_withdrawn",
    "require_consent",
    "withdrawn_by",
]

PERSONAL_DATA = PersonalData(tables=(PersonalTable(ConsentRow, omit=("is_given_here",)),))
