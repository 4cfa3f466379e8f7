"""WHOOP: recovery, sleep and strain."""

from topform.providers.whoop.client import Whoop

__all__ = ["Whoop"]
