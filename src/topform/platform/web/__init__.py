"""What the features' HTTP routes share: who is asking, pages, uploads, byte ranges, idempotency keys."""
