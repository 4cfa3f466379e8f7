"""Rooms in which people train together: who is there, what they choose to show of their session, and cheers."""
