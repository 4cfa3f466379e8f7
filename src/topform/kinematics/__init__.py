"""From pose sequences to joint angles, repetitions and form measurements."""
