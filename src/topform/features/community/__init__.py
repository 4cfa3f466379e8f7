"""Friends: who follows whom, what is shared with whom, challenges and their boards."""
