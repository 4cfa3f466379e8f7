"""Race times from what is stored."""
