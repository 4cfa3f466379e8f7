"""What the server does for people, one vertical slice a package."""
