"""The exercises that TopForm counts and judges, each a definition."""
