"""What the people who run a server do: accounts, locks, invitations, the queue. They see no training data here."""
