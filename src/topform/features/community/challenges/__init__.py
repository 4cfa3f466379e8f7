"""Challenges with live boards: who counts for what, and where everybody stands."""
