"""How an athlete is today: readiness with its terms, warnings, and symptoms that stop training."""
