"""Oura: sleep, heart rate at rest, its variability, readiness."""

from topform.providers.oura.client import Oura

__all__ = ["Oura"]
