"""Events of coaches."""

COACHING_CHANGED = "coaching.changed"
"""Who may see what has changed; clients fetch it again."""
