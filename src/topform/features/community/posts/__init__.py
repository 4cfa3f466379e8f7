"""What people share, and what others say to it."""
