"""Strava: activities with their streams, for their owner's eyes only."""

from topform.providers.strava.client import Strava

__all__ = ["Strava"]
