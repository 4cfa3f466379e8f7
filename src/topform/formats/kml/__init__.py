"""The Keyhole Markup Language with Google's tracks: a time and a place for each point."""
