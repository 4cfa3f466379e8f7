"""What to train next: plans made from a goal and the stored history."""
