"""Fitbit, through the Google Health API: activities, sleep and daily values."""

from topform.providers.fitbit.client import Fitbit

__all__ = ["Fitbit"]
