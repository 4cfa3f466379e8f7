"""intervals.icu: activities with their original files, and daily values."""

from topform.providers.intervals.client import Intervals

__all__ = ["Intervals"]
