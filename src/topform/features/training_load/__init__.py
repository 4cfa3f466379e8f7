"""Fitness, fatigue and form over days, from the stored loads."""
