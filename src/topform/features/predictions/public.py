"""What other features may use of predictions."""

from topform.features.predictions.record import intervals_held
from topform.features.predictions.service import LONGEST_RACE_M, SHORTEST_RACE_M, race_prediction
from topform.features.predictions.tables import RacePredictionRow
from topform.platform.personal_data import PersonalData, PersonalTable

__all__ = ["LONGEST_RACE_M", "PERSONAL_DATA", "SHORTEST_RACE_M", "intervals_held", "race_prediction"]

PERSONAL_DATA = PersonalData(tables=(PersonalTable(RacePredictionRow),))
