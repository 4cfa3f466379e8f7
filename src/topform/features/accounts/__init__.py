"""Signing up, in and out: credentials, sessions, attempts."""
