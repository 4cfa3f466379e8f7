"""What a person may ask of their data: take all of it along, bring it back, have it deleted."""
