"""Polar AccessLink: activities of the last month with their FIT files, sleep and nightly recharge."""

from topform.providers.polar.client import Polar

__all__ = ["Polar"]
