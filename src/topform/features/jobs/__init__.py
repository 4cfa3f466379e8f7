"""Work that outlives its request: what was asked, how far it is, what came of it."""
