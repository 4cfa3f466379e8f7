"""What other features may use of training load."""

from topform.features.training_load.service import fitness

__all__ = ["fitness"]
