"""Places that nobody but the athlete sees on a route: home, work."""
