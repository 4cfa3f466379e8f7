"""Race times and fitness to come, from what is stored."""
