"""Schema migrations: applied by every start, under a lock, so that an upgrade needs no step of its own."""

from topform.platform.migrations.upgrade import head_revision, require_known, upgrade

__all__ = ["head_revision", "require_known", "upgrade"]
