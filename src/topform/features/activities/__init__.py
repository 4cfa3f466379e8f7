"""What was trained: files in, activities with streams, metrics and best efforts out."""
