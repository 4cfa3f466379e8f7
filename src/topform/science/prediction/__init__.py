"""Race times from races and training, with intervals that hold."""

from topform.science.prediction.ensemble import PREDICTOR_VERSION, Prediction, predict
from topform.science.prediction.history import Conditions, Race, RunningHistory, TrainingRun

__all__ = ["PREDICTOR_VERSION", "Conditions", "Prediction", "Race", "RunningHistory", "TrainingRun", "predict"]
