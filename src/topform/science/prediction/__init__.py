"""Race times from races and training, with intervals that hold."""

from topform.science.prediction.ensemble import Prediction, predict
from topform.science.prediction.history import Conditions, Race, RunningHistory, TrainingRun

__all__ = ["Conditions", "Prediction", "Race", "RunningHistory", "TrainingRun", "predict"]
