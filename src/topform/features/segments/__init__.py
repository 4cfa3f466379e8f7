"""Stretches of routes on which an athlete compares their own times, alone or with friends."""
