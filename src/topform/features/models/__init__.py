"""Versions of models that this server trained: what they are, who signed them, which one decides, and why."""
