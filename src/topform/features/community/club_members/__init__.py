"""Who is in which club; posts and relations ask and tell it, clubs are built on it."""
