"""Training Center XML, the older exchange format of Garmin and others."""
