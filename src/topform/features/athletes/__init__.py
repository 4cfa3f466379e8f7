"""Who trains: profile, preferences and the physiological parameters that feed the formulas."""
