"""Garmin Connect: activities with their original files, and daily values, with a personal key."""

from topform.providers.garmin.client import Garmin

__all__ = ["Garmin"]
