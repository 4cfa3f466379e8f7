"""Fixtures of the API."""

from tests.support.api import api, person, settings

__all__ = ["api", "person", "settings"]
