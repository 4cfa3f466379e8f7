"""Bytes of activity files to domain objects; no network, no database."""

from topform.formats.decoding import decode

__all__ = ["decode"]
