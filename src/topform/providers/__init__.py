"""Where activity files come from: one module or package for each source."""
