"""Who follows, blocks and mutes whom; who can be found."""
