"""What may be wrong with an effort, told to moderators with its numbers; nothing follows from it by itself."""
