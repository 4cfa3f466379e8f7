"""What was reported, and what moderators decide."""
