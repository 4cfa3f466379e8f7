"""What other features may use of predictions."""

from topform.features.predictions.service import LONGEST_RACE_M, SHORTEST_RACE_M, race_prediction

__all__ = ["LONGEST_RACE_M", "SHORTEST_RACE_M", "race_prediction"]
