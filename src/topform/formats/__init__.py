"""Bytes of activity files to domain objects; no network, no database."""
