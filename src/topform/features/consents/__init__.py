"""What athletes agreed to, purpose by purpose, as a ledger that is only added to."""
