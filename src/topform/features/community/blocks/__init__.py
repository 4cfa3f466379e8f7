"""Parting from somebody, and taking that back."""
