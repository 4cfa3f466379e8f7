"""What other features may use of privacy zones."""

from topform.features.privacy_zones.events import PRIVACY_ZONES_CHANGED
from topform.features.privacy_zones.service import hiding_circles, hiding_circles_of
from topform.features.privacy_zones.tables import PrivacyZoneRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["PERSONAL_DATA", "PRIVACY_ZONES_CHANGED", "hiding_circles", "hiding_circles_of"]

PERSONAL_DATA = PersonalData(tables=(PersonalTable(PrivacyZoneRow),))
