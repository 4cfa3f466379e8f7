"""What the project computes for worked examples that are given as one file: a module a topic, a function an entry.

Each function takes all entries of the file, reads the inputs of its own and returns our values in the same shape. What
is not an input and not returned is told as a gap by the test that walks the file.
"""
