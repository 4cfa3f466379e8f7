"""The vocabulary every other package shares: errors, units, ids, arrays, clock, activity."""
