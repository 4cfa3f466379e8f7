"""Thresholds and zones of an athlete: what is in use since when, what the evidence says, tests."""
