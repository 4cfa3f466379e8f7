"""Withings: weight, body composition, blood pressure, sleep."""

from topform.providers.withings.client import Withings

__all__ = ["Withings"]
