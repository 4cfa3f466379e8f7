"""What an athlete is told of: the list behind the bell, and messages to their devices."""
