"""Names under which the queue knows the improvement of models."""

from typing import Final

FEATURE: Final = "improvement"
RETRAIN: Final = "retrain"
WATCH: Final = "watch"
WATCH_STEPS: Final = "watch_steps"
RETRAIN_TASK: Final = f"{FEATURE}.{RETRAIN}"
