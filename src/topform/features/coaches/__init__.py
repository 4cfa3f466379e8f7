"""Who else may see an athlete's data: coaches, by consent, for what was granted and until it is taken back."""
