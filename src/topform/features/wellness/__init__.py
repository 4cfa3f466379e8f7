"""What the body did outside training: one value a day for each metric and source, and which source counts."""
