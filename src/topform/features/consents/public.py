"""What other features may use of consents."""

from topform.features.consents.purposes import TEXTS, ConsentPurpose
from topform.features.consents.service import consenting_athletes, has_consent
from topform.features.consents.tables import ConsentRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["PERSONAL_DATA", "TEXTS", "ConsentPurpose", "consenting_athletes", "has_consent"]

PERSONAL_DATA = PersonalData(tables=(PersonalTable(ConsentRow, omit=("is_given_here",)),))
