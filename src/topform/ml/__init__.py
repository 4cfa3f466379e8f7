"""Model registry and evaluation."""
